// A self-test's questions to the daemon's threads, and the test alert's short life.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Logging
import Testing
import Upstream

@testable import EdgeAgent

@Suite struct TestAlertTests {
    private func drafts(_ effects: [TestAlerts.Effect]) throws -> [WireAlert] {
        try effects.compactMap { effect in
            guard case .store(let draft) = effect,
                case .alert(let alert) = try WireDecoder.decode(topic: "homes/h-1/alerts", payload: draft.body).message
            else { return nil }
            return alert
        }
    }

    @Test func itIsATestFromBeginningToEnd() throws {
        var tests = TestAlerts(home: "h-1")
        let news = Mailbox<TestAlerts.News>(limit: 4)
        let begun = tests.take(.begin(news, sounds: false), waiting: 2, at: midnight, stamp: .test)
        guard case .store(let draft) = try #require(begun.first) else { return }
        // As any call for help: it stays until somebody accepts it.
        #expect(draft.lane == .alarm)
        let raised = try #require(try drafts(begun).first)
        #expect(raised.test)
        #expect(raised.event == .raised)
        #expect(raised.alertID == "self-test/2026-01-01T00:00:00Z")
        let forTheRules = tests.accepted(alert: "panic/2026-01-01T00:00:00Z", by: "Li", at: midnight, stamp: { .test })
        #expect(forTheRules == nil)
        let effects = tests.accepted(alert: raised.alertID, by: "Li", at: midnight + .seconds(2), stamp: { .test })
        let ended = try #require(effects)
        guard case .withdraw(let settled) = try #require(ended.first) else {
            Issue.record("it stays in the outbox")
            return
        }
        #expect(settled.id == draft.id)
        #expect(settled.level == .accepted)
        #expect(try drafts(ended).map(\.event) == [.cleared])
        #expect(try drafts(ended).allSatisfy(\.test))
        let heard = news.take()
        guard case .begun(raised.alertID, 2)? = heard.first, case .accepted("Li")? = heard.last else {
            Issue.record("\(heard)")
            return
        }
    }

    @Test func thereIsOneAtATimeAndNoneForEver() throws {
        var tests = TestAlerts(home: "h-1")
        let (first, second) = (Mailbox<TestAlerts.News>(limit: 4), Mailbox<TestAlerts.News>(limit: 4))
        func take(_ order: TestAlerts.Order, _ seconds: Int64) -> Int {
            tests.take(order, waiting: 0, at: midnight + .seconds(seconds), stamp: .test).count
        }
        let steps = [
            take(.begin(first, sounds: false), 0), take(.begin(second, sounds: false), 5),
            // Only whoever began it ends it.
            take(.end(second), 6), take(.end(first), 7), take(.end(first), 8),
        ]
        #expect(steps == [1, 0, 0, 2, 0])
        guard case .refused? = second.take().first else {
            Issue.record("two at a time")
            return
        }
        // An id is never used twice.
        let again = [take(.begin(second, sounds: false), 0), take(.begin(second, sounds: false), 9)]
        #expect(again == [0, 1])
        // An answer that comes too late is not the rules' business.
        let late = tests.accepted(alert: "self-test/2026-01-01T00:00:00Z", by: "Li", at: midnight, stamp: { .test })
        #expect(late?.isEmpty == true)
    }
}

/// A whole agent in this process on a simulated board, without a broker.
private final class ServedAgent {
    let folder: HeldFolder
    let socket: String
    let board = SimulatedBoard(clock: AgentClock.boot)
    let file: String
    private let agent: Agent

    init(_ text: String) throws {
        folder = try HeldFolder()
        socket = folder.path + "/control.sock"
        file = folder.path + "/home.toml"
        let descriptor = open(file, O_CREAT | O_WRONLY, 0o600)
        #expect(write(descriptor, text, text.utf8.count) == text.utf8.count)
        close(descriptor)
        var log = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        log.logLevel = .critical
        agent = Agent(
            configuration: try load(text),
            options: AgentOptions(
                stateDirectory: folder.path + "/state", controlSocket: socket, simulatedBoard: board, log: log))
        let socket = self.socket
        try #require(reaches { ControlSocket.status(path: socket)?.signals.isEmpty == false })
    }

    func stop() { agent.stop() }

    func ask(_ question: String) throws -> String {
        String(decoding: try ControlSocket.ask(question + "\n", path: socket, seconds: 30).get(), as: UTF8.self)
    }
}

@Suite struct SelfTestDaemonTests {
    private static let text =
        homeHead + """
            [[input]]
            name = "panic"
            kind = "panic"
            line = "GPIO24"
            [[input]]
            name = "motion.bedroom"
            kind = "motion"
            line = "GPIO17"
            [[output]]
            name = "siren"
            kind = "siren"
            line = "GPIO27"

            """

