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
    /// How many of the rule's rises have been reached (`RuleModel.rises`).
    var level = 0
    /// It is not urgent enough to begin an alert in quiet hours.
    var isHeldBack = false
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

    /// Wrong, and as bad as `due` says: when each of the rule's rises is reached; nil: not to be foreseen.
    static func wrong(at now: Instant, _ rises: [Span], due: (Span) -> Instant?) -> Judgement {
        var judgement = Judgement(verdict: .wrong)
        for rise in rises {
            guard let due = due(rise) else { break }
            if due > now {
                judgement.recheckAt = due
                break
            }
            judgement.level += 1
        }
        return judgement
    }

    /// The same for kinds to which only readings speak: the newest one says how bad it is, not the clock.
    static func wrong(asOf newest: Instant, _ rises: [Span], due: (Span) -> Instant?) -> Judgement {
        var judgement = wrong(at: newest, rises, due: due)
        judgement.recheckAt = nil
        return judgement
    }

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
    /// The wall clock was set: for kinds that ask for the time of day.
    mutating func set(_ clock: HomeClock, at now: Instant)
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
    mutating func set(_ clock: HomeClock, at now: Instant) {}
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
    var highUse: HighUse.Memory?
    var continuousUse: ContinuousUse.Memory?
    var beyond: Beyond.Memory?
    var heatAndStill: HeatAndStill.Memory?
    var visitOverdue: VisitOverdue.Memory?
}

extension RuleModel {
    func judge(from memory: JudgeMemory?, in home: HomeModel, at start: Instant, _ clock: HomeClock) -> any Judge {
        let spans = rises.map(\.after)
        return switch kind {
        case .lowUse(let signal, let window, let below):
            LowUse(signal: signal, window: window, below: below, memory: memory?.lowUse)
        case .noActivity(let signals, let silence):
            NoActivity(
                signals: signals, silence: silence, rises: spans, memory: memory?.noActivity, at: start, clock)
        case .inputActive(let signal, let holdFor, let request):
            InputActive(
                signal: signal, holdFor: holdFor, request: request, spread: spread(in: home), rises: spans,
                group: confirmation, memory: memory?.inputActive)
        case .highUse(let signal, let window, let above):
            HighUse(signal: signal, window: window, above: above, memory: memory?.highUse)
        case .continuousUse(let signal, let slot, let span, let atLeast):
            ContinuousUse(
                signal: signal, slot: slot, span: span, atLeast: atLeast, rises: spans,
                memory: memory?.continuousUse)
        case .beyond(let signal, let limits, let holdFor):
            Beyond(signal: signal, limits: limits, holdFor: holdFor, rises: spans, memory: memory?.beyond)
        case .heatAndStill(let temperatures, let activity, let terms):
            HeatAndStill(
                temperatures: temperatures, activity: activity, terms: terms, rises: spans,
                memory: memory?.heatAndStill, at: start, clock)
        case .visitOverdue(let signal, let every):
            VisitOverdue(signal: signal, every: every, rises: spans, memory: memory?.visitOverdue, at: start)
        case .notReturned(let signals, let after): NotReturned(signals: signals, after: after, rises: spans)
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
            case .noActivity(_, let silence): silence.parameters
            case .inputActive(_, let holdFor, _): "for \(holdFor.milliseconds)"
            case .highUse(_, let window, let above): "window \(window.milliseconds) above \(above)"
            case .continuousUse(_, let slot, let span, let atLeast):
                "slot \(slot.milliseconds) span \(span.milliseconds) at-least \(atLeast)"
            case .beyond(_, let limits, let holdFor):
                "above \(limits.above ?? 0) below \(limits.below ?? 0) hysteresis \(limits.hysteresis) for \(holdFor.milliseconds)"
            case .heatAndStill(_, _, let terms):
                "above \(terms.above) hysteresis \(terms.hysteresis) for \(terms.hotFor.milliseconds) still-for \(terms.stillFor.milliseconds)"
            case .visitOverdue(_, let every): "every \(every.milliseconds)"
            case .notReturned(_, let after): "after \(after.milliseconds)"
            case .activeWhileAway: ""
            }
        let group = confirmation.map { group in
            " confirm \(group.signals.map { home.signals[$0.index].name }.joined(separator: " ")) within \(group.within.milliseconds)"
        }
        return "\(kind.name) \(names) \(numbers)\(group ?? "")"
    }
}

extension Silence {
    fileprivate var parameters: String {
        switch self {
        case .lasting(let span): "silent-for \(span.milliseconds)"
        case .through(let hours): "between \(hours.text)"
        case .within(let hours, let span, let carries):
            "silent-for \(span.milliseconds) between \(hours.text)\(carries ? " carry" : "")"
        }
    }
}
