// A bus opened by libmodbus: made, locked, and undone exactly once. libmodbus knows how each system sets a line's
// speed and parity and how to connect in time; what goes over it does not pass through it.

import CModbus
import Glibc

/// An open port or connection. Closing is letting go of it.
struct BusConnection: ~Copyable {
    /// For a TCP connection to come up; also the longest that `open` blocks.
    static let connectMilliseconds = 1000

    let descriptor: Int32
    private let handle: ContextHandle
    /// Holds the flock of a serial port: libmodbus does not lock, and two masters on one line read each other's
    /// answers.
    private let lock: Descriptor?

    init(_ settings: BusSettings) throws(BusError) {
        // The lock comes before libmodbus: from then on the port's speed is ours, whoever used it.
        let lock = try BusConnection.lock(settings)
        let handle = ContextHandle(try BusConnection.context(settings))
        let failure = BusConnection.connect(handle.context)
        guard failure == 0 else { throw .opening(settings, errno: failure) }
        if case .rtu = settings.transport { try BusConnection.control(settings, handle.context) }
        descriptor = modbus_get_socket(handle.context)
        Descriptor.makeNonBlocking(descriptor)
        if lock != nil {
            _ = ioctl(descriptor, UInt(TIOCEXCL), 0)
            BusConnection.tellSilenceFromEnd(descriptor)
        }
        self.handle = handle
        self.lock = lock
    }

    deinit {
        guard lock != nil else { return }
        // A driver that is stuck would hold close() until what it has is sent.
        tcflush(descriptor, TCIOFLUSH)
        // On a pseudo-terminal the mark would outlive us and lock out the next opener.
        _ = ioctl(descriptor, UInt(TIOCNXCL), 0)
    }

    /// libmodbus asks for reads that return 0 when nothing is there (VMIN 0); then an adapter that was pulled out
    /// looks like silence.
    private static func tellSilenceFromEnd(_ descriptor: Int32) {
        var line = termios()
        guard tcgetattr(descriptor, &line) == 0 else { return }
        withUnsafeMutableBytes(of: &line.c_cc) { $0[Int(VMIN)] = 1 }
        tcsetattr(descriptor, TCSANOW, &line)
    }

    private static func context(_ settings: BusSettings) throws(BusError) -> OpaquePointer {
        let made: OpaquePointer?
        switch settings.transport {
        case .rtu(let port, let baud, let parity, let stopBits):
            guard BusSettings.bauds.contains(baud) else {
                throw .wrong(
                    settings, "\(baud) baud is not known",
                    advice: "Use one of \(BusSettings.bauds.map(String.init).joined(separator: ", ")).")
            }
            made = modbus_new_rtu(port, Int32(baud), parity.code, 8, Int32(stopBits))
        case .tcp(let host, let port), .rtuOverTCP(let host, let port):
            var address = in_addr()
            guard inet_pton(AF_INET, host, &address) == 1 else {
                throw .wrong(
                    settings, "'\(host)' is not an IPv4 address",
                    advice: "Write the address in numbers, as in \"192.168.1.20:502\".")
            }
            made = modbus_new_tcp(host, Int32(port))
        }
        guard let made else { throw .opening(settings, errno: errno) }
        return made
    }

    /// 0, or an errno.
    private static func connect(_ context: OpaquePointer) -> Int32 {
        modbus_set_response_timeout(
            context, UInt32(connectMilliseconds / 1000), UInt32(connectMilliseconds % 1000 * 1000))
        return modbus_connect(context) == 0 ? 0 : errno
    }

    /// Hands the transceiver's direction to the kernel, if that is wanted (TIOCSRS485; Linux,
    /// Documentation/driver-api/serial/serial-rs485.rst).
    private static func control(_ settings: BusSettings, _ context: OpaquePointer) throws(BusError) {
        guard settings.kernelDrivesDirection else { return }
        guard modbus_rtu_set_serial_mode(context, MODBUS_RTU_RS485) == 0 else {
            throw .wrong(
                settings, "the kernel cannot drive this port's direction: \(errnoText(errno))",
                advice: "Remove `rs485` from this [[bus]] if the adapter switches by itself, as USB adapters do.")
        }
    }

    /// nil for a bus that needs none.
    private static func lock(_ settings: BusSettings) throws(BusError) -> Descriptor? {
        guard case .rtu(let port, _, _, _) = settings.transport else { return nil }
        let number = open(port, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard number >= 0 else { throw .opening(settings, errno: errno) }
        let descriptor = Descriptor(number)
        guard isatty(number) == 1 else { throw .opening(settings, errno: ENOTTY) }
        guard flock(number, LOCK_EX | LOCK_NB) == 0 else { throw .opening(settings, errno: EBUSY) }
        return descriptor
    }
}

/// A libmodbus context, connected or not.
private struct ContextHandle: ~Copyable {
    let context: OpaquePointer

    init(_ context: OpaquePointer) { self.context = context }

    deinit {
        modbus_close(context)
        modbus_free(context)
    }
}

extension BusSettings.Parity {
    fileprivate var code: CChar {
        switch self {
        case .none: CChar(UInt8(ascii: "N"))
        case .even: CChar(UInt8(ascii: "E"))
        case .odd: CChar(UInt8(ascii: "O"))
        }
    }
}
