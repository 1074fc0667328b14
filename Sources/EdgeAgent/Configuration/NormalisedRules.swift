// A rule written out whole, every default with it.

import LocalRules

func normalised(_ rule: RuleModel, in home: HomeModel) -> PlainValue {
    var entries: PlainEntries = [("name", .string(rule.name)), ("kind", .string(rule.kind.name))]
    entries += parameters(of: rule.kind, in: home)
    if let group = rule.confirmation {
        entries.append(("confirm", .list(group.signals.map { .string(home.signals[$0.index].name) })))
        entries.append(("confirm-within", span(group.within)))
    }
    if rule.spread > .zero { entries.append(("spread", span(rule.spread))) }
    if rule.kind.awayPolicy != nil { entries.append(("away", .string(rule.away.rawValue))) }
    entries.append(("severity", .string(rule.severity.rawValue)))
    if !rule.rises.isEmpty {
        entries.append(("rise", .table(rule.rises.map { ($0.severity.rawValue, span($0.after)) })))
    }
    if rule.kind.canWarn { entries.append(("warn-for", span(rule.warnFor))) }
    entries += [("clear-after", span(rule.clearAfter)), ("latched", .boolean(rule.latched))]
    return .table(entries)
}

private func parameters(of kind: RuleModel.Kind, in home: HomeModel) -> PlainEntries {
    func name(_ id: SignalID) -> PlainValue { .string(home.signals[id.index].name) }
    func amount(_ value: Int64, _ id: SignalID) -> PlainValue {
        if case .meter(let quantity) = home.signals[id.index].source {
            .string(quantityText(value, of: quantity))
        } else {
            .integer(value)
        }
    }
    switch kind {
    case .lowUse(let signal, let window, let below):
        return [("signal", name(signal)), ("window", span(window)), ("below", amount(below, signal))]
    case .highUse(let signal, let window, let above):
        return [("signal", name(signal)), ("window", span(window)), ("above", amount(above, signal))]
    case .continuousUse(let signal, let slot, let whole, let atLeast):
        return [
            ("signal", name(signal)), ("slot", span(slot)), ("span", span(whole)),
            ("at-least", amount(atLeast, signal)),
        ]
    case .noActivity(let signals, let silence):
        return [("signals", .list(signals.map(name)))] + parameters(of: silence)
    case .inputActive(let signal, let holdFor, _):
        return [("signal", name(signal)), ("for", span(holdFor))]
    case .beyond(let signal, let limits, let holdFor):
        var entries: PlainEntries = [("signal", name(signal))]
        if let above = limits.above { entries.append(("above", amount(above, signal))) }
        if let below = limits.below { entries.append(("below", amount(below, signal))) }
        // Zero cannot be written, only come about as the fiftieth of a tiny limit.
        if limits.hysteresis > 0 { entries.append(("hysteresis", amount(limits.hysteresis, signal))) }
        return entries + [("for", span(holdFor))]
    case .heatAndStill(let temperatures, let activity, let terms):
        return [
            ("signals", .list((temperatures + activity).map(name))),
            ("above", .string(quantityText(terms.above, of: .temperature))),
            ("hysteresis", .string(quantityText(terms.hysteresis, of: .temperature))), ("for", span(terms.hotFor)),
            ("still-for", span(terms.stillFor)),
        ]
    case .visitOverdue(let signal, let every):
        return (signal.map { [("signal", name($0))] } ?? []) + [("every", span(every))]
    case .notReturned(let signals, let after): return [("signals", .list(signals.map(name))), ("after", span(after))]
    case .activeWhileAway(let signals): return [("signals", .list(signals.map(name)))]
    }
}

private func parameters(of silence: Silence) -> PlainEntries {
    switch silence {
    case .lasting(let silentFor): [("silent-for", span(silentFor))]
    case .through(let hours): parameters(of: hours)
    case .within(let hours, let silentFor, let carries):
        [("silent-for", span(silentFor))] + parameters(of: hours) + [("carry", .boolean(carries))]
    }
}

private func parameters(of hours: DailyHours) -> PlainEntries {
    [("between", hours.plain), ("weekdays", .list(hours.weekdays.names.map(PlainValue.string)))]
}

extension DailyHours {
    /// `["07:00", "10:00"]`
    var plain: PlainValue { .list([from, until].map { .string(DailyHours.clockText($0)) }) }
}

extension RuleModel.Kind {
    fileprivate var canWarn: Bool {
        switch self {
        case .highUse, .continuousUse, .notReturned, .activeWhileAway: false
        default: true
        }
    }
}
