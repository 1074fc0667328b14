import Testing

@testable import Drivers

struct BusMasterTests {
    private let settings = BusSettings(
        name: "rs485", transport: .rtu(port: "/dev/null", baud: 9600, parity: .none, stopBits: 1))
    private let bank = MeterBank()
    private let wire = SimulatedClock()

    /// The agent's clock, moved by what the wire takes.
    private var now: BootTime { BootTime(nanoseconds: wire.now) }

    private func meter(_ unit: UInt8, addresses: [UInt16], type: RegisterType = .u16, retries: Int = 0) -> MeterPlan {
        MeterPlan(
            name: "m\(unit)", unit: unit, pollMilliseconds: 10_000, retries: retries,
            limits: RequestLimits(mostGap: 3),
            registers: addresses.map {
                RegisterPlan(
                    channel: Channel(Int(unit) * 100 + Int($0)), table: .holding, address: $0, type: type, order: .ABCD)
            })
    }

    private func master(_ meters: [MeterPlan]) -> BusMaster<SimulatedPort> {
        for meter in meters {
            bank.set(unit: meter.unit, table: .holding, address: 0, words: Array(repeating: 7, count: 20))
        }
        return BusMaster(
            settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: wire), meters: meters,
            start: at(0))
    }

    private func move(to seconds: Double) { wire.move(to: at(seconds).nanoseconds) }

    @Test func oneStepIsOneExchangeAndStampsItsReply() {
        var master = master([meter(5, addresses: [0, 1, 9]), meter(6, addresses: [0])])
        let first = master.step { now }
        #expect(first.map(\.channel.index) == [500, 501])
        #expect(first.map(\.integer) == [7, 7])
        let second = master.step { now }
        #expect(second.map(\.channel.index) == [509])
        #expect(first[0].time < second[0].time)
        #expect(master.step { now }.map(\.channel.index) == [600])
        #expect(master.nextDue == at(10))
        #expect(master.step { now }.isEmpty)
    }

    @Test func aDeadMeterCostsOneTimeoutAndItsNeighbourNothing() {
        var master = master([meter(5, addresses: [0, 9]), meter(6, addresses: [0])])
        bank.set(unit: 5, fault: .silent)
        let opening = wire.now
        let samples = master.step { now }
        #expect(samples.map(\.busError?.kind) == [.timedOut, .timedOut])
        #expect(samples[0].busError?.message == "bus rs485 (/dev/null), meter m5 (unit 5): no answer within 1000 ms")
        // A time-out of silence after the opening; then 1 s, and 8 + 7 characters.
        let took = wire.now - opening
        #expect(took >= 2_000_000_000 && took < 2_040_000_000)
        #expect(master.step { now }.map(\.integer) == [7])
        #expect(master.nextDue == at(10))
    }

    @Test func oneFailureOfAMeterThatAnsweredIsTriedAgainAndNotSaid() {
        var master = master([meter(5, addresses: [0], retries: 1)])
        #expect(master.step { now }.map(\.integer) == [7])
        bank.set(unit: 5, fault: .silent)
        move(to: 10)
        #expect(master.step { now }.isEmpty)
        bank.set(unit: 5, fault: .none)
        // Its quarantine: one more time-out.
        #expect((12.0...12.1).contains(Double(master.nextDue.nanoseconds) / 1e9))
        move(to: 12.1)
        #expect(master.step { now }.isEmpty, "the probe")
        #expect(master.step { now }.map(\.integer) == [7])
        #expect(master.nextDue == at(20))
    }

    @Test func oneRefusedRegisterDoesNotTakeItsNeighboursAlong() {
        var master = master([meter(5, addresses: [17, 19, 20])])
        // 20 does not exist: first without the gap, then alone.
        var samples: [Sample] = []
        for _ in 0..<5 { samples += master.step { now } }
        #expect(samples.map(\.channel.index) == [517, 519, 520])
        #expect(samples.map(\.integer) == [7, 7, nil])
        #expect(samples.last?.outcome == .meterException(ModbusException(code: 2)))
        // The bus is good: the meter stays on its grid.
        #expect(master.nextDue == at(10))
        // Known now: one request, over the gap, and the refused one left out.
        move(to: 10)
        #expect(master.step { now }.map(\.channel.index) == [517, 519])
        #expect(master.nextDue == at(20))
    }

    @Test func aValueThatIsNoNumberNamesItsRegister() {
        var master = master([meter(5, addresses: [12], type: .f32)])
        bank.set(unit: 5, table: .holding, address: 12, words: [0x7F80, 0])
        #expect(
            master.step { now }.first?.busError?.message
                == "meter m5 (unit 5), holding register 12 holds inf, which is no number")
        bank.set(unit: 5, table: .holding, address: 12, words: [0x7FC0, 0])
        move(to: 10)
        #expect(
            master.step { now }.first?.outcome
                == .noValue(reason: "meter m5 (unit 5), holding register 12 holds no number (NaN)"))
    }

    @Test func anInstallersReadDoesNotWaitForThePolls() {
        var master = master([meter(5, addresses: [0, 9]), meter(6, addresses: [0])])
        _ = master.step { now }
        // In the middle of a round.
        let read = master.read(
            ModbusQuestion(unit: 6, table: .holding, address: 3, count: 2), timeoutMilliseconds: 1000)
        #expect(read.reply.words == [7, 7])
        // 06 03 0003 0002 and its CRC
        #expect(read.sent == hex("06 03 00 03 00 02 35 BC"))
        #expect(read.received.prefix(3) == hex("06 03 04")[...])
        #expect(master.step { now }.map(\.channel.index) == [509])
    }

    @Test func whatTheGatewayCannotReachIsADeadMeter() {
        var master = master([meter(5, addresses: [0]), meter(6, addresses: [0])])
        bank.set(unit: 5, fault: .exception(code: 11))
        let error = master.step { now }.first?.busError
        #expect(error?.message.hasSuffix("the gateway cannot reach the meter (exception 11)") == true)
        bank.set(unit: 5, fault: .exception(code: 6))
        move(to: 20)
        #expect(master.step { now }.map(\.integer) == [7])
        #expect(master.step { now }.first?.outcome == .meterException(ModbusException(code: 6)))
    }

    /// The whole way over a real line: samples come, the adapter goes and comes back, samples come again.
    @Test func overARealLine() throws {
        let meters = try SerialMeters()
        let clock = TestClock()
        meters.bank.set(unit: 5, table: .holding, address: 0, words: [42])
        var master = BusMaster(
            settings: meters.settings(), port: StreamPort(settings: meters.settings()),
            meters: [meter(5, addresses: [0]), meter(6, addresses: [0])], start: at(0))
        meters.bank.set(unit: 6, fault: .silent)
        #expect(master.step { clock.now }.map(\.integer) == [42])
        meters.unplug()
        clock.set(10)
        #expect(master.step { clock.now }.map(\.busError?.kind) == [.lost])
        clock.set(20)
        #expect(master.step { clock.now }.map(\.busError?.kind) == [.cannotOpen, .cannotOpen])
        try meters.plugIn()
        clock.set(30)
        #expect(master.step { clock.now }.map(\.integer) == [42])
    }
}
