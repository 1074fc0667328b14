// A configuration written out whole: registers instead of profiles, kernel lines instead of header names,
// every default and every implicit rule. It loads again to the same, and its hash names it.

import Drivers
import LocalRules
import Upstream

/// The normalised form; depends on nothing but what the agent will act on, so not on comments or key order.
func normalised(_ configuration: HomeConfiguration) -> PlainValue {
    var home: PlainEntries = [
        ("id", .string(configuration.homeID)), ("timezone", .string(configuration.timezone)),
        ("board", .string(configuration.board)),
    ]
    if let quiet = configuration.home.quiet { home.append(("quiet", quiet.plain)) }
    if !configuration.hats.isEmpty { home.append(("hats", .list(configuration.hats.map(PlainValue.string)))) }
    var entries: PlainEntries = [
        ("schema", .integer(1)),
        ("home", .table(home)),
        ("bus", .list(configuration.buses.map { bus($0.settings) })),
        ("meter", .list(meters(configuration))),
        ("input", .list(configuration.inputs.map { input($0, configuration) })),
        ("output", .list(configuration.outputs.map(output))),
        ("rule", .list(configuration.home.rules.map { normalised($0, in: configuration.home) })),
        ("escalation", .list(configuration.home.escalation.map(escalation))),
    ]
    if let reTest = configuration.home.reTest.plain { entries.append((RootKey.reTest.rawValue, reTest)) }
    if let upstream = configuration.upstream {
        entries.append(("upstream", normalised(upstream, fallback: configuration.fallback)))
    }
    // An empty list of tables has no form in TOML but its absence.
    entries.removeAll { if case .list(let elements) = $0.value { elements.isEmpty } else { false } }
    return .table(entries)
}

private func bus(_ settings: BusSettings) -> PlainValue {
    switch settings.transport {
    case .rtu(let port, let baud, let parity, let stopBits):
        .table([
            ("name", .string(settings.name)), ("kind", .string("rtu")), ("port", .string(port)),
            ("baud", .integer(Int64(baud))),
            ("parity", .string(parity.rawValue)), ("stop-bits", .integer(Int64(stopBits))),
            ("rs485", .boolean(settings.kernelDrivesDirection)),
        ])
    case .tcp(let host, let port): network(settings, "tcp", host, port)
    case .rtuOverTCP(let host, let port): network(settings, "rtu-over-tcp", host, port)
    }
}

private func network(_ settings: BusSettings, _ kind: String, _ host: String, _ port: Int) -> PlainValue {
    .table([("name", .string(settings.name)), ("kind", .string(kind)), ("address", .string("\(host):\(port)"))])
}

/// In the order of their signals, which is the order of the file.
private func meters(_ configuration: HomeConfiguration) -> [PlainValue] {
    let pairs = configuration.buses.flatMap { bus in bus.meters.map { (bus: bus.settings.name, meter: $0) } }
    let ordered = pairs.sorted {
        ($0.meter.registers.first?.channel.index ?? 0) < ($1.meter.registers.first?.channel.index ?? 0)
    }
    return ordered.map { meter($0.meter, bus: $0.bus, configuration) }
}

private func meter(_ meter: MeterPlan, bus: String, _ configuration: HomeConfiguration) -> PlainValue {
    var entries: PlainEntries = [
        ("name", .string(meter.name)), ("bus", .string(bus)), ("unit", .integer(Int64(meter.unit))),
        ("poll", span(Span(milliseconds: meter.pollMilliseconds))),
        ("timeout", span(Span(milliseconds: Int64(meter.timeoutMilliseconds)))),
        ("retries", .integer(Int64(meter.retries))),
        ("pause", span(Span(milliseconds: Int64(meter.pauseMilliseconds)))),
    ]
    // Registers that are asked more seldom may be silent for longer: the shortest is what the meter itself has.
    let silences = meter.registers.compactMap { configuration.home.signals[$0.channel.index].silentAfter }
    if let silentAfter = silences.min() { entries.append(("silent-after", span(silentAfter))) }
    let registers = meter.registers.compactMap { description(of: $0, meter, configuration) }
    return .table(entries + normalised(RegisterMap(limits: meter.limits, registers: registers)))
}

/// A register as it would be described if its meter had no profile.
private func description(
    of register: RegisterPlan, _ meter: MeterPlan, _ configuration: HomeConfiguration
) -> RegisterDescription? {
    let index = register.channel.index
    let signal = configuration.home.signals[index]
    guard case .meter(let quantity) = signal.source, let scale = configuration.scales[index],
        let unit = configuration.units[index]
    else { return nil }
    return RegisterDescription(
        signal: String(signal.name.dropFirst(meter.name.count + 1)), quantity: quantity, table: register.table,
        address: register.address, type: register.type, order: register.order, bits: register.bits,
        noValue: register.noValue, scaleFrom: register.scaleFrom, scale: scale, unit: unit,
        poll: register.pollMilliseconds.map { Span(milliseconds: $0) },
        maxRate: configuration.maxRates[index])
}

