import Foundation
import Glibc
import Testing

@testable import Drivers

/// The real libmodbus against our own server, over a pseudo-terminal and over TCP. Time is real here.
@Suite(.serialized) struct ModbusBusTests {
    /// Reads two holding registers of a unit.
    private func read(
        _ bus: inout ModbusBus, unit: UInt8, timeout: Int = 1000
    ) -> Result<[UInt16], MeterReadError> {
        do throws(MeterReadError) {
            return .success(
                try bus.read(unit: unit, table: .holding, address: 0, count: 2, timeoutMilliseconds: timeout))
        } catch {
            return .failure(error)
        }
    }

    private func kind(_ result: Result<[UInt16], MeterReadError>) -> BusError.Kind? {
        if case .failure(let error) = result { error.bus?.kind } else { nil }
    }

    private func fill(_ bank: MeterBank) {
        bank.set(unit: 5, table: .holding, address: 0, words: [1, 0xE240])
        bank.set(unit: 6, table: .holding, address: 0, words: [0, 6])
        bank.set(unit: 6, table: .input, address: 7, words: [77])
        bank.set(unit: 6, table: .coil, address: 3, words: [1, 0, 1])
        bank.set(unit: 6, table: .discrete, address: 9, words: [1])
    }

    @Test func everyTableOverALine() throws {
        let meters = try SerialMeters()
        fill(meters.bank)
        var bus = ModbusBus(settings: meters.settings())
        #expect(read(&bus, unit: 5) == .success([1, 0xE240]))
        #expect(try bus.read(unit: 6, table: .input, address: 7, count: 1, timeoutMilliseconds: 1000) == [77])
        #expect(try bus.read(unit: 6, table: .coil, address: 3, count: 3, timeoutMilliseconds: 1000) == [1, 0, 1])
        #expect(try bus.read(unit: 6, table: .discrete, address: 9, count: 1, timeoutMilliseconds: 1000) == [1])
    }

