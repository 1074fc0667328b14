// Sample → Reading: what a driver got becomes what a signal was worth, in base units.

import Drivers
import LocalRules

/// Interprets the samples of one home. Where a counter's jumps will be told apart (roll-over, glitch,
/// replaced meter) before the rules see them.
struct Interpreter: Sendable {
    private let scales: [Scale?]

    /// `scales` as in `HomeConfiguration.scales`: by channel, nil for inputs.
    init(scales: [Scale?]) { self.scales = scales }

    /// nil for a channel that is not of this home.
    func reading(of sample: Sample, at time: Instant) -> Reading? {
        guard scales.indices.contains(sample.channel.index) else { return nil }
        let signal = SignalID(sample.channel.index)
        guard case .value(let raw) = sample.outcome else { return .missing(signal, at: time) }
        guard let value = (scales[sample.channel.index] ?? Scale(numerator: 1, denominator: 1)).apply(to: raw) else {
            return Reading(signal: signal, time: time, value: 0, quality: .suspect)
        }
        return Reading(signal: signal, time: time, value: value)
    }
}

extension Scale {
    /// Base units; nil where they do not fit 64 bits (9.2 million m3 of water: no meter in a home counts that).
    func apply(to raw: RawValue) -> Int64? {
        switch raw {
        case .integer(let count):
            return apply(to: count)
        case .real(let value):
            // A float register holds no more than its float: scaled once, rounded once, integer from here on.
            let scaled = (value * Double(numerator) / Double(denominator)).rounded()
            return Int64(exactly: scaled)
        }
    }

    func apply(to count: Int64) -> Int64? {
        let product = count.magnitude.multipliedFullWidth(by: numerator.magnitude)
        let divisor = denominator.magnitude
        guard divisor > 0, product.high < divisor else { return nil }
        var (quotient, remainder) = divisor.dividingFullWidth(product)
        if remainder >= divisor - remainder {
            guard quotient < UInt64.max else { return nil }
            quotient += 1
        }
        let isNegative = (count < 0) != (numerator < 0) && quotient != 0
        return isNegative ? (quotient <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- quotient) : nil) : Int64(exactly: quotient)
    }
}
