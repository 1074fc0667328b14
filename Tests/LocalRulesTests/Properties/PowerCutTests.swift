// An agent that is killed, or loses its power, against one that never stopped, in the same home: `CutOracle` says what
// the one has to say where the other does.

import Testing

@testable import LocalRules

@Suite("Power cuts") struct PowerCutTests {
    @Test(
        "Killed or without power at any moment: no alarm is early or lost, and none later than it can be known",
        arguments: propertySeeds(2))
    func alarms(seed: UInt64) {
        let lived = LivedHome(seed: seed)
        let readings = lived.readings()
        var random = Random(seed: seed &+ 1000)
        let outages = outages(readings, lived, &random)
        let oracle = CutOracle(lived, readings, outages)
        let whole = play(lived, readings, [])
        let cut = play(lived, readings, outages)
        #expect(outages.count > 8, "seed \(seed): hardly ever cut off")
        #expect(Set(whole.map(\.rule)).count > 6, "seed \(seed): \(whole)")
        for rule in lived.model.rules {
            let expected = whole.filter { $0.rule == rule.name }
            let said = cut.filter { $0.rule == rule.name }
            guard let complaint = oracle.complaint(rule, whole: expected, said: said) else { continue }
            Issue.record(
                """
                seed \(seed), \(rule.name): \(complaint)
                without cuts: \(expected.filter(\.isCall))
                with cuts:    \(said.filter(\.isCall))
                cuts:         \(outages.map { "\(clock($0.begin)) to \(clock($0.end))" })
                """)
        }
    }

    /// While the agent is gone registers go on as they did, and nothing else changes: what nobody saw, nobody can tell.
    private func outages(_ readings: [Reading], _ lived: LivedHome, _ random: inout Random) -> [Outage] {
        var outages: [Outage] = []
        var time = midnight + .hours(2)
        while time < midnight + LivedHome.length - .hours(6) {
            time = time + .minutes(30 + random.number(240)) + .milliseconds(random.number(60_000))
            let isKill = random.chance(1, of: 2)
            let length = isKill ? Span.seconds(2 + random.number(60)) : .minutes(5 + random.number(235))
            let outage = Outage(
                saved: time - .seconds(random.number(60)), begin: time, end: time + length)
            let last = outage.end + LivedHome.poll * 2
            if lived.changes.contains(where: { $0.at > outage.saved && $0.at <= last }) { continue }
            outages.append(outage)
            time = last
        }
        return outages
    }

    private func play(_ lived: LivedHome, _ readings: [Reading], _ outages: [Outage]) -> [Said] {
        var engine = RuleEngine(home: lived.model, at: midnight)
        var said: [Said] = []
        var saved = engine.snapshot
        var waiting = outages[...]
        var levels: [SignalID: Int64] = [:]
        for reading in readings {
            if let outage = waiting.first, reading.time > outage.begin {
                // Its clock goes on to the end; alarms are written down at once.
                let last = engine.advance(to: outage.begin).steps
                said += last
                if !last.isEmpty { saved = engine.snapshot }
                if reading.time > outage.end {
                    waiting = waiting.dropFirst()
                    engine = RuleEngine(home: lived.model, restoring: encodedAndDecoded(saved), at: outage.end)
                    said += engine.advance(to: outage.end).steps
                    for line in lived.lines {
                        let level = Reading(signal: line, time: outage.end + .seconds(1), value: levels[line] ?? 0)
                        said += engine.observe(level).steps
                    }
                } else {
                    continue
                }
            }
            if lived.lines.contains(reading.signal) { levels[reading.signal] = reading.value }
            let steps = (engine.observe(reading) + engine.advance(to: reading.time)).steps
            said += steps
            // Readings within a minute.
            guard let outage = waiting.first, reading.time > outage.saved - .minutes(5) else { continue }
            if reading.time <= outage.saved || !steps.isEmpty { saved = engine.snapshot }
        }
        return said
    }
}
