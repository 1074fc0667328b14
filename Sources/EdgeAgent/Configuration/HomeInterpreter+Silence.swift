// Rules about absence: no-activity in its three modes, heat-and-still, visit-overdue; and what makes them worse.

import Drivers
import LocalRules

extension HomeInterpreter {
    /// Only upstream's weather command sets it, so no meter declares it.
    static let outsideTemperature = "temperature.outside"

    /// Adds that signal where a rule names it and nothing measures it.
    mutating func addOutsideTemperature(for rules: [TableReader<RuleKey>]) {
        let name = HomeInterpreter.outsideTemperature
        guard !signals.contains(where: { $0.name == name }) else { return }
        for reader in rules {
            let names = reader.strings(.signals) ?? []
            let single = reader.text(.signal).flatMap { text in
                reader.place(of: .signal).map { Located(value: text, position: $0.position, key: $0.key) }
            }
            guard let place = (names + [single].compactMap { $0 }).first(where: { $0.value == name }) else { continue }
            _ = addSignal(
                SignalModel(
                    name: name, source: .meter(.temperature), silentAfter: ConfigurationDefaults.weatherLasts),
                detail: SignalDetail(place: place), unit: MeasurementUnit.named("degC", of: .temperature))
            return
        }
    }

    func noActivity(_ name: String, _ reader: TableReader<RuleKey>) -> RuleModel? {
        reader.require(.signals, advice: "such as signals = [\"motion.bedroom\", \"water.volume\"]")
        if !reader.has(.between) {
            reader.require(.silentFor, advice: "how long without a sign of life, such as \"12h\"")
        }
        let silentFor = reader.span(.silentFor, in: ConfigurationLimits.window)
        let ids = uniqueSignals(reader).compactMap { activitySignal($0, reader) }
        let silence = silence(silentFor, reader)
        let (whole, key): (Span?, RuleKey) =
            if case .through(let hours)? = silence { (hours.length, .between) } else { (silentFor, .silentFor) }
        let standard = whole.map { ConfigurationDefaults.warnFor(silentFor: $0) } ?? .zero
        let warnFor = warnFor(reader, standard: standard, before: whole, key)
        guard !ids.isEmpty, let silence, let whole else { return nil }
        checkPolls(whole, key, of: ids, reader)
        return model(
            .noActivity(signals: ids, silence: silence), name, reader, severity: .orange, warnFor: warnFor,
            rising: whole)
    }

    /// Which mode: by which of `silent-for` and `between` is there.
    private func silence(_ silentFor: Span?, _ reader: TableReader<RuleKey>) -> Silence? {
        let carries = reader.boolean(.carry)
        guard reader.has(.between) else {
            for key in [RuleKey.weekdays, .carry] where reader.has(key) {
                reader.report(
                    .keyDoesNotApply, key, "\"\(key.rawValue)\" goes with \"between\"",
                    advice: "add between = [\"07:00\", \"22:00\"], or remove it")
            }
            return silentFor.map { .lasting($0) }
        }
        guard let (from, until) = reader.hours(.between) else { return nil }
        let hours = DailyHours(from: from, until: until, weekdays: reader.weekdays(.weekdays) ?? .all)
        guard reader.has(.silentFor) else {
            if carries != nil {
                reader.report(
                    .keyDoesNotApply, .carry, "\"carry\" goes with \"silent-for\": without, the hours are judged whole",
                    advice: "add silent-for = \"10h\", or remove it")
            }
            return .through(hours)
        }
        guard let silentFor else { return nil }
        let most = carries == true ? hours.length * ConfigurationLimits.carriedDays : hours.length
        if silentFor > most {
            reader.report(
                .neverSpeaks, .silentFor,
                "\(silentFor.text()) do not fit into \(carries == true ? "\(ConfigurationLimits.carriedDays) days of " : "")\(hours.text)",
                advice: carries == true ? "shorten it" : "shorten it, or let it count over the night with carry = true")
        }
        return .within(hours, silentFor, carries: carries ?? false)
    }

    private func uniqueSignals(_ reader: TableReader<RuleKey>) -> [Located<String>] {
        var seen: Set<String> = []
        return (reader.strings(.signals) ?? []).filter { place in
            if seen.insert(place.value).inserted { return true }
            reader.report(.duplicateName, at: place, "\"\(place.value)\" stands here twice", advice: "remove one")
            return false
        }
    }

