// Whether anybody is expected to be in the home: the home's modes, and what changes them.
//
//     mode          what happens                                              becomes       said as
//     ───────────   ───────────────────────────────────────────────────────   ───────────   ───────────────────────────
//     home          the away switch, or the command                           away          mode
//     home          an exit door, then nothing inside for inferAfter          away          mode; since the door
//     home          the same, but of a part of it nobody was there to see     undecided     nothing
//     undecided     everything inside was heard again, and nothing rose       away          mode; since the door
//     undecided     an exit door, or activity inside                          home          nothing
//     away          the leaving is over, and an exit door or activity inside  home          mode; of one that was set
//                                                                                           also active-while-away
//     away          the switch goes off, or the command                       home          mode
//     away          expected back by now, a rule says not-returned            away          that rule's alert
//     away          the same without such a rule, or 30 days later            home          mode
//     any           the command                                               maintenance   mode
//     maintenance   its time is over, or the command                          home          mode
//     any           an installer's walk begins, asked for in the home         maintenance   walk-begun
//     maintenance   the walk is over, by its time or by any command           home          walk-ended
//
// The leaving is three minutes behind a door and ten behind the switch: a hall's motion sensor, a cistern that fills.
// What a register shows counts from the reading before it, because the water may have run before the door.
// Undecided, rules rest as if she were away, and silence counts anew from the sign, as it does after a return: whether
// she had left by then nobody can tell, and an agent that never stopped would have called nobody.
// An absence that was set goes on, with its own end, when the home has been left again by a door.

struct Presence: Sendable {
    struct Memory: Hashable, Codable, Sendable {
        var absence: Absence?
        var maintenance: Maintenance?
        var leaving: Leaving?
        /// A set absence that somebody interrupted.
        var plan: Absence?
        var surprise: Surprise?
    }
    struct Maintenance: Hashable, Codable, Sendable {
        var by: String
        var since: Instant
        var until: Instant
        /// An installer walks through the home and tries every line: alerts that begin are tests. nil: no.
        var isWalk: Bool?
    }
    /// An exit door moved, and nothing was seen inside since.
    struct Leaving: Hashable, Codable, Sendable {
        var door: String
        var at: Instant
        /// From here the silence was observed.
        var quietSince: Instant

        var inferredAt: Instant { quietSince + Limits.inferAfter }
    }

    private(set) var memory: Memory
    /// Somebody hears of it when nobody comes back.
    private let reportsNotReturned: Bool
    private let inside: [SignalID]
    /// The hour behind the door is over, and registers inside are still to say whether it was quiet all the time.
    private var isOpen: Bool
    /// Another number after each change that a rule would want to know.
    private(set) var revision = 0

    /// - Parameter hasGap: nobody listened for a while before `start`.
    init(home: HomeModel, memory: Memory?, at start: Instant, hasGap: Bool) {
        self.memory = memory ?? Memory()
        isOpen = self.memory.leaving.map { hasGap ? $0.inferredAt <= start : $0.inferredAt < start } ?? false
        inside = home.signals.indices.filter { home.signals[$0].isInside }.map(SignalID.init)
        reportsNotReturned = home.rules.contains { if case .notReturned = $0.kind { true } else { false } }
    }

    var mode: HomeMode { memory.maintenance != nil ? .maintenance : memory.absence != nil ? .away : .home }
    /// The ordinary case, in which no rule has to ask further.
    var isHome: Bool { memory.absence == nil && memory.maintenance == nil }
    /// She may have gone out before a gap in which nobody listened, and has not shown herself since.
    var isUndecided: Bool { isOpen && memory.leaving != nil && isHome }
    /// Alerts that begin now are tests.
    var isWalk: Bool { memory.maintenance?.isWalk ?? false }
    /// nil in maintenance too.
    var absence: Absence? { memory.maintenance == nil ? memory.absence : nil }

    func rests(_ rule: RuleModel) -> Bool {
        if memory.maintenance != nil { return rule.kind.restsInMaintenance }
        if isUndecided { return rule.away == .rest }
        guard let absence = memory.absence else { return false }
        switch rule.away {
        case .judge: return false
        case .restWhenSet: return absence.origin != .inferred
        case .rest: return true
        }
    }

