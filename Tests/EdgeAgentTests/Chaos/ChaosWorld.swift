// One hub, one broker, one cloud and bad weather between them, all from a seed. The real outbox on disk, dispatcher, link loop
// and mosquitto; only the wire is a proxy, and time goes faster.

import Drivers
import Foundation
import LocalRules
import TestPeers
import Upstream

@testable import EdgeAgent

/// What happened to one seed.
struct ChaosReport: Sendable {
    var seed: UInt64
    var alarms = 0
    var records = 0
    var connections = 0
    var publishes = 0
    /// Arrivals of what had arrived before.
    var repeats = 0
    var brokerKills = 0
    var complaints: [String] = []
}

/// Runs on the calling thread.
final class ChaosWorld {
    /// Time goes this many times as fast, for the hub and for the cloud.
    static let speed: Int64 = 10
    /// In the world's milliseconds: bad weather; then it clears, and everything has to arrive.
    private static let storm: Int64 = 60_000
    /// In real milliseconds: a machine that is busy may take its time.
    private static let patience: Int64 = 60_000

    private var random: SeededGenerator
    private var report: ChaosReport
    private let broker: Broker
    private let proxy: ChaosProxy
    private let folder: ScratchFolder
    private let encoder = WireEncoder(home: "h1")
    private let topics = HomeTopics(prefix: "homes", home: "h1")
    private var tap = WireTap()
    private var cloud: ChaosCloud
    /// Stored here, by id; and how often each alert was accepted here.
    private var stored: Set<String> = []
    private var alerts: Set<String> = []
    private var accepted: [String: Int] = [:]
    private let start: Int64
    private var nextRecord: Int64 = 0
    private var nextWeather: Int64 = 0
    private var brokerBackAt: Int64?

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        report = ChaosReport(seed: seed)
        folder = try ScratchFolder()
        // What is saved is saved once in half an hour: a kill always comes between PUBACK and save.
        broker = try Broker(
            in: folder,
            lines: [
                "allow_anonymous true", "persistence true", "persistence_location \(folder.path)/",
                "autosave_interval 1800", "set_tcp_nodelay true",
            ])
        proxy = try ChaosProxy(to: broker.port)
        cloud = ChaosCloud(port: broker.port, topics: topics, random: SeededGenerator(seed: ~seed))
        start = Self.now()
    }

    private static func now() -> Int64 { AgentClock.boot().nanoseconds / 1_000_000 * speed }

    func run() throws -> ChaosReport {
        var dispatcher = Dispatcher(
            outbox: ResilientOutbox(directory: folder.path, floor: 1), topics: topics, encoding: .protobuf,
            mode: .application)
        var hub = LinkLoop(
            settings: LinkSettings(
                host: "127.0.0.1", port: proxy.port, clientID: "edge-h1", subscriptions: [topics.acks]),
            lastWill: nil, speed: Self.speed)
        proxy.tap = { [unowned self] number, bytes in tap.take(number, bytes) }
        let limit = Self.now() + Self.storm + Self.patience * Self.speed
        while Self.now() - start < Self.storm {
            try changeWeather()
            try storeSomething(in: &dispatcher)
            turn(&dispatcher, &hub)
        }
        proxy.weather = .clear
        proxy.delayMilliseconds = 0
        try restartBroker()
        cloud.stayAwake()
        while dispatcher.depths().values.reduce(0, +) > 0, Self.now() < limit { turn(&dispatcher, &hub) }
        judge(dispatcher.depths())
        return report
    }

    // MARK: Weather

    private func changeWeather() throws {
        let now = Self.now()
        if let brokerBackAt, now >= brokerBackAt { try restartBroker() }
        guard now >= nextWeather else { return }
        nextWeather = now + Int64.random(in: 500...8000, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: proxy.weather = .stall
        case 1: proxy.weather = .trickle
        case 2: proxy.weather = .swallow
        case 3: proxy.weather = .refuse
        case 4: proxy.reset()
        case 5: proxy.delayMilliseconds = Int64.random(in: 0...20_000, using: &random)
        case 6: cloud.leave(until: now + Int64.random(in: 1000...15_000, using: &random))
        case 7: killBroker()
        default:
            proxy.weather = .clear
            proxy.delayMilliseconds = 0
        }
    }

    private func killBroker() {
        guard brokerBackAt == nil else { return }
        broker.stop()
        report.brokerKills += 1
        brokerBackAt = Self.now() + Int64.random(in: 0...10_000, using: &random)
    }

    private func restartBroker() throws {
        guard brokerBackAt != nil else { return }
        brokerBackAt = nil
        try broker.start()
    }

    // MARK: The hub

    private func storeSomething(in dispatcher: inout Dispatcher) throws {
        let now = Self.now()
        guard now >= nextRecord else { return }
        nextRecord = now + Int64.random(in: 0...3000, using: &random)
        let stamp = Stamp(wallMilliseconds: now, bootMilliseconds: now, bootID: "chaos", trust: .synchronised)
        let moment = Instant(milliseconds: now)
        let draft: Draft
        switch Int.random(in: 0..<3, using: &random) {
        case 0:
            let id = "panic/\(alerts.count)"
            let alert = Alert(
                id: id, rule: "panic", kind: "input-active", severity: .red, signals: ["panic"],
                reasons: ["panic: help asked for"], state: .raised, began: moment, raised: moment)
            alerts.insert(id)
            draft = try encoder.draft(.raised, alert, at: moment, stamp: stamp)
        case 1:
            draft = try encoder.draft(Note(time: moment, code: "x", signals: [], text: "text"), stamp: stamp)
        default:
            draft = try encoder.draft([], of: [], stamp: stamp)
        }
        stored.insert(draft.id)
        _ = try dispatcher.store([draft], at: now)
    }

    private func turn(_ dispatcher: inout Dispatcher, _ hub: inout LinkLoop) {
        let now = Self.now()
        for one in dispatcher.due(at: now) where hub.isConnected {
            try? hub.publish(topic: one.topic, payload: one.payload, tag: one.recordID)
        }
        hub.isUrgent = dispatcher.isUrgent
        for event in hub.turn(extra: nil, longestMilliseconds: 2) { take(event, &dispatcher) }
        proxy.turn(at: now)
        cloud.turn(at: now)
    }

    private func take(_ event: LinkEvent, _ dispatcher: inout Dispatcher) {
        let now = Self.now()
        switch event {
        case .connected: dispatcher.linkUp(at: now)
        case .refused, .disconnected: dispatcher.linkDown()
        case .published(let tag, let isRefused):
            dispatcher.pubacked(tag, isRefused: isRefused, at: now)
            // Between the answer and the save, while the cloud has not read it.
            if now - start < Self.storm, Int.random(in: 0..<40, using: &random) == 0 { killBroker() }
        case .message(let topic, let payload):
            guard let answer = try? WireDecoder.acknowledgement(topic: topic, payload: payload) else { return }
            for case .accepted(let alert, _) in dispatcher.acknowledged(answer, at: now) {
                accepted[alert, default: 0] += 1
                if !cloud.takenOn.contains(alert) { report.complaints.append("\(alert): nobody accepted it yet") }
            }
        case .unheard(let tag): dispatcher.unheard(tag, at: now)
        case .warning, .oversized: break
        }
    }

    // MARK: The end

    private func judge(_ depths: [Lane: Int]) {
        report.alarms = alerts.count
        report.records = stored.count
        report.connections = proxy.connections
        report.publishes = tap.publishes
        report.repeats = cloud.repeats
        report.complaints += tap.complaints
        func demand(_ isTrue: Bool, _ text: @autoclosure () -> String) {
            if !isTrue { report.complaints.append(text()) }
        }
        demand(depths.values.allSatisfy { $0 == 0 }, "still waiting: \(depths)")
        demand(Set(accepted.keys) == alerts, "accepted \(accepted.count) of \(alerts.count) alerts")
        demand(accepted.values.allSatisfy { $0 == 1 }, "accepted twice: \(accepted.filter { $0.value > 1 }.keys)")
        demand(
            cloud.ids == stored,
            "\(stored.subtracting(cloud.ids).count) lost, \(cloud.ids.subtracting(stored).count) unknown")
        demand(cloud.alerts == alerts, "the cloud counts \(cloud.alerts.count) alerts, there were \(alerts.count)")
    }
}
