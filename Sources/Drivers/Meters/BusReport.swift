// How a bus and its meters do, for people.

/// How one meter does.
package struct MeterReport: Hashable, Sendable, Codable {
    package var meter: String
    package var unit: Int
    /// It does not answer, and is asked ever more seldom.
    package var isFailing: Bool
    package var answers: Int
    package var failures: Int
    /// How long it takes beyond what the frames take on the wire; nil before the first answer.
    package var turnaroundP50Milliseconds: Double?
    package var turnaroundP99Milliseconds: Double?
    /// How long it is waited for now: learned, twice the 99th percentile, or as configured.
    package var timeoutMilliseconds: Int
}

/// How one bus does.
package struct BusReport: Hashable, Sendable, Codable {
    package var bus: String
    /// The adapter hears what it sends.
    package var hasEcho: Bool
    /// Bytes that came unasked: noise, late answers, a second master.
    package var strayBytes: Int64
    package var meters: [MeterReport]
}
