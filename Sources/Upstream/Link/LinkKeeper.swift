// Keeps one broker connection alive: connects, serves it, and after its end waits as Backoff says. It does not wait
// itself: whoever owns the thread waits on its descriptor, for one link (LinkLoop) or for thousands (fleet).

/// One thread owns it. Times are real boot milliseconds.
package struct LinkKeeper: ~Copyable {
    private var link: MosquittoLink
    private var backoff: Backoff
    private var random = SystemRandomNumberGenerator()
    private let lastWill: () -> RetainedMessage?
    private var connectAt: Int64
    private var connectedAt: Int64?
    private var isTrying = false
    package private(set) var isUrgent = false
    /// Connections that were begun: the descriptor may have another meaning after each.
    package private(set) var attempts = 0

    /// - Parameters:
    ///   - lastWill: asked for at each connect.
    ///   - firstAt: when to connect for the first time.
    package init(
        settings: LinkSettings, lastWill: @escaping () -> RetainedMessage?, backoff: Backoff, firstAt: Int64
    ) {
        link = MosquittoLink(settings)
        self.lastWill = lastWill
        self.backoff = backoff
        connectAt = firstAt
    }

    /// When a hub connects for the first time. After a power cut a whole town's boards come up within seconds; whoever
    /// starts the agent at any other time wants to see it connect.
    /// - Parameter upFor: how long the board has been up, in milliseconds.
    package static func firstConnect(
        at now: Int64, upFor: Int64, spread: Int64
    ) -> Int64 {
        upFor < UpstreamLimits.justBootedMilliseconds ? now + Int64.random(in: 0...spread) : now
    }

    package var isConnected: Bool { link.isConnected }
    /// What to poll, and whether for writability as well; nil: nothing.
    package var descriptor: Int32? { link.descriptor }
    package var wantsWrite: Bool { link.wantsWrite }

    /// When `begin` has something to do; nil: a connection is there or on its way.
    package var nextAttempt: Int64? { isTrying ? nil : connectAt }

    /// An alarm waits (or none does any more): the next attempt comes soon.
    package mutating func alarmsWait(_ doWait: Bool, at now: Int64) {
        guard doWait != isUrgent else { return }
        isUrgent = doWait
        if doWait, !isTrying { connectAt = min(connectAt, now + backoff.hurried(using: &random)) }
    }

    /// Connects if it is time to.
    package mutating func begin(at now: Int64) {
        guard !isTrying, now >= connectAt else { return }
        isTrying = true
        attempts += 1
        link.connect(will: lastWill(), at: now)
    }

    /// Reads, writes and tells what happened. Call it when the descriptor is ready, and at least once a second.
    package mutating func serve(at now: Int64) -> [LinkEvent] {
        link.service(at: now)
        let events = link.takeEvents()
        for event in events { note(event, at: now) }
        return events
    }

    /// Nothing is kept here: what cannot be sent now is the outbox's to send again.
    package mutating func publish(
        topic: String, payload: [UInt8], retain: Bool = false, tag: String?, at now: Int64
    ) throws(LinkFault) {
        try link.publish(topic: topic, payload: payload, retain: retain, tag: tag, at: now)
    }

    /// A planned end; bounded by `UpstreamLimits.farewellMilliseconds`.
    package mutating func finish(farewell: RetainedMessage?, clock: () -> Int64) {
        link.finish(farewell: farewell, clock: clock)
    }

    private mutating func note(_ event: LinkEvent, at now: Int64) {
        switch event {
        case .connected: connectedAt = now
        case .refused(let fault), .disconnected(let fault):
            // What a person must mend does not get better by haste.
            let mayHurry = fault.kind == .unreachable || fault.kind == .lost
            let lasted = connectedAt.map { now - $0 }
            connectAt =
                now + backoff.ended(lastedMilliseconds: lasted, isUrgent: isUrgent && mayHurry, using: &random)
            connectedAt = nil
            isTrying = false
        case .message, .oversized, .published, .unheard, .warning: break
        }
    }
}
