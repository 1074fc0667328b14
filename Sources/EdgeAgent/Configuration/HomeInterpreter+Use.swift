// Rules about too much: high-use, continuous-use, beyond.

import Drivers
import LocalRules

extension HomeInterpreter {
    func highUse(_ name: String, _ reader: TableReader<RuleKey>) -> RuleModel? {
        reader.require(.window, advice: "how far it looks back, such as \"24h\"")
        reader.require(.above, advice: "the limit, such as \"2 m3\" or \"20 kWh\"")
        reader.noWarning()
        let window = reader.span(.window, in: ConfigurationLimits.window)
        guard let (signal, quantity) = useSignal(.highUse, reader), let above = reader.amount(.above, of: quantity),
            let window
        else { return nil }
        checkPolls(window, .window, of: [signal], reader)
        checkResolution(above, .above, of: signal, quantity, reader)
        return model(.highUse(signal: signal, window: window, above: above), name, reader, severity: .orange)
    }

    func continuousUse(_ name: String, _ reader: TableReader<RuleKey>) -> RuleModel? {
        reader.noWarning()
        let slot = reader.span(.slot, in: ConfigurationLimits.slot) ?? ConfigurationDefaults.slot
        let span = reader.span(.span, in: ConfigurationLimits.window) ?? ConfigurationDefaults.span
        if slot >= span {
            reader.report(
                .outOfRange, .slot, "a slot (\(slot.text())) is not shorter than the span (\(span.text()))",
                advice: "such as slot = \"30min\", span = \"24h\"")
        }
        guard let (signal, place) = ruleSignal(reader) else { return nil }
        guard case .meter(let quantity) = signals[signal.index].source, quantity.isCumulative || quantity == .power
        else {
            reader.report(
                .signalDoesNotFit, at: place, "\"\(place.value)\" does not say what is used",
                advice: "continuous-use rules watch a volume, an energy or a power")
            return nil
        }
        if quantity == .power {
            reader.require(.atLeast, advice: "the power of what was left on, such as \"1000 W\"")
        }
        let atLeast = reader.amount(.atLeast, of: quantity)
        if quantity == .power, atLeast == nil { return nil }
        checkPolls(slot, .slot, of: [signal], reader)
        let step = signals[signal.index].step
        if let atLeast, let step, step > atLeast { checkResolution(atLeast, .atLeast, of: signal, quantity, reader) }
        return model(
            .continuousUse(
                signal: signal, slot: slot, span: span,
                atLeast: atLeast ?? ConfigurationDefaults.atLeast(of: quantity, step: step)),
            name, reader, severity: .orange, rising: span)
    }

    func beyond(_ name: String, _ reader: TableReader<RuleKey>) -> RuleModel? {
        if !reader.has(.above), !reader.has(.below) {
            reader.report(
                .missingKey, .above, "a beyond rule needs \"above\" or \"below\", or both",
                advice: "such as below = \"12 degC\"")
        }
        let holdFor = reader.span(.for, in: ConfigurationLimits.holdFor) ?? ConfigurationDefaults.beyondFor
        let warnFor = warnFor(reader, standard: .zero, before: holdFor, .for)
        guard let (signal, place) = ruleSignal(reader) else { return nil }
        guard case .meter(let quantity) = signals[signal.index].source, !quantity.isCumulative else {
            reader.report(
                .signalDoesNotFit, at: place, "\"\(place.value)\" has no value that could be beyond a limit",
                advice:
                    "beyond rules watch a temperature, humidity, voltage, power or the like, not a counter or an input")
            return nil
        }
        let above = reader.amount(.above, of: quantity, isSigned: true)
        let below = reader.amount(.below, of: quantity, isSigned: true)
        guard let limit = above ?? below else { return nil }
        let standard = ConfigurationDefaults.hysteresis(of: quantity, limit: limit)
        let hysteresis = reader.amount(.hysteresis, of: quantity) ?? standard
        if let above, let below, above / 2 - below / 2 <= hysteresis {
            reader.report(
                .outOfRange, .above,
                "between \"below\" and \"above\" there is no room for the hysteresis (\(quantityText(hysteresis, of: quantity)))",
                advice: "limits that lie further apart, or a smaller hysteresis")
        }
        return model(
            .beyond(
                signal: signal, limits: ValueLimits(above: above, below: below, hysteresis: hysteresis),
                holdFor: holdFor),
            name, reader, severity: .yellow, warnFor: warnFor, rising: max(holdFor, .seconds(1)))
    }
}

extension TableReader<RuleKey> {
    /// Nothing can be done at home about what was used already.
    fileprivate func noWarning() {
        guard has(.warnFor), text(.warnFor).flatMap(Span.parse) != .zero else { return }
        report(
            .keyDoesNotApply, .warnFor, "a rule about use that is too much has no warning before it",
            advice: "remove warn-for")
    }
}
