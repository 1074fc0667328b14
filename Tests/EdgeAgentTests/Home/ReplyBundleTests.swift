// What replies bring along: neither more than they may carry, nor what tells where things are.

import FoundationEssentials
import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

@Suite struct ReplyBundleTests {
    @Test func aStatusLeavesTheHomeWithoutPathsAndAddressesAndFits() throws {
        let board = StatusBoard(home: "h-1")
        board.set(fault: "broker b.example:8883 refuses; give (/etc/edge-agent/ca.pem) a look at 12:30", of: "broker")
        board.change { $0.link = "broker b.example:8883 refuses" }
        let status = try JSONDecoder().decode(
            AgentStatus.self, from: Data(StatusBundle(board.current).json(most: UpstreamLimits.bundleBytes).utf8))
        #expect(status.faults == ["broker … refuses; give … a look at …"])
        #expect(status.upstream.link == "not connected")
        var advised = board.current
        advised.faultAdvice = ["bus rs485 (192.168.1.20:502): no answer": "check it"]
        #expect(!StatusBundle(advised).json(most: UpstreamLimits.bundleBytes).contains("192.168"))
        for number in 0..<1000 { board.set(fault: "fault \(number) of a thousand", of: "part \(number)") }
        let cut = StatusBundle(board.current).json(most: 10_000)
        #expect(cut.contains("the status is too large to be sent") && cut.utf8.count <= 10_000)
    }

    @Test func aSelfTestLeavesTheHomeWithoutPathsAndFits() {
        var result = SelfTestResult()
        result.results = [
            .pass("configuration", "1234abcd", Message(DevicePhrase.configurationGood, "/etc/edge-agent/home.toml")),
            .fail(
                "broker.connection", Message(HubPhrase.brokerDeaf, "b.example:8883", "refused"),
                advice: Message(HubPhrase.brokerDeafAdvice)),
        ]
        let outcome = SelfTestOutcome(result)
        #expect(outcome.summary == "1 passed, 1 failed, 0 untested")
        #expect(outcome.bundle.contains("… has no errors") && outcome.bundle.contains("… takes no connection"))
        for _ in 0..<1000 { result.results.append(result.results[0]) }
        let cut = SelfTestOutcome(result, most: 2000)
        #expect(cut.bundle.contains("brokerDeaf") && cut.bundle.utf8.count <= 2000 && cut.bundle.contains("1001"))
    }
}
