// What a command does in the home, and what is answered. Everything that it changes, the event that records it and the
// memory that it was done go into one transaction; only then is it answered, and what cannot be taken back (a lamp, a
// file) is begun.

import Drivers
import LocalRules
import Upstream

/// What is to be done outside of the rules, once a command is committed.
enum HomeOrder: Hashable, Sendable {
    case locate(seconds: Int)
    /// The whole self-test; `HomeCore.selfTestEnded` hears what it found.
    case selfTest
    /// The record that calls for help on behalf of this alert needs no answer any more.
    case settle(alert: String, by: String)
    case tryOut(ConfigurationOffer, OfferRecord)
    /// The configuration that was tried out stays.
    case keep(OfferRecord)
    /// Back to the one before it.
    case giveBack(OfferRecord, why: String)
    /// That one was given back is told.
    case told
}

/// What a reply brings along, gathered when it leaves.
enum ReplyBundle: Hashable, Sendable {
    case status
}

/// What commands have left behind, as it is kept across restarts.
struct CommandState: Hashable, Codable, Sendable {
    struct Weather: Hashable, Codable, Sendable {
        /// Thousandths of a degree.
        var value: Int64
        var until: Instant
    }
    var memory = CommandMemory()
    /// How often heartbeats are wanted; nil: as configured.
    var heartbeat: Span?
    var weather: Weather?
    /// The command whose self-test is under way.
    var selfTest: PendingCommand?
}

/// One command on its way through: what it does to the rules, and to everything else.
struct CommandWork {
    var directives: [Directive] = []
    var orders: [HomeOrder] = []
    var bundle: ReplyBundle?
}

extension HomeCore {
    /// Does a command that has come in through `CommandDoor`, or answers why not.
    /// - Parameters:
    ///   - offer: what the check of an offered configuration found; nil for other commands.
    ///   - stamp: the wall clock says whether it has expired.
    mutating func command(_ command: Command, offer: OfferCheck?, at now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        var moment = stamp()
        // Once it was right since the start it still is, whatever the kernel vouches for.
        if moment.trust == .none { moment.trust = trust }
        if case .answered(let reply) = commands.memory.judge(command, at: moment) {
            return reply.isRepeated ? [.reply(reply, nil)] : refused(reply, by: command.by, at: now, stamp: stamp)
        }
        var work = CommandWork()
        let reply = perform(command, offer: offer, &work, at: now)
        if reply.outcome == .refused { commandsRefused += 1 }
        commands.memory.remember(reply, expires: command.expires, at: moment)
        let note = commandNote(reply, by: command.by, at: now)
        let effects = withCommands(carry(work.directives + [.note(note)], at: now, stamp: stamp))
        return effects + work.orders.map(HomeEffect.order) + [.reply(reply, work.bundle)]
    }

    /// Something that is no proper command, or comes too late, or too often (nil: not even answered).
    mutating func refused(_ reply: CommandReply?, by: String? = nil, at now: Instant, stamp: () -> Stamp)
        -> [HomeEffect]
    {
        commandsRefused += 1
        guard let reply else { return [] }
        guard refusalNotes.take(at: now.milliseconds) else { return [.reply(reply, nil)] }
        return carry([.note(commandNote(reply, by: by, at: now))], at: now, stamp: stamp) + [.reply(reply, nil)]
    }

    func commandNote(_ reply: CommandReply, by: String?, at now: Instant) -> Note {
        let code =
            switch reply.outcome {
            case .done: "command-done"
            case .begun: "command-begun"
            case .refused: "command-refused"
            case .failed: "command-failed"
            }
        let id = reply.id.isEmpty ? "without a readable id" : reply.id
        let why = reply.outcome == .refused ? "\(reply.code.rawValue): " : ""
        return Note(
            time: now, code: code, signals: [],
            text: "command \(id)\(by.map { " of \($0)" } ?? ""): \(why)\(reply.text)")
    }

    /// The memory of commands goes with what they did.
    func withCommands(_ effects: [HomeEffect]) -> [HomeEffect] {
        var isStored = false
        let joined = effects.map { effect -> HomeEffect in
            guard case .store(let drafts, var memory) = effect else { return effect }
            memory.commands = commands
            isStored = true
            return .store(drafts, memory)
        }
        guard !isStored else { return joined }
        var memory = memory
        memory.commands = commands
        return joined + [.store([], memory)]
    }

    // MARK: The actions

