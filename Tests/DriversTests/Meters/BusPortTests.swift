import Glibc
import Testing

@testable import Drivers

/// What every bus port promises; the real ones and the simulated one pass the same suite.
struct BusPortTests {
    /// 05 03 0000 0002 and its answer.
    private static let request = hex("05 03 00 00 00 02 C5 8F")
    private static let answer = hex("05 03 04 00 01 E2 40 A7 63")
    private static let second: Int64 = 1_000_000_000

    private static func fill(_ bank: MeterBank) {
        bank.set(unit: 5, table: .holding, address: 0, words: [1, 0xE240])
        bank.set(unit: 6, table: .holding, address: 0, words: [0])
        bank.set(unit: 6, fault: .silent)
    }

    /// Why it cannot be opened.
    private func failure<Port: BusPort & ~Copyable>(_ port: inout Port) -> BusError? {
        do throws(BusError) { try port.open() } catch { return error }
        return nil
    }

    private func conforms<Port: BusPort & ~Copyable>(_ port: consuming Port, request: [UInt8], answer: [UInt8]) {
        var port = port
        var bytes: [UInt8] = []
        #expect(port.send(request) == ENOTCONN, "closed ports send nothing")
        #expect(port.receive(into: &bytes, until: port.now) == ENOTCONN)
        #expect(failure(&port) == nil)
        #expect(failure(&port) == nil, "open is idempotent")

        // Nothing there: the deadline is kept, and a deadline that is over only looks.
        let before = port.now
        #expect(port.receive(into: &bytes, until: before + BusPortTests.second / 50) == 0)
        #expect(bytes.isEmpty)
        #expect((BusPortTests.second / 50...BusPortTests.second).contains(port.now - before))
        #expect(port.receive(into: &bytes, until: before) == 0)

        // Bytes come in parcels, behind what is there already.
        bytes = [0xAA]
        #expect(port.send(request) == 0)
        let deadline = port.now + 2 * BusPortTests.second
        while bytes.count < answer.count + 1, port.now < deadline {
            #expect(port.receive(into: &bytes, until: deadline) == 0)
        }
        #expect(bytes == [0xAA] + answer)

        // To wait is not to lose.
        bytes = []
        #expect(port.send(request) == 0)
        let start = port.now
        port.wait(until: start + BusPortTests.second / 10)
        #expect(port.now - start >= BusPortTests.second / 10)
        port.wait(until: start)
        #expect(port.receive(into: &bytes, until: port.now) == 0)
        #expect(bytes == answer)

        // Closed and opened again, with nothing left from before.
        port.close()
        port.close()
        bytes = []
        #expect(port.send(request) == ENOTCONN)
        #expect(failure(&port) == nil)
        #expect(port.receive(into: &bytes, until: port.now) == 0)
        #expect(bytes.isEmpty)
        #expect(port.send(request) == 0)
        let again = port.now + 2 * BusPortTests.second
        while bytes.count < answer.count, port.now < again {
            #expect(port.receive(into: &bytes, until: again) == 0)
        }
        #expect(bytes == answer)
    }

    @Test func aPseudoTerminal() throws {
        let meters = try SerialMeters()
        BusPortTests.fill(meters.bank)
        conforms(
            StreamPort(settings: meters.settings()), request: BusPortTests.request, answer: BusPortTests.answer)
    }

    @Test(arguments: [false, true]) func aConnection(serialFrames: Bool) throws {
        let meters = try NetworkMeters(serialFrames: serialFrames)
        BusPortTests.fill(meters.bank)
        conforms(
            StreamPort(settings: meters.settings),
            request: serialFrames ? BusPortTests.request : hex("00 01 00 00 00 06 05 03 00 00 00 02"),
            answer: serialFrames ? BusPortTests.answer : hex("00 01 00 00 00 07 05 03 04 00 01 E2 40"))
    }

    @Test func aSimulatedLine() {
        let bank = MeterBank()
        BusPortTests.fill(bank)
        let settings = BusSettings(
            name: "rs485", transport: .rtu(port: "/dev/null", baud: 9600, parity: .none, stopBits: 1))
        conforms(
            SimulatedPort(settings: settings, bank: bank, clock: SimulatedClock()), request: BusPortTests.request,
            answer: BusPortTests.answer)
    }

    /// The kernel switches the transceiver only where a port has one; a pseudo-terminal has none, and says so.
    @Test func aPortWithoutDirectionControlSaysSo() throws {
        let meters = try SerialMeters()
        var settings = meters.settings()
        settings.kernelDrivesDirection = true
        var port = StreamPort(settings: settings)
        let error = failure(&port)
        #expect(error?.message.contains("cannot drive this port's direction") == true)
        #expect(error?.advice.contains("Remove `rs485`") == true)
        // It has let go of the port again.
        var plain = StreamPort(settings: meters.settings())
        #expect(failure(&plain) == nil)
    }
}
