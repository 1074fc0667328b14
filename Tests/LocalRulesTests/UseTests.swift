// high-use and continuous-use, row by row of their truth tables, and against what was really used.

import Testing

@testable import LocalRules

@Suite("high-use") struct HighUseTests {
    private func flooded(step: Int64? = nil, silentAfter: Span? = nil) -> HomeModel {
        home(
            [.water(silentAfter: silentAfter, step: step)],
            [rule("flood") { .highUse(signal: $0("water.volume"), window: .hours(24), above: 2_000_000) }])
    }

    @Test("Over two cubic metres in a day: raised with the reading that shows it, cleared when it has left the window")
    func raised() {
        expectTimeline(
            flooded(),
            """
            0:00..23:00   water.volume  +10 L every 1h
            24:00..32:00  water.volume  +300 L every 1h
            33:00..60:00  water.volume  +0 L every 1h
            """,
            says: """
                30:00 raised flood: 2.1 m3 in 7 h, limit 2 m3 in 24 h
                50:00 cleared flood: 1.8 m3 in 24 h, limit 2 m3
                """)
    }

    @Test("Too much is too much, however short it has been watched")
    func incomplete() {
        expectTimeline(
            flooded(),
            """
            3:00  water.volume  +0 L
            4:00  water.volume  +2001 L
            """,
            says: "4:00 raised flood: 2.001 m3 in 1 h, limit 2 m3 in 24 h")
    }

    @Test("Exactly the limit is not over it")
    func exactly() {
        expectTimeline(flooded(), "0:00 water.volume +0 L\n24:00 water.volume +2000 L", says: "")
    }

    @Test("Used while the agent was gone: the register has it")
    func restart() {
        expectTimeline(
            flooded(),
            """
            0:00  water.volume  +0 L
            1:00  restart after 5h
            6:01  water.volume  +2500 L
            """,
            says: "6:01 raised flood: 2.5 m3 in 6 h 1 min, limit 2 m3 in 24 h")
    }

    @Test("In a gap of the readings over the window's start it may have been before: cannot tell")
    func gap() {
        var player = Player(home: flooded())
        player.play(
            """
            0:00   water.volume  +0 L
            24:00  water.volume  +1500 L
            25:00  water.volume  +1000 L
            """)
        #expect(player.engine.ruleReports()[0].verdict == .cannotTell)
        #expect(player.engine.ruleReports()[0].reason == "between 1 m3 and 2.5 m3 in 24 h, limit 2 m3")
        #expect(player.said == [])
    }

