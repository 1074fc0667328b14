// Reading times as people and files write them.

import Glibc

/// A time as written: on the clock of the home, or fixed by an offset or as Unix seconds.
enum TimeText: Equatable {
    case unix(milliseconds: Int64)
    case local(LocalParts)

    struct LocalParts: Equatable {
        var year: Int32, month: Int32, day: Int32, hour: Int32, minute: Int32, second: Int32
        var millisecond: Int64
    }

    /// ISO 8601 ("2026-01-01T12:00:00Z", "…+08:00", without offset, with a space for the T, seconds and
    /// their fraction optional, a date alone) or Unix seconds. nil: neither.
    init?(_ bytes: some Collection<UInt8>) {
        var scanner = DigitScanner(Array(bytes))
        if let seconds = scanner.unixSeconds() {
            self = .unix(milliseconds: seconds)
            return
        }
        guard let parts = scanner.dateAndTime() else { return nil }
        if scanner.isAtEnd {
            self = .local(parts)
        } else if let offset = scanner.offsetSeconds(), scanner.isAtEnd {
            var time = parts.tm
            self = .unix(milliseconds: (Int64(timegm(&time)) - offset) * 1000 + parts.millisecond)
        } else {
            return nil
        }
    }

    /// Unix milliseconds; `previous` decides between the two readings of an hour that repeats.
    func resolve(notBefore previous: Int64 = .min) -> Int64 {
        switch self {
        case .unix(let milliseconds): milliseconds
        case .local(let parts):
            LocalTime.unixMilliseconds(parts.tm, notBefore: previous == .min ? .min : previous - parts.millisecond)
                + parts.millisecond
        }
    }
}

extension TimeText.LocalParts {
    fileprivate var tm: tm {
        var time = Glibc.tm()
        time.tm_year = year - 1900
        time.tm_mon = month - 1
        time.tm_mday = day
        time.tm_hour = hour
        time.tm_min = minute
        time.tm_sec = second
        return time
    }
}

/// Walks over digits and separators; each method takes what it understands or fails.
private struct DigitScanner {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    private mutating func take(_ character: Character) -> Bool {
        guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func digits(_ count: Int) -> Int32? {
        guard position + count <= bytes.count else { return nil }
        var value: Int32 = 0
        for byte in bytes[position..<position + count] {
            guard (48...57).contains(byte) else { return nil }
            value = value * 10 + Int32(byte - 48)
        }
        position += count
        return value
    }

    /// A fraction of a second to the millisecond; further digits are read and dropped. nil: a point without digits.
    private mutating func fraction() -> Int64? {
        guard take(".") || take(",") else { return 0 }
        guard position < bytes.count, (48...57).contains(bytes[position]) else { return nil }
        var value: Int64 = 0
        var place: Int64 = 100
        while position < bytes.count, (48...57).contains(bytes[position]) {
            value += Int64(bytes[position] - 48) * place
            place /= 10
            position += 1
        }
        return value
    }

    /// Only digits and perhaps a fraction, from the first to the last byte; in milliseconds.
    mutating func unixSeconds() -> Int64? {
        let whole = bytes.prefix { (48...57).contains($0) }
        guard (1...12).contains(whole.count) else { return nil }
        guard whole.count == bytes.count || bytes[whole.count] == UInt8(ascii: ".") else { return nil }
        let start = position
        position = whole.count
        guard let fraction = fraction(), isAtEnd else {
            position = start
            return nil
        }
        return whole.reduce(Int64(0)) { $0 * 10 + Int64($1 - 48) } * 1000 + fraction
    }

    mutating func dateAndTime() -> TimeText.LocalParts? {
        guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2),
            (1...12).contains(month), (1...TimeText.LocalParts.days(in: month, of: year)).contains(day)
        else { return nil }
        var parts = TimeText.LocalParts(
            year: year, month: month, day: day, hour: 0, minute: 0, second: 0, millisecond: 0)
        guard take("T") || take(" ") else { return parts }
        guard let hour = digits(2), take(":"), let minute = digits(2), hour < 24, minute < 60 else { return nil }
        parts.hour = hour
        parts.minute = minute
        guard take(":") else { return parts }
        guard let second = digits(2), second <= 60 else { return nil }
        guard let fraction = fraction() else { return nil }
        parts.second = second
        parts.millisecond = fraction
        return parts
    }

    mutating func offsetSeconds() -> Int64? {
        if take("Z") { return 0 }
        let isEast = take("+")
        guard isEast || take("-"), let hours = digits(2), hours < 24 else { return nil }
        var minutes: Int32 = 0
        // "+08", "+0800", "+08:00"; a colon promises minutes.
        if take(":") || !isAtEnd {
            guard let written = digits(2), written < 60 else { return nil }
            minutes = written
        }
        let seconds = Int64(hours) * 3600 + Int64(minutes) * 60
        return isEast ? seconds : -seconds
    }
}

extension TimeText.LocalParts {
    fileprivate static func days(in month: Int32, of year: Int32) -> Int32 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        default: 31
        }
    }
}
