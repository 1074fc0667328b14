import Testing

@testable import Drivers

/// What real lines and real meters do, each for an hour: the values that come are right, and they do come.
struct LineTroubleTests {
    private let script = ScriptedPort.Script()
    private static let hour: Int64 = 3_600_000_000_000

    private func meter(
        _ addresses: [UInt16], unit: UInt8 = 5, type: RegisterType = .u16, timeout: Int = 1000, pause: Int = 0,
        retries: Int = 1, limits: RequestLimits = RequestLimits(mostGap: 0)
    ) -> MeterPlan {
        MeterPlan(
            name: "m\(unit)", unit: unit, pollMilliseconds: 10_000, timeoutMilliseconds: timeout, retries: retries,
            pauseMilliseconds: pause, limits: limits,
            registers: addresses.map {
                RegisterPlan(channel: Channel(Int($0)), table: .holding, address: $0, type: type, order: .ABCD)
            })
    }

    /// What an hour brought: how often each register had a value, and values that were not its own.
    private func hour(_ plans: [MeterPlan], until end: Int64 = LineTroubleTests.hour) -> (
        good: [Int: Int], wrong: [String]
    ) {
        let script = script
        var now: BootTime { BootTime(nanoseconds: script.clock.now) }
        var master = BusMaster(
            settings: ScriptedPort.settings, port: ScriptedPort(script), meters: plans, start: now)
        var good: [Int: Int] = [:]
        var wrong: [String] = []
        var steps = 0
        while script.clock.now < end, steps < 100_000 {
            steps += 1
            script.clock.move(to: min(master.nextDue.nanoseconds, end))
            for sample in master.step(clock: { now }) {
                guard let value = sample.integer else { continue }
                if value == Int64(sample.channel.index) {
                    good[sample.channel.index, default: 0] += 1
                } else {
                    wrong.append("register \(sample.channel.index) = \(value) at \(now.nanoseconds / 1_000_000) ms")
                }
            }
        }
        #expect(steps < 100_000, "the bus never came to rest")
        return (good, wrong)
    }

    /// Registers that hold their own address.
    private func words(_ address: Int, _ count: Int) -> [UInt16] { (0..<count).map { UInt16(address + $0) } }

    @Test func aSecondCopyOfAnAnswer() {
        // A repeater: every answer comes again, 20 ms later.
        script.answer = { unit, address, count, _ in
            let bytes = reply(unit, (0..<count).map { UInt16(address + $0) })
            return [(5, bytes), (25, bytes)]
        }
        let result = hour([meter([10, 50])])
        #expect(result.wrong.isEmpty, "\(result.wrong.prefix(3))")
    }

    @Test func aMeterThatKnowsOnlyItsOwnLengths() {
        // Silent to whatever is not its one register; one answer is lost at 100 s.
        script.answer = { unit, address, count, now in
            count == 1 && !(100_000..<101_000).contains(now) ? [(5, reply(unit, [UInt16(address)]))] : []
        }
        let result = hour([meter([65535 - 1], retries: 0)])
        #expect(result.good[65534, default: 0] > 340, "\(result.good)")
    }

    @Test func aMeterThatNeedsAPause() {
        // Deaf for 100 ms after each answer; one answer is lost.
        var deafUntil = 0.0
        script.answer = { unit, address, count, now in
            guard now >= deafUntil, !(100_000..<101_000).contains(now) else { return [] }
            deafUntil = now + 100
            return [(5, reply(unit, (0..<count).map { UInt16(address + $0) }))]
        }
        let result = hour([meter([10, 50, 51], pause: 120)])
        #expect(result.good[10, default: 0] > 350)
        #expect(result.good[51, default: 0] > 350)
    }

    @Test func aGlitchAroundEveryAnswer() {
        script.answer = { unit, address, count, _ in
            [(5, [0x00] + reply(unit, (0..<count).map { UInt16(address + $0) }) + [0x00])]
        }
        let result = hour([meter([10, 50])])
        #expect(result.good[10, default: 0] >= 360)
        #expect(result.good[50, default: 0] >= 360)
    }

    @Test func aRefusedProbeOnANoisyLine() {
        // Only whole values; a byte of noise every 700 ms; one damaged answer.
        script.answer = { unit, address, count, now in
            if (100_000..<101_000).contains(now) { return [(5, [5, 3])] }
            return [(5, count == 2 ? reply(unit, [0, UInt16(address)]) : refusal(unit))]
        }
        for second in 0..<5000 { script.say([0x37], after: Double(second) * 700) }
        let result = hour([meter([10, 50], type: .u32)])
        #expect(result.good[10, default: 0] > 340)
        #expect(result.wrong.isEmpty)
    }

