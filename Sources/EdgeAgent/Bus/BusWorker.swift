// The thread that owns one meter bus. It blocks for as long as a meter takes to answer, and nobody waits for it,
// except an installer who asks something himself: his question goes before the next poll.

import Drivers
import Glibc

enum BusMessage: Sendable {
    case stop
    /// The home runs on battery (true), or no longer.
    case savePower(Bool)
    /// A question between two polls.
    case exchange(ModbusQuestion, timeoutMilliseconds: Int, answer: Mailbox<ModbusExchange>)
    /// The port itself. `answer` gets true when it is lent, false when it is not going to be.
    case borrow(id: Int, answer: Mailbox<Bool>)
    case giveBack(id: Int)
}

/// Polls one bus on the calling thread until told to stop.
struct BusLoop: ~Copyable {
    /// How often the board is shown how the bus does.
    private static let reportMilliseconds: Int64 = 10_000
    /// At most, to show the watchdog progress.
    private static let longestWaitMilliseconds: Int32 = 1000
    /// Installers' messages that wait; there is one installer.
    static let mostMessages = 8

    private let settings: BusSettings
    private let mailbox: Mailbox<BusMessage>
    private let hub: Hub
    private var master: BusMaster<StreamPort>
    private var loan = BusLoan()
    private var borrowers: [Int: Mailbox<Bool>] = [:]
    private var reported: BootTime?

    init(_ bus: BusConfiguration, mailbox: Mailbox<BusMessage>, hub: Hub) {
        settings = bus.settings
        self.mailbox = mailbox
        self.hub = hub
        master = BusMaster(
            settings: bus.settings, port: StreamPort(settings: bus.settings), meters: bus.meters,
            start: hub.clock.now())
    }

    consuming func run() {
        var poller = Poller()
        poller.watch(reading: [mailbox.descriptor])
        // Swift 6.2, of the cross-build, counts a closure's `hub` as a second access to all of `self`.
        let clock = hub.clock
        // Before the first question, so that whoever looks for the port finds it here.
        report()
        while take(mailbox.take()) {
            hub.progress.beat(.bus(settings.name))
            var wait: Int32
            switch loan.turn(isIdle: master.nextDue > hub.clock.now(), now: AgentClock.boot()) {
            case .poll:
                let samples = master.step(clock: { clock.now() })
                if !samples.isEmpty { hub.take(samples, always: false) }
                wait = loan.isWanted ? 0 : hub.clock.wait(until: master.nextDue)
            case .lend(let id):
                master.release()
                borrowers.removeValue(forKey: id)?.post(true)
                reported = nil
                wait = 0
            case .keepAway(let milliseconds):
                wait = Int32(clamping: milliseconds)
            }
            report()
            wait = min(wait, BusLoop.longestWaitMilliseconds)
            _ = poller.wait(milliseconds: wait)
        }
        for answer in borrowers.values { answer.post(false) }
    }

    /// false: the order to stop was among them.
    private mutating func take(_ messages: [BusMessage]) -> Bool {
        var goesOn = true
        for message in messages {
            switch message {
            case .stop: goesOn = false
            case .savePower(let isSaving): master.savePower(isSaving, now: hub.clock.now())
            case .exchange(let question, let timeout, let answer):
                // Several of them may wait, each for seconds.
                hub.progress.beat(.bus(settings.name))
                answer.post(loan.isLent ? refusal : master.read(question, timeoutMilliseconds: timeout))
            case .borrow(let id, let answer):
                if loan.ask(id, now: AgentClock.boot()) { borrowers[id] = answer } else { answer.post(false) }
            case .giveBack(let id):
                loan.end(id)
                borrowers[id] = nil
                reported = nil
            }
        }
        return goesOn
    }

    private var refusal: ModbusExchange {
        let error = BusError(
            kind: .cannotOpen, message: "\(settings.title): it is lent to somebody who scans it",
            advice: "Wait until that scan is over, or end it.")
        return ModbusExchange(reply: .failure(error), sent: [], received: [], roundTripNanoseconds: 0)
    }

    private mutating func report() {
        let now = AgentClock.boot()
        if let reported, BootTime.milliseconds(from: reported, to: now) < BusLoop.reportMilliseconds { return }
        reported = now
        hub.status.set(bus: AgentStatus.Bus(master.report, at: settings, isLent: loan.isLent))
    }
}
