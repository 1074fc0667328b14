// The thread that owns the database and the courier. It may wait for the disk; only the link waits for it.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Logging
import Upstream

enum OutboxMessage: Sendable {
    /// Keep these in one transaction.
    case store([Draft], HomeMemory, Timeline.Anchor)
    case link(isUp: Bool)
    /// The broker has answered the publish of this record.
    case delivered(record: String, isRefused: Bool)
    /// ... and had nobody to give it to.
    case unheard(record: String)
    case acknowledged(Acknowledgement)
    /// A second path tells something.
    case path(PathName, PathEvent)
    /// A step of escalation: this alert by the second paths, or once more by the first.
    case fallback(alert: String)
    case resend(alert: String)
    /// Nobody is asked to accept this alert any more.
    case withdraw(alert: String)
    /// What is kept, for a self-test.
    case examine(answer: Mailbox<OutboxPicture>)
    /// Runs on this thread, in turn.
    case perform(@Sendable () -> Void)
    case stop
}

/// Runs the outbox on the calling thread until told to stop; what was posted before that is committed.
func runOutbox(_ home: HomeConfiguration, options: AgentOptions, memory: StartMemory, hub: Hub) {
    makeDirectory(options.stateDirectory)
    let outbox = ResilientOutbox(directory: options.stateDirectory, floor: AgentClock.wallMilliseconds())
    var loop = OutboxLoop(
        dispatcher: Dispatcher(
            outbox: outbox,
            topics: HomeTopics(prefix: home.upstream?.topicPrefix ?? "", home: home.homeID),
            encoding: home.upstream?.encoding ?? .protobuf,
            mode: home.upstream?.acknowledgement ?? .application,
            secondPaths: home.fallback.map { [SecondPathTerms(name: .fallback, mode: $0.acknowledgement)] } ?? [],
            profile: home.upstream?.translation(of: home)),
        hub: hub, hasBroker: home.upstream != nil, hasFallback: home.fallback != nil)
    memory.fulfil(loop.states(HomeMemory.stateKeys + [Timeline.state]))
    loop.begin(wasHung: options.wasHung)
    loop.run()
}

/// The parents too; a failure shows when the database is opened, with its advice.
private func makeDirectory(_ path: String) {
    var partial = ""
    for part in path.split(separator: "/", omittingEmptySubsequences: false) {
        partial += part.isEmpty ? "/" : (partial.hasSuffix("/") || partial.isEmpty ? "" : "/") + part
        if !part.isEmpty { mkdir(partial, 0o750) }
    }
}

private struct OutboxLoop: ~Copyable {
    private var dispatcher: Dispatcher
    private let hub: Hub
    /// A thread takes what is posted to it.
    private let hasBroker: Bool
    private let hasFallback: Bool
    private var isStopping = false
    private var heldInVain = 0
    private var countedAt: Int64 = 0
    private var strays: Int64 = 0
    private var unreadable: Int64 = 0
    private var toldOfSpace = false
    private var wasUrgent = false
    private var thisRun: RunRecord?

    init(dispatcher: consuming Dispatcher, hub: Hub, hasBroker: Bool, hasFallback: Bool) {
        self.dispatcher = dispatcher
        self.hub = hub
        self.hasBroker = hasBroker
        self.hasFallback = hasFallback
    }

    mutating func states(_ names: [String]) -> [String: [UInt8]] {
        var states: [String: [UInt8]] = [:]
        for name in names { states[name] = dispatcher.state(name) }
        return states
    }

    /// Counts the start, and tells the link's thread, which waits for it.
    mutating func begin(wasHung: Bool) {
        defer { hub.link.post(.started, always: true) }
        guard !dispatcher.isDegraded else { return }
        let before = dispatcher.state(RunRecord.state).flatMap {
            try? JSONDecoder().decode(RunRecord.self, from: Data($0))
        }
        let (record, start) = RunRecord.begin(after: before, bootID: Stamp.now().bootID, wasHung: wasHung)
        thisRun = record
        store([], runState)
        hub.status.set(start: start)
    }

