// The contract as bytes and as JSON: what is written here is what the cloud's people rely on.

import LocalRules
import Testing

@testable import Upstream

private let encoder = WireEncoder(home: "h1")
private let alert = Alert(
    id: "panic/2026-01-01T12:00:00Z", rule: "panic", kind: "input-active", severity: .red, signals: ["panic"],
    reasons: ["panic pressed"], state: .raised, began: Instant(milliseconds: 1000), raised: Instant(milliseconds: 2000))

/// "0a 02" → bytes; everything behind a # is a comment.
private func hex(_ text: String) -> [UInt8] {
    text.split(separator: "\n").flatMap { line in
        line.prefix { $0 != "#" }.split(separator: " ").compactMap { UInt8($0, radix: 16) }
    }
}

@Suite struct WireTests {
    // MARK: Goldens

    @Test func anAlertAsBytes() throws {
        let draft = try encoder.draft(.raised, alert, at: Instant(milliseconds: 3000), stamp: stamp)
        let record = Record(sequence: 7, draft: draft)
        let id = draft.id.utf8.map { String($0, radix: 16) }.joined(separator: " ")
        let header = hex(
            """
            0a 34           # 1 header, 52 bytes
            0a 20 \(id)    #   1 id, 32 digits, made at random
            10 07           #   2 sequence 7
            1a 02 62 31     #   3 boot_id "b1"
            20 05           #   4 boot_ms 5
            28 09           #   5 wall_unix_ms 9
            30 03           #   6 clock_trust synchronised
            38 01           #   7 late
            42 02 68 31     #   8 home "h1"
            """)
        let payload = try encoder.payload(for: record, late: true, encoding: .protobuf)
        let rest = hex(
            """
            10 02           # 2 event raised
            1a 1a           # 3 alert_id, 26 bytes
            70 61 6e 69 63 2f 32 30 32 36 2d 30 31 2d 30 31 54 31 32 3a 30 30 3a 30 30 5a
            22 05 70 61 6e 69 63                             # 4 rule "panic"
            2a 0c 69 6e 70 75 74 2d 61 63 74 69 76 65        # 5 kind "input-active"
            30 01                                            # 6 severity red
            3a 05 70 61 6e 69 63                             # 7 signals ["panic"]
            42 0d 70 61 6e 69 63 20 70 72 65 73 73 65 64     # 8 reasons ["panic pressed"]
            48 b8 17        # 9 at_unix_ms 3000
            50 e8 07        # 10 began_unix_ms 1000
            58 d0 0f        # 11 raised_unix_ms 2000
            """)
        #expect(payload == header + rest)
    }

    @Test func anAlertAsJSON() throws {
        let draft = try encoder.draft(.raised, alert, at: Instant(milliseconds: 3000), stamp: stamp)
        let record = Record(sequence: 7, draft: draft)
        let payload = try encoder.payload(for: record, late: false, encoding: .json)
        let expected =
            #"{"header":{"id":"\#(draft.id)","sequence":"7","bootId":"b1","bootMs":"5","wallUnixMs":"9","#
            + #""clockTrust":"synchronised","home":"h1"},"event":"raised","alertId":"panic/2026-01-01T12:00:00Z","#
            + #""rule":"panic","kind":"input-active","severity":"red","signals":["panic"],"#
            + #""reasons":["panic pressed"],"atUnixMs":"3000","beganUnixMs":"1000","raisedUnixMs":"2000"}"#
        #expect(String(decoding: payload, as: UTF8.self) == expected)
    }

    @Test func anAcknowledgementAsBytes() throws {
        let answer = Acknowledgement(id: "r1", level: .accepted, by: "me", atMilliseconds: 300)
        let golden = hex(
            """
            0a 02 72 31   # 1 id "r1"
            10 03         # 2 level accepted
            1a 02 6d 65   # 3 by "me"
            20 ac 02      # 4 at_unix_ms 300
            """)
        #expect(try WireEncoder.acknowledgement(answer, encoding: .protobuf) == golden)
        #expect(try WireDecoder.acknowledgement(topic: "homes/h1/acks", payload: golden) == answer)
    }

