// When each meter of one bus is asked. Pure: times in, times out; BusMaster acts.

/// Every meter on its own grid, so that readings stay evenly spaced whatever the other meters do.
///
/// - A meter that does not answer is left alone for 1, 2, 4 … of its polls, so that a dead one costs its
///   neighbours one time-out now and then and not one in every round.
/// - After a failure on a serial line nothing is sent for one time-out: a late answer must not become the
///   next meter's.
/// - A bus that is gone is opened again after 1, 2, 4 … 60 s.
struct BusSchedule: Sendable {
    /// The longest a meter that does not answer is left alone, or its own poll if that is longer.
    static let longestRestMilliseconds: Int64 = 60_000

    private struct Meter: Sendable {
        var pollMilliseconds: Int64
        var due: BootTime
        var failures = 0
    }

    private let start: BootTime
    private var meters: [Meter]
    /// Nobody is asked before this.
    private var quietUntil: BootTime
    private var reopening = Backoff(longestMilliseconds: Backoff.longestOfBusMilliseconds)

    init(pollMilliseconds: [Int64], start: BootTime) {
        self.start = start
        quietUntil = start
        meters = pollMilliseconds.map { Meter(pollMilliseconds: max(1, $0), due: start) }
    }

    /// When there is something to ask next.
    var nextDue: BootTime { max(meters.map(\.due).min() ?? .distantFuture, quietUntil) }

    /// The meter to ask now: the most overdue one.
    func next(now: BootTime) -> Int? {
        guard now >= quietUntil else { return nil }
        return due(now: now).min { meters[$0].due < meters[$1].due }
    }

    /// Every meter that is due.
    func due(now: BootTime) -> [Int] { meters.indices.filter { meters[$0].due <= now } }

    /// It answered, be it with an exception.
    mutating func answered(_ meter: Int, asked: BootTime, now: BootTime) {
        reopening.succeeded()
        meters[meter].failures = 0
        meters[meter].due = grid(meter, after: max(asked, now))
    }

    /// It gave no usable answer. `silenceMilliseconds`: how long nobody is asked.
    mutating func failed(_ meter: Int, asked: BootTime, now: BootTime, silenceMilliseconds: Int64) {
        reopening.succeeded()
        rest(meter, asked: asked, now: now)
        quietUntil = max(quietUntil, now.advanced(milliseconds: silenceMilliseconds))
    }

    /// The bus went while this meter was asked. The meter rests too: if it is the cause, the others come first.
    mutating func lost(asking meter: Int, asked: BootTime, now: BootTime) {
        rest(meter, asked: asked, now: now)
        cannotOpen(now: now)
    }

    /// The bus cannot be opened. Meters stay due, and are asked as soon as it can.
    mutating func cannotOpen(now: BootTime) {
        quietUntil = max(quietUntil, now.advanced(milliseconds: reopening.failed()))
    }

    private mutating func rest(_ meter: Int, asked: BootTime, now: BootTime) {
        let poll = meters[meter].pollMilliseconds
        let longest = max(BusSchedule.longestRestMilliseconds, poll)
        // 2^16 polls of a millisecond are past the longest rest already.
        let polls = Int64(1) << min(meters[meter].failures, 16)
        meters[meter].failures += 1
        let rest = min(polls * poll, longest)
        meters[meter].due = grid(meter, after: max(asked.advanced(milliseconds: rest - poll), now))
    }

    /// The meter's first grid point later than `time`; points that were missed are left out.
    private func grid(_ meter: Int, after time: BootTime) -> BootTime {
        let poll = meters[meter].pollMilliseconds
        let passed = max(0, time.nanoseconds - start.nanoseconds) / (poll * 1_000_000)
        return start.advanced(milliseconds: (passed + 1) * poll)
    }
}
