// Hours of the day on the timeline: days of 23 and of 25 hours, weekdays, other zones.

import Testing

@testable import LocalRules

/// Summer time begins on the second day at 2:00 (2:00 becomes 3:00) and ends on the fourth at 3:00 (becomes 2:00).
let summerTime = ZoneTable(
    first: 0,
    changes: [
        ZoneTable.Change(at: (midnight + .hours(26)).milliseconds, offset: 3_600_000),
        ZoneTable.Change(at: (midnight + .hours(74)).milliseconds, offset: 0),
    ])

@Suite("Hours of the day") struct DailyHoursTests {
    /// All openings of the first days, on the timeline: "7:00-10:00 31:00-34:00".
    private func openings(_ text: String, _ days: String = "sun mon tue wed thu fri sat", zone: ZoneTable = .utc)
        -> String
    {
        let clock = HomeClock(zone: zone)
        var found: [String] = []
        var time = midnight
        while let open = hours(text, days).next(endingAfter: time, clock), open.start < midnight + .days(5) {
            found.append("\(LocalRulesTests.clock(open.start))-\(LocalRulesTests.clock(open.end))")
            time = open.end
        }
        return found.joined(separator: " ")
    }

    @Test("Every day; over midnight they belong to the day on which they begin")
    func ordinary() {
        #expect(openings("07:00-10:00") == "7:00-10:00 31:00-34:00 55:00-58:00 79:00-82:00 103:00-106:00")
        #expect(
            openings("22:00-06:00", "thu sat") == "22:00-30:00 70:00-78:00",
            "1 January 2026 is a Thursday")
    }

    @Test("Clocks go forward on the second day and back on the fourth: the local clock says when")
    func summer() {
        #expect(
            openings("07:00-10:00", zone: summerTime) == "7:00-10:00 30:00-33:00 54:00-57:00 79:00-82:00 103:00-106:00")
    }

    @Test("Hours that begin in the skipped hour begin at the skip; ones that lie in it are left out")
    func skipped() {
        #expect(openings("02:30-04:00", "fri", zone: summerTime) == "26:00-27:00")
        #expect(openings("02:15-02:45", "thu fri sat", zone: summerTime) == "2:15-2:45 49:15-49:45")
    }

    @Test("Where an hour happens twice, its first pass opens and closes")
    func repeated() {
        #expect(openings("02:30-04:00", "sun", zone: summerTime) == "73:30-76:00")
        #expect(openings("01:00-02:30", "sun", zone: summerTime) == "72:00-73:30")
        #expect(openings("02:59-03:00", "sun", zone: summerTime) == "73:59-75:00")
    }

    @Test("A day that a country skipped (it crossed the date line) has no hours")
    func dateLine() {
        let zone = ZoneTable(
            first: 0, changes: [.init(at: (midnight + .days(2)).milliseconds, offset: 86_400_000)])
        #expect(openings("07:00-10:00", "thu fri sat sun", zone: zone) == "7:00-10:00 31:00-34:00 55:00-58:00")
    }

    @Test(
        "By the definition, minute by minute, in random zones: hours are open while the furthest that the local clock has shown is inside",
        arguments: PropertyTests.seeds)
    func byDefinition(seed: UInt64) {
        var random = Random(seed: seed)
        var changes: [ZoneTable.Change] = []
        for day in stride(from: Int64(1), to: 9, by: 2) {
            let at = midnight + .days(day) + .minutes(random.number(1440))
            changes.append(.init(at: at.milliseconds, offset: (random.number(53) - 26) * 900_000))
        }
        let zone = ZoneTable(first: (random.number(53) - 26) * 900_000, changes: changes)
        let from = Int(random.number(1440))
        let until = (from + 1 + Int(random.number(1439))) % 1440
        let hours = DailyHours(from: from, until: until, weekdays: Weekdays(rawValue: UInt8(1 + random.number(127))))
        let clock = HomeClock(zone: zone, offset: .minutes(random.number(100_000)))
        var furthest = Int64.min
        for minute in Int64(-2880)..<Int64(11 * 1440) {
            let time = midnight + .minutes(minute)
            furthest = max(furthest, clock.local(time))
            guard minute >= 0 else { continue }
            let isOpen = hours.next(endingAfter: time, clock).map { $0.start <= time } ?? false
            #expect(isOpen == definition(hours, furthest), "seed \(seed), \(hours.text) at minute \(minute)")
            if isOpen != definition(hours, furthest) { return }
        }
    }

    private func definition(_ hours: DailyHours, _ local: Int64) -> Bool {
        let (day, inDay) = local.dividedDown(by: 86_400_000)
        let minute = Int(inDay / 60_000)
        func isOn(_ day: Int64) -> Bool { hours.weekdays.contains(Weekdays(day: Int((day + 4) % 7))) }
        if hours.until > hours.from { return isOn(day) && (hours.from..<hours.until).contains(minute) }
        return minute >= hours.from && isOn(day) || minute < hours.until && isOn(day - 1)
    }
}
