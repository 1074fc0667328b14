// How far alarms come, when the second broker tells them, and when a silent cloud is noticed: timelines in seconds.
//
// "1:a1" is alarm a1 by the first broker, "2:a1" by the second; a trailing * says late.

import LocalRules
import TestPeers
import Testing

@testable import Upstream

private struct Bench: ~Copyable {
    var dispatcher: Dispatcher
    private let encoder = WireEncoder(home: "h1")
    private var names: [String: String] = [:]
    private var ids: [String: String] = [:]
    private(set) var accepted: [String] = []

    init(
        _ mode: AcknowledgementMode = .application, second: AcknowledgementMode? = .application,
        outbox: consuming ResilientOutbox? = nil
    ) {
        dispatcher = Dispatcher(
            outbox: outbox ?? ResilientOutbox(directory: nil, floor: 1),
            topics: HomeTopics(prefix: "homes", home: "h1"), encoding: .protobuf, mode: mode,
            secondPaths: second.map { [SecondPathTerms(name: .fallback, mode: $0)] } ?? [])
    }

    mutating func store(_ name: String, _ second: Double) throws {
        let time = Instant(milliseconds: 0)
        let draft =
            if name.hasPrefix("a") {
                try encoder.draft(.raised, alert(name, at: time), at: time, stamp: someStamp)
            } else {
                try encoder.draft(Note(time: time, code: name, signals: [], text: ""), stamp: someStamp)
            }
        ids[name] = draft.id
        names[draft.id] = name
        _ = try dispatcher.store([draft], at: Int64(second * 1000))
    }

    /// "at1" is a test's.
    private func alert(_ name: String, at time: Instant) -> Alert {
        var alert = Alert(
            id: "panic/\(name)", rule: "panic", kind: "input-active", severity: .red, signals: [], reasons: [],
            state: .raised, began: time, raised: time)
        alert.isTest = name.hasPrefix("at")
        return alert
    }

    /// What leaves by now. Both brokers answer at once unless told otherwise.
    mutating func due(_ second: Double, puback: Bool = true) -> String {
        let now = Int64(second * 1000)
        var all: [String] = []
        for one in dispatcher.due(at: now) {
            all.append("1:" + (names[one.recordID] ?? "?"))
            if puback { dispatcher.pubacked(one.recordID, at: now) }
        }
        for one in dispatcher.dueCalls(at: now) {
            let id = one.call.record.draft.id
            all.append("2:" + (names[id] ?? "?") + (one.call.isLate ? "*" : ""))
            if puback { _ = dispatcher.take(.taken(record: id, isRefused: false), from: one.path, at: now) }
        }
        return all.joined(separator: " ")
    }

    mutating func second(_ event: PathEvent, _ second: Double) {
        note(dispatcher.take(event, from: .fallback, at: Int64(second * 1000)))
    }

    mutating func answer(
        _ name: String, _ level: AcknowledgementLevel, _ second: Double, via path: PathName = .broker
    ) {
        let answer = Acknowledgement(
            id: name.contains("/") ? name : ids[name] ?? name, level: level, by: "me", atMilliseconds: 0)
        let now = Int64(second * 1000)
        if path == .broker {
            note(dispatcher.acknowledged(answer, at: now))
        } else {
            note(dispatcher.take(.answered(answer), from: path, at: now))
        }
    }

    private mutating func note(_ upcalls: [Upcall]) {
        for case .accepted(let alert, _) in upcalls { accepted.append(alert) }
    }

    var levels: String {
        mutating get {
            dispatcher.takeLevels().map { "\($0.alert) \($0.level.rawValue)" }.joined(separator: ", ")
        }
    }

    /// What is said of the other side at this millisecond.
    mutating func cloud(_ now: Int64) -> CloudChange? {
        _ = due(Double(now) / 1000)
        return dispatcher.takeCloudChange(at: now)
    }

    var deadline: Double? { dispatcher.nextDeadline.map { Double($0) / 1000 } }
}

@Suite struct SecondPathTests {
    /// Whoever tries the home out wakes nobody by the second path, also not after a restart; and leaves nothing behind.
    @Test func aTestIsNoneOfTheSecondBrokersBusiness() throws {
        var bench = Bench()
        bench.second(.up, 0)
        bench.dispatcher.linkDown()
        try bench.store("at1", 0)
        #expect(bench.due(0) == "")
        #expect(bench.due(600) == "")
        try bench.store("a2", 600)
        #expect(bench.due(601) == "2:a2")
        bench.dispatcher.linkUp(at: 602_000)
        #expect(bench.due(602, puback: false).contains("1:at1"))
        #expect(bench.dispatcher.waitingAlarms(most: 9).compactMap(\.alert) == ["panic/at1", "panic/a2"])
        bench.dispatcher.withdraw(alert: "panic/at1", at: 603_000)
        #expect(bench.dispatcher.waitingAlarms(most: 9).compactMap(\.alert) == ["panic/a2"])
        #expect(bench.dispatcher.depths()[.alarm] == 1)
        // Nobody has accepted it: the rules hear nothing.
        #expect(bench.accepted.isEmpty)
    }

