// Times of the day, weekdays, and values that may be below zero.

import LocalRules

extension TableReader {
    /// `["07:00", "10:00"]`, in minutes from midnight; two times that differ.
    func hours(_ key: Key) -> (from: Int, until: Int)? {
        guard let times = strings(key) else { return nil }
        let minutes = times.compactMap(minutesOfDay)
        guard minutes.count == times.count else { return nil }
        guard minutes.count == 2, minutes[0] != minutes[1] else {
            report(
                .outOfRange, key, "must be two different times of the day",
                advice: "such as [\"07:00\", \"10:00\"], or [\"22:00\", \"06:00\"] over midnight")
            return nil
        }
        return (minutes[0], minutes[1])
    }

    /// "07:05"
    private func minutesOfDay(_ place: Located<String>) -> Int? {
        let parts = place.value.split(separator: ":", omittingEmptySubsequences: false)
        let isWritten = parts.count == 2 && parts.allSatisfy { $0.count == 2 && $0.allSatisfy(\.isASCII) }
        if isWritten, let hour = Int(parts[0]), let minute = Int(parts[1]), (0..<24).contains(hour),
            (0..<60).contains(minute)
        {
            return hour * 60 + minute
        }
        report(
            .badDuration, at: place, "\"\(place.value)\" is no time of the day",
            advice: "hours and minutes with two digits each, \"07:00\"; midnight is \"00:00\"")
        return nil
    }

    func weekdays(_ key: Key) -> Weekdays? {
        guard let names = strings(key) else { return nil }
        var days: Weekdays = []
        for name in names {
            guard let day = Weekdays.names.firstIndex(of: name.value) else {
                report(
                    .unknownWord, at: name, "\"\(name.value)\" is no weekday",
                    advice: adviceOfWords(name.value, known: Weekdays.names, whatTheyAre: "weekdays"))
                return nil
            }
            days.insert(Weekdays(day: day))
        }
        return days
    }
}
