// Rules, and those nobody had to write.

import Drivers
import LocalRules

enum RuleKind: String, CaseIterable {
    case lowUse = "low-use"
    case highUse = "high-use"
    case continuousUse = "continuous-use"
    case noActivity = "no-activity"
    case inputActive = "input-active"
    case beyond
    case heatAndStill = "heat-and-still"
    case visitOverdue = "visit-overdue"
    case notReturned = "not-returned"
    case activeWhileAway = "active-while-away"

    /// Kinds of rules.md that this version does not judge yet.
    static let later = ["departure", "composite"]

    var keys: [RuleKey] {
        let common: [RuleKey] = [.name, .kind, .severity, .warnFor, .clearAfter, .latched]
        return switch self {
        case .lowUse: common + [.signal, .window, .below, .away]
        case .highUse: common + [.signal, .window, .above]
        case .continuousUse: common + [.signal, .slot, .span, .atLeast, .rise]
        case .noActivity: common + [.signals, .silentFor, .between, .weekdays, .carry, .rise, .away]
        case .inputActive: common + [.signal, .for, .spread, .rise, .confirm, .confirmWithin]
        case .beyond: common + [.signal, .above, .below, .hysteresis, .for, .rise]
        case .heatAndStill: common + [.signals, .above, .hysteresis, .for, .stillFor, .rise, .away]
        case .visitOverdue: common + [.signal, .every, .rise]
        case .notReturned: [.name, .kind, .severity, .clearAfter, .latched, .signals, .after, .rise]
        case .activeWhileAway: [.name, .kind, .severity, .clearAfter, .latched, .signals]
        }
    }
}

extension HomeInterpreter {
    mutating func readRules(_ root: TableReader<RootKey>) -> [RuleModel] {
        var names: [String] = []
        var watched: Set<String> = []
        var rules: [RuleModel] = []
        let readers = root.subtables(.rule, RuleKey.self, atMost: ConfigurationLimits.rules)
        addOutsideTemperature(for: readers)
        for reader in readers {
            reader.require(.name, advice: "such as \"no-water\"; alerts are called by it")
            reader.require(.kind, advice: "one of \(RuleKind.allCases.map(\.rawValue).joined(separator: ", "))")
            let name = ruleName(reader)
            if let name { reader.claim(name, in: &names, "rule", .name) }
            watched.formUnion((reader.strings(.signals) ?? []).map(\.value))
            if let signal = reader.text(.signal) { watched.insert(signal) }
            guard let kind = ruleKind(reader), let name, let rule = rule(kind, name, reader) else { continue }
            rules.append(rule)
            writtenRules.append(WrittenRule(rule: rule, reader: reader))
        }
        let recommended = recommendedRules(root)
        rules += recommended
        names += recommended.map(\.name)
        watched.formUnion(recommended.flatMap(\.kind.signals).map { signals[$0.index].name })
        return rules + implicitRules(beside: rules, written: names, watched: watched)
            + implicitModeRules(beside: rules, written: names)
    }

    private func ruleName(_ reader: TableReader<RuleKey>) -> String? {
        guard let name = reader.name(.name) else { return nil }
        // The agent's own alerts are called so, and two alerts of one name could not be told apart.
        guard name != "silent-sensor",
            ![".masked", ".blind", ".suspect", ".constant", ".re-test"].contains(where: name.hasSuffix)
        else {
            reader.report(
                .badName, .name, "\"\(name)\" is a name that the agent gives itself", advice: "choose another name")
            return nil
        }
        return name
    }

    private func ruleKind(_ reader: TableReader<RuleKey>) -> RuleKind? {
        if case .string("silent-sensor")? = reader.table[RuleKey.kind.rawValue]?.value.content {
            reader.report(
                .keyDoesNotApply, .kind, "silent-sensor watches every signal by itself and is not written",
                advice: "remove the rule; set silent-after at the meter or input")
            return nil
        }
        guard let kind = reader.word(.kind, of: RuleKind.self, later: RuleKind.later) else { return nil }
        for key in RuleKey.allCases where reader.has(key) && !kind.keys.contains(key) {
            reader.report(
                .keyDoesNotApply, key, "a \(kind.rawValue) rule has no \"\(key.rawValue)\"",
                advice: "its keys: \(kind.keys.map(\.rawValue).joined(separator: ", "))")
        }
        return kind
    }

