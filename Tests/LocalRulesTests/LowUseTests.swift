// low-use, row by row of its truth table, and the 48-hour days of the first issue.

import Testing

@testable import LocalRules

@Suite("low-use") struct LowUseTests {
    private let watched = home([.water(silentAfter: .hours(3))], [lowUse()])

    @Test("Water stops at hour 20: raised once, at hour 32, to the minute")
    func waterStops() {
        expectTimeline(
            watched,
            """
            0:00..20:00   water.volume +12 L every 1h
            21:00..48:00  water.volume +0 L every 1h
            """,
            says: "32:00 raised no-water: 0 m3 in 12 h, limit 0.01 m3")
    }

    @Test("The same with a reading each minute, and each ten seconds", arguments: ["1m", "10s"])
    func waterStopsFineGrained(poll: String) {
        expectTimeline(
            watched,
            """
            0:00..19:59   water.volume +0.5 L every \(poll)
            20:00         water.volume +10 L
            20:01..33:00  water.volume +0 L every \(poll)
            """,
            says: "32:00 raised no-water: 0 m3 in 12 h, limit 0.01 m3")
    }

    @Test("Readings stop at hour 20: the sensor is silent, and that is not a lack of water")
    func readingsStop() {
        expectTimeline(
            watched,
            """
            0:00..20:00  water.volume +12 L every 1h
            48:00        end
            """,
            says: """
                23:00 raised silent-sensor: water.volume: no reading for 3 h
                24:00 raised no-water.blind: no-water cannot tell: water.volume: no reading for 4 h
                """)
    }

    @Test("Under the limit is wrong, though something was used")
    func someUse() {
        expectTimeline(
            watched,
            """
            0:00..2:00   water.volume +12 L every 1h
            3:00         water.volume +4 L
            4:00..16:00  water.volume +0 L every 1h
            """,
            says: "14:00 raised no-water: 0.004 m3 in 12 h, limit 0.01 m3")
    }

    @Test("Exactly the limit is not under it; that it never stops is said, because people do stop")
    func exactlyTheLimit() {
        expectTimeline(
            watched, "0:00..47:00 water.volume +0.834 L every 1h",
            says:
                "23:00 raised no-water.masked: no-water cannot speak: water.volume never stops; 0.019182 m3 used, some in every 2 h, for 23 h, limit 23 h"
        )
    }

    @Test("A millilitre less than the limit is under it")
    func justUnderTheLimit() {
        expectTimeline(
            watched,
            """
            0:00         water.volume +0 L
            6:00         water.volume +9.999 L
            12:00        water.volume +0 L
            """,
            says: """
                3:00 raised silent-sensor: water.volume: no reading for 3 h
                4:00 raised no-water.blind: no-water cannot tell: water.volume: no reading for 4 h
                6:00 cleared silent-sensor: water.volume: readings again
                6:00 cleared no-water.blind: no-water can see again
                9:00 raised silent-sensor: water.volume: no reading for 3 h
                10:00 raised no-water.blind: no-water cannot tell: water.volume: no reading for 4 h
                12:00 raised no-water: 0.009999 m3 in 12 h, limit 0.01 m3
                12:00 cleared silent-sensor: water.volume: readings again
                12:00 cleared no-water.blind: no-water can see again
                """)
    }

    @Test("A window that is not complete cannot tell")
    func warmUp() {
        var player = Player(home: watched)
        player.play("0:00..3:00 water.volume +0.5 L every 1h")
        expect(player, .cannotTell, "window not complete: 0.0015 m3 in 3 h, limit 0.01 m3 in 12 h")
    }

    @Test("Before the window is complete, enough use is already enough")
    func earlyProof() {
        var player = Player(home: watched)
        player.play("0:00..3:00 water.volume +6 L every 1h")
        expect(player, .fine, "0.012 m3 in 2 h, limit 0.01 m3 in 12 h")
    }

