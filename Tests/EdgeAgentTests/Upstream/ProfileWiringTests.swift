// The whole agent with profile = "home-assistant" against a real mosquitto: discovery, an alarm, a button.

import Drivers
import Foundation
import Logging
import TestPeers
import Testing
import Upstream

@testable import EdgeAgent

@Suite(.serialized, .enabled(if: Broker.isThere, "mosquitto is not installed"))
struct ProfileWiringTests {
    /// What Home Assistant would see and do.
    private struct Assistant: ~Copyable {
        private var loop: LinkLoop
        private var seen: [(topic: String, text: String)] = []

        init(port: Int) {
            loop = LinkLoop(
                settings: LinkSettings(
                    host: "127.0.0.1", port: port, clientID: "assistant",
                    subscriptions: ["homeassistant/device/#", "homes/#"]),
                lastWill: nil, backoff: Backoff(aloneMilliseconds: 100))
        }

        /// Turns until a message is as wanted; fails after 30 s, or what is said.
        mutating func wait(_ topic: String, _ part: String, milliseconds: Int64 = 30_000) throws -> String {
            let limit = LinkLoop.now() + milliseconds
            while LinkLoop.now() < limit {
                if let index = seen.firstIndex(where: { $0.topic == topic && $0.text.contains(part) }) {
                    return seen.remove(at: index).text
                }
                for case .message(let topic, let payload) in loop.turn(extra: nil, longestMilliseconds: 200) {
                    seen.append((topic, String(decoding: payload, as: UTF8.self)))
                }
            }
            throw PeerError(
                message: "waited \(milliseconds) ms in vain for \(part) on \(topic); seen: \(seen.map(\.topic))")
        }

        mutating func press(_ button: String) throws {
            try loop.publish(topic: "homes/h1/do/\(button)", payload: Array("PRESS".utf8), tag: nil)
        }
    }

    @Test func smokeIsSeenAndAcceptedInHomeAssistant() throws {
        let folder = try ScratchFolder()
        let broker = try Broker(in: folder, lines: ["allow_anonymous true"])
        let text = """
            schema = 1
            [home]
            id = "h1"
            timezone = "UTC"
            board = "simulated"
            [[input]]
            name = "smoke.kitchen"
            kind = "smoke"
            line = "SMOKE"
            [[output]]
            name = "siren"
            kind = "siren"
            line = "SIREN"
            [[rule]]
            name = "smoke"
            kind = "input-active"
            signal = "smoke.kitchen"
            [upstream]
            broker = "mqtt://127.0.0.1:\(broker.port)"
            profile = "home-assistant"
            """
        let home = try ConfigurationLoader(checksFiles: false).load(text: Array(text.utf8), file: "home.toml")
        let board = SimulatedBoard(clock: AgentClock.boot)
        var log = Logger(label: "test")
        log.logLevel = .critical
        let agent = Agent(
            configuration: home,
            options: AgentOptions(
                stateDirectory: folder.path, controlSocket: folder.path + "/control.sock", simulatedBoard: board,
                log: log))
        defer { agent.stop() }
        var assistant = Assistant(port: broker.port)

        let document = try assistant.wait("homeassistant/device/edge-h1/config", "cmps")
        #expect(document.contains("\"dev_cla\":\"smoke\""))
        _ = try assistant.wait("homes/h1/status", "online")
        _ = try assistant.wait("homes/h1/heartbeat", "nextDueSeconds")

        board.set(line: "SMOKE", level: true)
        let raised = try assistant.wait("homes/h1/alert/smoke", "raised")
        #expect(raised.contains("\"state\":\"ON\"") && raised.contains("\"severity\":\"red\""))
        _ = try assistant.wait("homes/h1/state", "\"smoke.kitchen\":\"ON\"")
        // What is open is what `status` shows, which may be a moment behind; nobody presses as quickly as this test.
        var accepted: String?
        for _ in 0..<15 where accepted == nil {
            try assistant.press("accept")
            accepted = try? assistant.wait("homes/h1/alert/smoke", "acknowledged", milliseconds: 2000)
        }
        #expect(accepted?.contains("\"state\":\"ON\"") == true)
        board.set(line: "SMOKE", level: false)
        _ = try assistant.wait("homes/h1/alert/smoke", "\"state\":\"OFF\"")
        agent.stop()
        _ = try assistant.wait("homes/h1/status", "offline")
    }
}
