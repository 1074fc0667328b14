// beyond: a value is over or under a limit, for a time: heat, cold, damp, a voltage that is too low.
//
//     signal   value                                             beyond for     verdict
//     ──────   ───────────────────────────────────────────────   ────────────   ───────────
//     missing  any                                               any            cannot tell
//     seen     within the limits                                 –              fine
//     seen     over `above` or under `below`                     less           fine
//     seen     over `above` or under `below`                     holdFor        wrong
//     seen     was beyond, and is back by less than `hysteresis`  goes on        as before
//
// Only readings speak: a value that was beyond once is not beyond for an hour because nobody looked again. Beyond
// before a gap and beyond after it was beyond throughout, as for inputs: the stricter reading.

struct Beyond: Judge {
    let signals: [SignalID]
    let limits: ValueLimits
    let holdFor: Span
    let rises: [Span]
    private var state: Memory

    struct Memory: Hashable, Codable, Sendable {
        var newest: Instant?
        var value: Int64 = 0
        var since: Instant?
        /// Over `above` rather than under `below`.
        var isOver = false
    }

    init(signal: SignalID, limits: ValueLimits, holdFor: Span, rises: [Span], memory: Memory?) {
        signals = [signal]
        self.limits = limits
        self.holdFor = holdFor
        self.rises = rises
        state = memory ?? Memory()
    }

    mutating func take(_ observation: Observation, from signal: SignalState) {
        let value = observation.value
        state.newest = observation.time
        state.value = value
        if limits.isOver(value) || limits.isUnder(value) {
            // From one side to the other is another cause.
            if state.since == nil || state.isOver != limits.isOver(value) { state.since = observation.time }
            state.isOver = limits.isOver(value)
        } else if limits.isBack(value, fromOver: state.isOver) {
            state.since = nil
        }
    }

    func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        guard let newest = state.newest, !signals[self.signals[0].index].isMissing else { return .cannotTell }
        guard let since = state.since else { return .fine }
        if newest - since >= holdFor { return .wrong(asOf: newest, rises) { since + $0 } }
        return Judgement(verdict: .fine, wrongAt: since + holdFor, asOf: newest)
    }

    func reasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        let signal = signals[self.signals[0].index]
        if signal.isMissing { return [signal.silenceText(at: now)] }
        guard let newest = state.newest, let quantity = signal.quantity else {
            return ["\(signal.model.name): no reading yet"]
        }
        let value = "\(signal.model.name) \(quantity.text(state.value))"
        guard let since = state.since, let limit = state.isOver ? limits.above : limits.below else {
            let all = [
                limits.below.map { "below \(quantity.text($0))" }, limits.above.map { "above \(quantity.text($0))" },
            ]
            return ["\(value), limit \(all.compactMap { $0 }.joined(separator: " and "))"]
        }
        let lasted = holdFor == .zero ? "" : " for \((newest - since).text)"
        let span = holdFor == .zero ? "" : " for \(holdFor.text)"
        return ["\(value)\(lasted), limit \(state.isOver ? "above" : "below") \(quantity.text(limit))\(span)"]
    }

    var memory: JudgeMemory { JudgeMemory(beyond: state) }
}

/// Between which values a signal should stay; at least one of the two is given.
package struct ValueLimits: Hashable, Sendable {
    /// Base units.
    package var above: Int64?
    package var below: Int64?
    /// How far back within the limits a value must come before it counts as back; not negative.
    package var hysteresis: Int64

    package init(above: Int64?, below: Int64?, hysteresis: Int64) {
        self.above = above
        self.below = below
        self.hysteresis = hysteresis
    }

    func isOver(_ value: Int64) -> Bool { above.map { value > $0 } ?? false }
    func isUnder(_ value: Int64) -> Bool { below.map { value < $0 } ?? false }
    func isBack(_ value: Int64, fromOver: Bool) -> Bool {
        if fromOver { return above.map { value <= $0.clampedDifference(hysteresis) } ?? true }
        return below.map { value >= $0.clampedSum(hysteresis) } ?? true
    }
}