    private func rule(_ kind: RuleKind, _ name: String, _ reader: TableReader<RuleKey>) -> RuleModel? {
        switch kind {
        case .lowUse: lowUse(name, reader)
        case .highUse: highUse(name, reader)
        case .continuousUse: continuousUse(name, reader)
        case .noActivity: noActivity(name, reader)
        case .inputActive: inputActive(name, reader)
        case .beyond: beyond(name, reader)
        case .heatAndStill: heatAndStill(name, reader)
        case .visitOverdue: visitOverdue(name, reader)
        case .notReturned: notReturned(name, reader)
        case .activeWhileAway: activeWhileAway(name, reader)
        }
    }

    // MARK: The kinds

    private func lowUse(_ name: String, _ reader: TableReader<RuleKey>) -> RuleModel? {
        reader.require(.window, advice: "how far it looks back, such as \"12h\"")
        reader.require(.below, advice: "the limit, such as \"0.01 m3\" or \"500 Wh\"")
        let window = reader.span(.window, in: ConfigurationLimits.window)
        let warnFor = warnFor(reader, standard: .zero, before: window, .window)
        guard let (signal, quantity) = useSignal(.lowUse, reader), let below = reader.amount(.below, of: quantity),
            let window
        else { return nil }
        checkPolls(window, .window, of: [signal], reader)
        checkResolution(below, .below, of: signal, quantity, reader)
        return model(
            .lowUse(signal: signal, window: window, below: below), name, reader, severity: .orange, warnFor: warnFor,
            latched: false)
    }

    private func inputActive(_ name: String, _ reader: TableReader<RuleKey>) -> RuleModel? {
        let holdFor = reader.span(.for, in: ConfigurationLimits.holdFor) ?? .zero
        guard let (id, place) = ruleSignal(reader) else { return nil }
        guard case .input(let kind) = signals[id.index].source else {
            reader.report(
                .signalDoesNotFit, at: place, "\"\(place.value)\" is a meter's signal",
                advice: "input-active rules watch an [[input]]")
            return nil
        }
        guard kind != .ok else {
            reader.report(
                .signalDoesNotFit, at: place, "\"\(place.value)\" says that all is well and alerts nobody",
                advice: "for a button that calls, make its kind \"panic\" or \"service\"")
            return nil
        }
        if kind.isSafety { checkSafety(kind, holdFor, reader) }
        let warnFor = warnFor(reader, standard: .zero, before: holdFor, .for)
        var rule = model(
            .inputActive(signal: id, holdFor: holdFor, request: details[id.index].request), name, reader,
            severity: ConfigurationDefaults.severity(input: kind), warnFor: warnFor,
            latched: kind.isLatched, rising: max(holdFor, .seconds(1)))
        rule.spread = reader.span(.spread, in: ConfigurationLimits.spread) ?? .zero
        rule.confirmation = confirmation(of: id, kind, rule.severity, reader)
        return rule
    }

    /// - Parameter rising: what `rise` must be longer than; nil: this kind has none.
    func model(
        _ kind: RuleModel.Kind, _ name: String, _ reader: TableReader<RuleKey>, severity: Severity,
        warnFor: Span = .zero, latched: Bool = false, rising: Span? = nil
    ) -> RuleModel {
        let severity = reader.word(.severity, of: Severity.self) ?? severity
        return RuleModel(
            name: name, kind: kind, severity: severity, warnFor: warnFor,
            clearAfter: reader.span(.clearAfter, in: ConfigurationLimits.clearAfter) ?? .zero,
            latched: reader.boolean(.latched) ?? latched,
            rises: rising.map { rises(from: severity, after: $0, reader) } ?? [], away: awayPolicy(kind, reader))
    }

    // MARK: Signals of rules

