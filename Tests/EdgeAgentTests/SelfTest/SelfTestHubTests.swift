// The hub itself with one thing wrong: lines, outputs, storage, clock, power, service and broker.

import Drivers
import Glibc
import LocalRules
import TestPeers
import Testing
import Upstream

@testable import EdgeAgent

@Suite struct SelfTestLineTests {
    private static let text =
        homeHead + """
            [[input]]
            name = "panic"
            kind = "panic"
            line = "GPIO24"
            bias = "pull-up"
            active = "low"
            [[input]]
            name = "motion.bedroom"
            kind = "motion"
            line = "GPIO17"
            [[input]]
            name = "mains"
            kind = "mains"
            line = "GPIO5"
            active = "high"
            bias = "pull-down"
            [[input]]
            name = "battery"
            kind = "battery"
            line = "GPIO6"
            [[output]]
            name = "siren"
            kind = "siren"
            line = "GPIO27"

            """

    private func judge(
        _ remarks: [AgentStatus.Line] = [], _ change: (inout LinesPicture) -> Void = { _ in }
    ) throws -> [String] {
        let home = try load(Self.text)
        var picture = LinesPicture(
            inputs: home.inputs.map { LinePicture(name: $0.settings.name, isActive: false) },
            outputs: home.outputs.map { LinePicture(name: $0.name) })
        change(&picture)
        return told(LineCheck(home: home, remarks: remarks).judge(picture))
    }

    @Test func allAsItShouldBe() throws {
        #expect(
            try judge { $0.inputs[1].isActive = true } == [
                "pass line.panic lineIdle", "pass line.motion.bedroom lineActive", "pass line.mains lineIdle",
                "pass power.mains mainsThere", "pass line.battery lineIdle", "pass power.battery batteryGood",
            ])
    }

    @Test func anInvertedPanicButton() throws {
        let told = try judge { $0.inputs[0].isActive = true }
        #expect(told[0] == "fail line.panic lineActiveAtRest → lineActiveAtRestAdvice")
    }

    @Test func homesOnBattery() throws {
        #expect(try judge { $0.inputs[2].isActive = true }.contains("fail power.mains mainsLost → mainsLostAdvice"))
        #expect(
            try judge { $0.inputs[3].isActive = true }.contains("fail power.battery batteryLow → batteryLowAdvice"))
        #expect(
            try judge { $0.inputs[2] = LinePicture(name: "mains") }.contains(
                "untested power.mains powerUnknown → powerUnknownAdvice"))
    }

    @Test(arguments: [
        (LineError.Kind.busy, "lineBusy"), (.notFound, "lineNotFound"), (.denied, "lineDenied"),
        (.failed, "lineFailed"), (.unsteady, "lineChatters"),
    ])
    func aLineThatIsNotOurs(_ kind: LineError.Kind, _ code: String) throws {
        let fault = LineError(kind: kind, message: "line GPIO24: in use by 'gpioset'", advice: "")
        #expect(
            try judge { $0.inputs[0] = LinePicture(name: "panic", fault: fault) }[0]
                == "fail line.panic \(code) → \(code)Advice")
        #expect(
            try judge { $0.outputs[0] = LinePicture(name: "siren", fault: fault) }.last
                == "fail output.siren \(code) → \(code)Advice")
    }

    @Test func whatTheDaemonHasRemarked() throws {
        func remark(_ change: (inout AgentStatus.Line) -> Void) throws -> String {
            var line = AgentStatus.Line(name: "motion.bedroom", line: "GPIO17")
            change(&line)
            return try judge([line])[1]
        }
        #expect(try remark { _ in } == "pass line.motion.bedroom lineIdle")
        #expect(try remark { $0.chatters = true }.hasSuffix("lineChatters → lineChattersAdvice"))
        #expect(try remark { $0.isStuck = true }.hasSuffix("lineStuck → lineStuckAdvice"))
        #expect(try remark { $0.edgesLost = 3 }.hasSuffix("lineLoses → lineLosesAdvice"))
    }

    @Test func withoutADaemonTheKernelIsAsked() throws {
        let home = try load(Self.text)
        let board = SimulatedBoard(lines: ["GPIO24", "GPIO5", "GPIO6", "GPIO27"], clock: AgentClock.boot)
        // Of another program.
        var stranger = SimulatedLines(board: board)
        _ = try stranger.request(LineSettings(name: "other", line: "GPIO6", direction: .input))
        let picture = OwnLines.picture(of: home, through: SimulatedLines(board: board))
        #expect(picture.inputs.map(\.isActive) == [false, nil, false, nil])
        #expect(picture.inputs.map(\.kind) == [nil, "notFound", nil, "busy"])
        #expect(picture.outputs == [LinePicture(name: "siren")])
    }

    // MARK: Outputs

    private struct Hands: LineHands {
        var refusal: String?
        var pulses = 0
        func picture() -> LinesPicture? { nil }
        mutating func pulse(_ output: String) -> String? {
            pulses += 1
            return refusal
        }
    }

    private func tryOut(refusal: String? = nil, confirm: ((Message) -> Bool)?) throws -> (told: String, pulses: Int) {
        let home = try load(Self.text)
        var hands: any LineHands = Hands(refusal: refusal)
        let result = LineCheck(home: home, remarks: []).tryOut(
            home.outputs[0], picture: nil, hands: &hands, confirm: confirm)
        return (told([result])[0], (hands as? Hands)?.pulses ?? -1)
    }

    @Test func asSomebodyHearsIt() throws {
        let heard = try tryOut { $0.code == "askHeard" }
        #expect(heard == ("pass output.siren.noticed outputNoticed", 1))
        let deaf = try tryOut { _ in false }
        #expect(deaf == ("fail output.siren.noticed outputUnnoticed → outputUnnoticedAdvice", 1))
        let alone = try tryOut(confirm: nil)
        #expect(alone == ("untested output.siren.noticed outputUnconfirmed → outputUnconfirmedAdvice", 0))
        let busy = try tryOut(refusal: "the home sounds alarm") { _ in true }
        #expect(busy == ("untested output.siren.noticed outputInUse → outputInUseAdvice", 1))
    }
}

