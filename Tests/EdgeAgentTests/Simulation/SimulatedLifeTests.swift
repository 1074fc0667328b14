// The simulated home's story and physics: the same from the same seed, and nothing gets lost.

import Drivers
import Testing

@testable import EdgeAgent

@Suite struct SimulatedLifeTests {
    private static let seeds: [UInt64] = [1, 2, 3, 42, .max]
    private let minute: Int64 = 60_000
    /// Milliseconds since the story began, at 06:00 of the first day.
    private func moment(day: Int64, hour: Int64, minute: Int64 = 0) -> Int64 {
        day * SimulatedLife.day + ((hour - 6) * 60 + minute) * self.minute
    }

    @Test(arguments: seeds) func theSameSeedTellsTheSameStory(_ seed: UInt64) {
        let story = SimulatedLife.story(seed: seed, days: 3)
        #expect(story == SimulatedLife.story(seed: seed, days: 3))
        #expect(story != SimulatedLife.story(seed: seed &+ 1, days: 3))
        #expect(story.allSatisfy { $0.at >= 0 })
        #expect(zip(story, story.dropFirst()).allSatisfy { $0.at <= $1.at })
        // A longer story begins as a shorter one, where the days of both have ended.
        let end = SimulatedLife.day * 2
        #expect(story.filter { $0.at < end } == SimulatedLife.story(seed: seed, days: 5).filter { $0.at < end })
    }

    @Test(arguments: seeds) func onTheSecondDayNobodyMoves(_ seed: UInt64) throws {
        let story = SimulatedLife.story(seed: seed, days: 3)
        let people = story.filter { if case .load = $0.change { false } else { true } }
        // Somebody goes to the toilet at night, between 01:45 and 03:15 …
        let last = try #require(people.last { $0.at < moment(day: 2, hour: 6) })
        #expect((moment(day: 1, hour: 1, minute: 45)...moment(day: 1, hour: 3, minute: 20)).contains(last.at))
        #expect(last.change == .flow(-1000 / 12))
        // … and from then on only the fridge's compressor runs, until the third morning.
        let second = story.filter { $0.at > last.at && $0.at < moment(day: 2, hour: 6) }
        #expect(!second.isEmpty)
        #expect(second.allSatisfy { $0.change == .load(82_000) || $0.change == .load(-82_000) })
        // The first day was an ordinary one.
        #expect(people.filter { $0.at < last.at }.count > 50)
    }

    @Test(arguments: seeds) func panicIsPressedOnTheThirdDayAtTwelvePastNine(_ seed: UInt64) {
        let presses = SimulatedLife.story(seed: seed, days: 4).filter {
            if case .line("panic", _) = $0.change { true } else { false }
        }
        let at = moment(day: 2, hour: 9, minute: 12)
        #expect(
            presses == [
                HomeChange(at: at, change: .line("panic", true)),
                HomeChange(at: at + 5000, change: .line("panic", false)),
            ])
    }

    @Test(arguments: seeds) func whateverIsSwitchedOnIsSwitchedOff(_ seed: UInt64) {
        var (flow, load, lines) = (Int64(0), Int64(0), Set<String>())
        for change in SimulatedLife.story(seed: seed, days: 3) {
            switch change.change {
            case .flow(let change): flow += change
            case .load(let change): load += change
            case .line(let name, let isActive):
                if isActive { lines.insert(name) } else { lines.remove(name) }
            }
            #expect(flow >= 0)
            #expect(load >= 0)
        }
        #expect(flow == 0)
        #expect(load == 9_000, "the router stays on")
        #expect(lines.isEmpty)
    }

    @Test func theGeneratorIsSplitMix64() {
        // The reference implementation's first numbers from seed 1234567 (Vigna, splitmix64.c).
        var random = SeededGenerator(seed: 1_234_567)
        let numbers = (0..<3).map { _ in random.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }
}