    @Test("Nothing read yet: cannot tell")
    func nothingRead() {
        expect(Player(home: watched), .cannotTell, "water.volume: no reading yet")
    }

    @Test("While the meter is missing the verdict is cannot tell, whatever was used before")
    func missing() {
        var player = Player(home: watched)
        player.play(
            """
            0:00..13:00  water.volume +12 L every 1h
            17:00        end
            """)
        expect(player, .cannotTell, "water.volume: no reading for 4 h")
    }

    @Test("A gap inside which the window begins: the use may lie before or after, so it cannot tell")
    func windowBeginsInAGap() {
        var player = Player(home: home([.water()], [lowUse()]))
        player.play(
            """
            0:00  water.volume +0 L
            8:00  water.volume +15 L
            16:00 water.volume +5 L
            """)
        expect(player, .cannotTell, "between 0.005 m3 and 0.02 m3 in 12 h, limit 0.01 m3")
        // The same use with a reading where the window begins is enough to tell.
        var known = Player(home: home([.water()], [lowUse()]))
        known.play(
            """
            0:00  water.volume +0 L
            4:00  water.volume +0 L
            8:00  water.volume +15 L
            16:00 water.volume +5 L
            """)
        expect(known, .fine, "0.02 m3 in 12 h, limit 0.01 m3 in 12 h")
    }

    @Test("After a long outage the difference of the register still judges: nothing was used")
    func outageWithoutUse() {
        expectTimeline(
            home([.water()], [lowUse()]),
            """
            0:00..2:00  water.volume +12 L every 1h
            30:00       water.volume +2 L
            """,
            says: "30:00 raised no-water: 0.002 m3 in 12 h, limit 0.01 m3")
    }

    @Test("After an outage the register shows that water was used: nothing is raised")
    func outageWithUse() {
        expectTimeline(
            home([.water()], [lowUse()]),
            """
            0:00..2:00    water.volume +12 L every 1h
            10:00         water.volume +20 L
            11:00..21:00  water.volume +0 L every 1h
            """,
            says: "")
    }

    @Test("Never raised without a reading at the window's end: there is no timer")
    func noTimer() {
        expectTimeline(
            home([.water()], [lowUse()]),
            """
            0:00..5:00  water.volume +0 L every 1h
            30:00       end
            """,
            says: "")
    }

    @Test("A register that goes back is noted once, and the window begins anew")
    func counterReset() {
        expectTimeline(
            home([.water()], [lowUse(), lowUse("no-water-either")]),
            """
            0:00..10:00   water.volume +12 L every 1h
            11:00         water.volume = 3 L
            12:00..22:00  water.volume +0 L every 1h
            23:00         water.volume +0 L
            """,
            says: """
                11:00 note counter-reset: water.volume: the register went back from 5.132 m3 to 0.003 m3; counted anew from there
                23:00 raised no-water: 0 m3 in 12 h, limit 0.01 m3
                23:00 raised no-water-either: 0 m3 in 12 h, limit 0.01 m3
                """)
    }

    @Test("A reset while the alert is open neither clears it nor raises another")
    func resetDuringAlert() {
        expectTimeline(
            home([.water()], [lowUse()]),
            """
            0:00..12:00   water.volume +0 L every 1h
            13:00         water.volume = 3 L
            14:00..26:00  water.volume +0 L every 1h
            """,
            says: """
                12:00 raised no-water: 0 m3 in 12 h, limit 0.01 m3
                13:00 note counter-reset: water.volume: the register went back from 5 m3 to 0.003 m3; counted anew from there
                """)
    }

    @Test("Use again: cleared when the limit is reached, and the next lack is a new alert")
    func clearsAndComesBack() {
        expectTimeline(
            home([.water()], [lowUse()]),
            """
            0:00..12:00   water.volume +0 L every 1h
            13:00         water.volume +6 L
            14:00         water.volume +6 L
            15:00..27:00  water.volume +0 L every 1h
            """,
            says: """
                12:00 raised no-water: 0 m3 in 12 h, limit 0.01 m3
                14:00 cleared no-water: 0.012 m3 in 2 h, limit 0.01 m3 in 12 h
                25:00 raised no-water: 0.006 m3 in 12 h, limit 0.01 m3
                """)
    }

