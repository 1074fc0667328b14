// The thread that judges: it owns the rules, and every other thread only posts to it.

import Drivers
import Glibc
import LocalRules
import Logging
import Upstream

enum HomeMessage: Sendable {
    /// In agent time.
    case samples([Sample])
    case accepted(alert: String, by: String)
    /// An alert's call for help has come so far.
    case delivered(alert: String, level: DeliveryLevel)
    case note(code: String, signals: [String] = [], text: String)
    /// An answer to the question whether a meter was replaced.
    case confirmMeter(signal: String, wasReplaced: Bool)
    case mode(HomeMode, lasting: Span?, by: String)
    /// An installer's walk begins, or (nil) ends. The answer: how many milliseconds it still has.
    case walk(lasting: Span?, by: String, answer: Mailbox<Int64>?)
    /// A self-test has found nothing wrong.
    case tested(by: String)
    /// From the cloud, proven and in range; `offer` for an offered configuration.
    case command(Command, offer: OfferCheck?)
    /// One that did not come in; nil: it is not even answered.
    case commandRefused(CommandReply?)
    /// A configuration that was to be tried out could not be kept.
    case offerFailed(OfferRecord, why: String)
    /// What the self-test that the cloud asked for found; nil: there is none here.
    case selfTestEnded(SelfTestOutcome?)
    case linkUp
    /// Commit the memory now, and say how many microseconds that took.
    case sync(answer: Mailbox<Int64>)
    case testAlert(TestAlerts.Order)
    /// Commit what is gathered, then end.
    case stop
}

/// Runs the home's rules on the calling thread until told to stop.
struct HomeLoop: ~Copyable {
    private var core: HomeCore
    private let timeline: Timeline
    private let hub: Hub
    /// The timeline is the wall clock's, not that of a simulated home.
    private let followsWallClock: Bool
    private let buses: [Mailbox<BusMessage>]
    private var published = BootTime(nanoseconds: 0)
    /// Something happened since the picture that `status` shows was taken.
    private var isPictureOld = false
    private var looked: BootTime?
    private var tests: TestAlerts

    init(
        configuration: HomeConfiguration, restoring stored: [String: [UInt8]], timeline: Timeline,
        followsWallClock: Bool, hub: Hub, buses: [Mailbox<BusMessage>] = [], standing: OfferStanding = .none
    ) {
        core = HomeCore(configuration: configuration, restoring: stored, standing: standing, at: timeline.now())
        tests = TestAlerts(home: configuration.homeID)
        self.timeline = timeline
        self.followsWallClock = followsWallClock
        self.hub = hub
        self.buses = buses
    }

    consuming func run() {
        var poller = Poller()
        poller.watch(reading: [hub.home.descriptor])
        var isStopping = false
        for alert in core.engine.openAlerts {
            hub.log.warning(
                "still open from before: \(alert.severity.rawValue) \(alert.id): \(alert.reasons.first ?? "")")
        }
        // What steps of escalation began before the restart.
        for alert in core.engine.alertsByFallback { hub.outbox.post(.fallback(alert: alert), always: true) }
        lookAtWallClock()
        while !isStopping {
            hub.progress.beat(.home)
            // At most a second, to show the watchdog progress.
            let longest: Int32 = isPictureOld ? Int32(HomeLoop.pictureMilliseconds) : 1000
            _ = poller.wait(milliseconds: min(longest, hub.clock.wait(until: timeline.bootTime(core.nextDeadline))))
            for message in hub.home.take() {
                if case .stop = message { isStopping = true } else { handle(message) }
            }
            lookAtWallClock()
            carryOut(core.advance(to: timeline.now(), stamp: Stamp.now))
            publishStatus(always: isStopping)
        }
        carryOut(tests.end(at: timeline.now(), stamp: Stamp.now()))
        carryOut(core.flush(at: timeline.now(), stamp: Stamp.now))
    }

    private mutating func handle(_ message: HomeMessage) {
        switch message {
        case .samples(let samples):
            carryOut(core.take(samples.map { ($0, timeline.instant($0.time)) }, stamp: Stamp.now))
        case .accepted(let alert, let by):
            if let effects = tests.accepted(alert: alert, by: by, at: timeline.now(), stamp: Stamp.now) {
                return carryOut(effects)
            }
            let effects = core.accepted(alert: alert, by: by, at: timeline.now(), stamp: Stamp.now)
            if effects.isEmpty { hub.log.notice("\(by) accepts \(alert), which waits for nobody") }
            carryOut(effects)
        case .delivered(let alert, let level):
            carryOut(core.delivered(alert: alert, level: level, at: timeline.now(), stamp: Stamp.now))
        case .note(let code, let signals, let text):
            let note = Note(time: timeline.now(), code: code, signals: signals, text: text)
            carryOut(core.note(note, stamp: Stamp.now))
        case .confirmMeter(let signal, let wasReplaced):
            carryOut(
                core.confirmReplacement(
                    signal: signal, wasReplaced: wasReplaced, at: timeline.now(), stamp: Stamp.now))
        case .mode(let mode, let lasting, let by):
            carryOut(core.setMode(mode, lasting: lasting, by: by, at: timeline.now(), stamp: Stamp.now))
        case .walk(let lasting, let by, let answer):
            carryOut(core.walk(lasting: lasting, by: by, at: timeline.now(), stamp: Stamp.now))
            answer?.post(core.engine.walkUntil.map { ($0 - timeline.now()).milliseconds } ?? 0)
        case .tested(let by): carryOut(core.tested(by: by, at: timeline.now(), stamp: Stamp.now))
        case .command(let command, let offer):
            carryOut(core.command(command, offer: offer, at: timeline.now(), stamp: Stamp.now))
        case .commandRefused(let reply): carryOut(core.refused(reply, at: timeline.now(), stamp: Stamp.now))
        case .offerFailed(let record, let why):
            carryOut(core.offerFailed(record, why: why, at: timeline.now(), stamp: Stamp.now))
        case .selfTestEnded(let outcome):
            carryOut(core.selfTestEnded(outcome, at: timeline.now(), stamp: Stamp.now))
        case .linkUp: carryOut(core.linkUp(at: timeline.now()))
        case .sync(let answer):
            let began = AgentClock.boot()
            carryOut([.store([], core.memory)])
            // In turn behind the commit.
            hub.outbox.post(
                .perform { answer.post((AgentClock.boot().nanoseconds - began.nanoseconds) / 1000) }, always: true)
        case .testAlert(let order):
            let waiting = hub.status.current.upstream.depths[.alarm] ?? 0
            carryOut(tests.take(order, waiting: waiting, at: timeline.now(), stamp: Stamp.now()))
        case .stop: break
        }
    }

