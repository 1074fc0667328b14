// What is configured, as the rules need it: validated by whoever built it.

/// One home: its signals, what is judged about them, and what happens while nobody answers.
package struct HomeModel: Hashable, Sendable {
    package var signals: [SignalModel]
    package var rules: [RuleModel]
    package var escalation: [EscalationStep]
    /// What the clocks on the wall follow.
    package var zone: ZoneTable
    /// When what is not urgent keeps quiet; nil: never.
    package var quiet: DailyHours?
    /// A siren or buzzer is there. Without, nobody hears a pre-alarm, and no press can be meant as its answer.
    package var hasSounder: Bool
    /// What tells this home's waits by chance (`RuleModel.spread`) from those of other homes.
    package var seed: UInt64
    /// What is to be tried again, and how often.
    package var reTest: ReTestTerms

    package init(
        signals: [SignalModel], rules: [RuleModel], escalation: [EscalationStep] = EscalationStep.standard,
        zone: ZoneTable = .utc, quiet: DailyHours? = nil, hasSounder: Bool = true, seed: UInt64 = 0,
        reTest: ReTestTerms = ReTestTerms()
    ) {
        self.signals = signals
        self.rules = rules
        self.escalation = escalation
        self.zone = zone
        self.quiet = quiet
        self.hasSounder = hasSounder
        self.seed = seed
        self.reTest = reTest
    }
}

/// How urgent an alert is for people. `technical` is for whoever looks after the hub.
package enum Severity: String, Hashable, Codable, Sendable, CaseIterable {
    case red, orange, yellow, technical
}

/// One configured judgement over signals.
package struct RuleModel: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// Use within `window` is under `below` (base units of the signal's quantity, always > 0).
        case lowUse(signal: SignalID, window: Span, below: Int64)
        /// Nobody gave a sign of life on any of `signals` for as long as `silence` says. A sign of life is
        /// an input becoming active or (door) changing at all, or a cumulative register going up.
        case noActivity(signals: [SignalID], silence: Silence)
        /// The input is active, without a break for `holdFor` (zero: at once).
        /// `request` is what a service input asks for ("meal", "cleaning", "medical", "other").
        case inputActive(signal: SignalID, holdFor: Span, request: String?)
        /// Use within `window` is over `above` (base units of the signal's quantity, always > 0).
        case highUse(signal: SignalID, window: Span, above: Int64)
        /// At least `atLeast` (always > 0) was used, or a power was at it, in every `slot` of a `span`.
        case continuousUse(signal: SignalID, slot: Span, span: Span, atLeast: Int64)
        /// The value is beyond a limit for `holdFor` (zero: at once).
        case beyond(signal: SignalID, limits: ValueLimits, holdFor: Span)
        /// One of `temperatures` is hot, and none of `activity` gives a sign of life. Neither is empty.
        case heatAndStill(temperatures: [SignalID], activity: [SignalID], terms: HeatTerms)
        /// No visit, by the input or by `RuleEngine.recordVisit`, for `every`.
        case visitOverdue(signal: SignalID?, every: Span)
        /// Nobody came back for `after`. `signals` are what says that somebody left: exit doors, away switches.
        case notReturned(signals: [SignalID], after: Span)
        /// Somebody is in a home that was said to be empty.
        case activeWhileAway(signals: [SignalID])
    }

    package var name: String
    package var kind: Kind
    package var severity: Severity
    /// How long the home itself is warned before `raised`; zero: not at all.
    package var warnFor: Span
    /// How long the verdict must have been *fine* before the alert clears.
    package var clearAfter: Span
    /// A latched alert clears only once somebody accepted it (and the cause is gone).
    package var latched: Bool
    /// When it is worse: later ones are longer and more severe.
    package var rises: [Rise]
    /// A wait by chance of up to this long is added before it is raised (`inputActive` only) and before it is
    /// cleared, so that a power cut does not make every hub of a town call in one moment.
    package var spread: Span
    /// What it does while nobody is in.
    package var away: AwayPolicy
    /// Of a red `inputActive` rule: who must agree; until then it is orange. nil: nobody.
    package var confirmation: Confirmation?

    package init(
        name: String, kind: Kind, severity: Severity, warnFor: Span = .zero, clearAfter: Span = .zero,
        latched: Bool = false, rises: [Rise] = [], spread: Span = .zero, away: AwayPolicy? = nil,
        confirmation: Confirmation? = nil
    ) {
        self.name = name
        self.kind = kind
        self.severity = severity
        self.warnFor = warnFor
        self.clearAfter = clearAfter
        self.latched = latched
        self.rises = rises
        self.spread = spread
        self.away = away ?? kind.awayPolicy ?? .judge
        self.confirmation = confirmation
    }

    /// All that it looks at.
    var watched: [SignalID] { kind.signals + (confirmation?.signals ?? []) }
}

