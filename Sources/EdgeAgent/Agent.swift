// One running agent: makes the threads, joins them to each other, and ends them in order.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Logging
import Synchronization
import Upstream

/// What a run is given beside the home's configuration.
struct AgentOptions: Sendable {
    /// Where the database lives; nothing else is written.
    var stateDirectory: String
    var controlSocket: String
    var clock = AgentClock()
    /// The lines of `board = "simulated"`.
    var simulatedBoard: SimulatedBoard?
    /// What is left out because earlier runs crashed.
    var mode = RunMode.normal
    /// The watchdog ended the run before; `noteHang` is called before it ends this one.
    var wasHung = false
    var noteHang: (@Sendable () -> Void)?
    /// Where a fresh timeline starts; nil: at the wall clock.
    var start: Instant?
    /// Where offered configurations are kept, and how this run stands to one.
    var offers: OfferStore?
    var standing = OfferStanding.none
    /// What a command of the cloud runs; nil: nothing.
    var selfTest: (@Sendable () -> SelfTestOutcome)?
    /// For `status`, where that is not simply the installed file.
    var configurationRemark: String?
    var log: Logger
    var observer: (@Sendable (AgentEvent) -> Void)?

    /// `$STATE_DIRECTORY`, or where the package puts it.
    static func defaultStateDirectory() -> String {
        getenv("STATE_DIRECTORY").map { String(cString: $0) } ?? "/var/lib/edge-agent"
    }
}

final class Agent: Sendable {
    let hub: Hub
    private let busMailboxes: [Mailbox<BusMessage>]
    private let stopSmall = Mailbox<Void>(limit: 1)
    private let workers: Workers

    private struct Workers: Sendable {
        var lines: Worker
        var home: Worker
        var outbox: Worker
        var link: Worker?
        var fallback: Worker?
        var others: [Worker]
    }

    /// Starts every thread. Nothing here can fail for want of a network, a broker, a disk, a bus or a line:
    /// each of them reports its own fault and goes on trying.
    init(configuration: HomeConfiguration, options: AgentOptions) {
        let hub = Hub(
            home: configuration.homeID, timezone: configuration.timezone, isCommissioned: configuration.isCommissioned,
            clock: options.clock, log: options.log, observer: options.observer, offers: options.offers,
            selfTest: options.selfTest)
        self.hub = hub
        hub.status.set(configurationHash: configuration.hash)
        let configuration = configuration.reduced(to: options.mode)
        let busMailboxes = configuration.buses.map { _ in Mailbox<BusMessage>(limit: BusLoop.mostMessages) }
        self.busMailboxes = busMailboxes

        // The outbox opens first, on its own thread: the rules continue from what it remembers. Where the
        // disk hangs, they start afresh after a moment instead of waiting for it.
        let memory = StartMemory()
        let outbox = Worker(name: "outbox") { runOutbox(configuration, options: options, memory: memory, hub: hub) }
        let lines = Worker(name: "lines", isUrgent: true) {
            if let board = options.simulatedBoard {
                LinesLoop(port: SimulatedLines(board: board), configuration: configuration, hub: hub).run()
            } else {
                LinesLoop(port: GpiodLines(), configuration: configuration, hub: hub).run()
            }
        }
        let home = Worker(name: "home", isUrgent: true) {
            // What was done once is not done again, not even where everything else is put aside.
            let states = memory.wait().filter { options.mode != .bare || $0.key == HomeMemory.commandState }
            let timeline = Timeline(clock: options.clock, stored: states, start: options.start)
            HomeLoop(
                configuration: configuration, restoring: states, timeline: timeline,
                followsWallClock: options.start == nil && options.clock.speed == 1, hub: hub, buses: busMailboxes,
                standing: options.standing
            ).run()
        }
        var others = zip(configuration.buses, busMailboxes).map { bus, mailbox in
            Worker(name: "bus-\(bus.settings.name)") { BusLoop(bus, mailbox: mailbox, hub: hub).run() }
        }
        let stop = stopSmall.descriptor
        let locate: @Sendable (Int) -> Void = { hub.lines.post(.locate(seconds: $0), always: true) }
        others.append(
            Worker(name: "control") {
                ControlSocket(
                    path: options.controlSocket, board: options.simulatedBoard,
                    lines: Dictionary(
                        uniqueKeysWithValues: configuration.inputs.map { ($0.settings.name, $0.settings.line) }),
                    buses: Dictionary(
                        uniqueKeysWithValues: zip(configuration.buses.map(\.settings.name), busMailboxes)),
                    selfTest: SelfTestDoor(hub: hub, configuration: configuration),
                    confirmMeter: { hub.home.post(.confirmMeter(signal: $0, wasReplaced: $1), always: true) },
                    locate: configuration.canLocate ? locate : nil,
                    setMode: { hub.home.post(.mode($0, lasting: $1, by: "command line"), always: true) }
                )
                .serve(status: hub.status, log: hub.log, stop: stop)
            })
        others.append(
            Worker(name: "watchdog") {
                runWatchdog(hub: hub, mode: options.mode, stop: stop, noteHang: options.noteHang)
            })
        let link = configuration.upstream.map { upstream in
            Worker(name: "link") { runLink(upstream, home: configuration, hub: hub) }
        }
        let fallback = configuration.fallback.map { fallback in
            Worker(name: "fallback") { runFallback(fallback, home: configuration, hub: hub) }
        }
        hub.status.set(configurationRemark: options.configurationRemark)
        if let warning = options.mode.warning { hub.enterSafeMode(warning) }
        if link == nil { hub.status.change { $0.link = "not configured" } }
        if fallback != nil { hub.status.change { $0.fallback = "not connected yet" } }
        workers = Workers(
            lines: lines, home: home, outbox: outbox, link: link, fallback: fallback, others: others)
    }

