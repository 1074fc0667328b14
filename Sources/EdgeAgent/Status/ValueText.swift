// Values with their units, for screens.

import LocalRules

enum ValueText {
    /// "412.316 m3", "1900.0 W", "active".
    static func text(_ value: Int64, of signal: SignalModel) -> String {
        switch signal.source {
        case .input: value == 0 ? "-" : "active"
        case .meter(let quantity): text(value, of: quantity)
        }
    }

    static func text(_ value: Int64, of quantity: Quantity) -> String {
        switch quantity {
        case .volume: decimal(value, per: 1_000_000, places: 3) + " m3"
        case .energy: decimal(value, per: 1_000_000, places: 3) + " kWh"
        case .power: decimal(value, per: 1000, places: 1) + " W"
        case .voltage: decimal(value, per: 1000, places: 1) + " V"
        case .current: decimal(value, per: 1000, places: 3) + " A"
        case .frequency: decimal(value, per: 1000, places: 2) + " Hz"
        case .temperature: decimal(value, per: 1000, places: 1) + " °C"
        case .humidity: decimal(value, per: 1000, places: 1) + " %"
        case .flow: decimal(value, per: 1000, places: 1) + " L/h"
        }
    }

    /// Cut off, never rounded up: a meter has not counted what it has not counted.
    private static func decimal(_ value: Int64, per unit: Int64, places: Int) -> String {
        let power = (0..<places).reduce(Int64(1)) { product, _ in product * 10 }
        let scaled = value.magnitude / UInt64(unit / power)
        let (whole, fraction) = scaled.quotientAndRemainder(dividingBy: UInt64(power))
        let digits = String(fraction)
        return (value < 0 ? "-" : "") + "\(whole)." + String(repeating: "0", count: places - digits.count) + digits
    }
}
