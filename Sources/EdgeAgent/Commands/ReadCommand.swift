// `edge-agent read`: one meter's registers, with raw words, values and round trips.

import ArgumentParser
import Drivers
import Glibc
import LocalRules

struct ReadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read",
        abstract: "Read one meter's registers, beside the running daemon or without it.",
        discussion: """
            `edge-agent read power` reads a configured meter as the daemon does. Without a configuration: --port, --tcp \
            or --rtu-over-tcp, --unit, and either --profile or --table, --address and --count.

            Exit codes: 0 everything was read, 1 the meter gave nothing, 2 wrong usage, 3 some registers were not \
            read, 4 the bus or the configuration cannot be used.
            """)

    @Argument(help: "A meter of the configuration.") var meter: String?
    @Option(help: "The home's configuration.") var config = ConfigurationLoader.standardFile
    @OptionGroup var port: PortOptions
    @OptionGroup var boards: BoardConfigsOption
    @OptionGroup var speech: LanguageOption
    @Option(help: "Baud rate of --port.") var baud = ConfigurationDefaults.baud
    @Option(help: "Parity of --port: none, even or odd.") var parity = ConfigurationDefaults.parity
    @Option(help: "Stop bits of --port.") var stopBits = ConfigurationDefaults.stopBits
    @Option(help: "The unit id, 1 to 247.") var unit: UInt8?
    @Option(help: "Read the registers of this meter profile.") var profile: String?
    @Option(help: "holding, input, coil or discrete.") var table: ModbusTable?
    @Option(help: "The first address, from 0; 0x… is taken.") var address: String?
    @Option(help: "How many registers.") var count = 1
    @Option(help: "What they hold: u16 i16 u32 i32 u64 i64 f32 f64 bcd4 bcd8 sm16 sm32.") var type = RegisterType.u16
    @Option(help: "Order of bytes: ABCD, CDAB, BADC or DCBA.") var order = WordOrder.ABCD
    @Option(help: "How long the meter is waited for, 100ms to 10s.") var timeout: String?
    @Option(name: .customLong("repeat"), help: "Read so many times.") var rounds = 1
    @Flag(help: "Show every frame.") var raw = false
    @Flag(help: "One JSON object a round.") var json = false

    func validate() throws {
        guard (meter != nil) != port.isGiven else {
            throw ValidationError("Name a meter of the configuration, or a bus with --port, --tcp or --rtu-over-tcp.")
        }
        guard rounds >= 1 else { throw ValidationError("--repeat \(rounds): at least 1.") }
        _ = try timeoutMilliseconds()
        guard port.isGiven else { return }
        guard let unit, ConfigurationLimits.unitID.contains(Int64(unit)) else {
            throw ValidationError("--unit: 1 to 247 are meters; 0 is broadcast, 248 and above are reserved.")
        }
        guard (profile != nil) != (table != nil) else {
            throw ValidationError("Say what to read: --profile NAME, or --table, --address and --count.")
        }
        if table != nil { _ = try bareRegisters() }
        guard BusSettings.bauds.contains(baud), (1...2).contains(stopBits) else {
            throw ValidationError(
                "--baud is one of \(BusSettings.bauds.map { "\($0)" }.joined(separator: ", ")); --stop-bits 1 or 2.")
        }
    }

    func run() throws {
        let target = try target()
        let isConfigured = meter != nil
        let bus = port.daemonsBus(at: target.settings)
        // A configured meter is asked between the daemon's polls; for anything else the port is borrowed, as its
        // line may be set otherwise.
        let access = isConfigured && bus != nil ? nil : port.access(to: target.settings)
        let daemon = DaemonReader(bus: bus?.name ?? "", socket: port.daemon.path)
        let line = target.settings.line
        let progress = ProgressLine()
        var reading = MeterReading(target, clock: { AgentClock.boot().nanoseconds }) { () throws(BusError) in
            progress.show(translated("waiting for \(target.title)", to: .current), news: 0, now: AgentClock.boot())
            return try access?.reader(on: line) ?? daemon
        }
        let report = ReadReport(target: target, usesColour: Terminal.usesColour, language: .current)
        var results: [RegisterResult] = []
        var shownFrames = 0
        for _ in 0..<rounds {
            let round = reading.round()
            results += round
            progress.clear()
            if json {
                say(jsonText(report.json(reading, round, withFrames: raw)) + "\n", to: STDOUT_FILENO)
                continue
            }
            if raw {
                for frame in reading.frames[shownFrames...] {
                    say(ReadReport.line(frame, in: .current) + "\n", to: STDOUT_FILENO)
                }
                shownFrames = reading.frames.count
            }
            say(report.lines(round).map { $0 + "\n" }.joined(), to: STDOUT_FILENO)
        }
        say(report.summary(reading, results) + "\n", to: STDERR_FILENO)
        try end(results)
    }

    private func end(_ results: [RegisterResult]) throws {
        let errors = results.compactMap { result -> BusError? in
            if case .failed(let error) = result.outcome { error } else { nil }
        }
        if let error = errors.first { complain(error.message, advice: error.advice) }
        if results.allSatisfy(\.isRead) { return }
        if profile == nil, let address, let manual = ManualAddress(address) {
            let language = Language.current
            complain(
                Message(BusPhrase.manualAddress, address).text(in: language), advice: manual.advice.text(in: language))
        }
        if results.contains(where: \.isRead) { throw Exit.incomplete }
        throw errors.first?.kind == .cannotOpen ? Exit.couldNotRun : Exit.wrong
    }

    // MARK: What to read

    private func target() throws -> ReadTarget {
        if let meter { return try configured(meter) }
        let settings = try port.settings(on: SerialLine(baud: baud, parity: parity, stopBits: stopBits))
        let milliseconds = try timeoutMilliseconds() ?? Int(ConfigurationDefaults.timeout.milliseconds)
        var target = ReadTarget(
            title: "unit \(unit ?? 1)", settings: settings,
            plan: MeterPlan(
                name: "", unit: unit ?? 1, pollMilliseconds: 1000, timeoutMilliseconds: milliseconds, registers: []),
            registers: [])
        if let profile {
            try target.take(named(profile))
        } else {
            let (plans, names) = try bareRegisters()
            target.plan.registers = plans
            target.registers = names.map {
                ReadTarget.Register(name: $0, quantity: nil, scale: Scale(numerator: 1, denominator: 1))
            }
        }
        return target
    }

    private func configured(_ name: String) throws -> ReadTarget {
        let home = try loadConfiguration(config, boardConfigs: boards.folders, asJSON: json)
        if var target = ReadTarget(meter: name, of: home) {
            if let limit = try timeoutMilliseconds() { target.plan.timeoutMilliseconds = limit }
            return target
        }
        let names = home.buses.flatMap(\.meters).map(\.name)
        complain(
            "no meter of \(config) is called \"\(name)\"",
            advice: adviceOfWords(name, known: names, whatTheyAre: "its meters"), asJSON: json)
        throw Exit.usage
    }

    private func named(_ name: String) throws -> MeterProfile {
        let profiles = [MeterProfile].known(boardConfigs: boards.folders)
        if let profile = profiles.first(where: { $0.name == name }) { return profile }
        complain(
            "there is no meter profile \"\(name)\"",
            advice: adviceOfWords(name, known: profiles.map(\.name), whatTheyAre: "the profiles"), asJSON: json)
        throw Exit.usage
    }

    private func bareRegisters() throws -> ([RegisterPlan], names: [String]) {
        guard let table, let first: UInt16 = integer(address ?? "0") else {
            let manual = address.flatMap { ManualAddress($0) }?.advice.text(in: .current)
            throw ValidationError("--address \(address ?? ""): \(manual ?? "0 to 65535, or 0x0000 to 0xFFFF.")")
        }
        let length = table == .coil || table == .discrete ? 1 : type.words
        guard count >= 1, count <= 2000, Int(first) + count <= 0x1_0000, count % length == 0 else {
            throw ValidationError(
                "--count \(count): 1 to 2000, within 65536, and whole values (a \(type.rawValue) takes \(length)).")
        }
        let plans = stride(from: 0, to: count, by: length).enumerated().map { index, offset in
            RegisterPlan(
                channel: Channel(index), table: table, address: first + UInt16(offset), type: type, order: order)
        }
        return (plans, plans.map { "\($0.table.rawValue) \($0.address)" })
    }

    private func timeoutMilliseconds() throws -> Int? {
        guard let timeout else { return nil }
        guard let span = Span.parse(timeout), ConfigurationLimits.timeout.contains(span) else {
            throw ValidationError("--timeout \(timeout): 100ms to 10s.")
        }
        return Int(span.milliseconds)
    }
}

extension ReadTarget {
    fileprivate mutating func take(_ profile: MeterProfile) {
        plan.limits = profile.limits
        plan.registers = profile.registers.enumerated().map { $1.plan(channel: Channel($0), poll: nil) }
        registers = profile.registers.map { Register(name: $0.signal, quantity: $0.quantity, scale: $0.scale) }
    }
}
