// What holds for every counter: random homes whose registers turn over, are reset, replaced and misread. The
// failing seed is in the message; put it in front of `seeds` to see its home again.

import FoundationEssentials
import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct CounterPropertyTests {
    private static let seeds: [UInt64] = Array(1...60)

    @Test(arguments: seeds) func theTotalGrowsByWhatWasUsed(_ seed: UInt64) throws {
        var home = MeteredHome(seed: seed)
        var counter = Counter(plan: home.counter.plan)
        var first: Int64?
        var last = Int64.min
        var settled = (use: Int64(0), grown: Int64(0))
        for _ in 0..<3000 {
            let (register, time) = home.next()
            let outcome = counter.take(register, at: time)
            #expect(outcome.total >= last, "seed \(seed): the total fell")
            #expect(outcome.quality != .missing, "seed \(seed): single misreadings make a counter erratic")
            last = outcome.total
            let begin = first ?? outcome.total
            first = begin
            if outcome.quality == .good { settled = (home.use, outcome.total - begin) }
            if home.chance(1, of: 20) { counter = try restarted(counter) }
        }
        // A count at each end, and at each loss.
        let counts = Int64(1 + home.losses.count) * home.counter.unit
        let lost = home.losses.reduce(0, +)
        #expect(settled.grown <= settled.use + counts, "seed \(seed): use that was none")
        #expect(settled.grown >= settled.use - lost - counts, "seed \(seed): use that was lost")
        #expect(home.events.count == 4, "seed \(seed): a home in which nothing happens proves nothing")
    }

    @Test(arguments: seeds) func aRestartAnywhereChangesNothing(_ seed: UInt64) throws {
        var home = MeteredHome(seed: seed)
        var running = Counter(plan: home.counter.plan)
        var again = running
        for _ in 0..<1000 {
            let (register, time) = home.next()
            again = try restarted(again)
            #expect(again.take(register, at: time) == running.take(register, at: time), "seed \(seed)")
        }
        #expect(again.memory == running.memory, "seed \(seed)")
    }

    @Test(arguments: seeds) func aCheckValveIsNoUse(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var counter = Counter(plan: TableCounter.litres.plan)
        for poll in 0..<Int64(2000) {
            let outcome = counter.take(
                5_000_000 - Int64(random.next() % 3) * 1000, at: midnight + .seconds(10 * poll))
            #expect(outcome.quality == .good, "seed \(seed)")
            #expect(outcome.notices.isEmpty, "seed \(seed)")
        }
        #expect(counter.memory.total <= 5_000_000, "seed \(seed): it adds up")
    }

    @Test(arguments: seeds) func anythingAtAllTrapsNowhereAndNeverFalls(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let counters: [TableCounter] = [.litres, .litres16, .signed16, .litres64, .tens, .hourly, .float, .extreme]
        for each in counters {
            var counter = Counter(plan: each.plan)
            var total = Int64.min
            for _ in 0..<300 {
                let bits = Int64(bitPattern: random.next())
                let register = random.next() % 9 == 0 ? nil : bits >> Int64(random.next() % 64)
                let outcome = counter.take(
                    register, at: Instant(milliseconds: Int64(bitPattern: random.next()) >> Int64(random.next() % 64)))
                guard counter.memory.hasTotal else { continue }
                #expect(outcome.total >= total, "seed \(seed), \(each)")
                total = outcome.total
            }
        }
    }

    private func restarted(_ counter: Counter) throws -> Counter {
        let memory = try JSONDecoder().decode(CounterMemory.self, from: try JSONEncoder().encode(counter.memory))
        return Counter(plan: counter.plan, memory: memory)
    }
}

/// A meter and what is done to it: what was truly used, and what the next poll reads.
private struct MeteredHome {
    enum Event: CaseIterable { case reset, replacement, misreading, silence }

    let counter: TableCounter
    /// Millilitres used since the first reading.
    private(set) var use: Int64 = 0
    /// What ran unseen each time while one register ended and another began.
    private(set) var losses: [Int64] = []
    private(set) var events: Set<Event> = []

    private var random: SeededGenerator
    private var time = midnight
    /// Millilitres that the meter would show if it never turned over.
    private var meter: Int64
    private var quietPolls = 5
    private let counts: Int64

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        counter = random.next() % 2 == 0 ? .litres : .litres16
        counts = counter == .litres ? 1 << 32 : 1 << 16
        // Some start a bathtub before they turn over.
        meter = (random.next() % 2 == 0 ? counts - 150 : Int64(random.next() % 60_000)) * 1000
    }

    mutating func chance(_ part: UInt64, of whole: UInt64) -> Bool { random.next() % whole < part }

    /// The register in base units and when it is read. Between two events there are ordinary polls.
    mutating func next() -> (register: Int64, time: Instant) {
        quietPolls -= 1
        guard quietPolls < 0, chance(1, of: 40), let event = Event.allCases.randomElement(using: &random) else {
            return read(after: .seconds(10))
        }
        quietPolls = 5
        events.insert(event)
        switch event {
        case .misreading: return misread()
        case .silence: return read(after: .minutes(1 + Int64(random.next() % 240)))
        case .reset:
            let before = use
            let reading = read(after: .seconds(10), startingAt: 0)
            losses.append(use - before)
            return reading
        case .replacement:
            let before = use
            let reading = read(after: .minutes(20), startingAt: far(from: meter / 1000) * 1000)
            losses.append(use - before)
            return reading
        }
    }

    /// Up to 1.5 L in a poll, most of the time nothing; at most 100 L while nobody reads.
    private mutating func read(after pause: Span, startingAt start: Int64? = nil) -> (Int64, Instant) {
        time = time + pause
        let most = min(100_000, pause.milliseconds / 10_000 * 1500)
        let ran = chance(1, of: 4) ? Int64(random.next() % UInt64(most)) : 0
        use += ran
        meter = start.map { $0 + ran } ?? meter + ran
        return (meter / 1000 % counts * 1000, time)
    }

    private mutating func misread() -> (Int64, Instant) {
        let truth = read(after: .seconds(10))
        return (far(from: truth.0 / 1000) * 1000, truth.1)
    }

    /// A register that nobody takes for this one: neither just behind it nor, turned over, just before it; and
    /// not so close to its own end that a new meter turns over at once.
    private mutating func far(from register: Int64) -> Int64 {
        let start = register % counts
        let distance = counts / 4 + Int64(random.next() % UInt64(counts / 2))
        return (start + distance) % counts
    }
}
