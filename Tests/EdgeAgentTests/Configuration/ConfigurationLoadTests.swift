// What is accepted: defaults, implicit rules, samples, normalisation.

import Drivers
import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

@Suite struct Samples {
    @Test(arguments: ["minimal", "zhongshan", "simulated-demo"])
    func everyHomeLoadsAndComesBackTheSame(_ name: String) throws {
        // The samples name certificates that are on no machine, so they are read as replay would.
        let loader = ConfigurationLoader(checksFiles: false)
        let home = try loader.load("\(repositoryFolder)/board-configs/homes/\(name).toml")
        let again = try load(
            home.normalisedText,
            with: ConfigurationLoader(descriptionFolders: sampleLoader.descriptionFolders, checksFiles: false))
        #expect(again.normalisedText == home.normalisedText)
        #expect(again.hash == home.hash)
        #expect(again.home == home.home)
        #expect(again.scales == home.scales)
        #expect(again.inputs == home.inputs)
        #expect(again.buses.map(\.meters) == home.buses.map(\.meters))
    }

    @Test(arguments: ["simulated", "raspberry-pi-4", "raspberry-pi-5"])
    func everyBoardLoads(_ name: String) throws {
        let home = try load(homeHead.replacing("\"simulated\"", with: "\"\(name)\"") + panicInput)
        #expect(home.hasSimulatedLines == (name == "simulated"))
        let line = ["simulated": "GPIO17", "raspberry-pi-4": "pinctrl-bcm2711:17", "raspberry-pi-5": "pinctrl-rp1:17"][
            name]
        #expect(home.inputs.map(\.settings.line) == [line])
    }

    @Test func theSimulatedBoardNeedsNoFile() throws {
        let without = try load(homeHead + panicInput, with: ConfigurationLoader())
        let with = try load(homeHead + panicInput)
        #expect(without.hasSimulatedLines)
        #expect(without.normalisedText == with.normalisedText)
    }
}

private let panicInput = "[[input]]\nname = \"panic\"\nkind = \"panic\"\nline = \"GPIO17\"\n"

