// Looks for what is wrong, within seconds and without moving, sounding or sending anything. The checks are the self-test's.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules

/// Where the doctor looks.
struct DoctorSite {
    var file = ConfigurationLoader.standardFile
    var loader: ConfigurationLoader
    /// The daemon's.
    var socket: String
    var stateDirectory: String
    /// In place of "/", for tests.
    var root = ""
    /// Says what is being done.
    var progress: (Message) -> Void = { _ in }
    var clock: () -> ClockFacts = ClockFacts.now
    var service: () -> ServiceFacts? = ServiceFacts.ofSystemd
    var kernelLog: () -> String = MachineFacts.kernelLog
    var agentLog: () -> [String] = Doctor.agentLog
}

/// All that was found, for people and for the bundle.
struct DoctorFindings {
    var checks: [CheckResult] = []
    var status: AgentStatus?
    var home: HomeConfiguration?
    var machine = MachineFacts()
    /// The history beside the control socket.
    var crashes: String?

    /// The ten most likely faults, the worst first.
    var ranked: [CheckResult] { Diagnosis.ranked(checks) }

    /// 0 nothing found, 1 something is wrong, 3 only what could not be tested here.
    var exitCode: Int32 {
        let found = ranked
        return found.contains { $0.verdict == .fail } ? 1 : found.isEmpty ? 0 : 3
    }
}

struct Doctor {
    private static let mostLogLines = 60

    let site: DoctorSite
    private var found = DoctorFindings()

    init(_ site: DoctorSite) { self.site = site }

    /// Takes seconds; up to twenty where a broker or a name server does not answer.
    mutating func run() -> DoctorFindings {
        let answer = DaemonAnswer.status(socket: site.socket)
        // One that cannot be asked has all ports and the storage: what it would look like from here is no fault of theirs.
        var hasEverything = false
        if case .failure(let problem) = answer {
            take([problem])
            hasEverything = true
        }
        found.status = (try? answer.get()) ?? nil
        site.progress(Message(HubPhrase.doingConfiguration))
        let configuration = ConfigurationCheck(file: site.file, loader: site.loader)
        found.home = configuration.home
        take([configuration.result] + (found.status.map(configuration.judge) ?? []))
        site.progress(Message(HubPhrase.doingService))
        let service = ServiceFacts.judge(site.service())
        take(service)
        // A service that is down says it all.
        if case .success(nil) = answer, !service.contains(where: { $0.name == "service.runs" && $0.verdict == .fail }) {
            take([
                .fail(
                    "daemon", Message(SupportPhrase.nobodyAnswers), advice: Message(SupportPhrase.nobodyAnswersAdvice))
            ])
        }
        var broken: Set<String> = []
        if let home = found.home {
            if !hasEverything { broken = ports(of: home) }
            lines(of: home)
        }
        if let status = found.status { take(StatusDiagnosis(status: status, brokenBuses: broken).judge()) }
        if !hasEverything { storage() }
        machine()
        let clock = site.clock()
        take(clock.judge(timezone: found.home?.timezone))
        if let home = found.home { broker(of: home, clock) }
        return found
    }

    private mutating func take(_ results: [CheckResult]) { found.checks += results }

    /// Names of the buses whose port has a fault.
    private mutating func ports(of home: HomeConfiguration) -> Set<String> {
        var broken: Set<String> = []
        for bus in home.buses {
            site.progress(Message(HubPhrase.doingPort, bus.settings.place))
            // By its port: after a change of the file that bus may have another name, and the daemon has the port all the same.
            let known = found.status?.buses.first { $0.port == bus.settings.place }
            let check = PortCheck(settings: bus.settings, daemon: known)
            var facts = check.probe()
            // What the daemon itself cannot open is no port of the daemon's.
            let fault = found.status?.faults.first {
                $0.hasPrefix("bus \(bus.settings.name) ") && $0.contains("cannot open")
            }
            if facts.problem == nil, let fault { facts.problem = check.failure(fault) }
            if facts.problem != nil { broken.insert(bus.settings.name) }
            take(check.judge(facts))
        }
        return broken
    }

    /// Only through the daemon: without it the lines would have to be taken, if only for a second.
    private mutating func lines(of home: HomeConfiguration) {
        guard let status = found.status, !home.inputs.isEmpty || !home.outputs.isEmpty else { return }
        site.progress(Message(HubPhrase.doingLines))
        take(LineCheck(home: home, remarks: status.lines).judge(DaemonLines(socket: site.socket).picture()))
    }

    private mutating func storage() {
        site.progress(Message(HubPhrase.doingStorage))
        let check = StorageCheck(directory: site.stateDirectory)
        take([check.judge(found.status != nil ? check.ask(socket: site.socket) : check.tryOut())])
    }

    private mutating func machine() {
        site.progress(Message(SupportPhrase.doingMachine))
        found.machine = MachineFacts.look(
            root: site.root, stateDirectory: site.stateDirectory, log: site.kernelLog())
        take(found.machine.judge())
        found.crashes = (try? readSmallFile(CrashFile(beside: site.socket).path))
            .map { String(decoding: $0, as: UTF8.self) }
        take(CrashHistory.judge(text: found.crashes))
    }

    /// As far as the log in; no test alert.
    private mutating func broker(of home: HomeConfiguration, _ clock: ClockFacts) {
        guard let upstream = home.upstream else {
            return take([
                .untested("broker", Message(HubPhrase.brokerNone), advice: Message(HubPhrase.brokerNoneAdvice))
            ])
        }
        site.progress(Message(HubPhrase.doingBroker, upstream.host))
        var check = BrokerCheck(upstream: upstream, home: home.homeID)
        let facts = check.connect(daemonIsConnected: found.status?.upstream.isConnected == true)
        check.finish()
        take(check.judge(facts, clockIsWrong: !clock.isPossible))
    }

    /// Warnings and errors of the service since the start of the board; none where they may not be read.
    static func agentLog() -> [String] {
        let command = [
            "journalctl", "-u", "edge-agent", "-b", "-q", "--no-pager", "-o", "short-iso", "-n", "\(mostLogLines)",
        ]
        return (output(of: command, seconds: 5) ?? "").split(separator: "\n").map(String.init)
    }
}
