// high-use: more was used within a window than there should be (the cities' "over 2 m3 a day").
//
// The use since the window's start lies between the use since the first reading inside it (at least) and since the
// last reading before it (at most); and what a register in steps of q shows lies less than q from what was used.
//
//     signal   at least, less one step   at most, and one step     verdict
//     ──────   ───────────────────────   ───────────────────────   ───────────────────────────────────────────────
//     missing  any                       any                       cannot tell
//     seen     over the limit            –                         wrong, also while the window is not complete
//     seen     not over                  not over                  fine
//     seen     not over                  over, or not known yet    cannot tell
//
// A difference of a register needs no readings in between, so outages and restarts do not interrupt it. Only
// readings speak: nothing is used up by waiting.

struct HighUse: Judge {
    let signals: [SignalID]
    let window: Span
    /// Base units; more than zero.
    let above: Int64

    /// Readings between which less than a 256th of the limit was used: that bounds memory, and makes what is known of
    /// the use wider by no more than that.
    private struct Run {
        var first: Instant
        var last: Instant
        /// What the register showed then.
        var firstValue: Int64
        var lastValue: Int64
    }
    /// Oldest first, from `head`; what is before `head` is forgotten. The newest reading is the end of the last one.
    private var runs: [Run] = []
    private var head = 0

    init(signal: SignalID, window: Span, above: Int64, memory: Memory?) {
        signals = [signal]
        self.window = window
        self.above = above
        guard let numbers = memory?.runs else { return }
        for start in stride(from: 0, to: numbers.count - 3, by: 4) {
            runs.append(
                Run(
                    first: Instant(milliseconds: numbers[start]), last: Instant(milliseconds: numbers[start + 1]),
                    firstValue: numbers[start + 2], lastValue: numbers[start + 3]))
        }
    }

    mutating func take(_ observation: Observation, from signal: SignalState) {
        if observation.isFall {
            runs.removeAll(keepingCapacity: true)
            head = 0
        }
        let (time, value) = (observation.time, observation.value)
        if let last = runs.indices.last, value.clampedDifference(runs[last].firstValue) <= above / 256 {
            runs[last].last = time
            runs[last].lastValue = value
        } else {
            runs.append(Run(first: time, last: time, firstValue: value, lastValue: value))
        }
        forget(step: signal.model.step ?? 0)
    }

    /// Of the readings before the window only the last one counts; and of those since which more than the limit
    /// has been used, only the last: while the window reaches back to it, the verdict is wrong.
    private mutating func forget(step: Int64) {
        guard let newest = runs.last else { return }
        let start = newest.last - window
        while head + 1 < runs.count, isOver(use(since: runs[head + 1].lastValue), step) || runs[head + 1].first <= start
        {
            head += 1
        }
        // Moving the rest to the front is worth it only once in a while.
        if head > 64, head * 2 > runs.count {
            runs.removeFirst(head)
            head = 0
        }
    }

    private func use(since value: Int64) -> Int64 { runs.last?.lastValue.clampedDifference(value) ?? 0 }

    private func isOver(_ use: Int64, _ step: Int64) -> Bool { use > above && use.clampedDifference(step) >= above }

    /// What was used in the window, as the register shows it; `most` nil: no reading reaches back so far.
    private func bounds() -> (least: Int64, most: Int64?)? {
        guard let newest = runs.last else { return nil }
        let start = newest.last - window
        let oldest = runs[head]
        let inside = oldest.last >= start ? oldest : runs[min(head + 1, runs.count - 1)]
        let least = use(since: inside.first >= start ? inside.firstValue : inside.lastValue)
        guard oldest.first <= start else { return (least, nil) }
        return (least, use(since: oldest.last <= start ? oldest.lastValue : oldest.firstValue))
    }

    func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        let signal = signals[self.signals[0].index]
        let step = signal.model.step ?? 0
        guard !signal.isMissing, let (least, most) = bounds() else { return .cannotTell }
        if isOver(least, step) { return Judgement(verdict: .wrong) }
        guard let most, most.clampedSum(step) <= above else { return .cannotTell }
        return .fine
    }

    func reasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        let signal = signals[self.signals[0].index]
        if signal.isMissing { return [signal.silenceText(at: now)] }
        guard let (least, most) = bounds(), let quantity = signal.quantity else {
            return ["\(signal.model.name): no reading yet"]
        }
        let limit = "limit \(quantity.text(above)) in \(window.text)"
        if let most {
            let used =
                least == most ? quantity.text(most) : "between \(quantity.text(least)) and \(quantity.text(most))"
            return ["\(used) in \(window.text), limit \(quantity.text(above))"]
        }
        let covered = runs[runs.count - 1].last - runs[head].first
        if isOver(least, signal.model.step ?? 0) { return ["\(quantity.text(least)) in \(covered.text), \(limit)"] }
        return ["window not complete: \(quantity.text(least)) in \(covered.text), \(limit)"]
    }

    /// Runs as first, last, and their values, and so on: at most some 260 of them.
    struct Memory: Hashable, Codable, Sendable {
        var runs: [Int64]
    }

    var memory: JudgeMemory {
        let numbers = runs[head...].flatMap {
            [$0.first.milliseconds, $0.last.milliseconds, $0.firstValue, $0.lastValue]
        }
        return JudgeMemory(highUse: Memory(runs: numbers))
    }
}
