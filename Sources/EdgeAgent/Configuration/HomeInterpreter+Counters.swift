// What a configuration says about counters.

import LocalRules

extension Quantity {
    /// What a counter of this quantity counts, in base units an hour; nil for what is no counter.
    var rate: Quantity? {
        switch self {
        case .volume: .flow
        case .energy: .power
        default: nil
        }
    }
}

extension TableReader where Key == RegisterKey {
    /// The most that a register can count in an hour; nil for what is no counter, and after an error.
    func maxRate(of quantity: Quantity) -> Int64? {
        guard let rate = quantity.rate else {
            if has(.maxRate) {
                report(
                    .keyDoesNotApply, .maxRate, "\(quantity.rawValue) is not counted up",
                    advice: "remove it: only volume and energy have a \"max-rate\"")
            }
            return nil
        }
        guard has(.maxRate) else { return ConfigurationDefaults.maxRate(of: quantity) }
        let range = ConfigurationLimits.maxRate(of: quantity)
        guard let amount = amount(.maxRate, of: rate) else { return nil }
        guard range.contains(amount) else {
            let (least, most) = (quantityText(range.lowerBound, of: rate), quantityText(range.upperBound, of: rate))
            report(
                .outOfRange, .maxRate, "\(quantityText(amount, of: rate)) is not within \(least)...\(most)",
                advice: "the most that the meter can measure, such as its overload flow Q4 or its maximum current")
            return nil
        }
        return amount
    }
}
