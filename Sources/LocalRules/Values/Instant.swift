// Time as the rules see it: a value that somebody else measured. Sums and differences stop at the ends of 64 bits:
// a damaged snapshot may hold any number, and must not bring down what watches the smoke detector.

/// A moment on the home's own timeline, in milliseconds.
///
/// The timeline starts as Unix time when the hub first runs and then follows the boot clock
/// (CLOCK_BOOTTIME): it never jumps, never goes back, and goes on across restarts. It is close to
/// Unix time, but it is not the wall clock: a wall clock that is set wrong does not move it.
/// In `replay` it is exactly Unix time.
package struct Instant: Hashable, Comparable, Codable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (a: Instant, b: Instant) -> Bool { a.milliseconds < b.milliseconds }
    package static func + (a: Instant, b: Span) -> Instant {
        Instant(milliseconds: a.milliseconds.clampedSum(b.milliseconds))
    }
    package static func - (a: Instant, b: Span) -> Instant {
        Instant(milliseconds: a.milliseconds.clampedDifference(b.milliseconds))
    }
    package static func - (a: Instant, b: Instant) -> Span {
        Span(milliseconds: a.milliseconds.clampedDifference(b.milliseconds))
    }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

/// A length of time in milliseconds.
package struct Span: Hashable, Comparable, Codable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static let zero = Span(milliseconds: 0)
    package static func milliseconds(_ n: Int64) -> Span { Span(milliseconds: n) }
    package static func seconds(_ n: Int64) -> Span { Span(milliseconds: n * 1000) }
    package static func minutes(_ n: Int64) -> Span { Span(milliseconds: n * 60_000) }
    package static func hours(_ n: Int64) -> Span { Span(milliseconds: n * 3_600_000) }
    package static func days(_ n: Int64) -> Span { Span(milliseconds: n * 86_400_000) }

    package static func < (a: Span, b: Span) -> Bool { a.milliseconds < b.milliseconds }
    package static func + (a: Span, b: Span) -> Span {
        Span(milliseconds: a.milliseconds.clampedSum(b.milliseconds))
    }
    package static func - (a: Span, b: Span) -> Span {
        Span(milliseconds: a.milliseconds.clampedDifference(b.milliseconds))
    }
    package static func * (a: Span, n: Int64) -> Span { Span(milliseconds: a.milliseconds.clampedProduct(n)) }

    package init(from decoder: any Decoder) throws {
        milliseconds = try decoder.singleValueContainer().decode(Int64.self)
    }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(milliseconds)
    }
}

extension Int64 {
    func clampedSum(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    func clampedDifference(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other < 0 ? .max : .min) : difference
    }

    func clampedProduct(_ other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }

    /// Quotient towards minus infinity, so that moments before 1970 have a positive remainder too.
    func dividedDown(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
