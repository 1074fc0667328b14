// What a press of a button means, as timelines: the panic button in peace and during a pre-alarm, and the OK button.

import Testing

@testable import LocalRules

@Suite("Presses") struct PressTests {
    private let motion = SignalModel.input("motion", .motion)
    private let panic = SignalModel.input("panic", .panic)
    private let ok = SignalModel.input("ok", .ok)

    /// Twelve hours without a movement are an alert, of which the home is warned for ten minutes.
    private func guarded(hasSounder: Bool = true) -> HomeModel {
        home(
            [motion, panic, ok], [active("panic", latched: true), noActivity(warnFor: .minutes(10))],
            hasSounder: hasSounder)
    }

    // MARK: The panic button

    @Test("Outside a pre-alarm the shortest press calls for help, in the same moment")
    func alwaysACall() {
        expectTimeline(
            guarded(),
            """
            8:00     motion on
            8:05     panic off
            8:10     panic on
            8:10:01  panic off
            """,
            says: """
                sound alarm
                8:10 raised panic: panic: help asked for
                """)
    }

    @Test("A short press during a pre-alarm says that all is well, and calls nobody")
    func shortPressAnswers() {
        expectTimeline(
            guarded(),
            """
            0:00     panic off
            11:55    panic on
            11:55:02 panic off
            23:44    end
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound silent
                11:55 cancelled nobody-moves: sign of life: panic
                """)
    }

    @Test("Held for three seconds it calls for help when they are over, without waiting to be released")
    func longPressCalls() {
        expectTimeline(
            guarded(),
            """
            0:00     panic off
            11:55    panic on
            11:56    end
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound silent
                11:55 cancelled nobody-moves: sign of life: panic
                sound alarm
                11:55:03 raised panic: panic: help asked for (held for 3 s)
                """)
    }

    @Test("Whoever needs help and pressed only shortly presses again: nothing asks any more, so this is a call")
    func pressedTwice() {
        expectTimeline(
            guarded(),
            """
            0:00      panic off
            11:55     panic on
            11:55:01  panic off
            11:55:04  panic on
            11:55:05  panic off
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound silent
                11:55 cancelled nobody-moves: sign of life: panic
                sound alarm
                11:55:04 raised panic: panic: help asked for
                """)
    }

    @Test("Who answers and then lies still is found: the twelve hours begin anew with the press")
    func foundAfterTheAnswer() {
        expectTimeline(
            guarded(),
            """
            0:00      panic off
            11:55     panic on
            11:55:01  panic off
            24:00     end
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound silent
                11:55 cancelled nobody-moves: sign of life: panic
                sound pre-alarm
                23:45 pre-alarm nobody-moves: no sign of life for 11 h 50 min (last: panic), limit 12 h
                sound silent
                23:55 raised nobody-moves: no sign of life for 12 h (last: panic), limit 12 h
                """)
    }

    @Test("While something louder than the pre-alarm sounds, the question is not heard: a press is a call")
    func notHeard() {
        expectTimeline(
            home(
                [motion, panic, .input("smoke", .smoke)],
                [active("panic", latched: true), noActivity(warnFor: .minutes(10)), active("smoke", latched: true)]),
            """
            0:00      panic off
            11:52     smoke on
            11:55     panic on
            11:55:01  panic off
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound alarm
                11:52 raised smoke: smoke: smoke
                11:55 raised panic: panic: help asked for
                """)
    }

    @Test("In a home where nothing can sound the pre-alarm, a press is always a call")
    func nothingSounds() {
        expectTimeline(
            guarded(hasSounder: false),
            """
            0:00   panic off
            11:55  panic on
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound alarm
                11:55 raised panic: panic: help asked for
                """)
    }

    @Test("A panic line that is active at first sight, or comes back active, is a call: nobody saw a press")
    func notSeen() {
        for before in ["0:00 panic missing", "0:00 panic off\n11:54 panic missing"] {
            var player = Player(home: guarded())
            player.play(before + "\n11:55 panic on")
            #expect(player.said.contains("11:55 raised panic: panic: help asked for"))
        }
    }

    @Test("A line that is lost while the button is held counts as held")
    func lostWhileHeld() {
        var player = Player(home: guarded())
        player.play(
            """
            0:00      panic off
            11:55     panic on
            11:55:01  panic missing
            11:55:10  end
            """)
        #expect(player.said.last == "11:55:03 raised panic: panic: no reading for 2 s")
    }

    @Test("A restart while the button is held does not forget that it is")
    func restartWhileHeld() {
        var player = Player(home: guarded())
        player.play(
            """
            0:00      panic off
            11:55     panic on
            11:55:01  restart after 1s
            11:55:02  motion off
            11:55:02  ok off
            11:55:02  panic on
            11:55:10  end
            """)
        #expect(player.said.last == "11:55:03 raised panic: panic: help asked for (held for 3 s)")
    }

    @Test("Just after a restart a press is a call, although a pre-alarm is open: it may not be heard yet")
    func pressAfterRestart() {
        var player = Player(home: guarded())
        player.play(
            """
            0:00      panic off
            11:55     restart after 10s
            11:55:10  panic off
            11:55:11  panic on
            """)
        #expect(player.said.last == "11:55:11 raised panic: panic: help asked for")
    }