    // MARK: Round trips

    @Test(arguments: WireEncoding.allCases) func readingsComeBackPointForPoint(_ encoding: WireEncoding) throws {
        let signals = [
            SignalModel(name: "water.volume", source: .meter(.volume), silentAfter: nil),
            SignalModel(name: "motion.bedroom", source: .input(.motion), silentAfter: nil),
        ]
        let readings = [
            Reading(signal: SignalID(1), time: Instant(milliseconds: 50), value: 1),
            Reading(signal: SignalID(0), time: Instant(milliseconds: 100), value: 12_345_000),
            Reading(signal: SignalID(0), time: Instant(milliseconds: 10_100), value: 12_345_700),
            Reading.missing(SignalID(0), at: Instant(milliseconds: 20_100)),
            Reading(signal: SignalID(1), time: Instant(milliseconds: 30_000), value: 0),
            Reading(signal: SignalID(9), time: Instant(milliseconds: 30_000), value: 0),  // not in the home
        ]
        let draft = try encoder.draft(readings, of: signals, stamp: stamp)
        #expect(draft.lane == .reading)
        let payload = try encoder.payload(for: Record(sequence: 3, draft: draft), late: true, encoding: encoding)
        let (home, decoded) = try WireDecoder.decode(topic: "a/b/h1/readings", payload: payload)
        #expect(home == "h1")
        guard case .readings(let message) = decoded else {
            Issue.record("\(decoded)")
            return
        }
        #expect(message.header.sequence == 3 && message.header.late && message.header.id == draft.id)
        #expect(message.series.map(\.signal) == ["motion.bedroom", "water.volume"])
        #expect(message.series.map(\.quantity) == [.state, .volume])
        let water = message.series[1]
        #expect(water.baseUnixMs == 100 && water.baseValue == 12_345_000)
        #expect(water.timeDeltasS == [10, 10] && water.timeDeltasMs == [])
        #expect(water.valueDeltas == [700, -12_345_700])
        #expect(water.qualities == [.good, .good, .missing])
        #expect(message.series[0].qualities == [])
        #expect(message.series[0].timeDeltasMs == [29_950], "an input's edges keep their milliseconds")
        #expect(message.thinnedToS == 0)
    }

    @Test func anOpenBatchComesBack() throws {
        let signals = [
            SignalModel(name: "water.volume", source: .meter(.volume), silentAfter: nil),
            SignalModel(name: "motion.bedroom", source: .input(.motion), silentAfter: nil),
        ]
        let readings = [
            Reading(signal: SignalID(0), time: Instant(milliseconds: 1000), value: 5),
            Reading(signal: SignalID(1), time: Instant(milliseconds: 1001), value: 1),
            Reading.missing(SignalID(0), at: Instant(milliseconds: 4000)),
        ]
        let bytes = try encoder.openBatch(readings, of: signals)
        #expect(WireDecoder.openBatch(bytes, of: signals) == readings)
        // A signal that the configuration no longer has; a state that is none.
        #expect(WireDecoder.openBatch(bytes, of: Array(signals.dropFirst())).map(\.value) == [1])
        #expect(WireDecoder.openBatch([7, 7], of: signals).isEmpty)
    }

    @Test func thinningLeavesTheLastGoodPointOfEachSlot() {
        func record(_ points: [(second: Int64, value: Int64, isGood: Bool)]) -> WireReadings {
            var message = WireReadings()
            let packed = points.map {
                WireReadings.Series.Point(
                    time: $0.second * 1000, value: $0.value, quality: $0.isGood ? .good : .missing)
            }
            message.series = [WireReadings.Series(signal: "water.volume", quantity: .volume, points: packed)]
            return message
        }
        let first = record([(0, 10, true), (600, 11, true), (900, 12, true), (1000, 0, false)])
        let second = record([(1700, 15, true), (1800, 0, false), (1900, 0, false)])
        let thinned = WireReadings.thinned([first, second], toSeconds: 900)
        #expect(thinned.thinnedToS == 900)
        #expect(thinned.series.map(\.signal) == ["water.volume"])
        #expect(thinned.series[0].points.map(\.time) == [600_000, 1_700_000, 1_900_000])
        #expect(thinned.series[0].points.map(\.value) == [11, 15, 0])
        #expect(thinned.series[0].points.map(\.quality) == [.good, .good, .missing])
        #expect(thinned.pointCount == 3)
    }

