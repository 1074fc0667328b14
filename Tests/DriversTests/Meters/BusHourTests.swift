import Testing

@testable import Drivers

/// An hour on a bus in simulated time: what bad neighbours cost.
struct BusHourTests {
    private static let second: Int64 = 1_000_000_000
    private let settings = BusSettings(
        name: "rs485", transport: .rtu(port: "/dev/null", baud: 9600, parity: .none, stopBits: 1))

    private struct Row: CustomStringConvertible {
        var meter: String
        var wanted: Int
        var onTime: Int
        var share: Double { Double(onTime) / Double(wanted) }
        var description: String {
            "\(meter): \(onTime) of \(wanted) polls on schedule (\((share * 1000).rounded() / 10) %)"
        }
    }

    private func meter(_ unit: UInt8, _ name: String, poll: Int64) -> MeterPlan {
        MeterPlan(
            name: name, unit: unit, pollMilliseconds: poll * 1000,
            registers: (0..<10).map {
                RegisterPlan(
                    channel: Channel(Int(unit) * 100 + $0), table: .holding, address: UInt16($0 * 2), type: .u32,
                    order: .ABCD)
            })
    }

    /// Runs an hour; a poll is on schedule when all its samples come before the next poll is due.
    private func hour(_ plans: [MeterPlan], bank: MeterBank) -> [Row] {
        let clock = SimulatedClock()
        for plan in plans {
            bank.set(unit: plan.unit, table: .holding, address: 0, words: Array(repeating: 1, count: 20))
        }
        var now: BootTime { BootTime(nanoseconds: clock.now) }
        var master = BusMaster(
            settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: clock), meters: plans,
            start: now)
        var slots = plans.map { _ in [Int64: Int]() }
        while clock.now < 3600 * BusHourTests.second {
            clock.move(to: min(master.nextDue.nanoseconds, 3600 * BusHourTests.second))
            for sample in master.step(clock: { now }) where sample.integer != nil {
                let meter = plans.firstIndex { Int($0.unit) == sample.channel.index / 100 }!
                slots[meter][sample.time.nanoseconds / (plans[meter].pollMilliseconds * 1_000_000), default: 0] += 1
            }
        }
        return zip(plans, slots).map { plan, slots in
            Row(
                meter: plan.name, wanted: Int(3_600_000 / plan.pollMilliseconds),
                onTime: slots.filter { $0.key < 3_600_000 / plan.pollMilliseconds && $0.value >= plan.registers.count }
                    .count)
        }
    }

    /// Two healthy meters, a dead one, one that refuses everything, one that is always late.
    @Test(arguments: [2, 5, 10] as [Int64]) func twoHealthyMetersAmongThreeBadOnes(poll: Int64) {
        let bank = MeterBank()
        let names = ["water", "power", "dead", "refusing", "late"]
        let plans = names.enumerated().map { meter(UInt8($0.offset + 1), $0.element, poll: poll) }
        bank.set(unit: 3, fault: .silent)
        bank.set(unit: 4, fault: .exception(code: 2))
        bank.set(unit: 5, fault: .late(milliseconds: 1400))
        let rows = hour(plans, bank: bank)
        print("an hour, polls every \(poll) s: \(rows.map(\.description).joined(separator: "; "))")
        #expect(rows[0].share >= 0.95)
        #expect(rows[1].share >= 0.95)
        #expect(rows[2].onTime == 0)
        #expect(rows[3].onTime == 0)
        #expect(rows[4].onTime == 0, "late by more than the time-out: never a value")
    }

    /// A dead meter costs one time-out each time it is asked: 1, 2, 4 … polls apart, then once a minute.
    @Test func aDeadMeterCostsOneTimeoutAStep() {
        let clock = SimulatedClock()
        let bank = MeterBank()
        bank.set(unit: 3, fault: .silent)
        var master = BusMaster(
            settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: clock),
            meters: [meter(3, "dead", poll: 10)], start: BootTime(nanoseconds: 0))
        var blocked: [Int64] = []
        while clock.now < 600 * BusHourTests.second {
            clock.move(to: master.nextDue.nanoseconds)
            let before = clock.now
            _ = master.step { BootTime(nanoseconds: clock.now) }
            if clock.now > before { blocked.append((clock.now - before) / 1_000_000) }
        }
        // A time-out of 1 s, and the frames' own time; in front of the first one the port was opened, which costs
        // one more. The first failure is repeated once; then 10, 20 and 40 s pass, and a minute each.
        #expect(blocked.dropFirst().allSatisfy { (1000...1060).contains($0) }, "\(blocked)")
        let count = blocked.count
        #expect(count >= 12 && count <= 15, "\(count) time-outs in ten minutes")
    }

    @Test func aHealthyMeterIsWaitedForAsLongAsItNeeds() {
        let clock = SimulatedClock()
        let bank = MeterBank()
        bank.set(unit: 1, table: .holding, address: 0, words: Array(repeating: 1, count: 20))
        bank.set(unit: 1, fault: .late(milliseconds: 150))
        var master = BusMaster(
            settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: clock),
            meters: [meter(1, "slow", poll: 1)], start: BootTime(nanoseconds: 0))
        func run(seconds: Int64) {
            let end = clock.now + seconds * BusHourTests.second
            while clock.now < end {
                clock.move(to: min(end, master.nextDue.nanoseconds))
                _ = master.step { BootTime(nanoseconds: clock.now) }
            }
        }
        #expect(master.report.meters[0].timeoutMilliseconds == 1000)
        run(seconds: 200)
        // It takes 150 ms, and the silence in front of its answer; twice that.
        let report = master.report.meters[0]
        #expect((150.0...156).contains(report.turnaroundP99Milliseconds ?? 0))
        #expect((300...313).contains(report.timeoutMilliseconds))
        #expect(report.failures == 0)
        // It becomes slower than what was learned: one failure, and it is waited for as configured.
        bank.set(unit: 1, fault: .late(milliseconds: 700))
        run(seconds: 200)
        #expect(master.report.meters[0].timeoutMilliseconds == 1000)
        #expect(master.report.meters[0].failures <= 3)
        #expect(!master.report.meters[0].isFailing)
    }
}