private func line(_ settings: LineSettings) -> PlainEntries {
    [("line", .string(settings.line)), ("active", .string(settings.activeLow ? "low" : "high"))]
}

private func input(_ input: InputPlan, _ configuration: HomeConfiguration) -> PlainValue {
    let home = configuration.home
    let id = SignalID(input.channel.index)
    let signal = home.signals[id.index]
    var entries: PlainEntries = [("name", .string(signal.name))]
    switch signal.source {
    case .input(let kind): entries.append(("kind", .string(kind.rawValue)))
    case .meter: entries.append(("kind", .string(InputKind.pulse.rawValue)))
    }
    entries += line(input.settings)
    entries.append(("bias", .string(input.settings.bias.rawValue)))
    if let pulses = input.pulses {
        entries += pulseMeter(pulses, at: id.index, configuration)
    } else {
        entries.append(("debounce", span(Span(milliseconds: Int64(input.settings.debounceMilliseconds)))))
    }
    // A service input has a rule of its own in any case, and the rule knows what is asked for.
    for case .inputActive(id, _, let request?) in home.rules.map(\.kind) {
        entries.append(("request", .string(request)))
        break
    }
    if signal.source == .input(.panic) { entries.append(("long-press", span(signal.longPress))) }
    if signal.source == .input(.door) { entries.append(("leads-out", .boolean(signal.leadsOut))) }
    if let silentAfter = signal.silentAfter { entries.append(("silent-after", span(silentAfter))) }
    return .table(entries)
}

private func pulseMeter(
    _ pulses: PulsePlan, at index: Int, _ configuration: HomeConfiguration
) -> PlainEntries {
    guard case .meter(let quantity) = configuration.home.signals[index].source, let scale = configuration.scales[index],
        let unit = configuration.units[index]
    else { return [] }
    return [
        ("quantity", .string(quantity.rawValue)), ("per-pulse", .string("\(scale.text(in: unit)) \(unit.symbol)")),
        ("minimum-width", span(Span(milliseconds: Int64(pulses.minimumWidthMilliseconds)))),
    ]
}

private func output(_ output: OutputConfiguration) -> PlainValue {
    .table(
        [("name", .string(output.name)), ("kind", .string(output.kind.rawValue))] + line(output.settings)
            + [("drive", .string(output.settings.drive.rawValue))])
}

private func escalation(_ step: EscalationStep) -> PlainValue {
    let actions = step.actions.map { action in
        switch action {
        case .sound(let pattern): "sound:\(pattern.rawValue)"
        case .relay(let name): "relay:\(name)"
        case .resend: "resend"
        case .fallback: "fallback"
        }
    }
    return .table([
        ("after", span(step.after)), ("unless", .string(step.unless.rawValue)),
        ("do", .list(actions.map(PlainValue.string))),
    ])
}

private func normalised(_ upstream: UpstreamConfiguration, fallback: UpstreamConfiguration?) -> PlainValue {
    let own: PlainEntries = [
        ("heartbeat", span(upstream.heartbeat)), ("readings", span(upstream.readings)),
        ("spread", span(upstream.spread)),
    ]
    let second = fallback.map { [("fallback", PlainValue.table(broker($0)))] } ?? []
    return .table(broker(upstream) + own + second)
}

private func broker(_ upstream: UpstreamConfiguration) -> PlainEntries {
    let host = upstream.host.contains(":") ? "[\(upstream.host)]" : upstream.host
    let files = [
        ("ca-file", upstream.caFile), ("certificate-file", upstream.certificateFile), ("key-file", upstream.keyFile),
        ("user", upstream.user), ("password-file", upstream.passwordFile),
        ("command-key", upstream.commandKeyFile),
    ]
    // A key that a profile leaves without a meaning would not load again.
    let prefix: PlainEntries = [("topic-prefix", .string(upstream.topicPrefix))]
    let language: PlainEntries =
        switch upstream.profile {
        case .native: prefix + [("encoding", .string(upstream.encoding.rawValue))]
        case .homeAssistant: [("profile", .string(upstream.profile.rawValue))] + prefix
        case .thingsBoard: [("profile", .string(upstream.profile.rawValue))]
        }
    return [("broker", .string("\(upstream.usesTLS ? "mqtts" : "mqtt")://\(host):\(upstream.port)"))] + language
        + [("ack", .string(upstream.acknowledgement.rawValue))]
        + files.compactMap { key, value in value.map { (key, .string($0)) } }
}

func span(_ span: Span) -> PlainValue { .string(span.text()) }
