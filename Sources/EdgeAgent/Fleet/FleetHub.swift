// One light hub of a fleet: the real link, courier, outbox (in memory) and encoder, without threads of its own. What
// LinkWorker and OutboxWorker do on two threads, it does in turn.

import LocalRules
import Upstream

/// What hubs tell the run that drives them.
enum FleetNews {
    case connected
    case lost
    case sent(kind: String, bytes: Int)
    case heard(bytes: Int)
    /// Two hubs may raise alerts of one name in one moment: the home goes before it.
    case raised(alert: String)
    case accepted(alert: String)
}

final class FleetHub {
    private let settings: LinkSettings
    private let backoff: Backoff
    private let spread: Int64
    private let lastWill: RetainedMessage?
    private let encoder: WireEncoder
    private let topics: HomeTopics
    private var keeper: LinkKeeper
    private var dispatcher: Dispatcher
    private var home: FleetHome
    private var heartbeats = HeartbeatForm()
    /// When the board has booted; nil: it runs.
    private var bootAt: Int64?
    private var isCut = false
    private var waiting: Set<String> = []

    /// - Parameter firstAt: when it connects for the first time, in real boot milliseconds.
    init(_ number: Int, options: FleetOptions, firstAt: Int64, at now: Int64) {
        let name = "fleet-\(String(number + 100_000).dropFirst())"
        encoder = WireEncoder(home: name)
        topics = HomeTopics(prefix: options.topicPrefix, home: name)
        settings = options.settings(clientID: "edge-\(name)", subscriptions: [topics.acks])
        backoff = Backoff(spreadMilliseconds: options.spreadMilliseconds)
        spread = options.spreadMilliseconds
        let will = Self.status(.lost, encoder, topics)
        lastWill = will
        keeper = LinkKeeper(settings: settings, lastWill: { will }, backoff: backoff, firstAt: firstAt)
        dispatcher = Dispatcher(
            outbox: ResilientOutbox(directory: nil, floor: AgentClock.wallMilliseconds()), topics: topics,
            encoding: .protobuf, mode: .application)
        home = FleetHome(seed: options.seed &+ UInt64(number), speed: options.speed, at: now)
    }

    // MARK: For the poll set

    var descriptor: Int32? { isCut ? nil : keeper.descriptor }
    var wantsWrite: Bool { !isCut && keeper.wantsWrite }
    var attempts: Int { keeper.attempts }
    var isConnected: Bool { !isCut && keeper.isConnected }
    var hasAlarms: Bool { !waiting.isEmpty }

    /// When `turn` has something to do although nothing was heard.
    func nextDue(at now: Int64) -> Int64 {
        if isCut { return bootAt ?? now + 1000 }
        let link = keeper.nextAttempt ?? now + 1000
        return min(link, home.nextDue, dispatcher.nextDeadline ?? .max)
    }

    // MARK: What happens

    /// Mains power is gone, for the broker without a word; the board has booted again at `bootAt`.
    func cutPower(until bootAt: Int64) {
        isCut = true
        self.bootAt = bootAt
        dispatcher.linkDown()
        // Destroys the client: the socket closes without a farewell.
        keeper = LinkKeeper(settings: settings, lastWill: { [lastWill] in lastWill }, backoff: backoff, firstAt: .max)
    }

    func raise(at now: Int64, tell: (FleetNews) -> Void) {
        let stamp = Stamp.now()
        let alert = home.alarm(stamp: stamp)
        guard
            let draft = try? encoder.draft(
                .raised, alert, at: Instant(milliseconds: stamp.wallMilliseconds), stamp: stamp),
            (try? dispatcher.store([draft])) != nil
        else { return }
        waiting.insert(alert.id)
        tell(.raised(alert: "\(topics.home) \(alert.id)"))
        keeper.alarmsWait(true, at: now)
    }

