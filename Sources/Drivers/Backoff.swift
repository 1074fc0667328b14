// How long to leave something alone that does not work.

/// 1 s, doubling to 60 s: soon enough that a replugged adapter is back before anyone looks, seldom enough
/// that a missing one costs nothing.
struct Backoff: Sendable {
    static let firstMilliseconds: Int64 = 1000
    static let longestMilliseconds: Int64 = 60_000

    private var next = Backoff.firstMilliseconds

    /// The wait after one more failure, in milliseconds.
    mutating func failed() -> Int64 {
        defer { next = min(next * 2, Backoff.longestMilliseconds) }
        return next
    }

    mutating func succeeded() { next = Backoff.firstMilliseconds }
}
