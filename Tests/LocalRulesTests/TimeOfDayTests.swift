// no-activity by the time of day: not once between two times (mode 2), and a time that counts within hours only (mode 3).

import Testing

@testable import LocalRules

private let motion = SignalModel.input("motion", .motion)
private let wakingHours = hours("07:00-22:00")

@Suite("no-activity by the time of day") struct TimeOfDayTests {
    // MARK: Mode 2: not once between 7 and 10

    private func morning(_ days: String = "sun mon tue wed thu fri sat", zone: ZoneTable = .utc) -> HomeModel {
        home([motion], [silent(.through(hours("07:00-10:00", days)), warnFor: .minutes(10))], zone: zone)
    }

    @Test("Nobody moves between 7 and 10: warned at 9:50, raised at 10, cleared when somebody does")
    func morningWithout() {
        expectTimeline(
            morning(),
            """
            6:59   motion on
            6:59   motion off
            13:00  motion on
            """,
            says: """
                sound pre-alarm
                9:50 pre-alarm nobody-moves: no sign of life for 2 h 51 min (last: motion), limit 07:00–10:00
                sound silent
                10:00 raised nobody-moves: no sign of life for 3 h 1 min (last: motion), limit 07:00–10:00
                13:00 cleared nobody-moves: sign of life: motion
                """)
    }

    @Test("Once is enough, and a night without a movement is no morning")
    func morningWith() {
        expectTimeline(
            morning(),
            """
            7:00   motion on
            7:00   motion off
            33:49  motion on
            33:49  motion off
            57:49  end
            """,
            says: "")
    }

    @Test("On weekdays only: Thursday the first says nothing about Friday")
    func weekdays() {
        expectTimeline(
            morning("mon tue wed"),
            """
            6:00    motion on
            6:01    motion off
            105:00  motion on
            106:00  end
            """,
            says: "")
    }

    @Test("A day of 23 and a day of 25 hours: the wall clock says when it is ten")
    func summer() {
        for (day, ten) in [(1, "33:00"), (3, "82:00")] {
            var player = Player(home: morning(zone: summerTime))
            player.play(
                """
                \(day * 24):30  motion on
                \(day * 24):31  motion off
                \(ten)          end
                """)
            #expect(player.said.last?.hasPrefix("\(ten) raised") == true)
        }
    }

    @Test("Hours that nobody saw all of are not judged, the next ones are")
    func unseen() {
        expectTimeline(
            home([motion], [silent(.through(hours("07:00-10:00")))]),
            """
            6:00     motion on
            6:01     motion off
            8:00     motion missing
            8:00:20  motion off
            34:00    end
            """,
            says: "34:00 raised nobody-moves: no sign of life for 25 h 59 min (last: motion), limit 07:00–10:00")
    }

    @Test("The agent is gone from 6 to 11: a silent morning is a silent morning, once the sensor was heard")
    func restart() {
        expectTimeline(
            home([motion], [silent(.through(hours("07:00-10:00")))]),
            """
            5:00      motion on
            5:01      motion off
            6:00      restart after 5h
            11:00:01  motion off
            """,
            says: "11:00:01 raised nobody-moves: no sign of life for 6 h (last: motion), limit 07:00–10:00")
    }

    @Test(
        "A clock that is set jumps over the morning, or back before it: no jump says anything",
        arguments: ["+1h", "-1h", "+6h", "-6h", "+24h", "-24h", "+720h", "-720h", "+1s", "-1s"])
    func jumps(step: String) {
        for hour in [6, 8, 12] {
            var player = Player(home: morning())
            player.play(
                """
                5:00  motion on
                5:01  motion off
                """ + (hour > 10 ? "\n9:00 motion on\n9:01 motion off" : "")
                    + "\n\(hour):00 clock \(step)\n\(hour):01 end")
            #expect(player.said == [], "at \(hour)")
        }
    }

    @Test("Once it is seven the three hours run, whatever becomes of the clock")
    func jumpInside() {
        expectTimeline(
            home([motion], [silent(.through(hours("07:00-10:00")))]),
            """
            5:00   motion on
            5:01   motion off
            8:00   clock +720h
            8:30   clock unknown
            10:00  end
            """,
            says: "10:00 raised nobody-moves: no sign of life for 5 h (last: motion), limit 07:00–10:00")
    }

    @Test(
        "Nobody knows the time: a day and three hours surely held a morning. When it is known, the next morning counts")
    func unknownTime() {
        let watched = home([motion], [silent(.through(hours("07:00-10:00")))])
        expectTimeline(
            watched,
            """
            0:00   clock unknown
            5:00   motion on
            5:01   motion off
            33:00  end
            """,
            says: "32:00 raised nobody-moves: no sign of life for 27 h (last: motion), limit 07:00–10:00")
        expectTimeline(
            watched,
            """
            0:00   clock unknown
            11:00  motion on
            11:01  motion off
            13:00  clock known
            34:00  end
            """,
            says: "34:00 raised nobody-moves: no sign of life for 23 h (last: motion), limit 07:00–10:00")
    }

