// no-activity, mode 1: nobody gave a sign of life for a time.
//
//     signals of the rule      silence counted so far    sign of life ever    verdict
//     ──────────────────────   ───────────────────────   ──────────────────   ───────────────────────────
//     all missing              any                       any                  cannot tell; the count is held
//     at least one seen        silentFor or more         any                  wrong
//     at least one seen        less                      yes                  fine
//     at least one seen        less                      no                   cannot tell (since the start)
//
// Absence of evidence is not evidence: while every signal is missing the count stands still. It goes on
// where it stood when the first signal comes back, unless that is a register: unchanged, it proves that the
// gap was silent too and the gap counts; risen, it is itself a sign of life. A restart does not hold the
// count (an alarm must not be hours late because of a power cut), but nothing is judged until every signal
// has been heard again or is missing.

struct NoActivity: Judge {
    let signals: [SignalID]
    let silentFor: Span
    private var state: Memory

    struct Memory: Hashable, Codable, Sendable {
        /// From here silence counts; later than the last sign of life by the time that was not observed.
        var quietSince: Instant
        /// The signal that gave the last sign of life; nil: none since the start.
        var lastSign: String?
        /// Since when every signal is missing.
        var heldSince: Instant?
    }

    init(signals: [SignalID], silentFor: Span, memory: Memory?, at start: Instant) {
        self.signals = signals
        self.silentFor = silentFor
        state = memory ?? Memory(quietSince: start)
    }

    mutating func take(_ observation: Observation, from signal: SignalState) {
        if let held = state.heldSince {
            state.heldSince = nil
            let isRegister = signal.quantity?.isCumulative ?? false
            if !(isRegister && observation.isUnchanged) {
                state.quietSince = state.quietSince + max(.zero, observation.time - held)
            }
        }
        if observation.isSignOfLife {
            state.quietSince = max(state.quietSince, observation.time)
            state.lastSign = signal.model.name
        }
    }

    /// A button's word is a sign of life for every rule of this kind, listed or not.
    mutating func take(_ answer: Answer) {
        state.quietSince = max(state.quietSince, answer.time)
        state.lastSign = answer.button
        if state.heldSince != nil { state.heldSince = answer.time }
    }

    /// The silence of an empty home does not count.
    mutating func resume(at now: Instant) { state.quietSince = max(state.quietSince, now) }

    mutating func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        guard self.signals.contains(where: { !signals[$0.index].isMissing }) else {
            if state.heldSince == nil { state.heldSince = now }
            return .cannotTell
        }
        let wrongAt = state.quietSince + silentFor
        if now >= wrongAt { return Judgement(verdict: .wrong) }
        return Judgement(verdict: state.lastSign == nil ? .cannotTell : .fine, wrongAt: wrongAt, recheckAt: wrongAt)
    }

    func reasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        let unseen = unseen(at: now, signals)
        if unseen.count == self.signals.count { return unseen }
        let silence = silence(at: now)
        guard let sign = state.lastSign, silence < silentFor else { return [silenceText(at: now)] + unseen }
        if silence == .zero { return ["sign of life: \(sign)"] + unseen }
        return ["last sign of life \(silence.text) ago (\(sign)), limit \(silentFor.text)"] + unseen
    }

    func warning(at now: Instant, _ signals: [SignalState]) -> [String] {
        [silenceText(at: now)] + unseen(at: now, signals)
    }

    private func unseen(at now: Instant, _ signals: [SignalState]) -> [String] {
        self.signals.map { signals[$0.index] }.filter(\.isMissing).map { $0.silenceText(at: now) }
    }

    private func silence(at now: Instant) -> Span { max(.zero, now - state.quietSince) }

    private func silenceText(at now: Instant) -> String {
        let last = state.lastSign.map { "last: \($0)" } ?? "none since the start"
        return "no sign of life for \(silence(at: now).text) (\(last)), limit \(silentFor.text)"
    }

    var memory: JudgeMemory { JudgeMemory(noActivity: state) }
}
