// What a counter makes of a reading that is not ordinary: the lines of the truth table in Counter.swift.

import LocalRules

extension Counter {
    enum Verdict { case denied, confirmed, open }

    // MARK: What is ordinary

    /// How the register moved, if that is nothing unusual; nil: it must wait for the next reading.
    func ordinaryMove(to register: Int64, at time: Instant) -> Int128? {
        guard let line = memory.line else { return nil }
        let rise = Int128(register) - Int128(line.register)
        let limit = atOnce(since: line.time, until: time, at: register)
        if rise >= 0, rise <= limit { return rise }
        // A fall, plain or backwards through zero.
        let falls = ([rise] + plan.moduli.map { rise - Int128($0) }).filter { $0 < 0 }
        let tolerance = plan.tolerance(at: max(register, line.register))
        return falls.first { Int128(line.dip) - $0 <= tolerance || (line.isReversing && -$0 <= limit) }
    }

    /// How far the register moved on from a doubtful reading that this one has confirmed.
    func onwardMove(to register: Int64, at time: Instant) -> Int128? {
        guard let line = memory.line else { return nil }
        let rise = Int128(register) - Int128(line.register)
        return rise >= 0 && rise <= plan.bound(milliseconds(from: line.time, to: time), at: register) ? rise : nil
    }

    private func atOnce(since: Instant, until: Instant, at value: Int64) -> Int128 {
        let polls = Int128(plan.poll.milliseconds) * Int128(CounterLimits.pollsAtOnce)
        let elapsed = min(milliseconds(from: since, to: until), polls)
        let atFullRate = min(elapsed, Int128(CounterLimits.longestAtOnce.milliseconds))
        return plan.bound(max(atFullRate, elapsed / CounterLimits.partOfRate), at: value)
    }

    // MARK: What the next reading says

    /// Whether a reading speaks for the line before the doubt, or for the doubtful reading.
    func verdict(_ register: Int64?, at time: Instant, on doubt: CounterDoubt) -> Verdict {
        guard let register, let line = memory.line else { return .open }
        let toLine = distance(from: line, to: register, at: time)
        let toDoubt = doubt.register.flatMap { distance(from: $0, since: doubt.time, to: register, at: time) }
        switch (toLine, toDoubt) {
        case (let toLine?, let toDoubt?): return toDoubt < toLine ? .confirmed : .denied
        case (_?, nil): return .denied
        case (nil, _?): return .confirmed
        case (nil, nil): return .open
        }
    }

    private func distance(from line: CounterLine, to register: Int64, at time: Instant) -> Int128? {
        let rise = Int128(register) - Int128(line.register)
        if let move = ordinaryMove(to: register, at: time) { return move < 0 && !line.isReversing ? 0 : abs(move) }
        let bound = plan.bound(milliseconds(from: line.time, to: time), at: register)
        return rise >= 0 && rise <= bound ? rise : nil
    }

    /// Onwards as far as the meter can have run since; backwards only as far as one would believe at once.
    private func distance(from start: Int64, since: Instant, to register: Int64, at time: Instant) -> Int128? {
        let rise = Int128(register) - Int128(start)
        let bound =
            rise >= 0
            ? plan.bound(milliseconds(from: since, to: time), at: register)
            : atOnce(since: since, until: time, at: start)
        return abs(rise) <= bound ? abs(rise) : nil
    }

    // MARK: Denied

    /// The register is where it was: what was read between was no use. A small fall is not worth a word.
    mutating func deny(_ doubt: CounterDoubt, at time: Instant) -> [CounterNotice] {
        guard let line = memory.line else { return [] }
        if let read = doubt.register, reverse(Int128(read) - Int128(line.register), doubt, line) != nil { return [] }
        return noticeGlitch(read: doubt.register, instead: line.register, at: time)
    }

    private mutating func noticeGlitch(read: Int64?, instead: Int64, at time: Instant) -> [CounterNotice] {
        let number = memory.glitches == .max ? memory.glitches : memory.glitches + 1
        change { $0.glitches = number }
        return say(.glitch(read: read, instead: instead, number: number), at: time)
    }

    // MARK: Confirmed

