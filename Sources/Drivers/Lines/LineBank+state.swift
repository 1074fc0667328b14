// What LineBank knows of each line, and what follows from an edge or a level. No calls to the port here.

/// Whether we have a line, and when it wants attention: a re-read if we do, another request if not.
struct LineHold: Sendable {
    /// The port's number; nil while we do not have it.
    var line: Int?
    private(set) var due = BootTime.distantFuture
    /// Why we do not have it.
    private(set) var fault: LineError?
    private var backoff = Backoff(longestMilliseconds: Backoff.longestOfLineMilliseconds)
    private var backoffAtStart = Backoff(
        firstMilliseconds: Backoff.firstAtStartMilliseconds, longestMilliseconds: Backoff.longestOfLineMilliseconds)
    private var wasOurs = false

    mutating func got(until due: BootTime) {
        wasOurs = true
        fault = nil
        backoff.succeeded()
        self.due = due
    }

    mutating func lost(_ error: LineError, of settings: LineSettings, now: BootTime) {
        line = nil
        // It was found before: nobody has to look for a mistyped name.
        fault = wasOurs && error.kind == .notFound ? .gone(settings) : error
        let mayBeEarly = !wasOurs && (error.kind == .notFound || error.kind == .denied)
        due = now.advanced(milliseconds: mayBeEarly ? backoffAtStart.failed() : backoff.failed())
    }

    /// Lost just now, and worth a try at once.
    mutating func lost(_ error: LineError) {
        line = nil
        fault = error
        due = BootTime(nanoseconds: 0)
    }
}

struct BankOutput: Sendable {
    let settings: LineSettings
    /// What the line must come to, however often driving it fails.
    var wanted = false
    var hold = LineHold()

    init(settings: LineSettings) { self.settings = settings }
}

struct BankInput: Sendable {
    /// For motion and doors a minute does as a sign of life, and an idle home computes nothing.
    private static let signOfLifeMilliseconds: Int64 = 60_000

    let plan: InputPlan
    var hold = LineHold()
    /// Remarks that nobody has fetched yet.
    var notices: [LineNotice] = []
    /// nil where nothing is to be debounced.
    private var debounce: SoftwareDebounce?
    private var pulses: PulseCounter?
    private var losses: LostEdges
    private var chatter: ChatterGuard
    /// What was said last.
    private var told: Told?
    private var activeSince: BootTime?
    private var isStuck = false
    /// Of the kernel's, since the start, bounces and all.
    private(set) var edges: Int64 = 0

    private struct Told: Sendable {
        var time: BootTime
        var value: Int64
        var isActive: Bool { value != 0 }
    }

    init(plan: InputPlan) {
        self.plan = plan
        pulses = plan.pulses.map { PulseCounter($0) }
        losses = LostEdges(debounceMilliseconds: plan.settings.debounceMilliseconds)
        chatter = ChatterGuard(most: plan.limits.edgesInTenSeconds)
    }

    /// Whether its edges are worth waking up for.
    var isFollowed: Bool { !chatter.isChattering }

    var isActive: Bool? { hold.line == nil || plan.pulses != nil ? nil : told?.isActive }

    /// When a bounce or a pulse ends and `settle` wants to know the level.
    var due: BootTime? { isFollowed ? debounce?.due ?? pulses?.due : nil }

    /// The first level after the line was got.
    mutating func start(level: Bool, now: BootTime) -> Sample {
        losses.begin()
        return isFollowed ? begin(level: level, now: now) : sampleWhileChattering(level: level, now: now)
    }

    private mutating func begin(level: Bool, now: BootTime) -> Sample {
        pulses?.begin(level: level)
        debounce =
            plan.settings.debounceMilliseconds > 0 && pulses == nil
            ? SoftwareDebounce(milliseconds: plan.settings.debounceMilliseconds, reported: level) : nil
        return tell(level, at: now)
    }

    // MARK: Edges

    /// Edges that were taken at once, and the level behind them.
    mutating func take(_ edges: [Edge], level: Bool, now: BootTime) -> [Sample] {
        var samples: [Sample] = []
        self.edges += Int64(edges.count)
        for edge in edges {
            let lost = losses.take(edge)
            guard isFollowed else { continue }
            if lost > 0 { remark(.lost(edges: lost, isExact: edge.sequence != nil), at: edge.time) }
            samples += take(edge, lost: lost)
            if chatter.take(1 + lost, at: edge.time) {
                remark(.chatters(true), at: edge.time)
                samples.append(sampleWhileChattering(level: level, now: now))
            }
        }
        let lost = losses.end(of: edges.count)
        if isFollowed, lost > 0 { remark(.lost(edges: lost, isExact: false), at: now) }
        if isFollowed, let sample = compare(level: level, now: now) { samples.append(sample) }
        return samples
    }

