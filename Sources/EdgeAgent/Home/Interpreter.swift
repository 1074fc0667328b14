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
        let scale = scales[sample.channel.index] ?? Scale(numerator: 1, denominator: 1)
        guard let value = scale.baseUnits(of: raw) else {
            // Beyond 64 bits: 9 billion cubic metres of water. No meter counts that.
            return Reading(signal: signal, time: time, value: 0, quality: .suspect)
        }
        return Reading(signal: signal, time: time, value: value)
    }
}

extension Scale {
    /// A raw register in base units; nil beyond 64 bits.
    func baseUnits(of raw: RawValue) -> Int64? {
        switch raw {
        case .integer(let count): baseUnits(count)
        // A float register holds no more than its float: scaled once, rounded once, integer from here on.
        case .real(let value): baseUnits(value)
        case .decimal(let digits, let exponent): times(powerOfTen: exponent)?.baseUnits(digits)
        }
    }
}
