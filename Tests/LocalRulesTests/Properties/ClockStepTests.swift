// A wall clock that is set by a second or a month, or that begins in 1970, neither fires nor suppresses anything.

import Testing

@testable import LocalRules

@Suite("Clock steps") struct ClockStepTests {
    private func play(_ lived: LivedHome, stepping random: inout Random, isStepped: Bool) -> (
        said: [Said], atSteps: [Said]
    ) {
        var engine = RuleEngine(home: lived.model, at: midnight)
        var (said, atSteps): ([Said], [Said]) = ([], [])
        var next = midnight
        // Whoever has no battery-backed clock boots in 1970.
        var (offset, trust) = (Span.milliseconds(-midnight.milliseconds), ClockTrust.none)
        for reading in lived.readings() {
            said += engine.observe(reading).steps
            guard isStepped, reading.time >= next else { continue }
            let due = engine.advance(to: reading.time).steps
            let directives = engine.setWallClock(offset: offset, trust: trust, at: reading.time)
            said += due + directives.steps
            atSteps += directives.steps
            next = reading.time + .minutes(1 + random.number(300))
            offset = step(&random)
            trust = random.chance(1, of: 4) ? .none : .synchronised
        }
        return (said, atSteps)
    }

    /// From a second to thirty days, either way; as often short as long.
    private func step(_ random: inout Random) -> Span {
        let most: Int64 = [2, 60, 3600, 86_400, 2_592_000][Int(random.number(5))]
        let seconds = 1 + random.number(most)
        return .seconds(random.chance(1, of: 2) ? seconds : -seconds)
    }

    @Test(
        "Rules that count time say the same at the same moments, whatever the wall clock shows",
        arguments: propertySeeds(2))
    func durations(seed: UInt64) {
        let lived = LivedHome(seed: seed, byTheClock: false)
        var random = Random(seed: seed)
        let (still, _) = play(lived, stepping: &random, isStepped: false)
        let (stepped, atSteps) = play(lived, stepping: &random, isStepped: true)
        #expect(stepped == still, "seed \(seed)")
        #expect(atSteps == [], "seed \(seed)")
        #expect(still.count > 20, "seed \(seed)")
    }

    @Test(
        "Rules that ask for the time of day raise nothing and end nothing in the moment of a step",
        arguments: propertySeeds(2))
    func hours(seed: UInt64) {
        let lived = LivedHome(seed: seed)
        var random = Random(seed: seed)
        let (said, atSteps) = play(lived, stepping: &random, isStepped: true)
        // A warning may be taken back, because the new clock says that there is time left.
        #expect(atSteps.filter { $0.event != .cancelled } == [], "seed \(seed)")
        #expect(said.count > 20, "seed \(seed)")
    }
}