    /// Ends everything within about two seconds: what was gathered is committed, the broker is told that
    /// this end was planned, outputs are silent. A thread stuck in a library's call is left behind.
    func stop() {
        for mailbox in busMailboxes { mailbox.post(.stop, always: true) }
        hub.home.post(.stop, always: true)
        if !workers.home.join(withinMilliseconds: 500) { hub.log.error("the home thread did not end in time") }
        hub.lines.post(.stop, always: true)
        hub.outbox.post(.stop, always: true)
        if !workers.outbox.join(withinMilliseconds: 900) {
            hub.log.error("the disk did not take the last commit in time; the records before it are safe")
        }
        hub.fallback.post(.stop, always: true)
        hub.link.post(.stop, always: true)
        if let link = workers.link, !link.join(withinMilliseconds: 500) {
            hub.log.notice("the broker did not take our farewell in time; it will say our last will")
        }
        stopSmall.post((), always: true)
        for worker in workers.others + [workers.lines] + [workers.fallback].compactMap({ $0 }) {
            _ = worker.join(withinMilliseconds: 50)
        }
    }
}

extension LinesLoop where Port: ~Copyable {
    init(port: consuming Port, configuration: HomeConfiguration, hub: Hub) {
        self.init(
            port: port, inputs: configuration.inputs, outputs: configuration.outputs, mailbox: hub.lines, hub: hub)
    }
}

/// What the outbox remembers of earlier runs, handed from its thread to the home's.
final class StartMemory: Sendable {
    /// A healthy card answers in milliseconds; one that hangs must not delay smoke and panic for longer.
    static let patienceMilliseconds: Int64 = 1500
    private let mailbox = Mailbox<[String: [UInt8]]>(limit: 1)

    func fulfil(_ states: [String: [UInt8]]) { mailbox.post(states) }

    func wait() -> [String: [UInt8]] {
        var poller = Poller()
        poller.watch(reading: [mailbox.descriptor])
        let deadline = AgentClock.boot().advanced(milliseconds: StartMemory.patienceMilliseconds)
        // A signal can end a wait early; the rules must not forget because of it.
        while true {
            let left = BootTime.milliseconds(from: AgentClock.boot(), to: deadline)
            if !poller.wait(milliseconds: Int32(clamping: max(0, left))).isEmpty || left <= 0 { break }
        }
        return mailbox.take().first ?? [:]
    }
}
