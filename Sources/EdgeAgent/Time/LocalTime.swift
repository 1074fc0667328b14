// Local time of the home, through the C library's zone data: FoundationEssentials knows only fixed offsets,
// and the full Foundation's calendar costs 45 MB.

import Glibc

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

    /// "Tue 07:05" for status and the live picture.
    static func clockFace(unixMilliseconds: Int64) -> String {
        var seconds = time_t(unixMilliseconds / 1000)
        var parts = tm()
        localtime_r(&seconds, &parts)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        return days[Int(parts.tm_wday)] + " " + twoDigits(parts.tm_hour) + ":" + twoDigits(parts.tm_min)
    }

    private static func twoDigits(_ n: Int32) -> String { n < 10 ? "0\(n)" : "\(n)" }
}
