// When the broker is tried again: by one hub, and by a town of them.

import Testing

@testable import Upstream

@Suite struct BackoffTests {
    /// The longest of many waits, after so many failures.
    private func bounds(_ count: Int, urgent: Bool, lasted: Int64?, seed: UInt64 = 1) -> [Int64] {
        var random = SeededGenerator(seed: seed)
        var longest = [Int64](repeating: 0, count: count)
        for _ in 0..<2000 {
            var backoff = Backoff(spreadMilliseconds: 40_000)
            for attempt in 0..<count {
                let wait = backoff.ended(
                    lastedMilliseconds: attempt == 0 ? lasted : nil, isUrgent: urgent, using: &random)
                longest[attempt] = max(longest[attempt], wait)
            }
        }
        return longest
    }

    @Test func aHubThatWasNeverConnectedDoublesItsBound() {
        let limits: [Int64] = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]
        for (bound, limit) in zip(bounds(8, urgent: false, lasted: nil), limits) {
            #expect(bound <= limit && bound > limit * 9 / 10)
        }
    }

    @Test func oneThatWasConnectedComesBackWithin40SecondsAndThenEveryMinute() {
        for (bound, limit) in zip(bounds(4, urgent: false, lasted: 3_600_000), [40_000, 80_000, 80_000, 80_000]) {
            #expect(bound <= limit && bound > limit * 9 / 10)
        }
    }

    @Test func anAlarmWaitsForFourSecondsAtMost() {
        for (bound, limit) in zip(bounds(6, urgent: true, lasted: 3_600_000), [2000, 4000, 4000, 4000, 4000, 4000]) {
            #expect(bound <= limit && bound > limit * 9 / 10)
        }
    }

    @Test func afterAnHourARadioLinkIsSpared() {
        var random = SeededGenerator(seed: 2)
        var backoff = Backoff(spreadMilliseconds: 40_000)
        let most =
            (0..<UpstreamLimits.urgentAttempts).map { _ in
                backoff.ended(lastedMilliseconds: nil, isUrgent: true, using: &random)
            }.max() ?? 0
        #expect(most <= 4000)
        let waits = (0..<200).map { _ in backoff.ended(lastedMilliseconds: nil, isUrgent: true, using: &random) }
        #expect(waits.reduce(0, +) / 200 > 10_000)
    }

    @Test func oneThatIsAloneNeverWaitsLong() {
        var random = SeededGenerator(seed: 3)
        var backoff = Backoff(aloneMilliseconds: 500)
        for _ in 0..<1000 {
            #expect(backoff.ended(lastedMilliseconds: nil, isUrgent: false, using: &random) <= 500)
        }
    }

    /// 2,000 hubs, of which one percent have an alarm; the broker is away for so long.
    @Test(arguments: [100, 1000, 5000, 20_000, 41_000, 60_000, 300_000, 1_800_000] as [Int64])
    func aTownComesBackByFivePercentInASecond(outage: Int64) {
        let hubs = 2000
        for seed: UInt64 in 1...5 {
            var random = SeededGenerator(seed: seed)
            var returns: [Int64] = []
            for hub in 0..<hubs {
                let isUrgent = hub < hubs / 100
                var backoff = Backoff(spreadMilliseconds: 40_000)
                var at = backoff.ended(lastedMilliseconds: 600_000, isUrgent: isUrgent, using: &random)
                while at < outage {
                    at += backoff.ended(lastedMilliseconds: nil, isUrgent: isUrgent, using: &random)
                }
                if isUrgent { #expect(at - outage <= 4000, "seed \(seed)") }
                returns.append(at)
            }
            let sorted = returns.sorted()
            let most =
                sorted.indices.map { first in
                    sorted[first...].prefix { $0 < sorted[first] + 1000 }.count
                }.max() ?? 0
            // On the average 50 and a dozen alarms; five standard deviations above are 96.
            #expect(most <= hubs * 5 / 100, "seed \(seed), away for \(outage) ms: \(most) in a second")
            #expect(sorted.last ?? 0 < outage + 80_001)
        }
    }
}
