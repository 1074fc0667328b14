// Counters: the table, what holds for every counter, and what survives a restart.

import Drivers
import FoundationEssentials
import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct CounterTests {
    @Test(arguments: counterCases) func theTable(_ line: CounterCase) throws {
        var counter = Counter(plan: line.counter.plan)
        let (totals, notices) = play(try line.steps(), on: &counter, unit: line.counter.unit)
        #expect(totals == line.totals)
        #expect(notices == line.notices)
    }

    /// The same line with a restart before every reading.
    @Test(arguments: counterCases) func aRestartAnywhereChangesNothing(_ line: CounterCase) throws {
        var memory: CounterMemory?
        var (totals, notices): ([String], [String]) = ([], [])
        for step in try line.steps() {
            var counter = Counter(plan: line.counter.plan, memory: memory)
            let (total, notice) = play([step], on: &counter, unit: line.counter.unit)
            totals.append(total)
            if !notice.isEmpty { notices.append(notice) }
            memory = try JSONDecoder().decode(CounterMemory.self, from: try JSONEncoder().encode(counter.memory))
        }
        #expect(totals.joined(separator: " ") == line.totals)
        #expect(notices.joined(separator: " ") == line.notices)
    }

    @Test func aReplacementIsOpenUntilAPersonConfirmsIt() throws {
        var counter = Counter(plan: TableCounter.litres.plan)
        let steps = try CounterCase("", "0 5000, 10 5000, 1h 40000, 1h+10 40000", "").steps()
        _ = play(steps, on: &counter, unit: 1000)
        let replacement = try #require(counter.replacement)
        #expect(replacement.old == 5_000_000)
        #expect(replacement.new == 40_000_000)
        #expect(replacement.time == midnight + .hours(1))
        let confirmed = counter.confirmReplacement()
        #expect(confirmed == replacement)
        #expect(counter.replacement == nil)
        #expect(counter.confirmReplacement() == nil)
        // Confirmed, the old register is gone for good: what looks like it is another meter again.
        _ = play(try CounterCase("", "2h 5000, 2h+10 5000", "").steps(), on: &counter, unit: 1000)
        #expect(counter.replacement?.old == 40_000_000)
    }

    @Test func anOldRegisterThatComesBackWithdrawsTheQuestion() throws {
        var counter = Counter(plan: TableCounter.litres.plan)
        _ = play(try CounterCase("", "0 5000, 10 5000, 1h 40, 1h+10 40", "").steps(), on: &counter, unit: 1000)
        #expect(counter.replacement != nil)
        _ = play(try CounterCase("", "2h 5000, 2h+10 5000", "").steps(), on: &counter, unit: 1000)
        #expect(counter.replacement == nil)
    }

    @Test func damagedMemoriesTrapNowhere() {
        let extremes: [Int64] = [.min, -1, 0, 1, .max]
        for register in extremes {
            for time in extremes {
                for total in extremes {
                    var memory = CounterMemory(total: total, hasTotal: true)
                    memory.line = CounterLine(register: register, time: Instant(milliseconds: time), isProven: true)
                    memory.line?.dip = .max
                    memory.doubt = CounterDoubt(register: -1, time: Instant(milliseconds: .min), count: .max)
                    memory.earlier = CounterEarlier(
                        register: 0, total: .max, time: Instant(milliseconds: .min))
                    memory.glitches = .max
                    var counter = Counter(plan: TableCounter.extreme.plan, memory: memory)
                    for (step, next) in extremes.enumerated() {
                        let outcome = counter.take(next, at: Instant(milliseconds: Int64(step)))
                        #expect(outcome.total >= total)
                    }
                }
            }
        }
    }

    private func moduli(_ register: RegisterPlan) -> [Int64] {
        CounterPlan(
            register, scale: Scale(numerator: 1, denominator: 1), quantity: .volume, maxRate: 1, poll: .seconds(1)
        ).moduli
    }

    @Test func whatAPlanKnowsOfItsRegister() throws {
        let water = CounterPlan.plans(of: try load(homeHead + waterMeter))[0]
        #expect(
            water?.moduli == [4, 5, 6, 7, 8, 9].map { (0..<$0).reduce(1000) { n, _ in n * 10 } } + [4_294_967_296_000])
        #expect(water?.step == 1000)
        #expect(water?.maxRate == 6_000_000)
        let fine = CounterPlan(
            register(.u16), scale: Scale(numerator: 5, denominator: 2), quantity: .volume, maxRate: 1, poll: .seconds(1)
        )
        // A count of 2.5 mL is seen as 2 or 3.
        #expect(fine.step == 3)
        #expect(fine.moduli == [25_000, 163_840])
        #expect(moduli(register(.bcd4)) == [10_000])
        #expect(moduli(register(.bcd8)).last == 100_000_000)
        #expect(moduli(register(.sm16)) == [10_000, 32_768])
        #expect(moduli(register(.sm32)).last == 2_147_483_648)
        #expect(moduli(register(.u16, bits: BitField(low: 4, high: 11))) == [256])
        let scale = ScaleRegister(table: .holding, address: 9, type: .i16, role: .exponent)
        #expect(moduli(register(.u16, scaleFrom: scale)).isEmpty)
        #expect(TableCounter.litres64.plan.moduli.isEmpty)
        #expect(TableCounter.float.plan.moduli.isEmpty)
        // A float of 24 bits counts whole kilowatt-hours up to 16,777,216, and then every second one.
        #expect(TableCounter.float.plan.resolution(at: 16_777_216_000_000) == 2_000_000)
        let configured = try load(homeHead + waterMeter + "max-rate = \"2.5 m3/h\"\n")
        #expect(CounterPlan.plans(of: configured)[0]?.maxRate == 2_500_000)
    }
}

extension CounterCase {
    struct Step {
        var time: Instant
        /// In the line's unit; nil: beyond 64 bits.
        var value: Int64?
    }

    struct Misspelt: Error { var text: String }

    func steps() throws -> [Step] {
        try readings.split(separator: ",").map { reading in
            let words = reading.split(separator: " ")
            guard words.count == 2 else { throw Misspelt(text: readings) }
            let time = try words[0].split(separator: "+").reduce(midnight) { moment, part in
                guard let span = Span.parse(part.last?.isLetter == true ? String(part) : "\(part)s") else {
                    throw Misspelt(text: readings)
                }
                return moment + span
            }
            guard words[1] != "x" else { return Step(time: time, value: nil) }
            guard let value = Int64(words[1]) else { throw Misspelt(text: readings) }
            return Step(time: time, value: value)
        }
    }
}

/// "100 100? 112" and the notices' codes.
private func play(
    _ steps: [CounterCase.Step], on counter: inout Counter, unit: Int64
) -> (totals: String, notices: String) {
    var (totals, notices): ([String], [String]) = ([], [])
    for step in steps {
        let outcome = counter.take(step.value.map { $0 * unit }, at: step.time)
        let mark = [Reading.Quality.suspect: "?", .missing: "!"][outcome.quality] ?? ""
        totals.append("\(outcome.total / unit)\(mark)")
        notices += outcome.notices.map(\.code)
    }
    return (totals.joined(separator: " "), notices.joined(separator: " "))
}