/// How long nobody must have given a sign of life. `SilenceCount` has the exact meaning.
package enum Silence: Hashable, Sendable {
    /// Mode 1: for this long.
    case lasting(Span)
    /// Mode 2: not once between these hours.
    case through(DailyHours)
    /// Mode 3: for this long, counted within these hours only. `carries`: over closed times too ("waking hours").
    case within(DailyHours, Span, carries: Bool)
}

/// From when on an alert is more severe than it was when it was raised.
package struct Rise: Hashable, Sendable {
    /// Counted as the rule counts what makes it wrong, and longer than that.
    package var after: Span
    package var severity: Severity

    package init(after: Span, severity: Severity) {
        self.after = after
        self.severity = severity
    }
}

extension RuleModel.Kind {
    /// The kind's name in configuration and on the wire.
    package var name: String {
        switch self {
        case .lowUse: "low-use"
        case .noActivity: "no-activity"
        case .inputActive: "input-active"
        case .highUse: "high-use"
        case .continuousUse: "continuous-use"
        case .beyond: "beyond"
        case .heatAndStill: "heat-and-still"
        case .visitOverdue: "visit-overdue"
        case .notReturned: "not-returned"
        case .activeWhileAway: "active-while-away"
        }
    }

    package var signals: [SignalID] {
        switch self {
        case .lowUse(let signal, _, _), .inputActive(let signal, _, _), .highUse(let signal, _, _),
            .continuousUse(let signal, _, _, _), .beyond(let signal, _, _):
            [signal]
        case .noActivity(let signals, _), .notReturned(let signals, _), .activeWhileAway(let signals): signals
        case .heatAndStill(let temperatures, let activity, _): temperatures + activity
        case .visitOverdue(let signal, _): signal.map { [$0] } ?? []
        }
    }

    /// Groups of signals of each of which one at least must be seen, or the rule is blind.
    var senses: [[SignalID]] {
        if case .heatAndStill(let temperatures, let activity, _) = self { [temperatures, activity] } else { [signals] }
    }
}

/// What happens at home while an alert (any severity but technical) stays unaccepted.
package struct EscalationStep: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case sound(SoundPattern)
        /// An output of kind relay, by its name: on for as long as the step holds.
        case relay(String)
        /// Send it again now, as if it were new.
        case resend
        /// Send it by the second path as well (carried out by Upstream where one is configured).
        case fallback
    }
    /// Counted from `raised`.
    package var after: Span
    /// The step is passed over if the call for help has come so far by then, and ends (its sound, its relay) once it has.
    package var unless: DeliveryLevel
    package var actions: [Action]

    package init(after: Span, unless: DeliveryLevel = .accepted, actions: [Action]) {
        self.after = after
        self.unless = unless
        self.actions = actions
    }

    /// design.md §7: not accepted after 180 s, and the home hears that help has not been reached.
    package static let standard = [EscalationStep(after: .seconds(180), actions: [.sound(.notReached)])]
}

/// What the home hears. Ordered: of several wanted at once, the most urgent sounds. That nobody has answered
/// outranks the alarm itself, because somebody who has pressed for help must learn that it is not coming;
/// only smoke, while there is smoke, goes before everything (`RuleEngine.wantedSound`).
package enum SoundPattern: String, Hashable, Codable, Sendable, CaseIterable, Comparable {
    case silent
    case accepted  // somebody has taken an alert on: help is coming
    case preAlarm = "pre-alarm"  // short beep every 30 s: press OK, or move
    case testAlarm = "test-alarm"  // what an alarm sounds like, for an installer: it switches nothing
    case alarm  // something is wrong right now
    case notReached = "not-reached"  // help has been called and nobody has answered yet

    package static func < (a: SoundPattern, b: SoundPattern) -> Bool { a.rank < b.rank }
    private var rank: Int {
        switch self {
        case .silent: 0
        case .accepted: 1
        case .preAlarm: 2
        case .testAlarm: 3
        case .alarm: 4
        case .notReached: 5
        }
    }
}
