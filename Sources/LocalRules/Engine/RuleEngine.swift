// The instance: all that is decided about one home. A pure value; EdgeAgent's HomeWorker is its shell.
//
//     Reading → SignalState (what is new?) → Judge (fine, wrong, cannot tell) → AlertLife (steps) → [Directive]
//
// This file holds the way in; RuleEngine+Evaluation.swift what happens at one moment; RuleEngine+State.swift
// what survives a restart.

/// Judges one home. Every method takes the time it needs and returns what is to be done, in order: of each
/// moment first the sound if it changed, then the steps of alerts (rules as configured, sensors, blind rules),
/// then notes.
///
/// Time never goes back. A call with a time before the newest one seen is carried out at the newest one, but
/// a reading counts for windows at its own time.
package struct RuleEngine: Sendable {
    package let home: HomeModel

    var now: Instant
    /// What the clocks in the home show, as far as anybody knows.
    var clock: HomeClock
    var quiet = QuietHours()
    var signals: [SignalState]
    var judges: [any Judge]
    var watches: [Watch]
    /// Of each watch, at the same position.
    var standings: [Standing]
    let watchesBySignal: [[Int]]
    /// Of each rule.
    let senses: [[[SignalID]]]
    var identities = Identities()
    /// Open alerts of rules and signals that the configuration no longer knows; cleared at the first call.
    var orphans: [Alert] = []
    /// What the outputs play. They start silent, after a restart too.
    var playing = SoundPattern.silent
    /// Outputs that steps of escalation hold on, in order of name. They start off.
    var switched: [String] = []
    /// Until then the home shows that somebody has accepted an alert. Longer than the alert itself: a press that was
    /// released clears in the moment in which it is accepted.
    var confirmedUntil: Instant?
    var presence: Presence
    /// Of each signal: what a register shows by itself; nil: it is none.
    var bases: [BaseUse?]
    var maskings: [Masking]
    var motions: [MotionHonesty]
    /// Which rules rest because of the home's mode.
    var resting: [Bool]
    /// What has to be tried again from time to time.
    var reTests: [ReTest]
    /// Alerts that begin now are tests.
    var isWalking: Bool
    /// Some signals' first readings after a restart are still to come.
    var isAwaiting = false
    var hasBegun = false
    /// Nothing is due before this. May be too early (deadlines move away unseen), never too late.
    var earliest: Instant?

    /// A fresh start at `now`; supervision deadlines count from there.
    package init(home: HomeModel, at now: Instant) {
        self.init(home: home, restoring: EngineSnapshot(), at: now)
    }

    /// Continues where a snapshot ended. Rules and signals are matched by name and parameters; what the
    /// configuration no longer knows is dropped, its open alerts are cleared by the first `advance`.
    ///
    /// With `now` at the snapshot's own moment nothing was missed and nothing changes. After a gap nothing is
    /// judged by signals that have not been heard again. A snapshot of an unknown version is a fresh start.
    package init(home: HomeModel, restoring snapshot: EngineSnapshot, at now: Instant) {
        self.home = home
        let state = RestoredState(home: home, snapshot: snapshot, at: now)
        self.now = state.now
        clock = state.clock
        signals = state.signals
        judges = state.judges
        identities = state.identities
        orphans = state.orphans
        confirmedUntil = state.confirmedUntil
        presence = state.presence
        bases = state.bases
        maskings = state.maskings
        motions = state.motions
        reTests = state.reTests
        isWalking = state.presence.isWalk
        resting = home.rules.map(state.presence.rests)
        for rule in judges.indices { judges[rule].follow(presence) }
        isAwaiting = state.signals.contains(where: \.isAwaited)
        watches = state.watches
        senses = home.rules.map(\.kind.senses)
        watchesBySignal = home.watchesBySignal(watches)
        standings = watches.map { Standing(subject: $0.subject, warnFor: $0.terms.warnFor, isOpen: $0.life.isOpen) }
        for index in standings.indices {
            standings[index].judgement = judgement(of: standings[index].subject)
            // What became due while the engine was not running is due at its start.
            standings[index].judgement.recheckAt = state.now
        }
        lookAtQuietHours()
        earliest = nextDeadline
    }

    /// Takes one reading. Readings of one signal come in order of time; an older one is ignored.
    ///
    /// Deadlines before the reading's time fire first, so `advance` need not be called before. One at exactly
    /// its time waits for the next call, because other signals may have readings of the same moment.
    package mutating func observe(_ reading: Reading) -> [Directive] {
        var directives: [Directive] = []
        guard signals.indices.contains(reading.signal.index) else { return directives }
        begin(&directives)
        if let earliest, earliest < reading.time { fireDeadlines(while: { $0 < reading.time }, &directives) }
        now = max(now, reading.time)
        guard let event = signals[reading.signal.index].take(reading) else { return directives }
        var moment = Moment()
        var hasWeighed = false
        if case .observed(var observation) = event {
            observation.isAnswer = observation.isPress && isAnswer(observation)
            subtractBase(from: &observation)
            take(observation, &moment)
            hasWeighed = weigh(observation)
            distribute(observation, &moment)
            if observation.isAnswer { answer(with: signals[reading.signal.index].model.name, &moment) }
            evaluateWatches(of: observation, &moment)
        } else {
            noticeLostMotions()
            for index in watchesBySignal[reading.signal.index] { evaluate(index, &moment) }
        }
        if hasWeighed { evaluateMotions(&moment) }
        if presence.isUndecided { followTime(&moment) }
        earliest = sooner(earliest, signals[reading.signal.index].supervisionDeadline)
        close(moment, &directives)
        return directives
    }

    /// Lets time pass up to `now`, inclusive: deadlines fire in order, each at its own moment.
    package mutating func advance(to now: Instant) -> [Directive] {
        var directives: [Directive] = []
        begin(&directives)
        fireDeadlines(while: { $0 <= now }, &directives)
        self.now = max(self.now, now)
        return directives
    }

    /// Somebody (a person or platform upstream) accepted an alert. Unknown ids are ignored, and so are those
    /// of pre-alarms (a question to the person at home) and of alerts that were accepted before.
    package mutating func accept(alert id: String, by: String, at now: Instant) -> [Directive] {
        var directives = advance(to: now)
        guard let index = watches.firstIndex(where: { $0.life.alert?.id == id }) else { return directives }
        var moment = Moment()
        if watches[index].life.accept(by: by, at: self.now, into: &moment.steps) {
            // Who tries the next button would not hear it over what shows that somebody has accepted the last.
            if isForTheHome(index), watches[index].life.alert?.isTest != true {
                confirmedUntil = self.now + Limits.confirmation
            }
            earliest = sooner(earliest, confirmedUntil)
            evaluate(index, &moment)
        }
        close(moment, &directives)
        return directives
    }

    /// An unaccepted alert's call for help has come so far: steps that waited for less are passed over or end.
    /// Unknown ids, and what is no news, are ignored.
    package mutating func delivered(alert id: String, level: DeliveryLevel, at now: Instant) -> [Directive] {
        var directives = advance(to: now)
        guard let index = watches.firstIndex(where: { $0.life.alert?.id == id }), watches[index].life.deliver(level)
        else { return directives }
        close(Moment(mayChangeSound: true), &directives)
        return directives
    }

    /// Open alerts that a step of escalation has sent by the second path: what does so anew after a restart.
    package var alertsByFallback: [String] {
        watches.compactMap { $0.life.wantsFallback($0.terms) ? $0.life.alert?.id : nil }
    }

    /// The next moment at which something happens without a reading; nil: never. Of a new engine it is its start.
    package var nextDeadline: Instant? {
        var next = sooner(sooner(confirmedUntil, quiet.change), presence.deadline)
        for index in signals.indices { next = sooner(next, signals[index].supervisionDeadline) }
        for index in standings.indices { next = sooner(next, deadline(of: index)) }
        return next
    }

    /// Rules as configured, then sensors, then blind rules.
    package var openAlerts: [Alert] { watches.compactMap(\.life.alert) + orphans }

    /// What the home should hear now.
    package var sound: SoundPattern { wantedSound }

    /// Of the configured rules, in their order.
    package func ruleReports() -> [RuleReport] {
        home.rules.indices.map { index in
            let standing = standings[index]
            let reason =
                standing.judgement.isWaiting
                ? "waiting for the first readings after the restart" : reasons(of: index).first
            return RuleReport(
                rule: home.rules[index].name, kind: home.rules[index].kind.name, verdict: standing.judgement.verdict,
                reason: reason ?? "looks at no signal", evaluated: standing.evaluated)
        }
    }

    /// In the configured order.
    package func signalReports() -> [SignalReport] {
        signals.map {
            SignalReport(signal: $0.model.name, value: $0.value, time: $0.valueTime, isMissing: $0.isMissing)
        }
    }
}
