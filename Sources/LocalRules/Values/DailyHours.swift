// Hours of the day: `between = ["07:00", "10:00"]` with its `weekdays`.
//
//     the local clock                     a window that begins or ends then
//     ─────────────────────────────────   ────────────────────────────────────────────────────────────────
//     shows the time once                 begins or ends at it
//     skips it (spring)                   begins or ends at the moment of the skip; of no length: is left out
//     shows it twice (autumn)             begins or ends at the first of the two
//
// So a window opens and closes once a day, on days of 23 and of 25 hours too, and it is as long as the day makes it.

/// Days of the week, of the day on which hours begin.
package struct Weekdays: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Position 0 is Sunday, as in the C library.
    package init(day: Int) { rawValue = 1 << UInt8(day) }

    package static let all = Weekdays(rawValue: 0x7F)
    /// As configurations write them, Sunday first.
    package static let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]

    package var names: [String] {
        Weekdays.names.indices.filter { contains(Weekdays(day: $0)) }.map { Weekdays.names[$0] }
    }
}

package struct DailyHours: Hashable, Sendable {
    /// Minutes from local midnight, 0..<1440. `until` at or before `from` is on the next day.
    package var from: Int
    package var until: Int
    package var weekdays: Weekdays

    package init(from: Int, until: Int, weekdays: Weekdays = .all) {
        self.from = from
        self.until = until
        self.weekdays = weekdays
    }

    /// "07:00–10:00", with the weekdays unless it is every day.
    package var text: String {
        let days = weekdays == .all ? "" : " (\(weekdays.names.joined(separator: ", ")))"
        return "\(DailyHours.clockText(from))–\(DailyHours.clockText(until))\(days)"
    }

    /// "07:05"
    package static func clockText(_ minutes: Int) -> String {
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : "\(n)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// How long they are on an ordinary day.
    package var length: Span { .minutes(Int64(until > from ? until - from : until - from + 1440)) }
}

/// One day's hours on the timeline: from `start` to before `end`.
struct OpenTime: Hashable, Sendable {
    var start: Instant
    var end: Instant
}

extension DailyHours {
    private static let day: Int64 = 86_400_000

    /// The hours that `instant` is in, or else the next ones. nil only without any weekday, or at the ends of time.
    func next(endingAfter instant: Instant, _ clock: HomeClock) -> OpenTime? {
        let today = clock.local(instant).dividedDown(by: DailyHours.day).quotient
        // Yesterday's may reach into today; a week has all weekdays, and one more may be skipped by a change of zone.
        for day in (today - 1)...(today + 14) where isOn(day) {
            let time = openTime(day, clock)
            if time.end > instant, time.start < time.end { return time }
        }
        return nil
    }

    private func openTime(_ day: Int64, _ clock: HomeClock) -> OpenTime {
        let midnight = day.clampedProduct(DailyHours.day)
        let end = until > from ? Int64(until) : Int64(until) + 1440
        return OpenTime(
            start: clock.instant(showing: midnight.clampedSum(Int64(from) * 60_000)),
            end: clock.instant(showing: midnight.clampedSum(end * 60_000)))
    }

    private func isOn(_ day: Int64) -> Bool {
        // 1970-01-01 was a Thursday.
        weekdays.contains(Weekdays(day: Int((day + 4).dividedDown(by: 7).remainder)))
    }
}
