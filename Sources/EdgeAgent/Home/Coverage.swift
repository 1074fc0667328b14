// How much of what should have been read was read, for heartbeats.

import Drivers
import LocalRules

/// Counts good readings of metered signals since the last heartbeat.
struct Coverage: Sendable {
    /// How often a signal is read, ordinarily and on battery.
    private struct Polls: Sendable {
        var ordinary: Int64
        var saving: Int64
    }

    private let polls: [Polls?]
    private var good: [Int64]
    /// Readings that were due before `since`.
    private var due: [Int64]
    private var since: Instant
    private var isSaving = false

    init(configuration: HomeConfiguration, since: Instant) {
        var polls = [Polls?](repeating: nil, count: configuration.home.signals.count)
        for meter in configuration.buses.flatMap(\.meters) {
            for register in meter.registers {
                let poll = register.pollMilliseconds ?? meter.pollMilliseconds
                polls[register.channel.index] = Polls(ordinary: poll, saving: max(poll, meter.savingPollMilliseconds))
            }
        }
        self.polls = polls
        good = polls.map { _ in 0 }
        due = good
        self.since = since
    }

    mutating func count(_ reading: Reading) {
        if reading.quality == .good { good[reading.signal.index] += 1 }
    }

    mutating func restart(at now: Instant) {
        good = good.map { _ in 0 }
        due = good
        since = now
    }

    /// From now on less is due, or as much as ever.
    mutating func savePower(_ isSaving: Bool, at now: Instant) {
        let before = self
        due = due.indices.map { before.due(of: $0, at: now) ?? 0 }
        since = now
        self.isSaving = isSaving
    }

    /// Good readings for each thousand that were due; nil where nothing was due yet, and for lines.
    func perMille(of signal: Int, at now: Instant) -> Int32? {
        guard let due = due(of: signal, at: now), due > 0 else { return nil }
        return Int32(clamping: min(1000, good[signal] * 1000 / due))
    }

    private func due(of signal: Int, at now: Instant) -> Int64? {
        guard let polls = polls[signal] else { return nil }
        return due[signal] + (now - since).milliseconds / (isSaving ? polls.saving : polls.ordinary)
    }
}
