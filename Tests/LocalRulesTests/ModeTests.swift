// Home modes: going out, staying away, coming back, and the installer.

import Testing

@testable import LocalRules

@Suite("Home modes") struct ModeTests {
    private let motion = SignalModel.input("motion", .motion)
    private let door = SignalModel.input("door.front", .door)
    private let away = SignalModel.input("away", .away)

    private func flat(_ rules: [NamedRule]) -> HomeModel { home([motion, door, away, .water()], rules) }

    /// Out at nine: door, and nothing more.
    private let goesOut = """
        7:00     door.front off
        8:00     motion on
        8:05     motion off
        8:59     motion on
        9:00     door.front on
        9:00:20  door.front off
        9:01     motion off
        """

    @Test("She stays with her daughter for three days: not returned is said, and nothing red")
    func daughter() {
        expectTimeline(
            flat([noActivity(warnFor: .minutes(10)), notReturned()]),
            goesOut + """

                81:00  door.front on
                81:01  motion on
                """,
            says: """
                10:00:20 note mode: away for 1 h (door.front, then nothing inside), expected back within 11 h
                25:00:20 raised not-returned: away for 16 h (door.front, then nothing inside), expected back 4 h ago, limit 16 h
                81:00 cleared not-returned: nobody is away
                81:00 note mode: home: door.front after 2 d 23 h away
                """)
    }

