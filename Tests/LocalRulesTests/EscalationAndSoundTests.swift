// What the home hears, and what happens while nobody answers.

import Testing

@testable import LocalRules

@Suite("Escalation and sound") struct EscalationAndSoundTests {
    private let panic = SignalModel.input("panic", .panic)
    private let smoke = SignalModel.input("smoke", .smoke)
    private let motion = SignalModel.input("motion", .motion)

    @Test("Nobody accepts a panic press for three minutes: the home hears that help has not been reached")
    func notReached() {
        expectTimeline(
            home([panic], [active("panic", latched: true)], escalation: EscalationStep.standard),
            """
            2:00     panic on
            2:00:01  panic off
            2:10     accept panic
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                sound not-reached
                2:03 escalated panic: nobody accepted it for 3 min; panic: help asked for
                sound accepted
                2:10 acknowledged panic: accepted by Li after 10 min
                2:10 cleared panic: panic: not active
                """)
    }

    @Test("Accepted in time: no step is taken")
    func acceptedInTime() {
        expectTimeline(
            home([panic], [active("panic", latched: true)], escalation: EscalationStep.standard),
            """
            2:00     panic on
            2:02:59  accept panic
            3:00     end
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                sound accepted
                2:02:59 acknowledged panic: accepted by Li after 2 min 59 s
                sound silent
                """)
    }

    @Test("An orange alert makes no alarm, but escalates, and its sound ends when it clears")
    func orange() {
        expectTimeline(
            home([motion], [noActivity()], escalation: EscalationStep.standard),
            """
            12:00  end
            13:00  motion on
            """,
            says: """
                12:00 raised nobody-moves: no sign of life for 12 h (none since the start), limit 12 h
                sound not-reached
                12:03 escalated nobody-moves: nobody accepted it for 3 min; no sign of life for 12 h (none since the start), limit 12 h
                sound silent
                13:00 cleared nobody-moves: sign of life: motion
                """)
    }

    @Test("Several steps, each at its own time, whatever the order in the configuration; fallback names the alert")
    func severalSteps() {
        expectTimeline(
            home(
                [panic], [active("panic", latched: true)],
                escalation: [
                    EscalationStep(after: .minutes(5), actions: [.fallback]),
                    EscalationStep(after: .minutes(3), actions: [.sound(.notReached), .fallback]),
                ]),
            """
            2:00  panic on
            9:00  end
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                sound not-reached
                2:03 escalated panic: nobody accepted it for 3 min; panic: help asked for
                2:03 fallback panic/2026-01-01T02:00:00Z
                2:05 escalated panic: nobody accepted it for 5 min; panic: help asked for
                2:05 fallback panic/2026-01-01T02:00:00Z
                """)
    }

    @Test("Smoke: the alarm goes on while there is smoke, although somebody accepted it")
    func acceptedSmoke() {
        expectTimeline(
            home([smoke], [active("smoke", latched: true)]),
            """
            2:00  smoke on
            2:01  accept smoke
            2:20  smoke off
            """,
            says: """
                sound alarm
                2:00 raised smoke: smoke: smoke
                2:01 acknowledged smoke: accepted by Li after 1 min
                sound silent
                2:20 cleared smoke: smoke: not active
                """)
    }

    @Test("Smoke goes before everything: not-reached is heard only once the smoke is gone")
    func smokeAndNotReached() {
        expectTimeline(
            home([smoke], [active("smoke", latched: true)], escalation: EscalationStep.standard),
            """
            2:00  smoke on
            2:10  smoke off
            """,
            says: """
                sound alarm
                2:00 raised smoke: smoke: smoke
                2:03 escalated smoke: nobody accepted it for 3 min; smoke: smoke
                sound not-reached
                """)
    }

    @Test("Smoke that was seen last keeps its alarm while its line cannot be read")
    func smokeLineLost() {
        var player = Player(home: home([smoke], [active("smoke", latched: true)]))
        player.play(
            """
            2:00  smoke on
            2:01  accept smoke
            2:02  smoke missing
            3:00  end
            """)
        #expect(player.engine.sound == .alarm)
    }

    @Test("Of several sounds the most urgent is heard, and the next when it ends")
    func mostUrgent() {
        expectTimeline(
            home([motion, .input("leak", .leak)], [noActivity(warnFor: .minutes(10)), active("leak")]),
            """
            11:50     end
            11:51     leak on
            11:52     leak off
            11:53     motion on
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound alarm
                11:51 raised leak: leak: water where it should be dry
                sound pre-alarm
                11:52 cleared leak: leak: not active
                sound silent
                11:53 cancelled nobody-moves: sign of life: motion
                """)
    }

    @Test("From silence to not-reached, each outranks the one before")
    func order() {
        #expect(SoundPattern.allCases.sorted() == [.silent, .accepted, .preAlarm, .testAlarm, .alarm, .notReached])
    }

    @Test("In one moment: the sound, then rules as configured, then sensors, then blind rules")
    func orderOfDirectives() {
        let both = home(
            [panic, .water(silentAfter: .hours(1))],
            [active("panic", holdFor: .hours(1)), noActivity(of: ["water.volume"], silentFor: .hours(1))])
        var engine = RuleEngine(home: both, at: midnight)
        _ = engine.observe(Reading(signal: SignalID(0), time: midnight, value: 1))
        #expect(
            engine.advance(to: midnight + .hours(2)).map(line) == [
                "sound alarm",
                "1:00 raised panic: panic: help asked for (1 h, limit 1 h)",
                "1:00 raised silent-sensor: water.volume: no reading for 1 h",
                "2:00 raised nobody-moves.blind: nobody-moves cannot tell: water.volume: no reading for 2 h",
            ])
    }
}