@Suite struct SelfTestStorageTests {
    private func told(_ facts: StorageFacts) -> String {
        EdgeAgentTests.told([StorageCheck(directory: "/var/lib/edge-agent").judge(facts)])[0]
    }

    @Test func judgements() {
        #expect(told(.microseconds([4000, 5000, 9000])) == "pass storage.sync storageGood")
        #expect(told(.microseconds([4000, 2_500_000])) == "fail storage.sync storageSlow → storageSlowAdvice")
        for errno in [ENOSPC, EDQUOT] {
            #expect(told(.failed(errno: errno)) == "fail storage.sync storageFull → storageFullAdvice")
        }
        for errno in [EACCES, EROFS, ENOENT] {
            #expect(told(.failed(errno: errno)) == "fail storage.sync storageRefused → storageRefusedAdvice")
        }
        #expect(told(.failed(errno: EIO)) == "fail storage.sync storageFailed → storageFailedAdvice")
        #expect(told(.broken("damaged")) == "fail storage.sync storageFailed → storageFailedAdvice")
        #expect(told(.unasked("gone")) == "untested storage.sync storageUnasked → storageUnaskedAdvice")
    }

    @Test func aRealFolder() throws {
        let folder = try TemporaryFolder()
        let check = StorageCheck(directory: folder.path)
        guard case .microseconds(let times) = check.tryOut() else {
            Issue.record("\(check.tryOut())")
            return
        }
        #expect(times.count == 5)
        #expect(entries(of: folder.path) == [])
        #expect(StorageCheck(directory: folder.path + "/none").tryOut() == .failed(errno: ENOENT))
        // A disk that takes nothing.
        symlink("/dev/full", folder.path + "/self-test.tmp")
        #expect(check.tryOut() == .failed(errno: ENOSPC))
    }
}

@Suite struct SelfTestClockTests {
    private func judge(_ milliseconds: Int64, _ trust: ClockTrust, hasZones: Bool = true) -> [String] {
        told(
            ClockFacts(wallMilliseconds: milliseconds, trust: trust, hasZones: hasZones).judge(
                timezone: "Asia/Shanghai")
        )
    }