    @Test func theLargestAnswer() throws {
        let meters = try SerialMeters()
        meters.bank.set(unit: 1, table: .holding, address: 0, words: Array(0..<125))
        var bus = ModbusBus(settings: meters.settings())
        #expect(
            try bus.read(unit: 1, table: .holding, address: 0, count: 125, timeoutMilliseconds: 1000)
                == Array(0..<125))
        #expect(throws: MeterReadError.self) {
            try bus.read(unit: 1, table: .holding, address: 0, count: 126, timeoutMilliseconds: 50)
        }
    }

    @Test func failuresOverALineAreToldApart() throws {
        let meters = try SerialMeters()
        fill(meters.bank)
        var bus = ModbusBus(settings: meters.settings())
        #expect(kind(read(&bus, unit: 9, timeout: 100)) == .timedOut)
        meters.bank.set(unit: 5, fault: .damaged)
        #expect(kind(read(&bus, unit: 5)) == .damaged)
        meters.bank.set(unit: 5, fault: .exception(code: 6))
        #expect(read(&bus, unit: 5) == .failure(.exception(ModbusException(code: 6))))
        meters.bank.set(unit: 5, fault: .none)
        #expect(read(&bus, unit: 5) == .success([1, 0xE240]))
    }

    @Test func aLateAnswerIsNotTheNextOne() throws {
        let meters = try SerialMeters()
        fill(meters.bank)
        meters.bank.set(unit: 5, fault: .late(milliseconds: 450))
        var bus = ModbusBus(settings: meters.settings())
        // Unit 5 answers half a time-out after its time-out, into the silence that is kept.
        #expect(kind(read(&bus, unit: 5, timeout: 300)) == .timedOut)
        #expect(read(&bus, unit: 6) == .success([0, 6]))
        // The same unit with other content: the late answer holds what was true before.
        #expect(kind(read(&bus, unit: 5, timeout: 300)) == .timedOut)
        meters.bank.set(unit: 5, fault: .none)
        meters.bank.set(unit: 5, table: .holding, address: 0, words: [2, 2])
        #expect(read(&bus, unit: 5) == .success([2, 2]))
    }

    @Test func aPortThatGoesAndComesBack() throws {
        let meters = try SerialMeters()
        fill(meters.bank)
        var bus = ModbusBus(settings: meters.settings())
        #expect(read(&bus, unit: 6) == .success([0, 6]))
        meters.unplug()
        #expect(kind(read(&bus, unit: 6, timeout: 200)) == .lost)
        let gone = read(&bus, unit: 6)
        #expect(kind(gone) == .cannotOpen)
        if case .failure(.bus(let error)) = gone {
            #expect(error.message == "bus rs485 (\(meters.port)): cannot open: No such file or directory")
            #expect(error.advice.contains("/dev/serial/by-id"))
        }
        try meters.plugIn()
        #expect(read(&bus, unit: 6) == .success([0, 6]))
    }

    @Test func aLineHasOneMaster() throws {
        let meters = try SerialMeters()
        fill(meters.bank)
        var first = ModbusBus(settings: meters.settings())
        var second = ModbusBus(settings: meters.settings())
        try first.open()
        let error = #expect(throws: BusError.self) { try second.open() }
        #expect(error?.message.contains("busy") == true, "\(String(describing: error))")
        first.close()
        #expect(read(&second, unit: 6) == .success([0, 6]))
    }

    @Test func wrongSettingsAreRefusedWithAdvice() throws {
        let meters = try SerialMeters()
        var odd = ModbusBus(settings: meters.settings(baud: 12_345))
        #expect(throws: BusError.self) { try odd.open() }
        var file = ModbusBus(
            settings: BusSettings(name: "x", transport: .rtu(port: "/dev/null", baud: 9600, parity: .even, stopBits: 1))
        )
        #expect(throws: BusError.self) { try file.open() }
        var name = ModbusBus(settings: BusSettings(name: "x", transport: .tcp(host: "meter.local", port: 502)))
        let error = #expect(throws: BusError.self) { try name.open() }
        #expect(error?.message == "bus x (meter.local:502): 'meter.local' is not an IPv4 address")
    }

    @Test func tcp() throws {
        let meters = try NetworkMeters()
        fill(meters.bank)
        var bus = ModbusBus(settings: meters.settings)
        #expect(read(&bus, unit: 5) == .success([1, 0xE240]))
        #expect(kind(read(&bus, unit: 9, timeout: 100)) == .timedOut)
        meters.bank.set(unit: 5, fault: .damaged)
        #expect(kind(read(&bus, unit: 5)) == .damaged)
        meters.bank.set(unit: 5, fault: .exception(code: 2))
        #expect(read(&bus, unit: 5) == .failure(.exception(ModbusException(code: 2))))
        meters.bank.set(unit: 5, fault: .late(milliseconds: 450))
        #expect(kind(read(&bus, unit: 5, timeout: 300)) == .timedOut)
        #expect(read(&bus, unit: 6) == .success([0, 6]))
    }

    @Test func severalMastersOverTCP() throws {
        let meters = try NetworkMeters()
        fill(meters.bank)
        var first = ModbusBus(settings: meters.settings)
        var second = ModbusBus(settings: meters.settings)
        for _ in 0..<10 {
            #expect(read(&first, unit: 5) == .success([1, 0xE240]))
            #expect(read(&second, unit: 6) == .success([0, 6]))
        }
    }

    @Test func anAddressThatGoesAndComesBack() throws {
        let meters = try NetworkMeters()
        fill(meters.bank)
        var bus = ModbusBus(settings: meters.settings)
        #expect(read(&bus, unit: 6) == .success([0, 6]))
        meters.stop()
        let refused = read(&bus, unit: 6)
        #expect(kind(refused) == .cannotOpen, "\(refused)")
        try meters.start()
        // The idle connection was closed by the other side: that alone is no failure.
        #expect(read(&bus, unit: 6) == .success([0, 6]))
    }

    @Test func aBusOfManyReadsInARow() throws {
        let meters = try SerialMeters()
        var bus = ModbusBus(settings: meters.settings())
        for round in 0..<200 {
            let words: [UInt16] = [UInt16(round), UInt16(round &* 31)]
            meters.bank.set(unit: 5, table: .holding, address: 0, words: words)
            #expect(read(&bus, unit: 5) == .success(words))
        }
    }
}
