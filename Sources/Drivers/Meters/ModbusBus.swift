// The real bus: Modbus RTU and TCP through libmodbus.
//
// The danger on a serial line is the late answer: an RTU reply carries neither an address nor a transaction
// id, so an answer that comes after its time-out would pass as the answer to the next question of the same
// length. Therefore nothing is sent before the line has been silent for long enough (one time-out after a
// failure, the frame gap of the standard after an answer), and what arrives meanwhile is thrown away. On TCP a
// failure ends the connection, and late answers with it.

import CModbus
import Glibc

/// One bus through libmodbus. One thread.
package struct ModbusBus: BusPort, ~Copyable {
    /// 125 registers or 2000 bits is what one answer can hold (Modbus Application Protocol 1.1b3, section 6).
    static let mostRegisters = 125
    static let mostBits = 2000
    /// What is read away in one drain. A line that brings more without pause is not a meter bus.
    private static let drainBytes = 256
    private static let drainRounds = 64

    private let settings: BusSettings
    private var connection: ModbusConnection?
    /// No request before this moment of CLOCK_MONOTONIC. Real time even if the agent's clock is accelerated: it
    /// is about what is under way on a wire.
    private var silentUntil: Int64 = 0

    package init(settings: BusSettings) { self.settings = settings }

    package mutating func open() throws(BusError) {
        if connection == nil { connection = try ModbusConnection(settings) }
    }

    package mutating func close() { connection = nil }

    /// Blocks for the time-out at most; for twice that if it is called earlier than one time-out after a
    /// failure (BusMaster does not). Opens the bus if it is not.
    package mutating func read(
        unit: UInt8, table: ModbusTable, address: UInt16, count: Int, timeoutMilliseconds: Int
    ) throws(MeterReadError) -> [UInt16] {
        do throws(BusError) {
            try prepare(unit: unit, timeoutMilliseconds: timeoutMilliseconds)
        } catch {
            throw .bus(error)
        }
        let (words, failure) = ask(table: table, address: address, count: count)
        keepSilence(
            milliseconds: failure == 0 || edge_modbus_exception(failure) != 0
                ? frameGapMilliseconds : timeoutMilliseconds)
        guard failure != 0 else { return words }
        let exception = edge_modbus_exception(failure)
        if exception != 0 { throw .exception(ModbusException(code: Int(exception))) }
        throw .bus(abandon(.reading(settings, unit: unit, errno: failure, timeoutMilliseconds: timeoutMilliseconds)))
    }

    private var opened: (context: OpaquePointer, descriptor: Int32)? {
        switch connection {
        case .some(let connection): (connection.context, connection.descriptor)
        case .none: nil
        }
    }

    /// Opens, keeps the silence, drains, and addresses the unit.
    private mutating func prepare(unit: UInt8, timeoutMilliseconds: Int) throws(BusError) {
        try open()
        var failure = drain()
        if failure != 0, case .tcp = settings.transport {
            // A gateway that closed an idle connection is no fault.
            close()
            try open()
            failure = drain()
        }
        if failure != 0 {
            throw abandon(.reading(settings, unit: unit, errno: failure, timeoutMilliseconds: timeoutMilliseconds))
        }
        guard let context = opened?.context, modbus_set_slave(context, Int32(unit)) == 0 else {
            throw .reading(settings, unit: unit, errno: EINVAL, timeoutMilliseconds: timeoutMilliseconds)
        }
        ModbusConnection.setResponseTimeout(context, milliseconds: timeoutMilliseconds)
    }

    /// The request itself: the words, and 0 or an errno.
    private func ask(table: ModbusTable, address: UInt16, count: Int) -> ([UInt16], Int32) {
        guard let context = opened?.context else { return ([], ENOTCONN) }
        let isBits = table.isBits
        guard (1...(isBits ? ModbusBus.mostBits : ModbusBus.mostRegisters)).contains(count) else {
            return ([], edge_modbus_too_much_data())
        }
        if isBits {
            var bits = [UInt8](repeating: 0, count: count)
            let got =
                table == .coil
                ? modbus_read_bits(context, Int32(address), Int32(count), &bits)
                : modbus_read_input_bits(context, Int32(address), Int32(count), &bits)
            let failure = errno
            return got == count ? (bits.map { UInt16($0) }, 0) : ([], got < 0 ? failure : ETIMEDOUT)
        }
        var words = [UInt16](repeating: 0, count: count)
        let got =
            table == .holding
            ? modbus_read_registers(context, Int32(address), Int32(count), &words)
            : modbus_read_input_registers(context, Int32(address), Int32(count), &words)
        let failure = errno
        return got == count ? (words, 0) : ([], got < 0 ? failure : ETIMEDOUT)
    }

    /// After a failure: what is gone is closed, and on TCP everything, so that no late answer comes.
    private mutating func abandon(_ error: BusError) -> BusError {
        if case .tcp = settings.transport { close() } else if error.kind == .lost { close() }
        return error
    }

    // MARK: Silence

    /// 3.5 characters of 11 bits between two frames, at least 1.75 ms (Modbus over Serial Line 1.02, section
    /// 2.5.1.1), in whole milliseconds. A meter that gets the next request sooner may take both for one.
    private var frameGapMilliseconds: Int {
        guard case .rtu(_, let baud, _, _) = settings.transport, baud > 0 else { return 0 }
        return max(2, (38_500 + baud - 1) / baud)
    }

    private mutating func keepSilence(milliseconds: Int) {
        silentUntil = nanoseconds(of: CLOCK_MONOTONIC) + Int64(milliseconds) * 1_000_000
    }

    /// Waits until `silentUntil` and throws away what arrives meanwhile, and what had arrived before.
    /// 0, or the errno of a connection that is gone.
    private func drain() -> Int32 {
        guard let descriptor = opened?.descriptor else { return ENOTCONN }
        var rounds = 0
        while rounds < ModbusBus.drainRounds {
            let rest = max(0, silentUntil - nanoseconds(of: CLOCK_MONOTONIC))
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&watched, 1, Int32((rest + 999_999) / 1_000_000))
            if ready < 0 && errno != EINTR { return errno }
            if ready == 0 { return 0 }
            if ready > 0 {
                let failure = discard(descriptor)
                if failure != 0 { return failure }
                // Only what comes without pause counts: during the silence anything may trickle in.
                if rest == 0 { rounds += 1 }
            }
        }
        return edge_modbus_too_much_data()
    }

    private func discard(_ descriptor: Int32) -> Int32 {
        withUnsafeTemporaryAllocation(byteCount: ModbusBus.drainBytes, alignment: 1) { buffer in
            let got = Glibc.read(descriptor, buffer.baseAddress!, buffer.count)
            if got > 0 { return 0 }
            // Readable and nothing there: the other end, or the device, is gone.
            if got == 0 { return ECONNRESET }
            return errno == EAGAIN || errno == EINTR ? 0 : errno
        }
    }
}