    // MARK: Mode 3: so long within waking hours

    @Test("Four hours within waking hours: the night does not count, and each day begins anew")
    func within() {
        expectTimeline(
            home([motion], [silent(.within(wakingHours, .hours(4), carries: false))]),
            """
            10:00  motion on
            10:01  motion off
            14:00  motion on
            14:01  motion off
            17:59  motion on
            17:59  motion off
            20:00  motion on
            20:01  motion off
            40:00  end
            """,
            says:
                "35:00 raised nobody-moves: no sign of life for 4 h of 07:00–22:00 (last: motion), limit 4 h within 07:00–22:00"
        )
    }

    @Test("Ten waking hours, carried over the night: three in the evening, seven next day")
    func carried() {
        expectTimeline(
            home([motion], [silent(.within(wakingHours, .hours(10), carries: true))]),
            """
            16:00  motion on
            16:01  motion off
            19:00  motion on
            19:01  motion off
            40:00  motion on
            """,
            says: """
                38:00 raised nobody-moves: no sign of life for 10 h of 07:00–22:00 (last: motion), limit 10 h of 07:00–22:00
                40:00 cleared nobody-moves: sign of life: motion
                """)
    }

    @Test("What is due stays due when the hours have closed")
    func staysOpen() {
        expectTimeline(
            home([motion], [silent(.within(wakingHours, .hours(4), carries: false))]),
            """
            10:00  motion on
            10:01  motion off
            14:00  motion on
            14:01  motion off
            17:00  motion on
            17:01  motion off
            30:00  motion on
            """,
            says: """
                21:00 raised nobody-moves: no sign of life for 4 h of 07:00–22:00 (last: motion), limit 4 h within 07:00–22:00
                30:00 cleared nobody-moves: sign of life: motion
                """)
    }

    @Test(
        "The clock is set: what was counted stays counted, the new clock says what counts from here",
        arguments: [
            // Three hours counted by noon; the clock says 22:30 then, so seven o'clock comes after 8 h 30 min.
            ("12:00 clock +630m", "27:30"),
            // Set back to 2 in the morning: five hours to wait, then seven to count.
            ("12:00 clock -10h", "24:00"),
            // Within the hours: nothing changes.
            ("12:00 clock +1h", "19:00"), ("12:00 clock -720h", "19:00"),
            // Nobody knows the time: all time counts.
            ("12:00 clock unknown", "19:00"),
        ])
    func stepped(happening: String, raised: String) {
        var player = Player(home: home([motion], [silent(.within(wakingHours, .hours(10), carries: true))]))
        player.play(
            """
            9:00   motion on
            9:01   motion off
            \(happening)
            40:00  end
            """)
        #expect(player.said.map { String($0.prefix { $0 != " " }) } == [raised])
    }

    @Test("In 1970 until the time server answers: all time counts till then")
    func boot() {
        expectTimeline(
            home([motion], [silent(.within(wakingHours, .hours(10), carries: true))]),
            """
            16:00     motion on
            16:01     motion off
            23:00     motion on
            23:01     motion off
            23:30     clock unknown
            23:30     clock -490000h
            23:31     clock +490000h
            23:31     clock known
            40:59     end
            """,
            says:
                "40:59 raised nobody-moves: no sign of life for 10 h of 07:00–22:00 (last: motion), limit 10 h of 07:00–22:00"
        )
    }

    @Test("The clock leaves the morning out and is lost a day later: the hours' length must pass before anybody calls")
    func lostAfterJump() {
        expectTimeline(
            home([motion], [silent(.through(hours("07:00-10:00")))]),
            """
            5:00   motion on
            5:01   motion off
            6:00   clock +5h
            25:10  clock +5h
            40:00  clock unknown
            41:00  clock -3h
            44:00  end
            """,
            says:
                "43:00 raised nobody-moves: no sign of life for 38 h (last: motion), limit 07:00–10:00"
        )
    }

    @Test("Another time zone at the restart: the new one says what counts")
    func otherZone() {
        let rules = [silent(.within(wakingHours, .hours(4), carries: false))]
        var player = Player(home: home([motion], rules))
        player.play("20:00 motion on\n20:01 motion off\n21:00 end")
        let east = ZoneTable(first: 8 * 3_600_000)
        var engine = RuleEngine(
            home: home([motion], rules, zone: east), restoring: encodedAndDecoded(player.engine.snapshot),
            at: instant("21:00"))
        _ = engine.advance(to: instant("21:00"))
        // Seven in the morning there is 23:00 here.
        #expect(engine.nextDeadline == instant("27:00"))
    }
}
