// Whoever answers, in the chaos run: stores each record by its id, says `received` at once and `accepted` when somebody has
// looked, answers again what comes again, and is away at times.

import Drivers
import LocalRules
import TestPeers
import Upstream

@testable import EdgeAgent

struct ChaosCloud: ~Copyable {
    private(set) var ids: Set<String> = []
    /// Of alarms, by their alert.
    private(set) var alerts: Set<String> = []
    /// Those that somebody has looked at.
    private(set) var takenOn: Set<String> = []
    private(set) var repeats = 0
    private var link: MosquittoLink
    private let topics: HomeTopics
    private var random: SeededGenerator
    private var isTrying = false
    private var tryAt: Int64 = 0
    /// Who looks, and when.
    private var toAccept: [(id: String, alert: String, at: Int64)] = []

    init(port: Int, topics: HomeTopics, random: SeededGenerator) {
        self.topics = topics
        self.random = random
        link = MosquittoLink(
            LinkSettings(host: "127.0.0.1", port: port, clientID: "cloud", subscriptions: ["homes/#"]))
    }

    /// Nobody reads and nobody answers; what the broker takes meanwhile is thrown away.
    mutating func leave(until time: Int64) {
        link.finish(farewell: nil, clock: { AgentClock.boot().nanoseconds / 1_000_000 })
        isTrying = false
        tryAt = time
    }

    mutating func stayAwake() { tryAt = 0 }

    mutating func turn(at now: Int64) {
        if !isTrying, now >= tryAt {
            isTrying = true
            link.connect(will: nil, at: now)
        }
        link.service(at: now)
        for event in link.takeEvents() {
            switch event {
            case .refused, .disconnected:
                isTrying = false
                tryAt = now + 1000
            case .message(let topic, let payload): take(topic, payload, at: now)
            case .connected, .published, .unheard, .warning, .oversized: break
            }
        }
        guard link.isConnected else { return }
        for one in toAccept where one.at <= now {
            takenOn.insert(one.alert)
            answer(one.id, .accepted, at: now)
        }
        toAccept.removeAll { $0.at <= now }
    }

    private mutating func take(_ topic: String, _ payload: [UInt8], at now: Int64) {
        guard let (_, message) = try? WireDecoder.decode(topic: topic, payload: payload), let header = message.header
        else { return }
        if !ids.insert(header.id).inserted { repeats += 1 }
        answer(header.id, .received, at: now)
        guard case .alert(let alert) = message, alert.event == .raised else { return }
        alerts.insert(alert.alertID)
        toAccept.append((header.id, alert.alertID, now + Int64.random(in: 0...10_000, using: &random)))
    }

    private mutating func answer(_ id: String, _ level: AcknowledgementLevel, at now: Int64) {
        let answer = Acknowledgement(id: id, level: level, by: "cloud", atMilliseconds: 0)
        guard let payload = try? WireEncoder.acknowledgement(answer, encoding: .protobuf) else { return }
        try? link.publish(topic: topics.acks, payload: payload, tag: nil, at: now)
    }
}