    func heatAndStill(_ name: String, _ reader: TableReader<RuleKey>) -> RuleModel? {
        reader.require(
            .signals,
            advice:
                "temperatures and signs of life, such as [\"\(HomeInterpreter.outsideTemperature)\", \"motion.hall\"]")
        let above = reader.amount(.above, of: .temperature) ?? ConfigurationDefaults.heat
        let hysteresis =
            reader.amount(.hysteresis, of: .temperature)
            ?? ConfigurationDefaults.hysteresis(of: .temperature, limit: above)
        let stillFor = reader.span(.stillFor, in: ConfigurationLimits.window) ?? ConfigurationDefaults.stillFor
        let hotFor = reader.span(.for, in: ConfigurationLimits.holdFor) ?? ConfigurationDefaults.beyondFor
        let warnFor = warnFor(
            reader, standard: ConfigurationDefaults.warnFor(silentFor: stillFor), before: stillFor, .stillFor)
        var (temperatures, activity): ([SignalID], [SignalID]) = ([], [])
        for place in uniqueSignals(reader) {
            guard let index = signals.firstIndex(where: { $0.name == place.value }) else {
                _ = find(place, reader)
                continue
            }
            if signals[index].source == .meter(.temperature) {
                temperatures.append(SignalID(index))
            } else if let id = activitySignal(place, reader) {
                activity.append(id)
            }
        }
        guard !temperatures.isEmpty, !activity.isEmpty else {
            if reader.has(.signals), !log.issues.contains(where: \.isError) {
                reader.report(
                    .signalDoesNotFit, .signals,
                    "needs a temperature and a sign of life, and has no \(temperatures.isEmpty ? "temperature" : "sign of life")",
                    advice:
                        "add \"\(temperatures.isEmpty ? HomeInterpreter.outsideTemperature : "motion.hall")\", or the like"
                )
            }
            return nil
        }
        checkPolls(stillFor, .stillFor, of: activity, reader)
        return model(
            .heatAndStill(
                temperatures: temperatures, activity: activity,
                terms: HeatTerms(above: above, hysteresis: hysteresis, hotFor: hotFor, stillFor: stillFor)),
            name, reader, severity: .orange, warnFor: warnFor, rising: stillFor)
    }

    func visitOverdue(_ name: String, _ reader: TableReader<RuleKey>) -> RuleModel? {
        reader.require(.every, advice: "how often somebody comes, such as \"7d\"")
        reader.require(.signal, advice: "the input that visitors press")
        let every = reader.span(.every, in: ConfigurationLimits.visits)
        let warnFor = warnFor(reader, standard: .zero, before: every, .every)
        guard let (id, place) = ruleSignal(reader) else { return nil }
        guard signals[id.index].source == .input(.visit) else {
            reader.report(
                .signalDoesNotFit, at: place, "\"\(place.value)\" is no visit input",
                advice: "an [[input]] of kind \"visit\"")
            return nil
        }
        guard let every else { return nil }
        return model(
            .visitOverdue(signal: id, every: every), name, reader, severity: .yellow, warnFor: warnFor, rising: every)
    }

    /// `rise = { orange = "20h", red = "36h" }`: each longer and more severe than the one before.
    func rises(from severity: Severity, after first: Span, _ reader: TableReader<RuleKey>) -> [Rise] {
        guard let rises = reader.subtable(.rise, RiseKey.self, form: "rise = { orange = \"20h\", red = \"36h\" }")
        else { return [] }
        var (severity, longest) = (severity, first)
        var found: [Rise] = []
        for (key, next) in [(RiseKey.yellow, Severity.yellow), (.orange, .orange), (.red, .red)] {
            guard let after = rises.span(key, in: ConfigurationLimits.rise) else { continue }
            guard next.isMoreUrgent(than: severity), after > longest else {
                rises.report(
                    .noRise, key,
                    "\(key.rawValue) after \(after.text()) is no rise from \(severity.rawValue) after \(longest.text())",
                    advice: "each step is longer and more severe than the one before: yellow, orange, red")
                continue
            }
            (severity, longest) = (next, after)
            found.append(Rise(after: after, severity: next))
        }
        return found
    }
}

extension Severity {
    fileprivate func isMoreUrgent(than other: Severity) -> Bool {
        let order: [Severity] = [.technical, .yellow, .orange, .red]
        return (order.firstIndex(of: self) ?? 0) > (order.firstIndex(of: other) ?? 0)
    }
}