    @Test func extremeValuesDoNotTrap() throws {
        let signals = [SignalModel(name: "x", source: .meter(.power), silentAfter: nil)]
        let readings = [
            Reading(signal: SignalID(0), time: Instant(milliseconds: .min), value: .min),
            Reading(signal: SignalID(0), time: Instant(milliseconds: .max), value: .max),
        ]
        let draft = try encoder.draft(readings, of: signals, stamp: stamp)
        let (_, decoded) = try WireDecoder.decode(topic: "homes/h1/readings", payload: draft.body)
        guard case .readings(let message) = decoded else { return }
        #expect(message.series[0].baseValue &+ message.series[0].valueDeltas[0] == .max)
    }

    @Test(arguments: WireEncoding.allCases) func aHeartbeatSaysWhatIsKnownAndNothingElse(_ encoding: WireEncoding)
        throws
    {
        let content = HeartbeatContent(
            rules: [
                RuleReport(rule: "no-water", kind: "low-use", verdict: .cannotTell, reason: "too early", evaluated: nil)
            ],
            signals: [
                .init(
                    report: SignalReport(
                        signal: "water.volume", value: 5, time: Instant(milliseconds: 4000), isMissing: false),
                    coveragePerMille: 998),
                .init(
                    report: SignalReport(signal: "panic", value: nil, time: nil, isMissing: true), coveragePerMille: nil
                ),
            ],
            now: Instant(milliseconds: 9000), oldestUnacceptedMilliseconds: nil, depths: [.alarm: 1, .reading: 4],
            configurationHash: "abc", flashBytesWritten: 1234, nextDueSeconds: 300, agentVersion: "0.1.0",
            uptimeMilliseconds: 77, readingsDropped: 0, eventsDropped: 0, isSavingPower: true)
        var form = HeartbeatForm()
        let payload = try encoder.heartbeat(content, stamp: stamp, encoding: encoding, form: &form)
        let (_, decoded) = try WireDecoder.decode(topic: "homes/h1/heartbeat", payload: payload)
        guard case .heartbeat(var message) = decoded else { return }
        #expect((message.number != 0) == (encoding == .protobuf), "brief ones name it")
        message.number = 0
        #expect(
            try WireMessage.heartbeat(message).json()
                == #"{"home":"h1","bootId":"b1","bootMs":"5","wallUnixMs":"9","clockTrust":"synchronised","#
                + #""rules":[{"name":"no-water","kind":"low-use","verdict":"cannot_tell","reason":"too early"}],"#
                + #""signals":[{"name":"water.volume","ageMs":"5000","coveragePerMille":998},"#
                + #"{"name":"panic","missing":true}],"queues":{"alarms":"1","readings":"4"},"#
                + #""configurationHash":"abc","flashBytesWritten":"1234","nextDueSeconds":"300","#
                + #""agentVersion":"0.1.0","uptimeMs":"77","savingPower":true,"mode":"home"}"#)
    }

