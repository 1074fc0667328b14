// When to try the broker again. Thousands of hubs lose one broker in the same moment, and what it can bear when it comes
// back is few of them a second; a home with an alarm must not wait for that.
//
// - Hubs that had a connection: each draws a moment in the next 40 s (`spread`), and then one 40 to 80 s later, again and again.
//   Whenever the broker comes back, that is 2.5 % of the fleet in a second, whatever the outage lasted: a bound that
//   doubles from 1 s would bring all of them within the first second of a short outage. The other half of the 5 % that
//   a broker is said to see at most is for hubs with an alarm.
// - Hubs with an alarm that waits: full jitter of at most 4 s (AWS Architecture Blog, "Exponential Backoff And
//   Jitter"). There are few of them, or else something has happened that is worth the load.
// - Hubs that had no connection since they started: a bound that doubles from 1 s to 60 s. An installer stands beside it.
// - Programs that are alone with their broker (`listen`): a short bound that never grows.

package struct Backoff: Sendable {
    private var failures = 0
    private var urgentFailures = 0
    private var wasConnected = false
    private let spread: Int64
    /// nil: one hub of many.
    private let alone: Int64?

    /// - Parameter spreadMilliseconds: over how long hubs that lost one broker together come back; 0: a hub that lost its
    ///   connection waits as one that never had any.
    package init(spreadMilliseconds: Int64 = 0) {
        spread = spreadMilliseconds
        alone = nil
    }

    /// For a program that is alone: it waits at most this long.
    package init(aloneMilliseconds: Int64) {
        spread = 0
        alone = aloneMilliseconds
    }

    /// The connection ended after this long, or (nil) the attempt at one. Returns how long to wait, in milliseconds.
    /// - Parameter isUrgent: an alarm waits.
    package mutating func ended(
        lastedMilliseconds: Int64?, isUrgent: Bool, using generator: inout some RandomNumberGenerator
    ) -> Int64 {
        if let alone { return Int64.random(in: 0...alone, using: &generator) }
        if let lastedMilliseconds {
            wasConnected = true
            urgentFailures = 0
            if lastedMilliseconds >= UpstreamLimits.stableMilliseconds { failures = 0 }
        }
        defer { failures += 1 }
        return isUrgent ? urgentWait(using: &generator) : Int64.random(in: calmWaits, using: &generator)
    }

    /// An alarm has come up during a wait: how long to wait at most from now on, in milliseconds.
    package mutating func hurried(using generator: inout some RandomNumberGenerator) -> Int64 {
        urgentWait(using: &generator)
    }

    private mutating func urgentWait(using generator: inout some RandomNumberGenerator) -> Int64 {
        let bounds = UpstreamLimits.urgentBackoffMilliseconds
        // After an hour a radio link is spared what has not helped so far.
        let bound =
            urgentFailures < UpstreamLimits.urgentAttempts
            ? min(bounds.lowerBound << Int64(min(urgentFailures, 16)), bounds.upperBound)
            : UpstreamLimits.backoffMilliseconds.upperBound
        urgentFailures += 1
        return Int64.random(in: 0...bound, using: &generator)
    }

    private var calmWaits: ClosedRange<Int64> {
        if wasConnected, spread > 0 { return failures == 0 ? 0...spread : spread...2 * spread }
        let limits = UpstreamLimits.backoffMilliseconds
        return 0...min(limits.lowerBound << Int64(min(failures, 16)), limits.upperBound)
    }
}
