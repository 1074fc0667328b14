import Testing

@testable import Drivers

/// A bus that answers what the test says, and remembers what was asked.
private struct ScriptedBus: BusPort, ~Copyable {
    final class Script {
        var asked: [String] = []
        var isMissing = false
        var answers: [UInt8: Result<[UInt16], MeterReadError>] = [:]
    }
    let script: Script

    mutating func open() throws(BusError) {
        if script.isMissing { throw BusError(kind: .cannotOpen, message: "missing", advice: "") }
    }

    mutating func read(
        unit: UInt8, table: ModbusTable, address: UInt16, count: Int, timeoutMilliseconds: Int
    ) throws(MeterReadError) -> [UInt16] {
        script.asked.append("\(unit):\(address)+\(count)")
        return Array(try (script.answers[unit] ?? .success(Array(repeating: 7, count: count))).get().prefix(count))
    }

    mutating func close() {}
}

struct BusMasterTests {
    private let settings = BusSettings(
        name: "rs485", transport: .rtu(port: "/dev/null", baud: 9600, parity: .none, stopBits: 1))
    private let script = ScriptedBus.Script()
    private let clock = TestClock()

    private func meter(_ unit: UInt8, addresses: [UInt16], type: RegisterType = .u16) -> MeterPlan {
        MeterPlan(
            name: "m\(unit)", unit: unit, pollMilliseconds: 10_000,
            registers: addresses.map {
                RegisterPlan(
                    channel: Channel(Int(unit) * 100 + Int($0)), table: .holding, address: $0, type: type, order: .ABCD)
            })
    }

    @Test func oneStepAsksOneMeterAndStampsEachReply() {
        var master = BusMaster(
            settings: settings, port: ScriptedBus(script: script),
            meters: [meter(5, addresses: [0, 1, 9]), meter(6, addresses: [0])], start: at(0))
        let samples = master.step {
            clock.add(milliseconds: 1)
            return clock.now
        }
        #expect(script.asked == ["5:0+2", "5:9+1"])
        #expect(samples.map(\.channel.index) == [500, 501, 509])
        #expect(samples.map(\.integer) == [7, 7, 7])
        #expect(samples[0].time < samples[2].time)
        #expect(master.nextDue == at(0))
        #expect(master.step { clock.now }.map(\.channel.index) == [600])
        #expect(master.nextDue == at(10))
        #expect(master.step { clock.now }.isEmpty)
    }

    @Test func aDeadMeterCostsOneTimeoutAndThenSilence() {
        let timedOut = BusError(kind: .timedOut, message: "no answer", advice: "")
        script.answers[5] = .failure(.bus(timedOut))
        var master = BusMaster(
            settings: settings, port: ScriptedBus(script: script),
            meters: [meter(5, addresses: [0, 9]), meter(6, addresses: [0])], start: at(0))
        let samples = master.step { clock.now }
        #expect(script.asked == ["5:0+1"])
        #expect(samples.map(\.busError) == [timedOut, timedOut])
        #expect(master.step { clock.now }.isEmpty)
        #expect(master.nextDue == at(1))
        clock.set(1)
        #expect(master.step { clock.now }.map(\.integer) == [7])
    }

    @Test func oneRefusedRegisterDoesNotTakeItsNeighboursAlong() {
        script.answers[5] = .failure(.exception(ModbusException(code: 2)))
        var master = BusMaster(
            settings: settings, port: ScriptedBus(script: script), meters: [meter(5, addresses: [0, 1])], start: at(0))
        let samples = master.step { clock.now }
        #expect(script.asked == ["5:0+2", "5:0+1", "5:1+1"])
        #expect(samples.map(\.outcome) == Array(repeating: .meterException(ModbusException(code: 2)), count: 2))
        // The bus is good: the meter stays on its grid, and nobody waits.
        #expect(master.nextDue == at(10))
    }

    @Test func aMissingBusIsSaidForEveryMeterThatIsDue() {
        script.isMissing = true
        var master = BusMaster(
            settings: settings, port: ScriptedBus(script: script),
            meters: [meter(5, addresses: [0]), meter(6, addresses: [0])], start: at(0))
        #expect(master.step { clock.now }.map(\.busError?.kind) == [.cannotOpen, .cannotOpen])
        #expect(master.nextDue == at(1))
        clock.set(1)
        _ = master.step { clock.now }
        #expect(master.nextDue == at(3))
        script.isMissing = false
        clock.set(3)
        #expect(master.step { clock.now }.map(\.integer) == [7])
    }

    @Test func aValueThatIsNoNumberNamesItsRegister() {
        script.answers[5] = .success([0x7FC0, 0])
        var master = BusMaster(
            settings: settings, port: ScriptedBus(script: script), meters: [meter(5, addresses: [12], type: .f32)],
            start: at(0))
        let error = master.step { clock.now }.first?.busError
        #expect(error?.kind == .damaged)
        #expect(error?.message == "meter m5 (unit 5), holding register 12 holds nan, which is no number")
    }

    /// The whole way over a real line: samples come, the adapter goes and comes back, samples come again.
    @Test func overARealLine() throws {
        let meters = try SerialMeters()
        meters.bank.set(unit: 5, table: .holding, address: 0, words: [42])
        var master = BusMaster(
            settings: meters.settings(), port: ModbusBus(settings: meters.settings()),
            meters: [meter(5, addresses: [0])], start: at(0))
        #expect(master.step { clock.now }.map(\.integer) == [42])
        meters.unplug()
        clock.set(10)
        #expect(master.step { clock.now }.map(\.busError?.kind) == [.lost])
        clock.set(20)
        #expect(master.step { clock.now }.map(\.busError?.kind) == [.cannotOpen])
        try meters.plugIn()
        clock.set(30)
        #expect(master.step { clock.now }.map(\.integer) == [42])
    }
}