    /// In a brief heartbeat the mode is left out where it is `home`.
    @Test func aHeartbeatSaysTheModeAndWhatTheSecondBrokerTook() throws {
        var content = HeartbeatContent(
            rules: [], signals: [], now: Instant(milliseconds: 9000), oldestUnacceptedMilliseconds: nil, depths: [:],
            configurationHash: "abc", flashBytesWritten: nil, nextDueSeconds: 300, agentVersion: "0.1.0",
            uptimeMilliseconds: 77, readingsDropped: 0, eventsDropped: 0, mode: .away,
            modeUntil: Instant(milliseconds: 50_000), sentByFallback: 3)
        var form = HeartbeatForm()
        func sent() throws -> WireHeartbeat {
            let payload = try encoder.heartbeat(content, stamp: stamp, encoding: .protobuf, form: &form)
            let (_, decoded) = try WireDecoder.decode(topic: "homes/h1/heartbeat", payload: payload)
            guard case .heartbeat(let message) = decoded else { throw CancellationError() }
            return message
        }
        for isBrief in [false, true] {
            let message = try sent()
            #expect(message.hasBrief == isBrief)
            #expect(message.mode == .away && message.modeUntilUnixMs == 50_000 && message.sentByFallback == 3)
        }
        content.mode = .home
        content.modeUntil = nil
        #expect(try sent().mode == .modeNotSaid)
    }

    @Test func aStatusSaysHowOftenAndWhy() throws {
        let payload = try encoder.status(
            .online, agentVersion: "0.1.0", configurationHash: "abc", stamp: stamp, encoding: .json, starts: 7,
            lastEnd: "power")
        #expect(String(decoding: payload, as: UTF8.self).contains(#""starts":"7","lastEnd":"power""#))
    }

    /// Between two that are spelled out a heartbeat is brief, until there is something that it cannot say.
    @Test func heartbeatsAreBriefUntilSomethingChanges() throws {
        func content(_ verdict: Verdict, missing: Bool = false) -> HeartbeatContent {
            HeartbeatContent(
                rules: [
                    RuleReport(
                        rule: "no-water", kind: "low-use", verdict: verdict, reason: "why",
                        evaluated: Instant(milliseconds: 7000))
                ],
                signals: [
                    .init(
                        report: SignalReport(
                            signal: "water.volume", value: 5, time: Instant(milliseconds: 4000), isMissing: missing),
                        coveragePerMille: 998)
                ],
                now: Instant(milliseconds: 9000), oldestUnacceptedMilliseconds: 5, depths: [.alarm: 1],
                configurationHash: "abc", flashBytesWritten: 1234, nextDueSeconds: 300, agentVersion: "0.1.0",
                uptimeMilliseconds: 77, readingsDropped: 2, eventsDropped: 3)
        }
        var form = HeartbeatForm()
        func send(_ content: HeartbeatContent, hour: Int64) throws -> WireHeartbeat {
            var later = stamp
            later.bootMilliseconds = hour * 3_600_000
            let payload = try encoder.heartbeat(content, stamp: later, encoding: .protobuf, form: &form)
            let (_, decoded) = try WireDecoder.decode(topic: "homes/h1/heartbeat", payload: payload)
            guard case .heartbeat(let message) = decoded else { throw WireError(message: "no heartbeat", advice: "") }
            return message
        }
        let first = try send(content(.fine), hour: 0)
        #expect(!first.hasBrief && first.rules.count == 1 && first.number != 0)
        let brief = try send(content(.fine), hour: 1)
        #expect(
            try WireMessage.heartbeat(brief).json()
                == #"{"wallUnixMs":"9","clockTrust":"synchronised","oldestUnacceptedAlarmMs":"5","#
                + #""queues":{"alarms":"1"},"nextDueSeconds":"300","readingsDropped":"2","#
                + #""brief":{"number":\#(first.number),"verdicts":["fine"],"evaluatedAgesS":[2],"agesS":[5],"#
                + #""coveragesPercent":[99]},"eventsDropped":"3"}"#)
        #expect(!brief.savingPower)
        var onBattery = content(.fine)
        onBattery.isSavingPower = true
        let saving = try send(onBattery, hour: 1)
        #expect(saving.hasBrief && saving.savingPower, "a brief one says it, too")
        let wrong = try send(content(.wrong), hour: 2)
        #expect(wrong.hasBrief && wrong.brief.verdicts == [.wrong], "a verdict is said in either form")
        #expect(try send(content(.wrong), hour: 3).hasBrief)
        #expect(try !send(content(.wrong, missing: true), hour: 4).hasBrief)
        #expect(try send(content(.wrong, missing: true), hour: 15).hasBrief)
        #expect(try !send(content(.wrong, missing: true), hour: 16).hasBrief, "twice a day")
        form.linkUp()
        #expect(try !send(content(.wrong, missing: true), hour: 17).hasBrief)
    }

