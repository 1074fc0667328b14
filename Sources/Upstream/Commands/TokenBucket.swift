// A rate limit: so many at once, and one more each period.

/// Times are milliseconds of a clock that never jumps.
package struct TokenBucket: Sendable, Hashable {
    private let burst: Int64
    private let periodMilliseconds: Int64
    private var tokens: Int64
    /// Up to when tokens have been counted; nil: nothing was taken yet.
    private var countedTo: Int64?

    package init(burst: Int, periodMilliseconds: Int64) {
        self.burst = Int64(burst)
        self.periodMilliseconds = periodMilliseconds
        tokens = self.burst
    }

    /// False: too many.
    package mutating func take(at now: Int64) -> Bool {
        let since = countedTo ?? now
        let earned = max(0, now - since) / periodMilliseconds
        tokens = min(burst, tokens + min(earned, burst))
        // What a full bucket would have earned is not saved up.
        countedTo = tokens == burst ? now : since + earned * periodMilliseconds
        guard tokens > 0 else { return false }
        tokens -= 1
        return true
    }
}
