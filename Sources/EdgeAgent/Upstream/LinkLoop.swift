// Keeps one broker connection alive on the calling thread: waits, serves, reconnects with jitter.

import Drivers
import Glibc
import LocalRules
import Upstream

/// A link with its poll set and its back-off. `listen` and the daemon's link threads turn it.
struct LinkLoop: ~Copyable {
    private var link: MosquittoLink
    private var poller = Poller()
    private var backoff = Backoff()
    private var random = SystemRandomNumberGenerator()
    private let lastWill: () -> RetainedMessage?
    private let spreadMilliseconds: Int64
    private let speed: Int64
    /// An alarm waits: no wait by chance but what spares a broker that is down.
    var isUrgent = false
    /// When the next connection is tried, and when it would be if it were urgent.
    private var connectAt: Int64
    private var urgentAt: Int64 = 0
    private var connectedAt: Int64?
    private var isTrying = false

    /// - Parameters:
    ///   - lastWill: asked for at each connect.
    ///   - spread: how long a connection may wait by chance after one that was lost, or while the board has only
    ///     just started: then the mains is back, and with it a whole town.
    ///   - speed: how much faster than real time everything here goes; more than 1 only in tests.
    init(
        settings: LinkSettings, lastWill: @escaping @autoclosure () -> RetainedMessage?, spread: Span = .zero,
        speed: Int64 = 1
    ) {
        link = MosquittoLink(settings)
        self.lastWill = lastWill
        self.speed = speed
        spreadMilliseconds = spread.milliseconds
        connectAt = 0
        let now = now()
        if now < LinkLoop.freshBootMilliseconds { connectAt = now + Int64.random(in: 0...spreadMilliseconds) }
    }

    /// A board that has run for less was most likely switched on together with others.
    private static let freshBootMilliseconds: Int64 = 300_000

    /// Boot milliseconds of real time: a network does not get faster with a simulation.
    static func now() -> Int64 { AgentClock.boot().nanoseconds / 1_000_000 }

    private func now() -> Int64 { LinkLoop.now() * speed }

    var isConnected: Bool { link.isConnected }

    /// Waits until the broker, `extra` or the clock has something, and tells what happened.
    mutating func turn(extra: Int32?, longestMilliseconds: Int64) -> [LinkEvent] {
        let due = isUrgent ? urgentAt : connectAt
        if !isTrying, now() >= due {
            isTrying = true
            link.connect(will: lastWill(), at: now())
        }
        let socket = link.descriptor
        poller.watch(
            reading: [socket, extra].compactMap { $0 }, writing: link.wantsWrite ? Set([socket].compactMap { $0 }) : [])
        let untilConnect = isTrying ? longestMilliseconds : (due - now()) / speed
        _ = poller.wait(milliseconds: Int32(clamping: max(0, min(longestMilliseconds, untilConnect))))
        link.service(at: now())
        let events = link.takeEvents()
        for event in events { note(event) }
        return events
    }

    /// Nothing is kept here: what cannot be sent now is the outbox's to send again.
    mutating func publish(topic: String, payload: [UInt8], retain: Bool = false, tag: String?) throws(LinkFault) {
        try link.publish(topic: topic, payload: payload, retain: retain, tag: tag, at: now())
    }

    /// A planned end; bounded by `UpstreamLimits.farewellMilliseconds`.
    mutating func finish(farewell: RetainedMessage?) {
        let speed = speed
        link.finish(farewell: farewell, clock: { LinkLoop.now() * speed })
    }

    private mutating func note(_ event: LinkEvent) {
        switch event {
        case .connected: connectedAt = now()
        case .refused, .disconnected:
            let lasted = connectedAt.map { now() - $0 } ?? 0
            urgentAt = now() + backoff.ended(lastedMilliseconds: lasted, using: &random)
            connectAt = max(urgentAt, now() + Int64.random(in: 0...spreadMilliseconds, using: &random))
            connectedAt = nil
            isTrying = false
        case .message, .oversized, .published, .warning: break
        }
    }
}

extension LinkSettings {
    /// A configured broker.
    init(_ upstream: UpstreamConfiguration, clientID: String, subscriptions: [String]) {
        let tls =
            upstream.usesTLS
            ? TLS(authorityFile: upstream.caFile, certificateFile: upstream.certificateFile, keyFile: upstream.keyFile)
            : nil
        self.init(
            host: upstream.host, port: upstream.port, tls: tls, user: upstream.user,
            passwordFile: upstream.passwordFile, clientID: clientID, subscriptions: subscriptions)
    }
}

extension LinkFault {
    /// A broker that is away is a fact of life; this is not.
    var needsSomebody: Bool { kind == .denied || kind == .untrusted || kind == .unusable }

    static func publishRefused(on topics: HomeTopics) -> LinkFault {
        LinkFault(
            kind: .denied, message: "the broker refuses what is published to \(topics.prefix)/\(topics.home)",
            advice: "give this user the right to publish there")
    }
}
