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
    static func unixMilliseconds(_ parts: tm, notBefore previous: Int64) -> Int64 {
        var candidates: [Int64] = []
        for isDaylight in [Int32(1), 0] {
            var copy = parts
            copy.tm_isdst = isDaylight
            let seconds = mktime(&copy)
            // mktime moves a time that does not exist under this flag; such a candidate has other hours.
            if copy.tm_isdst == isDaylight { candidates.append(Int64(seconds) * 1000) }
        }
        if candidates.isEmpty {
            var copy = parts
            copy.tm_isdst = -1
            candidates = [Int64(mktime(&copy)) * 1000]
        }
        candidates.sort()
        return candidates.first { $0 >= previous } ?? candidates.last!
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
