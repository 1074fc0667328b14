// input-active, row by row of its truth table.

import Testing

@testable import LocalRules

@Suite("input-active") struct InputActiveTests {
    private let panic = SignalModel.input("panic", .panic)
    private let door = SignalModel.input("door", .door)

    @Test("A press raises in the same moment and the siren comes first; accepted and released, it clears")
    func press() {
        expectTimeline(
            home([panic], [active("panic", latched: true)]),
            """
            1:00     panic off
            2:00     panic on
            2:00:01  panic off
            2:01:30  accept panic
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                sound accepted
                2:01:30 acknowledged panic: accepted by Li after 1 min 30 s
                2:01:30 cleared panic: panic: not active
                """)
    }

    @Test("A level that is active when it is first read alarms: there may never be an edge")
    func activeAtFirstSight() {
        expectTimeline(
            home([.input("smoke", .smoke)], [active("smoke")]), "0:00:01 smoke on",
            says: """
                sound alarm
                0:00:01 raised smoke: smoke: smoke
                """)
    }

    @Test("Presses while nobody has accepted the first are the same call for help")
    func sameCause() {
        expectTimeline(
            home([panic], [active("panic", latched: true)]),
            """
            2:00     panic on
            2:00:01  panic off
            2:00:05  panic on
            2:00:06  panic off
            2:01     accept panic
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                sound accepted
                2:01 acknowledged panic: accepted by Li after 1 min
                2:01 cleared panic: panic: not active
                """)
    }

    @Test("A press after it was accepted, before it cleared, is a new call for help")
    func newCause() {
        expectTimeline(
            home([panic], [active("panic", clearAfter: .minutes(5), latched: true)]),
            """
            2:00     panic on
            2:01     accept panic
            2:02     panic off
            2:04     panic on
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                sound accepted
                2:01 acknowledged panic: accepted by Li after 1 min
                sound alarm
                2:04 cleared panic: accepted, and now active again
                2:04 raised panic: panic: help asked for
                """)
    }

    @Test("A press that was accepted while it was held raises nothing more while it is held")
    func heldAfterAccepting() {
        var player = Player(home: home([panic], [active("panic", latched: true)]))
        player.play(
            """
            2:00  panic on
            2:01  accept panic
            2:02..9:00  panic on every 1h
            """)
        #expect(player.engine.openAlerts.map(\.state) == [.acknowledged])
        #expect(player.said.filter { $0.contains("raised") }.count == 1)
    }

    @Test("Two presses within one millisecond of each other never share an id")
    func neverTheSameID() {
        var engine = RuleEngine(home: home([panic], [active("panic")]), at: midnight)
        var ids: [String] = []
        for value: Int64 in [1, 0, 1, 0] {
            for case .alert(.raised, let alert, _) in engine.observe(
                Reading(signal: SignalID(0), time: midnight, value: value))
            {
                ids.append(alert.id)
            }
        }
        #expect(ids == ["panic/2026-01-01T00:00:00Z", "panic/2026-01-01T00:00:00.001Z"])
    }

    @Test("Not latched: clears by itself when the cause is gone, accepted or not")
    func notLatched() {
        expectTimeline(
            home([.input("leak", .leak)], [active("leak", .orange, clearAfter: .minutes(1))]),
            """
            2:00  leak on
            2:05  leak off
            3:00  end
            """,
            says: """
                2:00 raised leak: leak: water where it should be dry
                2:06 cleared leak: leak: not active
                """)
    }

    @Test("A flicker while it is clearing is the same alert")
    func flicker() {
        expectTimeline(
            home([.input("leak", .leak)], [active("leak", .orange, clearAfter: .minutes(1))]),
            """
            2:00     leak on
            2:05     leak off
            2:05:30  leak on
            2:06     leak off
            2:06:59  end
            2:07     end
            """,
            says: """
                2:00 raised leak: leak: water where it should be dry
                2:07 cleared leak: leak: not active
                """)
    }

