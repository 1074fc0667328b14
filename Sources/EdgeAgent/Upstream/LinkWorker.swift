// The daemon's link thread: the outbox's records and the home's heartbeats out, acknowledgements in.

import Drivers
import Glibc
import Logging
import Upstream

enum LinkMessage: Sendable {
    case publish(Outgoing)
    /// Not kept: a heartbeat is worth something only when it is fresh.
    case heartbeat(HeartbeatContent)
    /// What birth and last will say is known now.
    case started
    /// Whether an alarm waits that nobody is known to have heard of.
    case urgent(Bool)
    /// Not kept either: the event is.
    case reply(CommandReply)
    case stop
}

/// Runs the link on the calling thread until told to stop.
func runLink(_ upstream: UpstreamConfiguration, home: HomeConfiguration, hub: Hub) {
    var worker = LinkWorker(upstream, home: home, hub: hub)
    worker.run()
}

private struct LinkWorker: ~Copyable {
    private var loop: LinkLoop
    private let encoder: WireEncoder
    private let encoding: WireEncoding
    private let topics: HomeTopics
    private let speaker: StatusSpeaker
    private let hub: Hub
    private var heartbeats = HeartbeatForm()
    private var door: CommandDoor
    private var lastFault: LinkFault?
    private var hasStarted = false
    private var isStopping = false

    init(_ upstream: UpstreamConfiguration, home: HomeConfiguration, hub: Hub) {
        self.hub = hub
        encoder = WireEncoder(home: home.homeID)
        encoding = upstream.encoding
        topics = HomeTopics(prefix: upstream.topicPrefix, home: home.homeID)
        door = CommandDoor(home: home.homeID, sentry: hub.sentry(keyFile: upstream.commandKeyFile))
        let settings = LinkSettings(
            upstream, clientID: "edge-\(home.homeID)", subscriptions: [topics.acks, topics.commands])
        let speaker = StatusSpeaker(
            encoder: encoder, topics: topics, configurationHash: home.hash, encoding: encoding, board: hub.status)
        self.speaker = speaker
        loop = LinkLoop(settings: settings, lastWill: speaker.message(.lost), spread: upstream.spread)
    }

    mutating func run() {
        awaitStart()
        while !isStopping {
            hub.progress.beat(.link(.broker))
            for event in loop.turn(extra: hub.link.descriptor, longestMilliseconds: 1000) { take(event) }
            for message in hub.link.take() { take(message) }
        }
        loop.finish(farewell: speaker.message(.stopped))
    }

    /// Birth and last will say how often the agent has started, which the database knows. A healthy disk says it within
    /// milliseconds; one that hangs is not waited for.
    private mutating func awaitStart() {
        var poller = Poller()
        poller.watch(reading: [hub.link.descriptor])
        let limit = AgentClock.boot().advanced(milliseconds: StartMemory.patienceMilliseconds)
        while !hasStarted, !isStopping {
            let left = BootTime.milliseconds(from: AgentClock.boot(), to: limit)
            guard left > 0 else { return }
            _ = poller.wait(milliseconds: Int32(clamping: left))
            for message in hub.link.take() { take(message) }
        }
    }

    private mutating func take(_ message: LinkMessage) {
        switch message {
        case .publish(let outgoing):
            send(topic: outgoing.topic, payload: outgoing.payload, tag: outgoing.recordID)
        case .heartbeat(let content):
            guard loop.isConnected,
                let payload = try? encoder.heartbeat(
                    content, stamp: Stamp.now(), encoding: encoding, form: &heartbeats)
            else { return }
            send(topic: topics.heartbeat, payload: payload, tag: nil)
        case .started: hasStarted = true
        case .urgent(let isUrgent): loop.isUrgent = isUrgent
        case .reply(let reply):
            guard let payload = try? encoder.reply(reply, stamp: Stamp.now(), encoding: encoding) else { return }
            send(topic: topics.replies, payload: payload, tag: nil)
        case .stop: isStopping = true
        }
    }

