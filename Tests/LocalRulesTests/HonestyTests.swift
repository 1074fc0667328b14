// Motion sensors against the rest of the home: one that sees nothing although somebody is there, and one that never
// rests although nobody uses water.

import Testing

@testable import LocalRules

@Suite("Sensor honesty") struct HonestyTests {
    private let bedroom = SignalModel.input("motion", .motion)
    private let hall = SignalModel.input("hall", .motion)
    private let balcony = SignalModel(name: "balcony", source: .input(.door), silentAfter: nil, leadsOut: false)

    @Test("Water runs all day and the motion sensor sees nothing: the sensor is suspect, until it moves again")
    func suspect() {
        expectTimeline(
            home([.water(), bedroom], []),
            """
            0:30         motion        on
            0:31         motion        off
            0:00..40:00  water.volume  +3 L every 2h
            41:00        motion        on
            """,
            says: """
                26:00 raised motion.suspect: motion: no motion for 25 h 29 min at home, limit 24 h, although others showed life in 13 hours of it (last: water.volume)
                41:00 cleared motion.suspect: motion: motion again
                """)
    }

    @Test("A sensor that never moved since the start is suspect as well; a door shows life, an energy does not")
    func never() {
        expectTimeline(
            home([bedroom, balcony, .power()], []),
            """
            0:00         motion        off
            0:00         balcony       off
            0:00..60:00  power.energy  +9 L every 1h
            2:00..20:00  balcony       on every 4h
            3:00..22:00  balcony       off every 4h
            25:00        balcony       on
            """,
            says:
                "25:00 raised motion.suspect: motion: no motion for 25 h at home, limit 24 h, although others showed life in 11 hours of it (last: balcony)"
        )
    }

    @Test("A collapse is no fault of the sensor: after it nothing else shows life, and the rule speaks")
    func collapse() {
        expectTimeline(
            home([.water(), bedroom], [noActivity(of: ["motion", "water.volume"])]),
            """
            0:00..8:00   water.volume  +3 L every 1h
            1:00..8:00   motion        on every 1h
            1:01..8:01   motion        off every 1h
            9:00..40:00  water.volume  +0 L every 1h
            """,
            says: "20:00 raised nobody-moves: no sign of life for 12 h (last: motion), limit 12 h")
    }

    @Test("Five hours with life in two days are a neighbour with a key, six are somebody who lives there")
    func hoursOfLife() {
        let flat = home([.water(), bedroom], [])
        expectTimeline(
            flat,
            """
            0:00          motion        off
            0:00          water.volume  = 0 L
            30:00..34:00  water.volume  +3 L every 1h
            34:20         water.volume  +3 L
            40:00         end
            """, says: "")
        expectTimeline(
            flat,
            """
            0:00          motion        off
            0:00          water.volume  = 0 L
            30:00..35:00  water.volume  +3 L every 1h
            """,
            says:
                "35:00 raised motion.suspect: motion: no motion for 35 h at home, limit 24 h, although others showed life in 6 hours of it (last: water.volume)"
        )
    }

    @Test("The silence of a suspect sensor is no evidence: the rule that has only this one is blind, and that is said")
    func noEvidence() {
        expectTimeline(
            home([bedroom, hall], [noActivity(of: ["motion"], silentFor: .hours(30))]),
            """
            0:00         motion        on
            0:01         motion        off
            1:00..60:00  hall          on every 1h
            1:01..60:01  hall          off every 1h
            61:00        motion        on
            61:01        motion        off
            91:00        end
            """,
            says: """
                25:00 raised motion.suspect: motion: no motion for 24 h 59 min at home, limit 24 h, although others showed life in 25 hours of it (last: hall)
                26:00 raised nobody-moves.blind: nobody-moves cannot tell: motion: suspect for 1 h, saw nothing while others did
                61:00 cleared nobody-moves.blind: nobody-moves can see again
                61:00 cleared motion.suspect: motion: motion again
                91:00 raised nobody-moves: no sign of life for 30 h (last: motion), limit 30 h
                """)
    }

