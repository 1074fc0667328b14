// What every driver hands on: raw, with a timestamp, and never "just nil".

/// A moment in nanoseconds of CLOCK_BOOTTIME (it counts through suspend and never jumps).
/// The agent may run its drivers on an accelerated boot clock; drivers only compare and add.
package struct BootTime: Hashable, Comparable, Sendable {
    package var nanoseconds: Int64
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    /// Later than any clock will show: "nothing is due". Half the range, so that adding to it is safe.
    package static let distantFuture = BootTime(nanoseconds: .max / 2)
    package static func < (a: BootTime, b: BootTime) -> Bool { a.nanoseconds < b.nanoseconds }
    package func advanced(milliseconds: Int64) -> BootTime {
        BootTime(nanoseconds: nanoseconds + milliseconds * 1_000_000)
    }
    package static func milliseconds(from a: BootTime, to b: BootTime) -> Int64 {
        (b.nanoseconds - a.nanoseconds) / 1_000_000
    }
}

/// Which configured thing a sample is about: a number that the caller chose and drivers only repeat.
package struct Channel: Hashable, Sendable {
    package var index: Int
    package init(_ index: Int) { self.index = index }
}

/// What a driver got.
package struct Sample: Sendable {
    package var channel: Channel
    /// When it was true: the end of the meter's reply, or the kernel's time of the edge.
    package var time: BootTime
    package var outcome: Outcome

    package init(channel: Channel, time: BootTime, outcome: Outcome) {
        self.channel = channel
        self.time = time
        self.outcome = outcome
    }

    package enum Outcome: Sendable, Equatable {
        /// The meter or line answered.
        case value(RawValue)
        /// The meter is there and refuses: the bus is good.
        case meterException(ModbusException)
        /// No usable answer: time-out, damaged frame, port gone.
        case busFailure(BusError)
        /// The meter answers that it has no value: a sentinel such as 0x8000, or NaN. `reason` completes
        /// "holding register 12 …".
        case noValue(reason: String)
        /// The line is not there or cannot be read.
        case absent(LineError)
    }
}

/// A register's or line's content before scaling.
package enum RawValue: Sendable, Equatable {
    case integer(Int64)
    case real(Double)
    /// digits × 10^exponent, exactly: a meter that keeps its scale in another register.
    case decimal(Int64, exponent: Int)
}
