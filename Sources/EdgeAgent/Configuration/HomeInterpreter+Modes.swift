// Rules about going out and coming back, and what nobody had to write about it.

import LocalRules

extension HomeInterpreter {
    func notReturned(_ name: String, _ reader: TableReader<RuleKey>) -> RuleModel? {
        let after = reader.span(.after, in: ConfigurationLimits.notReturned) ?? ConfigurationDefaults.notReturned
        let leaving = signalsWhere(reader) { $0.isExit || $0.source == .input(.away) }
        guard let leaving = some(leaving, reader, advice: "add an [[input]] of kind \"door\" or \"away\"") else {
            return nil
        }
        return model(
            .notReturned(signals: leaving, after: after), name, reader, severity: .yellow, rising: after)
    }

    func activeWhileAway(_ name: String, _ reader: TableReader<RuleKey>) -> RuleModel? {
        let inside = signalsWhere(reader, \.isInside)
        guard let inside = some(inside, reader, advice: "add an input of kind \"motion\", or a water meter") else {
            return nil
        }
        return model(
            .activeWhileAway(signals: inside), name, reader, severity: .yellow, latched: true)
    }

    /// The signals that the rule names, or all that fit.
    private func signalsWhere(_ reader: TableReader<RuleKey>, _ fits: (SignalModel) -> Bool) -> [SignalID] {
        guard reader.has(.signals) else { return signals.indices.filter { fits(signals[$0]) }.map(SignalID.init) }
        return (reader.strings(.signals) ?? []).compactMap { place in
            guard let id = find(place, reader) else { return nil }
            if fits(signals[id.index]) { return id }
            reader.report(
                .signalDoesNotFit, at: place, "\"\(place.value)\" does not say that",
                advice: "leave \"signals\" out: all that fit are taken")
            return nil
        }
    }

    private func some(_ ids: [SignalID], _ reader: TableReader<RuleKey>, advice: String) -> [SignalID]? {
        if !ids.isEmpty { return ids }
        if !reader.has(.signals), brokenOwners.isEmpty {
            reader.report(.signalDoesNotFit, .kind, "nothing in this home says that", advice: advice)
        }
        return nil
    }

    /// Where a door or a switch can make rules rest, somebody hears of whoever does not come back, and of whoever is
    /// in although nobody should be.
    func implicitModeRules(beside rules: [RuleModel], written names: [String]) -> [RuleModel] {
        let inside = signals.indices.filter { signals[$0].isInside }.map(SignalID.init)
        let leaving = signals.indices.filter {
            signals[$0].source == .input(.away) || signals[$0].isExit && !inside.isEmpty
        }.map(SignalID.init)
        guard !leaving.isEmpty, rules.contains(where: { $0.away != .judge }) else { return [] }
        var standard = [
            RuleModel(
                name: "not-returned", kind: .notReturned(signals: leaving, after: ConfigurationDefaults.notReturned),
                severity: .yellow, rises: ConfigurationDefaults.notReturnedRises)
        ]
        if !inside.isEmpty {
            standard.append(
                RuleModel(
                    name: "active-while-away", kind: .activeWhileAway(signals: inside), severity: .yellow,
                    latched: true))
        }
        let place = details[leaving[0].index].place
        return standard.filter { rule in
            guard !rules.contains(where: { $0.kind.name == rule.kind.name }), !names.contains(rule.name) else {
                return false
            }
            log.report(
                .implicitRule, file: file, at: place.position, key: place.key,
                "rules rest while nobody is in: the rule \"\(rule.name)\" (\(rule.severity.rawValue)) was added",
                advice: "nothing to do; write a [[rule]] of this kind to choose otherwise")
            return true
        }
    }

    /// What the rule says, or what its kind does by itself.
    func awayPolicy(_ kind: RuleModel.Kind, _ reader: TableReader<RuleKey>) -> AwayPolicy? {
        reader.word(.away, of: AwayPolicy.self) ?? kind.awayPolicy
    }

    /// Whether a door leads out of the home.
    func leadsOut(_ kind: InputKind?, _ reader: TableReader<InputKey>) -> Bool {
        if let kind, kind != .door, reader.has(.leadsOut) {
            reader.report(
                .keyDoesNotApply, .leadsOut, "only a door leads out of the home", advice: "remove it")
        }
        return reader.boolean(.leadsOut) ?? true
    }
}
