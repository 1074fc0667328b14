// Which readings are worth sending, gathered until the next record is due. The rules see every reading; this is
// about what leaves the home.

import LocalRules

/// Change-driven reporting: a meter's value when it has moved by more than its quantity's dead band, at most once a
/// minute; an input's every change, but that motion ends is said a minute after it began at the earliest; everything
/// once in fifteen minutes as a sign of life, and at once when its quality changes.
struct ReadingBatch: Sendable {
    /// What is gathered is committed this often, so that a power cut loses no more; a commit costs 16–24 kB of flash
    /// wear, so not less.
    static let longest = Span.seconds(60)
    /// The first record after a start, for whoever has just put the hub up.
    static let firstReport = Span.seconds(60)
    private static let leastApart = Span.seconds(60)
    private static let mostApart = Span.minutes(15)
    /// One record's limit, about 2 kB: an alarm may have to wait for one on its way. Beyond it the batch leaves early.
    private static let mostPoints = 600

    private enum Plan: Sendable {
        case meter(deadBand: Int64)
        case motion
        case input
    }

    private(set) var points: [Reading] = []
    /// Points that were added since this was last set to false.
    private(set) var hasNews = false
    private var reported: [Reading?]
    private let plans: [Plan]

    /// - Parameter points: what an earlier run had gathered, in order of time.
    init(signals: [SignalModel], restoring points: [Reading] = []) {
        plans = signals.map { signal in
            switch signal.source {
            case .meter(let quantity): .meter(deadBand: Self.deadBand(of: quantity))
            case .input(.motion): .motion
            case .input: .input
            }
        }
        reported = signals.map { _ in nil }
        self.points = points
        for point in points { reported[point.signal.index] = point }
    }

    var isFull: Bool { points.count >= ReadingBatch.mostPoints }

    mutating func add(_ reading: Reading) {
        let index = reading.signal.index
        if let last = reported[index] {
            let apart = reading.time - last.time
            guard
                apart >= ReadingBatch.mostApart || last.quality != reading.quality
                    || isNews(reading, after: last, apart: apart, plans[index])
            else { return }
        }
        var point = reading
        // Seconds pack better than milliseconds, and no meter is that punctual.
        if case .meter = plans[index] { point.time.milliseconds -= point.time.milliseconds % 1000 }
        reported[index] = reading
        points.append(point)
        hasNews = true
    }

    private func isNews(_ reading: Reading, after last: Reading, apart: Span, _ plan: Plan) -> Bool {
        switch plan {
        case .meter(let deadBand):
            let (moved, isFar) = reading.value.subtractingReportingOverflow(last.value)
            return apart >= ReadingBatch.leastApart && (isFar || moved.magnitude >= UInt64(deadBand))
        case .motion: return reading.value != last.value && (reading.value != 0 || apart >= ReadingBatch.leastApart)
        case .input: return reading.value != last.value
        }
    }

    /// Everything gathered, for a record.
    mutating func take() -> [Reading] {
        defer { points = [] }
        hasNews = false
        return points
    }

    /// What is gathered has been kept.
    mutating func kept() { hasNews = false }

    /// How far a value moves before it is news, in base units. What a register adds up to is said exactly all the same,
    /// a quarter of an hour later at most.
    static func deadBand(of quantity: Quantity) -> Int64 {
        switch quantity {
        case .volume: 1000  // 1 L
        case .energy: 10_000  // 10 Wh
        case .power: 25_000  // 25 W
        case .voltage: 3000  // 3 V
        case .current: 100  // 0.1 A
        case .frequency: 100  // 0.1 Hz
        case .temperature: 300  // 0.3 degrees
        case .humidity: 2000  // 2 %
        case .flow: 10_000  // 10 L/h
        }
    }
}
