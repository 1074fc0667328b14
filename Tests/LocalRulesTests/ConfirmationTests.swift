// Somebody accepted an alarm: the home is shown that help is coming.

import Testing

@testable import LocalRules

@Suite("Confirmation") struct ConfirmationTests {
    private let panic = SignalModel.input("panic", .panic)

    @Test("For five minutes, although a press that was released is over as soon as it was accepted")
    func fiveMinutes() {
        expectTimeline(
            home([panic], [active("panic", latched: true)]),
            """
            2:00     panic on
            2:00:01  panic off
            2:01     accept panic
            3:00     end
            """,
            says: """
                sound alarm
                2:00 raised panic: panic: help asked for
                sound accepted
                2:01 acknowledged panic: accepted by Li after 1 min
                2:01 cleared panic: panic: not active
                sound silent
                """)
    }

    @Test("It ends to the second")
    func end() {
        var player = Player(home: home([panic], [active("panic", latched: true)]))
        player.play(
            """
            2:00     panic on
            2:01     accept panic
            2:05:59  end
            """)
        #expect(player.engine.sound == .accepted)
        #expect(player.engine.nextDeadline == instant("2:06"))
        player.play("2:06 end")
        #expect(player.engine.sound == .silent)
    }

    @Test("An alarm that nobody has accepted yet, and the question whether all is well, go before it")
    func outranked() {
        expectTimeline(
            home(
                [panic, .input("leak", .leak), .input("motion", .motion)],
                [active("panic", latched: true), active("leak"), noActivity(warnFor: .minutes(10))]),
            """
            11:47     panic on
            11:48     accept panic
            11:48:30  leak on
            11:49     leak off
            11:51     motion on
            """,
            says: """
                sound alarm
                11:47 raised panic: panic: help asked for
                sound accepted
                11:48 acknowledged panic: accepted by Li after 1 min
                sound alarm
                11:48:30 raised leak: leak: water where it should be dry
                sound accepted
                11:49 cleared leak: leak: not active
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound accepted
                11:51 cancelled nobody-moves: sign of life: motion
                """)
    }

    @Test("A service request that was accepted is confirmed as well; what only concerns the hub is not")
    func whatIsConfirmed() {
        for (severity, sound) in [(Severity.yellow, SoundPattern.accepted), (.technical, .silent)] {
            var player = Player(home: home([.input("meal", .service)], [active("meal", severity, latched: true)]))
            player.play(
                """
                2:00  meal on
                2:01  accept meal
                """)
            #expect(player.engine.sound == sound)
        }
    }

    @Test("A restart goes on showing it for what is left; one that takes longer does not begin it again")
    func restart() {
        for (gap, sounds) in [("1m", ["accepted", "silent"]), ("10m", [])] {
            var player = Player(home: home([panic], [active("panic", latched: true)]))
            player.play(
                """
                2:00     panic on
                2:00:01  panic off
                2:01     accept panic
                """)
            let before = player.said.count
            player.play(
                """
                2:02  restart after \(gap)
                \(gap == "1m" ? "2:03:01" : "2:12:01") panic off
                2:20  end
                """)
            #expect(player.said.dropFirst(before) == sounds.map { "sound \($0)" }[...])
        }
    }
}
