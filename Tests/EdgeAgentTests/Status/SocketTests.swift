// The daemon's two sockets, with a real peer at the other end.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Logging
import Testing

@testable import EdgeAgent

/// A control socket that serves until it goes away.
private final class ServedSocket {
    let path: String
    let status = StatusBoard(home: "h-1")
    /// What was answered about meters.
    let answers = Mailbox<String>(limit: 8)
    private let stop = Mailbox<Void>(limit: 1)
    let worker: Worker

    /// - Parameter waits: until it can be asked; a socket that cannot be made never can.
    init(path: String, board: SimulatedBoard? = nil, canLocate: Bool = true, waits: Bool = true) throws {
        self.path = path
        let (status, stop, answers) = (status, stop, answers)
        var log = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        log.logLevel = .critical
        let quiet = log
        let locate: @Sendable (Int) -> Void = { answers.post("locate \($0)") }
        worker = Worker(name: "control") {
            ControlSocket(
                path: path, board: board, lines: ["panic": "GPIO24"],
                confirmMeter: { answers.post("\($0) \($1 ? "replaced" : "unchanged")") },
                locate: canLocate ? locate : nil
            )
            .serve(status: status, log: quiet, stop: stop.descriptor)
        }
        let isServed =
            !waits
            || reaches {
                if case .success = ControlSocket.ask("status\n", path: path) { true } else { false }
            }
        try #require(isServed, "no answer from \(path)")
    }

    func end() {
        stop.post((), always: true)
        #expect(worker.join(withinMilliseconds: patienceMilliseconds))
    }

    func ask(_ question: String) throws -> String {
        String(decoding: try ControlSocket.ask(question, path: path).get(), as: UTF8.self)
    }
}

@Suite struct ControlSocketTests {
    @Test func statusComesBackAsItIs() throws {
        let folder = try TemporaryFolder()
        let socket = try ServedSocket(path: folder.path + "/control.sock")
        socket.status.set(fault: "the disk is full", of: "outbox")
        socket.status.change { $0.waiting = ["alarm": 3] }
        let status = try JSONDecoder().decode(AgentStatus.self, from: Data(try socket.ask("status\n").utf8))
        #expect(status.home == "h-1")
        #expect(status.version == AgentVersion.text)
        #expect(status.faults == ["the disk is full"])
        #expect(status.upstream.waiting == ["alarm": 3])
        socket.end()
        // It takes its file with it.
        #expect(access(socket.path, F_OK) != 0)
    }

    @Test func aQuestionIsNotForEverybody() throws {
        let folder = try TemporaryFolder()
        let socket = try ServedSocket(path: folder.path + "/control.sock")
        var facts = stat()
        try #require(stat(socket.path, &facts) == 0)
        #expect(facts.st_mode & 0o777 == 0o660)
        socket.end()
    }

    @Test(arguments: ["what", "status now", "line panic 1", "line panic", "\n", "\u{1}"])
    func anUnknownQuestionIsAnsweredWithTheKnownOnes(_ question: String) throws {
        let folder = try TemporaryFolder()
        let socket = try ServedSocket(path: folder.path + "/control.sock")
        #expect(
            try socket.ask(question)
                == #"{"error":"unknown question; this daemon answers: status, meter SIGNAL replaced, "#
                + #"meter SIGNAL unchanged, locate SECONDS"}"# + "\n")
        // And the next one is served.
        #expect(try socket.ask("status").hasPrefix("{"))
        socket.end()
    }

    @Test func aBoxIsFoundUnlessItSoundsForSomething() throws {
        let folder = try TemporaryFolder()
        let socket = try ServedSocket(path: folder.path + "/control.sock")
        #expect(try socket.ask("locate 30") == "{}\n")
        #expect(try socket.ask("locate 0") == "{}\n")
        #expect(socket.answers.take() == ["locate 30", "locate 0"])
        for seconds in ["121", "-1", "x"] {
            #expect(try socket.ask("locate \(seconds)") == #"{"error":"locate takes seconds, 0 to 120"}"# + "\n")
        }
        var home = try CorePlayer()
        _ = home.take("panic", 1, at: midnight)
        socket.status.update(from: home.core, at: midnight)
        #expect(try socket.ask("locate 30").contains("the home sounds alarm"))
        #expect(socket.answers.take() == [])
        socket.end()
        let mute = try ServedSocket(path: folder.path + "/mute.sock", canLocate: false)
        #expect(try mute.ask("locate 30").contains("no buzzer, lamp or siren"))
        mute.end()
    }

