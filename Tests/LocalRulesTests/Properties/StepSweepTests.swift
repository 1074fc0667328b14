// low-use through meters of any step, against what was really used.

import Testing

@testable import LocalRules

@Suite("Steps") struct StepSweepTests {
    // A register in steps of q shows D when more than D − q and less than D + q was used. low-use judges D, as the
    // cities write it, so its verdict is right to within one step (check-config: E408, W101):
    //
    //     really used since the window's start    wrong    fine    cannot tell
    //     ────────────────────────────────────    ─────    ────    ───────────
    //     limit − q or less                       yes      no      no
    //     between limit − q and limit + q         may be   may be  no
    //     limit + q or more                       no       yes     no
    //     differs by more between two readings    –        –       may be
    @Test(
        "0.1 L to 1 m3: wrong never of a limit and a step, fine never of a step less than the limit",
        arguments: [100, 1000, 10_000, 100_000, 1_000_000] as [Int64], propertySeeds(3))
    func lowUse(step: Int64, seed: UInt64) {
        var random = Random(seed: seed &* 31 &+ UInt64(step))
        let (window, below) = (Span.hours(12), Int64(50_000))
        let watched = home([.water(step: step)], [LocalRulesTests.lowUse(window: window, below: below)])
        var engine = RuleEngine(home: watched, at: midnight)
        var (used, time) = (random.number(5_000_000), midnight)
        var history: [(time: Instant, used: Int64)] = []
        var seen: Set<Verdict> = []
        for hour in 0..<1200 {
            // Days of little, of much and of middling use, read about once an hour.
            let most: Int64 = [1000, 40_000, 9000][hour / 50 % 3]
            time = time + .minutes(50 + random.number(20))
            used += random.number(most)
            history.append((time, used))
            _ = engine.observe(Reading(signal: SignalID(0), time: time, value: used / step * step))
            let verdict = engine.ruleReports()[0].verdict
            seen.insert(verdict)
            // What was used since the window's start lies between these two, whatever happened between readings.
            guard let before = history.last(where: { $0.time <= time - window }),
                let inside = history.first(where: { $0.time >= time - window })
            else {
                #expect(verdict != .wrong, "seed \(seed), step \(step), hour \(hour): the window is not complete")
                continue
            }
            let (least, most12) = (used - inside.used, used - before.used)
            let place = "seed \(seed), step \(step), hour \(hour): \(verdict), \(least) to \(most12) mL"
            switch verdict {
            case .wrong: #expect(most12 < below + step, "\(place)")
            case .fine: #expect(least > below - step, "\(place)")
            case .cannotTell: #expect(most12 > below - step && least < below + step, "\(place)")
            }
            if most12 <= below - step { #expect(verdict == .wrong, "\(place)") }
            if least >= below + step { #expect(verdict == .fine, "\(place)") }
        }
        #expect(seen.isSuperset(of: [.fine, .wrong]), "seed \(seed), step \(step)")
    }
}
