// The thread of the second broker: alarms out, acknowledgements in. It stays connected, so that a path that leads nowhere
// is seen before it is needed. It publishes no status, has no last will and a client id of its own: where both addresses
// lead to one cluster, the two connections must not put an end to each other nor contradict each other.

import Drivers
import Glibc
import Logging
import Upstream

enum FallbackMessage: Sendable {
    case call(AlarmCall)
    /// Whether an alarm waits that nobody is known to have heard of.
    case urgent(Bool)
    case stop
}

/// Runs the second broker's link on the calling thread until told to stop.
func runFallback(_ fallback: UpstreamConfiguration, home: HomeConfiguration, hub: Hub) {
    var worker = FallbackWorker(fallback, home: home, hub: hub)
    worker.run()
}

private struct FallbackWorker: ~Copyable {
    private var loop: LinkLoop
    private let encoder: WireEncoder
    private let encoding: WireEncoding
    private let topics: HomeTopics
    private let hub: Hub
    private var lastFault: LinkFault?
    private var isStopping = false

    init(_ fallback: UpstreamConfiguration, home: HomeConfiguration, hub: Hub) {
        self.hub = hub
        encoder = WireEncoder(home: home.homeID)
        encoding = fallback.encoding
        topics = HomeTopics(prefix: fallback.topicPrefix, home: home.homeID)
        var settings = LinkSettings(
            fallback, clientID: "edge-\(home.homeID)-fallback", subscriptions: [topics.acks])
        settings.ignoresRetained = true
        settings.keepAliveSeconds = UpstreamLimits.fallbackKeepAliveSeconds
        loop = LinkLoop(settings: settings, lastWill: nil, spread: fallback.spread)
    }

    mutating func run() {
        while !isStopping {
            hub.progress.beat(.link(.fallback))
            for event in loop.turn(extra: hub.fallback.descriptor, longestMilliseconds: 1000) { take(event) }
            for message in hub.fallback.take() { take(message) }
        }
        loop.finish(farewell: nil)
    }

    private mutating func take(_ message: FallbackMessage) {
        switch message {
        case .call(let call): make(call)
        case .urgent(let isUrgent): loop.isUrgent = isUrgent
        case .stop: isStopping = true
        }
    }

    private mutating func make(_ call: AlarmCall) {
        // A connection that has just gone: the courier asks again once there is one.
        guard loop.isConnected else { return }
        do throws(WireError) {
            let payload = try encoder.payload(for: call.record, late: call.isLate, encoding: encoding)
            do throws(LinkFault) {
                try loop.publish(
                    topic: topics.named(call.record.draft.topic), payload: payload, tag: call.record.draft.id)
            } catch {
                tell(error)
            }
        } catch {
            hub.log.error("\(error.message); \(error.advice)")
        }
    }

    private mutating func take(_ event: LinkEvent) {
        switch event {
        case .connected:
            hub.log.notice("connected to the second broker")
            lastFault = nil
            hub.status.set(fault: nil, of: "second broker")
            show("connected", isConnected: true)
            post(.up)
        case .refused(let fault), .disconnected(let fault):
            show(fault.message, isConnected: false)
            post(.down)
            tell(fault)
        case .warning(let fault): tell(fault)
        case .oversized(let topic, let bytes): tell(.oversized(topic: topic, bytes: bytes))
        case .unheard: break
        case .published(let tag, let isRefused):
            post(.taken(record: tag, isRefused: isRefused))
            if isRefused { tell(.publishRefused(on: topics)) }
        case .message(let topic, let payload):
            do throws(WireError) {
                post(.answered(try WireDecoder.acknowledgement(topic: topic, payload: payload)))
            } catch {
                hub.log.warning("\(error.message); \(error.advice)")
            }
        }
    }

    private func post(_ event: PathEvent) { hub.outbox.post(.path(.fallback, event), always: true) }

    private func show(_ text: String, isConnected: Bool) {
        hub.status.change {
            $0.fallback = text
            $0.isFallbackConnected = isConnected
        }
    }

    /// As of the first broker: each fault once, and only what a person must mend is a fault of the hub.
    private mutating func tell(_ fault: LinkFault) {
        guard fault != lastFault else { return }
        lastFault = fault
        hub.log.warning("second \(fault.message); \(fault.advice)")
        hub.status.set(
            fault: fault.needsSomebody ? "second \(fault.message); \(fault.advice)" : nil, of: "second broker")
    }
}
