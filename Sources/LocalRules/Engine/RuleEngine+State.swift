// Into a snapshot and out of it again, under a configuration that may have changed in between.

extension RuleEngine {
    /// What must survive a restart; small (kilobytes), the same bytes for the same state.
    package var snapshot: EngineSnapshot {
        var snapshot = EngineSnapshot()
        snapshot.time = now
        let sensors = home.rules.count
        let blindness = sensors + signals.count
        snapshot.signals = signals.indices.map {
            signals[$0].memory(sensor: watches[sensors + $0].life, base: bases[$0])
        }
        snapshot.rules = home.rules.indices.map {
            RuleMemory(
                name: home.rules[$0].name, parameters: home.rules[$0].parameters(in: home), memory: judges[$0].memory,
                life: watches[$0].life, blindness: watches[blindness + $0].life)
        }
        let masked = blindness + home.rules.count
        for index in maskings.indices {
            snapshot.rules[maskings[index].rule].masked = watches[masked + index].life
            snapshot.rules[maskings[index].rule].masking = maskings[index].memory.flow
            snapshot.rules[maskings[index].rule].evenness = maskings[index].memory.evenness
        }
        snapshot.identities = identities
        snapshot.wallOffset = clock.offset
        snapshot.wallTrust = clock.trust
        snapshot.orphans = orphans
        snapshot.confirmedUntil = confirmedUntil
        snapshot.presence = presence.memory
        snapshot.motions = motionMemories
        snapshot.reTests = reTestMemories
        return snapshot
    }
}

/// A snapshot sorted by what the configuration still knows.
struct RestoredState {
    var now: Instant
    var clock: HomeClock
    var signals: [SignalState]
    var judges: [any Judge]
    var identities: Identities
    var orphans: [Alert]
    var watches: [Watch]
    var confirmedUntil: Instant?
    var presence: Presence
    var bases: [BaseUse?]
    var maskings: [Masking]
    var motions: [MotionHonesty] = []
    var reTests: [ReTest] = []

    init(home: HomeModel, snapshot: EngineSnapshot, at start: Instant) {
        let snapshot = snapshot.version == EngineSnapshot.currentVersion ? snapshot : EngineSnapshot()
        let now = max(start, snapshot.time ?? start)
        self.now = now
        let hasGap = snapshot.time.map { $0 < now } ?? false
        presence = Presence(home: home, memory: snapshot.presence, at: now, hasGap: hasGap)
        clock = HomeClock(zone: home.zone)
        if let offset = snapshot.wallOffset { clock.offset = offset }
        if let trust = snapshot.wallTrust { clock.trust = trust }
        signals = []
        bases = []
        maskings = home.maskings
        judges = []
        identities = snapshot.identities
        orphans = snapshot.orphans
        watches = home.watches
        // Over before the restart: not shown again.
        confirmedUntil = snapshot.confirmedUntil.flatMap { $0 < now ? nil : $0 }
        restoreSignals(home, snapshot)
        restoreRules(home, snapshot)
        restoreMotions(home, snapshot)
        restoreReTests(home, snapshot)
    }

    private mutating func restoreSignals(_ home: HomeModel, _ snapshot: EngineSnapshot) {
        let hasGap = snapshot.time.map { $0 < now } ?? false
        for (index, model) in home.signals.enumerated() {
            let memory = snapshot.signals.first { $0.name == model.name && $0.source == model.source.text }
            if let memory { watches[home.rules.count + index].life = memory.sensor }
            bases.append(BaseUse(of: model, memory: memory?.base))
            signals.append(
                memory.map { SignalState(model: model, memory: $0, at: now, hasGap: hasGap) }
                    ?? SignalState(model: model, at: now))
        }
        for memory in snapshot.signals {
            let isKnown = home.signals.contains { $0.name == memory.name && $0.source.text == memory.source }
            if !isKnown { orphan(memory.sensor) }
        }
    }

    private mutating func restoreRules(_ home: HomeModel, _ snapshot: EngineSnapshot) {
        for (index, rule) in home.rules.enumerated() {
            let blindness = home.rules.count + home.signals.count + index
            let memory = snapshot.rules.first { $0.name == rule.name }
            let isSame = memory?.parameters == rule.parameters(in: home)
            judges.append(rule.judge(from: isSame ? memory?.memory : nil, in: home, at: now, clock))
            guard let memory else { continue }
            // Even a rule that starts afresh must not give an id of its past again.
            watches[index].life = isSame ? memory.life : AlertLife(afterIdentity: memory.life.lastIdentity)
            watches[blindness].life =
                isSame ? memory.blindness : AlertLife(afterIdentity: memory.blindness.lastIdentity)
        }
        restoreMaskings(home, snapshot)
        for memory in snapshot.rules {
            let rule = home.rules.first { $0.name == memory.name }
            if rule?.parameters(in: home) != memory.parameters {
                orphan(memory.life)
                orphan(memory.blindness)
                if let masked = memory.masked { orphan(masked) }
            }
        }
    }

    private mutating func restoreMaskings(_ home: HomeModel, _ snapshot: EngineSnapshot) {
        let first = home.rules.count * 2 + home.signals.count
        for index in maskings.indices {
            let rule = home.rules[maskings[index].rule]
            guard let memory = snapshot.rules.first(where: { $0.name == rule.name }), let masked = memory.masked else {
                continue
            }
            let isSame = memory.parameters == rule.parameters(in: home)
            watches[first + index].life = isSame ? masked : AlertLife(afterIdentity: masked.lastIdentity)
            if isSame { maskings[index].memory = Masking.Memory(flow: memory.masking, evenness: memory.evenness) }
        }
    }

    mutating func orphan(_ life: AlertLife) {
        if let alert = life.alert { orphans.append(alert) }
    }
}