    @Test("A door left open: raised by the clock when it has been open for the time")
    func held() {
        expectTimeline(
            home([door], [active("door", .yellow, holdFor: .minutes(30))]),
            """
            9:00  door on
            9:31  door on
            """,
            says: "9:30 raised door: door: active (30 min, limit 30 min)")
    }

    @Test("A door that was closed in between begins again")
    func heldWithABreak() {
        expectTimeline(
            home([door], [active("door", .yellow, holdFor: .minutes(30))]),
            """
            9:00   door on
            9:29   door off
            9:29   door on
            9:58   end
            """,
            says: "")
    }

    @Test("A service request says what is asked for")
    func service() {
        expectTimeline(
            home([.input("service.meal", .service)], [active("service.meal", .yellow, request: "meal", latched: true)]),
            """
            11:00     service.meal on
            11:00:01  service.meal off
            """,
            says: "11:00 raised service.meal: service.meal: meal asked for")
    }

    @Test(
        "Verdicts and what is said of them",
        arguments: [
            ("0:01 end", Verdict.cannotTell, "door: no reading yet"),
            ("0:01 door off", .fine, "door: not active"),
            ("0:01 door on\n0:11 end", .fine, "door: active (10 min, limit 30 min)"),
            ("0:01 door on\n0:31 end", .wrong, "door: active (30 min, limit 30 min)"),
            ("0:01 door on\n0:40 door missing\n0:45 end", .cannotTell, "door: no reading for 5 min"),
            ("0:01 door suspect", .cannotTell, "door: no reading yet"),
        ])
    func verdicts(happenings: String, verdict: Verdict, reason: String) {
        var player = Player(home: home([door], [active("door", .yellow, holdFor: .minutes(30))]))
        player.play(happenings)
        #expect(player.engine.ruleReports()[0].verdict == verdict)
        #expect(player.engine.ruleReports()[0].reason == reason)
    }

    @Test("Active before a gap and after it: active throughout, and raised when that is known")
    func acrossAGap() {
        expectTimeline(
            home([door], [active("door", .yellow, holdFor: .minutes(30))]),
            """
            9:00     door on
            9:20     door missing
            9:20:20  end
            9:40     door on
            """,
            says: """
                9:20:30 raised silent-sensor: door: no reading for 30 s
                9:40 raised door: door: active (40 min, limit 30 min)
                9:40 cleared silent-sensor: door: readings again
                """)
    }

    @Test("An alert whose line can no longer be read stays open")
    func staysOpenWhenMissing() {
        var player = Player(home: home([.input("leak", .leak)], [active("leak", .orange)]))
        player.play(
            """
            2:00  leak on
            2:05  leak missing
            9:00  end
            """)
        #expect(player.engine.openAlerts.map(\.rule) == ["leak", "silent-sensor", "leak.blind"])
    }

    @Test("A reading that is older than the newest of its signal is ignored")
    func tooOld() {
        expectTimeline(
            home([panic], [active("panic")]),
            """
            2:00  panic off
            """, says: "")
        var engine = RuleEngine(home: home([panic], [active("panic")]), at: midnight)
        _ = engine.observe(Reading(signal: SignalID(0), time: instant("2:00"), value: 0))
        #expect(engine.observe(Reading(signal: SignalID(0), time: instant("1:59"), value: 1)) == [])
    }

    @Test("A reading that another thread delivers late is carried out at the engine's time")
    func deliveredLate() {
        var engine = RuleEngine(home: home([panic, door], [active("panic", .yellow)]), at: midnight)
        _ = engine.observe(Reading(signal: SignalID(1), time: instant("2:00"), value: 0))
        let said = engine.observe(Reading(signal: SignalID(0), time: instant("1:59"), value: 1))
        #expect(said.map(line) == ["2:00 raised panic: panic: help asked for"])
    }
}