    @Test(
        "What was really used, seen through meters of any step: wrong is never said of less, fine never of more",
        arguments: [100, 1000, 10_000, 100_000, 1_000_000] as [Int64], 1...6 as ClosedRange<UInt64>)
    func truth(step: Int64, seed: UInt64) {
        var random = Random(seed: seed &* 31 &+ UInt64(step))
        let above: Int64 = 2_000_000
        var engine = RuleEngine(home: flooded(step: step), at: midnight)
        var (used, time) = (random.number(5_000_000), midnight)
        var history: [(time: Instant, used: Int64)] = []
        var seen: Set<Verdict> = []
        for hour in 0..<1200 {
            // Days of little and days of much use, read about once an hour.
            let most: Int64 = hour / 100 % 2 == 0 ? 60_000 : 300_000
            time = time + .minutes(50 + random.number(20))
            used += random.number(most)
            history.append((time, used))
            _ = engine.observe(Reading(signal: SignalID(0), time: time, value: used / step * step))
            let verdict = engine.ruleReports()[0].verdict
            seen.insert(verdict)
            let start = time - .hours(24)
            // What was used since the window's start lies between these two, whatever happened between readings.
            let least = used - (history.first { $0.time >= start }?.used ?? used)
            let most24 = history.last { $0.time <= start }.map { used - $0.used }
            if verdict == .wrong { #expect(most24 ?? .max > above, "seed \(seed), step \(step), hour \(hour)") }
            if verdict == .fine { #expect(least <= above, "seed \(seed), step \(step), hour \(hour)") }
            if verdict == .wrong, let most24 { #expect(most24 > above) }
            // And it says so when there can be no doubt.
            let grain = above / 128
            if least - 2 * step - grain > above { #expect(verdict == .wrong, "seed \(seed), step \(step)") }
            if let most24, most24 + 2 * step + grain < above { #expect(verdict == .fine, "seed \(seed), step \(step)") }
        }
        #expect(seen.isSuperset(of: step > 500_000 ? [.cannotTell] : [.fine, .wrong]), "seed \(seed), step \(step)")
    }

    @Test("Ten-second readings for a month: memory stays bounded")
    func bounded() {
        var engine = RuleEngine(home: flooded(), at: midnight)
        var value: Int64 = 0
        for reading in 0..<(30 * 8640) {
            value += reading % 7 == 0 ? 1000 : 0
            _ = engine.observe(
                Reading(signal: SignalID(0), time: midnight + .seconds(Int64(reading) * 10), value: value))
        }
        #expect(engine.snapshot.rules[0].memory.highUse?.runs.count ?? 0 < 4 * 300)
    }
}

@Suite("continuous-use") struct ContinuousUseTests {
    private func leaking(silentAfter: Span? = nil) -> HomeModel {
        home(
            [.water(silentAfter: silentAfter)],
            [
                rule("leak", warnFor: .zero) {
                    .continuousUse(
                        signal: $0("water.volume"), slot: .minutes(30), span: .hours(24), atLeast: 1000)
                }
            ])
    }

    @Test("A litre in every half hour of a day is a leak; half an hour without any ends it")
    func leak() {
        expectTimeline(
            leaking(),
            """
            0:00..1:00    water.volume  +0 L every 10m
            1:10..26:00   water.volume  +0.5 L every 10m
            26:10..27:00  water.volume  +0 L every 10m
            """,
            says: """
                25:20 raised leak: 0.072 m3 used, some in every 30 min, for 24 h, limit 24 h
                26:30 cleared leak: nothing used for 30 min, limit 24 h with use in every 30 min
                """)
    }

    @Test("Water all day, but half an hour of rest in it: no leak")
    func pause() {
        expectTimeline(
            leaking(),
            """
            0:00..20:00   water.volume  +1 L every 10m
            20:10..20:30  water.volume  +0 L every 10m
            20:40..43:00  water.volume  +1 L every 10m
            """,
            says: "")
    }

    @Test("Four hours without power: a leak that went on as before is still the same leak")
    func restart() {
        expectTimeline(
            leaking(),
            """
            0:00..1:00    water.volume  +0 L every 10m
            1:10..10:00   water.volume  +1 L every 10m
            10:00         restart after 4h
            14:01         water.volume  +24 L
            14:10..26:00  water.volume  +1 L every 10m
            """,
            says: "25:10 raised leak: 0.144 m3 used, some in every 30 min, for 24 h, limit 24 h")
    }

    @Test("Less came through in the gap: it may have paused, so the day is not proven: cannot tell, then a new day")
    func gap() {
        var player = Player(home: leaking())
        player.play(
            """
            0:00..1:00    water.volume  +0 L every 10m
            1:10..10:00   water.volume  +1 L every 10m
            12:01         water.volume  +2 L
            12:10..26:00  water.volume  +1 L every 10m
            """)
        #expect(player.engine.ruleReports()[0].verdict == .cannotTell)
        player.play("26:10..37:00 water.volume +1 L every 10m")
        #expect(player.said.first?.hasPrefix("36:10 raised leak") == true)
    }

    @Test("The first readings say nothing of the hours before them")
    func start() {
        var player = Player(home: leaking())
        player.play("0:00..5:00 water.volume +1 L every 10m")
        #expect(player.engine.ruleReports()[0].verdict == .cannotTell)
        player.play("5:10..5:30 water.volume +0 L every 10m")
        #expect(player.engine.ruleReports()[0].verdict == .fine)
    }

    @Test("A hot plate that was left on: its thermostat switches, the count does not break")
    func hotPlate() {
        expectTimeline(
            home(
                [.meter("power.power", .power)],
                [
                    rule("hot-plate") {
                        .continuousUse(
                            signal: $0("power.power"), slot: .minutes(10), span: .hours(2), atLeast: 1_000_000)
                    }
                ]),
            """
            8:00..8:20    power.power  is 80 every 5m
            8:25..10:35   power.power  is 1500 every 10m
            8:30..10:30   power.power  is 80 every 10m
            10:40..11:00  power.power  is 80 every 5m
            """,
            says: """
                10:25 raised hot-plate: 1000 W or more in every 10 min, for 2 h, limit 2 h
                10:45 cleared hot-plate: nothing used for 10 min, limit 2 h with use in every 10 min
                """)
    }

    @Test(
        "A steady leak of any rate through meters of any step: found in a day and three slots if each slot has a count, else never",
        arguments: [100, 1000, 10_000, 100_000] as [Int64], [200, 2000, 4000, 20_000, 200_000] as [Int64])
    func truth(step: Int64, litresAnHour: Int64) {
        let rate = litresAnHour  // millilitres an hour
        let terms = home(
            [.water(step: step)],
            [
                rule("leak") {
                    .continuousUse(signal: $0("water.volume"), slot: .minutes(30), span: .hours(24), atLeast: step)
                }
            ])
        var engine = RuleEngine(home: terms, at: midnight)
        var raised: Instant?
        for minute in Int64(0)..<(4 * 1440) {
            let value = (rate * minute / 60) / step * step
            let said = engine.observe(Reading(signal: SignalID(0), time: midnight + .minutes(minute), value: value))
            if case .alert(.raised, _, let time)? = said.first, raised == nil { raised = time }
        }
        let halfHour = rate / 2
        if halfHour >= 2 * step {
            #expect(raised.map { $0 <= midnight + .minutes(1530) } == true, "step \(step), \(rate) mL/h")
        }
        if halfHour < step { #expect(raised == nil, "step \(step), \(rate) mL/h") }
    }
}
