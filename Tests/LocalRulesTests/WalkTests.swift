// An installer walks through the home and sets off every sensor: what is a test, and from when on it is real again.

import Testing

@testable import LocalRules

@Suite("Walking through the home") struct WalkTests {
    private let smoke = SignalModel.input("smoke", .smoke)
    private let panic = SignalModel.input("panic", .panic)
    private let motion = SignalModel.input("motion", .motion)

    private func flat(_ more: [NamedRule] = []) -> HomeModel {
        home(
            [smoke, panic, motion], [active("smoke", clearAfter: .seconds(10)), active("panic")] + more,
            escalation: [
                EscalationStep(
                    after: .minutes(3), actions: [.sound(.notReached), .fallback, .resend, .relay("dialler")])
            ])
    }

    @Test("A press is a test: three seconds of sound, no step of escalation, and it ends with the walk")
    func panicButton() {
        expectTimeline(
            flat(),
            """
            8:00     panic off
            9:00     walk 4h
            9:05     panic on
            9:05:01  panic off
            9:20     walk end
            10:00    end
            """,
            says: """
                9:00 note walk-begun: walk through the home for 0 s (begun by Li), 4 h left: alerts are tests
                sound test-alarm
                9:05 test raised panic: panic: help asked for
                sound silent
                9:05:01 test cleared panic: panic: not active
                9:20 note walk-ended: home: set by Li
                """)
    }

    @Test("Smoke that stays is heard for three seconds in the walk, and behind it is a real alarm with all its steps")
    func smokeThatStays() {
        expectTimeline(
            flat(),
            """
            8:00     smoke off
            9:00     walk 1h
            9:05     smoke on
            9:30     end
            10:04    end
            """,
            says: """
                9:00 note walk-begun: walk through the home for 0 s (begun by Li), 1 h left: alerts are tests
                sound test-alarm
                9:05 test raised smoke: smoke: smoke
                sound silent
                sound alarm
                10:00 test cleared smoke: the walk through the home is over
                10:00 raised smoke: smoke: smoke
                10:00 note walk-ended: home: the walk through the home is over after 1 h
                relay dialler on
                10:03 escalated smoke: nobody accepted it for 3 min; smoke: smoke
                10:03 resend smoke/2026-01-01T10:00:00Z
                10:03 fallback smoke/2026-01-01T10:00:00Z
                """)
    }

    @Test("What was open before the walk is real: its sound goes on, and so do its steps")
    func openBefore() {
        expectTimeline(
            flat(),
            """
            8:58     panic on
            9:00     walk 4h
            9:01:30  end
            9:10     accept panic
            """,
            says: """
                sound alarm
                8:58 raised panic: panic: help asked for
                9:00 note walk-begun: walk through the home for 0 s (begun by Li), 4 h left: alerts are tests
                sound not-reached
                relay dialler on
                9:01 escalated panic: nobody accepted it for 3 min; panic: help asked for
                9:01 resend panic/2026-01-01T08:58:00Z
                9:01 fallback panic/2026-01-01T08:58:00Z
                sound accepted
                relay dialler off
                9:10 acknowledged panic: accepted by Li after 12 min
                """)
    }

    @Test(
        "A test that somebody accepts is acknowledged, and the home shows nothing of it: the next button must be heard")
    func acceptedTest() {
        expectTimeline(
            flat(),
            """
            9:00     walk 4h
            9:05     panic on
            9:05:01  accept panic
            9:06     panic off
            """,
            says: """
                9:00 note walk-begun: walk through the home for 0 s (begun by Li), 4 h left: alerts are tests
                sound test-alarm
                9:05 test raised panic: panic: help asked for
                sound silent
                9:05:01 test acknowledged panic: accepted by Li after 1 s
                9:06 test cleared panic: panic: not active
                """)
    }

