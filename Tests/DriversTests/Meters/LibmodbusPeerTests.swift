import CModbus
import Glibc
import Testing

@testable import Drivers

/// libmodbus at the other end, once as the meter and once as the master: frames of ours that only our own other
/// end understood would prove nothing.
@Suite(.serialized) struct LibmodbusPeerTests {

    /// Words that differ in both bytes.
    private static func word(_ address: Int) -> UInt16 { UInt16(truncatingIfNeeded: address &* 0x0101 &+ 0x1234) }

    /// A libmodbus meter with 200 of everything, answering until its descriptor hangs up.
    private final class Meter: @unchecked Sendable {
        let context: OpaquePointer
        let mapping: UnsafeMutablePointer<modbus_mapping_t>

        init(_ context: OpaquePointer) {
            self.context = context
            mapping = modbus_mapping_new(200, 200, 200, 200)
            for address in 0..<200 {
                mapping.pointee.tab_registers[address] = LibmodbusPeerTests.word(address)
                mapping.pointee.tab_input_registers[address] = LibmodbusPeerTests.word(address + 1000)
                mapping.pointee.tab_bits[address] = UInt8(address % 3 == 0 ? 1 : 0)
                mapping.pointee.tab_input_bits[address] = UInt8(address % 5 == 0 ? 1 : 0)
            }
        }

        func serve() {
            var request = [UInt8](repeating: 0, count: 260)
            while true {
                let count = modbus_receive(context, &request)
                if count > 0 { modbus_reply(context, request, count, mapping) }
                if count < 0 { return }
            }
        }

        deinit {
            modbus_mapping_free(mapping)
            modbus_free(context)
        }
    }

    private func readsEverything(_ bus: inout BusMaster<StreamPort>) {
        func words(_ range: Range<Int>) -> [UInt16] { range.map { LibmodbusPeerTests.word($0) } }
        #expect(bus.get(unit: 5, table: .holding, address: 0, count: 125).words == words(0..<125))
        #expect(bus.get(unit: 5, table: .holding, address: 199, count: 1).words == words(199..<200))
        #expect(bus.get(unit: 5, table: .input, address: 7, count: 10).words == words(1007..<1017))
        #expect(bus.get(unit: 5, table: .coil, address: 0, count: 200).words == (0..<200).map { $0 % 3 == 0 ? 1 : 0 })
        #expect(bus.get(unit: 5, table: .discrete, address: 3, count: 9).words == (3..<12).map { $0 % 5 == 0 ? 1 : 0 })
        #expect(bus.get(unit: 5, table: .holding, address: 150, count: 60).exception == 2)
        #expect(bus.get(unit: 5, table: .holding, address: 0, count: 2).words == words(0..<2))
    }

    @Test func libmodbusAsAMeterOnALine() throws {
        let terminal = try PseudoTerminal()
        let context = modbus_new_rtu("/dev/null", 9600, CChar(UInt8(ascii: "N")), 8, 1)!
        modbus_set_slave(context, 5)
        modbus_set_socket(context, dup(terminal.master.number))
        let settings = BusSettings(
            name: "rs485", transport: .rtu(port: terminal.path, baud: 9600, parity: .none, stopBits: 1))
        let meter = Meter(context)
        modbus_set_indication_timeout(context, 3, 0)
        let worker = Worker { meter.serve() }
        var bus = bus(settings)
        readsEverything(&bus)
        #expect(worker.join())
    }

    @Test func libmodbusAsAMeterBehindTCP() throws {
        let context = modbus_new_tcp("127.0.0.1", 0)!
        let listener = try MeterListener()
        let meter = Meter(context)
        let accepting = listener.socket.number
        let worker = Worker {
            guard becomesReadable(accepting) else { return }
            let descriptor = accept(accepting, nil, nil)
            modbus_set_socket(meter.context, descriptor)
            meter.serve()
            Glibc.close(descriptor)
        }
        var bus = bus(BusSettings(name: "net", transport: .tcp(host: "127.0.0.1", port: listener.port)))
        readsEverything(&bus)
        bus.release()
        #expect(worker.join())
    }

    @Test(arguments: [false, true]) func libmodbusAsTheMaster(overTCP: Bool) throws {
        let line = overTCP ? nil : try SerialMeters()
        let network = overTCP ? try NetworkMeters() : nil
        let bank = line?.bank ?? network!.bank
        bank.set(unit: 5, table: .holding, address: 0, words: (0..<125).map { LibmodbusPeerTests.word($0) })
        bank.set(unit: 5, table: .coil, address: 0, words: (0..<70).map { $0 % 3 == 0 ? 1 : 0 })
        let context =
            line.map { modbus_new_rtu($0.port, 115_200, CChar(UInt8(ascii: "N")), 8, 1)! }
            ?? modbus_new_tcp("127.0.0.1", Int32(network!.port))!
        defer {
            modbus_close(context)
            modbus_free(context)
        }
        modbus_set_slave(context, 5)
        modbus_set_response_timeout(context, 2, 0)
        try #require(modbus_connect(context) == 0)
        var words = [UInt16](repeating: 0, count: 125)
        #expect(modbus_read_registers(context, 0, 125, &words) == 125)
        #expect(words == (0..<125).map { LibmodbusPeerTests.word($0) })
        var bits = [UInt8](repeating: 9, count: 70)
        #expect(modbus_read_bits(context, 0, 70, &bits) == 70)
        #expect(bits == (0..<70).map { $0 % 3 == 0 ? 1 : 0 })
        #expect(modbus_read_registers(context, 120, 20, &words) == -1)
        bank.set(unit: 5, fault: .damaged)
        #expect(modbus_read_registers(context, 0, 2, &words) == -1)
    }
}
