// not-returned: somebody has gone out and has not come back. Presence.swift has when that begins and ends.
//
//     the home is                        since then                                    verdict
//     ────────────────────────────────   ───────────────────────────────────────────   ───────
//     not away, or in maintenance        –                                             fine
//     away                               less than `after`, or not expected back yet   fine
//     away                               `after` or more, and expected back by now     wrong
//
// The flat is empty, so it is silent there: nobody would hear that help has not been reached. Upstream it is called and
// called again like any other alert.
//
// While it is away, rules about absence rest; this rule is why that cannot hide anybody for ever. Whoever opens the
// door to the postman, closes it and falls within three minutes, without another sign, is found by it and not before.

struct NotReturned: Judge {
    let signals: [SignalID]
    let after: Span
    let rises: [Span]
    private var absence: Absence?

    init(signals: [SignalID], after: Span, rises: [Span]) {
        self.signals = signals
        self.after = after
        self.rises = rises
    }

    mutating func take(_ observation: Observation, from signal: SignalState) {}

    mutating func follow(_ presence: Presence) { absence = presence.absence }

    func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        guard let absence else { return .fine }
        let wrongAt = max(absence.since + after, absence.until)
        if now >= wrongAt { return .wrong(at: now, rises) { max(absence.since + $0, absence.until) } }
        return Judgement(verdict: .fine, wrongAt: wrongAt, recheckAt: wrongAt)
    }

    func reasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        absence.map { ["\($0.text(at: now)), limit \(after.text)"] } ?? ["nobody is away"]
    }

    /// The presence is remembered for it.
    var memory: JudgeMemory { JudgeMemory() }
}
