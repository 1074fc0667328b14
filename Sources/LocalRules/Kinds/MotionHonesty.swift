// Whether a motion sensor can be believed: <sensor>.suspect and <sensor>.constant, of every motion sensor, implicitly.
//
// suspect: the home is lived in, and this sensor sees nothing. The sensor is at fault, not the person; from there on
// its silence is no evidence that nobody is there.
//
//     silent for, at home    others showed life in    verdict
//     ────────────────────   ──────────────────────   ───────────────────────────────────────────
//     less than the limit    any                      fine
//     the limit              under 6 hours of it      fine: somebody looked in, the flat was empty
//     the limit              6 hours of it or more    wrong, from another sensor's next sign on
//
// The limit is a day, which holds every room that is lived in; of a room that was seen to rest for longer, twice that
// rest, at most a week (a guest's room). Time away, in maintenance, or while the sensor cannot be read does not count.
//
// constant: motion goes on and on, and nobody uses water.
//
//     motion without a pause of 4 h    no water    verdict
//     ─────────────────────────────    ────────    ──────────────────────────────────────────────────
//     any                              unknown     cannot tell
//     less than a day                  any         fine
//     a day                            less        fine
//     a day                            a day       wrong: stuck, a pet, or somebody who cannot get up
//
// A sensor by a sickbed sees somebody turn over every few hours; one in a hall sees nothing from bedtime to morning.
// Water counts above what runs by itself (BaseUse), and up to its last reading.

struct MotionHonesty: Sendable {
    struct Memory: Hashable, Codable, Sendable {
        /// How long it has seen nothing, up to `since`; goes on from there. nil: it stands still.
        var quiet = Span.zero
        var since: Instant?
        /// The longest such time that ended by itself.
        var longestQuiet = Span.zero
        /// In how many hours of that time others showed life, and when the last of them began.
        var livelyHours = 0
        var livelyAt: Instant?
        /// Whose sign it was that made it suspect, and when.
        var suspectSince: Instant?
        var otherSign: String?
        var isActive = false
        /// When it was last active; nil: not since the start or the return.
        var lastActive: Instant?
        /// Since when it never paused.
        var constantSince: Instant?
        /// Since when no water was used.
        var drySince: Instant
    }

    static let leastSilence = Span.days(1)
    private static let longestLimit = Span.days(7)
    private static let livelyHours = 6
    private static let pause = Span.hours(4)
    private static let day = Span.days(1)
    /// Ten litres: whoever is up uses more in a day. A register of 100 L steps may well stand still for one.
    private static let coarsestStep: Int64 = 10_000

    let signal: SignalID
    /// Everything that measures water finely enough.
    let water: [SignalID]
    private(set) var memory: Memory
    private var isHome: Bool
    private var isLost = false

    /// - Parameter heardUntil: nobody listened from there to `start`; nil: somebody did.
    init(
        signal: SignalID, in home: HomeModel, memory: Memory?, isHome: Bool, at start: Instant, heardUntil: Instant?
    ) {
        self.signal = signal
        self.isHome = isHome
        water = home.signals.indices.filter {
            home.signals[$0].source == .meter(.volume) && home.signals[$0].step ?? 1 <= MotionHonesty.coarsestStep
        }.map(SignalID.init)
        self.memory = memory ?? Memory(drySince: start)
        if let heardUntil, let since = self.memory.since {
            self.memory.quiet = self.memory.quiet + max(.zero, heardUntil - since)
            self.memory.since = start
        }
        count(at: start)
    }

    var suspectSince: Instant? { memory.suspectSince }

    // MARK: What happens

    /// The sensor's own reading.
    mutating func take(_ observation: Observation) {
        let time = observation.time
        isLost = false
        if observation.value != 0 {
            if !memory.isActive { wake(at: time) }
            memory.lastActive = time
        } else if memory.isActive {
            memory.lastActive = time
        }
        memory.isActive = observation.value != 0
        count(at: time)
    }

    private mutating func wake(at time: Instant) {
        memory.longestQuiet = max(memory.longestQuiet, quiet(at: time))
        forgetSilence()
        if memory.lastActive.map({ time - $0 >= MotionHonesty.pause }) ?? true { memory.constantSince = time }
    }

    private mutating func forgetSilence() {
        memory.quiet = .zero
        memory.since = nil
        memory.livelyHours = 0
        memory.livelyAt = nil
        memory.suspectSince = nil
        memory.otherSign = nil
    }

