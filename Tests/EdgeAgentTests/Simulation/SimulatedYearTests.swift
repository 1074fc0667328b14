// A year of the simulated home in seconds: its story, its meters and its configuration, before the rules alone.

import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct SimulatedYearTests {
    /// What the simulated home's rules say in `days` days, with so many millilitres an hour that flow by themselves.
    /// Meters are read each minute while something flows and every four minutes else, which supervision allows.
    private func play(seed: UInt64, days: Int, dripPerHour: Int64) throws -> [Alert] {
        let home = try load(SimulatedHome.configuration(serialPort: "/dev/pts/9", broker: nil)).home
        var world = SimulatedWorld(story: SimulatedLife.story(seed: seed, days: days))
        var engine = RuleEngine(home: home, at: SimulatedHome.start)
        func id(_ name: String) -> SignalID { SignalID(home.signals.firstIndex { $0.name == name } ?? -1) }
        let (water, meters) = (id("water.volume"), [id("power.energy"), id("power.power")])
        var raised: [Alert] = []
        func hear(_ directives: [Directive]) {
            for case .alert(.raised, let alert, _) in directives { raised.append(alert) }
        }
        func read(_ signal: SignalID, _ value: Int64, at time: Instant) {
            hear(engine.observe(Reading(signal: signal, time: time, value: value)))
        }
        for (index, signal) in home.signals.enumerated() {
            if case .input = signal.source { read(SignalID(index), 0, at: SimulatedHome.start) }
        }
        var litres: Int64 = 0
        for minute in 0..<Int64(days) * 1440 {
            while let next = world.nextChange, next <= minute * 60_000 {
                for change in world.advance(to: next) {
                    read(id(change.line), change.isActive ? 1 : 0, at: SimulatedHome.start + .milliseconds(next))
                }
            }
            _ = world.advance(to: minute * 60_000)
            let now = SimulatedHome.start + .minutes(minute)
            let counted = (world.volume + dripPerHour * minute / 60) / 1000
            if counted != litres || minute % 4 == 0 { read(water, counted * 1000, at: now) }
            litres = counted
            guard minute % 4 == 0 else { continue }
            for (signal, value) in zip(meters, [world.energy / 1000 * 1000, world.power]) {
                read(signal, value, at: now)
            }
        }
        return raised
    }

    @Test func aYearOfOrdinaryDaysIsNeverMasked() throws {
        let raised = try play(seed: 42, days: 365, dripPerHour: 0)
        print("a simulated year, seed 42: \(raised.map(\.id))")
        #expect(!raised.contains { $0.kind == "masked" })
        // The day on which nobody moves, and the press of the morning after: the rules were awake.
        #expect(Set(raised.map(\.rule)).isSuperset(of: ["nobody-moves", "no-water", "panic"]))
    }

    @Test func theSameHomeWithADripIs() throws {
        let raised = try play(seed: 42, days: 7, dripPerHour: 840).filter { $0.kind == "masked" }
        #expect(raised.map(\.rule) == ["no-water.masked", "nobody-moves.masked"])
        // The day on which nobody moves holds nothing but the drip.
        #expect(raised.first.map { $0.raised <= SimulatedHome.start + .hours(48) } ?? false)
    }
}
