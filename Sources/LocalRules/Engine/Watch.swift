// One thing that is judged and can have an alert: a configured rule, a sensor, or whether a rule can see.

/// How a watched thing stands. Plain numbers, apart from `Watch`, because it is read and written for every
/// reading, and copying an alert's texts along costs more than judging.
struct Standing: Sendable {
    enum Subject: Hashable {
        case rule(Int)
        case sensor(SignalID)
        /// Whether the rule with this index can see; life-safety rules must say so at once.
        case blindness(Int, isLifeSafety: Bool)
        /// Whether something keeps a rule satisfied: a position in `HomeModel.maskings`.
        case masking(Int)
        /// Whether a motion sensor sees nothing although somebody is there: a position in `HomeModel.motionSensors`.
        case suspect(Int)
        /// Whether it never rests although nobody uses water.
        case constant(Int)
        /// Whether something was not tried for too long: a position in `RuleEngine.reTests`.
        case reTest(Int)
    }

    let subject: Subject
    let warnFor: Span
    var judgement = Judgement.cannotTell
    /// There is an alert: `Watch.life` has more to say than this.
    var isOpen = false
    /// When it was last judged since the start.
    var evaluated: Instant?

    /// When there is something to do although no reading came, while there is no alert.
    var deadline: Instant? { sooner(judgement.deadline(warnFor: warnFor), judgement.noteAt) }

    /// Nothing that a good reading of a signal says can change it, but for the first one after the signal was missing:
    /// it asks only who is missing or suspect, and none of those is.
    var isUnmoved: Bool {
        switch subject {
        case .sensor, .blindness, .suspect: !isOpen && judgement.verdict == .fine && judgement.recheckAt == nil
        case .rule, .masking, .constant, .reTest: false
        }
    }

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
    /// In the order in which their alerts are said: rules as configured, sensors, blind rules, masked ones, what is to
    /// be tried again, motion.
    var watches: [Watch] {
        // One step after another, so that a later one never waits for an earlier one.
        let steps = escalation.sorted { $0.after < $1.after }
        let configured = rules.enumerated().map { index, rule in
            Watch(
                subject: .rule(index),
                terms: AlertTerms(
                    rule: rule.name, kind: rule.kind.name, severity: rule.confirmation == nil ? rule.severity : .orange,
                    signals: names(rule),
                    warnFor: rule.warnFor, clearAfter: rule.clearAfter, latched: rule.latched,
                    rises: rule.confirmation == nil ? rule.rises.map(\.severity) : [rule.severity],
                    escalation: rule.severity == .technical ? [] : steps,
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
        let masking = maskings.indices.map { index in
            let rule = rules[maskings[index].rule]
            return Watch(
                subject: .masking(index),
                terms: AlertTerms(
                    rule: rule.name + ".masked", kind: "masked", severity: .technical,
                    signals: [signals[maskings[index].signal.index].name]))
        }
        let reTesting = reTested.indices.map { position in
            let name = reTested[position].signal.map { signals[$0.index].name }
            return Watch(
                subject: .reTest(position),
                terms: AlertTerms(
                    rule: reTestRule(of: position), kind: ReTest.kind, severity: .technical,
                    signals: name.map { [$0] } ?? []))
        }
        return configured + sensors + blindness + masking + reTesting + honesty(escalation: steps)
    }

    /// Two for each motion sensor.
    private func honesty(escalation: [EscalationStep]) -> [Watch] {
        motionSensors.enumerated().flatMap { position, id in
            let name = signals[id.index].name
            return [
                Watch(
                    subject: .suspect(position),
                    terms: AlertTerms(
                        rule: name + ".suspect", kind: "suspect-sensor", severity: .technical, signals: [name])),
                Watch(
                    subject: .constant(position),
                    terms: AlertTerms(
                        rule: name + ".constant", kind: "constant-motion", severity: .yellow, signals: [name],
                        escalation: escalation)),
            ]
        }
    }

    /// What could keep which rule satisfied, with nothing seen yet; one for each rule.
    var maskings: [Masking] {
        rules.indices.compactMap { index in
            rules[index].kind.signals.lazy.compactMap { Masking(rule: index, signal: $0, in: self) }.first
        }
    }

    private func names(_ rule: RuleModel) -> [String] { rule.kind.signals.map { signals[$0.index].name } }

    /// For each signal, the positions in `watches` that a reading of it concerns, in their order.
    func watchesBySignal(_ watches: [Watch]) -> [[Int]] {
        let maskings = maskings
        let motionSensors = motionSensors
        let reTested = reTested
        return signals.indices.map { signal in
            watches.indices.filter {
                switch watches[$0].subject {
                case .rule(let rule): rules[rule].watched.contains(SignalID(signal))
                case .blindness(let rule, _): rules[rule].kind.signals.contains(SignalID(signal))
                case .sensor(let id): id.index == signal
                case .masking(let index): maskings[index].signal.index == signal
                case .suspect(let position): motionSensors[position].index == signal
                case .reTest(let position): reTested[position].signal?.index == signal
                case .constant(let position):
                    motionSensors[position].index == signal || signals[signal].source == .meter(.volume)
                }
            }
        }
    }
}
