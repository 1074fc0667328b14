// silent-sensor and blind: the two implicit rules, row by row.

import Testing

@testable import LocalRules

@Suite("Silent sensors and blind rules") struct SensorTests {
    private let panic = SignalModel.input("panic", .panic)

    @Test("A meter that never answers is silent after its time, counted from the start")
    func neverHeard() {
        expectTimeline(
            home([.water(silentAfter: .minutes(5))], []), "1:00 end",
            says: "0:05 raised silent-sensor: water.volume: no reading for 5 min")
    }

    @Test("Each reading moves the deadline; the next good reading clears")
    func meter() {
        expectTimeline(
            home([.water(silentAfter: .minutes(5))], []),
            """
            0:00..1:00  water.volume +1 L every 1m
            2:00        water.volume +1 L
            2:01        end
            """,
            says: """
                1:05 raised silent-sensor: water.volume: no reading for 5 min
                2:00 cleared silent-sensor: water.volume: readings again
                """)
    }

    @Test("A meter that misses polls is not silent before its time: a missing reading moves nothing")
    func missedPolls() {
        expectTimeline(
            home([.water(silentAfter: .minutes(5))], []),
            """
            0:00        water.volume +1 L
            0:01..0:06  water.volume missing every 1m
            """,
            says: "0:05 raised silent-sensor: water.volume: no reading for 5 min")
    }

    @Test("A suspect reading shows that the sensor lives, but does not bring a missing one back")
    func suspect() {
        expectTimeline(
            home([.water(silentAfter: .minutes(5))], []),
            """
            0:00  water.volume +1 L
            0:04  water.volume suspect
            0:10  water.volume suspect
            0:11  water.volume +1 L
            """,
            says: """
                0:09 raised silent-sensor: water.volume: no reading for 5 min
                0:11 cleared silent-sensor: water.volume: readings again
                """)
    }

    @Test("A line says nothing for days: lines have no deadline")
    func quietLine() {
        expectTimeline(
            home([panic], [active("panic")]),
            """
            0:00   panic off
            99:00  end
            """, says: "")
    }

    @Test("A line that cannot be read for 30 seconds is an alert; shorter, it is none")
    func line() {
        expectTimeline(
            home([.input("motion", .motion)], []),
            """
            1:00     motion missing
            1:00:29  motion off
            2:00     motion missing
            2:00:29  end
            2:00:40  end
            3:00     motion off
            """,
            says: """
                2:00:30 raised silent-sensor: motion: no reading for 30 s
                3:00 cleared silent-sensor: motion: readings again
                """)
    }

    @Test("A panic line that cannot be read blinds its rule, and that is said with the sensor")
    func lifeSafety() {
        expectTimeline(
            home([panic], [active("panic")]),
            """
            0:00     panic off
            1:00     panic missing
            1:01     end
            2:00     panic off
            """,
            says: """
                1:00:30 raised silent-sensor: panic: no reading for 30 s
                1:00:30 raised panic.blind: panic cannot tell: panic: no reading for 30 s
                2:00 cleared silent-sensor: panic: readings again
                2:00 cleared panic.blind: panic can see again
                """)
    }

    @Test("Technical alerts do not sound and do not escalate")
    func quiet() {
        var player = Player(home: home([panic], [active("panic")], escalation: EscalationStep.standard))
        player.play(
            """
            1:00  panic missing
            9:00  end
            """)
        #expect(player.said.count == 2)
        #expect(player.engine.sound == .silent)
    }

    @Test("A rule with a sensor left is not blind; with none left for an hour it is, and says which are silent")
    func blindWhenAllAreMissing() {
        expectTimeline(
            home([.input("motion", .motion), .input("door", .door)], [noActivity(of: ["motion", "door"])]),
            """
            1:00  motion missing
            3:00  door missing
            4:30  end
            5:00  door off
            """,
            says: """
                1:00:30 raised silent-sensor: motion: no reading for 30 s
                3:00:30 raised silent-sensor: door: no reading for 30 s
                4:00 raised nobody-moves.blind: nobody-moves cannot tell: motion: no reading for 3 h, door: no reading for 1 h
                5:00 cleared silent-sensor: door: readings again
                5:00 cleared nobody-moves.blind: nobody-moves can see again
                """)
    }

    @Test("A window that is not complete is not blindness")
    func warmUpIsNotBlind() {
        expectTimeline(
            home([.water(silentAfter: .hours(3))], [lowUse()]), "0:00..11:00 water.volume +0 L every 1h", says: "")
    }

    @Test("Two sensors silent in the same moment: each its own id")
    func sameMoment() {
        var player = Player(home: home([.water(silentAfter: .minutes(5)), .power(silentAfter: .minutes(5))], []))
        player.play("0:05 end")
        #expect(
            player.engine.openAlerts.map(\.id) == [
                "silent-sensor/2026-01-01T00:05:00Z", "silent-sensor/2026-01-01T00:05:00Z/power.energy",
            ])
        #expect(player.engine.openAlerts.map(\.signals) == [["water.volume"], ["power.energy"]])
    }

    @Test("Reports say what is known of each signal")
    func reports() {
        var player = Player(home: home([.water(silentAfter: .minutes(5)), panic], []))
        player.play(
            """
            0:01  water.volume = 7 L
            0:02  panic off
            0:07  end
            """)
        #expect(
            player.engine.signalReports() == [
                SignalReport(signal: "water.volume", value: 7000, time: instant("0:01"), isMissing: true),
                SignalReport(signal: "panic", value: 0, time: instant("0:02"), isMissing: false),
            ])
    }
}
