// `edge-agent watch`: looks at the running daemon, on a terminal or in a script.

import ArgumentParser
import Drivers
import FoundationEssentials
import Glibc
import LocalRules

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Look at the running daemon as it goes on.",
        discussion: """
            On a terminal: signals with their last minutes, rules, lines, alerts, faults and what to do about them; q \
            ends it. Elsewhere a line for each change, or with --json what `status --json` says, once a second, one \
            object a line, and {"away":"why"} when the daemon stops answering.

            Exit codes: 0 ended as asked, 2 wrong usage, 4 no daemon answers, at the beginning or at the end.
            """)

    private static let periodMilliseconds: Int64 = 1000
    /// A hub whose daemon hangs must not hang its looker-on.
    private static let patienceSeconds = 2

    @Flag(help: "One JSON object a second.") var json = false
    @Option(help: "End after so many seconds.") var seconds: Int?
    @OptionGroup var daemon: DaemonOption
    @Option(help: "en or zh (default: as LC_ALL, LC_MESSAGES or LANG say).") var language: Language?

    func validate() throws {
        if let seconds, seconds < 1 { throw ValidationError("--seconds \(seconds): at least 1.") }
    }

    func run() throws {
        // Complains where nobody answers at all.
        let first = try daemon.ask("status\n")
        guard let status = AgentStatus(answer: first) else {
            complain(
                "the daemon at \(daemon.path) answers something else", advice: "is it of another version? restart it")
            throw Exit.couldNotRun
        }
        _ = LocalTime.use(zone: status.timezone)
        let end = seconds.map { WatchCommand.now() + Int64($0) * 1000 }
        let isAnswered =
            Terminal.isInteractive && !json ? look(until: end) : write(until: end)
        if !isAnswered { throw Exit.couldNotRun }
    }

    // MARK: On a terminal

    /// Until somebody ends it; whether the daemon answered at the end.
    private func look(until end: Int64?) -> Bool {
        let screen = LiveScreen()
        defer { screen.end() }
        var watched = WatchedDaemon()
        var scroll = 0
        var due = WatchCommand.now()
        while end.map({ WatchCommand.now() < $0 }) ?? true {
            let now = WatchCommand.now()
            if now >= due {
                due = now + WatchCommand.periodMilliseconds
                ask(&watched)
            }
            let picture = WatchPicture(
                usesColour: Terminal.usesColour, width: Terminal.width, height: Terminal.height,
                language: language ?? .ofEnvironment())
            screen.draw(picture.lines(watched, scroll: &scroll, at: now))
            let rest = min(due, end ?? due) - WatchCommand.now()
            for key in screen.keys(withinMilliseconds: Int32(clamping: max(0, rest))) {
                let page = max(1, Terminal.height / 2)
                switch key {
                case .end: return watched.absence == nil
                case .up: scroll -= 1
                case .down: scroll += 1
                case .pageUp: scroll -= page
                case .pageDown: scroll += page
                }
            }
        }
        return watched.absence == nil
    }

    private func ask(_ watched: inout WatchedDaemon) {
        switch question() {
        case .success(let (status, _)):
            let lines = DaemonAnswer.ask(
                "lines", socket: daemon.path, seconds: WatchCommand.patienceSeconds, as: LinesPicture.self)
            watched.answered(status, inputs: try? lines.get().inputs, at: WatchCommand.now())
        case .failure(let failure): watched.failed(failure.text, at: WatchCommand.now())
        }
    }

    // MARK: Elsewhere

    private func write(until end: Int64?) -> Bool {
        LiveScreen.catchEnds()
        var news = WatchNews(language: language ?? .ofEnvironment())
        var isAway = false
        while !LiveScreen.isEnded {
            let began = WatchCommand.now()
            switch question() {
            case .success(let (status, bytes)):
                isAway = false
                let lines = news.answered(status)
                if json {
                    say(String(decoding: bytes, as: UTF8.self), to: STDOUT_FILENO)
                } else {
                    write(lines, at: status.unixMilliseconds)
                }
            case .failure(let failure):
                let lines = news.failed(failure.text)
                if json, !isAway {
                    say(jsonText(.table([("away", .string(failure.text))])) + "\n", to: STDOUT_FILENO)
                } else if !json {
                    write(lines, at: AgentClock.wallMilliseconds())
                }
                isAway = true
            }
            let next = began + WatchCommand.periodMilliseconds
            if let end, next >= end { break }
            // Whoever read this may be gone: `watch | head -1` ends, too.
            var reader = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
            if poll(&reader, 1, Int32(clamping: max(0, next - WatchCommand.now()))) == 1 { break }
        }
        return !isAway
    }

    private func write(_ lines: [String], at unixMilliseconds: Int64) {
        let clock = LocalTime.clockTime(unixMilliseconds: unixMilliseconds)
        say(lines.map { "\(clock)  \($0)\n" }.joined(), to: STDOUT_FILENO)
    }

    // MARK: Asking

    private func question() -> Result<(AgentStatus, [UInt8]), SocketFailure> {
        switch ControlSocket.ask("status\n", path: daemon.path, seconds: WatchCommand.patienceSeconds) {
        case .failure(let failure): return .failure(failure)
        case .success(let bytes):
            guard let status = AgentStatus(answer: bytes) else { return .failure(SocketFailure(code: EPROTO)) }
            return .success((status, bytes))
        }
    }

    private static func now() -> Int64 { AgentClock.boot().nanoseconds / 1_000_000 }
}

extension AgentStatus {
    /// As the daemon's socket says it; nil: it is something else.
    init?(answer: [UInt8]) {
        guard let status = try? JSONDecoder().decode(AgentStatus.self, from: Data(answer)) else { return nil }
        self = status
    }
}
