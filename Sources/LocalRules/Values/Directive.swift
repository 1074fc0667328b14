// What the rules say and what they ask the agent to do.

/// What a rule says now. `cannotTell` is neither fine nor wrong.
package enum Verdict: String, Hashable, Codable, Sendable {
    case fine
    case wrong
    case cannotTell = "cannot tell"
}

/// A rule's wrong verdict with an identity and a life.
package struct Alert: Hashable, Codable, Sendable {
    package enum State: String, Hashable, Codable, Sendable {
        case preAlarm = "pre-alarm"
        case raised
        case acknowledged
    }

    /// `<rule>/<raise time>`, the time in ISO 8601 UTC on the home's timeline; for a pre-alarm the
    /// time at which it will be raised. Never used twice by one hub.
    package var id: String
    package var rule: String
    package var kind: String
    package var severity: Severity
    package var signals: [String]
    /// For people, most important first, each one line with the numbers and the limit.
    package var reasons: [String]
    package var state: State
    package var began: Instant
    /// When it was (or, in a pre-alarm, will be) raised.
    package var raised: Instant
    /// When it last called again, because it had become worse after somebody had accepted it; nil: never.
    package var called: Instant?
    /// How far its call for help has come, as far as it was told; nil: nothing is known, or it calls nobody.
    package var level: DeliveryLevel?
    /// true or nil, so that what older versions wrote can be read, and what has no test in it stays as it was.
    private var test: Bool?

    /// It was raised while an installer walked through the home: nobody has to come, its whole life long.
    package var isTest: Bool {
        get { test ?? false }
        set { test = newValue ? true : nil }
    }

    package init(
        id: String, rule: String, kind: String, severity: Severity, signals: [String], reasons: [String],
        state: State, began: Instant, raised: Instant, called: Instant? = nil, level: DeliveryLevel? = nil
    ) {
        self.id = id
        self.rule = rule
        self.kind = kind
        self.severity = severity
        self.signals = signals
        self.reasons = reasons
        self.state = state
        self.began = began
        self.raised = raised
        self.called = called
        self.level = level
    }
}

/// How far a call for help has come. Ordered: each level includes those before it.
package enum DeliveryLevel: String, Hashable, Codable, Sendable, CaseIterable, Comparable {
    case stored  // kept at home, where a power cut cannot take it
    case sent  // given to a connection
    case brokered  // a broker has said that it took it, which is no promise that it keeps it
    case received  // whoever is behind the broker has stored it
    case displayed  // somebody's screen has shown it
    case accepted  // somebody has taken it on

    package static func < (a: DeliveryLevel, b: DeliveryLevel) -> Bool { a.rank < b.rank }
    private var rank: Int {
        switch self {
        case .stored: 0
        case .sent: 1
        case .brokered: 2
        case .received: 3
        case .displayed: 4
        case .accepted: 5
        }
    }
}

/// A step in an alert's life.
package enum AlertEvent: String, Hashable, Codable, Sendable, CaseIterable {
    case preAlarm = "pre-alarm"
    case raised, escalated, acknowledged, cancelled, cleared
}

/// What the rules ask the agent to do. In the order in which it is to be done: sounds come first.
package enum Directive: Hashable, Sendable {
    /// From now on the home hears this (`silent`: nothing). Said only when it changes.
    case sound(SoundPattern)
    /// A step in an alert's life, to be committed and sent. `alert.reasons` explain this step.
    case alert(AlertEvent, Alert, at: Instant)
    /// Send this unaccepted alert by the second path as well.
    case fallback(alert: String, at: Instant)
    /// Send it again now by the first.
    case resend(alert: String, at: Instant)
    /// From now on this output is on, or off, because of a step of escalation. Said only when it changes.
    case relay(String, isOn: Bool)
    /// Something worth a record that is no alert (a meter that restarted from zero).
    case note(Note)
}

/// An event for the record.
package struct Note: Hashable, Codable, Sendable {
    package var time: Instant
    /// A stable word, such as `counter-reset`.
    package var code: String
    package var signals: [String]
    package var text: String

    package init(time: Instant, code: String, signals: [String], text: String) {
        self.time = time
        self.code = code
        self.signals = signals
        self.text = text
    }
}

/// What a rule says now, for status, heartbeats and the live picture.
package struct RuleReport: Hashable, Sendable {
    package var rule: String
    package var kind: String
    package var verdict: Verdict
    /// One line for people: "23.4 L in 12 h, limit 10 L".
    package var reason: String
    /// When it was last evaluated; nil: never.
    package var evaluated: Instant?

    package init(rule: String, kind: String, verdict: Verdict, reason: String, evaluated: Instant?) {
        self.rule = rule
        self.kind = kind
        self.verdict = verdict
        self.reason = reason
        self.evaluated = evaluated
    }
}

/// What is known of a signal now.
package struct SignalReport: Hashable, Sendable {
    package var signal: String
    /// The last good value, and when it was true.
    package var value: Int64?
    package var time: Instant?
    /// Missed its supervision deadline, or the driver says it cannot be read.
    package var isMissing: Bool

    package init(signal: String, value: Int64?, time: Instant?, isMissing: Bool) {
        self.signal = signal
        self.value = value
        self.time = time
        self.isMissing = isMissing
    }
}
