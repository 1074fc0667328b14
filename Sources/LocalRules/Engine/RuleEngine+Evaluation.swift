// What happens at one moment: signals are lost, rules judge, alerts live, the sound follows.

/// What one moment asks for; brought into order when it is closed.
struct Moment {
    var steps: [Directive] = []
    var notes: [Directive] = []
    /// The sound may change although nothing else is said: quiet hours begin or end.
    var mayChangeSound = false
}

extension RuleEngine {
    /// Once, before anything else: what the configuration no longer knows ends, and the outputs, which start
    /// silent, get the sound that should be playing.
    mutating func begin(_ directives: inout [Directive]) {
        guard !hasBegun else { return }
        var moment = Moment()
        for var alert in orphans {
            let event: AlertEvent = alert.state == .preAlarm ? .cancelled : .cleared
            alert.reasons = ["rule changed in configuration"]
            moment.steps.append(.alert(event, alert, at: now))
        }
        orphans = []
        close(moment, &directives)
        hasBegun = true
    }

    /// Lets every deadline that `isDue` fire, each as a moment of its own. Ones that passed while the engine
    /// was not running fire at its start.
    mutating func fireDeadlines(while isDue: (Instant) -> Bool, _ directives: inout [Directive]) {
        while let due = nextDeadline, isDue(due) {
            now = max(now, due)
            var moment = Moment()
            for index in signals.indices {
                if let deadline = signals[index].supervisionDeadline, deadline <= now { signals[index].lose(at: now) }
            }
            noticeHeard()
            noticeLostMotions()
            if let change = quiet.change, change <= now {
                lookAtQuietHours()
                moment.mayChangeSound = true
            }
            followTime(&moment)
            if let until = confirmedUntil, until <= now { confirmedUntil = nil }
            for index in watches.indices { evaluate(index, &moment) }
            close(moment, &directives)
        }
        earliest = nextDeadline
    }

    /// Hands a good reading to the rules that look at its signal.
    mutating func distribute(_ observation: Observation, _ moment: inout Moment) {
        noticeHeard()
        // Once: each argument `signals[…]` would be a copy of its own.
        let signal = signals[observation.signal.index]
        for index in watchesBySignal[observation.signal.index] {
            switch standings[index].subject {
            case .rule(let rule): judges[rule].take(observation, from: signal)
            case .masking(let masking): maskings[masking].take(observation, from: signal)
            case .reTest(let position): reTests[position].take(observation)
            case .sensor, .blindness, .suspect, .constant: break
            }
        }
        if observation.isFall { noteReset(observation, signal, &moment) }
    }

    /// A rise that is explained by what runs by itself is no sign of life.
    mutating func subtractBase(from observation: inout Observation) {
        let index = observation.signal.index
        // Never held in a variable: its lists would be copied with each reading.
        if observation.isSignOfLife, let isSign = bases[index]?.isSign(observation.value, at: observation.time) {
            observation.isSignOfLife = isSign
        }
        bases[index]?.take(observation.value, at: observation.time, isFall: observation.isFall)
    }

    private func noteReset(_ observation: Observation, _ signal: SignalState, _ moment: inout Moment) {
        guard let quantity = signal.quantity, quantity.isCumulative, let previous = observation.previous else { return }
        let text =
            "\(signal.model.name): the register went back from \(quantity.text(previous)) "
            + "to \(quantity.text(observation.value)); counted anew from there"
        moment.notes.append(
            .note(Note(time: now, code: "counter-reset", signals: [signal.model.name], text: text)))
    }

    /// The last awaited signal was heard or given up: rules that waited for it judge again.
    private mutating func noticeHeard() {
        if isAwaiting { isAwaiting = signals.contains(where: \.isAwaited) }
    }

    /// Judges one thing and lets its alert follow. On the ordinary path: no step, no text, no allocation.
    mutating func evaluate(_ index: Int, _ moment: inout Moment) {
        var judgement = judgement(of: standings[index].subject)
        // A call of a method that does not mutate copies the whole engine: none on the ordinary path.
        if quiet.end != nil { judgement = held(judgement, index) }
        standings[index].judgement = judgement
        standings[index].evaluated = now
        if !standings[index].isQuiet(at: now) { follow(index, judgement, &moment) }
        if let noteAt = judgement.noteAt, noteAt <= now { note(index, &moment) }
        earliest = sooner(earliest, standings[index].isOpen ? deadline(of: index) : standings[index].deadline)
    }

    /// Judges what a good reading concerns. Most things have nothing new to say, and are not asked.
    mutating func evaluateWatches(of observation: Observation, _ moment: inout Moment) {
        for index in watchesBySignal[observation.signal.index] {
            if !observation.wasMissing, standings[index].isUnmoved { continue }
            evaluate(index, &moment)
        }
    }

    mutating func follow(_ index: Int, _ judgement: Judgement, _ moment: inout Moment) {
        while let step = watches[index].life.nextStep(judgement, at: now, watches[index].terms) {
            let reasons = reasons(for: step, of: watches[index].subject)
            watches[index].life.take(
                step, judgement, at: now, watches[index].terms, reasons: reasons, isTest: isWalking,
                identities: &identities, into: &moment.steps)
        }
        standings[index].isOpen = watches[index].life.isOpen
    }

