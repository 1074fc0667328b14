// The life of one rule's alert: a state machine that every kind of rule shares. `nextStep` decides and
// changes nothing; `take` carries one step out and says what happened.
//
//                approaching              wrong              accepted
//     no alert ───────────────▶ pre-alarm ───────▶ raised ──────────────▶ acknowledged
//
//     from           when                                       to             says
//     ────────────   ────────────────────────────────────────   ────────────   ─────────────────
//     no alert       wrong within warnFor                       pre-alarm      pre-alarm
//     no alert       wrong                                      raised         raised
//     pre-alarm      wrong                                      raised         raised (same id)
//     pre-alarm      no longer approaching, or not seen         no alert       cancelled
//     raised         short of a step's level at its time        raised         escalated
//     raised         it is worse, by the rule's `rises`         raised         escalated (same id, more severe)
//     raised         somebody accepts                           acknowledged   acknowledged
//     raised         fine for clearAfter, not latched           no alert       cleared
//     acknowledged   it is worse, by the rule's `rises`         raised         escalated (same id, more severe)
//     acknowledged   fine for clearAfter                        no alert       cleared
//     acknowledged   a new cause (a second press)               raised         cleared, raised
//     any, a test    the walk is over                           no alert       cleared (of a pre-alarm: cancelled)
//
// What begins while an installer walks through the home is a test for its whole life: no step of escalation is taken
// for it, and its sound is short. What is still wrong behind the walk is raised anew, and is real.
//
// Who accepted a yellow alert has not accepted that it is red by now: it calls again. An alert that is worse already
// when it is raised (after a restart) is raised so. It does not become less severe before it has ended.
//
// A verdict of *cannot tell* raises nothing and clears nothing.

/// Under what terms a rule's alert lives.
struct AlertTerms: Hashable, Sendable {
    var rule: String
    var kind: String
    var severity: Severity
    var signals: [String]
    var warnFor = Span.zero
    var clearAfter = Span.zero
    var latched = false
    /// What it becomes at each level of `Judgement.level` above 0.
    var rises: [Severity] = []
    /// Empty for technical alerts: nobody at home can do anything about them.
    var escalation: [EscalationStep] = []
    /// Added to `clearAfter`.
    var spread = Spread.none

    func severity(atLevel level: Int) -> Severity { level == 0 ? severity : rises[min(level, rises.count) - 1] }
}

struct AlertLife: Hashable, Codable, Sendable {
    private(set) var alert: Alert?
    /// Since when the verdict has been fine without a break while the alert is open.
    private var fineSince: Instant?
    private var cause: Instant?
    /// How many escalation steps have been taken.
    private var escalated = 0
    /// How many of the rule's rises it has taken; nil: none.
    private var level: Int?
    /// The moment in the last id given, so that none is given twice.
    private(set) var lastIdentity: Instant?

    enum Step: Hashable {
        case warn(raisedAt: Instant)
        case cancel
        case raise
        /// Wrong again before it cleared: the same alert goes on.
        case resume
        case startClearing
        case clear
        /// Accepted, and then a new cause: the old alert ends, a new one begins.
        case supersede
        case escalate
        /// It is worse than it was.
        case rise
    }

    init() {}

    var isOpen: Bool { alert != nil }

    /// Keeps only what ids depend on: the rule has changed, and what it knew is not worth keeping.
    init(afterIdentity identity: Instant?) { lastIdentity = identity }

    func nextStep(_ judgement: Judgement, at now: Instant, _ terms: AlertTerms) -> Step? {
        guard let alert else {
            if judgement.verdict == .wrong { return .raise }
            if let wrongAt = judgement.wrongAt, judgement.isApproaching(warnFor: terms.warnFor, at: now) {
                return .warn(raisedAt: wrongAt)
            }
            return nil
        }
        if !judgement.isWaiting {
            if alert.state == .preAlarm {
                if judgement.verdict == .wrong { return .raise }
                return judgement.isApproaching(warnFor: terms.warnFor, at: now) ? nil : .cancel
            }
            if let step = stepOfOpenAlert(alert, judgement, at: now, terms) { return step }
        }
        if let due = escalationDue(terms), due <= now { return .escalate }
        return nil
    }

    private func stepOfOpenAlert(
        _ alert: Alert, _ judgement: Judgement, at now: Instant, _ terms: AlertTerms
    ) -> Step? {
        switch judgement.verdict {
        case .wrong where judgement.level > (level ?? 0): return .rise
        case .wrong where judgement.cause != cause:
            return alert.state == .acknowledged ? .supersede : .resume
        case .wrong, .cannotTell:
            return fineSince == nil ? nil : .resume
        case .fine:
            guard let due = clearingDue(terms) else { return fineSince == nil ? .startClearing : nil }
            return due <= now ? .clear : nil
        }
    }

