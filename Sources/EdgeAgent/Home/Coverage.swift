// How much of what should have been read was read, for heartbeats.

import Drivers
import LocalRules

/// Counts good readings of metered signals since the last heartbeat.
struct Coverage: Sendable {
    private let pollMilliseconds: [Int64?]
    private var good: [Int64]
    private var since: Instant

    init(configuration: HomeConfiguration, since: Instant) {
        var polls = [Int64?](repeating: nil, count: configuration.home.signals.count)
        for meter in configuration.buses.flatMap(\.meters) {
            for register in meter.registers {
                polls[register.channel.index] = register.pollMilliseconds ?? meter.pollMilliseconds
            }
        }
        pollMilliseconds = polls
        good = polls.map { _ in 0 }
        self.since = since
    }

    mutating func count(_ reading: Reading) {
        if reading.quality == .good { good[reading.signal.index] += 1 }
    }

    mutating func restart(at now: Instant) {
        good = good.map { _ in 0 }
        since = now
    }

    /// Good readings for each thousand that were due; nil where nothing was due yet, and for lines.
    func perMille(of signal: Int, at now: Instant) -> Int32? {
        guard let poll = pollMilliseconds[signal] else { return nil }
        let due = (now - since).milliseconds / poll
        return due > 0 ? Int32(clamping: min(1000, good[signal] * 1000 / due)) : nil
    }
}