    func find(_ place: Located<String>, _ reader: TableReader<RuleKey>) -> SignalID? {
        if let index = signals.firstIndex(where: { $0.name == place.value }) { return SignalID(index) }
        let isExcused = brokenOwners.contains { place.value == $0 || place.value.hasPrefix($0 + ".") }
        if !isExcused {
            reader.report(
                .unknownSignal, at: place, "no signal is called \"\(place.value)\"",
                advice: adviceOfWords(place.value, known: signals.map(\.name), whatTheyAre: "signals"))
        }
        return nil
    }

    func ruleSignal(_ reader: TableReader<RuleKey>) -> (SignalID, Located<String>)? {
        reader.require(.signal, advice: "the name of an input, or <meter>.<register>, such as \"water.volume\"")
        guard let name = reader.text(.signal), var place = reader.place(of: .signal) else { return nil }
        place.value = name
        return find(place, reader).map { ($0, place) }
    }

    func useSignal(_ kind: RuleKind, _ reader: TableReader<RuleKey>) -> (SignalID, Quantity)? {
        guard let (id, place) = ruleSignal(reader) else { return nil }
        if case .meter(let quantity) = signals[id.index].source, quantity.isCumulative { return (id, quantity) }
        reader.report(
            .signalDoesNotFit, at: place, "\"\(place.value)\" does not count what is used",
            advice: "\(kind.rawValue) rules watch a volume or an energy")
        return nil
    }

    func activitySignal(_ place: Located<String>, _ reader: TableReader<RuleKey>) -> SignalID? {
        guard let id = find(place, reader) else { return nil }
        let isSign =
            switch signals[id.index].source {
            case .meter(let quantity): quantity.isCumulative
            case .input(let kind): kind.isSignOfLife
            }
        if case .meter(.energy) = signals[id.index].source {
            reader.report(
                .countsByItself, at: place,
                "\"\(place.value)\" also goes up by itself (refrigerator, router): this rule may never speak",
                advice: "leave it out where anything runs day and night")
        }
        if isSign { return id }
        reader.report(
            .signalDoesNotFit, at: place, "\"\(place.value)\" is no sign of life",
            advice: "inputs of kind motion, door, panic, service, visit, ok or pulse; volumes and energies of meters")
        return nil
    }

    // MARK: Contradictions

    func warnFor(_ reader: TableReader<RuleKey>, standard: Span, before whole: Span?, _ key: RuleKey) -> Span {
        guard let warnFor = reader.span(.warnFor, in: ConfigurationLimits.warnFor) else { return standard }
        if let whole, warnFor > .zero, warnFor >= whole {
            reader.report(
                .warnsTooEarly, .warnFor,
                "the warning (\(warnFor.text())) is not shorter than \"\(key.rawValue)\" (\(whole.text()))",
                advice: "shorten warn-for: it is the last part of the wait, not an addition")
        }
        return warnFor
    }

    func checkPolls(_ span: Span, _ key: RuleKey, of ids: [SignalID], _ reader: TableReader<RuleKey>) {
        for id in ids {
            guard let poll = details[id.index].poll, span < poll * ConfigurationLimits.pollsInWindow else { continue }
            reader.report(
                .shorterThanPolls, key,
                "\(span.text()) is shorter than two polls of \(signals[id.index].name) (\(poll.text()) each)",
                advice: "lengthen \"\(key.rawValue)\", or poll the meter more often")
        }
    }

    /// rules.md §3.2: a register in steps of q says of n counts only that the use lies in (n−1, n+1)·q.
    func checkResolution(
        _ below: Int64, _ key: RuleKey, of id: SignalID, _ quantity: Quantity, _ reader: TableReader<RuleKey>
    ) {
        guard let step = details[id.index].step?.baseUnits(1 as Int64) else { return }
        let limit = quantityText(below, of: quantity), count = quantityText(step, of: quantity)
        if step > below {
            reader.report(
                .resolutionTooCoarse, key,
                "\(limit) cannot be told apart: one count of \(signals[id.index].name) is \(count)",
                advice:
                    "a limit of \(count) or more (better \(quantityText(clampedTimes(step, ConfigurationLimits.countsInLimit), of: quantity))), or a finer meter"
            )
        } else if below < clampedTimes(step, ConfigurationLimits.countsInLimit) {
            reader.report(
                .resolutionCoarse, key,
                "\(limit) is only \(below / step) counts of \(signals[id.index].name) (\(count) each): uses near the limit are judged wrongly",
                advice: "a longer window with a higher limit, or a finer meter")
        }
    }

