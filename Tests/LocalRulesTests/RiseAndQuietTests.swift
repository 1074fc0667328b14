// Alerts that become worse as time passes, and quiet hours in which what is not urgent waits.

import Testing

@testable import LocalRules

private let motion = SignalModel.input("motion", .motion)
private let wakingHours = hours("07:00-22:00")

@Suite("Worse as time passes") struct RiseTests {
    private let rises = [Rise(after: .hours(20), severity: .orange), Rise(after: .hours(36), severity: .red)]

    @Test("Yellow, orange, red: one alert, one id, each step with its reason; red sounds")
    func rising() {
        var player = Player(home: home([motion], [silent(.lasting(.hours(14)), .yellow, rises: rises)]))
        player.play(
            """
            8:00   motion on
            8:01   motion off
            50:00  motion on
            """)
        #expect(
            player.said == [
                "22:00 raised nobody-moves: no sign of life for 14 h (last: motion), limit 14 h",
                "28:00 escalated nobody-moves: no sign of life for 20 h (last: motion), limit 14 h; was yellow",
                "sound alarm",
                "44:00 escalated nobody-moves: no sign of life for 36 h (last: motion), limit 14 h; was orange",
                "sound silent",
                "50:00 cleared nobody-moves: sign of life: motion",
            ])
    }

    @Test("Who accepted yellow has not accepted orange: it calls again, and escalates again")
    func acceptedBefore() {
        var player = Player(
            home: home(
                [motion], [silent(.lasting(.hours(14)), .yellow, rises: rises)], escalation: EscalationStep.standard))
        player.play(
            """
            8:00     motion on
            8:01     motion off
            22:00    end
            22:01    accept nobody-moves
            28:00    end
            """)
        #expect(player.engine.openAlerts.map(\.state) == [.raised])
        #expect(player.engine.openAlerts.map(\.severity) == [.orange])
        #expect(player.engine.openAlerts.map(\.called) == [instant("28:00")])
        #expect(
            Set(player.said.filter { $0.contains("nobody-moves") }.map { $0.prefix(5) }) == ["22:00", "22:01", "28:00"])
        player.play("28:04 end")
        #expect(player.said.last?.hasPrefix("28:03 escalated nobody-moves: nobody accepted it for 3 min") == true)
        player.play("28:05 accept nobody-moves")
        #expect(player.engine.openAlerts.map(\.state) == [.acknowledged])
    }

    @Test("A door left open: yellow after twenty minutes, orange after two hours, closed and over")
    func door() {
        expectTimeline(
            home(
                [.input("door", .door)],
                [
                    rule("door-open", .yellow, rises: [Rise(after: .hours(2), severity: .orange)]) {
                        .inputActive(signal: $0("door"), holdFor: .minutes(20), request: nil)
                    }
                ]),
            """
            1:00  door on
            4:00  door off
            """,
            says: """
                1:20 raised door-open: door: active (20 min, limit 20 min)
                3:00 escalated door-open: door: active (2 h, limit 20 min); was yellow
                4:00 cleared door-open: door: not active
                """)
    }

    @Test("After a gap it is raised as bad as it is by then")
    func afterGap() {
        var player = Player(home: home([motion], [silent(.lasting(.hours(14)), .yellow, rises: rises)]))
        player.play(
            """
            8:00      motion on
            8:01      motion off
            9:00      restart after 24h
            33:00:01  motion off
            """)
        #expect(player.engine.openAlerts.map(\.severity) == [.orange])
    }

    @Test("Counted as the rule counts: by waking hours")
    func waking() {
        var player = Player(
            home: home(
                [motion],
                [
                    silent(
                        .within(wakingHours, .hours(10), carries: true), .yellow,
                        rises: [Rise(after: .hours(16), severity: .orange)])
                ]))
        player.play(
            """
            12:00  motion on
            12:01  motion off
            40:00  end
            """)
        #expect(player.said.map { $0.prefix { $0 != ":" } } == ["22", "37"])
    }
}

@Suite("Quiet hours") struct QuietHoursTests {
    private let quiet = hours("22:00-07:00")

    @Test("Yellow waits for the morning, orange does not")
    func waits() {
        expectTimeline(
            home(
                [motion],
                [
                    silent(.lasting(.hours(14)), .yellow, called: "worry", warnFor: .minutes(10)),
                    silent(.lasting(.hours(16)), called: "call", warnFor: .minutes(10)),
                ], quiet: quiet),
            """
            10:00  motion on
            10:01  motion off
            31:00  end
            """,
            says: """
                sound pre-alarm
                25:50 pre-alarm call: no sign of life for 15 h 50 min (last: motion), limit 16 h
                sound silent
                26:00 raised call: no sign of life for 16 h (last: motion), limit 16 h
                31:00 raised worry: no sign of life for 21 h (last: motion), limit 14 h
                """)
    }

    @Test("Over before the morning: nothing was ever said")
    func over() {
        expectTimeline(
            home([motion], [silent(.lasting(.hours(14)), .yellow)], quiet: quiet),
            """
            10:00  motion on
            10:01  motion off
            29:00  motion on
            29:01  motion off
            32:00  end
            """,
            says: "")
    }

    @Test("A yellow alert from before is silent in the night and heard in the morning")
    func silentAtNight() {
        var player = Player(
            home: home(
                [motion], [silent(.lasting(.hours(12)), .yellow)], escalation: EscalationStep.standard, quiet: quiet))
        player.play(
            """
            9:58   motion on
            9:58   motion off
            31:00  end
            """)
        #expect(player.said.filter { $0.hasPrefix("sound") } == ["sound not-reached"])
        #expect(player.said.first?.hasPrefix("21:58 raised") == true)
        #expect(player.said.last == "sound not-reached")
    }

    @Test("Yellow that has become orange in the night does not wait")
    func worse() {
        expectTimeline(
            home(
                [motion],
                [silent(.lasting(.hours(14)), .yellow, rises: [Rise(after: .hours(16), severity: .orange)])],
                quiet: quiet),
            """
            10:00  motion on
            10:01  motion off
            30:00  end
            """,
            says: "26:00 raised nobody-moves: no sign of life for 16 h (last: motion), limit 14 h")
    }

    @Test("Smoke, panic and a service call are not touched")
    func urgent() {
        let signals = [SignalModel.input("panic", .panic), .input("smoke", .smoke), .input("meal", .service)]
        expectTimeline(
            home(
                signals,
                [active("panic", latched: true), active("smoke", latched: true), active("meal", .yellow)],
                quiet: quiet),
            """
            2:00  meal on
            3:00  panic on
            4:00  smoke on
            """,
            says: """
                2:00 raised meal: meal: service asked for
                sound alarm
                3:00 raised panic: panic: help asked for
                4:00 raised smoke: smoke: smoke
                """)
    }

    @Test("Nobody knows the time: no hours are quiet")
    func unknownTime() {
        expectTimeline(
            home([motion], [silent(.lasting(.hours(14)), .yellow)], quiet: quiet),
            """
            9:00   clock unknown
            10:00  motion on
            10:01  motion off
            24:00  end
            """,
            says: "24:00 raised nobody-moves: no sign of life for 14 h (last: motion), limit 14 h")
    }
}
