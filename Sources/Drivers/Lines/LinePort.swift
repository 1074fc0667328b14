// The port to GPIO lines. Real: GpiodLines (libgpiod 1.x or 2.x). Simulated: SimulatedLines.
// Both pass Tests/DriversTests/LinePortConformance.swift.

package enum Bias: String, Hashable, Sendable, CaseIterable {
    case asIs = "as-is", disabled, pullUp = "pull-up", pullDown = "pull-down"
}

/// How an output makes its two levels. What a chip cannot do the kernel imitates by letting the line float.
package enum Drive: String, Hashable, Sendable, CaseIterable {
    /// High and low are both driven.
    case pushPull = "push-pull"
    /// Only low is driven: for high the line is let go, and something outside pulls it up.
    case openDrain = "open-drain"
    /// Only high is driven.
    case openSource = "open-source"
}

/// How one line is asked for.
package struct LineSettings: Hashable, Sendable {
    package enum Direction: Hashable, Sendable {
        case input
        /// Driven inactive from the moment it is requested.
        case output
    }
    /// The signal or output it serves, for messages: "motion.bedroom".
    package var name: String
    /// A line name ("GPIO17") or "chip-label:offset" ("pinctrl-rp1:17").
    package var line: String
    package var direction: Direction
    package var activeLow: Bool
    package var bias: Bias
    /// Edges closer together than this are one; 0: none.
    package var debounceMilliseconds: Int
    /// Of an output.
    package var drive: Drive

    package init(
        name: String, line: String, direction: Direction, activeLow: Bool = false, bias: Bias = .asIs,
        debounceMilliseconds: Int = 0, drive: Drive = .pushPull
    ) {
        self.name = name
        self.line = line
        self.direction = direction
        self.activeLow = activeLow
        self.bias = bias
        self.debounceMilliseconds = debounceMilliseconds
        self.drive = drive
    }
}

/// A line that cannot be had or read.
package struct LineError: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case notFound, busy, denied, failed
        /// It can be read, but what it says is worth nothing: it chatters.
        case unsteady
    }
    package var kind: Kind
    /// "line GPIO17 (motion.bedroom): in use by 'gpioset'"
    package var message: String
    package var advice: String
    package init(kind: Kind, message: String, advice: String) {
        self.kind = kind
        self.message = message
        self.advice = advice
    }
}

/// A logical change of an input: active or not, after active-low.
package struct Edge: Hashable, Sendable {
    /// Kernel time of the edge, converted from CLOCK_MONOTONIC once, in the port.
    package var time: BootTime
    package var isActive: Bool
    /// The line's own number of this edge, by the kernel: 1 for the first after the request, one more for each,
    /// wrapping. What is missing between two of them was lost. nil under libgpiod 1.x, which does not say.
    package var sequence: UInt32?
    package init(time: BootTime, isActive: Bool, sequence: UInt32? = nil) {
        self.time = time
        self.isActive = isActive
        self.sequence = sequence
    }
}

/// The lines of one board, owned by one thread; no call waits. Each line is requested by itself, so
/// that one failing line never harms another.
package protocol LinePort: ~Copyable {
    /// Takes a line for us and returns a number for it.
    mutating func request(_ settings: LineSettings) throws(LineError) -> Int
    /// Gives a line back; an unknown number is ignored.
    mutating func release(_ line: Int)
    /// Becomes readable (epoll, poll) while edges wait; nil for outputs.
    func descriptor(_ line: Int) -> Int32?
    /// Edges that wait, oldest first, bounces and all: LineBank debounces. Empty when none; after very many, some
    /// may be left for the next call.
    mutating func takeEdges(_ line: Int) throws(LineError) -> [Edge]
    /// The logical level now.
    mutating func level(_ line: Int) throws(LineError) -> Bool
    /// Drives an output.
    mutating func set(_ line: Int, active: Bool) throws(LineError)
}