    @Test func theDaemonSaysHowItsLinesStand() throws {
        let served = try ServedAgent(Self.text)
        defer { served.stop() }
        served.board.set(line: "GPIO17", level: true)
        var picture = LinesPicture()
        #expect(
            reaches {
                picture = DaemonLines(socket: served.socket).picture() ?? LinesPicture()
                return picture.inputs.last?.isActive == true
            })
        #expect(picture.inputs.map(\.name) == ["panic", "motion.bedroom"])
        #expect(picture.inputs.map(\.isActive) == [false, true])
        #expect((picture.inputs.last?.edges ?? 0) >= 1)
        #expect(picture.outputs == [LinePicture(name: "siren")])
    }

    @Test func anOutputIsOnForAMomentUnlessTheHomeSounds() throws {
        let served = try ServedAgent(Self.text)
        defer { served.stop() }
        let changes = Mailbox<Bool>(limit: 100)
        served.board.onOutputChange { changes.post($0.level) }
        let hands = DaemonLines(socket: served.socket)
        #expect(hands.pulse("siren") == nil)
        var seen: [Bool] = []
        #expect(
            reaches {
                seen += changes.take()
                return seen.count >= 2
            })
        #expect(seen == [true, false])
        #expect(hands.pulse("sirn")?.contains("there are: siren") == true)
        served.board.set(line: "GPIO24", level: true)
        #expect(reaches { ControlSocket.status(path: served.socket)?.sound == .alarm })
        #expect(hands.pulse("siren") == "the home sounds alarm")
    }

    @Test func itsDatabaseWritesAndSyncs() throws {
        let served = try ServedAgent(Self.text)
        defer { served.stop() }
        let facts = StorageCheck(directory: served.folder.path + "/state").ask(socket: served.socket)
        guard case .microseconds(let times) = facts else {
            Issue.record("\(facts)")
            return
        }
        #expect(times.count == 5)
        #expect(times.allSatisfy { $0 > 0 })
        #expect(try served.ask("test-alert 1").contains("no [upstream] is configured"))
        #expect(try served.ask("test-alert 1000").contains("1 to 120"))
        #expect(try served.ask("pulse").contains("write: lines"))
    }

    @Test func aWholeTestBesideTheDaemon() throws {
        let served = try ServedAgent(Self.text)
        defer { served.stop() }
        var site = SelfTestSite(
            file: served.file, loader: sampleLoader, socket: served.socket,
            stateDirectory: served.folder.path + "/state")
        site.clock = { ClockFacts(wallMilliseconds: 1_767_225_600_000, trust: .synchronised, hasZones: true) }
        site.service = { nil }
        site.confirm = { _ in true }
        var heard: [String] = []
        site.observe = { heard.append($0.name) }
        var test = SelfTest(site)
        let result = test.run()
        #expect(
            told(result.results.filter { $0.area != "storage" }) == [
                "pass configuration configurationGood", "pass configuration.running configurationRuns",
                "pass line.panic lineIdle", "pass line.motion.bedroom lineIdle",
                "pass output.siren.noticed outputNoticed", "pass clock.time clockSynchronised",
                "untested service.runs noServiceManager → noServiceManagerAdvice",
                "untested broker brokerNone → brokerNoneAdvice",
            ])
        #expect(result.hasDaemon)
        // A disk that is slow on this day is no fault of ours.
        let storage = result.results.first { $0.area == "storage" }
        #expect(["storageGood", "storageSlow"].contains(storage?.reason.code))
        #expect(result.exitCode == (storage?.verdict == .pass ? 3 : 1))
        #expect(heard == result.results.map(\.name))
        // Somebody edits the file, and does not restart the daemon.
        let descriptor = open(served.file, O_WRONLY | O_APPEND)
        #expect(write(descriptor, waterMeter, waterMeter.utf8.count) == waterMeter.utf8.count)
        close(descriptor)
        var again = SelfTest(site)
        #expect(
            told(again.run().results)[1] == "fail configuration.running configurationOld → configurationOldAdvice")
    }

    /// One that hangs still has every port and line: nothing can be said without it.
    @Test func aDaemonThatTalksNonsenseIsSaid() throws {
        let folder = try HeldFolder()
        let path = folder.path + "/control.sock"
        let (address, length) = try #require(unixAddress(path))
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        let isBound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) == 0 }
        }
        try #require(isBound && listen(listener, 1) == 0)
        let worker = Worker(name: "nonsense") {
            let client = accept(listener, nil, nil)
            ControlSocket.write(client, Array("{}".utf8))
            close(client)
        }
        var test = SelfTest(
            SelfTestSite(loader: sampleLoader, socket: path, stateDirectory: folder.path))
        let result = test.run()
        #expect(told(result.results) == ["fail daemon daemonMute → daemonMuteAdvice"])
        #expect(result.exitCode == 4)
        #expect(worker.join(withinMilliseconds: patienceMilliseconds))
    }

    @Test func configurationsThatCannotBeTested() throws {
        let folder = try HeldFolder()
        func run(_ text: String?) throws -> SelfTestResult {
            let file = folder.path + "/home.toml"
            if let text {
                let descriptor = open(file, O_CREAT | O_TRUNC | O_WRONLY, 0o600)
                #expect(write(descriptor, text, text.utf8.count) == text.utf8.count)
                close(descriptor)
            }
            var site = SelfTestSite(
                file: file, loader: sampleLoader, socket: folder.path + "/no.sock", stateDirectory: folder.path)
            site.service = { nil }
            var test = SelfTest(site)
            return test.run()
        }
        #expect(try run(nil).exitCode == 4)
        let wrong = try run(homeHead + "[[meter]]\nname = \"water\"\n")
        #expect(told(wrong.results)[0] == "fail configuration configurationWrong → configurationWrongAdvice")
        #expect(wrong.exitCode == 1)
        #expect(!wrong.hasDaemon)
        #expect(
            told(try run(homeHead).results)[0]
                == "untested configuration configurationEmpty → configurationEmptyAdvice")
        // Without a daemon nobody has the simulated lines.
        #expect(told(try run(Self.text).results)[1] == "untested line linesUnseen → linesUnseenAdvice")
    }
}
