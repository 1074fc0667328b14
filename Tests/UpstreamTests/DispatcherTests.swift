// What leaves when, as timelines: one line in (time, what happens), one line out (what is published).
//
// Words: "a1" is alarm record 1, "e1" an event, "r1" a batch of readings; a trailing * says late.

import LocalRules
import Testing

@testable import Upstream

/// A dispatcher over memory, told in seconds, that speaks in short names.
private struct Bench: ~Copyable {
    var dispatcher: Dispatcher
    private let encoder = WireEncoder(home: "h1")
    private var names: [String: String] = [:]
    private var ids: [String: String] = [:]
    private(set) var upcalls: [Upcall] = []

    init(mode: AcknowledgementMode = .application, outbox: consuming ResilientOutbox? = nil) {
        dispatcher = Dispatcher(
            outbox: outbox ?? ResilientOutbox(directory: nil, floor: 1),
            topics: HomeTopics(prefix: "homes", home: "h1"), encoding: .protobuf, mode: mode)
    }

    mutating func store(_ words: String, event: AlertEvent = .raised) throws {
        for name in words.split(separator: " ").map(String.init) {
            let draft = try draft(name, event: event)
            ids[name] = draft.id
            names[draft.id] = name
            _ = try dispatcher.store([draft])
        }
    }

    private func draft(_ name: String, event: AlertEvent) throws -> Draft {
        let time = Instant(milliseconds: 0)
        switch name.first {
        case "a":
            let alert = Alert(
                id: "panic/\(name)", rule: "panic", kind: "input-active", severity: .red, signals: [], reasons: [],
                state: .raised, began: time, raised: time)
            return try encoder.draft(event, alert, at: time, stamp: someStamp)
        case "e":
            return try encoder.draft(Note(time: time, code: name, signals: [], text: ""), stamp: someStamp)
        default:
            return try encoder.draft([], of: [], stamp: someStamp)
        }
    }

    /// What is published at this second. The broker answers at once unless told otherwise.
    mutating func due(_ second: Double, puback: Bool = true) throws -> String {
        let now = Int64((second * 1000).rounded())
        var all: [String] = []
        while true {
            let outgoing = dispatcher.due(at: now)
            for one in outgoing {
                let (_, message) = try WireDecoder.decode(topic: one.topic, payload: one.payload)
                all.append((names[one.recordID] ?? "?") + (message.header?.late == true ? "*" : ""))
                if puback { dispatcher.pubacked(one.recordID, at: now) }
            }
            if outgoing.isEmpty || !puback { return all.joined(separator: " ") }
        }
    }

    mutating func answer(_ name: String, _ level: AcknowledgementLevel, _ second: Double) {
        let id = name.contains("/") ? name : ids[name] ?? name
        let answer = Acknowledgement(id: id, level: level, by: "me", atMilliseconds: 0)
        upcalls += dispatcher.acknowledged(answer, at: Int64(second * 1000))
    }

    mutating func puback(_ name: String, _ second: Double) {
        dispatcher.pubacked(ids[name] ?? name, at: Int64(second * 1000))
    }

    mutating func unheard(_ name: String, _ second: Double) {
        dispatcher.unheard(ids[name] ?? "", at: Int64(second * 1000))
    }

    /// In seconds.
    var deadline: Double? { dispatcher.nextDeadline.map { Double($0) / 1000 } }
}

@Suite struct DispatcherTests {
    @Test func nothingLeavesWithoutALink() throws {
        var bench = Bench()
        try bench.store("a1 e1 r1")
        #expect(try bench.due(0) == "")
        #expect(bench.deadline == nil)
        #expect(bench.dispatcher.depths() == [.alarm: 1, .event: 1, .reading: 1])
    }

    /// Stored while away: alarms, then events, then readings, each in order, all late. Stored now: live.
    @Test func theBacklogLeavesByLaneInOrderAndLate() throws {
        var bench = Bench()
        try bench.store("r1 a1 e1 r2 a2 e2 a3")
        bench.dispatcher.linkUp()
        #expect(try bench.due(0) == "a1* a2* a3* e1* e2* r1* r2*")
        try bench.store("r3 a4")
        #expect(try bench.due(1) == "a4 r3")
    }

