// input-active: smoke, panic, a service request, a leak, a door left open, mains power lost.
//
//     signal            level       held for           verdict
//     ───────────────   ─────────   ────────────────   ─────────────────────────────────
//     missing           any         any                cannot tell
//     never read        –           –                  cannot tell
//     seen              inactive    –                  fine
//     seen              active      less than holdFor  fine (wrong when it has been held)
//     seen              active      holdFor or more    wrong (holdFor zero: in the same moment)
//
// Each change to active is a cause of its own. A level that was active before a gap and is active after it
// was active throughout: the stricter reading, and the only one that cannot lose a smoke alarm.
//
// A press of the panic button that answers a pre-alarm calls for help only once it has been held for `longPress`;
// a line that is lost meanwhile counts as held. An answer to the rule's own warning makes its wait begin anew.

struct InputActive: Judge {
    let signals: [SignalID]
    let holdFor: Span
    /// What a service input asks for.
    let request: String?
    /// Added to `holdFor`.
    let spread: Spread
    /// Longer times, at which it is worse.
    let rises: [Span]
    /// Who must agree before it is red; nil: nobody.
    let group: Confirmation?
    private var state: Memory

    struct Memory: Hashable, Codable, Sendable {
        /// Since when it is active; nil: it is not, or was never read.
        var activeSince: Instant?
        var wasRead = false
        /// This press said that all is well; how long it must be held to call for help after all.
        var longPress: Span?
        var answer: Answered?
        var lost: Lost?
        /// nil: the rule has no group.
        var agreement: Agreement?
    }

    /// Somebody answered this rule's own warning.
    struct Answered: Hashable, Codable, Sendable {
        var button: String
        var time: Instant
    }

    /// Times without mains power that are over and not told yet.
    struct Lost: Hashable, Codable, Sendable {
        var count = 0
        var total = Span.zero
        /// When to tell.
        var due: Instant
    }

    init(
        signal: SignalID, holdFor: Span, request: String?, spread: Spread, rises: [Span],
        group: Confirmation? = nil, memory: Memory?
    ) {
        signals = [signal]
        self.holdFor = holdFor
        self.request = request
        self.spread = spread
        self.rises = rises
        self.group = group
        state = memory ?? Memory()
        if group != nil, state.agreement == nil { state.agreement = Agreement() }
    }

    mutating func take(_ observation: Observation, from signal: SignalState) {
        if observation.signal != signals[0] {
            state.agreement?.take(observation, from: signal)
            return
        }
        state.wasRead = true
        if observation.value == 0 {
            if let since = state.activeSince, signal.inputKind == .mains { end(since, observation.time) }
            state.activeSince = nil
            state.longPress = nil
            state.answer = nil
            state.agreement?.reason = nil
        } else if state.activeSince == nil {
            state.activeSince = observation.time
            state.longPress = observation.isAnswer ? signal.model.longPress : nil
        }
    }

    mutating func take(_ answer: Answer) {
        if answer.warnFor != nil { state.answer = Answered(button: answer.button, time: answer.time) }
    }

    private mutating func end(_ since: Instant, _ end: Instant) {
        var lost = state.lost ?? Lost(due: end + Limits.mainsSettled + spread.wait(from: end))
        lost.count += 1
        lost.total = lost.total + max(.zero, end - since)
        state.lost = lost
    }

    mutating func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        if let group, let since = state.activeSince {
            let due = wrongAt(since)
            state.agreement?.settle(group, due: due, at: now, signals)
        }
        var judgement = level(at: now, signals[self.signals[0].index])
        judgement.noteAt = state.lost?.due
        return judgement
    }

    private func level(at now: Instant, _ signal: SignalState) -> Judgement {
        guard state.wasRead, !signal.isMissing || state.longPress != nil else { return .cannotTell }
        guard let activeSince = state.activeSince else { return .fine }
        let wrongAt = wrongAt(activeSince)
        if now >= wrongAt {
            var judgement = Judgement.wrong(at: now, rises) { max(wrongAt, activeSince + $0) }
            judgement.cause = activeSince
            if state.agreement?.reason != nil { judgement.level = 1 }
            return judgement
        }
        return Judgement(verdict: .fine, wrongAt: wrongAt, recheckAt: wrongAt)
    }

    private func wrongAt(_ activeSince: Instant) -> Instant {
        max(activeSince, state.answer?.time ?? activeSince) + max(holdFor, state.longPress ?? .zero)
            + spread.wait(from: activeSince)
    }

    /// Smoke is heard for as long as there is smoke, whoever has accepted it; also while the line cannot be read.
    func keepsAlarming(_ signals: [SignalState]) -> Bool {
        state.activeSince != nil && signals[self.signals[0].index].inputKind == .smoke
    }

    func reasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        let signal = signals[self.signals[0].index]
        let name = signal.model.name
        if signal.isMissing { return [signal.silenceText(at: now)] }
        guard state.wasRead else { return ["\(name): no reading yet"] }
        guard let activeSince = state.activeSince else { return ["\(name): \(absence(of: signal.inputKind))"] }
        let meaning = meaning(of: signal.inputKind)
        if let longPress = state.longPress {
            if now >= wrongAt(activeSince) { return ["\(name): \(meaning) (held for \(longPress.text))"] }
            return ["\(name): pressed to say that all is well; a call for help if held for \(longPress.text)"]
        }
        let agreement = state.agreement?.reason.map { [$0] } ?? []
        if holdFor == .zero { return ["\(name): \(meaning)"] + agreement }
        let level = "\(name): \(meaning) (\((now - activeSince).text), limit \(holdFor.text))"
        guard let answer = state.answer else { return [level] + agreement }
        return ["answered with \(answer.button), counted anew from there", level] + agreement
    }

    private func meaning(of kind: InputKind?) -> String {
        switch kind {
        case .smoke: "smoke"
        case .panic: "help asked for"
        case .service: "\(request ?? "service") asked for"
        case .leak: "water where it should be dry"
        case .tamper: "opened or moved"
        case .mains: "mains power is lost"
        case .battery: "the battery is nearly empty"
        default: "active"
        }
    }

    private func absence(of kind: InputKind?) -> String {
        switch kind {
        case .mains: "mains power is there"
        case .battery: "the battery has enough"
        default: "not active"
        }
    }

    mutating func takeNote(at now: Instant, _ signals: [SignalState]) -> Note? {
        guard let lost = state.lost else { return nil }
        state.lost = nil
        let name = signals[self.signals[0].index].model.name
        let text =
            lost.count == 1
            ? "mains power was lost for \(lost.total.text)"
            : "mains power was lost \(lost.count) times, for \(lost.total.text) in all"
        return Note(time: now, code: "mains-restored", signals: [name], text: "\(name): \(text)")
    }

    var memory: JudgeMemory { JudgeMemory(inputActive: state) }
}