    private mutating func send(topic: String, payload: [UInt8], retain: Bool = false, tag: String?) {
        // A connection that has just gone: the outbox sends again once there is one.
        guard loop.isConnected else { return }
        do throws(LinkFault) {
            try loop.publish(topic: topic, payload: payload, retain: retain, tag: tag)
        } catch {
            tell(error)
        }
    }

    private mutating func take(_ event: LinkEvent) {
        switch event {
        case .connected: connected()
        case .refused(let fault), .disconnected(let fault): disconnected(fault)
        case .warning(let fault): tell(fault)
        case .published(let tag, let isRefused):
            hub.outbox.post(.delivered(record: tag, isRefused: isRefused), always: true)
            if isRefused { tell(.publishRefused(on: topics)) }
        case .message(topics.commands, let payload): take(door.take(payload, at: LinkLoop.now()))
        case .oversized(topics.commands, let bytes): take(door.takeOversized(bytes: bytes, at: LinkLoop.now()))
        case .oversized(let topic, let bytes): tell(.oversized(topic: topic, bytes: bytes))
        case .message(let topic, let payload):
            do throws(WireError) {
                hub.outbox.post(.acknowledged(try WireDecoder.acknowledgement(topic: topic, payload: payload)))
            } catch {
                hub.log.warning("\(error.message); \(error.advice)")
            }
        }
    }

    private func take(_ verdict: CommandDoor.Verdict) {
        switch verdict {
        case .pass(let command):
            var check: OfferCheck?
            if case .offerConfiguration(let offer) = command.action {
                // Here, where a moment's work holds up no alarm at home.
                check = hub.offers?.check(offer, home: topics.home) ?? .unavailable
            }
            hub.home.post(.command(command, offer: check))
        case .refuse(let reply): hub.home.post(.commandRefused(reply))
        case .ignore: hub.home.post(.commandRefused(nil))
        }
    }

    private mutating func connected() {
        hub.log.notice("connected to the broker")
        lastFault = nil
        heartbeats.linkUp()
        hub.status.set(fault: nil, of: "broker")
        hub.status.change {
            $0.link = "connected"
            $0.isConnected = true
        }
        if let birth = speaker.message(.online) {
            send(topic: birth.topic, payload: birth.payload, retain: true, tag: nil)
        }
        hub.outbox.post(.link(isUp: true), always: true)
        hub.home.post(.linkUp, always: true)
        hub.observe(.link(isUp: true))
    }

    private mutating func disconnected(_ fault: LinkFault) {
        hub.status.change {
            $0.link = fault.message
            $0.isConnected = false
        }
        hub.outbox.post(.link(isUp: false), always: true)
        hub.observe(.link(isUp: false))
        tell(fault)
    }

    /// Each fault once, not at each attempt. Only what a person must mend is a fault of the hub: a broker
    /// that is away is a fact of life.
    private mutating func tell(_ fault: LinkFault) {
        guard fault != lastFault else { return }
        lastFault = fault
        hub.log.warning("\(fault.message); \(fault.advice)")
        hub.status.set(fault: fault.needsSomebody ? "\(fault.message); \(fault.advice)" : nil, of: "broker")
    }
}

/// Birth, farewell and last will.
private struct StatusSpeaker: Sendable {
    let encoder: WireEncoder
    let topics: HomeTopics
    let configurationHash: String
    let encoding: WireEncoding
    let board: StatusBoard

    /// As of now. nil only if a status cannot be encoded, which its few fields cannot bring about.
    func message(_ presence: HubPresence) -> RetainedMessage? {
        let start = board.start
        let payload = try? encoder.status(
            presence, agentVersion: AgentVersion.text, configurationHash: configurationHash, stamp: Stamp.now(),
            encoding: encoding, starts: start.starts, lastEnd: start.lastEnd)
        return payload.map { RetainedMessage(topic: topics.status, payload: $0) }
    }
}
