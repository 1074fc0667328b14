// no-activity: nobody gave a sign of life for a time (mode 1), through certain hours of the day (mode 2), or for a time
// that counts within certain hours only (mode 3). SilenceCount.swift has what counts when.
//
//     signals of the rule      silence counted so far    sign of life ever    verdict
//     ──────────────────────   ───────────────────────   ──────────────────   ───────────────────────────
//     all missing or suspect   any                       any                  cannot tell; the count is held
//     at least one seen        due                       any                  wrong
//     at least one seen        less                      yes                  fine
//     at least one seen        less                      no                   cannot tell (since the start)
//
// Absence of evidence is not evidence: while every signal is missing the count stands still. It goes on
// where it stood when the first signal comes back, unless that is a register: unchanged, it proves that the
// gap was silent too and the gap counts; risen, it is itself a sign of life. A restart does not hold the
// count (an alarm must not be hours late because of a power cut), but nothing is judged until every signal
// has been heard again or is missing.

//
// Silence is wrong once it has been heard, not once the clock says so: an hourly meter's next reading may deny it.
// Each register that is read in time must have shown itself at or after the moment in which the silence is due
// (`heardUntil`); the warning is counted back from the reading that will decide.

struct NoActivity: Judge {
    let signals: [SignalID]
    /// Longer silences, at which it is worse.
    let rises: [Span]
    private var count: SilenceCount

    typealias Memory = SilenceCount.Memory

    init(signals: [SignalID], silence: Silence, rises: [Span], memory: Memory?, at start: Instant, _ clock: HomeClock) {
        self.signals = signals
        self.rises = rises
        count = SilenceCount(silence, memory: memory, at: start, clock)
    }

    mutating func take(_ observation: Observation, from signal: SignalState) {
        count.take(observation, from: signal)
    }

    mutating func set(_ clock: HomeClock, at now: Instant) { count.set(clock, at: now) }

    /// A button's word is a sign of life for every rule of this kind, listed or not.
    mutating func take(_ answer: Answer) { count.take(answer) }

    /// The silence of an empty home does not count.
    mutating func resume(at now: Instant) { count.restart(at: now) }

    mutating func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        guard self.signals.contains(where: { !signals[$0.index].isBlind }) else {
            count.hold(at: now)
            return .cannotTell
        }
        if count.isDue(at: signals.heardUntil(self.signals, at: now)) {
            let count = count
            return signals.wrong(at: now, by: self.signals, rises) { count.due($0) }
        }
        let deciding = count.due.map { signals.deciding($0, by: self.signals, at: now) }
        return Judgement(
            verdict: count.lastSign == nil ? .cannotTell : .fine, wrongAt: deciding?.expected,
            recheckAt: deciding?.recheck)
    }

    func reasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        let unseen = unseen(at: now, signals)
        if unseen.count == self.signals.count { return unseen }
        let elapsed = count.elapsed(at: now)
        guard let sign = count.lastSign, !count.isDue(at: now) else { return [silenceText(at: now)] + unseen }
        if elapsed == .zero { return ["sign of life: \(sign)"] + unseen }
        return ["last sign of life \(elapsed.text) ago (\(sign)), limit \(count.silence.text)"] + unseen
    }

    func warning(at now: Instant, _ signals: [SignalState]) -> [String] {
        [silenceText(at: now)] + unseen(at: now, signals)
    }

    private func unseen(at now: Instant, _ signals: [SignalState]) -> [String] {
        self.signals.map { signals[$0.index] }.filter(\.isBlind).map { $0.blindText(at: now) }
    }

    private func silenceText(at now: Instant) -> String {
        let last = count.lastSign.map { "last: \($0)" } ?? "none since the start"
        return "no sign of life for \(count.text(at: now)) (\(last)), limit \(count.silence.text)"
    }

    var memory: JudgeMemory { JudgeMemory(noActivity: count.memory) }
}

extension SilenceCount {
    /// A button's word that all is well.
    mutating func take(_ answer: Answer) { takeAnswer(answer.button, at: answer.time) }

    /// What one reading says about silence.
    mutating func take(_ observation: Observation, from signal: SignalState) {
        if isHeld {
            let isRegister = signal.quantity?.isCumulative ?? false
            release(at: observation.time, isProven: isRegister && observation.isUnchanged)
        }
        if observation.isSignOfLife { takeSign(signal.model.name, at: observation.time) }
    }

    /// "12 h", "4 h of 07:00–22:00": what has been counted, as the limit is written.
    func text(at now: Instant) -> String {
        switch silence {
        case .lasting, .through: counted(at: now).text
        case .within(let hours, let span, _):
            // After the hours have closed there is nothing to count, but what was due stays due.
            "\((isDue(at: now) ? max(span, counted(at: now)) : counted(at: now)).text) of \(hours.text)"
        }
    }
}

extension Silence {
    var text: String {
        switch self {
        case .lasting(let span): span.text
        case .through(let hours): hours.text
        case .within(let hours, let span, let carries):
            "\(span.text) \(carries ? "of" : "within") \(hours.text)"
        }
    }
}
