// `edge-agent simulate`: what a newcomer sees first. The real agent, with a small simulated home around it.

import ArgumentParser
import Drivers
import Glibc
import LocalRules
import Logging
import Synchronization

/// Somebody pressed Ctrl-C: the picture ends in order, the cursor comes back, the folder goes.
private let isInterrupted = Atomic(false)

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "A whole simulated home around the real daemon.",
        discussion: """
            Somebody gets up, washes, cooks, goes out and sleeps; on the second day nobody moves; on the third the \
            panic button is pressed. Meters answer real Modbus frames over a pseudo-terminal. Without --broker nobody \
            answers: the outbox fills and the home hears that help has not been reached. With --broker, run \
            `edge-agent listen --acknowledge` beside it.
            """)

    @Option(help: "Times as fast as life.") var speed: Int64 = 600
    @Option(help: "How many days.") var days = 3
    @Option(help: "The same seed gives the same days.") var seed: UInt64 = 1
    @Option(help: "A real broker: mqtt://host:1883.") var broker: String?
    @Option(help: "Where the database goes (default: a temporary folder, removed at the end).") var state: String?
    @Option(help: "End after so many hours of the home's time, before the days are over.") var hours: Int64?
    @OptionGroup var speech: LanguageOption

    func validate() throws {
        guard (1...6000).contains(speed) else {
            throw ValidationError("--speed \(speed): 1 to 6000; beyond it a poll takes longer than its interval.")
        }
        guard (1...366).contains(days) else { throw ValidationError("--days \(days): 1 to 366.") }
        if let hours, hours < 1 { throw ValidationError("--hours \(hours): at least 1.") }
        if let broker, case .failure(let problem) = BrokerAddress.parse(broker) {
            throw ValidationError("--broker \(broker) \(problem.message): \(problem.advice).")
        }
    }

    func run() throws {
        for end in [SIGINT, SIGTERM, SIGHUP] { signal(end) { _ in isInterrupted.store(true, ordering: .relaxed) } }
        let folder = try TemporaryFolder()
        let meters = MeterBank()
        let server: ModbusServer
        let stopServer: StopSignal
        do {
            server = try ModbusServer(serial: meters)
            stopServer = try StopSignal()
        } catch {
            complain("no pseudo-terminal for the simulated meters: \(error.message)", advice: error.advice)
            throw Exit.couldNotRun
        }
        guard case .rtu(let port, _, _, _) = server.transport else { throw Exit.couldNotRun }
        let home = try write(SimulatedHome.configuration(serialPort: port, broker: broker), to: folder)
        let serverThread = Worker(name: "meters") { server.serve(until: stopServer) }
        let clock = AgentClock(speed: speed)
        let board = SimulatedBoard(clock: AgentClock.boot)
        let world = SimulatedWorld(story: SimulatedLife.story(seed: seed, days: days))
        let stopLife = Mailbox<Void>(limit: 1)
        let life = Worker(name: "life") {
            SimulationLoop(world: world, meters: meters, board: board, clock: clock).run(stop: stopLife.descriptor)
        }

        let agent = Agent(
            configuration: home,
            options: AgentOptions(
                stateDirectory: state ?? folder.path, controlSocket: folder.path + "/control.sock", clock: clock,
                simulatedBoard: board, start: SimulatedHome.start, log: quietLog()))
        let span = Span.hours(hours ?? Int64(days) * 24)
        show(agent.hub.status, until: SimulatedHome.start + span, every: 250)
        agent.stop()
        stopLife.post((), always: true)
        stopServer.stop()
        _ = life.join(withinMilliseconds: 500)
        _ = serverThread.join(withinMilliseconds: 500)
        summary(agent.hub.status.current)
    }

    /// Faults go to the picture; the log would run through it.
    private func quietLog() -> Logger {
        var log = Logger(label: "edge-agent", factory: { StreamLogHandler.standardError(label: $0) })
        log.logLevel = .critical
        return log
    }

    private func write(_ text: String, to folder: borrowing TemporaryFolder) throws -> HomeConfiguration {
        let path = folder.path + "/home.toml"
        guard let file = fopen(path, "we") else {
            complain("\(path): \(String(cString: strerror(errno)))", advice: "is the disk full? TMPDIR chooses another")
            throw Exit.couldNotRun
        }
        fputs(text, file)
        fclose(file)
        return try loadConfiguration(path, boardConfigs: [], checksFiles: true)
    }

    /// Redraws on a terminal; elsewhere prints each step of an alert once.
    private func show(_ board: StatusBoard, until end: Instant, every milliseconds: Int32) {
        let isLive = Terminal.isInteractive
        var shown = 0
        if isLive { say("\u{1B}[?25l\u{1B}[2J", to: STDOUT_FILENO) }
        while true {
            poll(nil, 0, milliseconds)
            let status = board.current
            let picture = LivePicture(
                usesColour: Terminal.usesColour, width: Terminal.width, language: .current)
            if isLive {
                let lines = picture.lines(status, title: translated(title, to: .current))
                let text = lines.prefix(max(1, Terminal.height - 1)).joined(separator: "\u{1B}[K\n")
                say("\u{1B}[H" + text + "\u{1B}[K\n\u{1B}[J", to: STDOUT_FILENO)
            } else {
                for step in board.steps(after: shown) { say(picture.step(step) + "\n", to: STDOUT_FILENO) }
                shown = board.stepCount
            }
            if status.unixMilliseconds >= end.milliseconds || isInterrupted.load(ordering: .relaxed) { break }
        }
        if isLive { say("\u{1B}[?25h", to: STDOUT_FILENO) }
    }

    private var title: String {
        "A simulated home, \(speed) times as fast as life (seed \(seed)\(broker.map { ", broker \($0)" } ?? ", no broker"))"
    }

    private func summary(_ status: AgentStatus) {
        let waiting = LivePicture.waiting(status.upstream, .current)
        let text = "Ended at \(status.time) of the home's time; \(waiting); open alerts: \(status.alerts.count)."
        say("\n\(translated(text, to: .current))\n", to: STDOUT_FILENO)
    }
}

/// A folder that goes away with its owner.
struct TemporaryFolder: ~Copyable {
    let path: String

    init() throws(ExitCode) {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((base + "/edge-agent-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else {
            complain(
                "no temporary folder in \(base): \(String(cString: strerror(errno)))",
                advice: "set TMPDIR to a folder that can be written")
            throw Exit.couldNotRun
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Everything in it is ours and lies flat.
    deinit {
        if let folder = opendir(path) {
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                unlink(path + "/" + name)
            }
            closedir(folder)
        }
        rmdir(path)
    }
}