    @Test func judgements() {
        let now: Int64 = 1_767_225_600_000
        #expect(judge(now, .synchronised) == ["pass clock.time clockSynchronised"])
        #expect(judge(now, .rtc) == ["pass clock.time clockOfBattery"])
        #expect(judge(now, .none) == ["fail clock.time clockUntrusted → clockUntrustedAdvice"])
        // 1970, whoever vouches for it.
        for trust in [ClockTrust.none, .rtc, .synchronised] {
            #expect(judge(12_000, trust) == ["fail clock.time clockImpossible → clockImpossibleAdvice"])
        }
        #expect(
            judge(now, .rtc, hasZones: false).last == "fail clock.zone clockZoneMissing → clockZoneMissingAdvice")
    }
}

@Suite struct SelfTestServiceTests {
    private static let good = [
        "LoadState": "loaded", "ActiveState": "active", "UnitFileState": "enabled", "NRestarts": "0",
        "Restart": "always", "WatchdogUSec": "30s",
    ]

    private func judge(_ changes: [String: String]) -> [String] {
        let text = Self.good.merging(changes) { _, new in new }.map { "\($0)=\($1)\n" }.joined()
        return told(ServiceFacts.judge(ServiceFacts(text)))
    }

    @Test func judgements() {
        #expect(
            judge([:]) == [
                "pass service.runs serviceRuns", "pass service.starts serviceEnabled",
                "pass service.watchdog watchdogOn",
            ])
        #expect(judge(["ActiveState": "failed"])[0] == "fail service.runs serviceDown → serviceDownAdvice")
        #expect(judge(["NRestarts": "4"])[0] == "fail service.runs serviceRestarts → serviceRestartsAdvice")
        #expect(
            judge(["UnitFileState": "disabled"])[1] == "fail service.starts serviceNotEnabled → serviceNotEnabledAdvice"
        )
        for broken in [["WatchdogUSec": "0"], ["WatchdogUSec": "infinity"], ["Restart": "no"]] {
            #expect(judge(broken)[2] == "fail service.watchdog watchdogOff → watchdogOffAdvice")
        }
        #expect(judge(["LoadState": "not-found"]) == ["fail service.runs serviceMissing → serviceMissingAdvice"])
        #expect(
            told(ServiceFacts.judge(nil)) == ["untested service.runs noServiceManager → noServiceManagerAdvice"])
    }

    @Test func programsAreRunForAWhileOnly() {
        #expect(output(of: ["echo", "a=b"], seconds: 60) == "a=b\n")
        #expect(output(of: ["false"], seconds: 60) == nil)
        #expect(output(of: ["no-such-program-at-all"], seconds: 60) == nil)
        // It would never end.
        #expect(output(of: ["tail", "-f", "/dev/null"], seconds: 1) == nil)
    }
}