    @Test("Days away do not count; a guest's room that once rested for four days may rest for eight, but a week is all")
    func awayAndGuests() {
        expectTimeline(
            home([.water(), bedroom], []),
            """
            0:00           motion        on
            0:01           motion        off
            1:00..12:00    water.volume  +3 L every 1h
            12:30          set away 90h
            100:00         water.volume  +3 L
            101:00..111:00 water.volume  +3 L every 1h
            112:00         motion        on
            """,
            says: """
                12:30 note mode: away for 0 s (set by Li), expected back within 3 d 18 h
                101:00 note mode: home: water.volume after 3 d 15 h away
                """)
        expectTimeline(
            home([bedroom, hall], []),
            """
            0:00           motion        on
            0:01           motion        off
            1:00..300:00   hall          on every 2h
            1:01..300:01   hall          off every 2h
            96:01          motion        on
            96:02          motion        off
            """,
            says: """
                25:00 raised motion.suspect: motion: no motion for 24 h 59 min at home, limit 24 h, although others showed life in 13 hours of it (last: hall)
                96:01 cleared motion.suspect: motion: motion again
                265:00 raised motion.suspect: motion: no motion for 7 d at home, limit 7 d, although others showed life in 85 hours of it (last: hall)
                """)
    }

    @Test("Motion day and night and no water for a day: stuck, or somebody who cannot leave the bed; water ends it")
    func bedBound() {
        expectTimeline(
            home([.water(), bedroom], []),
            """
            0:00..40:00  water.volume  +0 L every 1h
            2:00         water.volume  +5 L
            0:30..40:00  motion        on every 3h
            0:31..40:00  motion        off every 3h
            41:00        water.volume  +2 L
            """,
            says: """
                26:00 raised motion.constant: motion: motion for 25 h 30 min without a pause of 4 h, and no water for 24 h, limit 24 h: sensor stuck, a pet, or somebody who cannot leave the bed
                41:00 cleared motion.constant: motion: water used 0 s ago
                """)
    }

    @Test("A contact that hangs is the same; a pause of four hours ends it")
    func stuck() {
        expectTimeline(
            home([.water(), bedroom], []),
            """
            0:00..40:00  water.volume  +0 L every 1h
            1:00         motion        on
            30:00        motion        off
            40:00        end
            """,
            says: """
                25:00 raised motion.constant: motion: motion for 24 h without a pause of 4 h, and no water for 25 h, limit 24 h: sensor stuck, a pet, or somebody who cannot leave the bed
                34:00 cleared motion.constant: motion: a pause of 4 h or more
                """)
    }

    @Test(
        "Nothing is said: with a night's pause, with water, without a water meter, while somebody works there",
        arguments: [
            (
                true,
                """
                0:00..50:00    water.volume  +0 L every 1h
                6:00..22:00    motion        on every 1h
                6:01..22:01    motion        off every 1h
                30:00..46:00   motion        on every 1h
                30:01..46:01   motion        off every 1h
                """
            ),
            (
                true,
                """
                0:00..50:00    water.volume  +0 L every 1h
                20:00          water.volume  +1 L
                40:00          water.volume  +1 L
                0:30..50:00    motion        on every 3h
                0:31..50:00    motion        off every 3h
                """
            ),
            (
                false,
                """
                0:30..50:00    motion        on every 3h
                0:31..50:00    motion        off every 3h
                """
            ),
            (
                true,
                """
                0:00           water.volume  +0 L
                0:30..30:00    motion        on every 3h
                0:31..30:00    motion        off every 3h
                24:00          set maintenance 4h
                """
            ),
        ])
    func nothingToSay(hasWater: Bool, happenings: String) {
        var player = Player(home: home(hasWater ? [.water(), bedroom] : [bedroom], []))
        player.play(happenings)
        #expect(player.said.filter { !$0.contains("note mode") }.isEmpty)
    }

    @Test("A register of 100 L steps stands still for days in a home that is lived in: nothing is claimed by it")
    func coarseMeter() {
        expectTimeline(
            home([.water(step: 100_000), bedroom], []),
            """
            0:00..40:00  water.volume  +0 L every 1h
            1:00         motion        on
            """, says: "")
    }