    @Test("Each home may have a longer press")
    func longerPress() {
        let slow = SignalModel(name: "panic", source: .input(.panic), silentAfter: nil, longPress: .seconds(5))
        var player = Player(home: home([motion, slow], [active("panic"), noActivity(warnFor: .minutes(10))]))
        player.play(
            """
            0:00      panic off
            11:55     panic on
            11:55:04  end
            """)
        #expect(
            player.engine.ruleReports()[0].reason
                == "panic: pressed to say that all is well; a call for help if held for 5 s")
        player.play("11:55:05 end")
        #expect(player.said.last == "11:55:05 raised panic: panic: help asked for (held for 5 s)")
    }

    // MARK: The OK button

    @Test("OK takes a pre-alarm back and counts as a sign of life, though no rule names it")
    func okAnswers() {
        expectTimeline(
            guarded(),
            """
            0:00   ok off
            11:55  ok on
            11:56  ok off
            23:44  end
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound silent
                11:55 cancelled nobody-moves: sign of life: ok
                """)
    }

    @Test("OK without a question is a sign of life all the same: pressed every morning, nobody need call")
    func okInTheMorning() {
        expectTimeline(
            guarded(),
            """
            0:00   ok off
            9:00   ok on
            9:01   ok off
            20:49  end
            """, says: "")
    }

    @Test("OK ends no call for help: only whoever accepts it does")
    func okEndsNoCall() {
        expectTimeline(
            guarded(),
            """
            0:00     ok off
            8:00     motion on
            8:10     panic on
            8:10:01  panic off
            8:11     ok on
            8:12     ok off
            8:13     panic on
            8:14     panic off
            8:20     end
            """,
            says: """
                sound alarm
                8:10 raised panic: panic: help asked for
                """)
    }

    @Test("A stuck OK button is one press, not a sign of life for ever; active at first sight it is none")
    func okStuck() {
        expectTimeline(
            guarded(),
            """
            0:00..24:00  ok on every 1m
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound silent
                12:00 raised nobody-moves: no sign of life for 12 h (none since the start), limit 12 h
                """)
    }

    // MARK: What an answer means to each kind

    @Test("Little water, answered with OK: rest for a quarter of the window, then warned and raised again")
    func lowUse() {
        expectTimeline(
            home([.water(), ok], [LocalRulesTests.lowUse(warnFor: .minutes(10))]),
            """
            0:00         ok off
            0:00..15:10  water.volume +0 L every 1m
            11:55        ok on
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm no-water: 0 m3 in 11 h 50 min, limit 0.01 m3 in 12 h
                sound silent
                11:55 cancelled no-water: answered with ok, rests for 3 h; window not complete: 0 m3 in 11 h 55 min, limit 0.01 m3 in 12 h
                sound pre-alarm
                14:45 pre-alarm no-water: 0 m3 in 14 h 45 min, limit 0.01 m3 in 12 h
                sound silent
                14:55 raised no-water: 0 m3 in 12 h, limit 0.01 m3
                """)
    }

    @Test("The rest from a low-use rule survives a restart")
    func restSurvives() {
        var player = Player(home: home([.water(), ok], [LocalRulesTests.lowUse(warnFor: .minutes(10))]))
        player.play(
            """
            0:00          ok off
            0:00..11:54   water.volume +0 L every 1m
            11:55         ok on
            12:30         restart after 1h
            13:31         ok off
            13:31..15:00  water.volume +0 L every 1m
            """)
        #expect(player.said.last == "14:55 raised no-water: 0 m3 in 12 h, limit 0.01 m3")
    }

    @Test("A movement does not take back a warning about water: the rule is about use")
    func movementIsNoUse() {
        var player = Player(home: home([.water(), motion], [LocalRulesTests.lowUse(warnFor: .minutes(10))]))
        player.play(
            """
            0:00..12:00  water.volume +0 L every 1m
            11:55        motion on
            """)
        #expect(player.said.last == "12:00 raised no-water: 0 m3 in 12 h, limit 0.01 m3")
    }

    @Test("A door left open, answered with OK: its wait begins anew")
    func openDoor() {
        expectTimeline(
            home(
                [.input("door", .door), ok],
                [active("door", .yellow, holdFor: .minutes(30), warnFor: .minutes(5))]),
            """
            8:00   ok off
            9:00   door on
            9:26   ok on
            10:00  end
            """,
            says: """
                sound pre-alarm
                9:25 pre-alarm door: door: active (25 min, limit 30 min)
                sound silent
                9:26 cancelled door: answered with ok, counted anew from there; door: active (26 min, limit 30 min)
                sound pre-alarm
                9:51 pre-alarm door: answered with ok, counted anew from there; door: active (51 min, limit 30 min)
                sound silent
                9:56 raised door: answered with ok, counted anew from there; door: active (56 min, limit 30 min)
                """)
    }

    @Test("OK answers every question that is open")
    func severalQuestions() {
        var player = Player(
            home: home([motion, ok], [noActivity(warnFor: .minutes(10)), noActivity("still", warnFor: .minutes(9))]))
        player.play(
            """
            0:00   ok off
            11:55  ok on
            """)
        #expect(player.engine.openAlerts == [])
        #expect(
            player.said.suffix(2) == [
                "11:55 cancelled nobody-moves: sign of life: ok", "11:55 cancelled still: sign of life: ok",
            ])
    }
}
