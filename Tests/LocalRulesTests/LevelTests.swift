// Each step of escalation waits for a level of its own.

import Testing

@testable import LocalRules

@Suite("Levels of delivery") struct LevelTests {
    private let panic = SignalModel.input("panic", .panic)
    private let motion = SignalModel.input("motion", .motion)

    private static let steps = [
        EscalationStep(after: .seconds(15), unless: .brokered, actions: [.resend, .fallback]),
        EscalationStep(after: .seconds(30), unless: .received, actions: [.sound(.notReached)]),
        EscalationStep(after: .minutes(2), unless: .displayed, actions: [.relay("dialler")]),
        EscalationStep(after: .minutes(3), actions: [.sound(.notReached), .relay("light")]),
    ]

    private func pressed() -> HomeModel {
        home([panic], [active("panic", latched: true)], escalation: Self.steps)
    }

    @Test("Nothing gets through: every step is taken, each says what is missing")
    func nothing() {
        expectTimeline(
            pressed(),
            """
            2:00  panic on
            2:04  end
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                2:00:15 escalated panic: no broker has taken it for 15 s; panic: help asked for
                2:00:15 resend panic/2026-01-01T02:00:00Z
                2:00:15 fallback panic/2026-01-01T02:00:00Z
                sound not-reached
                2:00:30 escalated panic: nobody has confirmed that it arrived for 30 s; panic: help asked for
                relay dialler on
                2:02 escalated panic: no screen has shown it for 2 min; panic: help asked for
                relay light on
                2:03 escalated panic: nobody accepted it for 3 min; panic: help asked for
                """)
    }

    @Test("Received at once: the steps before are passed over, also when levels are left out")
    func received() {
        expectTimeline(
            pressed(),
            """
            2:00     panic on
            2:00:01  level panic sent
            2:00:02  level panic received
            2:02:30  accept panic
            2:10     end
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                relay dialler on
                2:02 escalated panic: no screen has shown it for 2 min; panic: help asked for
                sound accepted
                relay dialler off
                2:02:30 acknowledged panic: accepted by Li after 2 min 30 s
                sound silent
                """)
    }

    @Test("What a step began ends when its level is reached late; a lower level, or an unknown alert, changes nothing")
    func reachedLate() {
        expectTimeline(
            pressed(),
            """
            2:00     panic on
            2:00:40  level panic brokered
            2:00:50  level panic received
            2:00:55  level panic sent
            2:00:56  level smoke/2026-01-01T02:00:00Z displayed
            2:01:00  level panic displayed
            2:02:59  end
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                2:00:15 escalated panic: no broker has taken it for 15 s; panic: help asked for
                2:00:15 resend panic/2026-01-01T02:00:00Z
                2:00:15 fallback panic/2026-01-01T02:00:00Z
                sound not-reached
                2:00:30 escalated panic: nobody has confirmed that it arrived for 30 s; panic: help asked for
                sound alarm
                """)
    }

    @Test("A restart keeps the level and the steps; outputs that were on come on again, and the fallback is known")
    func restart() {
        expectTimeline(
            pressed(),
            """
            2:00     panic on
            2:00:20  level panic received
            2:02:10  restart after 10s
            2:02:25  panic on
            2:02:30  end
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                2:00:15 escalated panic: no broker has taken it for 15 s; panic: help asked for
                2:00:15 resend panic/2026-01-01T02:00:00Z
                2:00:15 fallback panic/2026-01-01T02:00:00Z
                relay dialler on
                2:02 escalated panic: no screen has shown it for 2 min; panic: help asked for
                sound alarm
                relay dialler on
                """)
        var player = Player(home: pressed())
        player.play("2:00  panic on\n2:00:16  end")
        #expect(player.engine.alertsByFallback == ["panic/2026-01-01T02:00:00Z"])
        player.play("2:00:17  level panic received")
        #expect(player.engine.alertsByFallback.isEmpty)
    }

    @Test("Two alerts hold one relay: it goes off with the second")
    func sharedRelay() {
        let service = SignalModel.input("meal", .panic)
        expectTimeline(
            home(
                [panic, service], [active("panic", latched: true), active("meal", latched: true)],
                escalation: [EscalationStep(after: .seconds(10), actions: [.relay("light")])]),
            """
            2:00     panic on
            2:00:30  meal on
            2:01     accept panic
            2:02     accept meal
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                relay light on
                2:00:10 escalated panic: nobody accepted it for 10 s; panic: help asked for
                2:00:30 raised meal: meal: help asked for
                2:00:40 escalated meal: nobody accepted it for 10 s; meal: help asked for
                2:01 acknowledged panic: accepted by Li after 1 min
                sound accepted
                relay light off
                2:02 acknowledged meal: accepted by Li after 1 min 30 s
                """)
    }

    @Test("Who accepted yellow has not accepted orange: the new call knows no level")
    func rise() {
        var player = Player(
            home: home(
                [motion],
                [silent(.lasting(.hours(14)), .yellow, rises: [Rise(after: .hours(20), severity: .orange)])],
                escalation: Self.steps))
        player.play("14:00:01  level nobody-moves displayed\n14:01  accept nobody-moves\n20:00:05  end")
        #expect(player.engine.openAlerts.first?.level == nil)
        #expect(player.engine.openAlerts.first?.state == .raised)
    }
}