    private mutating func perform(_ command: Command, offer: OfferCheck?, _ work: inout CommandWork, at now: Instant)
        -> CommandReply
    {
        let id = command.id
        switch command.action {
        case .acknowledge(let alert): return acknowledge(alert, command, &work, at: now)
        case .setMode(let mode, let lasting):
            work.directives = engine.setMode(mode, until: lasting.map { now + $0 }, by: command.by, at: now)
            return .done(id, engine.mode.text)
        case .locate(let seconds): return locate(seconds, id, &work)
        case .selfTest: return beginSelfTest(command, &work)
        case .recordVisit(let rule): return recordVisit(rule, command, &work, at: now)
        case .weather(let temperature, let valid): return setWeather(temperature, valid, id, &work, at: now)
        case .confirmMeter(let signal, let wasReplaced):
            guard
                let note = interpreter.confirmReplacement(signal: signal, wasReplaced: wasReplaced, at: now)
            else { return .refused(id, .notHere, "nobody asks whether the meter of \(signal) was replaced") }
            work.directives = [.note(note)]
            return .done(id, note.text)
        case .sendStatus:
            work.bundle = .status
            return .done(id, "the hub's status")
        case .offerConfiguration(let text): return tryOut(text, offer, command, &work)
        case .setHeartbeat(let period):
            commands.heartbeat = period
            nextHeartbeat = now
            return .done(id, "a heartbeat each \(heartbeatPeriod.text)\(period == nil ? ", as configured" : "")")
        }
    }

    private mutating func acknowledge(_ alert: String, _ command: Command, _ work: inout CommandWork, at now: Instant)
        -> CommandReply
    {
        work.directives = engine.accept(alert: alert, by: command.by, at: now)
        // Also where the alert itself is over: its record may still ask for somebody.
        work.orders = [.settle(alert: alert, by: command.by)]
        let isTaken = work.directives.contains {
            if case .alert(.acknowledged, let taken, _) = $0 { taken.id == alert } else { false }
        }
        return isTaken
            ? .done(command.id, "\(command.by) has taken on \(alert)")
            : .refused(command.id, .notHere, "no alert \(alert) waits for anybody here")
    }

    private func locate(_ seconds: Int?, _ id: String, _ work: inout CommandWork) -> CommandReply {
        let seconds = seconds ?? LocateCommand.usualSeconds
        guard seconds <= LocateCommand.longestSeconds else {
            return .refused(id, .invalid, "seconds is at most \(LocateCommand.longestSeconds)")
        }
        guard configuration.canLocate else {
            return .refused(id, .notHere, "this home has no buzzer, lamp or siren that could blink or beep")
        }
        guard engine.sound == .silent else {
            return .refused(id, .notHere, "the home sounds \(engine.sound.rawValue): that must not be drowned")
        }
        work.orders = [.locate(seconds: seconds)]
        return .done(id, "it blinks and beeps for \(seconds) s")
    }

    private mutating func recordVisit(_ rule: String?, _ command: Command, _ work: inout CommandWork, at now: Instant)
        -> CommandReply
    {
        let rules = configuration.home.rules.filter { candidate in
            guard case .visitOverdue = candidate.kind else { return false }
            return rule == nil || candidate.name == rule
        }
        guard !rules.isEmpty else {
            return .refused(
                command.id, .notHere, "this home has no rule about visits\(rule.map { " called \($0)" } ?? "")")
        }
        work.directives = engine.recordVisit(by: command.by, for: rule, at: now)
        return .done(command.id, "visit recorded for \(rules.map(\.name).joined(separator: ", "))")
    }

    private mutating func setWeather(
        _ temperature: Int64, _ valid: Span, _ id: String, _ work: inout CommandWork, at now: Instant
    ) -> CommandReply {
        guard let signal = configuration.toldTemperature else {
            return .refused(
                id, .notHere,
                "no rule here looks at \(HomeInterpreter.outsideTemperature), or a meter of the home measures it")
        }
        commands.weather = CommandState.Weather(value: temperature, until: now + valid)
        work.directives = observeWeather(temperature, signal, at: now)
        return .done(id, "\(ValueText.text(temperature, of: .temperature)) outside, for \(valid.text)")
    }

    // MARK: Weather

    private mutating func observeWeather(_ value: Int64, _ signal: SignalID, at now: Instant) -> [Directive] {
        isWeatherTold = true
        let reading = Reading(signal: signal, time: now, value: value)
        batch.add(reading)
        return engine.observe(reading)
    }

    /// After a restart the rules hear again what still holds; what holds no longer is missing.
    mutating func tendWeather(at now: Instant) -> [Directive] {
        guard let weather = commands.weather, let signal = configuration.toldTemperature else { return [] }
        if now >= weather.until {
            commands.weather = nil
            return engine.forget(signal, at: now)
        }
        return isWeatherTold ? [] : observeWeather(weather.value, signal, at: now)
    }
}

extension HomeConfiguration {
    /// Something here can blink or beep without meaning an alarm.
    var canLocate: Bool { outputs.contains { $0.kind != .relay } }

    /// The signal of the weather command, where a rule looks at it and no meter measures it.
    var toldTemperature: SignalID? {
        guard let index = home.signals.firstIndex(where: { $0.name == HomeInterpreter.outsideTemperature }),
            !buses.contains(where: { bus in
                bus.meters.contains { $0.registers.contains { $0.channel.index == index } }
            })
        else { return nil }
        return SignalID(index)
    }
}