    private mutating func note(_ index: Int, _ moment: inout Moment) {
        guard case .rule(let rule) = standings[index].subject else { return }
        if let note = judges[rule].takeNote(at: now, signals) { moment.notes.append(.note(note)) }
        standings[index].judgement.noteAt = nil
    }

    func deadline(of index: Int) -> Instant? {
        let standing = standings[index]
        guard standing.isOpen else { return standing.deadline }
        let step = watches[index].life.deadline(standing.judgement, watches[index].terms, at: now)
        return sooner(step, standing.judgement.noteAt)
    }

    mutating func judgement(of subject: Standing.Subject) -> Judgement {
        switch subject {
        case .rule(let rule):
            if resting[rule] { return .resting }
            if isAwaiting, judges[rule].signals.contains(where: { signals[$0.index].isAwaited }) { return .waiting }
            return judges[rule].judgement(at: now, signals)
        case .sensor(let id):
            return signals[id.index].supervision(at: now)
        case .masking(let masking):
            return maskings[masking].judgement(at: now, signals, bases)
        case .suspect(let position):
            if isAwaiting, signals[motions[position].signal.index].isAwaited { return .waiting }
            return motions[position].suspicion(signals)
        case .constant(let position):
            if isAwaiting, motions[position].isAwaited(signals) { return .waiting }
            return motions[position].constancy(at: now, signals)
        case .reTest(let position): return reTests[position].judgement(at: now)
        case .blindness(let rule, let isLifeSafety):
            return signals.blindness(of: senses[rule], isLifeSafety: isLifeSafety, at: now)
        }
    }

    private func reasons(for step: AlertLife.Step, of subject: Standing.Subject) -> [String] {
        switch step {
        case .resume, .startClearing, .escalate: return []  // silent, or explained by the life itself
        case .supersede: return ["accepted, and now active again"]
        case .warn, .cancel, .raise, .rise, .clear: break
        }
        switch subject {
        case .rule(let rule):
            if case .warn = step { return judges[rule].warning(at: now, signals) }
            return reasons(of: rule)
        case .sensor(let id):
            let signal = signals[id.index]
            return [signal.isMissing ? signal.silenceText(at: now) : "\(signal.model.name): readings again"]
        case .masking(let masking):
            let name = home.rules[maskings[masking].rule].name
            if step == .clear { return ["\(name) can speak again"] }
            return maskings[masking].reasons(for: name, at: now, signals)
        case .suspect(let position): return motions[position].suspicionReasons(at: now, signals)
        case .constant(let position): return motions[position].constancyReasons(at: now, signals)
        case .reTest(let position): return reTests[position].reasons(at: now)
        case .blindness(let rule, _):
            let name = home.rules[rule].name
            if step == .clear { return ["\(name) can see again"] }
            let missing = judges[rule].signals.map { signals[$0.index] }.filter(\.isBlind)
                .map { $0.blindText(at: now) }
            return ["\(name) cannot tell: " + missing.joined(separator: ", ")]
        }
    }

    /// Puts a moment's directives into order: sound first, because the siren must not wait for anything.
    mutating func close(_ moment: Moment, _ directives: inout [Directive]) {
        // Out of silence no other sound comes without a step, except at the beginning.
        if hasBegun, !moment.mayChangeSound, moment.steps.isEmpty, moment.notes.isEmpty, playing == .silent,
            switched.isEmpty
        {
            return
        }
        let wanted = wantedSound
        if wanted != playing {
            playing = wanted
            directives.append(.sound(wanted))
        }
        switchRelays(&directives)
        if !moment.steps.isEmpty { directives.append(contentsOf: moment.steps) }
        if !moment.notes.isEmpty { directives.append(contentsOf: moment.notes) }
    }

    private mutating func switchRelays(_ directives: inout [Directive]) {
        var wanted: Set<String> = []
        for index in standings.indices where standings[index].isOpen {
            let life = watches[index].life
            if let severity = life.alert?.severity, isHushed(standings[index].subject, severity) { continue }
            wanted.formUnion(life.relays(watches[index].terms))
        }
        guard !wanted.isEmpty || !switched.isEmpty else { return }
        let before = switched
        switched = wanted.sorted()
        directives += before.filter { !wanted.contains($0) }.map { .relay($0, isOn: false) }
        directives += switched.filter { !before.contains($0) }.map { .relay($0, isOn: true) }
    }

    /// Whether anybody in the home has to hear of it: not who is away, and nobody there asked for the technician.
    func isForTheHome(_ index: Int) -> Bool {
        if case .rule(let rule) = standings[index].subject, case .notReturned = home.rules[rule].kind { return false }
        return watches[index].terms.severity != .technical
    }

    /// The most urgent of what open alerts ask for; smoke, for as long as there is smoke, before everything.
    var wantedSound: SoundPattern {
        var wanted = confirmedUntil == nil ? SoundPattern.silent : .accepted
        for index in standings.indices where standings[index].isOpen {
            let life = watches[index].life
            if case .rule(let rule) = standings[index].subject, judges[rule].keepsAlarming(signals),
                life.alert?.isTest != true
            {
                return .alarm
            }
            guard isForTheHome(index) else { continue }
            if let severity = life.alert?.severity, isHushed(standings[index].subject, severity) { continue }
            wanted = max(wanted, life.sound(watches[index].terms, at: now))
        }
        return wanted
    }
}
