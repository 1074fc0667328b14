// What all measurements share: clocks, the middle of several rounds, and lines of a table.

import Foundation
import Glibc

/// A clock of the kernel, in nanoseconds.
func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

/// What one round of a measurement took.
struct Expense {
    var elapsedNanoseconds: Int64
    /// Of the measured thread alone: on a busy machine it says more than what went by on the wall.
    var computedNanoseconds: Int64

    init(of round: () throws -> Void) rethrows {
        let start = (nanoseconds(of: CLOCK_MONOTONIC), nanoseconds(of: CLOCK_THREAD_CPUTIME_ID))
        try round()
        elapsedNanoseconds = nanoseconds(of: CLOCK_MONOTONIC) - start.0
        computedNanoseconds = nanoseconds(of: CLOCK_THREAD_CPUTIME_ID) - start.1
    }
}

/// The numbers of several rounds: their middle, and the quartiles, which a busy moment does not move.
struct Spread {
    private let ordered: [Double]

    /// - Parameter values: at least one.
    init(_ values: [Double]) { ordered = values.sorted() }

    var median: Double { ordered[ordered.count / 2] }

    /// "0.93 (0.91 … 0.95)"
    func text(decimals: Int) -> String {
        let quartiles = (ordered[ordered.count / 4], ordered[ordered.count * 3 / 4])
        return "\(median.formatted(decimals: decimals)) "
            + "(\(quartiles.0.formatted(decimals: decimals)) … \(quartiles.1.formatted(decimals: decimals)))"
    }
}

/// A thread of its own for something that blocks until the process, or its server, ends.
func startThread(_ body: @escaping @Sendable () -> Void) { Thread(block: body).start() }

/// A line of output, at once: through a pipe too it is watched while it grows.
func say(_ line: String) {
    print(line)
    fflush(nil)
}

/// Says how a goal was met.
func report(_ goal: String, isMet: Bool) -> Bool {
    say("  \(isMet ? "met" : "MISSED"): \(goal)\n")
    return isMet
}

/// A measurement that gave no number: something answered wrongly, or not at all.
struct BrokenMeasurement: Error {
    var message: String
}

extension Double {
    func formatted(decimals: Int) -> String { String(format: "%.\(decimals)f", self) }
}
