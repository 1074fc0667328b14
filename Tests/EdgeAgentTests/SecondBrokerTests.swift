// The whole agent with two real brokers: the first is killed, and somebody behind the second accepts.

import Drivers
import Foundation
import LocalRules
import Logging
import TestPeers
import Testing
import Upstream

@testable import EdgeAgent

@Suite(.enabled(if: Broker.isThere, "mosquitto is not installed"))
struct SecondBrokerTests {
    @Test func theSecondBrokerTellsWhatTheFirstCannot() throws {
        let folder = try ScratchFolder()
        let folders = try [ScratchFolder(), ScratchFolder()]
        let brokers = try folders.map { try Broker(in: $0, lines: ["allow_anonymous true"]) }
        let board = SimulatedBoard(clock: AgentClock.boot)
        let configuration = try ConfigurationLoader(checksFiles: false).load(
            text: Array(Self.text(brokers.map(\.port)).utf8), file: "two.toml")
        var log = Logger(label: "test")
        log.logLevel = .critical
        func start() -> Agent {
            Agent(
                configuration: configuration,
                options: AgentOptions(
                    stateDirectory: folder.path, controlSocket: folder.path + "/control.sock", simulatedBoard: board,
                    log: log))
        }
        let agent = start()
        var cloud = LinkLoop(
            settings: LinkSettings(
                host: "127.0.0.1", port: brokers[1].port, clientID: "family", subscriptions: ["homes/+/alerts"]),
            lastWill: nil)
        var arrived: [WireAlert] = []
        try wait("both links") {
            arrived += Self.alerts(cloud.turn(extra: nil, longestMilliseconds: 50))
            let upstream = agent.hub.status.current.upstream
            return upstream.isConnected && upstream.isFallbackConnected && cloud.isConnected
        }
        #expect(agent.hub.status.start == RunRecord.Start(starts: 1, lastEnd: ""))

        brokers[0].stop()
        board.set(line: "PANIC", level: true)
        try wait("the alarm at the second broker") {
            arrived += Self.alerts(cloud.turn(extra: nil, longestMilliseconds: 50))
            return !arrived.isEmpty
        }
        let alarm = try #require(arrived.first)
        #expect(alarm.rule == "panic" && alarm.event == .raised)
        try wait("the level") { agent.hub.status.current.alerts.first?.level == .brokered }
        // The relay that a step holds.
        try wait("the dialler") { board.outputLevel(line: "DIALLER") == true }
        let answer = Acknowledgement(id: alarm.header.id, level: .accepted, by: "Mei", atMilliseconds: 0)
        try cloud.publish(
            topic: "homes/two/acks", payload: try WireEncoder.acknowledgement(answer, encoding: .protobuf), tag: nil)
        try wait("the acceptance") {
            _ = cloud.turn(extra: nil, longestMilliseconds: 50)
            let status = agent.hub.status.current
            return status.alerts.first?.state == .acknowledged && status.upstream.waiting["alarm"] == 0
        }
        #expect(agent.hub.status.current.upstream.sentByFallback == 1)
        try wait("the dialler's end") { board.outputLevel(line: "DIALLER") == false }
        agent.stop()

        let again = start()
        try wait("the second start") { again.hub.status.start.starts == 2 }
        #expect(again.hub.status.start.lastEnd == "stopped")
        again.stop()
    }

    private static func alerts(_ events: [LinkEvent]) -> [WireAlert] {
        events.compactMap { event in
            guard case .message(let topic, let payload) = event,
                case (_, .alert(let alert))? = try? WireDecoder.decode(topic: topic, payload: payload)
            else { return nil }
            return alert
        }
    }

    /// Looks again and again; a busy machine may take its time.
    private func wait(_ what: String, until isThere: () throws -> Bool) throws {
        let limit = AgentClock.boot().advanced(milliseconds: 60_000)
        while try !isThere() {
            guard AgentClock.boot().nanoseconds < limit.nanoseconds else {
                throw PeerError(message: "waited in vain for \(what)")
            }
            poll(nil, 0, 10)
        }
    }

    private static func text(_ ports: [Int]) -> String {
        """
        schema = 1
        [home]
        id = "two"
        timezone = "UTC"
        board = "simulated"
        [[input]]
        name = "panic"
        kind = "panic"
        line = "PANIC"
        [[output]]
        name = "dialler"
        kind = "relay"
        line = "DIALLER"
        [[escalation]]
        after = "10s"
        unless = "received"
        do = ["relay:dialler", "fallback"]
        [upstream]
        broker = "mqtt://127.0.0.1:\(ports[0])"
        spread = "0s"
        [upstream.fallback]
        broker = "mqtt://127.0.0.1:\(ports[1])"
        """
    }
}
