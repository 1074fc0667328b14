// What runs by itself: a drip in an empty flat, judged at readings, subtracted, and said.

import Testing

@testable import LocalRules

@Suite("Base use") struct BaseUseTests {
    /// Days of a register with a steady drip and, where `isLived`, an ordinary life: water in the morning, at noon and
    /// in the evening, and once in most nights.
    private func play(
        _ engine: inout RuleEngine, hours: Range<Int64>, poll: Span, step: Int64, dripPerHour: Int64, isLived: Bool
    ) -> [String] {
        var said: [String] = []
        var time = midnight + .hours(hours.lowerBound)
        while time < midnight + .hours(hours.upperBound) {
            let elapsed = (time - midnight).milliseconds
            var used = 50_000_000 + dripPerHour * elapsed / 3_600_000
            if isLived { used += lived(elapsed) }
            said += engine.observe(Reading(signal: SignalID(0), time: time, value: used / step * step)).map(line)
            time = time + poll
        }
        return said
    }

    private func lived(_ elapsed: Int64) -> Int64 {
        let (day, minute) = (elapsed / 86_400_000, elapsed % 86_400_000 / 60_000)
        var used = day * 90_000
        for (start, amount) in [
            (Int64(150), Int64(6000)), (405, 21_000), (430, 9000), (720 + day % 7 * 9, 14_000), (1080, 18_000),
            (1320, 22_000),
        ] where minute >= start { used += min(amount, (minute - start) * 6000) }
        return used
    }

    private func flat(step: Int64, poll: Span, _ rules: [NamedRule]) -> HomeModel {
        home(
            [
                SignalModel(
                    name: "water.volume", source: .meter(.volume), silentAfter: max(poll * 3, .minutes(5)), step: step)
            ], rules)
    }

    static let meters: [(step: Int64, poll: Span)] = [
        (100, .seconds(10)), (1000, .seconds(10)), (100, .hours(1)), (1000, .hours(1)),
    ]

    @Test("A drip of 0.84 L/h in an empty flat: the city's rule is reported as masked within 24 h", arguments: meters)
    func drip(step: Int64, poll: Span) {
        var engine = RuleEngine(home: flat(step: step, poll: poll, [lowUse()]), at: midnight)
        let said = play(&engine, hours: 0..<48, poll: poll, step: step, dripPerHour: 840, isLived: false)
        let masked = said.filter { $0.contains("raised no-water.masked") }
        #expect(masked.count == 1, "\(said)")
        #expect(masked.first.map { instant(String($0.split(separator: " ")[0])) <= midnight + .hours(24) } ?? false)
        #expect(!said.contains { $0.contains("raised no-water:") })
    }

    @Test("The same drip where somebody lives: she draws in lumps, so it takes three nights", arguments: meters)
    func dripBesideLife(step: Int64, poll: Span) {
        var engine = RuleEngine(home: flat(step: step, poll: poll, [lowUse()]), at: midnight)
        let said = play(&engine, hours: 0..<96, poll: poll, step: step, dripPerHour: 840, isLived: true)
        let masked = said.filter { $0.contains("no-water.masked") }
        #expect(masked.count == 1 && masked[0].starts(with: "72:00 raised no-water.masked"), "\(said)")
    }

    @Test("Somebody who looks in and flushes does not end the leak, and a restart does not forget it")
    func visitorBesideLeak() {
        expectTimeline(
            home([.water(silentAfter: .hours(3))], [lowUse()]),
            """
            0:00..29:00   water.volume +1 L every 1h
            20:00         restart after 1m
            29:30         water.volume +30 L
            30:00..48:00  water.volume +1 L every 1h
            49:00..50:00  water.volume +0 L every 1h
            """,
            says: """
                23:00 raised no-water.masked: no-water cannot speak: water.volume never stops; 0.023 m3 used, some in every 2 h, for 23 h, limit 23 h
                50:00 cleared no-water.masked: no-water can speak again
                """)
    }

    @Test("On a register of 10 L steps a drip cannot be told from a life of few words: nothing is claimed")
    func coarse() {
        var engine = RuleEngine(home: flat(step: 10_000, poll: .hours(1), [lowUse()]), at: midnight)
        let said = play(&engine, hours: 0..<96, poll: .hours(1), step: 10_000, dripPerHour: 840, isLived: false)
        #expect(said.isEmpty)
    }