    @Test("An hourly meter decides at its reading, which may deny it")
    func hourlyMeter() {
        let flat = home([.water(silentAfter: .hours(3)), bedroom], [])
        expectTimeline(
            flat,
            """
            0:50..24:50  water.volume  +0 L every 1h
            0:00         motion        on
            25:50        water.volume  +4 L
            26:00        end
            """,
            says: """
                24:50 raised motion.constant: motion: motion for 24 h 50 min without a pause of 4 h, and no water for 24 h 50 min, limit 24 h: sensor stuck, a pet, or somebody who cannot leave the bed
                25:50 cleared motion.constant: motion: water used 0 s ago
                """)
        expectTimeline(
            flat,
            """
            0:50..23:50  water.volume  +0 L every 1h
            0:00         motion        on
            24:50        water.volume  +4 L
            25:00        end
            """, says: "")
    }

    @Test("At night nobody is called for it: yellow waits for the morning")
    func quietHours() {
        expectTimeline(
            home([.water(), bedroom], [], quiet: hours("22:00-07:00")),
            """
            0:00..40:00  water.volume  +0 L every 1h
            1:00         motion        on
            """,
            says:
                "31:00 raised motion.constant: motion: motion for 30 h without a pause of 4 h, and no water for 31 h, limit 24 h: sensor stuck, a pet, or somebody who cannot leave the bed"
        )
    }

    @Test("A restart at any moment changes nothing that follows", arguments: PropertyTests.seeds.prefix(12))
    func restarts(seed: UInt64) {
        var random = Random(seed: seed)
        let flat = home(
            [.water(silentAfter: .hours(3)), bedroom, hall, balcony],
            [noActivity(of: ["motion"], silentFor: .hours(14)), noActivity("all", of: ["hall", "motion", "balcony"])],
            escalation: EscalationStep.standard, quiet: hours("22:00-06:30"))
        var running = RuleEngine(home: flat, at: midnight)
        var restarted = running
        var (time, register, said) = (midnight, Int64(0), [String]())
        // Which sensor is busy changes every two days or so: each is suspect at times, and constant at others.
        for _ in 0..<900 {
            time = time + .minutes(5 + random.number(50))
            let phase = (time - midnight).milliseconds / 200_000_000 % 3
            if random.chance(1, of: 3) {
                restarted = RuleEngine(
                    home: flat, restoring: encodedAndDecoded(restarted.snapshot), at: restarted.now)
                let again: [Directive] = restarted.sound == .silent ? [] : [.sound(restarted.sound)]
                #expect(restarted.advance(to: time) == again + running.advance(to: time), "seed \(seed)")
            }
            var signal = Int(random.number(4))
            if signal == 1, phase == 0 { signal = 2 }
            if signal == 0, phase != 2, random.chance(1, of: 2) { register += random.number(4000) }
            if signal == 3, phase == 2 { signal = 1 }
            let value = signal == 0 ? register : random.number(2)
            let reading =
                random.chance(1, of: 60)
                ? Reading.missing(SignalID(signal), at: time)
                : Reading(signal: SignalID(signal), time: time, value: value)
            let directives = running.observe(reading)
            #expect(restarted.observe(reading) == directives, "seed \(seed)")
            if random.chance(1, of: 200) {
                let mode = HomeMode.allCases[Int(random.number(3))]
                #expect(
                    running.setMode(mode, until: nil, by: "Li", at: time)
                        == restarted.setMode(mode, until: nil, by: "Li", at: time), "seed \(seed)")
            }
            #expect(restarted.nextDeadline == running.nextDeadline, "seed \(seed)")
            said += directives.map(line)
        }
        #expect(said.contains { $0.contains(".suspect") || $0.contains(".constant") }, "seed \(seed): \(said)")
    }

    @Test("A power cut of hours is not silence of the sensor, and not a pause that was seen")
    func powerCut() {
        expectTimeline(
            home([.water(), bedroom], []),
            """
            0:00         motion        on
            0:01         motion        off
            1:00..20:00  water.volume  +3 L every 1h
            20:01        restart after 10h
            30:01        water.volume  +0 L
            30:02        motion        off
            31:00..40:00 water.volume  +3 L every 1h
            """,
            says:
                "35:00 raised motion.suspect: motion: no motion for 24 h 58 min at home, limit 24 h, although others showed life in 24 hours of it (last: water.volume)"
        )
    }
}