    /// Another sensor showed life.
    mutating func takeSign(of other: SignalModel, at time: Instant) {
        if other.source == .meter(.volume) { memory.drySince = max(memory.drySince, time) }
        guard memory.since != nil, memory.suspectSince == nil else { return }
        if memory.livelyAt.map({ time - $0 >= .hours(1) }) ?? true {
            memory.livelyAt = time
            memory.livelyHours += 1
        }
        guard memory.livelyHours >= MotionHonesty.livelyHours, quiet(at: time) >= limit else { return }
        memory.suspectSince = time
        memory.otherSign = other.name
    }

    mutating func follow(_ presence: Presence, at now: Instant) {
        let wasHome = isHome
        isHome = presence.isHome
        count(at: now)
        guard isHome, !wasHome else { return }
        // Nobody used water in an empty home, and what moved there says nothing of who lives in it.
        memory.drySince = max(memory.drySince, now)
        memory.constantSince = memory.isActive ? now : nil
        memory.lastActive = memory.isActive ? now : nil
    }

    mutating func setLost(_ isLost: Bool, at now: Instant) {
        self.isLost = isLost
        count(at: now)
    }

    /// Lets the silence count or stand still.
    private mutating func count(at now: Instant) {
        let counts = isHome && !memory.isActive && !isLost
        if counts, memory.since == nil { memory.since = now }
        if !counts, let since = memory.since {
            memory.quiet = memory.quiet + max(.zero, now - since)
            memory.since = nil
        }
    }

    // MARK: What it comes to

    private func quiet(at now: Instant) -> Span {
        memory.quiet + (memory.since.map { max(.zero, now - $0) } ?? .zero)
    }

    private var limit: Span {
        min(MotionHonesty.longestLimit, max(MotionHonesty.leastSilence, memory.longestQuiet * 2))
    }

    func suspicion(_ signals: [SignalState]) -> Judgement {
        guard isHome else { return .resting }
        if signals[signal.index].isMissing { return .cannotTell }
        return memory.suspectSince == nil ? .fine : Judgement(verdict: .wrong)
    }

    func constancy(at now: Instant, _ signals: [SignalState]) -> Judgement {
        guard isHome else { return .resting }
        let isKnown =
            !water.isEmpty && !signals[signal.index].isMissing && !water.contains { signals[$0.index].isMissing }
        guard isKnown else { return .cannotTell }
        guard let since = memory.constantSince, isConstant(at: now) else { return .fine }
        let pauses = memory.isActive ? nil : memory.lastActive.map { $0 + MotionHonesty.pause }
        let due = max(since, memory.drySince) + MotionHonesty.day
        // Most readings end here: what follows makes lists.
        if now < due { return Judgement(verdict: .fine, recheckAt: sooner(due, pauses)) }
        if signals.heardUntil(water, at: now) >= due { return Judgement(verdict: .wrong, recheckAt: pauses) }
        let reading = signals.deciding(due, by: water, at: now).recheck
        return Judgement(verdict: .fine, recheckAt: sooner(reading > now ? reading : nil, pauses))
    }

    private func isConstant(at now: Instant) -> Bool {
        memory.isActive || memory.lastActive.map { now - $0 < MotionHonesty.pause } ?? false
    }

    /// Somebody has still to be heard after a restart.
    func isAwaited(_ signals: [SignalState]) -> Bool {
        signals[signal.index].isAwaited || water.contains { signals[$0.index].isAwaited }
    }

    // MARK: Words

    func suspicionReasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        let name = signals[signal.index].model.name
        guard memory.suspectSince != nil else { return ["\(name): motion again"] }
        return [suspicionText(at: now, name)]
    }

    func suspicionText(at now: Instant, _ name: String) -> String {
        "\(name): no motion for \(quiet(at: now).text) at home, limit \(limit.text), although others showed life in "
            + "\(memory.livelyHours) hours of it (last: \(memory.otherSign ?? "none"))"
    }

    func constancyReasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        let name = signals[signal.index].model.name
        let pause = MotionHonesty.pause.text
        guard isHome, let since = memory.constantSince, isConstant(at: now) else {
            return ["\(name): a pause of \(pause) or more"]
        }
        let dry = now - memory.drySince
        guard dry >= MotionHonesty.day else {
            return ["\(name): water used \(dry.text) ago"]
        }
        return [
            "\(name): motion for \((now - since).text) without a pause of \(pause), and no water for \(dry.text), "
                + "limit \(MotionHonesty.day.text): sensor stuck, a pet, or somebody who cannot leave the bed"
        ]
    }
}

extension HomeModel {
    /// The motion sensors that are watched for their honesty, in the order of the signals.
    var motionSensors: [SignalID] {
        signals.indices.filter { signals[$0].source == .input(.motion) }.map(SignalID.init)
    }
}

extension SignalModel {
    /// Shows that a home is lived in.
    var showsLife: Bool { isInside || source == .input(.door) }
}