    @Test func linesMoveOnlyOnASimulatedBoard() throws {
        let folder = try TemporaryFolder()
        let board = SimulatedBoard(clock: AgentClock.boot)
        var lines = SimulatedLines(board: board)
        let line = try lines.request(
            LineSettings(name: "panic", line: "GPIO24", direction: .input, bias: .pullDown))
        let socket = try ServedSocket(path: folder.path + "/control.sock", board: board)
        #expect(try socket.ask("line panic 1\n") == "{}\n")
        #expect(try lines.level(line))
        #expect(try socket.ask("line GPIO24 0\n") == "{}\n")
        #expect(try !lines.level(line))
        #expect(
            try socket.ask("line GPIO24 2\n")
                == #"{"error":"unknown question; this daemon answers: status, meter SIGNAL replaced, "#
                + #"meter SIGNAL unchanged, locate SECONDS, line INPUT 0, line INPUT 1"}"# + "\n")
        #expect(try socket.ask("line bogus 1") == #"{"error":"no input is called bogus; there are: panic"}"# + "\n")
        socket.end()
    }

    @Test func aPersonAnswersOnlyWhatIsAsked() throws {
        let folder = try TemporaryFolder()
        let socket = try ServedSocket(path: folder.path + "/control.sock")
        #expect(
            try socket.ask("meter water.volume replaced")
                == #"{"error":"nobody asks about the meter of water.volume; none is open"}"# + "\n")
        var home = try CorePlayer()
        for (minute, litres) in [(0, 412_316), (1, 412_316), (31, 40), (32, 40)] as [(Int64, Int64)] {
            _ = home.take("water.volume", litres, at: midnight + .minutes(minute))
        }
        socket.status.update(from: home.core, at: midnight + .minutes(33))
        #expect(try socket.ask("meter panic replaced").contains("open: water.volume"))
        #expect(try socket.ask("meter water.volume gone").contains("unknown question"))
        #expect(try socket.ask("meter water.volume replaced") == "{}\n")
        #expect(try socket.ask("meter water.volume unchanged\n") == "{}\n")
        socket.end()
        #expect(socket.answers.take() == ["water.volume replaced", "water.volume unchanged"])
    }

    @Test func aSocketInUseIsLeftToItsOwner() throws {
        let folder = try TemporaryFolder()
        let first = try ServedSocket(path: folder.path + "/control.sock")
        let second = try ServedSocket(path: first.path, waits: false)
        #expect(second.worker.join(withinMilliseconds: patienceMilliseconds))
        #expect(second.status.current.faults.count == 1)
        // The first one's file is still there, and answered.
        #expect(try first.ask("status").hasPrefix("{"))
        first.end()
    }