    @Test func anAlarmClimbsItsLevelsOnceEach() throws {
        var bench = Bench(second: nil)
        try bench.store("a1", 0)
        #expect(bench.due(0) == "")
        #expect(bench.levels == "panic/a1 stored")
        bench.dispatcher.linkUp(at: 1000)
        #expect(bench.due(1, puback: false) == "1:a1")
        #expect(bench.levels == "panic/a1 sent")
        #expect(bench.due(1) == "")
        bench.answer("a1", .received, 2)
        bench.answer("a1", .received, 3)
        #expect(bench.levels == "panic/a1 received")
        bench.answer("panic/a1", .displayed, 4)
        #expect(bench.levels == "panic/a1 displayed")
        bench.answer("a1", .accepted, 5)
        #expect(bench.levels == "" && bench.accepted == ["panic/a1"])
        #expect(bench.dispatcher.depths()[.alarm] == 0)
    }

    @Test func aRefusedPublishIsNoLevel() throws {
        var bench = Bench(second: nil)
        bench.dispatcher.linkUp(at: 0)
        try bench.store("a1", 0)
        _ = bench.due(0, puback: false)
        let id = try #require(bench.dispatcher.ledger.entries.first?.id)
        bench.dispatcher.pubacked(id, isRefused: true, at: 100)
        #expect(bench.levels == "panic/a1 stored, panic/a1 sent")
    }

    /// A reconnect takes seconds; then nothing is expected from the first broker.
    @Test func aBrokerThatIsAwayIsWaitedForTenSeconds() throws {
        var bench = Bench()
        bench.second(.up, 0)
        bench.dispatcher.linkUp(at: 0)
        _ = bench.due(0)
        bench.dispatcher.linkDown()
        _ = bench.due(100)
        try bench.store("a1", 105)
        #expect(bench.due(105) == "")
        #expect(bench.deadline == 110)
        #expect(bench.due(110) == "2:a1")
        #expect(bench.levels == "panic/a1 stored, panic/a1 sent, panic/a1 brokered")
        #expect(bench.dispatcher.sentByFallback == 1)
        try bench.store("a2", 200)
        #expect(bench.due(200) == "2:a1 2:a2")
    }

    @Test func aBrokerThatIsBackInTimeIsEnough() throws {
        var bench = Bench()
        bench.second(.up, 0)
        try bench.store("a1", 0)
        _ = bench.due(0)
        bench.dispatcher.linkUp(at: 9000)
        #expect(bench.due(9) == "1:a1")
        bench.answer("a1", .received, 9.5)
        #expect(bench.due(59) == "")
        #expect(bench.due(70) == "1:a1")
    }

    /// It takes everything and throws it away.
    @Test func aBrokerThatThrowsAwayIsNoticedAfterAMinute() throws {
        var bench = Bench()
        bench.second(.up, 0)
        bench.dispatcher.linkUp(at: 0)
        try bench.store("a1", 0)
        #expect(bench.due(0) == "1:a1")
        #expect(bench.due(59) == "1:a1")
        #expect(bench.cloud(59_000) == nil)
        #expect(bench.due(60) == "2:a1")
        #expect(bench.cloud(60_000) == .silent(forMilliseconds: 60_000))
        #expect(bench.cloud(61_000) == nil)
        // An answer to anything is a sign that somebody is there, but not by another way.
        bench.answer("a1", .received, 62, via: .fallback)
        #expect(bench.cloud(62_000) == nil)
        bench.answer("e9", .received, 63)
        #expect(bench.cloud(63_000) == .answers)
    }

    /// A restart of the cloud is no news; fifteen minutes are.
    @Test func unansweredEventsTellOfASilentCloudLater() throws {
        var bench = Bench(second: nil)
        bench.dispatcher.linkUp(at: 0)
        try bench.store("e1", 0)
        #expect(bench.due(0) == "1:e1")
        #expect(bench.cloud(899_000) == nil)
        #expect(bench.cloud(900_000) == .silent(forMilliseconds: 900_000))
    }

    @Test func whoAnswersIsNotSilentAlthoughNobodyAccepts() throws {
        var bench = Bench(second: nil)
        bench.dispatcher.linkUp(at: 0)
        try bench.store("a1", 0)
        _ = bench.due(0)
        bench.answer("a1", .received, 1)
        for minute in 1...60 {
            _ = bench.due(Double(minute) * 60)
            #expect(bench.cloud(Int64(minute) * 60_000) == nil)
        }
    }

