// Numbers and times as people read them. Integers only: what is printed is exact or cut off, never rounded up.

extension Instant {
    /// ISO 8601 in UTC: "2026-01-01T12:00:00Z", with milliseconds (".123") only where they are not zero.
    package var iso8601: String {
        let (days, inDay) = milliseconds.dividedDown(by: 86_400_000)
        let (year, month, day) = civilDate(daysSince1970: days)
        let (seconds, fraction) = inDay.dividedDown(by: 1000)
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { padded($0, to: 2) }.joined(separator: ":")
        let milliseconds = fraction == 0 ? "" : "." + padded(fraction, to: 3)
        return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))T\(clock)\(milliseconds)Z"
    }
}

extension Span {
    /// At most two units, the smaller one cut off: "45 s", "3 h 20 min", "12 h", "3 d 4 h".
    package var text: String {
        let seconds = max(0, milliseconds) / 1000
        let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400)
        // Windows are spoken of in hours up to two days: "24 h", not "1 d".
        if hours >= 48 { return join(days, "d", hours % 24, "h") }
        if hours >= 1 { return join(hours, "h", minutes % 60, "min") }
        if minutes >= 1 { return join(minutes, "min", seconds % 60, "s") }
        return "\(seconds) s"
    }
}

extension Quantity {
    /// An amount in the unit of cities' rules and of bills: "0.01 m3", "1.5 kWh"; a value as it is shown: "35.5 °C".
    func text(_ amount: Int64) -> String {
        let (unit, places) = shown
        let (whole, fraction) = amount.magnitude.quotientAndRemainder(dividingBy: places == 6 ? 1_000_000 : 1000)
        var text = amount < 0 ? "-\(whole)" : "\(whole)"
        if fraction != 0 {
            var digits = padded(Int64(fraction), to: places)
            while digits.last == "0" { digits.removeLast() }
            text += ".\(digits)"
        }
        return "\(text) \(unit)"
    }

    /// The unit for people, and how many digits behind the point make it base units.
    private var shown: (unit: String, places: Int) {
        switch self {
        case .volume: ("m3", 6)
        case .energy: ("kWh", 6)
        case .power: ("W", 3)
        case .voltage: ("V", 3)
        case .current: ("A", 3)
        case .frequency: ("Hz", 3)
        case .temperature: ("°C", 3)
        case .humidity: ("%", 3)
        case .flow: ("L/h", 3)
        }
    }
}

private func join(_ large: Int64, _ largeUnit: String, _ small: Int64, _ smallUnit: String) -> String {
    small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
}

private func padded(_ number: Int64, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

/// The proleptic Gregorian calendar, by Howard Hinnant's `civil_from_days`: years that begin in March make
/// the leap day the last of its year, and eras of 400 years repeat exactly.
private func civilDate(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let (era, dayOfEra) = (daysSince1970 + 719_468).dividedDown(by: 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
}