    @Test func oneSilentRegisterHidesNothing() {
        script.answer = { unit, address, count, _ in
            (address..<(address + count)).contains(20)
                ? [] : [(5, reply(unit, (0..<count).map { UInt16(address + $0) }))]
        }
        let result = hour([meter([0, 20, 40, 60])])
        #expect(result.good[0, default: 0] > 340)
        #expect(result.good[60, default: 0] > 340)
        #expect(result.good[20] == nil)
    }

    @Test(arguments: [10, 20]) func aLossyLineIsFairToAll(percent: Int) {
        var random = SeededRandom(seed: 7)
        script.answer = { unit, address, count, _ in
            Int.random(in: 0..<100, using: &random) < percent
                ? [] : [(5, reply(unit, (0..<count).map { UInt16(address + $0) }))]
        }
        let addresses = (0..<10).map { UInt16($0 * 20) }
        let result = hour([meter(addresses)])
        let counts = addresses.map { result.good[Int($0), default: 0] }
        print("\(percent) % lost: values of ten registers in an hour: \(counts)")
        #expect(counts.min()! * 10 >= counts.max()! * 7)
        #expect(counts.min()! > (percent == 10 ? 200 : 100))
        #expect(result.wrong.isEmpty)
    }

    @Test func aBusThatCrackles() {
        script.answer = { unit, address, count, _ in [(5, reply(unit, (0..<count).map { UInt16(address + $0) }))] }
        script.crackleMilliseconds = 35
        let result = hour([meter([10, 50])], until: 700_000_000_000)
        #expect(result.good[10, default: 0] > 60)
        #expect(result.wrong.isEmpty)
    }

    @Test func aScaleOfZeroIsNoValue() {
        var plan = meter([10])
        plan.registers[0].scaleFrom = ScaleRegister(table: .holding, address: 11, type: .u16, role: .multiplier)
        script.answer = { unit, _, count, _ in [(5, reply(unit, Array([77, 0].prefix(count))))] }
        let result = hour([plan], until: 60_000_000_000)
        #expect(result.good.isEmpty)
        #expect(result.wrong.isEmpty)
    }

    @Test func registersThatLieInEachOtherDoNotLoop() {
        // A u16 with its scale elsewhere, inside a u32 that is refused.
        var plan = meter([10])
        plan.registers[0].scaleFrom = ScaleRegister(table: .holding, address: 200, type: .u16, role: .multiplier)
        plan.registers.append(
            RegisterPlan(channel: Channel(9), table: .holding, address: 10, type: .u32, order: .ABCD))
        script.answer = { unit, address, count, _ in
            address == 10 && count > 1
                ? [(5, refusal(unit))] : [(5, reply(unit, Array(repeating: address == 200 ? 1 : 10, count: count)))]
        }
        let result = hour([plan, meter([30], unit: 6)])
        #expect(result.good[10, default: 0] > 350)
        #expect(result.good[30] == nil, "the neighbour holds tens")
        #expect(result.wrong.count > 350, "but it is asked as often as it should")
        #expect(script.asked.count < 360 * 8)
    }

    @Test func whatSomebodyElseAskedBeforeIsNotOurs() {
        // Our port is opened while an answer to an earlier program is under way.
        script.say(reply(5, [0x2222]), after: 300)
        script.answer = { unit, address, count, _ in [(5, reply(unit, (0..<count).map { UInt16(address + $0) }))] }
        let result = hour([meter([10])], until: 60_000_000_000)
        #expect(result.wrong.isEmpty, "\(result.wrong)")
        #expect(result.good[10, default: 0] >= 6)
    }

    @Test func aBusThatIsMissingIsSaidForEveryMeterThatIsDue() {
        script.isMissing = true
        let script = script
        var master = BusMaster(
            settings: ScriptedPort.settings, port: ScriptedPort(script), meters: [meter([10]), meter([20], unit: 6)],
            start: at(0))
        #expect(master.step { at(0) }.map(\.busError?.kind) == [.cannotOpen, .cannotOpen])
        #expect(master.nextDue == at(1))
        #expect(master.step { at(1) }.count == 2)
        #expect(master.nextDue == at(3))
    }

    @Test func slowAnswersThatWereCutOffAreLearnedFrom() {
        // 20 ms, and 700 ms in 3 of 100 answers.
        var random = SeededRandom(seed: 9)
        script.answer = { unit, address, count, _ in
            let slow = Int.random(in: 0..<100, using: &random) < 3
            return [(slow ? 700 : 20, reply(unit, (0..<count).map { UInt16(address + $0) }))]
        }
        let result = hour([meter([10], retries: 0)], until: 10 * LineTroubleTests.hour)
        #expect(result.good[10, default: 0] > 3540, "of 3600")
        #expect(result.wrong.isEmpty)
    }
}
