// heat-and-still: it is hot, and nobody has moved or left for hours.
//
//     temperatures                        activity signals     hot for `hotFor`, and still for `stillFor`   verdict
//     ─────────────────────────────────   ──────────────────   ──────────────────────────────────────────   ───────────
//     all missing or never read           any                  any                                          cannot tell
//     at least one seen                   all blind (missing   any                                          cannot tell
//                                         or suspect)
//     one seen is at `above` or hotter    at least one seen    both                                         wrong
//     one seen is at `above` or hotter    at least one seen    not yet                                      fine
//     all seen are cooler                 at least one seen    –                                            fine
//
// How long nobody moved counts whether it was hot or not: whoever lies still since the evening is in danger when the
// heat comes, not eight hours later. `hotFor` is for the sun on a sensor, and leaves room for the warning. It is hot
// until every temperature is `hysteresis` below the limit. What was hot last and is silent now says nothing.

struct HeatAndStill: Judge {
    let signals: [SignalID]
    let temperatures: [SignalID]
    let activity: [SignalID]
    let terms: HeatTerms
    let rises: [Span]
    private var count: SilenceCount
    private var hotSince: Instant?

    struct Memory: Hashable, Codable, Sendable {
        var silence: SilenceCount.Memory
        var hotSince: Instant?
    }

    init(
        temperatures: [SignalID], activity: [SignalID], terms: HeatTerms, rises: [Span], memory: Memory?,
        at start: Instant, _ clock: HomeClock
    ) {
        signals = temperatures + activity
        self.temperatures = temperatures
        self.activity = activity
        self.terms = terms
        self.rises = rises
        count = SilenceCount(.lasting(terms.stillFor), memory: memory?.silence, at: start, clock)
        hotSince = memory?.hotSince
    }

    mutating func take(_ observation: Observation, from signal: SignalState) {
        if activity.contains(observation.signal) { count.take(observation, from: signal) }
    }

    mutating func take(_ answer: Answer) { count.take(answer) }

    mutating func resume(at now: Instant) { count.restart(at: now) }

    mutating func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        let seen = temperatures.lazy.map { signals[$0.index] }.filter { !$0.isMissing && $0.value != nil }
        guard let hottest = seen.compactMap(\.value).max() else { return .cannotTell }
        if hottest >= terms.above {
            if hotSince == nil { hotSince = now }
        } else if hottest <= terms.above.clampedDifference(terms.hysteresis) {
            hotSince = nil
        }
        guard activity.contains(where: { !signals[$0.index].isBlind }) else {
            count.hold(at: now)
            return .cannotTell
        }
        guard let hotSince, let still = count.due else { return .fine }
        let (count, hot) = (count, hotSince + terms.hotFor)
        if now >= hot, signals.heardUntil(activity, at: now) >= still {
            return signals.wrong(at: now, by: activity, rises) { count.due($0).map { max($0, hot) } }
        }
        let deciding = signals.deciding(still, by: activity, at: now)
        return Judgement(
            verdict: .fine, wrongAt: max(deciding.expected, hot),
            recheckAt: now < hot ? max(deciding.expected, hot) : deciding.recheck)
    }

    func reasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        let unseen = self.signals.map { signals[$0.index] }.filter(\.isBlind).map { $0.blindText(at: now) }
        let seen = temperatures.map { signals[$0.index] }.filter { !$0.isMissing && $0.value != nil }
        guard let hottest = seen.max(by: { ($0.value ?? 0) < ($1.value ?? 0) }), let value = hottest.value else {
            return ["no temperature is known"] + unseen
        }
        let heat =
            "\(hottest.model.name) \(Quantity.temperature.text(value)), limit \(Quantity.temperature.text(terms.above))"
        let last = count.lastSign.map { "last: \($0)" } ?? "none since the start"
        let still = "no sign of life for \(count.text(at: now)) (\(last)), limit \(terms.stillFor.text)"
        return [heat, still] + unseen
    }

    var memory: JudgeMemory {
        JudgeMemory(heatAndStill: Memory(silence: count.memory, hotSince: hotSince))
    }
}

/// What is hot, and what is still.
package struct HeatTerms: Hashable, Sendable {
    /// Thousandths of a degree: hot at this or more, until it is `hysteresis` below.
    package var above: Int64
    package var hysteresis: Int64
    package var hotFor: Span
    package var stillFor: Span

    package init(above: Int64, hysteresis: Int64, hotFor: Span, stillFor: Span) {
        self.above = above
        self.hysteresis = hysteresis
        self.hotFor = hotFor
        self.stillFor = stillFor
    }
}
