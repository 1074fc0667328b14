// How long nobody has given a sign of life, by the hours that a rule counts.
//
//     silence            what counts                                         a sign of life     due
//     ────────────────   ─────────────────────────────────────────────────   ────────────────   ─────────────────────
//     lasting            all time                                            counts anew        at the span
//     within, not kept   time inside the hours; anew with each opening       counts anew        at the span
//     within, carried    time inside the hours, on and on                    counts anew        at the span
//     through            whole hours without any                             waits for the      when the hours end
//                                                                            next opening
//
//     the wall clock     what becomes of the count
//     ────────────────   ───────────────────────────────────────────────────────────────────────────────────────────
//     jumps              what was counted stays; from here the new clock says which time counts. What is due stays
//                        due. Hours that are open for `through` end after their length, whatever the clock says now
//     is not trusted     within: all time counts. through: a day and the hours' length, which surely held them all
//
// While nothing is seen the count stands still (`hold`); when something is seen again, either the gap proves silent
// and counts, or it does not. A gap inside the hours of `through` means: these hours were not observed.

struct SilenceCount: Sendable {
    struct Memory: Hashable, Codable, Sendable {
        /// From here silence counts; later than the last sign of life by the time that was not observed.
        var quietSince: Instant
        /// The signal that gave the last sign of life; nil: none since the start.
        var lastSign: String?
        /// Since when every signal is missing.
        var heldSince: Instant?
        /// For hours only: what had been counted at `quietSince`, …
        var counted: Span?
        /// … when it is due; nil: not by this clock …
        var due: Instant?
        /// … and for `through`, when the hours begin that have to pass for it; nil: no hours are known.
        var opens: Instant?
    }

    let silence: Silence
    private(set) var memory: Memory
    private var clock: HomeClock

    init(_ silence: Silence, memory: Memory?, at start: Instant, _ clock: HomeClock) {
        self.silence = silence
        self.clock = clock
        self.memory = memory ?? Memory(quietSince: start)
        if !isSettled(at: start) { plan(after: start) }
    }

    var lastSign: String? { memory.lastSign }
    var isHeld: Bool { memory.heldSince != nil }

    // MARK: What happens

    mutating func takeSign(_ name: String, at time: Instant) {
        memory.lastSign = name
        restart(at: time)
    }

    /// A sign of life that says nothing of the signals: what was missing is missing still.
    mutating func takeAnswer(_ button: String, at time: Instant) {
        takeSign(button, at: time)
        if memory.heldSince != nil { memory.heldSince = time }
    }

    /// What was before does not count, although nobody gave a sign of life.
    mutating func restart(at time: Instant) {
        guard time > memory.quietSince else { return }
        memory.quietSince = time
        memory.counted = nil
        memory.opens = nil
        plan(after: time)
    }

    mutating func hold(at now: Instant) {
        if memory.heldSince == nil { memory.heldSince = now }
    }

    /// - Parameter isProven: the gap was surely silent.
    mutating func release(at time: Instant, isProven: Bool) {
        guard let held = memory.heldSince else { return }
        memory.heldSince = nil
        if isProven { return }
        let gap = max(.zero, time - held)
        if case .lasting = silence {
            memory.quietSince = memory.quietSince + gap
        } else if !isDue(at: held) {
            account(until: held, resumingAt: held + gap, clock)
            plan(after: held + gap)
        }
    }

    /// The wall clock was set.
    mutating func set(_ clock: HomeClock, at now: Instant) {
        let isSettled = isSettled(at: now)
        if !isSettled, case .within = silence { account(until: now, resumingAt: now, clock) }
        let isUnknownStill = !self.clock.isTrusted && !clock.isTrusted
        self.clock = clock
        guard !isSettled else { return }
        if case .through(let hours) = silence {
            // What an unknown clock shows changes nothing, nor does it put anything off.
            if isUnknownStill { return }
            plan(after: now)
            // A day may have been silent already, of which no hours were judged: a clock that is lost is no sign of it.
            if isDue(at: now) { memory.due = now + hours.length }
        } else {
            plan(after: now)
        }
    }

    /// Due, or the hours that have to pass for it have begun: no clock changes it.
    private func isSettled(at now: Instant) -> Bool { isDue(at: now) || memory.opens.map { $0 <= now } ?? false }

    /// Puts what was counted until `end` to the account, and goes on counting at `start`, by `next`.
    private mutating func account(until end: Instant, resumingAt start: Instant, _ next: HomeClock) {
        if case .within(let hours, _, let carries) = silence {
            let goesOn = carries || isOpen(hours, since: end, at: start, next)
            memory.counted = goesOn ? counted(at: end) : nil
        }
        // Nobody saw all of the hours of `through`: only later ones can be judged.
        memory.quietSince = max(memory.quietSince, start)
    }

    private func isOpen(_ hours: DailyHours, since: Instant, at now: Instant, _ clock: HomeClock) -> Bool {
        guard clock.isTrusted else { return true }
        return hours.next(endingAfter: now, clock).map { $0.start <= since } ?? false
    }

    // MARK: What it comes to

    func isDue(at now: Instant) -> Bool { due.map { $0 <= now } ?? false }

    /// When the rule's own span, or its hours, will have passed without a sign of life.
    var due: Instant? {
        if case .lasting(let span) = silence { return memory.quietSince + span }
        return memory.due
    }

    /// When a longer silence will be reached, counted in the same way; whole hours: since the last sign of life.
    func due(_ span: Span) -> Instant? {
        guard case .within(let hours, _, let carries) = silence else { return memory.quietSince + span }
        return due(span, within: hours, carries: carries)
    }

    private mutating func plan(after now: Instant) {
        switch silence {
        case .lasting: break
        case .within(let hours, let span, let carries): memory.due = due(span, within: hours, carries: carries)
        case .through(let hours):
            guard clock.isTrusted else {
                memory.opens = nil
                memory.due = memory.quietSince + .days(1) + hours.length
                return
            }
            var time = hours.next(endingAfter: max(now, memory.quietSince), clock)
            while let open = time, open.start <= memory.quietSince {
                time = hours.next(endingAfter: open.end, clock)
            }
            memory.opens = time?.start
            memory.due = time?.end
        }
    }

    private func due(_ span: Span, within hours: DailyHours, carries: Bool) -> Instant? {
        var left = span - (memory.counted ?? .zero)
        guard clock.isTrusted else { return memory.quietSince + left }
        var position = memory.quietSince
        for _ in 0..<Limits.hoursAhead {
            guard let open = hours.next(endingAfter: position, clock) else { return nil }
            if !carries, open.start > memory.quietSince { left = span }
            let start = max(open.start, memory.quietSince)
            if open.end - start >= left { return start + left }
            left = left - (open.end - start)
            position = open.end
        }
        return nil
    }

    /// Without regard to any hours.
    func elapsed(at now: Instant) -> Span { max(.zero, now - memory.quietSince) }

    /// What has been counted; whole hours: the time since the last sign of life.
    func counted(at now: Instant) -> Span {
        let now = memory.heldSince ?? now
        guard case .within(let hours, _, let carries) = silence, clock.isTrusted else {
            return max(.zero, now - memory.quietSince + (memory.counted ?? .zero))
        }
        var counted = memory.counted ?? .zero
        var position = memory.quietSince
        for _ in 0..<Limits.hoursAhead {
            guard let open = hours.next(endingAfter: position, clock), open.start < now else { break }
            if !carries, open.start > memory.quietSince { counted = .zero }
            counted = counted + max(.zero, min(open.end, now) - max(open.start, memory.quietSince))
            position = open.end
        }
        return counted
    }
}