    /// Rules by the time of day hear within ten seconds that the clock was set.
    private mutating func lookAtWallClock() {
        let now = AgentClock.boot()
        if let looked, BootTime.milliseconds(from: looked, to: now) < 10_000 { return }
        looked = now
        guard followsWallClock else { return }
        let stamp = Stamp.now()
        carryOut(core.setWallClock(stamp, at: timeline.now(), stamp: Stamp.now))
    }

    private mutating func carryOut(_ effects: [HomeEffect]) {
        for effect in effects {
            switch effect {
            case .sound(let pattern):
                hub.lines.post(.sound(pattern), always: true)
                hub.observe(.sound(pattern))
            case .relay(let name, let isOn): hub.lines.post(.relay(name, isOn: isOn), always: true)
            case .fallback(let alert):
                hub.log.warning("\(alert): telling the second broker")
                hub.outbox.post(.fallback(alert: alert), always: true)
            case .resend(let alert): hub.outbox.post(.resend(alert: alert), always: true)
            case .withdraw(let alert): hub.outbox.post(.withdraw(alert: alert), always: true)
            case .store(let drafts, let memory):
                let anchor = timeline.anchor(at: Stamp.now())
                hub.outbox.post(.store(drafts, memory, anchor), always: true)
            case .heartbeat: sendHeartbeat()
            case .savePower(let isSaving):
                for bus in buses { bus.post(.savePower(isSaving), always: true) }
                hub.log.notice(
                    isSaving
                        ? "mains power is lost: meters are asked more seldom, lines and alarms as ever"
                        : "mains power is back: meters are asked as ever")
            case .said(let event, let alert, let time): say(event, alert, at: time)
            case .fault(.began(let message, let advice)): hub.log.warning("\(message); \(advice)")
            case .fault(.ended(let message)): hub.log.notice("mended: \(message)")
            case .note(let note): tell(note)
            case .reply(let reply, let bundle): hub.answer(reply, with: bundle)
            case .order(let order): hub.carryOut(order)
            }
        }
    }

    /// What concerns the hub itself was logged where it happened.
    private func tell(_ note: Note) {
        let isNews =
            note.code == "mode" || note.code == "tested" || note.code.hasPrefix("walk-")
            || note.code.hasPrefix("command-") || note.code.hasPrefix("configuration-")
        if !note.signals.isEmpty || isNews { hub.log.notice("\(note.text)") }
        // Whoever still walks through the home hears that from here on every alert is real.
        if note.code == "walk-ended" { hub.lines.post(.locate(seconds: HomeLoop.walkEndSeconds), always: true) }
    }

    /// Two beeps twice.
    private static let walkEndSeconds = 4

    private mutating func carryOut(_ effects: [TestAlerts.Effect]) {
        for effect in effects {
            switch effect {
            case .store(let draft): carryOut([.store([draft], core.memory)])
            case .withdraw(let settled): hub.outbox.post(.acknowledged(settled), always: true)
            case .sound: hub.lines.post(.rehearse, always: true)
            }
        }
    }

    private func say(_ event: AlertEvent, _ alert: Alert, at time: Instant) {
        let level: Logger.Level =
            (event == .raised || event == .escalated) && alert.severity != .technical ? .warning : .notice
        hub.log.log(
            level: level,
            "\(alert.isTest ? "test, " : "")\(alert.severity.rawValue) \(event.rawValue): \(alert.id): \(alert.reasons.first ?? "")"
        )
        hub.status.add(AgentStatus.Step(event: event, alert: alert, at: time))
        hub.observe(.alert(event, alert, at: time))
    }

    private mutating func sendHeartbeat() {
        let now = timeline.now()
        hub.link.post(.heartbeat(core.heartbeat(at: now, upstream: hub.status.current.upstream)))
        core.heartbeatSent(at: now)
    }

    private static let pictureMilliseconds: Int64 = 200

    /// For `status`, the live picture and the control socket; at most five times a second.
    private mutating func publishStatus(always: Bool) {
        let now = AgentClock.boot()
        isPictureOld = !always && BootTime.milliseconds(from: published, to: now) < HomeLoop.pictureMilliseconds
        guard !isPictureOld else { return }
        published = now
        hub.status.update(from: core, at: timeline.now())
    }
}
