import Foundation
import Glibc
import Testing

@testable import Drivers

/// Our frames against our own server, over a pseudo-terminal and over TCP. Time is real here.
@Suite(.serialized) struct ModbusLinkTests {
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
        var bus = bus(meters.settings())
        #expect(bus.get(unit: 5).words == [1, 0xE240])
        #expect(bus.get(unit: 6, table: .input, address: 7, count: 1).words == [77])
        #expect(bus.get(unit: 6, table: .coil, address: 3, count: 3).words == [1, 0, 1])
        #expect(bus.get(unit: 6, table: .discrete, address: 9, count: 1).words == [1])
    }

    @Test func theLargestAnswer() throws {
        let meters = try SerialMeters()
        meters.bank.set(unit: 1, table: .holding, address: 0, words: Array(0..<125))
        var bus = bus(meters.settings())
        #expect(
            bus.get(unit: 1, table: .holding, address: 0, count: 125).words == Array(0..<125))
    }

    @Test func failuresOverALineAreToldApart() throws {
        let meters = try SerialMeters()
        fill(meters.bank)
        var bus = bus(meters.settings())
        #expect(bus.get(unit: 9, timeout: 100).busError?.kind == .timedOut)
        meters.bank.set(unit: 5, fault: .damaged)
        #expect(bus.get(unit: 5).busError?.kind == .damaged)
        meters.bank.set(unit: 5, fault: .exception(code: 6))
        #expect(bus.get(unit: 5).exception == 6)
        meters.bank.set(unit: 5, fault: .none)
        #expect(bus.get(unit: 5).words == [1, 0xE240])
    }

    @Test func aLateAnswerIsNotTheNextOne() throws {
        let meters = try SerialMeters()
        fill(meters.bank)
        meters.bank.set(unit: 5, fault: .late(milliseconds: 450))
        var bus = bus(meters.settings())
        // Unit 5 answers half a time-out after its time-out, into the silence that is kept.
        #expect(bus.get(unit: 5, timeout: 300).busError?.kind == .timedOut)
        #expect(bus.get(unit: 6).words == [0, 6])
        // The same unit with other content: the late answer holds what was true before.
        #expect(bus.get(unit: 5, timeout: 300).busError?.kind == .timedOut)
        meters.bank.set(unit: 5, fault: .none)
        meters.bank.set(unit: 5, table: .holding, address: 0, words: [2, 2])
        #expect(bus.get(unit: 5).words == [2, 2])
    }

    @Test func aPortThatGoesAndComesBack() throws {
        let meters = try SerialMeters()
        fill(meters.bank)
        var bus = bus(meters.settings())
        #expect(bus.get(unit: 6).words == [0, 6])
        meters.unplug()
        #expect(bus.get(unit: 6, timeout: 200).busError?.kind == .lost)
        let gone = bus.get(unit: 6)
        #expect(gone.busError?.kind == .cannotOpen)
        if let error = gone.busError {
            #expect(error.message == "bus rs485 (\(meters.port)): cannot open: No such file or directory")
            #expect(error.advice.contains("/dev/serial/by-id"))
        }
        try meters.plugIn()
        #expect(bus.get(unit: 6).words == [0, 6])
    }

    /// Another program sets the line to another speed, as a terminal does that looks what is there.
    @Test func aLineThatSomebodyElseSetIsSetAgain() throws {
        let meters = try SerialMeters()
        let setting = SerialLine(baud: 9600, parity: .none, stopBits: 1)
        meters.bank.set(unit: 6, on: setting, table: .holding, address: 0, words: [0, 6])
        var bus = bus(meters.settings(baud: 9600))
        #expect(bus.get(unit: 6, timeout: 150).words == [0, 6])
        let descriptor = open(meters.port, O_RDWR | O_NOCTTY | O_NONBLOCK)
        var line = termios()
        #expect(tcgetattr(descriptor, &line) == 0)
        cfsetspeed(&line, speed_t(B19200))
        #expect(tcsetattr(descriptor, TCSANOW, &line) == 0)
        close(descriptor)
        var failures = 0
        while bus.get(unit: 6, timeout: 150, patience: 3000).words == nil, failures < 20 { failures += 1 }
        #expect((1...12).contains(failures), "\(failures)")
    }

    @Test func aLineHasOneMaster() throws {
        let meters = try SerialMeters()
        fill(meters.bank)
        var first = bus(meters.settings())
        var second = bus(meters.settings())
        #expect(first.get(unit: 6).words == [0, 6])
        let error = second.get(unit: 6).busError
        #expect(error?.message.contains("busy") == true, "\(String(describing: error))")
        first.release()
        #expect(second.get(unit: 6).words == [0, 6])
    }

    @Test func wrongSettingsAreRefusedWithAdvice() throws {
        let meters = try SerialMeters()
        var odd = StreamPort(settings: meters.settings(baud: 12_345))
        #expect(throws: BusError.self) { try odd.open() }
        var file = StreamPort(
            settings: BusSettings(name: "x", transport: .rtu(port: "/dev/null", baud: 9600, parity: .even, stopBits: 1))
        )
        #expect(throws: BusError.self) { try file.open() }
        var name = StreamPort(settings: BusSettings(name: "x", transport: .tcp(host: "meter.local", port: 502)))
        let error = #expect(throws: BusError.self) { try name.open() }
        #expect(error?.message == "bus x (meter.local:502): 'meter.local' is not an IPv4 address")
    }

    @Test func tcp() throws {
        let meters = try NetworkMeters()
        fill(meters.bank)
        var bus = bus(meters.settings)
        #expect(bus.get(unit: 5).words == [1, 0xE240])
        #expect(bus.get(unit: 9, timeout: 100).busError?.kind == .timedOut)
        meters.bank.set(unit: 5, fault: .damaged)
        #expect(bus.get(unit: 5).busError?.kind == .damaged)
        meters.bank.set(unit: 5, fault: .exception(code: 2))
        #expect(bus.get(unit: 5).exception == 2)
        meters.bank.set(unit: 5, fault: .late(milliseconds: 450))
        #expect(bus.get(unit: 5, timeout: 300).busError?.kind == .timedOut)
        #expect(bus.get(unit: 6).words == [0, 6])
    }

    @Test func severalMastersOverTCP() throws {
        let meters = try NetworkMeters()
        fill(meters.bank)
        var first = bus(meters.settings)
        var second = bus(meters.settings)
        for _ in 0..<10 {
            #expect(first.get(unit: 5).words == [1, 0xE240])
            #expect(second.get(unit: 6).words == [0, 6])
        }
    }

    @Test func anAddressThatGoesAndComesBack() throws {
        let meters = try NetworkMeters()
        fill(meters.bank)
        var bus = bus(meters.settings)
        #expect(bus.get(unit: 6).words == [0, 6])
        meters.stop()
        let refused = bus.get(unit: 6)
        #expect(refused.busError?.kind == .cannotOpen, "\(refused)")
        try meters.start()
        // The idle connection was closed by the other side: that alone is no failure.
        #expect(bus.get(unit: 6).words == [0, 6])
    }

    @Test func aBusOfManyReadsInARow() throws {
        let meters = try SerialMeters()
        var bus = bus(meters.settings())
        for round in 0..<200 {
            let words: [UInt16] = [UInt16(round), UInt16(round &* 31)]
            meters.bank.set(unit: 5, table: .holding, address: 0, words: words)
            #expect(bus.get(unit: 5).words == words)
        }
    }
}
