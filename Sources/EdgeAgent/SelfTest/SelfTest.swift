// The technician's checklist: every check in turn, through the running daemon or without one. Needs no terminal.
//
// Each check is a pair: a probe that asks the machine, the daemon or a device, and a judgement that makes results of
// what came. Judgements are pure, so that every fault can be tried without having it.

import Drivers
import FoundationEssentials
import LocalRules

/// Where a self-test runs, and who is there.
struct SelfTestSite {
    var file = ConfigurationLoader.standardFile
    var loader: ConfigurationLoader
    /// What the cloud offered and stands in for the file; nil: the file counts.
    var offered: HomeConfiguration?
    /// The daemon's.
    var socket: String
    var stateDirectory: String
    /// How long a test alert waits for somebody to accept it.
    var answerSeconds = 60
    /// Asks the person at the terminal; nil: nobody is there.
    var confirm: ((Message) -> Bool)?
    /// Says what is being done.
    var progress: (Message) -> Void = { _ in }
    /// Hears each result as it comes.
    var observe: (CheckResult) -> Void = { _ in }
    var clock: () -> ClockFacts = ClockFacts.now
    var service: () -> ServiceFacts? = ServiceFacts.ofSystemd
}

struct SelfTest {
    let site: SelfTestSite
    private var found = SelfTestResult()

    init(_ site: SelfTestSite) { self.site = site }

    /// Runs all checks; takes seconds for each meter, and up to `answerSeconds` for the test alert.
    mutating func run() -> SelfTestResult {
        let daemon = DaemonAnswer.status(socket: site.socket)
        if case .failure(let problem) = daemon {
            take([problem])
            found.couldNotRun = true
            return found
        }
        let status = (try? daemon.get()) ?? nil
        found.hasDaemon = status != nil
        let home = configuration(status)
        if let home {
            buses(home, status)
            lines(home, status)
        }
        storage(hasDaemon: status != nil)
        let clock = site.clock()
        site.progress(Message(HubPhrase.doingClock))
        take(clock.judge(timezone: home?.timezone))
        site.progress(Message(HubPhrase.doingService))
        take(ServiceFacts.judge(site.service()))
        if let home { upstream(home, status, clock) }
        return found
    }

    private mutating func take(_ results: [CheckResult]) {
        for result in results {
            found.results.append(result)
            site.observe(result)
        }
    }

    // MARK: Parts

    private mutating func configuration(_ status: AgentStatus?) -> HomeConfiguration? {
        site.progress(Message(HubPhrase.doingConfiguration))
        let check = ConfigurationCheck(file: site.file, loader: site.loader, offered: site.offered)
        found.couldNotRun = check.isUnreadable
        take([check.result] + (status.map(check.judge) ?? []))
        return check.home
    }

    private mutating func buses(_ home: HomeConfiguration, _ status: AgentStatus?) {
        for bus in home.buses {
            let settings = bus.settings
            site.progress(Message(HubPhrase.doingPort, settings.place))
            let known = status?.buses.first { $0.name == settings.name && $0.port == settings.place }
            let port = PortCheck(settings: settings, daemon: known)
            let facts = port.probe()
            take(port.judge(facts))
            let access: any BusAccess =
                known == nil ? FreeBus(settings) : LentBus(settings, name: settings.name, socket: site.socket)
            let daemon = known.map { DaemonReader(bus: $0.name, socket: site.socket) }
            for plan in bus.meters {
                guard let target = ReadTarget(meter: plan.name, of: home) else { continue }
                let check = MeterCheck(target: target)
                if facts.problem != nil {
                    take(check.unreached)
                    continue
                }
                site.progress(Message(HubPhrase.doingMeter, plan.name))
                take(check.run(daemon: daemon, access: access, progress: site.progress))
            }
        }
    }

    private mutating func lines(_ home: HomeConfiguration, _ status: AgentStatus?) {
        guard !home.inputs.isEmpty || !home.outputs.isEmpty else { return }
        site.progress(Message(HubPhrase.doingLines))
        let check = LineCheck(home: home, remarks: status?.lines ?? [])
        var hands: any LineHands
        if status != nil {
            hands = DaemonLines(socket: site.socket)
        } else if home.hasSimulatedLines {
            return take(check.unseen(config: site.file))
        } else {
            hands = OwnLines(home: home)
        }
        let picture = hands.picture()
        take(check.judge(picture))
        for output in home.outputs {
            site.progress(Message(HubPhrase.doingOutputs, output.name))
            take([check.tryOut(output, picture: picture, hands: &hands, confirm: site.confirm)])
        }
    }

    private mutating func storage(hasDaemon: Bool) {
        site.progress(Message(HubPhrase.doingStorage))
        let check = StorageCheck(directory: site.stateDirectory)
        take([check.judge(hasDaemon ? check.ask(socket: site.socket) : check.tryOut())])
    }

    private mutating func upstream(_ home: HomeConfiguration, _ status: AgentStatus?, _ clock: ClockFacts) {
        guard let upstream = home.upstream else {
            return take([
                .untested(
                    "broker", Message(HubPhrase.brokerNone), advice: Message(HubPhrase.brokerNoneAdvice))
            ])
        }
        site.progress(Message(HubPhrase.doingBroker, upstream.host))
        var broker = BrokerCheck(upstream: upstream, home: home.homeID)
        let facts = broker.connect(daemonIsConnected: status?.upstream.isConnected == true)
        take(broker.judge(facts, clockIsWrong: !clock.isPossible))
        site.progress(Message(HubPhrase.doingTest, "\(site.answerSeconds)"))
        var trip: BrokerCheck.Trip
        if !facts.isConnected {
            trip = .unreached
        } else if status == nil {
            trip = broker.send(seconds: site.answerSeconds)
        } else if let link = ControlSocket.status(path: site.socket)?.upstream, !link.isConnected {
            trip = .failed(link.link)
        } else {
            trip = broker.askDaemon(socket: site.socket, seconds: site.answerSeconds)
            if case .unanswered = trip, broker.isForbidden(ControlSocket.status(path: site.socket)?.faults ?? []) {
                trip = .forbidden
            }
        }
        broker.finish()
        take([broker.judge(trip, seconds: site.answerSeconds)])
    }
}
