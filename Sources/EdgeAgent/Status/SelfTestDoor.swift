// What `self-test` asks of the running daemon (docs/control-socket.md): how lines and storage stand, a moment of an
// output, a test alert, that a test was passed; InstallerDesk has what goes on for as long as somebody asks. Each goes to the thread that knows, on a thread of the installer's desk, which may wait.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Upstream

/// How one line of the home stands.
struct LinePicture: Codable, Hashable, Sendable {
    /// Of the input or output.
    var name: String
    /// nil: we do not have it, and `fault` says why; or it is an output or a counter.
    var isActive: Bool?
    /// Seen since the line was got.
    var edges: Int64 = 0
    /// notFound, busy, denied, failed, unsteady
    var kind: String?
    var fault: String?

    init(name: String, isActive: Bool? = nil, edges: Int64 = 0, fault: LineError? = nil) {
        self.name = name
        self.isActive = isActive
        self.edges = edges
        kind = fault?.kind.rawValue
        self.fault = fault?.message
    }

    init(name: String, _ state: (isActive: Bool?, edges: Int64, fault: LineError?)) {
        self.init(name: name, isActive: state.isActive, edges: state.edges, fault: state.fault)
    }
}

/// All of them; on the wire the answer to `lines`.
struct LinesPicture: Codable, Hashable, Sendable {
    var inputs: [LinePicture] = []
    var outputs: [LinePicture] = []
}

/// The answer to `sync`.
struct SyncAnswer: Codable, Hashable, Sendable {
    /// From the order to write until it is on the disk.
    var microseconds: Int64
    /// What is wrong with storage; nil: nothing.
    var fault: String?
}

/// The answer to `test-alert`.
struct TestAlertAnswer: Codable, Hashable, Sendable {
    var alert: String
    /// Who accepted it; nil: nobody did in time.
    var by: String?
    var milliseconds: Int64
    /// The broker has it, and nobody behind it answers (`ack = "broker"`).
    var isTaken = false
    /// It was stored while there was no connection, so that it left late.
    var isLate: Bool?
}

/// The answer to `records`: what must survive a power cut.
struct OutboxPicture: Codable, Hashable, Sendable {
    struct Waiting: Codable, Hashable, Sendable {
        /// The record's.
        var id: String
        var alert: String
    }
    /// More than a home can have open.
    static let mostWaiting = 100

    var bootID: String
    /// No record was given this number yet.
    var nextSequence: Int64
    /// The oldest calls for help that nobody has accepted.
    var waiting: [Waiting]
}

struct SelfTestDoor: Sendable {
    static let questions = [
        "lines", "pulse OUTPUT", "sync", "test-alert SECONDS [sound]", "records", "tested", "walk begin [SECONDS]",
        "walk end",
    ]
    /// How long an output is on: long enough to be noticed, too short to be an alarm.
    static let pulseMilliseconds: Int64 = 500
    static let longestTestSeconds = 120
    /// One that also sounds waits until somebody has plugged in a network cable again: ten minutes to do so, ten for
    /// the connection, and as long as any for the answer.
    static let longestSoundingTestSeconds = 1320
    /// The lines thread answers between two events; a disk may be slow.
    private static let linesMilliseconds: Int32 = 3000
    private static let diskMilliseconds: Int32 = 20_000

    let hub: Hub
    let outputs: [String]
    /// nil: nothing is upstream.
    let acknowledgement: AcknowledgementMode?

    init(hub: Hub, configuration: HomeConfiguration) {
        self.hub = hub
        outputs = configuration.outputs.map(\.name)
        acknowledgement = configuration.upstream?.acknowledgement
    }

    static func isOurs(_ words: [String]) -> Bool {
        questions.contains { $0.split(separator: " ").first.map(String.init) == words.first }
    }

    /// May wait for as long as the question allows.
    /// - Parameter isGone: whoever asked does not wait any more.
    func answer(_ words: [String], isGone: () -> Bool) -> [UInt8] {
        switch (words.first, words.count) {
        case ("lines", 1): lines()
        case ("pulse", 2): pulse(words[1])
        case ("sync", 1): sync()
        case ("test-alert", 2): testAlert(words[1], sounds: false, isGone)
        case ("test-alert", 3) where words[2] == "sound": testAlert(words[1], sounds: true, isGone)
        case ("records", 1): records()
        case ("tested", 1): tested()
        case ("walk", 2) where words[1] == "end": endWalk()
        default: error("write: \(SelfTestDoor.questions.joined(separator: ", "))")
        }
    }

    private func lines() -> [UInt8] {
        let answer = Mailbox<LinesPicture>(limit: 1)
        hub.lines.post(.examine(answer: answer), always: true)
        guard let picture = first(of: answer, SelfTestDoor.linesMilliseconds) else {
            return error("the lines thread does not come round")
        }
        return json(picture)
    }

    private func pulse(_ output: String) -> [UInt8] {
        guard outputs.contains(output) else {
            return error("no output is called \(output); there are: \(outputs.joined(separator: ", "))")
        }
        let answer = Mailbox<String>(limit: 1)
        hub.lines.post(.pulse(output: output, answer: answer), always: true)
        guard let refusal = first(of: answer, SelfTestDoor.linesMilliseconds) else {
            return error("the lines thread does not come round")
        }
        return refusal.isEmpty ? Array("{}".utf8) : error(refusal)
    }

