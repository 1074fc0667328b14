// What the home thread decides: samples in, effects out. Pure; HomeWorker carries the effects out.

import Drivers
import LocalRules
import Upstream

/// What is to be done, in this order: the siren before the commit, the commit before anything else.
enum HomeEffect: Sendable {
    case sound(SoundPattern)
    case relay(String, isOn: Bool)
    /// Keep these records and the memory that belongs to them in one transaction.
    case store([Draft], HomeMemory)
    case heartbeat
    /// Steps of escalation: tell this alert by the second path, or once more by the first.
    case fallback(alert: String)
    case resend(alert: String)
    /// Nobody is asked to accept this alert any more: it was a test.
    case withdraw(alert: String)
    /// Mains power is lost (true), or back: meters are asked more seldom, or as ever.
    case savePower(Bool)
    case said(AlertEvent, Alert, at: Instant)
    case fault(FaultBook.Change)
    case note(Note)
    /// To whoever gave a command, once everything before it is committed.
    case reply(CommandReply, ReplyBundle?)
    case order(HomeOrder)
}

/// The rules of one home, with what surrounds them: interpretation, batches of readings, heartbeats, state.
struct HomeCore {
    var engine: RuleEngine
    private(set) var faults: FaultBook
    private(set) var coverage: Coverage
    let configuration: HomeConfiguration
    var interpreter: Interpreter
    private let wire: WireEncoder
    var batch: ReadingBatch
    /// When gathered readings are committed, and when they become a record.
    private var nextKeeping: Instant
    private var nextReport: Instant
    private let reportPeriod: Span
    /// What was committed of the pulses.
    private var keptPulses: Int64
    var nextHeartbeat: Instant
    let started: Instant
    /// The best that could be said of the wall clock since the start.
    private(set) var trust = ClockTrust.none
    var commands: CommandState
    /// Since the start.
    var commandsRefused: Int64 = 0
    var refusalNotes = TokenBucket(
        burst: UpstreamLimits.refusalNotes, periodMilliseconds: UpstreamLimits.refusalNotePeriodMilliseconds)
    /// Since the start, the rules have heard the weather that still holds.
    var isWeatherTold = false
    /// The self-test of `commands` was begun by this run.
    var isSelfTesting = false
    /// nil: there is nothing (more) to do about an offered configuration.
    var standing: OfferStanding?
    /// The broker was there at least once since the start.
    private(set) var hasConnected = false
    var waitingReplies: [CommandReply] = []
    /// Mains power is lost. Lines, rules and heartbeats do not notice it.
    private(set) var isSavingPower = false

    /// `stored` are the states that an earlier run committed, by `HomeMemory.stateKeys`.
    init(
        configuration: HomeConfiguration, restoring stored: [String: [UInt8]], standing: OfferStanding = .none,
        at now: Instant
    ) {
        self.configuration = configuration
        let snapshot: EngineSnapshot? = HomeMemory.decode(HomeMemory.rulesState, of: stored)
        engine =
            snapshot.map { RuleEngine(home: configuration.home, restoring: $0, at: now) }
            ?? RuleEngine(home: configuration.home, at: now)
        faults = FaultBook(names: configuration.home.signals.map(\.name))
        interpreter = Interpreter(
            configuration: configuration, memory: HomeMemory.decode(HomeMemory.counterState, of: stored),
            reports: engine.signalReports())
        wire = WireEncoder(home: configuration.homeID)
        let signals = configuration.home.signals
        batch = ReadingBatch(
            signals: signals,
            restoring: stored[HomeMemory.batchState].map { WireDecoder.openBatch($0, of: signals) } ?? [])
        coverage = Coverage(configuration: configuration, since: now)
        commands = HomeMemory.decode(HomeMemory.commandState, of: stored) ?? CommandState()
        self.standing = standing
        reportPeriod = configuration.upstream?.readings ?? ConfigurationDefaults.readings
        nextKeeping = now + ReadingBatch.longest
        nextReport = now + min(reportPeriod, ReadingBatch.firstReport)
        keptPulses = interpreter.pulseCount
        nextHeartbeat = now
        started = now
    }

    /// Takes samples with their moments on the timeline.
    mutating func take(_ samples: [(sample: Sample, time: Instant)], stamp: () -> Stamp) -> [HomeEffect] {
        guard let now = samples.last?.time else { return [] }
        var directives: [Directive] = []
        var effects: [HomeEffect] = []
        for (sample, time) in samples {
            let interpretation = interpreter.interpret(sample, at: time)
            let doubt = interpretation.flatMap { self.doubt(of: $0.reading) }
            effects += faults.observe(sample, doubt: doubt).map(HomeEffect.fault)
            guard let interpretation else { continue }
            coverage.count(interpretation.reading)
            batch.add(interpretation.reading)
            directives += engine.observe(interpretation.reading)
            directives += interpretation.notes.map(Directive.note)
        }
        return carry(directives, at: now, stamp: stamp) + effects + followPower(at: now)
    }

