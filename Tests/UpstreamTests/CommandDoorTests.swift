// What comes in on the topic of commands, and what does not. Payloads are as a sender writes them.

import CCrypto
import FoundationEssentials
import LocalRules
import Testing
import Upstream

@Suite struct CommandDoorTests {
    private static let givenAt: Int64 = 1_767_225_600_000

    /// A good command but for what stands in `rest`.
    private func json(_ rest: String, id: String = "c-0000001", home: String? = nil, by: String = "Mei") -> [UInt8] {
        let home = home.map { "\"home\":\"\($0)\"," } ?? ""
        return Array(
            """
            {"id":"\(id)","givenUnixMs":"\(Self.givenAt)","expiresUnixMs":"\(Self.givenAt + 60_000)","by":"\(by)",\(home)\(rest)}
            """.utf8)
    }

    private func judge(_ payload: [UInt8], sentry: CommandDoor.Guard = .open) -> CommandDoor.Verdict {
        var door = CommandDoor(home: "h-1", sentry: sentry)
        return door.take(payload, at: 0)
    }

    /// "malformed c-0000001", or what passes.
    private func word(_ payload: [UInt8], sentry: CommandDoor.Guard = .open) -> String {
        switch judge(payload, sentry: sentry) {
        case .pass(let command): "\(command.action)"
        case .refuse(let reply): "\(reply.code.rawValue) \(reply.id)"
        case .ignore: "ignore"
        }
    }

    // MARK: Actions