    @Test("The walk goes on over a restart, to its own time, and its alerts stay tests")
    func restart() {
        expectTimeline(
            flat(),
            """
            8:00     panic off
            9:00     walk 4h
            9:05     panic on
            9:10     restart after 5m
            9:15:10  panic on
            9:15:10  smoke off
            9:15:10  motion off
            10:00    smoke on
            10:00:20 smoke off
            13:00    end
            """,
            says: """
                9:00 note walk-begun: walk through the home for 0 s (begun by Li), 4 h left: alerts are tests
                sound test-alarm
                9:05 test raised panic: panic: help asked for
                sound silent
                sound test-alarm
                10:00 test raised smoke: smoke: smoke
                sound silent
                10:00:30 test cleared smoke: smoke: not active
                sound alarm
                13:00 test cleared panic: the walk through the home is over
                13:00 raised panic: panic: help asked for
                13:00 note walk-ended: home: the walk through the home is over after 4 h
                """)
    }

    @Test("A sensor that falls silent in the walk is said again behind it, as real")
    func silentSensor() {
        expectTimeline(
            home([smoke, .input("motion", .motion, silentAfter: .minutes(5))], [active("smoke")]),
            """
            0:00..8:59  motion off every 1m
            9:00     walk 1h
            10:30    end
            """,
            says: """
                9:00 note walk-begun: walk through the home for 0 s (begun by Li), 1 h left: alerts are tests
                9:04 test raised silent-sensor: motion: no reading for 5 min
                10:00 test cleared silent-sensor: the walk through the home is over
                10:00 raised silent-sensor: motion: no reading for 1 h 1 min
                10:00 note walk-ended: home: the walk through the home is over after 1 h
                """)
    }

    @Test("No walk is longer than four hours, and one that is under way is not made longer")
    func limits() {
        var engine = RuleEngine(home: flat(), at: midnight)
        _ = engine.beginWalk(until: midnight + .hours(9), by: "Li", at: midnight)
        #expect(engine.walkUntil == midnight + .hours(4))
        #expect(engine.beginWalk(until: midnight + .hours(7), by: "Wu", at: midnight + .hours(3)) == [])
        #expect(engine.walkUntil == midnight + .hours(4))
        #expect(engine.mode.mode == .maintenance)
    }

    @Test("Whoever sets a mode ends the walk: maintenance that is asked for from far away marks nothing as a test")
    func commandEndsIt() {
        for mode in HomeMode.allCases {
            var player = Player(home: flat())
            player.play("9:00 walk 4h\n9:01 set \(mode.rawValue)\n9:02 panic on")
            #expect(player.engine.walkUntil == nil)
            #expect(player.said.last == "9:02 raised panic: panic: help asked for")
        }
    }

    @Test("A test's pre-alarm is silent, so that pressing the panic button is no answer to it; it is cancelled")
    func preAlarm() {
        let mains = SignalModel.input("mains", .mains)
        expectTimeline(
            home(
                [mains, panic],
                [active("mains", .orange, holdFor: .minutes(30), warnFor: .minutes(10)), active("panic")]),
            """
            8:00     panic off
            9:00     walk 1h
            9:01     mains on
            9:25     panic on
            9:26     panic off
            9:30     walk end
            9:30:30  mains off
            """,
            says: """
                9:00 note walk-begun: walk through the home for 0 s (begun by Li), 1 h left: alerts are tests
                9:21 test pre-alarm mains: mains: mains power is lost (20 min, limit 30 min)
                sound test-alarm
                9:25 test raised panic: panic: help asked for
                sound silent
                9:26 test cleared panic: panic: not active
                sound pre-alarm
                9:30 test cancelled mains: the walk through the home is over
                9:30 pre-alarm mains: mains: mains power is lost (29 min, limit 30 min)
                9:30 note walk-ended: home: set by Li
                sound silent
                9:30:30 cancelled mains: mains: mains power is there
                """)
    }

    @Test("Alerts that older versions wrote can be read, and one that is no test is written as they did")
    func oldAlerts() throws {
        var player = Player(home: flat())
        player.play("9:00 panic on")
        let text = String(decoding: try encoded(player.engine.snapshot), as: UTF8.self)
        #expect(text.contains("help asked for") && !text.contains("\"test\""))
        #expect(!text.contains("isWalk") && !text.contains("reTests"))
        #expect(encodedAndDecoded(player.engine.snapshot) == player.engine.snapshot)
    }
}