    private mutating func followPower(at now: Instant) -> [HomeEffect] {
        guard engine.isMainsLost != isSavingPower else { return [] }
        isSavingPower.toggle()
        coverage.savePower(isSavingPower, at: now)
        return [.savePower(isSavingPower)]
    }

    /// A total that no home can have used: most likely its register is read in the wrong way.
    private func doubt(of reading: Reading) -> (message: String, advice: String)? {
        let signal = configuration.home.signals[reading.signal.index]
        guard reading.quality == .good, case .meter(let quantity) = signal.source,
            let most = HomeTotals.most(of: quantity), reading.value > most
        else { return nil }
        return (
            "\(signal.name) shows more than \(quantityText(most, of: quantity)), which no home has used",
            "check type, order and scale of its register: what `edge-agent read` shows must be what the meter shows"
        )
    }

    mutating func accepted(alert: String, by: String, at now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        carry(engine.accept(alert: alert, by: by, at: now), at: now, stamp: stamp)
    }

    /// An alert's call for help has come so far.
    mutating func delivered(
        alert: String, level: DeliveryLevel, at now: Instant, stamp: () -> Stamp
    ) -> [HomeEffect] {
        carry(engine.delivered(alert: alert, level: level, at: now), at: now, stamp: stamp)
    }

    /// How the wall clock stands, as of `wall`. Once it was right it is taken to be right until the next start: without
    /// a time server the kernel ceases to vouch for it after hours, but it is not off by more than seconds a day.
    mutating func setWallClock(_ wall: Stamp, at now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        if wall.trust != .none { trust = wall.trust }
        let offset = Instant(milliseconds: wall.wallMilliseconds) - now
        return carry(engine.setWallClock(offset: offset, trust: trust, at: now), at: now, stamp: stamp)
    }

    /// A person sets the home's mode; for how long, nil: as long as it usually lasts.
    mutating func setMode(_ mode: HomeMode, lasting: Span?, by: String, at now: Instant, stamp: () -> Stamp)
        -> [HomeEffect]
    {
        carry(engine.setMode(mode, until: lasting.map { now + $0 }, by: by, at: now), at: now, stamp: stamp)
    }

    /// A person says whether a meter was replaced; empty: nobody had asked.
    mutating func confirmReplacement(
        signal: String, wasReplaced: Bool, at now: Instant, stamp: () -> Stamp
    ) -> [HomeEffect] {
        let note = interpreter.confirmReplacement(signal: signal, wasReplaced: wasReplaced, at: now)
        return carry(note.map { [.note($0)] } ?? [], at: now, stamp: stamp)
    }

    /// Something about the hub itself that the cloud should have on record.
    mutating func note(_ note: Note, stamp: () -> Stamp) -> [HomeEffect] {
        carry([.note(note)], at: note.time, stamp: stamp)
    }

    /// As configured, unless a command has said otherwise.
    var heartbeatPeriod: Span { commands.heartbeat ?? configuration.upstream?.heartbeat ?? .minutes(5) }

    /// Lets time pass; deadlines, batches and heartbeats come due.
    mutating func advance(to now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        let due = engine.advance(to: now) + tendWeather(at: now)
        var effects = carry(due, at: now, stamp: stamp) + followPower(at: now)
        effects += tendOffer(at: now, stamp: stamp) + tendSelfTest(at: now, stamp: stamp)
        if now >= nextReport || batch.isFull {
            effects += flush(at: now, stamp: stamp)
        } else if now >= nextKeeping {
            effects += keep(at: now)
        }
        if now >= nextHeartbeat {
            effects.append(.heartbeat)
            nextHeartbeat = now + heartbeatPeriod
        }
        return effects
    }

    /// The batch of readings as a record, with the state they led to.
    mutating func flush(at now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        nextReport = now + reportPeriod
        let points = batch.take()
        guard !points.isEmpty else { return keep(at: now) }
        markKept(at: now)
        return store { () throws(WireError) in
            [try wire.draft(points, of: configuration.home.signals, stamp: stamp())]
        }
    }

