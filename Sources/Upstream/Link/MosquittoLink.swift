// A connection to an MQTT broker through libmosquitto, driven from outside: whoever owns the thread waits (poll)
// on `descriptor` and on whatever else wakes it, then calls `service`. mosquitto_loop() would sleep in a select()
// of its own, out of which a new alarm could not wake it; the loop functions beneath it do not sleep.
//
// Each connection is a fresh libmosquitto client, so that nothing it still queues is sent beside the outbox.

import CMosquitto
import Glibc

/// One thread owns it. Only `connect` (name resolution) and `finish` block; `finish` for a bounded time.
package struct MosquittoLink: ~Copyable {
    private let settings: LinkSettings
    private var client: Client?
    private var stage = Stage.idle
    private var events: [LinkEvent] = []
    private var isVersion5 = true
    /// Set after a failure to reach the broker over the resolver's first choice: then IPv4 alone is tried.
    private var prefersIPv4 = false

    private enum Stage: Equatable {
        case idle
        case connecting(since: Int64)
        case connected
    }

    package init(_ settings: LinkSettings) {
        self.settings = settings
        Client.prepareLibrary()
    }

    package var isConnected: Bool { stage == .connected }

    /// What to poll; nil: nothing, as there is no connection. Changes with each connection.
    package var descriptor: Int32? {
        switch client {
        case .some(let client): client.descriptor
        case .none: nil
        }
    }

    /// Poll for writability as well.
    package var wantsWrite: Bool {
        switch client {
        case .some(let client): client.wantsWrite
        case .none: false
        }
    }

    /// What happened since this was last asked.
    package mutating func takeEvents() -> [LinkEvent] {
        defer { events = [] }
        return events
    }

    // MARK: Connecting

    /// Starts a connection, giving up one that is there. The outcome comes as an event.
    /// Times here and below are real boot milliseconds, never those of an accelerated clock.
    package mutating func connect(will: RetainedMessage?, at now: Int64) {
        stage = .idle
        client = nil
        do throws(LinkFault) {
            let fresh = try Client(settings)
            try fresh.prepare(will: will, isVersion5: isVersion5)
            try fresh.connect(isIPv4Only: prefersIPv4)
            client = consume fresh
            stage = .connecting(since: now)
        } catch {
            if error.kind == .unreachable { prefersIPv4.toggle() }
            events.append(.refused(error))
        }
    }

    /// Reads and writes what is there without waiting, keeps the connection alive, and notices when it is not.
    /// Call it when the descriptor is ready, and at least once a second.
    package mutating func service(at now: Int64) {
        guard let result = client?.turn() else { return }
        take(client?.takeNews() ?? [], at: now)
        guard client != nil else { return }
        if result != MOSQ_ERR_SUCCESS.code {
            end(code: result)
        } else if case .connecting(let since) = stage, now - since > UpstreamLimits.connectMilliseconds {
            prefersIPv4.toggle()
            drop(
                LinkFault(
                    kind: .unreachable,
                    message: "broker \(settings.host):\(settings.port) did not answer within "
                        + "\(UpstreamLimits.connectMilliseconds / 1000) s",
                    advice: "Check address and port in [upstream] broker, a firewall, and the hub's network."))
        } else if let oldest = oldestUnanswered, now - oldest > UpstreamLimits.answerMilliseconds {
            drop(
                LinkFault(
                    kind: .lost,
                    message: "broker \(settings.host):\(settings.port) takes messages but does not answer them",
                    advice: "The agent connects again by itself; check the broker's log for a quota."))
        }
    }

    // MARK: Publishing

    /// Publishes with QoS 1. `tag` comes back in `.published`; nil: nobody asks.
    package mutating func publish(
        topic: String, payload: [UInt8], retain: Bool = false, tag: String?, at now: Int64
    ) throws(LinkFault) {
        guard payload.count <= UpstreamLimits.payloadBytes else {
            throw LinkFault(
                kind: .unusable,
                message: "\(topic): a payload of \(payload.count) bytes, limit \(UpstreamLimits.payloadBytes)",
                advice: "This is a fault of the agent; please report it.")
        }
        guard isConnected, client != nil else {
            throw LinkFault(
                kind: .lost, message: "broker \(settings.host):\(settings.port) is not connected",
                advice: "It is sent again once it is.")
        }
        try client!.publish(topic: topic, payload: payload, retain: retain, tag: tag, at: now)
    }

    /// Ends the connection in order: publishes `farewell`, waits for its PUBACK and then disconnects, all within
    /// 800 ms. Without it the broker would publish the last will.
    package mutating func finish(farewell: RetainedMessage?, clock: () -> Int64) {
        defer {
            stage = .idle
            client = nil
        }
        guard isConnected, client != nil else { return }
        let start = clock()
        if let farewell {
            try? client!.publish(
                topic: farewell.topic, payload: farewell.payload, retain: true, tag: "farewell", at: start)
        }
        var isAnswered = farewell == nil
        var isLeaving = false
        while clock() - start < UpstreamLimits.farewellMilliseconds {
            if isAnswered, !isLeaving {
                isLeaving = true
                client!.disconnect()
            }
            guard client!.turn() == MOSQ_ERR_SUCCESS.code else { return }
            for case .published("farewell", _) in client!.takeNews() { isAnswered = true }
            client!.wait(milliseconds: 20)
        }
    }

    // MARK: Parts

    private mutating func take(_ news: [Client.News], at now: Int64) {
        for item in news {
            switch item {
            case .connack(0):
                stage = .connected
                events.append(.connected)
                subscribe()
            case .connack(1) where isVersion5, .connack(132) where isVersion5:
                // The broker knows only older versions: ask it again in MQTT 3.1.1, from now on.
                isVersion5 = false
                drop(
                    LinkFault(
                        kind: .unreachable, message: "broker \(settings.host):\(settings.port) does not speak MQTT 5",
                        advice: "Nothing to do: the next attempt uses MQTT 3.1.1."))
                return
            case .connack(let code):
                drop(LinkFault(connack: code, settings: settings))
                return
            case .published(let tag, let isRefused):
                if let tag { events.append(.published(tag: tag, isRefused: isRefused)) }
            case .unheard(let tag): events.append(.unheard(tag: tag))
            case .message(let topic, let payload):
                events.append(.message(topic: topic, payload: payload))
            case .subscriptionRefused:
                events.append(
                    .warning(
                        LinkFault(
                            kind: .denied,
                            message: "broker \(settings.host):\(settings.port) refuses to let this client read "
                                + settings.subscriptions.joined(separator: ", "),
                            advice: "Acknowledgements cannot arrive. Give the user the right to read these topics.")))
            case .retained(let topic): events.append(.warning(.retained(topic: topic)))
            case .oversized(let topic, let count): events.append(.oversized(topic: topic, bytes: count))
            }
        }
    }

    private var oldestUnanswered: Int64? {
        switch client {
        case .some(let client): client.oldestUnanswered
        case .none: nil
        }
    }

    private mutating func subscribe() {
        for topic in settings.subscriptions {
            let code = client?.subscribe(topic) ?? MOSQ_ERR_SUCCESS.code
            if code != MOSQ_ERR_SUCCESS.code { end(code: code) }
        }
    }

    /// The client's functions report a failure: find out why, and tell.
    private mutating func end(code: Int32) {
        let wasConnected = isConnected
        let (log, socketError): ([String], Int32) =
            switch client {
            case .some(let client): (client.log, client.socketError)
            case .none: ([], 0)
            }
        if !wasConnected { prefersIPv4.toggle() }
        drop(
            LinkFault(
                code: code, log: log, socketError: socketError, settings: settings, wasConnected: wasConnected))
    }

    private mutating func drop(_ fault: LinkFault) {
        events.append(isConnected ? .disconnected(fault) : .refused(fault))
        stage = .idle
        client = nil
    }
}
