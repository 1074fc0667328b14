// What the threads of one agent share: mailboxes to each other, the clock, the log. No state of the home.

import Drivers
import LocalRules
import Logging
import Upstream

/// Something that happened inside, for whoever watches: the live picture and the measurements.
enum AgentEvent: Sendable {
    case alert(AlertEvent, Alert, at: Instant)
    case sound(SoundPattern)
    /// Committed: on disk when this is said.
    case stored([Record])
    case accepted(alert: String, by: String)
    case link(isUp: Bool)
}

final class Hub: Sendable {
    /// A minute of a chattering home; samples beyond it are dropped and the loss shows as coverage.
    private static let mostWaiting = 4096

    let clock: AgentClock
    let log: Logger
    let status: StatusBoard
    let progress = Progress()
    /// Where offered configurations are kept; nil: this process cannot change its own.
    let offers: OfferStore?
    /// The installer's self-test, run by the daemon itself; nil: there is none (a simulation).
    let selfTest: (@Sendable () -> SelfTestOutcome)?
    let home = Mailbox<HomeMessage>(limit: Hub.mostWaiting)
    let lines = Mailbox<LinesMessage>(limit: Hub.mostWaiting)
    let outbox = Mailbox<OutboxMessage>(limit: Hub.mostWaiting)
    let link = Mailbox<LinkMessage>(limit: Hub.mostWaiting)
    let fallback = Mailbox<FallbackMessage>(limit: Hub.mostWaiting)
    private let observer: (@Sendable (AgentEvent) -> Void)?

    init(
        home: String, timezone: String = "UTC", isCommissioned: Bool = true, clock: AgentClock, log: Logger,
        observer: (@Sendable (AgentEvent) -> Void)?, offers: OfferStore? = nil,
        selfTest: (@Sendable () -> SelfTestOutcome)? = nil
    ) {
        self.offers = offers
        self.selfTest = selfTest
        self.clock = clock
        self.log = log
        self.observer = observer
        status = StatusBoard(home: home, timezone: timezone, isCommissioned: isCommissioned)
    }

    /// From a driver's thread. `always`: safety lines are never dropped.
    func take(_ samples: [Sample], always: Bool) { home.post(.samples(samples), always: always) }

    func observe(_ event: AgentEvent) { observer?(event) }

    /// An output that cannot be driven (its bank goes on trying), or (nil) can be driven again.
    func report(_ fault: LineError?, ofOutput name: String) {
        let text = fault.map { "\($0.message); \($0.advice)" }
        status.set(fault: text, of: "output \(name)")
        if let text { log.error("\(text)") } else { log.notice("mended: output \(name)") }
    }

    /// Said to whoever looks after the hub: in the log, in `status` and upstream.
    func enterSafeMode(_ warning: String) {
        log.critical("\(warning)")
        status.set(fault: warning, of: "safe mode")
        home.post(.note(code: "safe-mode", text: warning), always: true)
    }
}