    // MARK: What happens

    /// What a reading changes, for the record; nil: no mode that was ever said.
    mutating func take(_ observation: Observation, from signal: SignalState) -> String? {
        guard memory.maintenance == nil else { return nil }
        if signal.inputKind == .away { return takeSwitch(observation, signal.model.name) }
        guard observation.isSignOfLife else { return nil }
        if isUndecided, signal.model.isExit || signal.model.isInside { stay(at: observation.time) }
        if signal.model.isExit { return takeDoor(signal.model.name, at: observation.time) }
        guard signal.model.isInside else { return nil }
        return takeActivity(signal.model.name, at: observation.earliest(for: signal))
    }

    private mutating func takeSwitch(_ observation: Observation, _ name: String) -> String? {
        guard !observation.isUnchanged else { return nil }
        revision += 1
        if observation.value != 0 {
            let until = observation.time + Limits.awayExpires
            return leave(.input, by: name, until: until, at: observation.time)
        }
        memory.surprise = nil
        if memory.plan?.origin == .input { memory.plan = nil }
        guard memory.absence?.origin == .input else { return nil }
        return comeHome("\(name) was switched off", at: observation.time)
    }

    private mutating func takeDoor(_ door: String, at time: Instant) -> String? {
        defer {
            isOpen = false
            memory.leaving = Leaving(door: door, at: time, quietSince: time)
        }
        guard let absence = memory.absence else { return nil }
        guard time >= absence.settledAt else {
            memory.absence?.settledAt = max(absence.settledAt, time + Limits.leaving)
            return nil
        }
        // Whoever set the switch is expected back by the door; a command names the day.
        if absence.origin == .command { memory.surprise = Surprise(absence: absence, sign: door, at: time) }
        return interrupt(absence, by: door, at: time)
    }

    /// - Parameter time: the earliest at which it can have been.
    private mutating func takeActivity(_ sign: String, at time: Instant) -> String? {
        addToSurprise(at: time)
        if let leaving = memory.leaving, time >= leaving.at + Limits.leaving { memory.leaving = nil }
        guard let absence = memory.absence, time >= absence.settledAt else { return nil }
        if absence.origin != .inferred { memory.surprise = Surprise(absence: absence, sign: sign, at: time) }
        return interrupt(absence, by: sign, at: time)
    }

    /// There was a sign: from here an hour without any has to be seen.
    private mutating func stay(at time: Instant) {
        isOpen = false
        memory.leaving?.quietSince = time
        revision += 1
    }

    private mutating func addToSurprise(at time: Instant) {
        guard let surprise = memory.surprise, time - surprise.last >= Limits.betweenSigns,
            time - surprise.first <= Limits.surprise
        else { return }
        revision += 1
        memory.surprise?.last = time
        memory.surprise?.isRepeated = true
    }

    private mutating func interrupt(_ absence: Absence, by sign: String, at time: Instant) -> String {
        if absence.origin != .inferred, absence.until > time { memory.plan = absence }
        return comeHome(sign, at: time)
    }

    private mutating func leave(_ origin: Absence.Origin, by: String, until: Instant, at now: Instant) -> String {
        let absence = Absence(
            origin: origin, by: by, since: now, until: until, settledAt: now + Limits.leavingAfterSwitch)
        memory = Memory(absence: absence)
        revision += 1
        return absence.text(at: now)
    }

    private mutating func comeHome(_ cause: String, at now: Instant) -> String {
        revision += 1
        let away = memory.absence.map { " after \((now - $0.since).text) away" } ?? ""
        memory.absence = nil
        memory.leaving = nil
        return "home: \(cause)\(away)"
    }

    /// A person sets the mode, at most for as long as the mode allows; nil: for as long as it usually lasts.
    mutating func set(_ mode: HomeMode, until: Instant?, by: String, at now: Instant) -> String {
        func end(_ usual: Span, atMost most: Span) -> Instant { min(max(now, until ?? now + usual), now + most) }
        switch mode {
        case .home:
            let text = comeHome("set by \(by)", at: now)
            memory = Memory()
            return text
        case .away: return leave(.command, by: by, until: end(Limits.awayExpires, atMost: Limits.longestAway), at: now)
        case .maintenance:
            revision += 1
            let end = end(Limits.maintenance, atMost: Limits.longestMaintenance)
            memory = Memory(maintenance: Maintenance(by: by, since: now, until: end))
            return text(at: now)
        }
    }