    @Test("Nobody is in to hear that nobody has answered: not returned is called upstream, and the flat is silent")
    func silentFlat() {
        var flat = flat([notReturned()])
        flat.escalation = EscalationStep.standard
        flat.rules[0].rises = [Rise(after: .hours(24), severity: .red)]
        var player = Player(home: flat)
        player.play(goesOut + "\n34:00 end\n34:00 accept not-returned")
        #expect(
            player.said.map { $0.prefix(38) } == [
                "10:00:20 note mode: away for 1 h (door", "25:00:20 raised not-returned: away for",
                "25:03:20 escalated not-returned: nobod", "33:00:20 escalated not-returned: away ",
                "34:00 acknowledged not-returned: accep",
            ])
    }

    @Test("Back from there, the silence counts from the return and not from the day she left")
    func countsFromReturn() {
        expectTimeline(
            flat([noActivity(), notReturned()]),
            goesOut + """

                20:00  door.front on
                20:05  motion on
                31:59  end
                32:05  end
                """,
            says: """
                10:00:20 note mode: away for 1 h (door.front, then nothing inside), expected back within 11 h
                20:00 note mode: home: door.front after 10 h 59 min away
                32:05 raised nobody-moves: no sign of life for 12 h (last: motion), limit 12 h
                """)
    }

    @Test("She opens to the postman, closes and falls at once: found as not returned, 960 minutes later")
    func fallsBehindTheDoor() {
        expectTimeline(
            flat([noActivity(), notReturned()]),
            goesOut + "\n48:00 end",
            says: """
                10:00:20 note mode: away for 1 h (door.front, then nothing inside), expected back within 11 h
                25:00:20 raised not-returned: away for 16 h (door.front, then nothing inside), expected back 4 h ago, limit 16 h
                """)
    }

    @Test("She opens to the postman and takes a step four minutes later: she is in, and found after twelve hours")
    func evidenceBehindTheDoor() {
        expectTimeline(
            flat([noActivity(), notReturned()]),
            goesOut + """

                9:04   motion on
                24:00  end
                """,
            says: "21:04 raised nobody-moves: no sign of life for 12 h (last: motion), limit 12 h")
    }

    @Test("Water that may have run before the door does not keep her in; water that ran after it does")
    func waterAroundTheDoor() {
        for (second, isIn) in [("+0 L", false), ("+1 L", true)] {
            var player = Player(home: flat([noActivity(of: ["motion", "water.volume"]), notReturned()]))
            player.play(
                goesOut + """

                    7:30   water.volume +0 L
                    8:30   water.volume +2 L
                    9:30   water.volume +3 L
                    10:30  water.volume \(second)
                    """)
            #expect((player.engine.mode.mode == .home) == isIn)
        }
    }

    @Test("Nobody can say that it is quiet inside while nothing inside is seen")
    func blindInside() {
        var player = Player(home: home([motion, door], [noActivity(), notReturned()]))
        player.play(
            goesOut + """

                9:10   motion missing
                11:00  end
                """)
        #expect(player.engine.mode.mode == .home)
        player.play(
            """
            11:00:10 motion off
            12:30    end
            """)
        #expect(player.engine.mode.mode == .away)
    }

    @Test("Without a rule about not returning, away ends by itself and the silence counts from there")
    func expires() {
        expectTimeline(
            flat([noActivity()]),
            goesOut + "\n36:00 end",
            says: """
                10:00:20 note mode: away for 1 h (door.front, then nothing inside), expected back within 11 h
                21:00:20 note mode: home: expected back by now after 12 h away
                33:00:20 raised nobody-moves: no sign of life for 12 h (last: motion), limit 12 h
                """)
    }

    @Test("Rests, says so, and is not blind; the city's rule rests only when away was set")
    func resting() {
        var player = Player(home: flat([noActivity(), notReturned(), lowUse()]))
        player.play(goesOut + "\n12:00 end")
        #expect(
            player.engine.ruleReports().map(\.reason) == [
                "rests: away for 2 h 59 min (door.front, then nothing inside), expected back within 9 h",
                "away for 2 h 59 min (door.front, then nothing inside), expected back within 9 h, limit 16 h",
                "water.volume: no reading yet",
            ])
        #expect(player.engine.ruleReports()[0].verdict == .cannotTell)
        player.play("12:01 set away 48h")
        #expect(player.engine.ruleReports()[2].reason == "rests: away for 0 s (set by Li), expected back within 2 d")
        #expect(player.engine.openAlerts.isEmpty)
    }

    @Test("The city's rule after a set absence: its window begins with the return, but enough use proves it fine")
    func lowUseAfterReturn() {
        expectTimeline(
            flat([lowUse(), notReturned()]),
            """
            0:00..72:00  water.volume +0 L every 1h
            1:00         set away 48h
            30:00        set home
            72:00        end
            """,
            says: """
                1:00 note mode: away for 0 s (set by Li), expected back within 2 d
                30:00 note mode: home: set by Li after 29 h away
                42:00 raised no-water: 0 m3 in 12 h, limit 0.01 m3
                """)
    }

    @Test("The switch: smoke alarms as ever, the first step inside ends it, switched off it ends too")
    func switchAndSmoke() {
        expectTimeline(
            home(
                [motion, away, .input("smoke", .smoke)],
                [noActivity(), notReturned(of: ["away"]), active("smoke", latched: true)]),
            """
            8:00   motion on
            8:01   motion off
            9:00   away on
            9:05   motion on
            9:06   motion off
            12:00  smoke on
            12:01  smoke off
            13:00  away off
            14:00  away on
            20:00  motion on
            """,
            says: """
                9:00 note mode: away for 0 s (set with away), expected back within 12 h
                sound alarm
                12:00 raised smoke: smoke: smoke
                13:00 note mode: home: away was switched off after 4 h away
                14:00 note mode: away for 0 s (set with away), expected back within 12 h
                20:00 note mode: home: motion after 6 h away
                """)
    }

    @Test("Set by command for three days, and somebody is in on the second: said, once there are two signs")
    func activeWhileSet() {
        expectTimeline(
            flat([noActivity(), notReturned(), activeWhileAway()]),
            """
            0:00      door.front off
            1:00      set away 72h
            30:00     door.front on
            30:00:20  motion on
            30:00:40  motion off
            30:02     motion on
            30:10     accept active-while-away
            30:20     set home
            """,
            says: """
                1:00 note mode: away for 0 s (set by Li), expected back within 3 d
                30:00 note mode: home: door.front after 29 h away
                30:02 raised active-while-away: active while away: door.front after 29 h, 43 h before the end (set by Li)
                sound accepted
                30:10 acknowledged active-while-away: accepted by Li after 8 min
                sound silent
                30:20 cleared active-while-away: nothing inside while away was set
                30:20 note mode: home: set by Li
                """)
    }

    @Test("The neighbour waters the flowers: the absence goes on behind her, to the day that was said")
    func neighbour() {
        expectTimeline(
            flat([noActivity(), notReturned()]),
            """
            0:00      door.front off
            1:00      set away 72h
            30:00     door.front on
            30:05     motion on
            30:06     motion off
            30:10     door.front off
            100:00    end
            """,
            says: """
                1:00 note mode: away for 0 s (set by Li), expected back within 3 d
                30:00 note mode: home: door.front after 29 h away
                31:10 note mode: away for 1 h (set by Li), expected back within 41 h 50 min
                73:00 raised not-returned: away for 42 h 50 min (set by Li), expected back 0 s ago, limit 16 h
                """)
    }

    @Test("Maintenance: absence and use rest, smoke does not, and it ends by itself")
    func maintenance() {
        expectTimeline(
            home([motion, .input("smoke", .smoke)], [noActivity(), active("smoke", latched: true)]),
            """
            1:00   motion on
            12:00  set maintenance 10h
            12:30  motion off
            13:30  smoke on
            28:00  end
            """,
            says: """
                12:00 note mode: maintenance for 0 s (set by Li), 4 h left
                sound alarm
                13:30 raised smoke: smoke: smoke
                16:00 note mode: home: maintenance is over after 4 h
                28:00 raised nobody-moves: no sign of life for 12 h (last: motion), limit 12 h
                """)
    }

    @Test("A power cut while she is out: still away, and not returned on time")
    func restart() {
        expectTimeline(
            home([motion, door], [noActivity(), notReturned()]),
            goesOut + """

                12:00    restart after 4h
                16:00:01 door.front off
                16:00:01 motion off
                26:00    end
                """,
            says: """
                10:00:20 note mode: away for 1 h (door.front, then nothing inside), expected back within 11 h
                25:00:20 raised not-returned: away for 16 h (door.front, then nothing inside), expected back 4 h ago, limit 16 h
                """)
    }

    @Test("A pre-alarm that she walks out on is taken back, with the reason")
    func walksOut() {
        expectTimeline(
            home(
                [motion, door],
                [
                    noActivity(of: ["motion", "door.front"], silentFor: .hours(2), warnFor: .minutes(70)),
                    notReturned(),
                ]),
            """
            0:00     door.front off
            0:10     motion on
            0:11     motion off
            0:12     door.front on
            1:30     end
            """,
            says: """
                sound pre-alarm
                1:02 pre-alarm nobody-moves: no sign of life for 50 min (last: door.front), limit 2 h
                sound silent
                1:12 cancelled nobody-moves: rests: away for 1 h (door.front, then nothing inside), expected back within 11 h
                1:12 note mode: away for 1 h (door.front, then nothing inside), expected back within 11 h
                """)
    }
}
