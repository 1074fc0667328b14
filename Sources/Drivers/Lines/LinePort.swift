// The port to GPIO lines. Real: GpiodLines (libgpiod 1.x or 2.x). Simulated: SimulatedLines.
// Both pass Tests/DriversTests/LinePortConformance.swift.

package enum Bias: String, Hashable, Sendable, CaseIterable {
    case asIs = "as-is", disabled, pullUp = "pull-up", pullDown = "pull-down"
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

    package init(
        name: String, line: String, direction: Direction, activeLow: Bool = false, bias: Bias = .asIs,
        debounceMilliseconds: Int = 0
    ) {
        self.name = name
        self.line = line
        self.direction = direction
        self.activeLow = activeLow
        self.bias = bias
        self.debounceMilliseconds = debounceMilliseconds
    }
}

/// A line that cannot be had or read.
package struct LineError: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable { case notFound, busy, denied, failed }
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
    package init(time: BootTime, isActive: Bool) {
        self.time = time
        self.isActive = isActive
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
    /// All edges that wait, oldest first, bounces and all: LineBank debounces. Empty when none.
    mutating func takeEdges(_ line: Int) throws(LineError) -> [Edge]
    /// The logical level now.
    mutating func level(_ line: Int) throws(LineError) -> Bool
    /// Drives an output.
    mutating func set(_ line: Int, active: Bool) throws(LineError)
}
