// How long a time server's word holds where the kernel must not be asked.

import Testing

@testable import EdgeAgent

@Suite struct WallClockTests {
    private let now: Int64 = 1_767_225_600

    @Test(arguments: [0, 2048, 32_000] as [Int64]) func aTimeServerVouchesForNineHours(_ age: Int64) {
        #expect(WallClock.isStillGood(now - age, at: now))
    }

    @Test(arguments: [32_001, 31_536_000, -1, -86_400] as [Int64]) func notForLongerAndNotFromTheFuture(_ age: Int64) {
        #expect(!WallClock.isStillGood(now - age, at: now))
    }

    @Test func anAbsurdTimeIsNotGood() {
        #expect(!WallClock.isStillGood(.max, at: 0))
        #expect(!WallClock.isStillGood(.min, at: 0))
    }
}
