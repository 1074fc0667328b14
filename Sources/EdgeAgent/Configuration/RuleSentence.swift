// What a rule will do, in one sentence for the person who wrote it.

import LocalRules

/// "no-water: speaks (orange) when less than 10 L went through water.volume in any 12 h; cannot tell while …"
func sentence(of rule: RuleModel, in home: HomeModel) -> String {
    let severity = rule.confirmation == nil ? rule.severity : .orange
    let opening = "speaks (\(severity.rawValue)\(request(of: rule))) \(opening(of: rule, in: home))"
    return ([opening] + consequences(of: rule, in: home) + limits(of: rule, in: home)).joined(separator: "; ")
}

private func request(of rule: RuleModel) -> String {
    if case .inputActive(_, _, let request?) = rule.kind { ", request: \(request)" } else { "" }
}

private func opening(of rule: RuleModel, in home: HomeModel) -> String {
    func name(_ id: SignalID) -> String { home.signals[id.index].name }
    func amount(_ value: Int64, _ id: SignalID) -> String {
        if case .meter(let quantity) = home.signals[id.index].source {
            quantityText(value, of: quantity)
        } else {
            "\(value)"
        }
    }
    switch rule.kind {
    case .lowUse(let signal, let window, let below):
        return "when less than \(amount(below, signal)) went through \(name(signal)) in any \(human(window))"
    case .highUse(let signal, let window, let above):
        return "when more than \(amount(above, signal)) went through \(name(signal)) in any \(human(window))"
    case .continuousUse(let signal, let slot, let span, let atLeast):
        let isCounter = home.signals[signal.index].quantity?.isCumulative ?? true
        let (much, name, slot, span) = (amount(atLeast, signal), name(signal), human(slot), human(span))
        return isCounter
            ? "when \(much) or more went through \(name) in every \(slot) of \(span)"
            : "when \(much) or more were drawn at \(name) in every \(slot) of \(span)"
    case .noActivity(let signals, let silence):
        return "when \(list(signals.map(name))) gave no sign of life \(text(of: silence))"
    case .inputActive(let signal, let holdFor, _):
        let chance = rule.spread > .zero ? " and, by chance, up to \(human(rule.spread)) more" : ""
        return condition(of: home.signals[signal.index], held: holdFor == .zero ? nil : human(holdFor) + chance)
    case .beyond(let signal, let limits, let holdFor):
        let sides = [
            limits.below.map { "below \(amount($0, signal))" }, limits.above.map { "above \(amount($0, signal))" },
        ]
        let span = holdFor == .zero ? "" : " for \(human(holdFor))"
        return "when \(name(signal)) is \(sides.compactMap { $0 }.joined(separator: " or "))\(span)"
    case .heatAndStill(let temperatures, let activity, let terms):
        let heat = quantityText(terms.above, of: .temperature)
        return
            "when \(list(temperatures.map(name), "or")) has been at \(heat) or more for \(human(terms.hotFor)) and \(list(activity.map(name))) gave no sign of life for \(human(terms.stillFor))"
    case .visitOverdue(let signal, let every):
        return "when \(signal.map(name) ?? "nobody") was not pressed for \(human(every)), and no visit was told of"
    case .notReturned(let signals, let after):
        return
            "when somebody has gone out by \(list(signals.map(name))), or away was set, and nobody is back after \(human(after)) and by the time that was said"
    case .activeWhileAway(let signals):
        return
            "when \(list(signals.map(name), "or")) shows somebody twice within half an hour in a home that was set to be empty"
    }
}

private func text(of silence: Silence) -> String {
    switch silence {
    case .lasting(let span): "for \(human(span))"
    case .through(let hours): "from \(hours.text), not once"
    case .within(let hours, let span, carries: true):
        "for \(human(span)), counted from \(hours.text) only and carried over from one day to the next"
    case .within(let hours, let span, carries: false):
        "for \(human(span)), counted from \(hours.text) only and anew each day"
    }
}

