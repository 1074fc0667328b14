// When the broker is tried again.

import Testing

@testable import Upstream

@Suite struct BackoffTests {
    @Test func backOffDoublesItsBoundAndStartsAfreshAfterAStableConnection() {
        var random = SeededGenerator(seed: 1)
        var bounds: [Int64] = []
        var backoff = Backoff()
        for _ in 0..<9 {
            var copy = backoff
            bounds.append(
                (0..<300).map { _ in
                    copy = backoff
                    return copy.ended(lastedMilliseconds: 0, using: &random)
                }.max() ?? 0)
            backoff = copy
        }
        let limits: [Int64] = [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]
        for (bound, limit) in zip(bounds, limits) { #expect(bound <= limit && bound > limit * 8 / 10) }
        #expect(backoff.ended(lastedMilliseconds: 31_000, using: &random) <= 1000)
    }
}
