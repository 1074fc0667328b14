// One broker connection on the calling thread: waits for it, and serves it.

import Drivers
import Glibc
import LocalRules
import Upstream

/// A link with its poll set. `listen` and the daemon's link threads turn it.
struct LinkLoop: ~Copyable {
    private var keeper: LinkKeeper
    private var poller = Poller()
    private let speed: Int64

    /// - Parameters:
    ///   - lastWill: asked for at each connect.
    ///   - spread: over how long hubs come back that lost one broker together, or were switched on together.
    ///   - speed: how much faster than real time everything here goes; more than 1 only in tests.
    ///   - backoff: nil: that of one hub of many.
    init(
        settings: LinkSettings, lastWill: @escaping @autoclosure () -> RetainedMessage?, spread: Span = .zero,
        speed: Int64 = 1, backoff: Backoff? = nil
    ) {
        let now = LinkLoop.now() * speed
        let spread = spread.milliseconds
        keeper = LinkKeeper(
            settings: settings, lastWill: lastWill, backoff: backoff ?? Backoff(spreadMilliseconds: spread),
            firstAt: LinkKeeper.firstConnect(at: now, upFor: now, spread: spread))
        self.speed = speed
    }

    /// Boot milliseconds of real time: a network does not get faster with a simulation.
    static func now() -> Int64 { AgentClock.boot().nanoseconds / 1_000_000 }

    private func now() -> Int64 { LinkLoop.now() * speed }

    var isConnected: Bool { keeper.isConnected }

    /// An alarm waits: the next attempt comes soon.
    var isUrgent: Bool {
        get { keeper.isUrgent }
        set { keeper.alarmsWait(newValue, at: now()) }
    }

    /// Waits until the broker, `extra` or the clock has something, and tells what happened.
    mutating func turn(extra: Int32?, longestMilliseconds: Int64) -> [LinkEvent] {
        keeper.begin(at: now())
        let socket = keeper.descriptor
        poller.watch(
            reading: [socket, extra].compactMap { $0 },
            writing: keeper.wantsWrite ? Set([socket].compactMap { $0 }) : [])
        let untilConnect = keeper.nextAttempt.map { ($0 - now()) / speed } ?? longestMilliseconds
        _ = poller.wait(milliseconds: Int32(clamping: max(0, min(longestMilliseconds, untilConnect))))
        return keeper.serve(at: now())
    }

    /// Nothing is kept here: what cannot be sent now is the outbox's to send again.
    mutating func publish(topic: String, payload: [UInt8], retain: Bool = false, tag: String?) throws(LinkFault) {
        try keeper.publish(topic: topic, payload: payload, retain: retain, tag: tag, at: now())
    }

    /// A planned end; bounded by `UpstreamLimits.farewellMilliseconds`.
    mutating func finish(farewell: RetainedMessage?) {
        let speed = speed
        keeper.finish(farewell: farewell, clock: { LinkLoop.now() * speed })
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
