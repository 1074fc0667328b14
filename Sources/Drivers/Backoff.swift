// How long to leave something alone that does not work.

/// 1 s (or another first wait), doubling to a limit.
struct Backoff: Sendable {
    static let firstMilliseconds: Int64 = 1000
    /// udev gives a GPIO chip to its group a moment after the service may have started.
    static let firstAtStartMilliseconds: Int64 = 100
    /// Soon enough that a replugged adapter is back before anyone looks, seldom enough that a missing one costs nothing.
    static let longestOfBusMilliseconds: Int64 = 60_000
    /// Asking the kernel for a line costs microseconds, and a panic button that is back must not go unwatched.
    static let longestOfLineMilliseconds: Int64 = 5000

    private let first: Int64
    private let longest: Int64
    private var next: Int64

    init(firstMilliseconds: Int64 = Backoff.firstMilliseconds, longestMilliseconds: Int64) {
        first = firstMilliseconds
        longest = longestMilliseconds
        next = firstMilliseconds
    }

    /// The wait after one more failure, in milliseconds.
    mutating func failed() -> Int64 {
        defer { next = min(next * 2, longest) }
        return next
    }

    mutating func succeeded() { next = first }
}
