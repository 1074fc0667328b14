// The daemon's link thread: the outbox's records and the home's heartbeats out, acknowledgements in.

import Drivers
import Glibc
import LocalRules
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
    LinkWorker(upstream, home: home, hub: hub).run()
}

/// A class: as a noncopyable struct with an existential in it, Swift 6.3's optimiser destroyed `loop` before its first
/// assignment, and every release build crashed at its start.
private final class LinkWorker {
    private var loop: LinkLoop
    private let encoder: WireEncoder
    private let encoding: WireEncoding
    private let topics: HomeTopics
    /// nil: the native contract.
    private let profile: (any WireProfile)?
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
        let profile = upstream.translation(of: home)
        self.profile = profile
        var settings = LinkSettings(
            upstream, clientID: "edge-\(home.homeID)",
            subscriptions: profile?.subscriptions ?? [topics.acks, topics.commands])
        settings.ignoresRetained = true
        let speaker = StatusSpeaker(
            encoder: encoder, topics: topics, configurationHash: home.hash, encoding: encoding, profile: profile,
            board: hub.status)
        self.speaker = speaker
        loop = LinkLoop(settings: settings, lastWill: speaker.message(.lost), spread: upstream.spread)
    }

    func run() {
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
    private func awaitStart() {
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

    private func take(_ message: LinkMessage) {
        switch message {
        case .publish(let outgoing):
            send(topic: outgoing.topic, payload: outgoing.payload, retain: outgoing.retain, tag: outgoing.recordID)
        case .heartbeat(let content):
            guard loop.isConnected, let message = try? heartbeat(content) else { return }
            send(message)
        case .started: hasStarted = true
        case .urgent(let isUrgent): loop.isUrgent = isUrgent
        case .reply(let reply):
            if let message = publication(of: reply) { send(message) }
        case .stop: isStopping = true
        }
    }

    private func heartbeat(_ content: HeartbeatContent) throws(WireError) -> Publication {
        let stamp = Stamp.now()
        if let profile { return try profile.heartbeat(content, stamp: stamp) }
        let payload = try encoder.heartbeat(content, stamp: stamp, encoding: encoding, form: &heartbeats)
        return Publication(topic: topics.heartbeat, payload: payload)
    }

    /// nil: nobody waits for it.
    private func publication(of reply: CommandReply) -> Publication? {
        let stamp = Stamp.now()
        if let profile { return profile.publication(of: encoder.message(reply, stamp: stamp)) }
        let payload = try? encoder.reply(reply, stamp: stamp, encoding: encoding)
        return payload.map { Publication(topic: topics.replies, payload: $0) }
    }

    private func send(_ message: Publication) {
        send(topic: message.topic, payload: message.payload, retain: message.retain, tag: nil)
    }

    private func send(topic: String, payload: [UInt8], retain: Bool = false, tag: String?) {
        // A connection that has just gone: the outbox sends again once there is one.
        guard loop.isConnected else { return }
        do throws(LinkFault) {
            try loop.publish(topic: topic, payload: payload, retain: retain, tag: tag)
        } catch {
            tell(error)
        }
    }

    private func take(_ event: LinkEvent) {
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
        case .unheard(let tag): hub.outbox.post(.unheard(record: tag), always: true)
        case .message(let topic, let payload):
            do throws(WireError) {
                if profile != nil { return try takeRequest(topic, payload) }
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

    /// Somebody asks in the profile's language.
    private func takeRequest(_ topic: String, _ payload: [UInt8]) throws(WireError) {
        guard let profile else { return }
        let open = hub.status.current.alerts.filter { $0.state == .raised }.map(\.id)
        for request in try profile.requests(topic: topic, payload: payload, open: open, stamp: Stamp.now()) {
            switch request {
            case .acknowledgement(let answer): hub.outbox.post(.acknowledged(answer))
            case .command(let payload): take(door.take(payload, at: LinkLoop.now()))
            case .answer(let message): send(message)
            case .introduce: introduce()
            }
        }
    }

    /// What whoever listens has to know first.
    private func introduce() {
        for message in profile?.introductions(stamp: Stamp.now()) ?? [] { send(message) }
        if let birth = speaker.message(.online) {
            send(topic: birth.topic, payload: birth.payload, retain: true, tag: nil)
        }
    }

    private func connected() {
        hub.log.notice("connected to the broker")
        lastFault = nil
        heartbeats.linkUp()
        hub.status.set(fault: nil, of: "broker")
        hub.status.change {
            $0.link = "connected"
            $0.isConnected = true
        }
        introduce()
        hub.outbox.post(.link(isUp: true), always: true)
        hub.home.post(.linkUp, always: true)
        hub.observe(.link(isUp: true))
    }

    private func disconnected(_ fault: LinkFault) {
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
    private func tell(_ fault: LinkFault) {
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
    let profile: (any WireProfile)?
    let board: StatusBoard

    /// As of now. nil only if a status cannot be encoded, which its few fields cannot bring about.
    func message(_ presence: HubPresence) -> RetainedMessage? {
        if let profile { return profile.presence(presence) }
        let start = board.start
        let payload = try? encoder.status(
            presence, agentVersion: AgentVersion.text, configurationHash: configurationHash, stamp: Stamp.now(),
            encoding: encoding, starts: start.starts, lastEnd: start.lastEnd)
        return payload.map { RetainedMessage(topic: topics.status, payload: $0) }
    }
}

extension UpstreamConfiguration {
    /// nil: the native contract is spoken as it is.
    func translation(of home: HomeConfiguration) -> (any WireProfile)? {
        profile.profile(
            of: ProfileHome(
                topics: HomeTopics(prefix: topicPrefix, home: home.homeID), signals: home.home.signals,
                rules: home.home.rules.map { rule in
                    ProfileHome.Rule(
                        name: rule.name, kind: rule.kind.name,
                        input: rule.input.map { home.home.signals[$0.index].name })
                },
                heartbeatSeconds: heartbeat.milliseconds / 1000, readingsSeconds: readings.milliseconds / 1000,
                agentVersion: AgentVersion.text, configurationHash: home.hash))
    }
}

extension RuleModel {
    /// The one input that the rule is about.
    fileprivate var input: SignalID? {
        guard case .inputActive(let signal, _, _) = kind else { return nil }
        return signal
    }
}