    private var runState: [String: [UInt8]] {
        guard let thisRun, let bytes = try? JSONEncoder().encode(thisRun) else { return [:] }
        return [RunRecord.state: Array(bytes)]
    }

    consuming func run() {
        var poller = Poller()
        poller.watch(reading: [hub.outbox.descriptor])
        while !isStopping {
            hub.progress.beat(.outbox)
            // At most a second, to show the watchdog progress.
            let wait = dispatcher.nextDeadline.map { $0 - Self.now() } ?? 1000
            _ = poller.wait(milliseconds: Int32(clamping: max(0, min(1000, wait))))
            for message in hub.outbox.take() { handle(message) }
            for outgoing in dispatcher.due(at: Self.now()) { hub.link.post(.publish(outgoing), always: true) }
            for call in dispatcher.dueCalls(at: Self.now()) { hub.fallback.post(.call(call.call), always: true) }
            tell()
            tellOfAlarms()
        }
        // Forgets what is settled, which otherwise waits for the next commit and would be sent again.
        thisRun?.isOver = true
        store([], runState)
    }

    /// How far alarms have come, and whether anybody is there to hear them.
    private mutating func tellOfAlarms() {
        for change in dispatcher.takeLevels() {
            hub.home.post(.delivered(alert: change.alert, level: change.level), always: true)
        }
        if dispatcher.isUrgent != wasUrgent {
            wasUrgent.toggle()
            if hasBroker { hub.link.post(.urgent(wasUrgent), always: true) }
            if hasFallback { hub.fallback.post(.urgent(wasUrgent), always: true) }
        }
        switch dispatcher.takeCloudChange(at: Self.now()) {
        case .silent(let milliseconds):
            let text = "the broker takes messages, but nobody behind it has answered for \(milliseconds / 1000) s"
            let advice = "check what listens on the broker; where nothing can answer, ack = \"broker\" says so"
            hub.log.error("\(text); \(advice)")
            hub.status.set(fault: "\(text); \(advice)", of: "cloud")
            hub.home.post(.note(code: "cloud-silent", text: text), always: true)
        case .answers:
            hub.log.notice("the cloud answers again")
            hub.status.set(fault: nil, of: "cloud")
            hub.home.post(.note(code: "cloud-answers", text: "the cloud answers again"), always: true)
        case nil: break
        }
    }

    /// Resends and settlements run in real time: a network does not get faster with a simulation.
    private static func now() -> Int64 { AgentClock.boot().nanoseconds / 1_000_000 }

    private mutating func handle(_ message: OutboxMessage) {
        switch message {
        case .store(let drafts, let memory, let anchor):
            var states = memory.states
            states[Timeline.state] = anchor.encoded
            store(drafts, states)
        case .link(let isUp):
            if isUp { dispatcher.linkUp(at: Self.now()) } else { dispatcher.linkDown() }
        case .delivered(let record, let isRefused): dispatcher.pubacked(record, isRefused: isRefused, at: Self.now())
        case .unheard(let record): dispatcher.unheard(record, at: Self.now())
        case .acknowledged(let answer):
            carryOut(dispatcher.acknowledged(answer, at: Self.now()))
        case .path(let name, let event): carryOut(dispatcher.take(event, from: name, at: Self.now()))
        case .fallback(let alert): dispatcher.fallback(alert: alert, at: Self.now())
        case .resend(let alert): dispatcher.resend(alert: alert, at: Self.now())
        case .withdraw(let alert): dispatcher.withdraw(alert: alert, at: Self.now())
        case .examine(let answer): answer.post(picture())
        case .perform(let body): body()
        case .stop: isStopping = true
        }
    }

