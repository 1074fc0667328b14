// Fewer and fewer readings arrive: *wrong* is only said of what was seen.

import Testing

@testable import LocalRules

@Suite("Coverage") struct CoverageTests {
    /// What arrived of one signal.
    private typealias History = [(time: Instant, value: Int64)]

    @Test(
        "From all readings to none: wrong is never said when the window's ends are unknown",
        arguments: [100, 85, 60, 30, 0] as [Int64], propertySeeds(1))
    func coverage(percent: Int64, seed: UInt64) {
        let lived = LivedHome(seed: seed, byTheClock: false)
        var random = Random(seed: seed &* 100 &+ UInt64(percent))
        var engine = RuleEngine(home: lived.model, at: midnight)
        var histories = [History](repeating: [], count: lived.model.signals.count)
        var (isHeard, until) = (percent > 0, midnight)
        var (seen, unfounded): (Set<String>, Set<String>) = ([], [])
        for reading in lived.readings(until: .days(3)) {
            if reading.time >= until {
                // Now heard for a while, now not: together as long as the percentage says.
                let length = Span.minutes(1 + random.number(random.chance(1, of: 4) ? 600 : 20))
                until = reading.time + length
                isHeard = random.number(100) < percent
            }
            let index = reading.signal.index
            let isLine = lived.lines.contains(reading.signal)
            _ = engine.observe(
                isHeard ? reading : isLine ? .missing(reading.signal, at: reading.time) : reading.suspect)
            _ = engine.advance(to: reading.time)
            guard isHeard else { continue }
            histories[index].append((reading.time, reading.value))
            for (rule, model) in lived.model.rules.enumerated()
            where engine.standings[rule].judgement.verdict == .wrong && model.kind.signals.contains(reading.signal) {
                seen.insert(model.name)
                // One line for each home: what is compared is long.
                if !isKnown(model.kind, histories, at: engine.now) {
                    unfounded.insert("\(model.name) at \(clock(reading.time))")
                }
            }
        }
        #expect(unfounded.isEmpty, "seed \(seed), \(percent) %: \(unfounded.sorted().prefix(3))")
        if percent == 0 { #expect(seen == [] || seen == ["visit"]) }
        if percent >= 80 { #expect(seen.count > 4, "\(seen)") }
    }

    /// Whether what arrived is enough to call it wrong.
    private func isKnown(_ kind: RuleModel.Kind, _ histories: [History], at now: Instant) -> Bool {
        switch kind {
        case .lowUse(let signal, let window, let below):
            let history = histories[signal.index]
            guard let newest = history.last else { return false }
            return history.contains { $0.time <= newest.time - window && newest.value - $0.value < below }
        case .highUse(let signal, let window, let above):
            let history = histories[signal.index]
            guard let newest = history.last else { return false }
            return history.contains { $0.time >= newest.time - window && newest.value - $0.value > above }
        case .continuousUse(let signal, let slot, let span, let atLeast):
            let history = histories[signal.index]
            guard let newest = history.last, let first = history.last(where: { $0.time <= newest.time - span })
            else { return false }
            return (newest.value - first.value) / atLeast >= span.milliseconds / slot.milliseconds
        case .beyond(let signal, let limits, let holdFor):
            let history = histories[signal.index]
            guard let newest = history.last else { return false }
            let back = limits.below.map { $0 + limits.hysteresis } ?? 0
            let run = history.reversed().prefix { $0.value < back }
            return run.last.map { newest.time - $0.time >= holdFor } ?? false
        case .inputActive(let signal, _, _): return histories[signal.index].last?.value == 1
        case .noActivity(let signals, .lasting(let span)):
            return !signals.contains { histories[$0.index].hasSign(from: now - span) }
        case .heatAndStill(let temperatures, let activity, let terms):
            return temperatures.contains { !histories[$0.index].isEmpty }
                && !activity.contains { histories[$0.index].hasSign(from: now - terms.stillFor) }
        case .noActivity, .visitOverdue, .notReturned, .activeWhileAway: return true
        }
    }
}

extension Reading {
    fileprivate var suspect: Reading { Reading(signal: signal, time: time, value: 0, quality: .suspect) }
}

extension [(time: Instant, value: Int64)] {
    /// Something rose after that moment, between two readings that arrived.
    fileprivate func hasSign(from start: Instant) -> Bool {
        zip(self, dropFirst()).contains { $1.time > start && $1.value > $0.value }
    }
}
