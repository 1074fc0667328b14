// When a line changes more often than what hangs on it can: a broken contact, a loose wire, a lamp's hum.

/// Watches how often one line changes. Pure; times are those of edges or of the re-reads.
struct ChatterGuard: Sendable {
    /// Long enough that a door falling shut or a button's bounces are little of it.
    static let windowMilliseconds: Int64 = 10_000
    /// A loose contact rests now and then; taken back sooner, it would be reported over and over.
    static let calmMilliseconds: Int64 = 60_000
    /// More than these within a second is no calm. libgpiod 1.x never shows more than 16.
    private static let mostWhenCalm = 16

    /// Edges in a window; 0: any number.
    private let most: Int
    private(set) var isChattering = false
    private var windowBegan: BootTime?
    private var count = 0
    private var calmSince: BootTime?

    init(most: Int) { self.most = most }

    /// Edges that came while the line is followed; true: with these it chatters.
    mutating func take(_ edges: Int, at time: BootTime) -> Bool {
        guard most > 0, !isChattering else { return false }
        if let began = windowBegan, BootTime.milliseconds(from: began, to: time) < ChatterGuard.windowMilliseconds {
            count += edges
        } else {
            windowBegan = time
            count = edges
        }
        guard count > most else { return false }
        isChattering = true
        calmSince = nil
        return true
    }

    /// Edges that had come since the look before, while it chatters; true: it has been calm for long enough.
    mutating func look(_ edges: Int, now: BootTime) -> Bool {
        guard isChattering else { return false }
        let allowed = min(ChatterGuard.mostWhenCalm, most * 1000 / Int(ChatterGuard.windowMilliseconds) + 1)
        guard edges < allowed else {
            calmSince = nil
            return false
        }
        let since = calmSince ?? now
        calmSince = since
        guard BootTime.milliseconds(from: since, to: now) >= ChatterGuard.calmMilliseconds else { return false }
        isChattering = false
        windowBegan = nil
        count = 0
        return true
    }
}
