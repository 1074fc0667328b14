// no-activity (mode 1), row by row of its truth table.

import Testing

@testable import LocalRules

@Suite("no-activity") struct NoActivityTests {
    private let motion = SignalModel.input("motion", .motion)

    @Test("Nobody moves: raised by the clock, twelve hours after the last movement began")
    func raised() {
        expectTimeline(
            home([motion], [noActivity()]),
            """
            8:00  motion on
            8:01  motion off
            30:00 end
            """,
            says: "20:00 raised nobody-moves: no sign of life for 12 h (last: motion), limit 12 h")
    }

    @Test("A movement a second before takes the twelve hours from there")
    func justInTime() {
        expectTimeline(
            home([motion], [noActivity()]),
            """
            8:00      motion on
            8:01      motion off
            19:59:59  motion on
            31:59:58  end
            """,
            says: "")
    }

    @Test("A movement at the very moment counts as a movement")
    func atTheMoment() {
        expectTimeline(
            home([motion], [noActivity()]),
            """
            8:00   motion on
            8:01   motion off
            20:00  motion on
            """,
            says: "")
    }

    @Test("The home is warned ten minutes before, and raised on time")
    func preAlarm() {
        expectTimeline(
            home([motion], [noActivity(warnFor: .minutes(10))]),
            """
            8:00  motion on
            20:00 end
            """,
            says: """
                sound pre-alarm
                19:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (last: motion), limit 12 h
                sound silent
                20:00 raised nobody-moves: no sign of life for 12 h (last: motion), limit 12 h
                """)
    }

    @Test("Any sign of life takes the warning back, and says which it was")
    func cancelled() {
        expectTimeline(
            home(
                [motion, .input("door.front", .door)],
                [noActivity(of: ["motion", "door.front"], warnFor: .minutes(10))]),
            """
            7:00  door.front off
            8:00  motion on
            19:55 door.front on
            20:30 end
            """,
            says: """
                sound pre-alarm
                19:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (last: motion), limit 12 h
                sound silent
                19:55 cancelled nobody-moves: sign of life: door.front
                """)
    }

    @Test("Somebody moves after it was raised: cleared after the rule's time, and only then")
    func cleared() {
        expectTimeline(
            home([motion], [noActivity(clearAfter: .minutes(10))]),
            """
            8:00  motion on
            8:01  motion off
            21:00 motion on
            22:00 end
            """,
            says: """
                20:00 raised nobody-moves: no sign of life for 12 h (last: motion), limit 12 h
                21:10 cleared nobody-moves: last sign of life 10 min ago (motion), limit 12 h
                """)
    }