    private mutating func picture() -> OutboxPicture {
        let waiting = dispatcher.waitingAlarms(most: OutboxPicture.mostWaiting)
        return OutboxPicture(
            bootID: Stamp.now().bootID, nextSequence: dispatcher.nextSequence,
            waiting: waiting.map { OutboxPicture.Waiting(id: $0.id, alert: $0.alert ?? "") })
    }

    private func carryOut(_ upcalls: [Upcall]) {
        for case .accepted(let alert, let by) in upcalls {
            hub.home.post(.accepted(alert: alert, by: by), always: true)
            hub.observe(.accepted(alert: alert, by: by))
        }
    }

    private mutating func store(_ drafts: [Draft], _ states: [String: [UInt8]]) {
        do throws(OutboxError) {
            hub.observe(.stored(try dispatcher.store(drafts, states: states, at: Self.now())))
        } catch {
            heldInVain += drafts.count
            hub.log.critical("\(error.message); \(error.advice)")
            hub.status.set(
                fault: "\(heldInVain) records could not be kept: \(error.message); \(error.advice)", of: "outbox")
        }
    }

    /// Nothing is left out in silence.
    private mutating func tellOfLosses() {
        if dispatcher.strayAcknowledgements > strays {
            strays = dispatcher.strayAcknowledgements
            hub.log.warning(
                "an answer names no record that waits (\(strays) so far); it needs the header.id")
        }
        if dispatcher.unreadableRecords > unreadable {
            unreadable = dispatcher.unreadableRecords
            let text =
                "\(unreadable) stored records cannot be read and are left out; check the memory card"
            hub.log.error("\(text)")
            hub.status.set(fault: text, of: "stored records")
        }
        let (readings, events) = (dispatcher.readingsDropped, dispatcher.eventsDropped)
        guard readings + events > 0 else { return }
        let text =
            "no more space for what waits for the cloud: \(readings) points of readings and \(events) events were given up"
        hub.status.set(fault: "\(text); mend the way to the broker", of: "space")
        // Heartbeats go on counting.
        guard !toldOfSpace else { return }
        toldOfSpace = true
        hub.log.error("\(text); mend the way to the broker")
        hub.home.post(.note(code: "records-dropped", text: text), always: true)
    }

    /// What happened to storage goes into the log, the status and, as an event, upstream.
    private mutating func tell() {
        for event in dispatcher.takeStorageEvents() {
            switch event {
            case .began(let error):
                hub.log.error("\(error.message); \(error.advice)")
                hub.status.set(fault: "\(error.message); \(error.advice)", of: "storage")
                hub.home.post(.note(code: "storage-failed", text: error.message), always: true)
            case .ended(let message):
                hub.log.notice("\(message)")
                hub.status.set(fault: nil, of: "storage")
                hub.home.post(.note(code: "storage-recovered", text: message), always: true)
            case .replaced(let error):
                hub.log.error("\(error.message); \(error.advice)")
                hub.home.post(.note(code: "storage-replaced", text: error.message), always: true)
            case .unreserved(let error):
                hub.log.warning("\(error.message); \(error.advice)")
                hub.status.set(fault: "\(error.message); \(error.advice)", of: "space for alarms")
            case .reserved:
                hub.log.notice("the space for alarms is set aside now")
                hub.status.set(fault: nil, of: "space for alarms")
            }
        }
        tellOfLosses()
        let now = Self.now()
        guard isStopping || now - countedAt >= 200 else { return }
        countedAt = now
        let depths = dispatcher.depths()
        let oldest = dispatcher.oldestUnaccepted().map { Stamp.now().milliseconds(since: $0) }
        let dropped = (readings: dispatcher.readingsDropped, events: dispatcher.eventsDropped)
        let sentByFallback = dispatcher.sentByFallback
        hub.status.change { upstream in
            upstream.sentByFallback = sentByFallback
            upstream.depths = depths
            upstream.oldestUnacceptedSeconds = oldest.map { max(0, $0 / 1000) }
            upstream.readingsDropped = dropped.readings
            upstream.eventsDropped = dropped.events
        }
    }
}
