// input-active: smoke, panic, a service request, a leak, a door left open.
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

struct InputActive: Judge {
    let signals: [SignalID]
    let holdFor: Span
    /// What a service input asks for.
    let request: String?
    private var state: Memory

    struct Memory: Hashable, Codable, Sendable {
        /// Since when it is active; nil: it is not, or was never read.
        var activeSince: Instant?
        var wasRead = false
    }

    init(signal: SignalID, holdFor: Span, request: String?, memory: Memory?) {
        signals = [signal]
        self.holdFor = holdFor
        self.request = request
        state = memory ?? Memory()
    }

    mutating func take(_ observation: Observation, from signal: SignalState) {
        state.wasRead = true
        if observation.value == 0 {
            state.activeSince = nil
        } else if state.activeSince == nil {
            state.activeSince = observation.time
        }
    }

    func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        guard state.wasRead, !signals[self.signals[0].index].isMissing else { return .cannotTell }
        guard let activeSince = state.activeSince else { return .fine }
        let wrongAt = activeSince + holdFor
        if now >= wrongAt { return Judgement(verdict: .wrong, cause: activeSince) }
        return Judgement(verdict: .fine, wrongAt: wrongAt, recheckAt: wrongAt)
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
        guard let activeSince = state.activeSince else { return ["\(name): not active"] }
        let meaning = meaning(of: signal.inputKind)
        if holdFor == .zero { return ["\(name): \(meaning)"] }
        return ["\(name): \(meaning) (\((now - activeSince).text), limit \(holdFor.text))"]
    }

    private func meaning(of kind: InputKind?) -> String {
        switch kind {
        case .smoke: "smoke"
        case .panic: "help asked for"
        case .service: "\(request ?? "service") asked for"
        case .leak: "water where it should be dry"
        case .tamper: "opened or moved"
        default: "active"
        }
    }

    var memory: JudgeMemory { JudgeMemory(inputActive: state) }
}
