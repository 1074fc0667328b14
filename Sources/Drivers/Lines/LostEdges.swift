// How many edges of one line the kernel saw and we never got, because its queue was full.
//
//     libgpiod   the queue keeps         what tells of a loss                                     the count is
//     ────────   ─────────────────────   ──────────────────────────────────────────────────────   ────────────
//     2.x        the newest 256          a gap in the line's own numbers                          exact
//     1.x        the oldest 16           two edges the same way, further apart than a bounce;     at least
//                                        sixteen that waited at once
//
// Within a bounce two edges the same way are no loss: the kernel asks the line for its level when it handles the
// interrupt, and by then it may have changed again.

/// Counts for one line. Pure.
struct LostEdges: Sendable {
    /// What libgpiod 1.x keeps: so many at once may have been more.
    private static let fullQueue = 16
    /// Contacts bounce for less, whatever their debounce.
    private static let longestBounceNanoseconds: Int64 = 20_000_000

    private let bounceNanoseconds: Int64
    private var last: Edge?
    private var sequence: UInt32 = 0

    init(debounceMilliseconds: Int) {
        bounceNanoseconds = max(LostEdges.longestBounceNanoseconds, Int64(debounceMilliseconds) * 1_000_000)
    }

    /// The line was requested: its numbers begin again.
    mutating func begin() {
        last = nil
        sequence = 0
    }

    /// How many were lost between the edge before and this one.
    mutating func take(_ edge: Edge) -> Int {
        defer { last = edge }
        if let number = edge.sequence {
            defer { sequence = number }
            // Half the range on is no gap but a number from before.
            let gap = number &- sequence &- 1
            return gap <= UInt32.max / 2 ? Int(gap) : 0
        }
        guard let last, last.isActive == edge.isActive,
            edge.time.nanoseconds - last.time.nanoseconds > bounceNanoseconds
        else { return 0 }
        return 1
    }

    /// After all edges that waited were taken, `count` of them: without numbers a full queue is told as one lost
    /// edge. Exactly as many may have waited; but one that is told in vain is better than a thousand that are not.
    func end(of count: Int) -> Int {
        last?.sequence == nil && count >= LostEdges.fullQueue ? 1 : 0
    }
}
