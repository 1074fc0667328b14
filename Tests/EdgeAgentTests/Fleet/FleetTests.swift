// The fleet: its arithmetic, and a small one against a real mosquitto that is killed and comes back. The large one is
// `make fleet`.

import Foundation
import Synchronization
import TestPeers
import Testing
import Upstream

@testable import EdgeAgent

@Suite(.serialized) struct FleetTests {
    @Test func theMostInASecondIsFoundWhereverItBegins() {
        #expect(FleetPhase.most([], within: 1000) == 0)
        #expect(FleetPhase.most([0, 999, 1000, 1500, 1998, 5000], within: 1000) == 4)
        #expect(FleetPhase.most([5000, 0, 1000, 2000], within: 1000) == 1)
    }

    @Test func waitsCountFromWhenTheBrokerWasBack() {
        var phase = FleetPhase("broker restart", at: 0)
        phase.accepted(raisedAt: 50, at: 100)
        phase.brokerLost(at: 1000)
        phase.brokerBack(at: 4000)
        phase.brokerBack(at: 9000)
        phase.accepted(raisedAt: 2000, at: 4500)
        phase.accepted(raisedAt: 6000, at: 6040)
        #expect(phase.waits == [50, 500, 40])
        #expect(phase.wait(percent: 50) == 50)
        #expect(phase.wait(percent: 99) == 500)
        #expect(FleetPhase("none", at: 0).wait(percent: 50) == nil)
    }

    @Test func limitsAreOfLargeFleetsAfterARestart() {
        func report(_ hubs: Int, connects: Int, wait: Int64) -> FleetReport {
            var phase = FleetPhase("broker restart", at: 0)
            phase.brokerLost(at: 0)
            phase.brokerBack(at: 0)
            for _ in 0..<connects { phase.connected(at: 10) }
            phase.accepted(raisedAt: 0, at: wait)
            return FleetReport(hubs: hubs, speed: 1, phases: [phase])
        }
        #expect(report(2000, connects: 100, wait: 5000).complaints == [])
        #expect(report(2000, connects: 101, wait: 100).complaints.count == 1)
        #expect(report(100, connects: 100, wait: 100).complaints == [])
        #expect(report(100, connects: 1, wait: 5001).complaints.count == 1)
    }

    @Test func aMachineThatIsTooBusySaysNothing() {
        var phase = FleetPhase("broker restart", at: 0)
        phase.stalled(for: 1400)
        phase.stalled(for: -5)
        #expect(FleetReport(hubs: 2000, speed: 1, phases: [phase]).disturbance == nil, "not in a restart")
        phase.brokerLost(at: 0)
        #expect(FleetReport(hubs: 2000, speed: 1, phases: [phase]).disturbance?.contains("1.4 s") == true)
    }

    /// 50 hubs, spread over four seconds instead of forty.
    @Test(.enabled(if: Broker.isThere, "mosquitto is not installed"))
    func aSmallFleetSurvivesItsBrokerAndAPowerCut() throws {
        let folder = try ScratchFolder()
        nonisolated(unsafe) let broker = try Broker(
            in: folder, lines: ["allow_anonymous true", "max_queued_messages 10000"])
        var options = FleetOptions(
            hubs: 50, broker: BrokerAddress(host: "127.0.0.1", port: broker.port, usesTLS: false),
            topicPrefix: "fleet", spreadSeconds: 1, steadySeconds: 2, speed: 1000, alarmsPercent: 20, accepts: true,
            restart: {
                broker.stop()
                poll(nil, 0, 1000)
                try? broker.start()
            }, cutsPower: true, seed: 1)
        options.alarmsMilliseconds = 8000
        options.spreadMilliseconds = 4000
        let report = FleetRun(options) { false }.run()
        print(report.text)
        #expect(report.phases.map(\.name) == ["connects", "steady", "broker restart", "power cut"])
        for phase in report.phases {
            #expect(!phase.isCutShort && phase.waits.count == phase.alarmsRaised, "\(phase.name)")
            // Four seconds at most, and what a busy machine adds.
            #expect(phase.wait(percent: 100) ?? 0 < 30_000, "\(phase.name)")
            if phase.name != "connects" { #expect(phase.alarmsRaised == 10) }
            // Whoever tries while the broker is away comes back once; nobody is lost or doubled.
            #expect(phase.connects.count == (phase.name == "steady" ? 0 : 50), "\(phase.name)")
        }
        let restart = report.phases[2]
        #expect(restart.lostAt != nil && restart.backAt != nil)
        #expect(report.bytesADay(report.phases[1]) > 10_000)
    }
}
