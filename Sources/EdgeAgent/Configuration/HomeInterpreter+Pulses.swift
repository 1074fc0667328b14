// Meters that have no bus but a pulse output: so much water or energy for each pulse on a line.

import Drivers
import LocalRules

private enum PulseQuantity: String, CaseIterable {
    case volume, energy
    var quantity: Quantity { self == .volume ? .volume : .energy }
}

/// What the pulses of an input count.
struct PulseMeter {
    var quantity: Quantity
    /// Base units a pulse.
    var scale: Scale
    /// In which it was written, and in which recorded readings stand.
    var unit: MeasurementUnit
    var plan: PulsePlan
}

extension TableReader where Key == InputKey {
    /// nil for an input that is followed and not counted, and after an error.
    func pulseMeter(_ kind: InputKind) -> PulseMeter? {
        guard kind == .pulse, has(.quantity) || has(.perPulse) else {
            for key in [InputKey.quantity, .perPulse, .minimumWidth] where has(key) {
                report(
                    .keyDoesNotApply, key, "nothing is counted here",
                    advice: "it goes with kind = \"pulse\" and a \"quantity\"; else remove it")
            }
            if kind == .pulse {
                report(
                    .pulsesNotCounted, .kind, "these pulses are signs of life and nothing more: nothing is counted",
                    advice: "add quantity = \"volume\" or \"energy\", and per-pulse such as \"1 L\"")
            }
            return nil
        }
        require(.quantity, advice: "\"volume\" or \"energy\"")
        require(.perPulse, advice: "what one pulse stands for, such as \"1 L\" or \"1 Wh\"; the meter's plate says it")
        if has(.debounce) {
            report(
                .keyDoesNotApply, .debounce, "pulses that are counted have a \"minimum-width\" instead",
                advice: "remove it, or rename it to minimum-width")
        }
        let width = span(.minimumWidth, in: ConfigurationLimits.pulseWidth) ?? ConfigurationDefaults.pulseWidth
        guard let quantity = word(.quantity, of: PulseQuantity.self)?.quantity,
            let (decimal, unit) = measure(.perPulse, of: quantity),
            let scale = perPulse(decimal, unit, quantity)
        else { return nil }
        return PulseMeter(
            quantity: quantity, scale: scale, unit: unit,
            plan: PulsePlan(minimumWidthMilliseconds: Int(width.milliseconds)))
    }

    /// Base units a pulse, exactly: 3200 pulses a kilowatt-hour are 312.5 mWh each.
    private func perPulse(_ decimal: ExactDecimal, _ unit: MeasurementUnit, _ quantity: Quantity) -> Scale? {
        let most = ConfigurationLimits.perPulse(of: quantity)
        guard let scale = decimal.scale(by: unit.factor), let whole = scale.baseUnits(1 as Int64), whole >= 1,
            whole <= most
        else {
            report(
                .outOfRange, .perPulse, "no meter's pulse stands for that",
                advice:
                    "between 1 \(MeasurementUnit.all(of: quantity)[0].symbol) and \(quantityText(most, of: quantity))")
            return nil
        }
        return scale
    }
}