    private func escalationDue(_ terms: AlertTerms) -> Instant? {
        guard let alert, alert.state == .raised, !alert.isTest, let next = nextEscalation(terms) else { return nil }
        return alert.lastCall + terms.escalation[next].after
    }

    /// The first step that was not taken, of those whose level is not reached: the others have no reason.
    private func nextEscalation(_ terms: AlertTerms) -> Int? {
        terms.escalation.indices.first { $0 >= escalated && !isReached(terms.escalation[$0]) }
    }

    private func isReached(_ step: EscalationStep) -> Bool { alert?.level.map { $0 >= step.unless } ?? false }

    /// What the steps that were taken still ask for.
    private func actionsInForce(_ terms: AlertTerms) -> [EscalationStep.Action] {
        guard alert?.state == .raised else { return [] }
        return terms.escalation.prefix(max(0, escalated)).filter { !isReached($0) }.flatMap(\.actions)
    }

    private func clearingDue(_ terms: AlertTerms) -> Instant? {
        guard let alert, let fineSince, alert.state == .acknowledged || !terms.latched else { return nil }
        return fineSince + terms.clearAfter + terms.spread.wait(from: fineSince)
    }

    /// When the next step is due if no reading comes before.
    func deadline(_ judgement: Judgement, _ terms: AlertTerms, at now: Instant) -> Instant? {
        guard alert != nil else { return judgement.deadline(warnFor: terms.warnFor) }
        let step = sooner(escalationDue(terms), judgement.isWaiting ? nil : clearingDue(terms))
        let silence = testSoundEnd.flatMap { $0 > now ? $0 : nil }
        return sooner(judgement.recheckAt, sooner(step, silence))
    }

    /// nil: it is no test.
    private var testSoundEnd: Instant? {
        alert.flatMap { $0.isTest ? $0.raised + Limits.testSound : nil }
    }

    /// What the home should hear because of this alert. Accepted: nothing more; that it was is the engine's to show.
    /// A test's pre-alarm is silent: the press of a panic button that an installer tries is no answer to it.
    func sound(_ terms: AlertTerms, at now: Instant) -> SoundPattern {
        switch alert?.state {
        case nil, .acknowledged: return .silent
        case .preAlarm: return testSoundEnd == nil ? .preAlarm : .silent
        case .raised:
            if let end = testSoundEnd { return alert?.severity == .red && now < end ? .testAlarm : .silent }
            return actionsInForce(terms).reduce(alert?.severity == .red ? .alarm : .silent) {
                if case .sound(let pattern) = $1 { max($0, pattern) } else { $0 }
            }
        }
    }

    /// The outputs that steps of escalation hold on.
    func relays(_ terms: AlertTerms) -> [String] {
        actionsInForce(terms).compactMap { if case .relay(let name) = $0 { name } else { nil } }
    }

    /// A step of escalation holds that sends it by the second path.
    func wantsFallback(_ terms: AlertTerms) -> Bool { actionsInForce(terms).contains(.fallback) }

    /// Carries `step` out. `reasons` explain it.
    mutating func take(
        _ step: Step, _ judgement: Judgement, at now: Instant, _ terms: AlertTerms, reasons: [String],
        isTest: Bool, identities: inout Identities, into directives: inout [Directive]
    ) {
        switch step {
        case .warn(let raisedAt):
            open(.preAlarm, raised: raisedAt, at: now, terms, reasons, isTest: isTest, &identities)
            say(.preAlarm, reasons, at: now, &directives)
        case .raise:
            if alert == nil { open(.raised, raised: now, at: now, terms, reasons, isTest: isTest, &identities) }
            alert?.state = .raised
            alert?.raised = now
            alert?.reasons = reasons
            reach(judgement.level, terms)
            cause = judgement.cause
            say(.raised, reasons, at: now, &directives)
        case .resume:
            fineSince = nil
            // A second press before anybody accepted the first is the same call for help.
            if judgement.verdict == .wrong { cause = judgement.cause }
        case .startClearing:
            fineSince = now
        case .cancel:
            say(.cancelled, reasons, at: now, &directives)
            close()
        case .clear, .supersede:
            say(.cleared, reasons, at: now, &directives)
            close()
        case .escalate:
            escalate(at: now, terms, into: &directives)
        case .rise:
            rise(judgement, at: now, terms, reasons, &directives)
        }
    }

