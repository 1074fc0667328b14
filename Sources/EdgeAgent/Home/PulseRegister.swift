// A meter's register that we keep ourselves: its pulses, counted by the lines thread from its start on, added up over
// all runs. Pure.

import LocalRules

/// What one input's pulses have come to, in base units. It only grows.
struct PulseRegister: Sendable {
    /// What must survive a restart.
    struct Memory: Hashable, Codable, Sendable {
        /// Base units from before the first of `pulses`: of an earlier worth of a pulse.
        var base: Int64 = 0
        var pulses: Int64 = 0

        /// A memory from damaged storage may say anything; what it says must at least be possible.
        var isSound: Bool { base >= 0 && pulses >= 0 }
    }

    private let scale: Scale
    private(set) var memory: Memory
    /// What the lines thread had counted when it last said so.
    private var counted: Int64 = 0

    /// - Parameter scale: base units a pulse.
    init(scale: Scale, memory: Memory?) {
        self.scale = scale
        self.memory = memory ?? Memory()
    }

    /// Names the worth of a pulse: where it has changed, the total so far stays and the count begins anew.
    var form: String { "pulse \(scale.numerator)/\(scale.denominator)" }

    /// Beyond 64 bits it stands still, which no home lives to see.
    var total: Int64 {
        Int64(clamping: Int128(memory.base) + Int128(scale.baseUnits(memory.pulses) ?? .max))
    }

    /// The total after the lines thread says that it has counted so many pulses since the process started.
    mutating func take(count: Int64) -> Int64 {
        let (pulses, overflow) = memory.pulses.addingReportingOverflow(max(0, count - counted))
        memory.pulses = overflow ? .max : pulses
        counted = max(counted, count)
        return total
    }
}
