// Tells a thread that waits in poll() to end.

import Glibc

/// Once `stop` was called the descriptor stays readable, so that any number of loops see it. Any thread.
package final class StopSignal: Sendable {
    private let readEnd: Descriptor
    private let writeEnd: Descriptor

    package init() throws(BusError) {
        do {
            let ends = try Descriptor.pipe()
            readEnd = Descriptor(ends.read)
            writeEnd = Descriptor(ends.write)
        } catch {
            throw .simulating("a stop signal", errno: error.errno)
        }
    }

    package func stop() {
        var byte: UInt8 = 1
        _ = write(writeEnd.number, &byte, 1)
    }

    var descriptor: Int32 { readEnd.number }
}

extension BusError {
    /// Something that a simulated meter needs cannot be had.
    static func simulating(_ what: String, errno: Int32) -> BusError {
        BusError(
            kind: .cannotOpen, message: "simulated meters: cannot make \(what): \(errnoText(errno))",
            advice: errno == EADDRINUSE ? "Another program listens there: choose another port." : "Try again.")
    }
}