    /// Whoever accepts alarms comes back within seconds of its broker: each second, ten times; then as ever.
    @Test func anAlarmThatNobodyHearsIsTriedAgainSoon() throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        try bench.store("a1 e1")
        #expect(try bench.due(0) == "a1 e1")
        for second in stride(from: 0.0, through: 10, by: 1) {
            bench.unheard("a1", second)
            #expect(try [bench.due(second + 0.9), bench.due(second + 1)] == ["", second < 10 ? "a1" : ""])
        }
    }

    /// What is new does not wait until the past is told; the past stays in order.
    @Test func whatIsNewLeavesBeforeWhatIsLate() throws {
        var bench = Bench()
        try bench.store((1...12).map { "a\($0)" }.joined(separator: " ") + " e1 r1")
        bench.dispatcher.linkUp()
        #expect(try bench.due(0, puback: false) == "a1* a2* a3* a4* a5* a6* a7* a8* a9* a10*")
        try bench.store("a13 e2 r2")
        bench.puback("a1", 1)
        #expect(try bench.due(1, puback: false) == "a13")
        for number in 2...10 { bench.puback("a\(number)", 2) }
        #expect(try bench.due(2, puback: false) == "a11* a12* e2 e1* r2 r1*")
    }

    /// A month's readings leave at `lateBytesPerSecond`, those of now at once.
    @Test func theBacklogLeavesSlowly() throws {
        var bench = Bench()
        let count = 400
        try bench.store((1...count).map { "r\($0)" }.joined(separator: " "))
        bench.dispatcher.linkUp()
        var sent = 0
        var seconds = 0.0
        for _ in 0..<2 * count where sent < count {
            let words = try bench.due(seconds).split(separator: " ").map { String($0.dropLast()) }
            for word in words { bench.answer(word, .received, seconds) }
            sent += words.count
            seconds = max(seconds, bench.deadline ?? seconds)
        }
        // Each of these is 75 bytes.
        #expect(sent == count, "at \(seconds) s, next \(String(describing: bench.deadline))")
        #expect(seconds > Double(count * 75) / 8192 - 2 && seconds < Double(count * 75) / 8192 + 1)
        try bench.store("r\(count + 1)")
        #expect(try bench.due(seconds) == "r\(count + 1)")
    }

    @Test func aLiveRecordIsLateOnTheNextConnection() throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        try bench.store("a1")
        #expect(try bench.due(0) == "a1")
        bench.dispatcher.linkDown()
        bench.dispatcher.linkUp()
        #expect(try bench.due(1) == "a1*")
    }

    /// design.md §7: 5, 10, 30, 60 s, then every 60 s, each counted from the send before.
    @Test func anUnacceptedAlarmIsSentAgainOnSchedule() throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        try bench.store("a1")
        var sent: [Double] = []
        for second in 0...300 where try bench.due(Double(second)) == "a1" { sent.append(Double(second)) }
        #expect(sent == [0, 5, 15, 45, 105, 165, 225, 285])
        #expect(bench.deadline == 345)
    }

    @Test func receivedSlowsAnAlarmAndOnlyAcceptedEndsIt() throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        try bench.store("a1")
        #expect(try bench.due(0) == "a1")
        bench.answer("a1", .received, 1)
        bench.answer("a1", .displayed, 2)
        #expect(try bench.due(59) == "")
        #expect(try bench.due(60) == "a1")
        #expect(bench.upcalls == [])
        bench.answer("a1", .accepted, 61)
        #expect(bench.upcalls == [.accepted(alert: "panic/a1", by: "me")])
        #expect(bench.dispatcher.depths()[.alarm] == 0)
        #expect(bench.dispatcher.oldestUnaccepted() == nil)
        #expect(try bench.due(200) == "")
        #expect(bench.deadline == nil)
    }

    /// Only what says that something is wrong can be taken on.
    @Test(arguments: [AlertEvent.preAlarm, .acknowledged, .cancelled, .cleared])
    func acceptingOtherStepsSettlesThemOnly(_ event: AlertEvent) throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        try bench.store("a1", event: event)
        #expect(try bench.due(0) == "a1")
        bench.answer("a1", .accepted, 1)
        #expect(bench.upcalls == [])
        #expect(bench.dispatcher.depths()[.alarm] == 0)
    }

    @Test func anAlertIsAcceptedByItsOwnID() throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        try bench.store("a1 a2")
        #expect(try bench.due(0) == "a1 a2")
        bench.answer("panic/a1", .received, 1)
        #expect(bench.dispatcher.depths()[.alarm] == 2)
        bench.answer("panic/a1", .accepted, 1)
        #expect(bench.upcalls == [.accepted(alert: "panic/a1", by: "me")])
        #expect(try bench.due(5) == "a2")
    }

    @Test func anAlarmIsAcceptedBeforeItIsSentOnThisConnection() throws {
        var bench = Bench()
        try bench.store("a1 a2")
        bench.answer("a2", .accepted, 0)
        #expect(bench.upcalls == [.accepted(alert: "panic/a2", by: "me")])
        bench.dispatcher.linkUp()
        #expect(try bench.due(1) == "a1*")
    }

    @Test func eventsAndReadingsLeaveWithReceived() throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        try bench.store("e1 r1 r2")
        #expect(try bench.due(0) == "e1 r1 r2")
        bench.answer("e1", .received, 1)
        bench.answer("r1", .displayed, 1)
        #expect(try bench.due(60) == "r2")
        #expect(try bench.due(179) == "")
        #expect(try bench.due(180) == "r2")
        #expect(bench.dispatcher.depths() == [.alarm: 0, .event: 0, .reading: 1])
    }

    @Test func unknownAnswersAreCounted() throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        bench.answer("deadbeef", .accepted, 0)
        bench.answer("deadbeef", .received, 0)
        #expect(bench.dispatcher.strayAcknowledgements == 2)
        #expect(bench.upcalls == [])
    }

    @Test func atMostTenAreInFlight() throws {
        var bench = Bench()
        try bench.store((1...12).map { "a\($0)" }.joined(separator: " "))
        bench.dispatcher.linkUp()
        #expect(try bench.due(0, puback: false) == "a1* a2* a3* a4* a5* a6* a7* a8* a9* a10*")
        #expect(try bench.due(1, puback: false) == "")
        bench.puback("a3", 1)
        #expect(try bench.due(2, puback: false) == "a11*")
        // In flight, none is sent again, however long it takes: the link itself gives up a dead connection. At 61 it is
        // looked at whether anybody has answered what the broker took at 1.
        #expect(bench.deadline == 61)
        bench.puback("a1", 7)
        #expect(try bench.due(7, puback: false) == "a12*")
    }

    @Test func newAlarmsOvertakeReadingsThatWait() throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        try bench.store((1...20).map { "r\($0)" }.joined(separator: " "))
        #expect(try bench.due(0, puback: false).hasSuffix("r10"))
        try bench.store("a1")
        bench.puback("r1", 0)
        #expect(try bench.due(0, puback: false) == "a1")
    }

    /// Back-pressure: a cloud that answers nothing is not flooded with readings; alarms leave all the same.
    @Test func unansweredReadingsHoldOthersBackButNoAlarm() throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        try bench.store((1...200).map { "r\($0)" }.joined(separator: " "))
        #expect(try bench.due(0).split(separator: " ").count == UpstreamLimits.window)
        try bench.store("a1")
        #expect(try bench.due(1) == "a1")
        bench.answer("r1", .received, 2)
        #expect(try bench.due(2) == "r\(UpstreamLimits.window + 1)")
    }

    @Test func thousandsOfUnacceptedAlarmsDoNotStopTheNext() throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        let count = UpstreamLimits.trackedAlarms + 5
        for number in 1...count {
            try bench.store("a\(number)")
            #expect(try bench.due(0) == "a\(number)")
        }
        bench.dispatcher.linkDown()
        bench.dispatcher.linkUp()
        #expect(try bench.due(1).split(separator: " ").count == count)
    }

    @Test func withABrokerAloneItsAnswerSettles() throws {
        var bench = Bench(mode: .broker)
        bench.dispatcher.linkUp()
        try bench.store("a1 e1 r1")
        #expect(try bench.due(0) == "a1 e1 r1")
        #expect(bench.dispatcher.depths() == [.alarm: 0, .event: 0, .reading: 0])
        #expect(try bench.due(300) == "")
        // Somebody may still take it on.
        bench.answer("panic/a1", .accepted, 301)
        #expect(bench.upcalls == [.accepted(alert: "panic/a1", by: "me")])
    }

    @Test func aRefusedPublishIsTriedAgainOnSchedule() throws {
        var bench = Bench(mode: .broker)
        bench.dispatcher.linkUp()
        try bench.store("a1")
        let outgoing = bench.dispatcher.due(at: 0)
        bench.dispatcher.pubacked(outgoing[0].recordID, isRefused: true, at: 0)
        #expect(bench.dispatcher.depths()[.alarm] == 1)
        #expect(try bench.due(4.9) == "")
        #expect(try bench.due(5) == "a1")
    }

    /// Removal waits for the next commit, and at most a minute.
    @Test func settledRecordsAreNotServedAgain() throws {
        var bench = Bench()
        bench.dispatcher.linkUp()
        try bench.store("a1 e1")
        #expect(try bench.due(0) == "a1 e1")
        bench.answer("a1", .accepted, 1)
        #expect(bench.deadline == 60)
        bench.dispatcher.linkDown()
        bench.dispatcher.linkUp()
        #expect(try bench.due(2) == "e1*")
        bench.dispatcher.linkDown()
        #expect(bench.deadline == 61)
        #expect(try bench.due(61) == "")
        #expect(bench.deadline == nil)
    }

    @Test func aRecordThatCannotBeReadIsLeftOut() throws {
        var bench = Bench()
        try bench.store("a1")
        _ = try bench.dispatcher.store([draft("broken", .alarm)])
        try bench.store("a2")
        bench.dispatcher.linkUp()
        #expect(try bench.due(0) == "a1* a2*")
        #expect(bench.dispatcher.unreadableRecords == 1)
        #expect(bench.dispatcher.depths()[.alarm] == 2)
    }

    /// The world as it may come: whatever happens, every alarm arrives, first deliveries are in order within
    /// their lane, and no reading overtakes an alarm that was there when the link came up.
    @Test(arguments: UInt64(1)...20) func nothingIsLostInARandomWeek(_ seed: UInt64) throws {
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        var bench = Bench()
        var isUp = false
        var stored = 0
        var accepted: Set<String> = []
        // What came on the present connection, each once.
        var seen: [String] = []
        func checkOrder() {
            // In each lane what was new is in order, and so is what was late.
            for (lane, isLate) in [("a", true), ("a", false), ("r", true), ("r", false)] {
                let numbers = seen.filter { $0.hasPrefix(lane) && $0.hasSuffix("*") == isLate }
                    .compactMap { Int($0.dropFirst().prefix { $0 != "*" }) }
                #expect(numbers == numbers.sorted(), "seed \(seed)")
            }
            seen = []
        }
        for second in 0..<2000 {
            let time = Double(second)
            switch Int.random(in: 0..<12, using: &random) {
            case 0:
                stored += 1
                try bench.store("a\(stored)")
            case 1, 2:
                stored += 1
                try bench.store("r\(stored)")
            case 3:
                isUp ? bench.dispatcher.linkDown() : bench.dispatcher.linkUp()
                isUp.toggle()
                checkOrder()
            default: break
            }
            let isAnswering = Bool.random(using: &random)
            for word in try bench.due(time, puback: isUp).split(separator: " ") {
                let name = String(word.prefix { $0 != "*" })
                if !seen.contains(String(word)) { seen.append(String(word)) }
                if isAnswering {
                    bench.answer(name, .accepted, time)
                    accepted.insert(name)
                }
            }
        }
        if !isUp { bench.dispatcher.linkUp() }
        for second in 2000..<6000 {
            for word in try bench.due(Double(second)).split(separator: " ") {
                let name = String(word.prefix { $0 != "*" })
                if !seen.contains(String(word)) { seen.append(String(word)) }
                bench.answer(name, .accepted, Double(second))
                accepted.insert(name)
            }
        }
        #expect(accepted.count == stored, "seed \(seed)")
        #expect(bench.dispatcher.depths() == [.alarm: 0, .event: 0, .reading: 0], "seed \(seed)")
        checkOrder()
    }
}
