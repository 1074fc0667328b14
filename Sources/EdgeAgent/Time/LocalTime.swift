// Local time of the home, through the C library's zone data: FoundationEssentials knows only fixed offsets,
// and the full Foundation's calendar costs 45 MB.

import Glibc
import LocalRules

/// The process's time zone, set once at start from `[home] timezone`.
enum LocalTime {
    /// False: the zone is not in this system's zone data (Debian: package tzdata).
    static func use(zone: String) -> Bool {
        let isKnown = zone == "UTC" || access("/usr/share/zoneinfo/" + zone, R_OK) == 0
        setenv("TZ", isKnown ? zone : "UTC", 1)
        tzset()
        return isKnown
    }

    /// Unix milliseconds of a local wall-clock time. Where an hour repeats (clocks going back), the earlier
    /// of the two is taken unless it would be before `previous`; a skipped hour counts on from the hour before.
    ///
    /// Offsets are tried here rather than by `mktime`, which guesses in a skipped hour: right for Europe/Madrid,
    /// an hour early for Europe/Dublin, whose zone data call winter time the exception.
    static func unixMilliseconds(_ parts: tm, notBefore previous: Int64) -> Int64 {
        var copy = parts
        let asIfUTC = Int64(timegm(&copy))
        // No zone changes its clocks twice within two days.
        let offsets = (before: offset(at: asIfUTC - 86_400), after: offset(at: asIfUTC + 86_400))
        let candidates = Set([asIfUTC - offsets.before, asIfUTC - offsets.after]).sorted()
            .filter { $0 + offset(at: $0) == asIfUTC }.map { $0 * 1000 }
        return candidates.first { $0 >= previous } ?? candidates.last ?? (asIfUTC - offsets.before) * 1000
    }

    /// Seconds east of UTC at a moment.
    private static func offset(at seconds: Int64) -> Int64 {
        var moment = time_t(seconds)
        var parts = tm()
        localtime_r(&moment, &parts)
        return Int64(parts.tm_gmtoff)
    }

    /// The process's zone as the rules need it. Of the years before and after, the offset at either end holds.
    static func zoneTable() -> ZoneTable {
        var last = offset(at: firstOfTable)
        let first = last
        var changes: [ZoneTable.Change] = []
        // No zone changes its clocks twice within a day, so a change lies in each day with other ends.
        for day in stride(from: firstOfTable, to: lastOfTable, by: 86_400) {
            let next = offset(at: day + 86_400)
            guard next != last else { continue }
            var (before, after) = (day, day + 86_400)
            while after - before > 1 {
                let middle = (before + after) / 2
                if offset(at: middle) == last { before = middle } else { after = middle }
            }
            changes.append(ZoneTable.Change(at: after * 1000, offset: next * 1000))
            last = next
        }
        return ZoneTable(first: first * 1000, changes: changes)
    }

    /// Recordings begin after 1990; zone data end their list of changes in 2037, and a hub does not live longer.
    private static let firstOfTable: Int64 = 631_152_000  // 1990-01-01
    private static let lastOfTable: Int64 = 2_208_988_800  // 2040-01-01

    /// "Tue 07:05", "周二 07:05", for status and the live picture.
    static func clockFace(unixMilliseconds: Int64, language: Language = .en) -> String {
        var seconds = time_t(unixMilliseconds / 1000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        let days =
            switch language {
            case .en: ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
            case .zh: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"]
            }
        return days[Int(parts.tm_wday)] + " " + twoDigits(parts.tm_hour) + ":" + twoDigits(parts.tm_min)
    }

    /// "07:05:12"
    static func clockTime(unixMilliseconds: Int64) -> String {
        var seconds = time_t(unixMilliseconds / 1000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits).joined(separator: ":")
    }

    private static func twoDigits(_ n: Int32) -> String { n < 10 ? "0\(n)" : "\(n)" }
}
