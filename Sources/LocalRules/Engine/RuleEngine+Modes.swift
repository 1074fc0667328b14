// The home's modes in the engine: who sets them, and how rules hear of them.

extension RuleEngine {
    package var mode: ModeReport { presence.report(at: now) }

    /// A person sets the home's mode. `until`: away at most 30 days ahead, maintenance at most 4 hours; nil: as long
    /// as it usually lasts (12 h, 2 h). Rules about absence rest; smoke, panic and all other inputs do not.
    package mutating func setMode(_ mode: HomeMode, until: Instant?, by: String, at now: Instant) -> [Directive] {
        var directives = advance(to: now)
        var moment = Moment()
        let text = presence.set(mode, until: until, by: by, at: self.now)
        followMode(text, &moment)
        close(moment, &directives)
        return directives
    }

    /// An installer walks through the home and sets off every line: maintenance in which every alert that begins is a
    /// test. For whoever stands in the home only: a command from far away that did this would silence smoke and panic.
    /// One that is under way goes on to its own end.
    /// - Parameter until: at most 4 hours ahead.
    package mutating func beginWalk(until: Instant, by: String, at now: Instant) -> [Directive] {
        var directives = advance(to: now)
        guard !presence.isWalk else { return directives }
        var moment = Moment()
        followMode(presence.beginWalk(until: until, by: by, at: self.now), &moment)
        close(moment, &directives)
        return directives
    }

    /// Nothing where there is no walk.
    package mutating func endWalk(by: String, at now: Instant) -> [Directive] {
        let directives = advance(to: now)
        return presence.isWalk ? directives + setMode(.home, until: nil, by: by, at: now) : directives
    }

    /// When the walk ends at the latest; nil: nobody walks.
    package var walkUntil: Instant? { presence.isWalk ? presence.memory.maintenance?.until : nil }

    mutating func take(_ observation: Observation, _ moment: inout Moment) {
        let index = observation.signal.index
        // Most readings are neither.
        guard observation.isSignOfLife || signals[index].inputKind == .away else { return }
        let revision = presence.revision
        let text = presence.take(observation, from: signals[index])
        if presence.revision != revision { followMode(text, &moment) }
        earliest = sooner(earliest, presence.deadline)
    }

    mutating func followTime(_ moment: inout Moment) {
        guard presence.isUndecided || presence.deadline.map({ $0 <= now }) ?? false else { return }
        let (revision, undecided) = (presence.revision, presence.isUndecided ? presence.memory.leaving : nil)
        let text = presence.advance(to: now, signals)
        if let undecided, text != nil { raiseWhatWasDue(before: undecided.inferredAt, &moment) }
        // That nobody can tell whether she is away is no return, from which silence would count.
        if presence.revision != revision { followMode(text, isReturn: text != nil, &moment) }
    }

    /// She is away, as it turns out after a gap, in which something had become due before she could be known to be.
    private mutating func raiseWhatWasDue(before inferredAt: Instant, _ moment: inout Moment) {
        // Configured rules come first among the watches.
        for rule in judges.indices where resting[rule] {
            let judgement = judges[rule].judgement(at: inferredAt, signals)
            guard judgement.verdict == .wrong else { continue }
            resting[rule] = false
            follow(rule, judgement, &moment)
        }
    }

    private mutating func followMode(_ text: String?, isReturn: Bool = true, _ moment: inout Moment) {
        let code = presence.isWalk == isWalking ? "mode" : isWalking ? "walk-ended" : "walk-begun"
        if let text { moment.notes.append(.note(Note(time: now, code: code, signals: [], text: text))) }
        if isWalking, !presence.isWalk { endTests(&moment) }
        isWalking = presence.isWalk
        for rule in judges.indices {
            judges[rule].follow(presence)
            let rests = presence.rests(home.rules[rule])
            if resting[rule], !rests, isReturn { judges[rule].resume(at: now) }
            resting[rule] = rests
        }
        for position in motions.indices { motions[position].follow(presence, at: now) }
        // Configured rules come first among the watches.
        for rule in judges.indices { evaluate(rule, &moment) }
        evaluateMotions(&moment)
        earliest = sooner(earliest, presence.deadline)
    }

    /// What began in the walk ends with it. What is still wrong is raised anew, and is real: rules by whoever calls.
    private mutating func endTests(_ moment: inout Moment) {
        isWalking = false
        for index in watches.indices where standings[index].isOpen {
            guard watches[index].life.endTest(at: now, into: &moment.steps) else { continue }
            standings[index].isOpen = false
            if index >= judges.count { evaluate(index, &moment) }
        }
    }

    /// Why a rule says what it says.
    func reasons(of rule: Int) -> [String] {
        resting[rule] ? ["rests: \(presence.text(at: now))"] : judges[rule].reasons(at: now, signals)
    }
}