    /// Does whatever is to be done now.
    func turn(at now: Int64, tell: (FleetNews) -> Void) {
        if isCut {
            guard let bootAt, now >= bootAt else { return }
            isCut = false
            keeper = LinkKeeper(
                settings: settings, lastWill: { [lastWill] in lastWill }, backoff: backoff,
                firstAt: LinkKeeper.firstConnect(at: now, upFor: 0, spread: spread))
            heartbeats = HeartbeatForm()
            keeper.alarmsWait(hasAlarms, at: now)
        }
        keeper.begin(at: now)
        for event in keeper.serve(at: now) { take(event, at: now, tell: tell) }
        say(at: now, tell: tell)
        for outgoing in dispatcher.due(at: now) {
            send(outgoing.topic, outgoing.payload, tag: outgoing.recordID, kind: "records", at: now, tell: tell)
        }
    }

    private func take(_ event: LinkEvent, at now: Int64, tell: (FleetNews) -> Void) {
        switch event {
        case .connected:
            tell(.connected)
            heartbeats.linkUp()
            home.linkUp(at: now)
            if let birth = Self.status(.online, encoder, topics) {
                send(birth.topic, birth.payload, retain: true, tag: nil, kind: "births", at: now, tell: tell)
            }
            dispatcher.linkUp()
        case .disconnected:
            dispatcher.linkDown()
            tell(.lost)
        case .published(let tag, let isRefused): dispatcher.pubacked(tag, isRefused: isRefused, at: now)
        case .unheard(let tag): dispatcher.unheard(tag, at: now)
        case .message(let topic, let payload):
            tell(.heard(bytes: mqttBytes(topic: topic, payload: payload)))
            guard let answer = try? WireDecoder.acknowledgement(topic: topic, payload: payload) else { return }
            for case .accepted(let alert, _) in dispatcher.acknowledged(answer, at: now) {
                guard waiting.remove(alert) != nil else { continue }
                tell(.accepted(alert: "\(topics.home) \(alert)"))
                keeper.alarmsWait(hasAlarms, at: now)
            }
        case .refused, .warning, .oversized: break
        }
    }

    private func say(at now: Int64, tell: (FleetNews) -> Void) {
        guard now >= home.nextDue else { return }
        let stamp = Stamp.now()
        let readings = home.readings(at: now, stamp: stamp)
        if !readings.isEmpty, let draft = try? encoder.draft(readings, of: FleetHome.signals, stamp: stamp) {
            _ = try? dispatcher.store([draft])
        }
        if let content = home.heartbeat(at: now, stamp: stamp, depths: dispatcher.depths()), keeper.isConnected,
            let payload = try? encoder.heartbeat(content, stamp: stamp, encoding: .protobuf, form: &heartbeats)
        {
            send(topics.heartbeat, payload, tag: nil, kind: "heartbeats", at: now, tell: tell)
        }
    }

    private func send(
        _ topic: String, _ payload: [UInt8], retain: Bool = false, tag: String?, kind: String, at now: Int64,
        tell: (FleetNews) -> Void
    ) {
        // A connection that has just gone: the outbox sends again once there is one.
        guard keeper.isConnected,
            (try? keeper.publish(topic: topic, payload: payload, retain: retain, tag: tag, at: now)) != nil
        else { return }
        tell(.sent(kind: kind, bytes: mqttBytes(topic: topic, payload: payload)))
    }

    private static func status(_ presence: HubPresence, _ encoder: WireEncoder, _ topics: HomeTopics)
        -> RetainedMessage?
    {
        let payload = try? encoder.status(
            presence, agentVersion: AgentVersion.text, configurationHash: "8a7adb7e1410c491", stamp: Stamp.now(),
            encoding: .protobuf)
        return payload.map { RetainedMessage(topic: topics.status, payload: $0) }
    }
}

/// PUBLISH, QoS 1, MQTT 5 without properties, and its PUBACK (MQTT 5.0, 3.3 and 3.4).
func mqttBytes(topic: String, payload: [UInt8]) -> Int {
    let rest = 2 + topic.utf8.count + 2 + 1 + payload.count
    return 1 + (rest < 128 ? 1 : rest < 16_384 ? 2 : 3) + rest + 4
}