    @Test func aStepOfEscalationCallsTheSecondAlthoughTheFirstHasReceived() throws {
        var bench = Bench()
        bench.second(.up, 0)
        bench.dispatcher.linkUp(at: 0)
        try bench.store("a1", 0)
        try bench.store("a2", 0)
        _ = bench.due(0)
        bench.answer("a1", .received, 1)
        bench.answer("a2", .received, 1)
        bench.dispatcher.fallback(alert: "panic/a1", at: 30_000)
        #expect(bench.due(30) == "2:a1")
        // From there it is told again at the pace of an alarm.
        #expect(bench.due(35) == "2:a1")
        bench.dispatcher.resend(alert: "panic/a2", at: 36_000)
        #expect(bench.due(36) == "1:a2")
    }

    /// By whichever way, and once.
    @Test func anAcceptanceByTheSecondEndsTheAlarmEverywhere() throws {
        var bench = Bench()
        bench.second(.up, 0)
        try bench.store("a1", 0)
        try bench.store("a2", 0)
        _ = bench.due(0)
        #expect(bench.due(20) == "2:a1 2:a2")
        bench.answer("a1", .accepted, 21, via: .fallback)
        bench.answer("panic/a2", .accepted, 21, via: .fallback)
        #expect(bench.accepted == ["panic/a1", "panic/a2"])
        #expect(bench.dispatcher.depths()[.alarm] == 0)
        bench.dispatcher.linkUp(at: 22_000)
        #expect(bench.due(22) == "")
        bench.second(.down, 23)
        bench.second(.up, 24)
        #expect(bench.due(100) == "")
        // The first accepts it, too: no second alarm has ended, and nobody is called a stranger.
        bench.answer("a1", .accepted, 101)
        #expect(bench.accepted.count == 2 && bench.dispatcher.strayAcknowledgements == 0)
    }

    @Test func aSecondBrokerThatIsAwayHearsEverythingInOrderOnceItIsThere() throws {
        var bench = Bench()
        for number in 1...12 { try bench.store("a\(number)", 0) }
        _ = bench.due(0)
        #expect(bench.due(20) == "")
        bench.second(.up, 30)
        #expect(bench.due(30, puback: false).split(separator: " ").count == 10)
        bench.second(.down, 31)
        bench.second(.up, 32)
        var order: [String] = []
        for _ in 0..<4 { order += bench.due(32).split(separator: " ").map { String($0.dropFirst(2)) } }
        #expect(order == (1...12).map { "a\($0)*" })
    }

    /// Nobody there can answer: it is told once, and again only on nobody's word.
    @Test func aSecondBrokerWithoutAnswersIsToldOnce() throws {
        var bench = Bench(second: .broker)
        bench.second(.up, 0)
        try bench.store("a1", 0)
        _ = bench.due(0)
        #expect(bench.due(10) == "2:a1")
        #expect(bench.due(300) == "")
        bench.second(.down, 301)
        bench.second(.up, 302)
        #expect(bench.due(303) == "")
        #expect(bench.dispatcher.depths()[.alarm] == 1)
    }

    @Test func whereNobodyCanAnswerThePubackOfEitherEndsIt() throws {
        var bench = Bench(.broker, second: .broker)
        bench.second(.up, 0)
        try bench.store("a1", 0)
        _ = bench.due(0)
        #expect(bench.due(10) == "2:a1")
        #expect(bench.dispatcher.depths()[.alarm] == 0)
        #expect(bench.levels.hasSuffix("brokered"))
    }

    /// What was told before a restart is not known any more; that nobody has it is.
    @Test func alarmsOfEarlierRunsAreToldAsNewOnesAre() throws {
        let folder = try ScratchFolder()
        do {
            var before = Bench(outbox: ResilientOutbox(directory: folder.path, floor: 1))
            try before.store("a1", 0)
        }
        var bench = Bench(outbox: ResilientOutbox(directory: folder.path, floor: 1))
        bench.second(.up, 0)
        #expect(bench.due(1000) == "")
        #expect(bench.levels == "panic/a1 stored")
        #expect(bench.dispatcher.isUrgent == true)
        #expect(bench.due(1010) == "2:?*")
    }

    /// More than are watched: the newest, and what nobody has received, is kept in view.
    @Test func theLedgerIsBounded() throws {
        var ledger = AlarmLedger(mode: .application)
        for number in 1...Int64(UpstreamLimits.trackedAlarms + 5) {
            ledger.stored(Record(sequence: number, draft: draft("a\(number)", .alarm)), at: 0)
            if number == 7 { ledger.reached("a7", .received) }
        }
        #expect(ledger.entries.count == UpstreamLimits.trackedAlarms)
        #expect(ledger.entry("a7") == nil && ledger.entry("a4") == nil && ledger.entry("a5") != nil)
    }
}
