// Simulated meters behind real frames: what `simulate` and the tests put at the other end of a bus.
// MeterFrames decides what to answer; this moves bytes.

import Glibc
import Synchronization

/// Meters at the end of a bus, answering from a MeterBank. Made on any thread; `serve` blocks, so give it one.
package final class ModbusServer: Sendable {
    /// A pseudo-terminal has no speed of its own; this one gives the shortest gap between frames.
    private static let baud = 115_200

    private enum Endpoint: ~Copyable, Sendable {
        case serial(PseudoTerminal)
        case tcp(MeterListener)
    }

    private let bank: MeterBank
    private let endpoint: Mutex<Endpoint?>
    /// Nanoseconds that a character takes; 0: no time.
    private let character: Int64
    /// How a bus reaches these meters; there from `init` on, and gone when `serve` returns.
    package let transport: BusSettings.Transport

    /// Meters on a serial line of their own: a pseudo-terminal.
    /// - Parameter baud: paces the bytes as a wire of this speed would; nil: they take no time.
    package init(serial bank: MeterBank, pacedAt baud: Int? = nil) throws(BusError) {
        let terminal = try PseudoTerminal()
        let settings = BusSettings(
            name: "", transport: .rtu(port: terminal.path, baud: baud ?? ModbusServer.baud, parity: .none, stopBits: 1))
        transport = settings.transport
        character = baud == nil ? 0 : settings.characterNanoseconds
        self.bank = bank
        endpoint = Mutex(.serial(terminal))
    }

    /// Meters behind 127.0.0.1; several masters may connect.
    /// - Parameter port: 0 for any free one.
    /// - Parameter serialFrames: speaks RTU inside TCP, as a transparent gateway does.
    package init(tcp bank: MeterBank, port: UInt16 = 0, serialFrames: Bool = false) throws(BusError) {
        let listener = try MeterListener(port: port)
        transport =
            serialFrames
            ? .rtuOverTCP(host: "127.0.0.1", port: listener.port) : .tcp(host: "127.0.0.1", port: listener.port)
        character = 0
        self.bank = bank
        endpoint = Mutex(.tcp(listener))
    }

    /// Answers until it is stopped, and then closes: masters see a port that vanished or a connection refused.
    /// Once only; a second call returns at once.
    package func serve(until stop: StopSignal) {
        let endpoint = self.endpoint.withLock { $0.take() }
        var framing = ModbusFraming.rtu
        if case .tcp = transport { framing = .tcp }
        var loop = ServerLoop(bank: bank, framing: framing, character: character, stop: stop.descriptor)
        switch endpoint {
        case .some(.serial(let terminal)):
            loop.add(terminal.master.number)
            loop.run(listening: nil)
        case .some(.tcp(let listener)):
            loop.run(listening: listener.socket.number)
            loop.closeAll()
        case .none: return
        }
    }
}
