// One thing that is judged and can have an alert: a configured rule, a sensor, or whether a rule can see.

/// How a watched thing stands. Plain numbers, apart from `Watch`, because it is read and written for every
/// reading, and copying an alert's texts along costs more than judging.
struct Standing: Sendable {
    enum Subject: Hashable {
        case rule(Int)
        case sensor(SignalID)
        /// Whether the rule with this index can see; life-safety rules must say so at once.
        case blindness(Int, isLifeSafety: Bool)
    }

    let subject: Subject
    let warnFor: Span
    var judgement = Judgement.cannotTell
    /// There is an alert: `Watch.life` has more to say than this.
    var isOpen = false
    /// When it was last judged since the start.
    var evaluated: Instant?

    /// No alert, and no reason for one: the ordinary case.
    func isQuiet(at now: Instant) -> Bool {
        !isOpen
            && (judgement.isHeldBack
                || judgement.verdict != .wrong && !judgement.isApproaching(warnFor: warnFor, at: now))
    }
}

/// A watched thing's alert.
struct Watch: Sendable {
    let subject: Standing.Subject
    let terms: AlertTerms
    var life = AlertLife()
}

extension HomeModel {
    /// In the order in which their alerts are said: rules as configured, then sensors, then blind rules.
    var watches: [Watch] {
        // One step after another, so that a later one never waits for an earlier one.
        let steps = escalation.sorted { $0.after < $1.after }
        let configured = rules.enumerated().map { index, rule in
            Watch(
                subject: .rule(index),
                terms: AlertTerms(
                    rule: rule.name, kind: rule.kind.name, severity: rule.severity, signals: names(rule),
                    warnFor: rule.warnFor, clearAfter: rule.clearAfter, latched: rule.latched,
                    rises: rule.rises.map(\.severity), escalation: rule.severity == .technical ? [] : steps,
                    spread: rule.spread(in: self)))
        }
        let sensors = signals.enumerated().map { index, signal in
            Watch(
                subject: .sensor(SignalID(index)),
                terms: AlertTerms(
                    rule: silentSensorRule, kind: silentSensorRule, severity: .technical, signals: [signal.name]))
        }
        let blindness = rules.enumerated().map { index, rule in
            Watch(
                subject: .blindness(index, isLifeSafety: rule.isLifeSafety(in: self)),
                terms: AlertTerms(
                    rule: rule.name + ".blind", kind: "blind", severity: .technical, signals: names(rule)))
        }
        return configured + sensors + blindness
    }

    private func names(_ rule: RuleModel) -> [String] { rule.kind.signals.map { signals[$0.index].name } }

    /// For each signal, the positions in `watches` that a reading of it concerns, in their order.
    func watchesBySignal(_ watches: [Watch]) -> [[Int]] {
        signals.indices.map { signal in
            watches.indices.filter {
                switch watches[$0].subject {
                case .rule(let rule), .blindness(let rule, _): rules[rule].kind.signals.contains(SignalID(signal))
                case .sensor(let id): id.index == signal
                }
            }
        }
    }
}
