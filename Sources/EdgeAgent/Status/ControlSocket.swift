// The UNIX socket on which the running daemon answers: one short question in, one JSON object out.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Logging

/// Serves the control socket on a thread of its own.
struct ControlSocket: Sendable {
    /// A question is a few short words; a signal's name is two names of a configuration.
    static let longestQuestion = 64 + 2 * ConfigurationLimits.nameBytes
    /// Somebody who connects and says nothing, or does not read the answer, keeps others waiting no longer.
    private static let patienceMilliseconds: Int32 = 500

    let path: String
    /// Where the board is simulated, its lines can be moved from here ("line panic 1"); never on a real one.
    let board: SimulatedBoard?
    /// The lines of that board by the names of their inputs.
    var lines: [String: String] = [:]
    /// Where installers' questions to meters go.
    var buses: BusDoors = [:]
    /// Where a self-test's questions go.
    var selfTest: SelfTestDoor?
    /// Carries a person's answer about a signal's meter to whoever asked: true, it was replaced.
    var confirmMeter: @Sendable (_ signal: String, _ wasReplaced: Bool) -> Void = { _, _ in }

    /// Lets the box blink and beep for so many seconds; nil: it has nothing to do that with.
    var locate: (@Sendable (_ seconds: Int) -> Void)?
    /// Carries the home's mode, as a person wants it, to whoever keeps it.
    var setMode: @Sendable (_ mode: HomeMode, _ lasting: Span?) -> Void = { _, _ in }

    /// `$RUNTIME_DIRECTORY/control.sock`, or in /run/edge-agent.
    static func defaultPath() -> String {
        (getenv("RUNTIME_DIRECTORY").map { String(cString: $0) } ?? "/run/edge-agent") + "/control.sock"
    }

    /// Answers until `stop` becomes readable. A socket that cannot be made is a fault, never an end.
    func serve(status: StatusBoard, log: Logger, stop: Int32) {
        guard let listener = listen(log: log) else {
            status.set(fault: "no control socket at \(path): `status` cannot ask", of: "control socket")
            return
        }
        let desk = InstallerDesk(buses: buses, selfTest: selfTest)
        defer {
            desk.close()
            close(listener)
            unlink(path)
        }
        while true {
            var watched = [
                pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
                pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&watched, 2, -1) > 0 else { continue }
            if watched[1].revents != 0 { return }
            let client = accept(listener, nil, nil)
            guard client >= 0 else {
                // Out of descriptors, most likely: the caller still waits, and asking again at once helps nobody.
                if poll(&watched[1], 1, ControlSocket.patienceMilliseconds) > 0 { return }
                continue
            }
            if let words = question(of: client) {
                if desk.take(client, words) { continue }
                ControlSocket.write(client, reply(to: words, status: status, desk: desk) + [UInt8(ascii: "\n")])
            }
            close(client)
        }
    }