    @Test func aSocketThatAKilledDaemonLeftIsReplaced() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/control.sock"
        let (address, length) = try #require(unixAddress(path))
        let stale = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let isBound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(stale, $0, length) == 0 }
        }
        try #require(isBound)
        close(stale)
        guard case .failure(let failure) = ControlSocket.ask("status\n", path: path) else {
            Issue.record("a stale socket answers")
            return
        }
        #expect(failure.code == ECONNREFUSED)
        try ServedSocket(path: path).end()
    }

    /// A connection over which nothing is said yet.
    private func connection(to path: String) throws -> Int32 {
        let (address, length) = try #require(unixAddress(path))
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let isConnected = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) == 0 }
        }
        try #require(isConnected)
        return descriptor
    }

    @Test func aClientThatDoesNotReadKeepsNobodyWaiting() throws {
        let folder = try TemporaryFolder()
        let socket = try ServedSocket(path: folder.path + "/control.sock")
        // More than the kernel keeps of an answer that nobody reads.
        socket.status.set(fault: String(repeating: "x", count: 4 << 20), of: "test")
        let deaf = try connection(to: socket.path)
        defer { close(deaf) }
        #expect(write(deaf, "status\n", 7) == 7)
        #expect(try socket.ask("status\n").utf8.count > 4 << 20)
        socket.end()
    }

    @Test func aClientThatSaysNothingIsSentAway() throws {
        let folder = try TemporaryFolder()
        let socket = try ServedSocket(path: folder.path + "/control.sock")
        let silent = try connection(to: socket.path)
        defer { close(silent) }
        // The end of the connection, without an answer.
        #expect(isReadable(silent, withinMilliseconds: patienceMilliseconds))
        var byte: UInt8 = 0
        #expect(read(silent, &byte, 1) == 0)
        #expect(try socket.ask("status").hasPrefix("{"))
        socket.end()
    }

    @Test func aSocketThatCannotBeMadeIsAFaultAndNoEnd() throws {
        for path in ["/proc/no/control.sock", "/tmp/" + String(repeating: "x", count: 120)] {
            let socket = try ServedSocket(path: path, waits: false)
            socket.end()
            #expect(socket.status.current.faults == ["no control socket at \(path): `status` cannot ask"])
        }
    }

    @Test func nobodyThere() throws {
        let folder = try TemporaryFolder()
        guard case .failure(let failure) = ControlSocket.ask("status", path: folder.path + "/no.sock") else {
            Issue.record("nobody answers")
            return
        }
        #expect(failure.code == ENOENT)
        #expect(failure.text == "No such file or directory")
    }
}

@Suite struct UnixAddressTests {
    @Test func pathsAndAbstractNames() throws {
        let (path, length) = try #require(unixAddress("/a/b"))
        #expect(length == 2 + 4 + 1)
        #expect(withUnsafeBytes(of: path.sun_path) { Array($0.prefix(5)) } == Array("/a/b\u{0}".utf8))
        let (abstract, shorter) = try #require(unixAddress("@ab"))
        #expect(shorter == 2 + 3)
        #expect(withUnsafeBytes(of: abstract.sun_path) { Array($0.prefix(3)) } == [0, 0x61, 0x62])
        #expect(unixAddress(String(repeating: "x", count: 107)) != nil)
        #expect(unixAddress(String(repeating: "x", count: 108)) == nil)
    }
}

extension ProcessEnvironment {
    @Suite struct ServiceManagerTests {
        /// A datagram socket as systemd has one.
        private func listener(_ path: String) throws -> Int32 {
            let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            let (address, length) = try #require(unixAddress(path))
            let isBound = withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
            }
            try #require(isBound)
            return descriptor
        }

        private func datagram(_ descriptor: Int32) -> String? {
            guard isReadable(descriptor) else { return nil }
            var bytes = [UInt8](repeating: 0, count: 100)
            let count = recv(descriptor, &bytes, bytes.count, 0)
            return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }

        @Test func readyIsOneDatagram() throws {
            let folder = try TemporaryFolder()
            for path in [folder.path + "/notify.sock", "@edge-agent-test-\(getpid())"] {
                let descriptor = try listener(path)
                defer { close(descriptor) }
                withEnvironment("NOTIFY_SOCKET", path) { ServiceManager.notify("READY=1") }
                #expect(datagram(descriptor) == "READY=1")
                #expect(datagram(descriptor) == nil)
            }
        }

        @Test(arguments: [nil, "", "relative.sock", "/no/such/socket", "/" + String(repeating: "x", count: 200)])
        func withoutAServiceManagerNothingHappens(_ path: String?) {
            withEnvironment("NOTIFY_SOCKET", path) { ServiceManager.notify("READY=1") }
        }

        @Test(
            arguments: [
                ("30000000", nil as String?, 15_000 as Int64?), ("30000000", "self", 15_000), ("30000000", "1", nil),
                ("1000", nil, 1), ("0", nil, nil), ("-5", nil, nil), ("soon", nil, nil), (nil, nil, nil),
            ] as [(String?, String?, Int64?)])
        func theWatchdogIsFedTwiceAsOftenAsAsked(_ limit: String?, _ process: String?, _ expected: Int64?) {
            let period = withEnvironment("WATCHDOG_USEC", limit) {
                withEnvironment("WATCHDOG_PID", process == "self" ? "\(getpid())" : process) {
                    ServiceManager.watchdogMilliseconds
                }
            }
            #expect(period == expected)
        }
    }
}
