// The rules in numbers: `make bench-rules`. A simulated year of ten signals, read every ten seconds, through twelve rules.
//
// Exit codes as the agent's: 0 every goal met, 1 one missed.

import CountedMalloc
import Glibc
import LocalRules

private let goal = (readingsInSecond: 2_000_000.0, bytes: 2_000_000)
private let ticksInDay = 8_640

private struct Round {
    var readings = 0
    var seconds = 0.0
    var allocations: UInt64 = 0
    var directives = 0
    var readingsInSecond: Double { Double(readings) / seconds }
}

@main
enum RulesBenchmark {
    static func main() {
        let empty = counted_malloc_bytes_in_use()
        var engine = RuleEngine(home: BenchmarkHome.model, at: BenchmarkLife.begin)
        var life = BenchmarkLife()
        var ten = (0..<10).map { Reading(signal: SignalID($0), time: BenchmarkLife.begin, value: 0) }
        // What takes no part in the measurement: the life itself.
        let alone = run(days: 30) { life.next(&ten) }
        life = BenchmarkLife()

        print("rules: 10 signals, 12 rules, one reading of each every 10 s, on one core")
        var year = Round()
        var bytes: [Int] = []
        for month in 1...12 {
            var directives = 0
            var round = run(days: 30) {
                life.next(&ten)
                for reading in ten { directives += engine.observe(reading).count }
            }
            round.seconds -= alone.seconds
            round.allocations -= alone.allocations
            bytes.append(Int(counted_malloc_bytes_in_use()) - Int(empty))
            print(
                "  month \(month): \(Int(round.readingsInSecond)) readings/s, \(thousandths(round)) allocations/reading, \(bytes[month - 1]) bytes, \(directives) directives"
            )
            year.readings += round.readings
            year.seconds += round.seconds
            year.allocations += round.allocations
        }
        print("  year: \(Int(year.readingsInSecond)) readings/s, \(thousandths(year)) allocations/reading")
        let isFast = report("2,000,000 readings/s", year.readingsInSecond >= goal.readingsInSecond)
        let isSmall = report("under 2 MB", bytes.allSatisfy { $0 < goal.bytes })
        // Arrays grow in doublings for as long as the longest window fills; after two months nothing may grow.
        let isFlat = report(
            "no more memory than in the second month", bytes[2...].allSatisfy { $0 <= bytes[1] + 4_096 })
        withExtendedLifetime(engine) { exit(isFast && isSmall && isFlat ? 0 : 1) }
    }

    private static func run(days: Int, _ tick: () -> Void) -> Round {
        var round = Round()
        let (begin, calls) = (processorSeconds(), counted_malloc_calls())
        for _ in 0..<days * ticksInDay { tick() }
        round.seconds = processorSeconds() - begin
        round.allocations = counted_malloc_calls() - calls
        round.readings = days * ticksInDay * 10
        return round
    }

    /// Of this thread alone: on a busy machine it says more than what went by on the wall.
    private static func processorSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    private static func thousandths(_ round: Round) -> Double {
        (1_000 * Double(round.allocations) / Double(round.readings)).rounded() / 1_000
    }

    private static func report(_ goal: String, _ isMet: Bool) -> Bool {
        print("  \(isMet ? "met" : "MISSED"): \(goal)")
        return isMet
    }
}