    @Test("From the start, without any sign: cannot tell until the time is over, then wrong")
    func neverAny() {
        var player = Player(home: home([motion], [noActivity()]))
        player.play("11:59 end")
        #expect(player.engine.ruleReports()[0].verdict == .cannotTell)
        player.play("12:00 end")
        #expect(
            player.said == ["12:00 raised nobody-moves: no sign of life for 12 h (none since the start), limit 12 h"])
    }

    @Test("Fine says how long ago the last sign was")
    func fine() {
        var player = Player(home: home([motion], [noActivity()]))
        player.play(
            """
            8:00  motion on
            10:10 end
            """)
        let report = player.engine.ruleReports()[0]
        #expect(report.verdict == .fine)
        #expect(report.reason == "last sign of life 2 h 10 min ago (motion), limit 12 h")
    }

    @Test(
        "What is a sign of life and what is none",
        arguments: [
            ("motion", "motion off", "motion on", true), ("motion", "motion on", "motion off", false),
            ("motion", "motion on", "motion on", false), ("door", "door on", "door off", true),
            ("door", "door off", "door on", true), ("door", "door off", "door off", false),
            ("panic", "panic off", "panic on", true), ("service", "service off", "service on", true),
            ("water.volume", "water.volume +0 L", "water.volume +0.001 L", true),
            ("water.volume", "water.volume +0 L", "water.volume +0 L", false),
            ("water.volume", "water.volume +0 L", "water.volume = 1 L", false),
        ])
    func signs(signal: String, before: String, then: String, isSign: Bool) {
        let signals: [SignalModel] = [
            motion, .input("door", .door), .input("panic", .panic), .input("service", .service), .water(),
        ]
        var player = Player(home: home(signals, [noActivity(of: [signal])]))
        player.play(
            """
            0:01  \(before)
            11:00 \(then)
            12:30 end
            """)
        #expect(player.said.contains { $0.contains("raised") } == !isSign)
    }

    @Test("A door's first level is no sign of life, a movement's is")
    func firstLevels() {
        var player = Player(
            home: home([motion, .input("door", .door)], [noActivity("by-door", of: ["door"]), noActivity()]))
        player.play(
            """
            6:00  door on
            6:00  motion on
            12:00 end
            """)
        #expect(player.said == ["12:00 raised by-door: no sign of life for 12 h (none since the start), limit 12 h"])
    }

    @Test("One of two sensors missing: judged by the other, and the reasons say so")
    func someMissing() {
        expectTimeline(
            home(
                [motion, .water(silentAfter: .hours(3))], [noActivity(of: ["motion", "water.volume"])]),
            """
            0:00  water.volume +0 L
            8:00  motion on
            20:00 end
            """,
            says: """
                3:00 raised silent-sensor: water.volume: no reading for 3 h
                20:00 raised nobody-moves: no sign of life for 12 h (last: motion), limit 12 h; water.volume: no reading for 20 h
                """)
    }

    @Test("All sensors missing: cannot tell, never wrong; the count goes on where it stood")
    func allMissing() {
        expectTimeline(
            home([motion], [noActivity()]),
            """
            8:00  motion on
            8:01  motion off
            18:00 motion missing
            24:00 motion off
            30:00 end
            """,
            says: """
                18:00:30 raised silent-sensor: motion: no reading for 30 s
                19:00 raised nobody-moves.blind: nobody-moves cannot tell: motion: no reading for 1 h
                24:00 cleared silent-sensor: motion: readings again
                24:00 cleared nobody-moves.blind: nobody-moves can see again
                26:00 raised nobody-moves: no sign of life for 12 h (last: motion), limit 12 h
                """)
    }

    @Test("A register unchanged over the gap proves that the gap was silent too")
    func gapProvenSilent() {
        expectTimeline(
            home([.water()], [noActivity(of: ["water.volume"])]),
            """
            7:00  water.volume +0 L
            8:00  water.volume +5 L
            10:00 water.volume missing
            21:00 water.volume +0 L
            """,
            says: """
                10:00:30 raised silent-sensor: water.volume: no reading for 30 s
                11:00 raised nobody-moves.blind: nobody-moves cannot tell: water.volume: no reading for 1 h
                21:00 raised nobody-moves: no sign of life for 13 h (last: water.volume), limit 12 h
                21:00 cleared silent-sensor: water.volume: readings again
                21:00 cleared nobody-moves.blind: nobody-moves can see again
                """)
    }

    @Test("A register that rose over the gap is a sign of life when it is read again")
    func lifeInTheGap() {
        expectTimeline(
            home([.water()], [noActivity(of: ["water.volume"])]),
            """
            8:00           water.volume +0 L
            9:00           water.volume missing
            9:20           water.volume +5 L
            21:19:59       end
            21:20          end
            """,
            says: """
                9:00:30 raised silent-sensor: water.volume: no reading for 30 s
                9:20 cleared silent-sensor: water.volume: readings again
                21:20 raised nobody-moves: no sign of life for 12 h (last: water.volume), limit 12 h
                """)
    }

    @Test("An alert stays open while nothing is seen any more")
    func staysOpen() {
        var player = Player(home: home([motion], [noActivity()]))
        player.play(
            """
            12:00 end
            13:00 motion missing
            13:00:10 end
            """)
        #expect(player.engine.openAlerts.map(\.rule) == ["nobody-moves"])
        #expect(player.engine.ruleReports()[0].verdict == .cannotTell)
    }

    @Test("A warning ends when nothing is seen any more: it would sound for ever")
    func warningEndsBlind() {
        expectTimeline(
            home([motion], [noActivity(warnFor: .minutes(10))]),
            """
            11:55    motion missing
            11:55:20 end
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound silent
                11:55 cancelled nobody-moves: motion: no reading for 0 s
                """)
    }
}
