import Testing

@testable import Drivers

/// Late answers on a serial line, in a time that the test moves.
struct ReplyOrderTests {
    private let settings = BusSettings(
        name: "rs485", transport: .rtu(port: "/dev/null", baud: 9600, parity: .none, stopBits: 1))
    private let timeout = 100

    private func words(_ value: UInt16) -> [UInt16] { Array(repeating: value, count: 12) }

    /// One answer, so many milliseconds late; then the register changes. Whatever is read afterwards, from this
    /// unit or another, is what is there now.
    private func latecomer(by late: Int, inOrder: Bool) -> String? {
        let clock = SimulatedClock()
        let bank = MeterBank(answersInOrder: inOrder)
        bank.set(unit: 5, table: .holding, address: 0, words: words(1))
        bank.set(unit: 6, table: .holding, address: 0, words: words(6))
        var master = BusMaster(
            settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: clock), meters: [],
            start: BootTime(nanoseconds: 0))
        bank.set(unit: 5, fault: .late(milliseconds: late))
        let first = master.get(unit: 5, timeout: timeout)
        guard first.words == nil else { return "late \(late): \(first)" }
        bank.set(unit: 5, fault: .none)
        bank.set(unit: 5, table: .holding, address: 0, words: words(2))
        // Until the late answer is over, and a little further.
        var last: [UInt16]?
        while clock.now < Int64(late + 20 * timeout) * 1_000_000 {
            if let words = master.get(unit: 6, timeout: timeout).words, words != [6, 6] {
                return "late \(late): \(words)"
            }
            last = master.get(unit: 5, timeout: timeout).words
            if let last, last != [2, 2] { return "late \(late): \(last)" }
        }
        return last == [2, 2] ? nil : "late \(late): not recovered"
    }

    /// The quarantine is one time-out long: at any millisecond of it a late answer is nobody's.
    @Test func lateAtAnyMillisecondOfTheQuarantine() {
        // A request and its answer take 17 ms on this wire; the time-out begins behind that.
        for late in timeout...(2 * timeout) {
            #expect(latecomer(by: late, inOrder: false) == nil)
            #expect(latecomer(by: late, inOrder: true) == nil)
        }
    }

    /// Later ones: a unit answers in order, so its answer to the probe comes behind them.
    @Test func laterThanAnyQuarantine() {
        for late in stride(from: 2 * timeout, through: 20 * timeout, by: 7) {
            #expect(latecomer(by: late, inOrder: true) == nil)
        }
    }

    private func next(
        _ order: inout ReplyOrder, _ question: ModbusQuestion, known: [ModbusQuestion] = [],
        limits: RequestLimits = RequestLimits(), now: Int64
    ) -> ReplyOrder.Next {
        order.next(for: question, known: known, limits: limits, now: now, quarantineNanoseconds: 50)
    }

    @Test func theProbeIsOfALengthThatNothingElseHas() {
        var order = ReplyOrder()
        let question = ModbusQuestion(unit: 5, table: .holding, address: 100, count: 2)
        #expect(next(&order, question, now: 0) == .question)
        order.failed(question, now: 1000, quarantineNanoseconds: 50)
        #expect(next(&order, question, now: 1049) == .wait)
        var lengths: [Int] = []
        for round in 0..<9 {
            guard case .probe(let probe) = next(&order, question, now: 2000) else { break }
            #expect(probe.address == 100)
            lengths.append(probe.count)
            order.failed(probe, now: 1000 + Int64(round), quarantineNanoseconds: 0)
        }
        #expect(lengths == [1, 3, 4, 5, 6, 7, 8, 9, 10])
        order.restored()
        #expect(next(&order, question, now: 3000) == .question)
    }

    @Test func theProbeIsOneThatTheMeterHasAnsweredIfThereIsOne() {
        var order = ReplyOrder()
        let question = ModbusQuestion(unit: 5, table: .holding, address: 100, count: 2)
        let known = [question, ModbusQuestion(unit: 5, table: .input, address: 7, count: 4)]
        order.failed(question, now: 0, quarantineNanoseconds: 0)
        #expect(next(&order, question, known: known, now: 0) == .probe(known[1]))
        let limits = RequestLimits(forbidden: [RegisterRange(table: .input, first: 10, last: 10)])
        #expect(next(&order, question, known: known, limits: limits, now: 0) != .probe(known[1]))
    }

    @Test func whereNoProbeCanBeHadItIsWatched() {
        var order = ReplyOrder()
        let limits = RequestLimits(forbidden: [RegisterRange(table: .holding, first: 101, last: 109)])
        let single = ModbusQuestion(unit: 5, table: .holding, address: 100, count: 1)
        order.failed(single, now: 0, quarantineNanoseconds: 0)
        #expect(next(&order, single, limits: limits, now: 10) == .wait)
        #expect(next(&order, single, limits: limits, now: 409) == .wait)
        #expect(next(&order, single, limits: limits, now: 410) == .question)
        // Two silent probes are enough.
        order.failed(single, now: 500, quarantineNanoseconds: 0)
        for _ in 0..<2 {
            guard case .probe(let probe) = next(&order, single, now: 500) else { break }
            order.probeFailed(probe, now: 500, quarantineNanoseconds: 0)
        }
        #expect(next(&order, single, now: 500) == .wait)
        // It speaks while it is watched.
        order.spokeUnasked(now: 520, quarantineNanoseconds: 50)
        #expect(next(&order, single, now: 899) == .wait)
        #expect(next(&order, single, now: 900) == .wait, "watched again")
        #expect(next(&order, single, now: 1300) == .question)
    }

    @Test func probesAtTheEndsOfTheAddressSpaceAndOfBits() {
        var order = ReplyOrder()
        let last = ModbusQuestion(unit: 5, table: .holding, address: 0xFFFF, count: 1)
        order.failed(last, now: 0, quarantineNanoseconds: 0)
        #expect(
            next(&order, last, now: 0) == .probe(ModbusQuestion(unit: 5, table: .holding, address: 0xFFFE, count: 2)))
        let coils = ModbusQuestion(unit: 5, table: .coil, address: 0, count: 8)
        #expect(next(&order, coils, now: 0) == .probe(ModbusQuestion(unit: 5, table: .coil, address: 0, count: 9)))
    }

    /// An installer who asks a dead meter again and again never holds the bus for long: the watchdog looks at it.
    @Test func insistingOnADeadMeterIsBounded() {
        let clock = SimulatedClock()
        let bank = MeterBank()
        bank.set(unit: 5, table: .holding, address: 0, words: [3])
        bank.set(unit: 5, fault: .silent)
        var master = BusMaster(
            settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: clock), meters: [],
            start: BootTime(nanoseconds: 0))
        var messages: [String] = []
        for _ in 0..<8 {
            let before = clock.now
            let error = master.get(unit: 5, count: 1, timeout: timeout).busError
            // Three time-outs of waiting; a probe, or the question, is one more, with the frames' own time.
            #expect(clock.now - before <= Int64(5 * timeout) * 1_000_000)
            messages.append(error?.message ?? "an answer")
        }
        #expect(messages.contains { $0.hasSuffix("did not answer, and is left alone for 1 s") }, "\(messages)")
        clock.move(to: clock.now + 10_000_000_000)
        bank.set(unit: 5, fault: .none)
        #expect(master.get(unit: 5, count: 1, timeout: timeout).words == [3])
    }

    /// A meter that refuses to be read in part is listened to instead.
    @Test func aRefusedProbe() {
        let clock = SimulatedClock()
        let bank = MeterBank()
        // Only address 65535 exists: the probe of two registers is refused.
        bank.set(unit: 5, table: .holding, address: 0xFFFF, words: [3])
        var master = BusMaster(
            settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: clock), meters: [],
            start: BootTime(nanoseconds: 0))
        bank.set(unit: 5, fault: .damaged)
        #expect(master.get(unit: 5, address: 0xFFFF, count: 1, timeout: timeout).busError?.kind == .damaged)
        bank.set(unit: 5, fault: .none)
        #expect(master.get(unit: 5, address: 0xFFFF, count: 1, timeout: timeout).words == [3])
    }
}