    private mutating func take(_ edge: Edge, lost: Int) -> [Sample] {
        if let before = pulses?.count {
            pulses?.take(edge, lost: lost)
            return pulses?.count == before ? [] : [tell(edge.isActive, at: edge.time)]
        }
        // A level that was read before its edge was taken has said it already.
        if let told, edge.time <= told.time, edge.isActive == told.isActive { return [] }
        return (debounce?.take(edge) ?? [edge]).map { tell($0.isActive, at: $0.time) }
    }

    /// A level that was read after a batch of edges: a sample only if it contradicts them.
    private mutating func compare(level: Bool, now: BootTime) -> Sample? {
        if pulses != nil || debounce?.due != nil || level == told?.isActive { return nil }
        debounce?.correct(to: level, at: now)
        return tell(level, at: now)
    }

    // MARK: Levels

    /// A level that was re-read, after the edges that were found waiting while it chatters. A sample where it is
    /// news, or a sign of life is due. While the line bounces, what was reported stays true.
    mutating func say(level: Bool, now: BootTime, waiting: [Edge]) -> Sample? {
        edges += Int64(waiting.count)
        for edge in waiting { _ = losses.take(edge) }
        guard isFollowed else {
            guard chatter.look(waiting.count, now: now) else { return sampleWhileChattering(level: level, now: now) }
            remark(.chatters(false), at: now)
            return begin(level: level, now: now)
        }
        if pulses != nil {
            pulses?.look(level: level, now: now)
            return pulses?.count != told?.value || isSignOfLifeDue(now) ? tell(level, at: now) : nil
        }
        let settled = debounce.flatMap { $0.due == nil ? nil : $0.reported } ?? level
        debounce?.correct(to: settled, at: now)
        watchForStuck(settled, now: now)
        return plan.isSafety || settled != told?.isActive || isSignOfLifeDue(now) ? tell(settled, at: now) : nil
    }

    /// The end of a bounce or a pulse.
    mutating func settle(level: Bool, now: BootTime) -> [Sample] {
        if let before = pulses?.count {
            pulses?.look(level: level, now: now)
            return pulses?.count == before ? [] : [tell(level, at: now)]
        }
        return (debounce?.settle(isActive: level, now: now)).map { [tell($0.isActive, at: $0.time)] } ?? []
    }

    private func isSignOfLifeDue(_ now: BootTime) -> Bool {
        guard let told else { return true }
        return BootTime.milliseconds(from: told.time, to: now) >= BankInput.signOfLifeMilliseconds
    }

    // MARK: What is remarkable

    private mutating func remark(_ event: LineNotice.Event, at time: BootTime) {
        notices.append(LineNotice(channel: plan.channel, time: time, event: event))
    }

    private mutating func sampleWhileChattering(level: Bool, now: BootTime) -> Sample {
        guard plan.limits.isAbsentWhileChattering || pulses != nil else { return tell(level, at: now) }
        let error = LineError.chattering(plan.settings, edges: plan.limits.edgesInTenSeconds)
        return Sample(channel: plan.channel, time: max(now, told?.time ?? now), outcome: .absent(error))
    }

    private mutating func watchForStuck(_ isActive: Bool, now: BootTime) {
        guard !isStuck, isActive, let activeSince, let limit = plan.limits.stuckAfterMilliseconds,
            BootTime.milliseconds(from: activeSince, to: now) >= limit
        else { return }
        isStuck = true
        remark(.stuck(true), at: now)
    }

    /// Samples of one channel never go back in time, although a level may be stamped later than an edge that is
    /// taken after it.
    private mutating func tell(_ isActive: Bool, at time: BootTime) -> Sample {
        let time = max(time, told?.time ?? time)
        let value = pulses?.count ?? (isActive ? 1 : 0)
        if pulses == nil { follow(isActive, at: time) }
        told = Told(time: time, value: value)
        return Sample(channel: plan.channel, time: time, outcome: .value(.integer(value)))
    }

    private mutating func follow(_ isActive: Bool, at time: BootTime) {
        guard isActive else {
            activeSince = nil
            if isStuck { remark(.stuck(false), at: time) }
            isStuck = false
            return
        }
        activeSince = activeSince ?? time
    }
}
