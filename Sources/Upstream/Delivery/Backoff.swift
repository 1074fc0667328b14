// When to try the broker again. Thousands of hubs lose one broker at the same moment: full jitter spreads them
// (AWS Architecture Blog, "Exponential Backoff And Jitter").

package struct Backoff: Sendable {
    private var failures = 0

    package init() {}

    /// The connection, or the attempt at one (0), ended after this long. Returns how long to wait,
    /// in milliseconds: anything between zero and a bound that doubles from 1 s to 60 s.
    package mutating func ended(
        lastedMilliseconds: Int64, using generator: inout some RandomNumberGenerator
    ) -> Int64 {
        if lastedMilliseconds >= UpstreamLimits.stableMilliseconds { failures = 0 }
        let limits = UpstreamLimits.backoffMilliseconds
        let bound = min(limits.lowerBound << Int64(min(failures, 16)), limits.upperBound)
        failures += 1
        return Int64.random(in: 0...bound, using: &generator)
    }
}