    @Test(arguments: HubPresence.allCases) func statusSaysWhoIsThere(_ presence: HubPresence) throws {
        let payload = try encoder.status(
            presence, agentVersion: "0.1.0", configurationHash: "abc", stamp: stamp, encoding: .json)
        let (_, decoded) = try WireDecoder.decode(topic: "homes/h1/status", payload: payload)
        #expect(decoded.type == "status")
        #expect(try decoded.json().contains(#""state":"\#(presence)""#))
    }

    @Test func everyWordOfTheRulesHasOneInTheContract() {
        #expect(AlertEvent.allCases.map { $0.wire.rawValue } == [1, 2, 3, 4, 5, 6])
        #expect(Severity.allCases.map { $0.wire.rawValue } == [1, 2, 3, 4])
        #expect(Quantity.allCases.map { $0.wire.rawValue } == Array(1...9))
        #expect(ClockTrust.allCases.map { $0.wire.rawValue } == [1, 2, 3])
    }

    @Test func idsDiffer() throws {
        let ids = try (0..<100).map { _ in
            try encoder.draft(Note(time: Instant(milliseconds: 0), code: "x", signals: [], text: ""), stamp: stamp).id
        }
        #expect(Set(ids).count == 100)
        #expect(ids.allSatisfy { $0.count == 32 && $0.allSatisfy(\.isHexDigit) })
    }

    // MARK: Bad input

    /// What a person types: extra white space, unknown fields, a number where JSON of protobuf has a string.
    @Test func acknowledgementsTypedByHandAreUnderstood() throws {
        let text =
            " \n{ \"id\": \"panic/2026\", \"level\": \"accepted\", \"by\": \"me\", \"at_unix_ms\": 5, \"x\": 1 }\n"
        let answer = try WireDecoder.acknowledgement(topic: "homes/h1/acks", payload: Array(text.utf8))
        #expect(answer == Acknowledgement(id: "panic/2026", level: .accepted, by: "me", atMilliseconds: 5))
    }

    @Test(arguments: [
        "", "{", "{}", "null", "[]", "hello", #"{"id":"a"}"#, #"{"id":"a","level":"taken"}"#, #"{"level":"accepted"}"#,
        #"{"id":5,"level":"accepted"}"#,
    ]) func badAcknowledgementsAreErrors(_ text: String) {
        #expect(throws: WireError.self) {
            try WireDecoder.acknowledgement(topic: "homes/h1/acks", payload: Array(text.utf8))
        }
    }

    @Test(arguments: ["alerts", "readings", "events", "heartbeat", "status", "acks", "else", ""])
    func noBytesTrap(_ name: String) {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            var payload = (0..<Int.random(in: 0..<60, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { payload.insert(UInt8(ascii: "{"), at: 0) }
            if let (_, message) = try? WireDecoder.decode(topic: "homes/h1/\(name)", payload: payload) {
                _ = try? message.json()
            }
        }
    }

    @Test func aTopicWithoutAHomeIsAnError() {
        #expect(throws: WireError.self) { try WireDecoder.decode(topic: "alerts", payload: [1]) }
    }

    @Test func aDamagedStoredMessageIsAnErrorWithItsID() throws {
        var draft = try encoder.draft(.raised, alert, at: Instant(milliseconds: 1), stamp: stamp)
        draft.body = [0x0A, 0xFF]
        #expect {
            try encoder.payload(for: Record(sequence: 1, draft: draft), late: false, encoding: .json)
        } throws: { error in (error as? WireError)?.message.contains(draft.id) == true }
    }
}

private let stamp = Stamp(wallMilliseconds: 9, bootMilliseconds: 5, bootID: "b1", trust: .synchronised)

/// SplitMix64: the same numbers for the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