    private func clampedTimes(_ a: Int64, _ b: Int64) -> Int64 {
        let (product, overflow) = a.multipliedReportingOverflow(by: b)
        return overflow ? .max : product
    }

    /// Smoke and panic: immediate, loud, latched. What weakens that is refused or at least said.
    private func checkSafety(_ kind: InputKind, _ holdFor: Span, _ reader: TableReader<RuleKey>) {
        if reader.text(.severity) == Severity.technical.rawValue {
            reader.report(
                .safetySeverity, .severity, "\(kind.rawValue) is never technical: nobody in the home would be helped",
                advice: "severity = \"red\"")
        }
        if holdFor > ConfigurationLimits.safetyHoldFor {
            reader.report(
                .safetyDelayed, .for, "\(kind.rawValue) would wait \(holdFor.text())",
                advice: "at most \(ConfigurationLimits.safetyHoldFor.text()), against a press by mistake; better none")
        }
        if reader.text(.spread).flatMap(Span.parse) ?? .zero > .zero {
            reader.report(.safetyDelayed, .spread, "\(kind.rawValue) does not wait by chance", advice: "remove spread")
        }
        if reader.has(.warnFor), reader.text(.warnFor).flatMap(Span.parse) != .zero {
            reader.report(.safetyDelayed, .warnFor, "\(kind.rawValue) has no pre-alarm", advice: "remove warn-for")
        }
        if reader.boolean(.latched) == false {
            reader.report(
                .safetyWeakened, .latched,
                "this \(kind.rawValue) alert ends by itself, perhaps before anybody has seen it",
                advice: "remove latched = false")
        }
        if let severity = reader.text(.severity),
            severity == Severity.orange.rawValue || severity == Severity.yellow.rawValue
        {
            reader.report(
                .safetyWeakened, .severity, "this \(kind.rawValue) alert is only \(severity)",
                advice: "severity = \"red\", unless this is a test")
        }
    }

    // MARK: What nobody had to write

    /// A smoke detector, a panic button, a service button or a power line that no rule watches would be a decoration.
    private func implicitRules(beside rules: [RuleModel], written names: [String], watched: Set<String>) -> [RuleModel]
    {
        var implicit: [RuleModel] = []
        for (index, signal) in signals.enumerated() {
            guard case .input(let kind) = signal.source else { continue }
            let place = details[index].place
            let isWatchedByName = watched.contains(signal.name)
            let hasOwnRule = rules.contains { rule in
                if case .inputActive(SignalID(index), _, _) = rule.kind { true } else { false }
            }
            let standard = ConfigurationDefaults.rule(
                of: SignalID(index), named: signal.name, kind, request: details[index].request)
            if let standard {
                guard !hasOwnRule else { continue }
                if names.contains(signal.name) {
                    // Also reached when that rule is meant for this input but has an error of its own.
                    if log.issues.contains(where: \.isError) { continue }
                    log.report(
                        .duplicateName, file: file, at: place.position, key: place.key,
                        "the rule \"\(signal.name)\" has the name of this input's implicit rule but watches something else",
                        advice: "rename that rule, or write an input-active rule for this input")
                    continue
                }
                implicit.append(standard)
                note(
                    .implicitRule, place,
                    "no input-active rule watches this \(kind.rawValue) input: the rule \"\(signal.name)\" (\(standard.severity.rawValue)) was added",
                    advice: "nothing to do; write a [[rule]] to choose otherwise")
            } else if !isWatchedByName, kind != .ok, kind != .away {
                note(
                    .unwatchedInput, place,
                    "no rule watches \"\(signal.name)\": it is recorded and sent, but never alerts",
                    advice: "add a [[rule]], or leave it so")
            }
        }
        return implicit
    }

    private func note(_ code: IssueCode, _ place: Located<String>, _ message: String, advice: String) {
        log.report(code, file: file, at: place.position, key: place.key, message, advice: advice)
    }
}
