// low-use: too little water or energy was used within a window. The cities' rule, exactly as written.
//
// Only readings speak. With readings at r0 … rn, the use since the window's start lies between the use since
// the first reading inside the window and the use since the last reading before it:
//
//     signal   window's start                     use since start      verdict
//     ──────   ────────────────────────────────   ──────────────────   ─────────────────────────────────
//     missing  any                                any                  cannot tell
//     seen     before the first reading kept      at least the limit   fine (already)
//     seen     before the first reading kept      under the limit      cannot tell (window not complete)
//     seen     known                              surely under         wrong
//     seen     known                              surely not under     fine
//     seen     inside a gap in the readings       could be either      cannot tell (until the gap has left)
//     reset    register went backwards            –                    history starts anew: not complete
//
// Somebody who answers the rule's warning with a button gets rest from it: it is *fine* for a quarter of the
// window, but at least twice the warning. Long enough that the answer means something; and whoever collapses after it
// is found within that time, not within another window. What else shows life does not bend a rule about use.
//
// A difference of a register needs no readings in between, so outages and restarts do not interrupt it.
//
// It judges the difference that the register shows. In steps of q that is less than q away from what was really used, so
// with a limit L: wrong means less than L + q, fine means more than L − q, and in between it may be either
// (StepSweepTests). check-config refuses a step that is as large as the limit (E408) and warns of a coarse one (W101).

struct LowUse: Judge {
    let signals: [SignalID]
    let window: Span
    /// Base units; more than zero.
    let below: Int64

    /// Readings with one and the same register value: nothing was used from `first` to `last`.
    private struct Run {
        var first: Instant
        var last: Instant
        var value: Int64
    }
    /// Oldest first, from `head`; what is before `head` is forgotten.
    private var runs: [Run] = []
    private var head = 0
    private var rest: Rest?
    /// It rested until then: a window that begins before says only that enough was used.
    private var resumed: Instant?

    struct Rest: Hashable, Codable, Sendable {
        var button: String
        var until: Instant
    }

    init(signal: SignalID, window: Span, below: Int64, memory: Memory?) {
        signals = [signal]
        self.window = window
        self.below = below
        rest = memory?.rest
        resumed = memory?.resumed
        guard let numbers = memory?.runs else { return }
        for start in stride(from: 0, to: numbers.count - 2, by: 3) {
            runs.append(
                Run(
                    first: Instant(milliseconds: numbers[start]), last: Instant(milliseconds: numbers[start + 1]),
                    value: numbers[start + 2]))
        }
    }

    mutating func take(_ observation: Observation, from signal: SignalState) {
        if observation.isFall {
            runs.removeAll(keepingCapacity: true)
            head = 0
        }
        if let last = runs.indices.last, runs[last].value == observation.value {
            runs[last].last = observation.time
        } else {
            runs.append(Run(first: observation.time, last: observation.time, value: observation.value))
            thin()
        }
        forget()
    }

    mutating func take(_ answer: Answer) {
        guard let warnFor = answer.warnFor else { return }
        let quarter = Span(milliseconds: window.milliseconds / 4)
        rest = Rest(button: answer.button, until: answer.time + max(quarter, warnFor * 2))
    }

    mutating func resume(at now: Instant) { resumed = now }

    /// Drops what can no longer matter. Of the readings before the window only the last one counts; and of
    /// those since which the limit has been used, only the last: while the window reaches back to it, the
    /// verdict is fine, whatever was before.
    private mutating func forget() {
        guard let newest = runs.last else { return }
        let start = newest.last - window
        while head + 1 < runs.count, use(since: runs[head + 1]) >= below || runs[head + 1].first <= start {
            head += 1
        }
        // Moving the rest to the front is worth it only once in a while.
        if head > 64, head * 2 > runs.count {
            runs.removeFirst(head)
            head = 0
        }
    }

    /// Forgetting a reading makes bounds wider, so it can delay a verdict but not turn it.
    private mutating func thin() {
        guard runs.count - head > Limits.registerSteps else { return }
        let kept = runs[head...].enumerated().filter { $0.offset % 2 == 0 || $0.offset == runs.count - head - 1 }
        runs = kept.map(\.element)
        head = 0
    }

    private func use(since run: Run) -> Int64 {
        guard let newest = runs.last else { return 0 }
        let (use, overflow) = newest.value.subtractingReportingOverflow(run.value)
        return overflow ? .max : use
    }

    func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        guard let newest = runs.last, !signals[self.signals[0].index].isMissing else { return .cannotTell }
        let isProven = use(since: runs[head]) >= below
        // The earliest reading since which too little was used: a window that begins there or later is short.
        let short = isProven ? head + 1 : head
        guard short < runs.count else { return .fine }
        let completeAt = max(runs[short].first, resumed ?? runs[short].first) + window
        let wrongAt = max(completeAt, rest?.until ?? completeAt)
        if newest.last >= wrongAt { return Judgement(verdict: .wrong) }
        if newest.last >= completeAt { return Judgement(verdict: .fine, wrongAt: wrongAt, asOf: newest.last) }
        let reachesProof = isProven && runs[head].last >= newest.last - window
        return Judgement(verdict: reachesProof ? .fine : .cannotTell, wrongAt: wrongAt, asOf: newest.last)
    }

    /// The use since the reading with which the window will complete.
    func warning(at now: Instant, _ signals: [SignalState]) -> [String] {
        guard let newest = runs.last, let quantity = signals[self.signals[0].index].quantity,
            let short = runs[head...].first(where: { use(since: $0) < below })
        else { return reasons(at: now, signals) }
        let covered = (newest.last - short.first).text
        return ["\(quantity.text(use(since: short))) in \(covered), limit \(quantity.text(below)) in \(window.text)"]
    }

    func reasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        guard let rest, now < rest.until else { return use(at: now, signals) }
        return ["answered with \(rest.button), rests for \((rest.until - now).text)"] + use(at: now, signals)
    }

    private func use(at now: Instant, _ signals: [SignalState]) -> [String] {
        let signal = signals[self.signals[0].index]
        guard !signal.isMissing else { return [signal.silenceText(at: now)] }
        guard let newest = runs.last, let quantity = signal.quantity else {
            return ["\(signal.model.name): no reading yet"]
        }
        let oldest = runs[head]
        let used = use(since: oldest)
        let limit = "limit \(quantity.text(below))"
        let start = newest.last - window
        if used < below, let resumed, newest.last < resumed + window {
            return ["window begins with the return: \((newest.last - resumed).text) of \(window.text)"]
        }
        if used < below {
            let covered = newest.last - oldest.first
            if covered >= window { return ["\(quantity.text(used)) in \(window.text), \(limit)"] }
            return ["window not complete: \(quantity.text(used)) in \(covered.text), \(limit) in \(window.text)"]
        }
        if oldest.last < start, head + 1 < runs.count {
            let least = use(since: runs[head + 1])
            return ["between \(quantity.text(least)) and \(quantity.text(used)) in \(window.text), \(limit)"]
        }
        return ["\(quantity.text(used)) in \((newest.last - oldest.last).text), \(limit) in \(window.text)"]
    }

    /// Runs as first, last, value, and so on: a few hundred bytes in an ordinary home.
    struct Memory: Hashable, Codable, Sendable {
        var runs: [Int64]
        var rest: Rest?
        var resumed: Instant?
    }

    var memory: JudgeMemory {
        let numbers = runs[head...].flatMap { [$0.first.milliseconds, $0.last.milliseconds, $0.value] }
        return JudgeMemory(lowUse: Memory(runs: numbers, rest: rest, resumed: resumed))
    }
}
