// Groups: `confirm` and `confirm-within` of a rule that would be red.

import LocalRules

extension HomeInterpreter {
    /// nil: no group, or one with errors, which have been reported.
    func confirmation(
        of own: SignalID, _ kind: InputKind, _ severity: Severity, _ reader: TableReader<RuleKey>
    ) -> Confirmation? {
        let within = reader.span(.confirmWithin, in: ConfigurationLimits.confirmWithin)
        guard reader.has(.confirm) else {
            if reader.has(.confirmWithin) {
                reader.report(
                    .keyDoesNotApply, .confirmWithin, "\"confirm-within\" goes with \"confirm\"",
                    advice: "add confirm = [\"motion.hall\"], or remove it")
            }
            return nil
        }
        guard severity == .red else {
            reader.report(
                .keyDoesNotApply, .confirm,
                "only a red alert waits for a second sensor, and this one is \(severity.rawValue)",
                advice: "severity = \"red\", or remove confirm")
            return nil
        }
        checkGroup(of: kind, reader)
        var seen: Set<String> = []
        let places = reader.strings(.confirm) ?? []
        let signals = places.compactMap { place in
            if seen.insert(place.value).inserted { return confirming(place, beside: own, reader) }
            reader.report(.duplicateName, at: place, "\"\(place.value)\" stands here twice", advice: "remove one")
            return nil
        }
        if signals.count > ConfigurationLimits.confirming {
            reader.report(
                .outOfRange, .confirm, "a group has at most \(ConfigurationLimits.confirming) sensors beside its own",
                advice: "name those nearest to \(self.signals[own.index].name)")
        }
        guard !signals.isEmpty else { return nil }
        return Confirmation(signals: signals, within: within ?? ConfigurationDefaults.confirmWithin)
    }

    private func checkGroup(of kind: InputKind, _ reader: TableReader<RuleKey>) {
        if kind == .panic {
            reader.report(
                .safetyDelayed, .confirm, "whoever presses for help needs nobody to agree", advice: "remove confirm")
        } else if kind == .smoke {
            reader.report(
                .safetyWeakened, .confirm, "smoke in one room is only orange until another sensor agrees",
                advice: "remove confirm, unless this detector has a history of false alarms")
        }
    }

    private func confirming(
        _ place: Located<String>, beside own: SignalID, _ reader: TableReader<RuleKey>
    ) -> SignalID? {
        guard let id = find(place, reader) else { return nil }
        guard id != own else {
            reader.report(
                .signalDoesNotFit, at: place, "a sensor cannot agree with itself", advice: "name another sensor")
            return nil
        }
        switch signals[id.index].source {
        case .meter(let quantity) where quantity.isCumulative: return id
        case .input(let kind) where kind != .ok && kind != .away && kind != .mains && kind != .battery: return id
        default:
            reader.report(
                .signalDoesNotFit, at: place, "\"\(place.value)\" shows nothing that could agree",
                advice: "an input that becomes active, a door, or a meter's volume or energy")
            return nil
        }
    }
}
