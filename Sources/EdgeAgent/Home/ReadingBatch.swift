// Which readings are worth sending, gathered for up to a minute into one record.

import LocalRules

/// Change-driven reporting: an input's every change, a meter's value at most once a minute while it
/// changes, and everything once in fifteen minutes as a sign of life.
struct ReadingBatch: Sendable {
    /// A power cut can lose this much of readings; a commit costs 16–24 kB of flash wear, so not less.
    static let longest = Span.seconds(60)
    private static let leastApart = Span.seconds(60)
    private static let mostApart = Span.minutes(15)
    /// One record's limit: 10 signals that chatter for a minute; beyond it the batch leaves early.
    private static let mostPoints = 600

    private(set) var points: [Reading] = []
    private var reported: [Reading?]
    private let isInput: [Bool]

    init(signals: [SignalModel]) {
        reported = signals.map { _ in nil }
        isInput = signals.map { if case .input = $0.source { true } else { false } }
    }

    var isFull: Bool { points.count >= ReadingBatch.mostPoints }

    mutating func add(_ reading: Reading) {
        if let last = reported[reading.signal.index] {
            let isNews = last.value != reading.value || last.quality != reading.quality
            let apart = reading.time - last.time
            let isDue =
                isInput[reading.signal.index] || apart >= ReadingBatch.leastApart || last.quality != reading.quality
            guard (isNews && isDue) || apart >= ReadingBatch.mostApart else { return }
        }
        reported[reading.signal.index] = reading
        points.append(reading)
    }

    mutating func take() -> [Reading] {
        defer { points = [] }
        return points
    }
}
