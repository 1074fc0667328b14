// The seam between the engine and the kinds of rules: what a kind is told and what it answers.
// A new kind is a new file under Kinds that conforms to `Judge`, a case in `RuleModel.Kind`, a line in
// `RuleModel.judge` and a line in `JudgeMemory`.

/// What a rule says at one moment, and what it can say of the future if nothing new is seen.
struct Judgement: Hashable, Sendable {
    var verdict: Verdict
    /// When the verdict will be wrong unless something happens; pre-alarms are counted back from it.
    var wrongAt: Instant?
    /// When to judge again although no reading came; nil: only readings matter.
    var recheckAt: Instant?
    /// The newest reading it rests on, for kinds to which the mere passing of time says nothing; nil: time counts.
    var asOf: Instant?
    /// What tells one cause from the next, for kinds where each press is a cause of its own.
    var cause: Instant?
    /// When there is something for the record (`takeNote`).
    var noteAt: Instant?
    /// It rests because of the home's mode (`Presence`).
    var isResting = false
    /// The first readings after a restart are still to come: what stands, stands.
    var isWaiting = false

    static let fine = Judgement(verdict: .fine)
    static let cannotTell = Judgement(verdict: .cannotTell)
    static let resting = Judgement(verdict: .cannotTell, isResting: true)
    static let waiting = Judgement(verdict: .cannotTell, isWaiting: true)

    /// Less than `warnFor` before it will be wrong.
    func isApproaching(warnFor: Span, at now: Instant) -> Bool {
        guard warnFor > .zero, let wrongAt else { return false }
        return wrongAt - warnFor <= asOf ?? now
    }

    /// When there is something to do although no reading came, while there is no alert.
    func deadline(warnFor: Span) -> Instant? {
        // A pre-alarm comes by timer only where the wrong verdict will.
        guard warnFor > .zero, let wrongAt, recheckAt == wrongAt else { return recheckAt }
        return wrongAt - warnFor
    }
}

/// One kind of rule with its parameters and its memory. It is told of every good reading of its signals in
/// order, and asked for its judgement after each and whenever one of its signals is lost.
protocol Judge: Sendable {
    var signals: [SignalID] { get }
    mutating func take(_ observation: Observation, from signal: SignalState)
    /// Somebody pressed a button to say that all is well.
    mutating func take(_ answer: Answer)
    /// The home's mode changed.
    mutating func follow(_ presence: Presence)
    /// It rested until now: what was before must not make it wrong.
    mutating func resume(at now: Instant)
    /// Asked at every evaluation; must be cheap and must not build text.
    mutating func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement
    /// Why, for people: one line each, most important first.
    func reasons(at now: Instant, _ signals: [SignalState]) -> [String]
    /// Why a pre-alarm begins, where that is another line than the state of things.
    func warning(at now: Instant, _ signals: [SignalState]) -> [String]
    /// Its alert goes on sounding although somebody accepted it.
    func keepsAlarming(_ signals: [SignalState]) -> Bool
    /// What its judgement's `noteAt` announced; nil once it was taken.
    mutating func takeNote(at now: Instant, _ signals: [SignalState]) -> Note?
    var memory: JudgeMemory { get }
}

/// A button's word that all is well, as one rule hears it.
struct Answer: Hashable, Sendable {
    /// The button's signal.
    var button: String
    var time: Instant
    /// The rule's own warning was what was answered, and it lasts this long; nil: the rule had not warned.
    var warnFor: Span?
}

extension Judge {
    mutating func take(_ answer: Answer) {}
    mutating func follow(_ presence: Presence) {}
    mutating func resume(at now: Instant) {}
    func warning(at now: Instant, _ signals: [SignalState]) -> [String] { reasons(at: now, signals) }
    func keepsAlarming(_ signals: [SignalState]) -> Bool { false }
    func takeNote(at now: Instant, _ signals: [SignalState]) -> Note? { nil }
}

/// A kind's memory as it is kept across restarts: one field is set.
struct JudgeMemory: Hashable, Codable, Sendable {
    var lowUse: LowUse.Memory?
    var noActivity: NoActivity.Memory?
    var inputActive: InputActive.Memory?
}

extension RuleModel {
    func judge(from memory: JudgeMemory?, in home: HomeModel, at start: Instant) -> any Judge {
        switch kind {
        case .lowUse(let signal, let window, let below):
            LowUse(signal: signal, window: window, below: below, memory: memory?.lowUse)
        case .noActivity(let signals, let silentFor):
            NoActivity(signals: signals, silentFor: silentFor, memory: memory?.noActivity, at: start)
        case .inputActive(let signal, let holdFor, let request):
            InputActive(
                signal: signal, holdFor: holdFor, request: request, spread: spread(in: home),
                memory: memory?.inputActive)
        case .notReturned(let signals, let after): NotReturned(signals: signals, after: after)
        case .activeWhileAway(let signals): ActiveWhileAway(signals: signals)
        }
    }

    func spread(in home: HomeModel) -> Spread { Spread(seed: home.seed, longest: spread) }

    /// What the memory of a rule depends on. While this stays the same, the memory is worth keeping.
    func parameters(in home: HomeModel) -> String {
        let names = kind.signals.map { home.signals[$0.index].name }.joined(separator: " ")
        let numbers =
            switch kind {
            case .lowUse(_, let window, let below): "window \(window.milliseconds) below \(below)"
            case .noActivity(_, let silentFor): "silent-for \(silentFor.milliseconds)"
            case .inputActive(_, let holdFor, _): "for \(holdFor.milliseconds)"
            case .notReturned(_, let after): "after \(after.milliseconds)"
            case .activeWhileAway: ""
            }
        return "\(kind.name) \(names) \(numbers)"
    }
}
