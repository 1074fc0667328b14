// `edge-agent run`: the daemon.

import ArgumentParser
import Drivers
import Glibc
import Logging
import ServiceLifecycle
import Synchronization
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
    @OptionGroup var speech: LanguageOption
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
        let renewal = Renewal()
        let state = AgentOptions.defaultStateDirectory()
        let loader = ConfigurationLoader.standard(descriptionFolders: boards.folders)
        let offers = OfferStore(folder: state, installed: config, loader: loader, restart: renewal.begin)
        let choice: OfferStore.Choice
        do {
            choice = try offers.choose {
                try loadConfiguration(config, boardConfigs: boards.folders, checksFiles: true)
            }
        } catch {
            throw Exit.couldNotRun
        }
        let home = choice.configuration
        var log = Logger(label: "edge-agent", factory: { StreamLogHandler.standardError(label: $0) })
        log.logLevel = logLevel
        for warning in home.warnings {
            log.log(level: warning.level == "note" ? .info : .warning, "\(warning.text); \(warning.advice)")
        }
        let crashes = CrashFile(beside: socket)
        let board = home.hasSimulatedLines ? SimulatedBoard(clock: AgentClock.boot) : nil
        let options = AgentOptions(
            stateDirectory: state, controlSocket: socket, clock: AgentClock(speed: speed), simulatedBoard: board,
            mode: crashes.begin(at: AgentClock.boot()), wasHung: crashes.takeHang(), noteHang: { crashes.noteHang() },
            offers: offers, standing: choice.standing,
            selfTest: { [config] in
                var site = SelfTestSite(file: config, loader: loader, socket: socket, stateDirectory: state)
                site.offered = offers.inForce()
                var test = SelfTest(site)
                return SelfTestOutcome(test.run())
            },
            configurationRemark: choice.remark, log: log)
        if let remark = choice.remark { log.notice("\(remark)") }
        log.notice(
            "edge-agent \(AgentVersion.text): home \(home.homeID), configuration \(home.hash), libgpiod \(GpiodLines.libraryVersion)"
        )
        let group = ServiceGroup(
            services: [AgentService(configuration: home, options: options, renewal: renewal)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: log)
        try await group.run()
        crashes.forget()
        if renewal.isWanted {
            log.notice("beginning anew with another configuration")
            renewal.replaceThisProcess()
            log.error("this program cannot be started again: \(String(cString: strerror(errno))); ending instead")
        }
        log.notice("ended as asked")
    }
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// The agent as ServiceLifecycle sees it: it waits for the signal, the threads do the work.
struct AgentService: Service {
    let configuration: HomeConfiguration
    let options: AgentOptions
    let renewal: Renewal

    func run() async throws {
        let agent = Agent(configuration: configuration, options: options)
        ServiceManager.notify("READY=1")
        try? await gracefulShutdown()
        // The service manager would take the process that follows for one that does not end.
        if !renewal.isWanted { ServiceManager.notify("STOPPING=1") }
        agent.stop()
    }
}

/// The process begins anew under its own number: the same program, the same arguments, no thread of the old one left.
final class Renewal: Sendable {
    private let wanted = Atomic(false)

    var isWanted: Bool { wanted.load(ordering: .acquiring) }

    @Sendable func begin() {
        wanted.store(true, ordering: .releasing)
        ServiceManager.endThisProcess()
    }

    /// Returns only where the kernel refuses.
    func replaceThisProcess() {
        // The threads of the concurrency pool block signals, and a new program inherits that.
        var none = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, nil)
        execv("/proc/self/exe", CommandLine.unsafeArgv)
    }
}
