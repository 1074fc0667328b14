// What LineBank knows of each line, and what follows from an edge or a level. No calls to the port here.

/// Whether we have a line, and when it wants attention: a re-read if we do, another request if not.
struct LineHold: Sendable {
    /// The port's number; nil while we do not have it.
    var line: Int?
    private(set) var due = BootTime.distantFuture
    /// Why we do not have it.
    private(set) var fault: LineError?
    private var backoff = Backoff(longestMilliseconds: Backoff.longestOfLineMilliseconds)
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
        due = now.advanced(milliseconds: backoff.failed())
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
    let plan: InputPlan
    var hold = LineHold()
    /// nil where nothing is to be debounced.
    private(set) var debounce: SoftwareDebounce?
    /// What was said last.
    private var told: Edge?

    init(plan: InputPlan) { self.plan = plan }

    /// The first level after the line was got.
    mutating func start(level: Bool, now: BootTime) -> Sample {
        debounce =
            plan.settings.debounceMilliseconds > 0
            ? SoftwareDebounce(milliseconds: plan.settings.debounceMilliseconds, reported: level) : nil
        return tell(Edge(time: now, isActive: level))
    }

    /// An edge from the port.
    mutating func take(_ edge: Edge) -> [Sample] {
        // A level that was read before its edge was taken has said it already.
        if let told, edge.time <= told.time, edge.isActive == told.isActive { return [] }
        return (debounce?.take(edge) ?? [edge]).map { tell($0) }
    }

    /// A level that was read after a batch of edges: a sample only if it contradicts them.
    mutating func compare(level: Bool, now: BootTime) -> Sample? {
        if debounce?.due != nil || level == told?.isActive { return nil }
        debounce?.correct(to: level)
        return tell(Edge(time: now, isActive: level))
    }

    /// A level that was re-read: always a sample. While the line bounces, what was reported stays true.
    mutating func say(level: Bool, now: BootTime) -> Sample {
        let settled = debounce.flatMap { $0.due == nil ? nil : $0.reported } ?? level
        debounce?.correct(to: settled)
        return tell(Edge(time: now, isActive: settled))
    }

    /// The end of a bounce.
    mutating func settle(level: Bool, now: BootTime) -> [Sample] {
        (debounce?.settle(isActive: level, now: now)).map { [tell($0)] } ?? []
    }

    /// Samples of one channel never go back in time, although a level may be stamped later than an edge that is
    /// taken after it.
    private mutating func tell(_ edge: Edge) -> Sample {
        let time = max(edge.time, told?.time ?? edge.time)
        told = Edge(time: time, isActive: edge.isActive)
        return Sample(channel: plan.channel, time: time, outcome: .value(.integer(edge.isActive ? 1 : 0)))
    }
}
