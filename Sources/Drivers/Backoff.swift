// How long to leave something alone that does not work.

/// 1 s, doubling to a limit.
struct Backoff: Sendable {
    private static let firstMilliseconds: Int64 = 1000
    /// Soon enough that a replugged adapter is back before anyone looks, seldom enough that a missing one costs nothing.
    static let longestOfBusMilliseconds: Int64 = 60_000
    /// Asking the kernel for a line costs microseconds, and a panic button that is back must not go unwatched.
    static let longestOfLineMilliseconds: Int64 = 5000

    private let longest: Int64
    private var next = Backoff.firstMilliseconds

    init(longestMilliseconds: Int64) { longest = longestMilliseconds }

    /// The wait after one more failure, in milliseconds.
    mutating func failed() -> Int64 {
        defer { next = min(next * 2, longest) }
        return next
    }

    mutating func succeeded() { next = Backoff.firstMilliseconds }
}