    @Test("Energy is judged like water, in kilowatt-hours")
    func energy() {
        expectTimeline(
            home([.power()], [lowUse("no-power", of: "power.energy", window: .hours(24), below: 100_000)]),
            "0:00..24:00 power.energy +2.5 Wh every 1h",
            says: "24:00 raised no-power: 0.06 kWh in 24 h, limit 0.1 kWh")
    }

    @Test("A warning before the window completes; use takes it back; without use it is raised on time")
    func preAlarm() {
        expectTimeline(
            home([.water()], [lowUse(warnFor: .minutes(10))]),
            """
            0:00          water.volume +0 L
            1:00          water.volume +20 L
            1:01..12:54   water.volume +0 L every 1m
            12:55         water.volume +12 L
            12:56..25:00  water.volume +0 L every 1m
            """,
            says: """
                sound pre-alarm
                12:50 pre-alarm no-water: 0 m3 in 11 h 50 min, limit 0.01 m3 in 12 h
                sound silent
                12:55 cancelled no-water: 0.012 m3 in 1 min, limit 0.01 m3 in 12 h
                sound pre-alarm
                24:45 pre-alarm no-water: 0 m3 in 11 h 50 min, limit 0.01 m3 in 12 h
                sound silent
                24:55 raised no-water: 0 m3 in 12 h, limit 0.01 m3
                """)
    }

    @Test("A pre-alarm's id is the moment at which it will be raised, and stays when it is")
    func preAlarmIdentity() {
        var player = Player(home: home([.water()], [lowUse(warnFor: .minutes(10))]))
        player.play("0:00..11:50 water.volume +0 L every 10m")
        #expect(player.engine.openAlerts.map(\.id) == ["no-water/2026-01-01T12:00:00Z"])
        #expect(player.engine.openAlerts.map(\.state) == [.preAlarm])
        player.play("12:00 water.volume +0 L")
        #expect(player.engine.openAlerts.map(\.id) == ["no-water/2026-01-01T12:00:00Z"])
        #expect(player.engine.openAlerts.map(\.state) == [.raised])
    }

    @Test("A suspect reading is not judged by")
    func suspect() {
        expectTimeline(
            home([.water()], [lowUse()]),
            """
            0:00..11:00  water.volume +0 L every 1h
            12:00        water.volume suspect
            13:00        water.volume +0 L
            """,
            says: "13:00 raised no-water: 0 m3 in 12 h, limit 0.01 m3")
    }

    @Test("A drip in very fine counts: memory stays bounded, the verdict stays right, the snapshot small")
    func bounded() throws {
        var engine = RuleEngine(home: home([.water()], [lowUse()]), at: midnight)
        var raisedAt: Instant?
        for poll in 0..<10_000 {  // 27 h at 10 s, one millilitre each: 4.32 L in 12 h
            let time = midnight + .seconds(Int64(poll) * 10)
            let said = engine.observe(Reading(signal: SignalID(0), time: time, value: Int64(poll)))
            if case .alert(.raised, _, let at)? = said.last { raisedAt = at }
        }
        let late = try #require(raisedAt) - (midnight + .hours(12))
        #expect(late >= .zero && late <= .minutes(2))
        #expect(engine.ruleReports()[0].verdict == .wrong)
        #expect(try encoded(engine.snapshot).count < 50_000)
    }

    private func expect(
        _ player: Player, _ verdict: Verdict, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let report = player.engine.ruleReports()[0]
        #expect(report.verdict == verdict, sourceLocation: sourceLocation)
        #expect(report.reason == reason, sourceLocation: sourceLocation)
    }
}
