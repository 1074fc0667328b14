// One broker connection on the calling thread: waits for it, and serves it.

import Drivers
import Glibc
import Upstream

/// A link with its poll set. `listen` and the daemon's link thread both turn it.
struct LinkLoop: ~Copyable {
    private var keeper: LinkKeeper
    private var poller = Poller()

    init(settings: LinkSettings, lastWill: RetainedMessage?, backoff: Backoff = Backoff(), firstAt: Int64 = 0) {
        keeper = LinkKeeper(settings: settings, lastWill: lastWill, backoff: backoff, firstAt: firstAt)
    }

    /// Real time: a network does not get faster with a simulation.
    static func now() -> Int64 { AgentClock.boot().nanoseconds / 1_000_000 }

    var isConnected: Bool { keeper.isConnected }

    /// An alarm waits (or none does any more): the next attempt comes soon.
    mutating func alarmsWait(_ doWait: Bool) { keeper.alarmsWait(doWait, at: Self.now()) }

    /// Waits until the broker, `extra` or the clock has something, and tells what happened.
    mutating func turn(extra: Int32?, longestMilliseconds: Int64) -> [LinkEvent] {
        keeper.begin(at: Self.now())
        let socket = keeper.descriptor
        poller.watch(
            reading: [socket, extra].compactMap { $0 },
            writing: keeper.wantsWrite ? Set([socket].compactMap { $0 }) : [])
        let untilConnect = keeper.nextAttempt.map { $0 - Self.now() } ?? longestMilliseconds
        _ = poller.wait(milliseconds: Int32(clamping: max(0, min(longestMilliseconds, untilConnect))))
        return keeper.serve(at: Self.now())
    }

    /// Nothing is kept here: what cannot be sent now is the outbox's to send again.
    mutating func publish(topic: String, payload: [UInt8], retain: Bool = false, tag: String?) throws(LinkFault) {
        try keeper.publish(topic: topic, payload: payload, retain: retain, tag: tag, at: Self.now())
    }

    /// A planned end; bounded by `UpstreamLimits.farewellMilliseconds`.
    mutating func finish(farewell: RetainedMessage?) { keeper.finish(farewell: farewell, clock: { Self.now() }) }
}