@Suite struct SelfTestBrokerTests {
    private func check(_ url: String, extra: String = "") throws -> BrokerCheck {
        let home = try load(
            homeHead + "[upstream]\nbroker = \"\(url)\"\ntopic-prefix = \"homes\"\n" + extra,
            with: ConfigurationLoader(checksFiles: false))
        return BrokerCheck(upstream: try #require(home.upstream), home: home.homeID)
    }

    private func told(_ url: String, _ facts: BrokerFacts, clockIsWrong: Bool = false) throws -> [String] {
        EdgeAgentTests.told(try check(url).judge(facts, clockIsWrong: clockIsWrong))
    }

    private func fault(_ kind: LinkFault.Kind) -> BrokerFacts {
        BrokerFacts(linkFault: LinkFault(kind: kind, message: "broker b:8883 …", advice: ""))
    }

    @Test func eachStageThatFails() throws {
        let tls = "mqtts://broker.example:8883"
        #expect(
            try told(tls, BrokerFacts()) == [
                "pass broker.name nameFound", "pass broker.connection brokerListens", "pass broker.tls brokerTrusted",
                "pass broker.login brokerLetsIn",
            ])
        let rest = "brokerUnreached → brokerUnreachedAdvice"
        #expect(
            try told(tls, BrokerFacts(nameFault: "unknown")) == [
                "fail broker.name nameUnknown → nameUnknownAdvice", "untested broker.connection \(rest)",
                "untested broker.tls \(rest)", "untested broker.login \(rest)",
            ])
        #expect(
            try told(tls, BrokerFacts(connectFault: "refused")) == [
                "pass broker.name nameFound", "fail broker.connection brokerDeaf → brokerDeafAdvice",
                "untested broker.tls \(rest)", "untested broker.login \(rest)",
            ])
        #expect(
            Array(try told(tls, fault(.untrusted)).dropFirst(2)) == [
                "fail broker.tls brokerUntrusted → brokerUntrustedAdvice", "untested broker.login \(rest)",
            ])
        #expect(
            try told(tls, fault(.untrusted), clockIsWrong: true)[2]
                == "fail broker.tls brokerUntrusted → brokerClockAdvice")
        #expect(
            Array(try told(tls, fault(.denied)).dropFirst(2)) == [
                "pass broker.tls brokerTrusted", "fail broker.login brokerRefuses → brokerRefusesAdvice",
            ])
        #expect(
            try told("mqtt://broker.example:1883", fault(.unreachable)).last
                == "fail broker.login brokerFails → brokerFailsAdvice")
    }

    @Test func whatBecameOfATestAlert() throws {
        let check = try check("mqtt://broker.example")
        func told(_ trip: BrokerCheck.Trip) -> String { EdgeAgentTests.told([check.judge(trip, seconds: 60)])[0] }
        #expect(told(.accepted(by: "Li", milliseconds: 1234)) == "pass broker.test-alert testAccepted")
        #expect(check.judge(.accepted(by: "Li", milliseconds: 1234), seconds: 60).measured == "1.2 s")
        #expect(told(.taken(milliseconds: 1)) == "pass broker.test-alert testTaken")
        #expect(told(.unanswered) == "fail broker.test-alert testUnanswered → testUnansweredAdvice")
        #expect(
            check.judge(.unanswered, seconds: 60).advice?.text(in: .zh).contains("homes/h-1/acks") == true)
        #expect(told(.failed("no")) == "untested broker.test-alert testNotSent → testNotSentAdvice")
        #expect(told(.needsDaemon) == "untested broker.test-alert testNeedsDaemon → testNeedsDaemonAdvice")
        #expect(told(.unreached) == "untested broker.test-alert brokerUnreached → brokerUnreachedAdvice")
    }

    @Test func nobodyListens() throws {
        var check = try check("mqtt://127.0.0.1:1")
        let facts = check.connect(daemonIsConnected: false)
        #expect(
            EdgeAgentTests.told(check.judge(facts, clockIsWrong: false))[1]
                == "fail broker.connection brokerDeaf → brokerDeafAdvice")
    }

    @Test(.enabled(if: Broker.isThere, "mosquitto is not installed"))
    func aRealBroker() throws {
        let folder = try ScratchFolder()
        try folder.write("", to: "users")
        let open = try Broker(in: folder, lines: ["allow_anonymous true"])
        var check = try check("mqtt://127.0.0.1:\(open.port)", extra: "ack = \"broker\"\n")
        let facts = check.connect(daemonIsConnected: false)
        #expect(facts.isConnected)
        guard case .taken = check.send(seconds: 30) else {
            Issue.record("the broker did not take it")
            return
        }
        // Nothing that Home Assistant listens to would be sent.
        var translated = try self.check(
            "mqtt://127.0.0.1:\(open.port)", extra: "profile = \"home-assistant\"\nack = \"broker\"\n")
        #expect(translated.connect(daemonIsConnected: false).isConnected)
        guard case .needsDaemon = translated.send(seconds: 30) else {
            Issue.record("a profile's test alert went out in the native language")
            return
        }
        let other = try ScratchFolder()
        let closed = try Broker(in: other, lines: ["allow_anonymous false"])
        var refused = try self.check("mqtt://127.0.0.1:\(closed.port)")
        #expect(refused.connect(daemonIsConnected: false).linkFault?.kind == .denied)
    }
}
