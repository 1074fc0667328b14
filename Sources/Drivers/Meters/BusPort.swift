// The port to a meter bus: bytes out, bytes in, and a clock. It knows no protocol, so that every meter protocol
// that lives on an RS-485 pair can stand on it. Real: StreamPort (a tty or a TCP connection). Simulated:
// SimulatedPort, with a clock of its own. Both pass the same suite.

/// One bus, owned by one thread. Every call blocks at most until the deadline that it is given; `open` at most
/// for a second, while a connection comes up.
package protocol BusPort: ~Copyable {
    /// Nanoseconds on a clock that never jumps: CLOCK_MONOTONIC, or the simulation's. What is under way on a
    /// wire does not care how fast the agent's own clock runs.
    var now: Int64 { get }
    /// Opens and locks the port, or makes the connection. Idempotent.
    mutating func open() throws(BusError)
    /// Hands bytes over to be sent. 0, or an errno.
    mutating func send(_ bytes: [UInt8]) -> Int32
    /// Appends what has arrived, waiting for at least one byte until `deadline` (on `now`'s clock; a deadline
    /// that is over only looks). 0, also when nothing came; or an errno, ECONNRESET for an end of the stream.
    mutating func receive(into bytes: inout [UInt8], until deadline: Int64) -> Int32
    /// Lets nothing be sent before `deadline`: waits, and leaves what arrives meanwhile to be received.
    mutating func wait(until deadline: Int64)
    /// Lets go of the port; `open` takes it again.
    mutating func close()
}