@Suite struct SimulatedWorldTests {
    /// Millilitres and milliwatt-milliseconds of a story up to `end`, from its changes alone.
    private func drawn(_ story: [HomeChange], until end: Int64) -> (water: Int64, energy: Int64) {
        story.filter { $0.at < end }.reduce(into: (water: 0, energy: 0)) { sum, change in
            switch change.change {
            case .flow(let flow): sum.water += flow * (end - change.at)
            case .load(let load): sum.energy += load * (end - change.at)
            case .line: break
            }
        }
    }

    @Test(arguments: [1, 7, 42] as [UInt64]) func metersNeverFallAndAddUpToWhatWasDrawn(_ seed: UInt64) {
        let story = SimulatedLife.story(seed: seed, days: 3)
        var world = SimulatedWorld(story: story, volume: 1_000_000, energy: 5_000_000)
        var steps = SeededGenerator(seed: seed)
        var time: Int64 = 0
        var last = (volume: world.volume, energy: world.energy)
        while time < 3 * SimulatedLife.day {
            time += Int64.random(in: 1...600_000, using: &steps)
            _ = world.advance(to: time)
            #expect(world.volume >= last.volume)
            #expect(world.energy >= last.energy)
            #expect(world.power >= 0)
            last = (world.volume, world.energy)
        }
        let drawn = drawn(story, until: time)
        #expect(world.volume == 1_000_000 + drawn.water / 1000)
        #expect(world.energy == 5_000_000 + drawn.energy / 3_600_000)
        #expect(world.nextChange == nil)
    }

    @Test func howOftenItIsAskedMakesNoDifference() {
        let story = SimulatedLife.story(seed: 9, days: 1)
        var (often, once) = (SimulatedWorld(story: story), SimulatedWorld(story: story))
        var changes: [String] = []
        for time in stride(from: Int64(0), through: SimulatedLife.day, by: 977) {
            changes += often.advance(to: time).map { "\($0.line) \($0.isActive)" }
        }
        changes += often.advance(to: SimulatedLife.day).map { "\($0.line) \($0.isActive)" }
        #expect(once.advance(to: SimulatedLife.day).map { "\($0.line) \($0.isActive)" } == changes)
        #expect(often.volume == once.volume)
        #expect(often.energy == once.energy)
        #expect(often.lines == once.lines)
    }

    @Test func onlyLinesThatChangeAreSaid() {
        let story = [
            HomeChange(at: 0, change: .line("a", false)), HomeChange(at: 1, change: .line("a", true)),
            HomeChange(at: 2, change: .line("a", true)), HomeChange(at: 5, change: .flow(1000)),
            HomeChange(at: 1005, change: .flow(-1000)),
        ]
        var world = SimulatedWorld(story: story, volume: 0)
        #expect(world.nextChange == 0)
        #expect(world.advance(to: 2).map(\.line) == ["a"])
        #expect(world.nextChange == 5)
        #expect(world.lines == ["a": true])
        // Time that does not go on draws nothing.
        #expect(world.advance(to: 1).isEmpty)
        _ = world.advance(to: 505)
        #expect(world.volume == 500)
        _ = world.advance(to: 100_000)
        #expect(world.volume == 1000)
    }

    @Test func itsConfigurationLoads() throws {
        let configuration = try load(
            SimulatedHome.configuration(serialPort: "/dev/pts/9", broker: "mqtt://127.0.0.1:1883"))
        #expect(configuration.homeID == "simulated")
        #expect(configuration.hasSimulatedLines)
        #expect(configuration.outputs.map(\.kind) == [.siren, .buzzer, .lamp])
        #expect(configuration.warnings.allSatisfy { $0.level != "warning" })
        let lines = Set(configuration.inputs.map(\.settings.line))
        for seed in [1, 2] as [UInt64] {
            for change in SimulatedLife.story(seed: seed, days: 3) {
                if case .line(let name, _) = change.change { #expect(lines.contains(name)) }
            }
        }
        #expect(try load(SimulatedHome.configuration(serialPort: "/dev/pts/9", broker: nil)).upstream == nil)
    }
}