@Suite struct Accepted {
    @Test func defaultsOfEverything() throws {
        let home = try load(
            homeHead + waterMeter + panicInput + """
                [[rule]]
                name = "no-water"
                kind = "low-use"
                signal = "water.volume"
                window = "12h"
                below = "0.01 m3"
                [[rule]]
                name = "no-life"
                kind = "no-activity"
                signals = ["water.volume", "panic"]
                silent-for = "12h"
                [upstream]
                broker = "mqtts://broker.example"
                """)
        #expect(home.buses[0].settings.transport == .rtu(port: "/dev/ttyUSB0", baud: 9600, parity: .none, stopBits: 1))
        #expect(home.buses[0].meters[0].pollMilliseconds == 10_000)
        #expect(home.buses[0].meters[0].timeoutMilliseconds == 1000)
        #expect(
            home.home.signals[0]
                == SignalModel(
                    name: "water.volume", source: .meter(.volume), silentAfter: .minutes(5), step: 1000))
        #expect(home.home.signals[1] == SignalModel(name: "panic", source: .input(.panic), silentAfter: nil))
        #expect(home.scales == [Scale(numerator: 1000, denominator: 1), nil])
        #expect(home.units == [MeasurementUnit(symbol: "m3", factor: 1_000_000), nil])
        #expect(home.inputs[0].channel == Channel(1))
        #expect(home.inputs[0].isSafety)
        #expect(home.inputs[0].settings.bias == .pullDown)
        #expect(home.inputs[0].settings.debounceMilliseconds == 20)
        #expect(
            home.home.rules == [
                RuleModel(
                    name: "no-water", kind: .lowUse(signal: SignalID(0), window: .hours(12), below: 10_000),
                    severity: .orange),
                RuleModel(
                    name: "no-life",
                    kind: .noActivity(signals: [SignalID(0), SignalID(1)], silence: .lasting(.hours(12))),
                    severity: .orange,
                    warnFor: .minutes(10)),
                RuleModel(
                    name: "panic", kind: .inputActive(signal: SignalID(1), holdFor: .zero, request: nil),
                    severity: .red, latched: true),
            ])
        #expect(home.home.escalation == EscalationStep.standard)
        let upstream = try #require(home.upstream)
        #expect((upstream.host, upstream.port, upstream.usesTLS) == ("broker.example", 8883, true))
        #expect((upstream.topicPrefix, upstream.heartbeat) == ("homes", .minutes(5)))
        #expect(upstream.encoding == .protobuf && upstream.acknowledgement == .application)
        #expect(Set(home.warnings.map(\.code)) == ["W106", "N101"])
    }

    @Test func silentAfterGrowsWithThePoll() throws {
        let home = try load((homeHead + waterMeter).replacing("unit = 5", with: "unit = 5\npoll = \"1h\""))
        #expect(home.home.signals[0].silentAfter == .hours(3))
    }

    @Test func shortWaitsWarnForHalfOfThem() throws {
        let home = try load(
            homeHead + waterMeter
                + "[[rule]]\nname = \"r\"\nkind = \"no-activity\"\nsignals = [\"water.volume\"]\nsilent-for = \"8min\"")
        #expect(home.home.rules[0].warnFor == .minutes(4))
    }

    @Test func serviceButtonsAskForSomething() throws {
        let home = try load(
            homeHead + "[[input]]\nname = \"meals\"\nkind = \"service\"\nline = \"A\"\nrequest = \"meal\"")
        #expect(
            home.home.rules == [
                RuleModel(
                    name: "meals", kind: .inputActive(signal: SignalID(0), holdFor: .zero, request: "meal"),
                    severity: .yellow, latched: true)
            ])
        #expect(try load(home.normalisedText).home == home.home)
    }

    @Test func writtenRulesReplaceImplicitOnes() throws {
        let home = try load(
            homeHead + panicInput
                + "[[rule]]\nname = \"button\"\nkind = \"input-active\"\nsignal = \"panic\"\nfor = \"2s\"")
        #expect(home.home.rules.map(\.name) == ["button"])
        #expect(!home.warnings.contains { $0.code == "N101" })
    }

    @Test func signalsAreMetersThenInputsInTheOrderOfTheFile() throws {
        let second = waterMeter.split(separator: "\n").dropFirst(4).joined(separator: "\n").replacing(
            "\"water\"", with: "\"garden\""
        ).replacing("unit = 5", with: "unit = 6")
        let home = try load(homeHead + panicInput + waterMeter + second)
        #expect(home.home.signals.map(\.name) == ["water.volume", "garden.volume", "panic"])
        #expect(home.inputs.map(\.channel.index) == [2])
    }

    @Test func oddThingsAreSaid() throws {
        let coarse =
            (homeHead + waterMeter).replacing("\"0.001\"", with: "\"0.01\"")
            + "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nwindow = \"24h\"\nbelow = \"0.01 m3\""
        #expect(issues(coarse).map { "\($0.code)@\($0.line)" }.contains("W101@26"))
        let plain = homeHead + "[upstream]\nbroker = \"mqtt://broker.example\""
        #expect(issues(plain).map(\.code) == ["W104"])
        #expect(issues(homeHead + "[[output]]\nname = \"lamp\"\nkind = \"lamp\"\nline = \"A\"").map(\.code) == ["W103"])
        #expect(issues(homeHead).map(\.code) == ["W112"])
        let idle = homeHead + "[[bus]]\nname = \"b\"\nkind = \"rtu\"\nport = \"/dev/a\""
        #expect(issues(idle).map(\.code).contains("W105"))
        let door = homeHead + "[[input]]\nname = \"door\"\nkind = \"door\"\nline = \"A\""
        #expect(issues(door).map(\.code).contains("W102"))
    }

    @Test func missingFilesOnlyWarnWhereNothingConnects() throws {
        let text = homeHead + "[upstream]\nbroker = \"mqtts://b\"\nca-file = \"ca.pem\""
        let home = try load(text, with: ConfigurationLoader(checksFiles: false))
        #expect(home.warnings.map(\.code) == ["W109"])
        #expect(home.upstream?.caFile?.hasSuffix("/ca.pem") == true)
        #expect(home.upstream?.caFile?.hasPrefix("/") == true)
        #expect(errors(text) == ["E206@8"])
    }

    @Test func secretsThatSystemdBringsAreNotThereBeforeItStartsTheService() throws {
        let path = "/run/credentials/edge-agent.service/broker-password"
        let home = try load(
            homeHead + "[upstream]\nbroker = \"mqtts://b\"\nuser = \"hub\"\npassword-file = \"\(path)\"")
        #expect(home.warnings.map(\.code) == ["W109"])
        #expect(home.upstream?.passwordFile == path)
    }

    @Test func theHashKnowsContentFromForm() throws {
        let one = try load(homeHead + panicInput)
        let commented = try load(
            "# a home\n" + homeHead.replacing("id = \"h-1\"", with: "id   =  'h-1' # comment") + panicInput)
        let other = try load(homeHead.replacing("h-1", with: "h-2") + panicInput)
        #expect(one.hash == commented.hash)
        #expect(one.hash != other.hash)
        #expect(one.hash.count == 16)
    }

    @Test(arguments: [
        ("mqtt://127.0.0.1", "127.0.0.1", 1883, false), ("mqtts://b.example:443", "b.example", 443, true),
        ("mqtts://[fd00::1]", "fd00::1", 8883, true), ("mqtt://[::1]:1884", "::1", 1884, false),
    ])
    func brokers(_ text: String, _ host: String, _ port: Int, _ usesTLS: Bool) {
        #expect(BrokerAddress.parse(text) == .success(BrokerAddress(host: host, port: port, usesTLS: usesTLS)))
    }

    @Test(arguments: [
        "mqtt://", "mqtts://:8883", "mqtts://b:0", "mqtts://b:65536", "mqtts://b:+1", "mqtts://[::1", "mqtts://b c",
        "b:1883",
    ])
    func notBrokers(_ text: String) {
        #expect(throws: BrokerAddress.Problem.self) { try BrokerAddress.parse(text).get() }
    }

    /// What is not written is the first broker's, but never its credentials.
    @Test func aSecondBrokerTakesOverWhatIsNotASecret() throws {
        let text =
            homeHead
            + "[[output]]\nname = \"dialler\"\nkind = \"relay\"\nline = \"A\"\n[[output]]\nname = \"light\"\nkind = \"relay\"\nline = \"B\"\n"
            + "[[escalation]]\nafter = \"20s\"\nunless = \"received\"\ndo = [\"resend\", \"fallback\", \"relay:dialler\"]\n"
            + "[[escalation]]\nafter = \"20s\"\ndo = [\"sound:not-reached\"]\n"
            + "[upstream]\nbroker = \"mqtts://one.example\"\ntopic-prefix = \"town/homes\"\nencoding = \"json\"\nspread = \"2min\"\n"
            + "user = \"h\"\npassword-file = \"/run/credentials/secret\"\n"
            + "[upstream.fallback]\nbroker = \"mqtt://127.0.0.1:1999\"\nack = \"broker\"\n"
        let home = try load(text)
        let fallback = try #require(home.fallback)
        #expect(fallback.host == "127.0.0.1" && fallback.port == 1999 && !fallback.usesTLS)
        #expect(fallback.topicPrefix == "town/homes" && fallback.encoding == .json)
        #expect(fallback.user == nil && fallback.passwordFile == nil && fallback.acknowledgement == .broker)
        #expect(home.upstream?.acknowledgement == .application && home.upstream?.spread == .minutes(2))
        #expect(
            home.home.escalation == [
                EscalationStep(
                    after: .seconds(20), unless: .received, actions: [.resend, .fallback, .relay("dialler")]),
                EscalationStep(after: .seconds(20), actions: [.sound(.notReached)]),
            ])
        #expect(home.outputs.map(\.followsSteps) == [true, false])
        let again = try load(home.normalisedText)
        #expect(again.normalisedText == home.normalisedText && again.fallback?.port == 1999)
    }

    @Test func theStandardStepKnowsTheBrokers() throws {
        let plain = homeHead + "[upstream]\nbroker = \"mqtt://127.0.0.1\"\n"
        #expect(try load(plain).home.escalation == EscalationStep.standard)
        #expect(
            try load(plain + "[upstream.fallback]\nbroker = \"mqtt://127.0.0.2\"").home.escalation == [
                EscalationStep(after: .seconds(180), actions: [.sound(.notReached), .fallback])
            ])
        #expect(
            try load(plain + "ack = \"broker\"").home.escalation == [
                EscalationStep(after: .seconds(180), unless: .brokered, actions: [.sound(.notReached)])
            ])
    }
}