    @Test(arguments: [
        (
            #""acknowledge":{"alertId":"panic/2026-01-01T00:00:00Z"}"#,
            #"acknowledge(alert: "panic/2026-01-01T00:00:00Z")"#
        ),
        (#""sendStatus":{}"#, "sendStatus"),
        (#""selfTest":{}"#, "selfTest"),
        (#""locate":{}"#, "locate(seconds: nil)"),
        (#""recordVisit":{"rule":"visits"}"#, #"recordVisit(rule: Optional("visits"))"#),
        (
            #""confirmMeter":{"signal":"water.volume","wasReplaced":true}"#,
            #"confirmMeter(signal: "water.volume", wasReplaced: true)"#
        ),
        (#""setHeartbeat":{}"#, "setHeartbeat(nil)"),
        // Numbers that would overflow if they were multiplied first.
        (#""setMode":{"mode":"away","lastingSeconds":"9223372036854775807"}"#, "invalid c-0000001"),
        (#""weather":{"temperature":"36500","validSeconds":"9223372036854775807"}"#, "invalid c-0000001"),
        (#""weather":{"temperature":"-9223372036854775808"}"#, "invalid c-0000001"),
        (#""setHeartbeat":{"seconds":"59"}"#, "invalid c-0000001"),
        (#""setHeartbeat":{"seconds":"86401"}"#, "invalid c-0000001"),
        (#""locate":{"seconds":"-1"}"#, "invalid c-0000001"),
        (#""setMode":{"mode":"home","lastingSeconds":"60"}"#, "invalid c-0000001"),
        (#""setMode":{}"#, "invalid c-0000001"),
        (#""acknowledge":{}"#, "invalid c-0000001"),
        (#""recordVisit":{"rule":"a\u001b[2Jb"}"#, "invalid c-0000001"),
        (#""openDoor":{"door":"front"}"#, "unknown c-0000001"),
        (#""offerConfiguration":{"text":"schema = 1","sha256":"00"}"#, "invalid c-0000001"),
    ])
    func readsActions(rest: String, says: String) { #expect(word(json(rest)) == says) }

    @Test func readsSpansAndModes() throws {
        guard case .pass(let away) = judge(json(#""setMode":{"mode":"away","lastingSeconds":"3600"}"#)) else {
            throw Unexpected()
        }
        #expect(away.action == .setMode(.away, lasting: .hours(1)))
        #expect(
            away
                == Command(
                    id: "c-0000001", given: Self.givenAt, expires: Self.givenAt + 60_000, by: "Mei", action: away.action
                ))
        guard case .pass(let weather) = judge(json(#""weather":{"temperature":"36500"}"#)) else { throw Unexpected() }
        #expect(weather.action == .weather(temperature: 36_500, valid: .hours(6)))
    }

    @Test func readsAnOfferWhoseHashFits() throws {
        let text = "schema = 1\n"
        let hash = try #require(sha256(Array(text.utf8)))
        // printf 'schema = 1\n' | sha256sum
        #expect(hash == "da93db77ebb07776dbd095f79fe28cbf4d42340c27bc33547ed7eeb2d3c93ea1")
        guard
            case .pass(let offer) = judge(
                json(#""offerConfiguration":{"text":"schema = 1\n","sha256":"\#(hash.uppercased())"}"#))
        else { throw Unexpected() }
        #expect(
            offer.action
                == .offerConfiguration(
                    ConfigurationOffer(text: Array(text.utf8), sha256: hash, probation: .minutes(10))))
    }

    @Test func readsBinaryAsWell() throws {
        // Field 1 id, 4 by, 17 send_status, each with its length.
        let bytes = [0x0A, 9] + Array("c-0000001".utf8) + [0x22, 3] + Array("Mei".utf8) + [0x8A, 0x01, 0]
        #expect(word(bytes) == "sendStatus")
    }

    // MARK: Forms

    @Test func refusesWhatIsNoCommand() {
        for payload in [[], Array("hello".utf8), Array("{".utf8), Array("[]".utf8), [0xFF, 0xFF, 0xFF, 0x01]] {
            #expect(word(payload) == "malformed ", "\(payload)")
        }
        let deep = String(repeating: #"{"a":"#, count: 2000) + "1" + String(repeating: "}", count: 2000)
        #expect(word(Array(deep.utf8)).hasPrefix("malformed"))
    }

    @Test(arguments: ["", "short", "has space 1", "ünïcödé-id", String(repeating: "a", count: 65), "../../etc/passwd"])
    func refusesIds(id: String) { #expect(word(json(#""sendStatus":{}"#, id: id)) == "malformed ") }

    @Test func wantsToKnowWho() {
        #expect(word(json(#""sendStatus":{}"#, by: "")) == "malformed c-0000001")
        guard case .pass(let command) = judge(json(#""sendStatus":{}"#, by: #"Li\u202e\u0007\n from the  committee"#))
        else { return #expect(Bool(false), "it must pass") }
        // Nothing that turns the writing around, moves the cursor or rings.
        #expect(command.by == "Li from the committee")
    }

    @Test func refusesAnotherHomesCommand() {
        #expect(word(json(#""sendStatus":{}"#, home: "h-2")) == "not-here c-0000001")
        #expect(word(json(#""sendStatus":{}"#, home: "h-1")) == "sendStatus")
    }

    @Test func refusesWhatIsTooLarge() {
        let long = String(repeating: "x", count: 5000)
        #expect(word(json(#""acknowledge":{"alertId":"\#(long)"}"#)) == "too-large c-0000001")
        let offer = #""offerConfiguration":{"text":"\#(String(repeating: "#", count: 30_000))","sha256":""}"#
        #expect(word(json(offer)) == "too-large c-0000001")
        var door = CommandDoor(home: "h-1", sentry: .open)
        guard case .refuse(let reply) = door.takeOversized(bytes: 1_000_000, at: 0) else {
            return #expect(Bool(false), "it must be refused")
        }
        #expect(reply.code == .tooLarge)
    }

    // MARK: Rate

    @Test func takesThirtyAtOnceAndThenOneAMinute() {
        var door = CommandDoor(home: "h-1", sentry: .open)
        func count(at now: Int64) -> (passed: Int, answered: Int, ignored: Int) {
            var counts = (0, 0, 0)
            for _ in 0..<100 {
                switch door.take(json(#""sendStatus":{}"#), at: now) {
                case .pass: counts.0 += 1
                case .refuse(let reply):
                    counts.1 += 1
                    #expect(reply.code == .tooMany)
                case .ignore: counts.2 += 1
                }
            }
            return counts
        }
        #expect(count(at: 0) == (30, 1, 69))
        #expect(count(at: 9_999) == (0, 0, 100))
        #expect(count(at: 59_999) == (0, 1, 99))
        #expect(count(at: 60_000) == (1, 0, 99))
        // A quiet year saves up no more than thirty.
        #expect(count(at: 31_536_000_000) == (30, 1, 69))
    }

    // MARK: Signatures

    @Test func verifiesAsRFC8032Says() throws {
        // RFC 8032, 7.1, test 2: one byte of message.
        let key = try #require(
            CommandKey(file: Array("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c\n".utf8)))
        let signature = bytes(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
        #expect(key.isSigned([0x72], by: signature))
        #expect(!key.isSigned([0x73], by: signature))
        #expect(!key.isSigned([], by: signature))
        #expect(!key.isSigned([0x72], by: signature.dropLast()))
        #expect(!key.isSigned([0x72], by: []))
        for index in signature.indices {
            var other = signature
            other[index] ^= 1
            #expect(!key.isSigned([0x72], by: other), "byte \(index)")
        }
    }

    @Test func readsKeysInEveryForm() throws {
        let pair = KeyPair()
        let raw = pair.publicKey
        let der = bytes("302a300506032b6570032100") + raw
        let forms = [
            raw.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(),
            Data(raw).base64EncodedString() + "\n",
            "-----BEGIN PUBLIC KEY-----\n\(Data(der).base64EncodedString())\n-----END PUBLIC KEY-----\n",
        ]
        for form in forms { #expect(CommandKey(file: Array(form.utf8)) == CommandKey(raw: raw), "\(form)") }
        for form in ["", "hello", "abcd", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "é"] {
            #expect(CommandKey(file: Array(form.utf8)) == nil, "\(form)")
        }
    }

    @Test func takesOnlyWhatIsSignedForThisHome() throws {
        let pair = KeyPair()
        let sentry = CommandDoor.Guard.key(try #require(CommandKey(raw: pair.publicKey)))
        let inner = json(#""sendStatus":{}"#, home: "h-1")
        #expect(word(inner, sentry: sentry) == "unsigned c-0000001")
        #expect(word(pair.envelope(inner), sentry: sentry) == "sendStatus")
        #expect(word(KeyPair().envelope(inner), sentry: sentry) == "bad-signature ")
        // The signature of one home's command is good for no other.
        #expect(word(pair.envelope(json(#""sendStatus":{}"#, home: "h-2")), sentry: sentry) == "not-here c-0000001")
        #expect(word(pair.envelope(json(#""sendStatus":{}"#)), sentry: sentry) == "not-here c-0000001")
        // What stands beside the signed bytes counts for nothing.
        let beside = #","id":"c-9999999","setMode":{"mode":"away"}}"#
        #expect(word(pair.envelope(inner).dropLast() + Array(beside.utf8), sentry: sentry) == "sendStatus")
        #expect(word(pair.envelope(inner, sending: inner + [0x20]), sentry: sentry) == "bad-signature ")
        #expect(word(pair.envelope(inner), sentry: .closed(why: "no key")) == "bad-signature ")
    }

    private struct Unexpected: Error {}

    private func bytes(_ hexadecimal: String) -> [UInt8] {
        stride(from: 0, to: hexadecimal.utf8.count, by: 2).compactMap { index in
            UInt8(hexadecimal.dropFirst(index).prefix(2), radix: 16)
        }
    }
}

/// A signer's side, which the hub has not.
final class KeyPair {
    private let key = EVP_PKEY_new_raw_private_key(
        EVP_PKEY_ED25519, nil, (0..<32).map { _ in UInt8.random(in: .min ... .max) }, 32)

    deinit { EVP_PKEY_free(key) }

    var publicKey: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        var count = bytes.count
        EVP_PKEY_get_raw_public_key(key, &bytes, &count)
        return bytes
    }

    func sign(_ message: [UInt8]) -> [UInt8] {
        var signature = [UInt8](repeating: 0, count: 64)
        var count = signature.count
        let context = EVP_MD_CTX_new()
        EVP_DigestSignInit(context, nil, nil, nil, key)
        EVP_DigestSign(context, &signature, &count, message, message.count)
        EVP_MD_CTX_free(context)
        return signature
    }

    /// JSON, as a platform would write it. `sending`: what somebody has made of it on its way.
    func envelope(_ inner: [UInt8], sending: [UInt8]? = nil) -> [UInt8] {
        let (signed, signature) = (
            Data(sending ?? inner).base64EncodedString(), Data(sign(inner)).base64EncodedString()
        )
        return Array("{\"signed\":\"\(signed)\",\"signature\":\"\(signature)\"}".utf8)
    }
}
