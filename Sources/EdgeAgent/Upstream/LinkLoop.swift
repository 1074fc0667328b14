// Keeps one broker connection alive on the calling thread: waits, serves, reconnects with jitter.

import Drivers
import Glibc
import Upstream

/// A link with its poll set and its back-off. `listen` and the daemon's link thread both turn it.
struct LinkLoop: ~Copyable {
    private var link: MosquittoLink
    private var poller = Poller()
    private var backoff = Backoff()
    private var random = SystemRandomNumberGenerator()
    private let lastWill: RetainedMessage?
    private var connectAt: Int64 = 0
    private var connectedAt: Int64?
    private var isTrying = false

    init(settings: LinkSettings, lastWill: RetainedMessage?) {
        link = MosquittoLink(settings)
        self.lastWill = lastWill
    }

    /// Real time: a network does not get faster with a simulation.
    static func now() -> Int64 { AgentClock.boot().nanoseconds / 1_000_000 }

    var isConnected: Bool { link.isConnected }

    /// Waits until the broker, `extra` or the clock has something, and tells what happened.
    mutating func turn(extra: Int32?, longestMilliseconds: Int64) -> [LinkEvent] {
        if !isTrying, Self.now() >= connectAt {
            isTrying = true
            link.connect(will: lastWill, at: Self.now())
        }
        let socket = link.descriptor
        poller.watch(
            reading: [socket, extra].compactMap { $0 }, writing: link.wantsWrite ? Set([socket].compactMap { $0 }) : [])
        let untilConnect = isTrying ? longestMilliseconds : connectAt - Self.now()
        _ = poller.wait(milliseconds: Int32(clamping: max(0, min(longestMilliseconds, untilConnect))))
        link.service(at: Self.now())
        let events = link.takeEvents()
        for event in events { note(event) }
        return events
    }

    /// Nothing is kept here: what cannot be sent now is the outbox's to send again.
    mutating func publish(topic: String, payload: [UInt8], retain: Bool = false, tag: String?) throws(LinkFault) {
        try link.publish(topic: topic, payload: payload, retain: retain, tag: tag, at: Self.now())
    }

    /// A planned end; bounded by `UpstreamLimits.farewellMilliseconds`.
    mutating func finish(farewell: RetainedMessage?) { link.finish(farewell: farewell, clock: { Self.now() }) }

    private mutating func note(_ event: LinkEvent) {
        switch event {
        case .connected: connectedAt = Self.now()
        case .refused, .disconnected:
            let lasted = connectedAt.map { Self.now() - $0 } ?? 0
            connectAt = Self.now() + backoff.ended(lastedMilliseconds: lasted, using: &random)
            connectedAt = nil
            isTrying = false
        case .message, .oversized, .published, .warning: break
        }
    }
}