private func condition(of signal: SignalModel, held time: String?) -> String {
    let trouble: String? =
        switch signal.source {
        case .input(.mains): "mains power is lost"
        case .input(.battery): "the battery is nearly empty"
        default: nil
        }
    guard let trouble else {
        return time.map { "once \(signal.name) has been active for \($0)" } ?? "as soon as \(signal.name) is active"
    }
    return time.map { "once \(signal.name) has said for \($0) that \(trouble)" }
        ?? "as soon as \(signal.name) says that \(trouble)"
}

private func consequences(of rule: RuleModel, in home: HomeModel) -> [String] {
    var parts: [String] = []
    parts += rule.rises.map { "becomes \($0.severity.rawValue) after \(human($0.after))" }
    if let group = rule.confirmation {
        let names = list(group.signals.map { home.signals[$0.index].name }, "or")
        parts.append(
            "becomes \(rule.severity.rawValue) once \(names) agrees within \(human(group.within)), or none of them can be read"
        )
    }
    if rule.warnFor > .zero { parts.append("warns in the home for the last \(human(rule.warnFor)) before") }
    if rule.severity == .yellow, let quiet = home.quiet, !rule.isByInput {
        parts.append("waits from \(quiet.text) for the morning\(rule.rises.isEmpty ? "" : ", while it is yellow")")
    }
    if rule.clearAfter > .zero { parts.append("ends once all has been well for \(human(rule.clearAfter))") }
    switch rule.kind.awayPolicy == nil ? .judge : rule.away {
    case .judge: break
    case .restWhenSet: parts.append("rests while away is set")
    case .rest: parts.append("rests while nobody is in")
    }
    if rule.latched { parts.append("stays until somebody accepts it and the cause is gone") }
    return parts
}

/// When it cannot judge.
private func limits(of rule: RuleModel, in home: HomeModel) -> [String] {
    switch rule.kind {
    case .lowUse(let signal, _, _), .highUse(let signal, _, _), .continuousUse(let signal, _, _, _),
        .beyond(let signal, _, _):
        guard let silentAfter = home.signals[signal.index].silentAfter else { return [] }
        return ["cannot tell while the meter is silent for more than \(human(silentAfter))"]
    case .noActivity(let signals, let silence):
        return [
            "cannot tell while \(signals.count == 1 ? "it is" : "one of them is") missing\(signals.count == 1 ? "" : " and the others show nothing")"
        ] + withoutTime(silence)
    case .inputActive(let signal, _, _) where home.asks && home.signals[signal.index].source == .input(.panic):
        let longPress = human(home.signals[signal.index].longPress)
        return [
            "a press that answers a pre-alarm calls only if it is held for \(longPress)",
            "cannot tell while the line cannot be read",
        ]
    case .notReturned, .activeWhileAway: return []
    case .inputActive:
        return ["cannot tell while the line cannot be read"]
    case .heatAndStill(let temperatures, _, _):
        let which = temperatures.count == 1 ? "the temperature is" : "all temperatures are"
        return ["cannot tell while \(which) missing, or all signs of life are"]
    case .visitOverdue:
        return ["cannot tell while the line cannot be read"]
    }
}

/// What it does while the hub does not know what time it is.
private func withoutTime(_ silence: Silence) -> [String] {
    switch silence {
    case .lasting: []
    case .within: ["while the clock is not set, all hours count"]
    case .through(let hours): ["while the clock is not set, speaks after \(human(.days(1) + hours.length)) of silence"]
    }
}

extension RuleModel {
    fileprivate var isByInput: Bool { if case .inputActive = kind { true } else { false } }
}

extension SignalModel {
    fileprivate var quantity: Quantity? { if case .meter(let quantity) = source { quantity } else { nil } }
}

extension HomeModel {
    /// Somebody in the home is asked before an alert is raised, and can hear it.
    fileprivate var asks: Bool { hasSounder && rules.contains { $0.warnFor > .zero } }
}

private func list(_ names: [String], _ word: String = "and") -> String {
    names.count < 2
        ? names.joined() : names.dropLast().joined(separator: ", ") + " \(word) " + names[names.count - 1]
}

private func human(_ span: Span) -> String { span.text(separator: " ") }