    private func listen(log: Logger) -> Int32? {
        guard let (address, length) = unixAddress(path) else {
            log.error("control socket path \(path) is too long; set RUNTIME_DIRECTORY to a shorter one")
            return nil
        }
        if let slash = path.lastIndex(of: "/") { mkdir(String(path[..<slash]), 0o750) }
        if case .success = ControlSocket.ask("status\n", path: path) {
            log.error(
                "control socket \(path) belongs to another agent; set RUNTIME_DIRECTORY to a folder of this one's own")
            return nil
        }
        // Left behind by an agent that was killed.
        unlink(path)
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let isBound = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) == 0 }
        }
        guard descriptor >= 0, isBound, Glibc.listen(descriptor, 8) == 0 else {
            log.error(
                "control socket \(path): \(String(cString: strerror(errno))); give the agent a runtime directory it can write"
            )
            close(descriptor)
            return nil
        }
        chmod(path, 0o660)
        return descriptor
    }

    /// The words of the question; nil: the client says nothing.
    private func question(of client: Int32) -> [String]? {
        limitTime(
            of: client, option: SO_SNDTIMEO, timeval(tv_sec: 0, tv_usec: Int(ControlSocket.patienceMilliseconds) * 1000)
        )
        var watched = pollfd(fd: client, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, ControlSocket.patienceMilliseconds) == 1 else { return nil }
        var question = [UInt8](repeating: 0, count: ControlSocket.longestQuestion)
        let count = read(client, &question, question.count)
        let words = String(decoding: question.prefix(max(0, count)), as: UTF8.self).split(
            whereSeparator: \.isWhitespace)
        return words.map(String.init)
    }

    private func reply(to words: [String], status: StatusBoard, desk: InstallerDesk) -> [UInt8] {
        if words == ["status"], let json = try? JSONEncoder().encode(status.current) { return Array(json) }
        if words.count == 3, words[0] == "meter", let wasReplaced = ["replaced": true, "unchanged": false][words[2]] {
            let open = status.current.unconfirmedMeters
            guard open.contains(words[1]) else {
                let known = open.isEmpty ? "none is open" : "open: \(open.joined(separator: ", "))"
                return error("nobody asks about the meter of \(words[1]); \(known)")
            }
            confirmMeter(words[1], wasReplaced)
            return Array("{}".utf8)
        }
        if words.count == 2, words[0] == "locate" { return locate(words[1], sound: status.current.sound) }
        if words.first == "mode" { return mode(words) }
        if words.count == 3, words[0] == "line", let board, let level = ["0": false, "1": true][words[2]] {
            guard let line = lines[words[1]] ?? lines.values.first(where: { $0 == words[1] }) else {
                let names = lines.keys.sorted().joined(separator: ", ")
                return error("no input is called \(words[1]); there are: \(names)")
            }
            board.set(line: line, level: level)
            return Array("{}".utf8)
        }
        let known =
            ["status", "mode home", "mode away [SECONDS]", "mode maintenance [SECONDS]"]
            + ["meter SIGNAL replaced", "meter SIGNAL unchanged", "locate SECONDS"]
            + (board == nil ? [] : ["line INPUT 0", "line INPUT 1"]) + desk.questions
        return error("unknown question; this daemon answers: \(known.joined(separator: ", "))")
    }

    private func locate(_ text: String, sound: SoundPattern) -> [UInt8] {
        guard let seconds = Int(text), (0...LocateCommand.longestSeconds).contains(seconds) else {
            return error("locate takes seconds, 0 to \(LocateCommand.longestSeconds)")
        }
        guard let locate else { return error("this home has no buzzer, lamp or siren that could blink or beep") }
        guard sound == .silent else { return error("the home sounds \(sound.rawValue): that must not be drowned") }
        locate(seconds)
        return Array("{}".utf8)
    }

    /// "mode away 259200"
    private func mode(_ words: [String]) -> [UInt8] {
        guard (2...3).contains(words.count), let mode = HomeMode(rawValue: words[1]) else {
            return error("this is no mode; write: mode home, mode away [SECONDS] or mode maintenance [SECONDS]")
        }
        guard words.count == 3 else {
            setMode(mode, nil)
            return Array("{}".utf8)
        }
        guard let longest = mode.longest else { return error("home has no end; write: mode home") }
        guard let seconds = Int64(words[2]), seconds > 0, seconds <= longest.milliseconds / 1000 else {
            return error("\(mode.rawValue) lasts from 1 s to \(longest.text)")
        }
        setMode(mode, .seconds(seconds))
        return Array("{}".utf8)
    }

    private func error(_ text: String) -> [UInt8] { Array(jsonText(.table([("error", .string(text))])).utf8) }

    static func write(_ client: Int32, _ bytes: [UInt8]) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return }
            sent += count
        }
    }
}

/// No call on this socket in this direction waits for longer.
func limitTime(of descriptor: Int32, option: Int32, _ limit: timeval) {
    var limit = limit
    setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
}
