// What is remembered of one signal: once, however many rules look at it. Sorts readings into what they
// mean for every rule alike: nothing new, a step, a sensor lost, a sensor back.

struct SignalState: Sendable {
    let model: SignalModel
    /// The last good value and when it was true.
    private(set) var value: Int64?
    private(set) var valueTime: Instant?
    /// How long after the good reading before it that was.
    private(set) var interval: Span?
    /// The newest reading of any quality; what is older comes too late.
    private var newest: Instant?
    /// The last real reading, or the start of the engine: supervision counts from here.
    private(set) var heardAt: Instant
    /// Since when it is *missing*; nil: it is not.
    private(set) var missingSince: Instant?
    /// Since when it is a motion sensor that sees nothing although others do (`MotionHonesty`); nil: it is not.
    var suspectSince: Instant?
    /// Restored, and nothing heard since: its value is what was true before the gap.
    private(set) var isAwaited = false

    init(model: SignalModel, at start: Instant) {
        self.model = model
        self.heardAt = start
    }

    var isMissing: Bool { missingSince != nil }

    /// Its silence says nothing: it cannot be read, or is not to be believed.
    var isBlind: Bool { isMissing || suspectSince != nil }

    var quantity: Quantity? {
        if case .meter(let quantity) = model.source { quantity } else { nil }
    }
    var inputKind: InputKind? {
        if case .input(let kind) = model.source { kind } else { nil }
    }

    /// When it becomes missing unless a reading comes. Lines have no such moment (the driver says when a
    /// line cannot be read), except after a restart, when the driver owes the level.
    var supervisionDeadline: Instant? {
        if isMissing { return nil }
        if let silentAfter = model.silentAfter { return heardAt + silentAfter }
        return isAwaited ? heardAt + Limits.firstLevelAfterRestart : nil
    }

    /// What a reading changes; nil: nothing that a rule would want to know.
    enum Event {
        case observed(Observation)
        case lost
    }

    mutating func take(_ reading: Reading) -> Event? {
        if let newest, reading.time < newest { return nil }
        newest = reading.time
        switch reading.quality {
        case .missing:
            // A meter that misses one poll is not missing: it has a supervision deadline for that.
            guard model.silentAfter == nil, !isMissing else { return nil }
            lose(at: reading.time)
            return .lost
        case .stale, .suspect:
            // The sensor lives. Once it was missing, only a good reading says that it can be judged by again.
            if !isMissing { heardAt = max(heardAt, reading.time) }
            return nil
        case .good:
            let observation = Observation(
                signal: reading.signal, time: reading.time, value: reading.value, previous: value,
                previousTime: valueTime,
                isSignOfLife: isSignOfLife(reading.value), isPress: isPress(reading.value), wasMissing: isMissing)
            interval = valueTime.map { reading.time - $0 }
            value = reading.value
            valueTime = reading.time
            heardAt = max(heardAt, reading.time)
            missingSince = nil
            isAwaited = false
            return .observed(observation)
        }
    }

    mutating func lose(at time: Instant) {
        missingSince = time
        isAwaited = false
    }

    /// Somebody did something: an input became active, a door changed, a register went up (over a gap too).
    private func isSignOfLife(_ new: Int64) -> Bool {
        switch model.source {
        case .input(.door): value.map { $0 != new } ?? false
        case .input(.ok): isPress(new)
        case .input: new != 0 && (value ?? 0) == 0
        case .meter(let quantity): quantity.isCumulative && value.map { new > $0 } ?? false
        }
    }

    /// The line was seen to go from inactive to active. A level that was active when the line was first read or came
    /// back may be a stuck contact or a bad wire: enough for an alarm, not for saying that all is well.
    private func isPress(_ new: Int64) -> Bool { new != 0 && value == 0 && !isMissing && !isAwaited }
}

/// A good reading and what it was compared with.
struct Observation {
    var signal: SignalID
    var time: Instant
    var value: Int64
    /// The good value before it, however long ago; nil: the first ever.
    var previous: Int64?
    var previousTime: Instant?
    var isSignOfLife: Bool
    /// It became active before our eyes.
    var isPress: Bool
    /// A press that says that all is well (`RuleEngine.isAnswer`).
    var isAnswer = false
    /// The signal was missing until now.
    var wasMissing: Bool

    var isUnchanged: Bool { previous == value }
    /// For a cumulative register: it went backwards.
    var isFall: Bool { previous.map { value < $0 } ?? false }
}

/// A signal's state as it is kept across restarts.
struct SignalMemory: Hashable, Codable, Sendable {
    var name: String
    /// What it measures or what hangs on it; a signal that is now something else starts afresh.
    var source: String
    var value: Int64?
    var valueTime: Instant?
    /// nil: from a version that did not ask.
    var interval: Span?
    var newest: Instant?
    var heardAt: Instant
    var missingSince: Instant?
    var isAwaited: Bool
    var sensor: AlertLife
    var base: BaseUse.Memory?
}

extension SignalState {
    func memory(sensor: AlertLife, base: BaseUse?) -> SignalMemory {
        SignalMemory(
            name: model.name, source: model.source.text, value: value, valueTime: valueTime, interval: interval,
            newest: newest,
            heardAt: heardAt, missingSince: missingSince, isAwaited: isAwaited, sensor: sensor, base: base?.memory)
    }

    /// - Parameter hasGap: time passed between snapshot and restart, in which nobody listened.
    init(model: SignalModel, memory: SignalMemory, at start: Instant, hasGap: Bool) {
        self.model = model
        value = memory.value
        valueTime = memory.valueTime
        interval = memory.interval
        newest = memory.newest
        missingSince = memory.missingSince
        heardAt = hasGap ? start : memory.heardAt
        isAwaited = memory.missingSince == nil && (hasGap || memory.isAwaited)
    }
}

extension SignalModel.Source {
    var text: String {
        switch self {
        case .meter(let quantity): quantity.rawValue
        case .input(let kind): kind.rawValue
        }
    }
}
