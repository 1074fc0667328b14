// Where the home's timeline stands: Unix time at the very first start, boot clock from then on.

import Drivers
import FoundationEssentials
import LocalRules
import Upstream

/// Joins the boot clock of this run to the timeline of all runs before.
struct Timeline: Sendable {
    /// What is stored with every commit, so that the next start can go on from it.
    struct Anchor: Codable, Sendable {
        var bootID: String
        /// CLOCK_BOOTTIME, never accelerated.
        var bootMilliseconds: Int64
        var wallMilliseconds: Int64
        var trust: ClockTrust
        var instant: Instant

        /// False for numbers that no clock of ours shows: a damaged anchor, with which nothing is to be reckoned.
        fileprivate var isPlausible: Bool {
            let times = 0...Timeline.lastMilliseconds
            return times.contains(bootMilliseconds) && times.contains(wallMilliseconds)
                && times.contains(instant.milliseconds)
        }
    }

    /// The end of the year 9999, where ISO 8601 ends, too.
    private static let lastMilliseconds: Int64 = 253_402_300_799_999

    private let clock: AgentClock
    /// Instant at the agent's boot time zero.
    private let offset: Int64

    /// `stored` is nil on the first start ever. How long the hub was off is known exactly within one boot,
    /// by the wall clock if that could be trusted on both sides, and else not at all: then the timeline goes
    /// on as if no time had passed, which can delay an alarm by the time the hub was off but never makes one up.
    init(clock: AgentClock, continuing stored: Anchor?, now: Stamp) {
        self.clock = clock
        let start: Int64
        if let stored {
            start = stored.instant.milliseconds + Timeline.elapsed(since: stored, now: now) * clock.speed
        } else {
            start = now.wallMilliseconds
        }
        offset =
            start - clock.agentTime(BootTime(nanoseconds: now.bootMilliseconds * 1_000_000)).nanoseconds / 1_000_000
    }

    func instant(_ time: BootTime) -> Instant { Instant(milliseconds: time.nanoseconds / 1_000_000 + offset) }

    func bootTime(_ instant: Instant) -> BootTime {
        // Deadlines of a damaged snapshot may lie anywhere; a boot clock's moments lie between 0 and some centuries.
        let milliseconds = (instant - Span(milliseconds: offset)).milliseconds
        return BootTime(nanoseconds: min(max(0, milliseconds), Timeline.lastMilliseconds / 100) * 1_000_000)
    }

    func now() -> Instant { instant(clock.now()) }

    func anchor(at stamp: Stamp) -> Anchor {
        Anchor(
            bootID: stamp.bootID, bootMilliseconds: stamp.bootMilliseconds, wallMilliseconds: stamp.wallMilliseconds,
            trust: stamp.trust,
            instant: instant(clock.agentTime(BootTime(nanoseconds: stamp.bootMilliseconds * 1_000_000))))
    }

    /// A hub that was off for longer than this has a wrong clock, or nobody living there.
    private static let longestOff: Int64 = 400 * 86_400_000

    private static func elapsed(since stored: Anchor, now: Stamp) -> Int64 {
        if stored.bootID == now.bootID { return max(0, now.bootMilliseconds - stored.bootMilliseconds) }
        guard stored.trust != .none, now.trust != .none else { return 0 }
        let off = now.wallMilliseconds - stored.wallMilliseconds
        return (0...longestOff).contains(off) ? off : 0
    }
}

extension Timeline {
    /// The state's name in the outbox.
    static let state = "timeline"

    /// Goes on from what the outbox remembers; a damaged anchor is as good as none. A fresh timeline starts at `start`, or at the wall clock.
    init(clock: AgentClock, stored states: [String: [UInt8]], start: Instant?) {
        let stored = states[Timeline.state].flatMap { try? JSONDecoder().decode(Anchor.self, from: Data($0)) }
        let anchor = stored.flatMap { $0.isPlausible ? $0 : nil }
        var now = Stamp.now()
        if anchor == nil, let start { now.wallMilliseconds = start.milliseconds }
        self.init(clock: clock, continuing: anchor, now: now)
    }
}

extension Timeline.Anchor {
    /// JSON; integers and strings always encode.
    var encoded: [UInt8] { (try? JSONEncoder().encode(self)).map(Array.init) ?? [] }
}

extension Stamp {
    /// By the boot clock where both are of one boot: the wall clock may have been set meanwhile.
    func milliseconds(since earlier: Stamp) -> Int64 {
        bootID == earlier.bootID
            ? bootMilliseconds - earlier.bootMilliseconds : wallMilliseconds - earlier.wallMilliseconds
    }

    /// This moment on the real clocks.
    static func now() -> Stamp {
        Stamp(
            wallMilliseconds: AgentClock.wallMilliseconds(),
            bootMilliseconds: AgentClock.boot().nanoseconds / 1_000_000,
            bootID: WallClock.bootID, trust: WallClock.trust())
    }
}