    @Test("A year of ordinary days: never reported as masked, and nobody is missed", arguments: meters.suffix(2))
    func ordinaryYear(step: Int64, poll: Span) {
        let rules = [lowUse(), noActivity(of: ["water.volume"], silentFor: .hours(14))]
        var engine = RuleEngine(home: flat(step: step, poll: poll, rules), at: midnight)
        #expect(play(&engine, hours: 0..<8760, poll: poll, step: step, dripPerHour: 0, isLived: true).isEmpty)
    }

    @Test("Ordinary days at ten seconds, with a register that shows every decilitre", arguments: meters.prefix(2))
    func ordinaryWeeks(step: Int64, poll: Span) {
        let rules = [lowUse(), noActivity(of: ["water.volume"], silentFor: .hours(14))]
        var engine = RuleEngine(home: flat(step: step, poll: poll, rules), at: midnight)
        #expect(play(&engine, hours: 0..<480, poll: poll, step: step, dripPerHour: 0, isLived: true).isEmpty)
    }

    @Test(
        "A person with a drip falls: the drip is no sign of life, and fourteen hours later she is found",
        arguments: meters)
    func fallWithDrip(step: Int64, poll: Span) {
        let rules = [noActivity(of: ["water.volume"], silentFor: .hours(14))]
        var engine = RuleEngine(home: flat(step: step, poll: poll, rules), at: midnight)
        let lived = play(&engine, hours: 0..<127, poll: poll, step: step, dripPerHour: 840, isLived: true)
        #expect(!lived.contains { $0.contains("raised nobody-moves:") }, "\(lived)")
        // After breakfast on the sixth day there is only the drip.
        let offset = self.lived(127 * 3_600_000 - poll.milliseconds)
        var said: [String] = []
        var time = midnight + .hours(127)
        while time < midnight + .hours(150) {
            let used = 50_000_000 + 840 * (time - midnight).milliseconds / 3_600_000 + offset
            said += engine.observe(Reading(signal: SignalID(0), time: time, value: used / step * step)).map(line)
            time = time + poll
        }
        let raised = said.first { $0.contains("raised nobody-moves:") }
        // At seven she still used water, and an hour of readings may hold some of it.
        #expect(
            raised.map { instant(String($0.split(separator: " ")[0])) <= midnight + .hours(127 + 16) } ?? false,
            "\(said)")
    }

    @Test("An hourly meter: judged at the reading after the deadline, which may deny it; warned before that reading")
    func judgedAtReading() {
        let signals = [SignalModel.water(silentAfter: .hours(3))]
        expectTimeline(
            home(signals, [noActivity(of: ["water.volume"], silentFor: .minutes(750), warnFor: .minutes(10))]),
            """
            0:00..7:00   water.volume  +2 L every 1h
            8:00..19:00  water.volume  +0 L every 1h
            20:00        water.volume  +1 L
            21:00..33:00 water.volume  +0 L every 1h
            """,
            says: """
                sound pre-alarm
                19:50 pre-alarm nobody-moves: no sign of life for 12 h 50 min (last: water.volume), limit 12 h 30 min
                sound silent
                20:00 cancelled nobody-moves: sign of life: water.volume
                sound pre-alarm
                32:50 pre-alarm nobody-moves: no sign of life for 12 h 50 min (last: water.volume), limit 12 h 30 min
                sound silent
                33:00 raised nobody-moves: no sign of life for 13 h (last: water.volume), limit 12 h 30 min
                """)
    }

    @Test("A meter that falls silent delays nobody for longer than its supervision")
    func silentMeterDelaysNoLonger() {
        expectTimeline(
            home(
                [.water(silentAfter: .hours(3)), .input("motion", .motion)],
                [noActivity(of: ["water.volume", "motion"], silentFor: .hours(12))]),
            """
            0:00..10:00  water.volume  +0 L every 1h
            0:30         motion on
            13:30        end
            """,
            says: """
                13:00 raised nobody-moves: no sign of life for 12 h 30 min (last: motion), limit 12 h; water.volume: no reading for 3 h
                13:00 raised silent-sensor: water.volume: no reading for 3 h
                """)
    }
}