    /// The doubtful reading was real: what was it? Afterwards the line continues from it.
    mutating func settle(_ doubt: CounterDoubt) -> [CounterNotice] {
        guard let register = doubt.register, let line = memory.line else { return [] }
        let rise = Int128(register) - Int128(line.register)
        if let notice = takeBack(register, rise, doubt, line) { return say(notice, at: doubt.time) }
        if rise < 0, let turned = rollOver(rise, doubt, line) {
            advance(by: turned, to: register, at: doubt.time)
            return say(.rollOver(from: line.register, to: register), at: doubt.time)
        }
        if rise > 0, rise <= credit(doubt, line, at: register) {
            advance(by: rise, to: register, at: doubt.time)
            return []
        }
        let isReset = isReset(register, rise, doubt, line)
        if !isReset, let fall = reverse(rise, doubt, line) {
            advance(by: fall, to: register, at: doubt.time)
            change { $0.line?.isReversing = true }
            return say(.reverseFlow(from: line.register, to: register), at: doubt.time)
        }
        guard line.isProven else {
            rebase(to: register, at: doubt.time, keeping: nil)
            return noticeGlitch(read: line.register, instead: register, at: doubt.time)
        }
        if isReset {
            rebase(to: register, at: doubt.time, keeping: line)
            return say(.reset(from: line.register, to: register), at: doubt.time)
        }
        rebase(to: register, at: doubt.time, keeping: line)
        let replacement = CounterReplacement(old: line.register, new: register, time: doubt.time)
        change { $0.replacement = replacement }
        return say(.replaced(replacement), at: doubt.time)
    }

    /// The old register is back, so it was never gone, and what it counted meanwhile was use. It is known by
    /// standing where it stood; the further on, the more likely it is just another number.
    private mutating func takeBack(
        _ register: Int64, _ rise: Int128, _ doubt: CounterDoubt, _ line: CounterLine
    ) -> CounterNotice? {
        guard let earlier = memory.earlier, !isPlainUse(rise, doubt, line) else { return nil }
        let counted = Int128(register) - Int128(earlier.register)
        let absence = milliseconds(from: earlier.time, to: doubt.time)
        guard absence <= Int128(CounterLimits.longestAbsence.milliseconds),
            counted <= atOnce(since: earlier.time, until: doubt.time, at: register),
            -counted <= plan.tolerance(at: earlier.register)
        else { return nil }
        change {
            $0.total = max($0.total, Int64(clamping: Int128(earlier.total) + max(0, counted)))
            $0.line = CounterLine(register: register, time: doubt.time, isProven: true)
            $0.earlier = nil
            $0.replacement = nil
        }
        return .returned(from: line.register, to: register)
    }

    /// A young meter can come by use to where an earlier one stood.
    private func isPlainUse(_ rise: Int128, _ doubt: CounterDoubt, _ line: CounterLine) -> Bool {
        rise > 0 && rise <= unseen(doubt, line)
    }

    /// A new line from here, the total as it is. `keeping` the old one, should it come back.
    private mutating func rebase(to register: Int64, at time: Instant, keeping line: CounterLine?) {
        change {
            $0.earlier = line.map { [total = $0.total] in
                CounterEarlier(register: $0.register, total: total, time: $0.time)
            }
            $0.line = CounterLine(register: register, time: time, isProven: true)
        }
    }

    /// How far the register moved if it turned over; nil: it cannot have.
    private func rollOver(_ rise: Int128, _ doubt: CounterDoubt, _ line: CounterLine) -> Int128? {
        let bound = plan.bound(milliseconds(from: line.time, to: doubt.time), at: line.register)
        for modulus in plan.moduli.map({ Int128($0) }) {
            let turned = rise + modulus
            if turned > 0, turned <= min(bound, modulus / Int128(CounterLimits.partOfDisplay)) { return turned }
        }
        return nil
    }

    /// The most that a confirmed rise can be as use. A register that is renewed seldom shows at once what ran
    /// since it last moved.
    private func credit(_ doubt: CounterDoubt, _ line: CounterLine, at register: Int64) -> Int128 {
        let still = min(
            milliseconds(from: line.changed, to: doubt.time), Int128(CounterLimits.slowestRenewal.milliseconds))
        return plan.bound(max(milliseconds(from: line.time, to: doubt.time), still), at: register)
    }

    private func isReset(_ register: Int64, _ rise: Int128, _ doubt: CounterDoubt, _ line: CounterLine) -> Bool {
        let elapsed = milliseconds(from: line.time, to: doubt.time)
        let isFromZero = register >= 0 && Int128(register) <= plan.bound(elapsed, at: register)
        guard rise < 0, isFromZero, elapsed <= Int128(CounterLimits.fastestReplacement.milliseconds) else {
            return false
        }
        // A young meter can be near zero by flowing back as well.
        return Int128(register) <= plan.tolerance(at: register) || reverse(rise, doubt, line) == nil
    }

    /// What ordinary use, or flow backwards, can have come to. It happens before our eyes: more than this in one
    /// silence is something else.
    private func unseen(_ doubt: CounterDoubt, _ line: CounterLine) -> Int128 {
        let elapsed = min(
            milliseconds(from: line.time, to: doubt.time), Int128(CounterLimits.longestAtOnce.milliseconds))
        return plan.bound(elapsed, at: line.register)
    }

    /// How far it fell, if that much can have flowed back, plainly or through zero.
    private func reverse(_ rise: Int128, _ doubt: CounterDoubt, _ line: CounterLine) -> Int128? {
        let bound = unseen(doubt, line)
        return ([rise] + plan.moduli.map { rise - Int128($0) }).first { $0 < 0 && -$0 <= bound }
    }
}
