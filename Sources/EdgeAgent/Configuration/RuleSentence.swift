// What a rule will do, in one sentence for the person who wrote it.

import LocalRules

/// "no-water: speaks (orange) when less than 10 L went through water.volume in any 12 h; cannot tell while …"
func sentence(of rule: RuleModel, in home: HomeModel) -> String {
    ([opening(of: rule, in: home)] + consequences(of: rule) + limits(of: rule, in: home)).joined(separator: "; ")
}

private func opening(of rule: RuleModel, in home: HomeModel) -> String {
    func name(_ id: SignalID) -> String { home.signals[id.index].name }
    let severity = rule.severity.rawValue
    switch rule.kind {
    case .lowUse(let signal, let window, let below):
        let limit =
            if case .meter(let quantity) = home.signals[signal.index].source { quantityText(below, of: quantity) } else
            { "\(below)" }
        return "speaks (\(severity)) when less than \(limit) went through \(name(signal)) in any \(human(window))"
    case .noActivity(let signals, let silentFor):
        return "speaks (\(severity)) when \(list(signals.map(name))) gave no sign of life for \(human(silentFor))"
    case .inputActive(let signal, let holdFor, let request):
        let asked = request.map { ", request: \($0)" } ?? ""
        let chance = rule.spread > .zero ? " and, by chance, up to \(human(rule.spread)) more" : ""
        let time = holdFor == .zero ? nil : human(holdFor) + chance
        return "speaks (\(severity)\(asked)) \(condition(of: home.signals[signal.index], held: time))"
    case .notReturned(let signals, let after):
        return
            "speaks (\(severity)) when somebody has gone out by \(list(signals.map(name))), or away was set, and nobody is back after \(human(after)) and by the time that was said"
    case .activeWhileAway(let signals):
        return
            "speaks (\(severity)) when \(list(signals.map(name))) shows somebody twice within half an hour in a home that was set to be empty"
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

private func consequences(of rule: RuleModel) -> [String] {
    var parts: [String] = []
    if rule.warnFor > .zero { parts.append("warns in the home for the last \(human(rule.warnFor)) before") }
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
    case .lowUse(let signal, _, _):
        guard let silentAfter = home.signals[signal.index].silentAfter else { return [] }
        return ["cannot tell while the meter is silent for more than \(human(silentAfter))"]
    case .noActivity(let signals, _):
        return [
            "cannot tell while \(signals.count == 1 ? "it is" : "one of them is") missing\(signals.count == 1 ? "" : " and the others show nothing")"
        ]
    case .inputActive(let signal, _, _) where home.asks && home.signals[signal.index].source == .input(.panic):
        let longPress = human(home.signals[signal.index].longPress)
        return [
            "a press that answers a pre-alarm calls only if it is held for \(longPress)",
            "cannot tell while the line cannot be read",
        ]
    case .notReturned, .activeWhileAway: return []
    case .inputActive:
        return ["cannot tell while the line cannot be read"]
    }
}

extension HomeModel {
    /// Somebody in the home is asked before an alert is raised, and can hear it.
    fileprivate var asks: Bool { hasSounder && rules.contains { $0.warnFor > .zero } }
}

private func list(_ names: [String]) -> String {
    names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
}

private func human(_ span: Span) -> String { span.text(separator: " ") }