    /// What is gathered, with the state it led to: a reading that is kept without it would be judged twice. Pulses
    /// exist nowhere but here: they are kept also when their reading is not yet worth sending.
    private mutating func keep(at now: Instant) -> [HomeEffect] {
        let isNews = batch.hasNews || interpreter.pulseCount != keptPulses
        markKept(at: now)
        return isNews ? [.store([], memory)] : []
    }

    private mutating func markKept(at now: Instant) {
        nextKeeping = now + ReadingBatch.longest
        keptPulses = interpreter.pulseCount
        batch.kept()
    }

    /// The connection came up: the cloud hears at once how the home is, and what it was not told yet.
    mutating func linkUp(at now: Instant) -> [HomeEffect] {
        nextHeartbeat = now
        hasConnected = true
        defer { waitingReplies = [] }
        return waitingReplies.map { .reply($0, nil) }
    }

    mutating func heartbeatSent(at now: Instant) { coverage.restart(at: now) }

    /// Proof of function: what every rule says and when it last looked, and what is known of every signal.
    func heartbeat(at now: Instant, upstream: AgentStatus.Upstream) -> HeartbeatContent {
        HeartbeatContent(
            rules: engine.ruleReports(),
            signals: engine.signalReports().enumerated().map { index, report in
                HeartbeatContent.Signal(
                    report: report, coveragePerMille: coverage.perMille(of: index, at: now).map(Int.init))
            },
            now: now, oldestUnacceptedMilliseconds: upstream.oldestUnacceptedSeconds.map { $0 * 1000 },
            depths: upstream.depths, configurationHash: configuration.hash,
            flashBytesWritten: FlashWear.bytesWritten(), nextDueSeconds: heartbeatPeriod.milliseconds / 1000,
            agentVersion: AgentVersion.text, uptimeMilliseconds: (now - started).milliseconds,
            readingsDropped: upstream.readingsDropped, eventsDropped: upstream.eventsDropped,
            isSavingPower: isSavingPower, mode: engine.mode.mode, modeUntil: engine.mode.until,
            sentByFallback: upstream.sentByFallback, commandsRefused: commandsRefused)
    }

    /// When `advance` has something to do next.
    var nextDeadline: Instant {
        let told = [engine.nextDeadline, commands.weather?.until, offerDeadline].compactMap { $0 }.min()
        return min(nextKeeping, nextReport, nextHeartbeat, told ?? nextKeeping)
    }

    /// As it is now.
    var memory: HomeMemory {
        HomeMemory(
            rules: engine.snapshot, counters: interpreter.memory, points: batch.points,
            signals: configuration.home.signals, wire: wire)
    }

    mutating func carry(_ directives: [Directive], at now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        guard !directives.isEmpty else { return [] }
        reportSoon(after: directives, at: now)
        var sounds: [HomeEffect] = []
        var said: [HomeEffect] = []
        for directive in directives {
            switch directive {
            case .sound(let pattern): sounds.append(.sound(pattern))
            case .alert(let event, let alert, let time):
                said.append(.said(event, alert, at: time))
                // A test must not wait in a centre's list for ever.
                if event == .cleared, alert.isTest { said.append(.withdraw(alert: alert.id)) }
            case .note(let note): said.append(.note(note))
            case .relay(let name, let isOn): sounds.append(.relay(name, isOn: isOn))
            case .fallback(let alert, _): said.append(.fallback(alert: alert))
            case .resend(let alert, _): said.append(.resend(alert: alert))
            }
        }
        let moment = stamp()
        let stored = store { () throws(WireError) in
            var drafts: [Draft] = []
            for directive in directives {
                switch directive {
                case .alert(let event, let alert, let time):
                    drafts.append(try wire.draft(event, alert, at: time, stamp: moment))
                case .note(let note): drafts.append(try wire.draft(note, stamp: moment))
                case .sound, .relay, .fallback, .resend: break
                }
            }
            return drafts
        }
        return sounds + stored + said
    }

    /// Whoever answers an alert, or one that has become worse, wants to see what led to it: the batch leaves with it.
    private mutating func reportSoon(after directives: [Directive], at now: Instant) {
        for case .alert(let event, let alert, _) in directives
        where (event == .raised || event == .escalated) && alert.severity != .technical {
            nextReport = min(nextReport, now)
        }
    }

    /// Records together with the state that led to them. A record that cannot be made is a fault to be seen.
    private func store(_ make: () throws(WireError) -> [Draft]) -> [HomeEffect] {
        do {
            let drafts = try make()
            return drafts.isEmpty ? [] : [.store(drafts, memory)]
        } catch {
            return [.fault(.began(message: error.message, advice: error.advice))]
        }
    }
}
