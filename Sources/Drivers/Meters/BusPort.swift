// The port to a meter bus. Real: ModbusBus (libmodbus). There is no simulated bus: a simulated meter
// is our own server behind real frames, on a pseudo-terminal or a TCP socket.

/// Where a bus is and how it talks.
package struct BusSettings: Hashable, Sendable {
    package enum Parity: String, Hashable, Sendable, CaseIterable { case none, even, odd }
    package enum Transport: Hashable, Sendable {
        /// RS-485: `port` a device path, `baud` one of `BusSettings.bauds`.
        case rtu(port: String, baud: Int, parity: Parity, stopBits: Int)
        /// An IPv4 literal (libmodbus resolves no names here) and a port number.
        case tcp(host: String, port: Int)
    }
    package var name: String
    package var transport: Transport

    package init(name: String, transport: Transport) {
        self.name = name
        self.transport = transport
    }

    /// libmodbus silently makes an unknown rate 9600, so only these are let through.
    package static let bauds = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115_200]
}

/// The four tables of the Modbus data model.
package enum ModbusTable: String, Hashable, Sendable, CaseIterable { case holding, input, coil, discrete }

/// Exception codes of the Modbus Application Protocol 1.1b3, section 7.
package struct ModbusException: Error, Hashable, Sendable {
    package var code: Int
    package init(code: Int) { self.code = code }
}

/// Why a bus gave no usable answer. `advice` is for the person who can mend it.
package struct BusError: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case cannotOpen  // port missing, busy, refused; retried with back-off
        case timedOut  // nobody answered; the bus itself may be good
        case damaged  // bad CRC, wrong length, wrong unit: an answer that cannot be used
        case lost  // the port vanished under us: close, reopen
    }
    package var kind: Kind
    /// "bus rs485 (/dev/ttyUSB0): no such device"
    package var message: String
    package var advice: String
    package init(kind: Kind, message: String, advice: String) {
        self.kind = kind
        self.message = message
        self.advice = advice
    }
}

package enum MeterReadError: Error, Hashable, Sendable {
    case exception(ModbusException)
    case bus(BusError)
}

/// One bus, owned by one thread; every call blocks, at most for the time-out given.
/// Metering is read-only by construction: there is no write in this port.
package protocol BusPort: ~Copyable {
    /// Opens and locks the port, or makes the connection. Idempotent.
    mutating func open() throws(BusError)
    /// Reads `count` registers (1...125), or bits as 0 and 1 (1...2000), starting at `address`.
    /// Input is drained first, so that a late reply never answers this question.
    mutating func read(unit: UInt8, table: ModbusTable, address: UInt16, count: Int, timeoutMilliseconds: Int)
        throws(MeterReadError) -> [UInt16]
    mutating func close()
}
