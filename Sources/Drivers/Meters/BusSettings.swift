// Where a meter bus is, and what is said when it gives nothing. Nothing here knows a protocol.

/// How a serial line is set: both ends must agree.
package struct SerialLine: Hashable, Sendable {
    package var baud: Int
    package var parity: BusSettings.Parity
    package var stopBits: Int
    package init(baud: Int, parity: BusSettings.Parity, stopBits: Int) {
        self.baud = baud
        self.parity = parity
        self.stopBits = stopBits
    }
}

/// Where a bus is and how it talks.
package struct BusSettings: Hashable, Sendable {
    package enum Parity: String, Hashable, Sendable, CaseIterable { case none, even, odd }
    package enum Transport: Hashable, Sendable {
        /// RS-485: `port` a device path, `baud` one of `BusSettings.bauds`.
        case rtu(port: String, baud: Int, parity: Parity, stopBits: Int)
        /// Modbus TCP. An IPv4 literal (libmodbus resolves no names here) and a port number.
        case tcp(host: String, port: Int)
        /// Serial frames through a transparent gateway ("serial server"): RTU with its CRC inside a TCP stream.
        case rtuOverTCP(host: String, port: Int)
    }
    package var name: String
    package var transport: Transport
    /// The kernel switches the RS-485 transceiver while it sends (TIOCSRS485), with the polarity that the device
    /// tree says. Not for USB adapters, which do it by themselves. `.rtu` only.
    package var kernelDrivesDirection: Bool

    package init(name: String, transport: Transport, kernelDrivesDirection: Bool = false) {
        self.name = name
        self.transport = transport
        self.kernelDrivesDirection = kernelDrivesDirection
    }

    /// libmodbus silently makes an unknown rate 9600, so only these are let through.
    package static let bauds = [1200, 2400, 4800, 9600, 19200, 38400, 57600, 115_200]

    /// nil over TCP.
    package var line: SerialLine? {
        guard case .rtu(_, let baud, let parity, let stopBits) = transport else { return nil }
        return SerialLine(baud: baud, parity: parity, stopBits: stopBits)
    }

    /// Nanoseconds that one character takes on the wire: a start bit, eight data bits, parity, stop bits.
    /// 0 over TCP, where the wire is somebody else's.
    package var characterNanoseconds: Int64 {
        guard case .rtu(_, let baud, let parity, let stopBits) = transport, baud > 0 else { return 0 }
        let bits = 1 + 8 + (parity == .none ? 0 : 1) + stopBits
        return Int64(bits) * 1_000_000_000 / Int64(baud)
    }
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