    private mutating func rise(
        _ judgement: Judgement, at now: Instant, _ terms: AlertTerms, _ reasons: [String],
        _ directives: inout [Directive]
    ) {
        let before = alert?.severity ?? terms.severity
        reach(judgement.level, terms)
        fineSince = nil
        cause = judgement.cause
        alert?.reasons = reasons
        if alert?.state == .acknowledged {
            alert?.state = .raised
            alert?.level = nil
            alert?.called = now
            escalated = 0
        }
        say(.escalated, reasons + ["was \(before.rawValue)"], at: now, &directives)
    }

    private mutating func reach(_ reached: Int, _ terms: AlertTerms) {
        guard reached > 0 else { return }
        level = reached
        alert?.severity = terms.severity(atLevel: reached)
    }

    /// Somebody accepted it. A pre-alarm is a question to the person at home and cannot be accepted for them;
    /// what was accepted before stays so. Returns whether anything changed.
    mutating func accept(by: String, at now: Instant, into directives: inout [Directive]) -> Bool {
        guard let called = alert?.lastCall, alert?.state == .raised else { return false }
        alert?.state = .acknowledged
        say(.acknowledged, ["accepted by \(by) after \((now - called).text)"], at: now, &directives)
        return true
    }

    /// Its call for help has come so far. Returns whether that is news; acceptance comes by `accept`.
    mutating func deliver(_ level: DeliveryLevel) -> Bool {
        guard let alert, alert.state == .raised, level < .accepted, alert.level.map({ level > $0 }) ?? true else {
            return false
        }
        self.alert?.level = level
        return true
    }

    private mutating func escalate(at now: Instant, _ terms: AlertTerms, into directives: inout [Directive]) {
        guard let alert, let next = nextEscalation(terms) else { return }
        let step = terms.escalation[next]
        escalated = next + 1
        let time = (now - alert.lastCall).text
        say(.escalated, ["\(step.unless.shortfall) for \(time)"] + alert.reasons, at: now, &directives)
        if step.actions.contains(.resend) { directives.append(.resend(alert: alert.id, at: now)) }
        if step.actions.contains(.fallback) { directives.append(.fallback(alert: alert.id, at: now)) }
    }

    private mutating func open(
        _ state: Alert.State, raised: Instant, at now: Instant, _ terms: AlertTerms, _ reasons: [String],
        isTest: Bool, _ identities: inout Identities
    ) {
        let identity = lastIdentity.map { max(raised, $0 + .milliseconds(1)) } ?? raised
        lastIdentity = identity
        alert = Alert(
            id: identities.id(terms, at: identity), rule: terms.rule, kind: terms.kind, severity: terms.severity,
            signals: terms.signals, reasons: reasons, state: state, began: now, raised: raised)
        alert?.isTest = isTest
    }

    /// The walk is over: what began in it ends with it, whatever has become of the cause. Returns whether it did.
    mutating func endTest(at now: Instant, into directives: inout [Directive]) -> Bool {
        guard let alert, alert.isTest else { return false }
        say(
            alert.state == .preAlarm ? .cancelled : .cleared, ["the walk through the home is over"], at: now,
            &directives)
        close()
        return true
    }

    private mutating func close() { self = AlertLife(afterIdentity: lastIdentity) }

    /// A step's own reasons go out with it; the open alert keeps the reasons it was raised for.
    private func say(_ event: AlertEvent, _ reasons: [String], at now: Instant, _ directives: inout [Directive]) {
        guard var alert else { return }
        alert.reasons = reasons
        directives.append(.alert(event, alert, at: now))
    }
}

extension DeliveryLevel {
    /// What to say when it was not reached, before "for 3 min".
    fileprivate var shortfall: String {
        switch self {
        case .stored: "it could not be kept"
        case .sent: "it could not be sent"
        case .brokered: "no broker has taken it"
        case .received: "nobody has confirmed that it arrived"
        case .displayed: "no screen has shown it"
        case .accepted: "nobody accepted it"
        }
    }
}

extension Alert {
    fileprivate var lastCall: Instant { called ?? raised }
}

/// Gives alerts their ids. Within one rule `AlertLife` sees to it that no moment is used twice; the sensors'
/// implicit rules share one name, so of several that fall silent at once all but the first name the signal.
struct Identities: Hashable, Codable, Sendable {
    private var lastOfSensors: Instant?

    mutating func id(_ terms: AlertTerms, at moment: Instant) -> String {
        let id = "\(terms.rule)/\(moment.iso8601)"
        guard terms.rule == silentSensorRule else { return id }
        if let lastOfSensors, moment <= lastOfSensors { return id + "/" + terms.signals.joined(separator: "/") }
        lastOfSensors = moment
        return id
    }
}

func sooner(_ a: Instant?, _ b: Instant?) -> Instant? {
    guard let a, let b else { return a ?? b }
    return min(a, b)
}
