// `edge-agent run`: the daemon.

import ArgumentParser
import Drivers
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run the daemon.",
        discussion: """
            Runs until SIGTERM or SIGINT. Starts without network, broker, time, meters or a writable disk: each is \
            reported and tried again. Only a configuration that cannot be used ends it at once (exit code 4).
            """)

    @Option(help: "The home's configuration.") var config = "/etc/edge-agent/home.toml"
    @OptionGroup var boards: BoardConfigsOption
    @Option(help: "trace, debug, info, notice, warning, error or critical.") var logLevel: Logger.Level = .info
    // For tests: the agent's clock runs this many times as fast.
    @Option(help: .hidden) var speed: Int64 = 1

    func validate() throws {
        guard (1...6000).contains(speed) else { throw ValidationError("--speed \(speed): 1 to 6000.") }
    }

    func run() async throws {
        // SIGHUP is what a closed terminal says; it must not end a daemon started by hand without a word.
        signal(SIGHUP, SIG_IGN)
        let socket = ControlSocket.defaultPath()
        if case .success = ControlSocket.ask("status\n", path: socket) {
            complain(
                "another agent runs already and answers at \(socket)",
                advice:
                    "stop it first (`systemctl stop edge-agent`); for a second home set RUNTIME_DIRECTORY and STATE_DIRECTORY"
            )
            throw Exit.couldNotRun
        }
        let home: HomeConfiguration
        do { home = try loadConfiguration(config, boardConfigs: boards.folders, checksFiles: true) } catch {
            throw Exit.couldNotRun
        }
        var log = Logger(label: "edge-agent", factory: { StreamLogHandler.standardError(label: $0) })
        log.logLevel = logLevel
        for warning in home.warnings {
            log.log(level: warning.level == "note" ? .info : .warning, "\(warning.text); \(warning.advice)")
        }
        let crashes = CrashFile(beside: socket)
        let board = home.hasSimulatedLines ? SimulatedBoard(clock: AgentClock.boot) : nil
        let options = AgentOptions(
            stateDirectory: AgentOptions.defaultStateDirectory(), controlSocket: socket,
            clock: AgentClock(speed: speed), simulatedBoard: board, mode: crashes.begin(at: AgentClock.boot()),
            wasHung: crashes.takeHang(), noteHang: { crashes.noteHang() }, log: log
        )
        log.notice(
            "edge-agent \(AgentVersion.text): home \(home.homeID), configuration \(home.hash), libgpiod \(GpiodLines.libraryVersion)"
        )
        let group = ServiceGroup(
            services: [AgentService(configuration: home, options: options)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        try await group.run()
        crashes.forget()
        log.notice("ended as asked")
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// The agent as ServiceLifecycle sees it: it waits for the signal, the threads do the work.
struct AgentService: Service {
    let configuration: HomeConfiguration
    let options: AgentOptions

    func run() async throws {
        let agent = Agent(configuration: configuration, options: options)
        ServiceManager.notify("READY=1")
        try? await gracefulShutdown()
        ServiceManager.notify("STOPPING=1")
        agent.stop()
    }
}
