// All lines of the home together: first levels, edges, re-reads, retries; never lets one line harm another.

/// An input and the channel its samples carry.
package struct InputPlan: Hashable, Sendable {
    package var channel: Channel
    package var settings: LineSettings
    /// Smoke, panic: the level is re-read every second, because an edge can be lost.
    package var isSafety: Bool
    package init(channel: Channel, settings: LineSettings, isSafety: Bool) {
        self.channel = channel
        self.settings = settings
        self.isSafety = isSafety
    }
}

/// Owns a line port and every line of the home. One thread; no call waits.
package struct LineBank<Port: LinePort & ~Copyable>: ~Copyable {
    package init(port: consuming Port, inputs: [InputPlan], outputs: [LineSettings]) { fatalError("drivers") }

    /// Requests every line; samples hold the first level of each input, or its absence.
    package mutating func open(now: BootTime) -> [Sample] { [] }

    /// What to watch for readability. May change after `service` and `reread` (a line was lost or came back).
    package var descriptors: [Int32] { [] }

    /// Takes the edges behind these descriptors, then reads each such line's level once more.
    package mutating func service(ready: [Int32], now: BootTime) -> [Sample] { [] }

    /// Re-reads levels (safety lines each second, others each minute) and retries lines that are gone
    /// with back-off. A sample for every line that was re-read, changed or not: it is the line's sign of life.
    package mutating func reread(now: BootTime) -> [Sample] { [] }

    /// When `reread` has something to do next (debounce ends included).
    package var nextDue: BootTime { fatalError("drivers") }

    /// Drives an output, by its position in `outputs`.
    package mutating func set(output: Int, active: Bool) throws(LineError) {}

    /// Problems that stand now: lines that could not be requested, with what to do.
    package var faults: [LineError] { [] }
}
