// When each meter of one bus is asked. Pure: times in, times out; BusMaster acts. It knows no protocol.

/// Every meter on grids of its own, one for each interval at which something of it is wanted, so that readings
/// stay evenly spaced whatever the other meters do.
///
/// - Of those that are due, the one whose next grid point (its deadline) is nearest goes first. What an
///   installer asks goes before all of them (`BusMaster.read`): it is asked between two exchanges.
/// - A meter that does not answer is left alone for 1, 2, 4 … of its polls, so that a dead one costs its
///   neighbours one time-out now and then and not one in every round.
/// - While power is to be saved, intervals are longer; what is due already is still asked in time.
/// - A bus that is gone is opened again after 1, 2, 4 … 60 s.
struct BusSchedule: Sendable {
    /// The longest a meter that does not answer is left alone, or its own poll if that is longer.
    static let longestRestMilliseconds: Int64 = 60_000

    private struct Grid: Sendable {
        let ordinaryMilliseconds: Int64
        let savingMilliseconds: Int64
        /// The one of the two that holds now.
        var pollMilliseconds: Int64
        var due: BootTime

        init(_ poll: Int64, saving: Int64, due: BootTime) {
            ordinaryMilliseconds = max(1, poll)
            savingMilliseconds = max(ordinaryMilliseconds, saving)
            pollMilliseconds = ordinaryMilliseconds
            self.due = due
        }
        var deadline: BootTime { due.advanced(milliseconds: pollMilliseconds) }
    }

    private struct Meter: Sendable {
        /// The shortest interval first.
        var grids: [Grid]
        var failures = 0
        /// Left alone until then.
        var restsUntil: BootTime
        var due: BootTime { max(grids.reduce(.distantFuture) { min($0, $1.due) }, restsUntil) }
        /// A meter that was left alone has missed its deadlines already; it gets a new one.
        func deadline(now: BootTime) -> BootTime {
            let nearest = grids.reduce(.distantFuture) { $1.due <= now ? min($0, $1.deadline) : $0 }
            return failures == 0 ? nearest : max(nearest, restsUntil.advanced(milliseconds: grids[0].pollMilliseconds))
        }
    }

    private let start: BootTime
    private var meters: [Meter]
    /// Nobody is asked before this.
    private var closedUntil: BootTime
    private var reopening = Backoff(longestMilliseconds: Backoff.longestOfBusMilliseconds)

    /// For each meter the intervals at which something of it is wanted, at least one; and the interval below which
    /// it is not asked while power is to be saved.
    init(pollMilliseconds: [[Int64]], savingMilliseconds: [Int64] = [], start: BootTime) {
        self.start = start
        closedUntil = start
        meters = pollMilliseconds.enumerated().map { index, polls in
            let saving = savingMilliseconds.indices.contains(index) ? savingMilliseconds[index] : 0
            return Meter(grids: polls.sorted().map { Grid($0, saving: saving, due: start) }, restsUntil: start)
        }
    }

    /// Power is to be saved from now on, or no longer: then every meter is back on its grid at once.
    mutating func savePower(_ isSaving: Bool, now: BootTime) {
        for meter in meters.indices {
            for grid in meters[meter].grids.indices {
                var changed = meters[meter].grids[grid]
                changed.pollMilliseconds = isSaving ? changed.savingMilliseconds : changed.ordinaryMilliseconds
                let next = gridPoint(every: changed.pollMilliseconds, after: now)
                if !isSaving { changed.due = min(changed.due, next) }
                meters[meter].grids[grid] = changed
            }
        }
    }

    /// When there is something to ask next.
    var nextDue: BootTime { max(meters.reduce(.distantFuture) { min($0, $1.due) }, closedUntil) }

    /// The meter to ask now.
    func next(now: BootTime) -> Int? {
        guard now >= closedUntil else { return nil }
        var first: (meter: Int, deadline: BootTime)?
        for index in meters.indices where meters[index].due <= now {
            let deadline = meters[index].deadline(now: now)
            if first.map({ deadline < $0.deadline }) ?? true { first = (index, deadline) }
        }
        return first?.meter
    }

    /// Every meter that is due.
    func due(now: BootTime) -> [Int] { meters.indices.filter { meters[$0].due <= now } }

    /// Which of a meter's intervals are due, the shortest being 0.
    func dueGrids(of meter: Int, now: BootTime) -> [Int] {
        meters[meter].grids.indices.filter { meters[meter].grids[$0].due <= now }
    }

    func isFailing(_ meter: Int) -> Bool { meters[meter].failures > 0 }

    /// It answered all that was wanted at these intervals, be it with exceptions.
    mutating func answered(_ meter: Int, grids: [Int], asked: BootTime, now: BootTime) {
        reopening.succeeded()
        meters[meter].failures = 0
        for grid in grids {
            let poll = meters[meter].grids[grid].pollMilliseconds
            meters[meter].grids[grid].due = gridPoint(every: poll, after: max(asked, now))
        }
    }

    /// It gave no usable answer and is to be asked the same again, not before `milliseconds` are over.
    mutating func again(_ meter: Int, now: BootTime, afterMilliseconds milliseconds: Int64) {
        reopening.succeeded()
        meters[meter].restsUntil = now.advanced(milliseconds: milliseconds)
    }

    /// It gave no usable answer. It is left alone, for `milliseconds` at least.
    mutating func failed(_ meter: Int, asked: BootTime, now: BootTime, atLeastMilliseconds milliseconds: Int64) {
        reopening.succeeded()
        rest(meter, asked: asked, now: now)
        meters[meter].restsUntil = max(meters[meter].restsUntil, now.advanced(milliseconds: milliseconds))
    }

    /// The bus went while this meter was asked. The meter rests too: if it is the cause, the others come first.
    mutating func lost(asking meter: Int, asked: BootTime, now: BootTime) {
        rest(meter, asked: asked, now: now)
        cannotOpen(now: now)
    }

    /// The bus cannot be opened. Meters stay due, and are asked as soon as it can.
    mutating func cannotOpen(now: BootTime) {
        closedUntil = max(closedUntil, now.advanced(milliseconds: reopening.failed()))
    }

    private mutating func rest(_ meter: Int, asked: BootTime, now: BootTime) {
        let poll = meters[meter].grids[0].pollMilliseconds
        let longest = max(BusSchedule.longestRestMilliseconds, poll)
        // 2^16 polls of a millisecond are past the longest rest already.
        let polls = Int64(1) << min(meters[meter].failures, 16)
        meters[meter].failures += 1
        let rest = min(polls * poll, longest)
        meters[meter].restsUntil = gridPoint(
            every: poll, after: max(asked.advanced(milliseconds: rest - poll), now))
    }

    /// The first point of a grid later than `time`; points that were missed are left out.
    private func gridPoint(every poll: Int64, after time: BootTime) -> BootTime {
        let passed = max(0, time.nanoseconds - start.nanoseconds) / (poll * 1_000_000)
        return start.advanced(milliseconds: (passed + 1) * poll)
    }
}