    /// An installer walks through the home, at most for as long as maintenance may last.
    mutating func beginWalk(until: Instant, by: String, at now: Instant) -> String {
        revision += 1
        let end = min(max(now, until), now + Limits.longestMaintenance)
        memory = Memory(maintenance: Maintenance(by: by, since: now, until: end, isWalk: true))
        return text(at: now)
    }

    // MARK: Time

    /// What time alone changes.
    mutating func advance(to now: Instant, _ signals: [SignalState]) -> String? {
        if let maintenance = memory.maintenance, maintenance.until <= now {
            memory.maintenance = nil
            revision += 1
            let what = maintenance.isWalk == true ? "the walk through the home" : "maintenance"
            return "home: \(what) is over after \((now - maintenance.since).text)"
        }
        if let end = absenceEnd, end <= now {
            return comeHome("expected back by now", at: now)
        }
        guard let leaving = memory.leaving, memory.absence == nil, leaving.inferredAt <= now else {
            return nil
        }
        if inside.contains(where: { signals[$0.index].isAwaited }) {
            if !isOpen { revision += 1 }
            isOpen = true
            return nil
        }
        // Without eyes inside, nothing says that it is quiet there.
        guard inside.contains(where: { !signals[$0.index].isBlind }) else {
            if isOpen { revision += 1 }
            isOpen = false
            memory.leaving?.quietSince = now
            return nil
        }
        isOpen = false
        return infer(leaving, at: now)
    }

    private mutating func infer(_ leaving: Leaving, at now: Instant) -> String? {
        memory.leaving = nil
        guard !inside.isEmpty else { return nil }
        let settledAt = leaving.at + Limits.leaving
        var absence = Absence(
            origin: .inferred, by: leaving.door, since: leaving.at, until: leaving.at + Limits.awayExpires,
            settledAt: settledAt)
        if let plan = memory.plan, plan.until > now {
            absence = plan
            absence.since = leaving.at
            absence.settledAt = settledAt
        }
        memory = Memory(absence: absence)
        revision += 1
        return absence.text(at: now)
    }

    /// When an absence ends although nobody came.
    private var absenceEnd: Instant? {
        memory.absence.map { reportsNotReturned ? $0.until + Limits.longestAway : $0.until }
    }

    var deadline: Instant? {
        if let maintenance = memory.maintenance { return maintenance.until }
        if memory.absence != nil { return absenceEnd }
        return isOpen ? nil : memory.leaving?.inferredAt
    }

    // MARK: Words

    func text(at now: Instant) -> String {
        if let maintenance = memory.maintenance {
            let (since, left) = ((now - maintenance.since).text, (maintenance.until - now).text)
            if maintenance.isWalk == true {
                return "walk through the home for \(since) (begun by \(maintenance.by)), \(left) left: alerts are tests"
            }
            return "maintenance for \(since) (set by \(maintenance.by)), \(left) left"
        }
        if isUndecided { return "a door, then nothing inside, as far as is known after the restart" }
        return memory.absence?.text(at: now) ?? "home"
    }

    func report(at now: Instant) -> ModeReport {
        ModeReport(
            mode: mode, since: memory.maintenance?.since ?? memory.absence?.since,
            until: memory.maintenance?.until ?? memory.absence?.until, text: text(at: now))
    }
}

extension SignalModel {
    /// Shows that somebody is in. Not energy: refrigerators live alone.
    package var isInside: Bool {
        switch source {
        case .meter(let quantity): quantity == .volume
        case .input(let kind): [.motion, .panic, .service, .ok, .visit, .pulse].contains(kind)
        }
    }

    /// A door through which people leave.
    package var isExit: Bool { source == .input(.door) && leadsOut }
}

extension Observation {
    /// The earliest moment of what it shows: a register may have risen right after the reading before.
    func earliest(for signal: SignalState) -> Instant {
        signal.quantity?.isCumulative ?? false ? previousTime ?? time : time
    }
}
