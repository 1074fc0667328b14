// How long a meter takes to answer, and how long it is therefore waited for.

/// The last answers of one meter, in time beyond what their frames took on the wire.
struct Turnaround: Sendable {
    /// A dozen minutes at ten seconds: long enough for a 99th percentile, short enough to follow a change.
    private static let kept = 128
    /// Before so many answers nothing is concluded.
    private static let fewest = 64
    /// A busy board and a USB adapter take their part; less gains nothing.
    static let shortestMilliseconds = 200

    /// Sorting them at every question would cost more than the question.
    private static let answersBetweenLooks = 16

    private var microseconds: [UInt32] = []
    private var next = 0
    private var answers = 0
    private var learnedMilliseconds: Int?

    mutating func answered(nanoseconds: Int64) {
        keep(UInt32(clamping: nanoseconds / 1000))
        answers += 1
        guard answers >= Turnaround.fewest, answers % Turnaround.answersBetweenLooks == 0, let slow = percentile(99)
        else { return }
        learnedMilliseconds = max(Turnaround.shortestMilliseconds, Int(slow * 2) + 1)
    }

    /// It took longer than it was given: that counts as the longest, and the configured time-out holds until the
    /// next look, for what was learned may be the cause.
    mutating func failed(timeoutMilliseconds: Int) {
        keep(UInt32(clamping: timeoutMilliseconds * 1000))
        learnedMilliseconds = nil
    }

    private mutating func keep(_ value: UInt32) {
        if microseconds.count < Turnaround.kept {
            microseconds.append(value)
        } else {
            microseconds[next] = value
            next = (next + 1) % Turnaround.kept
        }
    }

    /// In milliseconds; nil before the first answer.
    func percentile(_ percent: Int) -> Double? {
        guard !microseconds.isEmpty else { return nil }
        let place = min(microseconds.count - 1, microseconds.count * percent / 100)
        return Double(microseconds.sorted()[place]) / 1000
    }

    /// Twice the 99th percentile, between `shortestMilliseconds` and the configured time-out.
    func timeoutMilliseconds(atMost longest: Int) -> Int {
        min(longest, learnedMilliseconds ?? longest)
    }
}