    private func sync() -> [UInt8] {
        let answer = Mailbox<Int64>(limit: 1)
        hub.home.post(.sync(answer: answer), always: true)
        guard let microseconds = first(of: answer, SelfTestDoor.diskMilliseconds) else {
            return error("the disk does not answer within \(SelfTestDoor.diskMilliseconds / 1000) s")
        }
        return json(SyncAnswer(microseconds: microseconds, fault: hub.status.faultOfStorage))
    }

    private func records() -> [UInt8] {
        let answer = Mailbox<OutboxPicture>(limit: 1)
        hub.outbox.post(.examine(answer: answer), always: true)
        guard let picture = first(of: answer, SelfTestDoor.diskMilliseconds) else {
            return error("the disk does not answer within \(SelfTestDoor.diskMilliseconds / 1000) s")
        }
        return json(picture)
    }

    private func tested() -> [UInt8] {
        hub.home.post(.tested(by: "self-test"), always: true)
        return Array("{}".utf8)
    }

    // MARK: Walk

    /// "walk begin 600"; nil: that is no length of a walk.
    static func walkSeconds(_ words: [String]) -> Int64? {
        let longest = (HomeMode.maintenance.longest ?? .zero).milliseconds / 1000
        guard words.count == 3 else { return words.count == 2 ? longest : nil }
        return Int64(words[2]).flatMap { (1...longest).contains($0) ? $0 : nil }
    }

    /// How many milliseconds the walk that begins, or goes on, still has; nil: nobody answers.
    func beginWalk(seconds: Int64) -> Int64? {
        let answer = Mailbox<Int64>(limit: 1)
        hub.home.post(.walk(lasting: .seconds(seconds), by: SelfTestDoor.whoWalks, answer: answer), always: true)
        return first(of: answer, SelfTestDoor.linesMilliseconds)
    }

    @discardableResult
    func endWalk() -> [UInt8] {
        hub.home.post(.walk(lasting: nil, by: SelfTestDoor.whoWalks, answer: nil), always: true)
        return Array("{}".utf8)
    }

    private static let whoWalks = "self-test"

    // MARK: Test alert

    private func testAlert(_ seconds: String, sounds: Bool, _ isGone: () -> Bool) -> [UInt8] {
        let longest = sounds ? SelfTestDoor.longestSoundingTestSeconds : SelfTestDoor.longestTestSeconds
        guard let seconds = Int(seconds), (1...longest).contains(seconds) else {
            return error("test-alert takes seconds, 1 to \(longest)")
        }
        guard let acknowledgement else { return error("no [upstream] is configured") }
        let began = AgentClock.boot()
        let news = Mailbox<TestAlerts.News>(limit: 4)
        hub.home.post(.testAlert(.begin(news, sounds: sounds)), always: true)
        defer { hub.home.post(.testAlert(.end(news)), always: true) }
        // Both steps may be there at once, on a machine that is busy.
        var pending: [TestAlerts.News] = []
        func next(_ milliseconds: Int32) -> TestAlerts.News? {
            if pending.isEmpty { pending = all(of: news, milliseconds) }
            return pending.isEmpty ? nil : pending.removeFirst()
        }
        guard case .begun(let alert, let waiting)? = next(SelfTestDoor.diskMilliseconds) else {
            return error("another test alert is under way, or was a second ago")
        }
        let isLate = !hub.status.current.upstream.isConnected
        func answered(by: String?, isTaken: Bool = false) -> [UInt8] {
            let milliseconds = BootTime.milliseconds(from: began, to: AgentClock.boot())
            return json(
                TestAlertAnswer(alert: alert, by: by, milliseconds: milliseconds, isTaken: isTaken, isLate: isLate))
        }
        let end = began.advanced(milliseconds: Int64(seconds) * 1000)
        while AgentClock.boot() < end, !isGone() {
            if case .accepted(let by)? = next(250) { return answered(by: by) }
            // Where nobody answers, the broker's receipt empties the lane.
            let depth = hub.status.current.upstream.waiting["\(Lane.alarm)"] ?? 0
            let isSettled =
                BootTime.milliseconds(from: began, to: AgentClock.boot()) > 1000 && depth <= waiting
            if acknowledgement == .broker, isSettled, hub.status.current.upstream.isConnected {
                return answered(by: nil, isTaken: true)
            }
        }
        return answered(by: nil)
    }

    private func first<Answer: Sendable>(of mailbox: Mailbox<Answer>, _ milliseconds: Int32) -> Answer? {
        all(of: mailbox, milliseconds).first
    }

    private func all<Answer: Sendable>(of mailbox: Mailbox<Answer>, _ milliseconds: Int32) -> [Answer] {
        var watched = pollfd(fd: mailbox.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watched, 1, milliseconds) == 1 ? mailbox.take() : []
    }

    private func json(_ answer: some Encodable) -> [UInt8] { (try? JSONEncoder().encode(answer)).map(Array.init) ?? [] }

    private func error(_ text: String) -> [UInt8] { Array(jsonText(.table([("error", .string(text))])).utf8) }
}

extension StatusBoard {
    /// What the outbox's thread has said is wrong with the disk; nil: nothing.
    var faultOfStorage: String? { fault(of: "storage") ?? fault(of: "outbox") ?? fault(of: "space for alarms") }
}
