// The way in for commands: what arrives on the topic is counted, measured, proven and read here, before anything
// that watches over the home has to do with it. Pure; times are boot milliseconds.
//
//     what comes                                        answer          counts against the rate
//     ───────────────────────────────────────────────   ─────────────   ───────────────────────
//     more than the rate                                too-many (1)    no
//     more bytes than a command may have                too-large       yes
//     bytes that are no Command; no usable id, name     malformed       yes
//     not signed, and a key is configured               unsigned        yes
//     a signature that is not this key's for this home  bad-signature   yes
//     for another home                                  not-here        yes
//     an action that this version does not know         unknown         yes
//     a number or text out of range                     invalid         yes
//     anything else                                     passes          yes
//
// (1) once in ten seconds; the others of that flood are only counted.

import FoundationEssentials
import LocalRules

package struct CommandDoor: Sendable {
    /// Who may give commands: whoever may write to the topic, or besides only who holds a key.
    package enum Guard: Sendable {
        case open
        case key(CommandKey)
        /// A key is configured and cannot be used: nobody passes.
        case closed(why: String)
    }

    package enum Verdict: Sendable, Hashable {
        case pass(Command)
        case refuse(CommandReply)
        /// Refused, and not worth an answer.
        case ignore
    }

    private let home: String
    private let sentry: Guard
    private var rate = TokenBucket(
        burst: UpstreamLimits.commandBurst, periodMilliseconds: UpstreamLimits.commandPeriodMilliseconds)
    private var answers = TokenBucket(burst: 1, periodMilliseconds: UpstreamLimits.tooManyPeriodMilliseconds)

    package init(home: String, sentry: Guard) {
        self.home = home
        self.sentry = sentry
    }

    /// Judges one payload. Whatever it holds, the worst is a refusal.
    package mutating func take(_ payload: [UInt8], at now: Int64) -> Verdict {
        if let refusal = overRate(at: now) { return refusal }
        do throws(CommandRefusal) {
            return .pass(try read(payload))
        } catch {
            return .refuse(error.reply)
        }
    }

    /// A payload that was not even taken in.
    package mutating func takeOversized(bytes: Int, at now: Int64) -> Verdict {
        overRate(at: now) ?? .refuse(CommandRefusal.tooLarge(bytes, most: UpstreamLimits.incomingBytes).reply)
    }

    private mutating func overRate(at now: Int64) -> Verdict? {
        guard !rate.take(at: now) else { return nil }
        guard answers.take(at: now) else { return .ignore }
        let (burst, period) = (UpstreamLimits.commandBurst, UpstreamLimits.commandPeriodMilliseconds / 1000)
        return .refuse(.refused("", .tooMany, "at most \(burst) commands at once, and one each \(period) s"))
    }

    private func read(_ payload: [UInt8]) throws(CommandRefusal) -> Command {
        let outer = try message(payload)
        let inner = try proven(outer)
        let id = try usableID(inner.id)
        if payload.count > UpstreamLimits.commandBytes {
            guard case .offerConfiguration? = inner.action else {
                throw .tooLarge(payload.count, most: UpstreamLimits.commandBytes, id)
            }
        }
        guard inner.home == home || (inner.home.isEmpty && !outer.isSigned) else {
            throw CommandRefusal(
                id, .notHere, inner.home.isEmpty ? "a signed command names its home" : "this is home \(home)")
        }
        let by = foreignText(inner.by, most: 80)
        guard !by.isEmpty else { throw CommandRefusal(id, .malformed, "\"by\" does not say who gives it") }
        return Command(
            id: id, given: inner.givenUnixMs, expires: inner.expiresUnixMs, by: by,
            action: try CommandReader(id: id).action(inner.action))
    }

    private func message(_ payload: [UInt8]) throws(CommandRefusal) -> WireCommand {
        do throws(WireError) {
            return try WireDecoder.parse("commands", payload)
        } catch {
            throw CommandRefusal("", .malformed, error.message)
        }
    }

    /// The command itself, without its envelope.
    private func proven(_ outer: WireCommand) throws(CommandRefusal) -> WireCommand {
        switch sentry {
        case .open:
            guard outer.isSigned else { return outer }
            // Without a key nothing is proven; what is inside counts as what anybody may send.
            return try message(Array(outer.signed))
        case .closed(let why): throw CommandRefusal(readableID(outer.id), .badSignature, why)
        case .key(let key):
            guard outer.isSigned else {
                throw CommandRefusal(readableID(outer.id), .unsigned, "this hub takes signed commands only")
            }
            guard key.isSigned(Array(outer.signed), by: Array(outer.signature)) else {
                throw CommandRefusal("", .badSignature, "the signature is not that of this hub's command-key")
            }
            return try message(Array(outer.signed))
        }
    }

    private func usableID(_ id: String) throws(CommandRefusal) -> String {
        let readable = readableID(id)
        guard !readable.isEmpty else {
            let limits = UpstreamLimits.commandIDBytes
            throw CommandRefusal(
                "", .malformed, "an id has \(limits.lowerBound) to \(limits.upperBound) of A-Z a-z 0-9 - _ .")
        }
        return readable
    }

    /// Empty where it is no id.
    private func readableID(_ id: String) -> String {
        let isID =
            UpstreamLimits.commandIDBytes.contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
        return isID ? id : ""
    }
}

extension WireCommand {
    fileprivate var isSigned: Bool { !signed.isEmpty || !signature.isEmpty }
}

/// Why a command does not come in.
struct CommandRefusal: Error {
    var reply: CommandReply

    init(_ id: String, _ code: CommandReply.Code, _ text: String) {
        reply = .refused(id, code, foreignText(text, most: UpstreamLimits.replyCharacters))
    }

    static func tooLarge(_ bytes: Int, most: Int, _ id: String = "") -> CommandRefusal {
        CommandRefusal(id, .tooLarge, "\(bytes) bytes, limit \(most)")
    }
}
