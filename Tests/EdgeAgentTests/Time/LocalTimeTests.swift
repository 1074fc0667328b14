// The home's clock on the days on which it is put forward and back.

import Glibc
import LocalRules
import Testing

@testable import EdgeAgent

extension ProcessEnvironment {
    @Suite struct LocalTimeTests {
        /// Local times in the order of a file, as UTC.
        private func utc(_ texts: [String]) throws -> [String] {
            var previous = Int64.min
            return try texts.map { text in
                previous = try #require(TimeText(Array(text.utf8))).resolve(notBefore: previous)
                return Instant(milliseconds: previous).iso8601
            }
        }

        @Test func theHourThatRepeatsIsToldApartByTheOrderOfRows() throws {
            // Clocks go back from 03:00 to 02:00 on 25 October 2026.
            let rows = [
                "2026-10-25T01:30", "2026-10-25T02:00", "2026-10-25T02:30", "2026-10-25T02:00:00.5", "2026-10-25T02:30",
                "2026-10-25T03:00",
            ]
            let expected = [
                "2026-10-24T23:30:00Z", "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00.500Z",
                "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z",
            ]
            let read = try withZone("Europe/Madrid") { try utc(rows) }
            #expect(read == expected)
        }

        @Test func theHourThatIsSkippedCountsOn() throws {
            // Clocks go forward from 02:00 to 03:00 on 29 March 2026.
            let rows = ["2026-03-29T01:59:59", "2026-03-29T02:30", "2026-03-29T03:45"]
            let expected = ["2026-03-29T00:59:59Z", "2026-03-29T01:30:00Z", "2026-03-29T01:45:00Z"]
            try withZone("Europe/Madrid") {
                let read = try utc(rows)
                #expect(read == expected)
                // The same whatever was asked before: a summer's day and a winter's day.
                for before in ["2026-07-01", "2026-12-01"] {
                    _ = try utc([before])
                    let again = try utc(["2026-03-29T02:30"])
                    #expect(again == ["2026-03-29T01:30:00Z"])
                }
            }
        }

        @Test(arguments: [
            // No summer time since 1991; none of its offsets then.
            ("Asia/Shanghai", "2026-01-01T08:00", "2026-01-01T00:00:00Z"),
            ("Asia/Shanghai", "2026-07-01T08:00", "2026-07-01T00:00:00Z"),
            ("Asia/Shanghai", "1988-07-01T09:00", "1988-07-01T00:00:00Z"),
            // Winter time is the exception there, and said so by the zone's data.
            ("Europe/Dublin", "2026-01-01T00:00", "2026-01-01T00:00:00Z"),
            ("Europe/Dublin", "2026-07-01T01:00", "2026-07-01T00:00:00Z"),
            ("Europe/Dublin", "2026-03-29T01:30", "2026-03-29T01:30:00Z"),
            // Half an hour of summer time; and a whole day that was left out at the end of 2011.
            ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45:00Z"),
            ("Pacific/Apia", "2011-12-31T00:30", "2011-12-30T10:30:00Z"),
            ("UTC", "2026-07-01T08:00", "2026-07-01T08:00:00Z"),
        ])
        func otherZones(_ zone: String, _ text: String, _ expected: String) throws {
            let read = try withZone(zone) { try utc([text]) }
            #expect(read == [expected])
        }

        @Test(arguments: [
            "Europe/Madrid", "Asia/Shanghai", "Europe/Dublin", "Australia/Lord_Howe", "Pacific/Apia",
            "Africa/Casablanca",
            "UTC",
        ])
        func theTableOfAZoneIsTheZone(_ zone: String) {
            withZone(zone) {
                let table = LocalTime.zoneTable()
                // Every hour of 1995 to 2037 would be slow; steps of 37 h meet every hour of the day.
                var wrong = 0
                for time in stride(from: Int64(788_918_400), to: 2_114_380_800, by: 37 * 3600 + 13) {
                    var seconds = time_t(time)
                    var parts = tm()
                    localtime_r(&seconds, &parts)
                    if table.offset(at: time * 1000) != Int64(parts.tm_gmtoff) * 1000 { wrong += 1 }
                }
                #expect(wrong == 0)
            }
        }

        @Test func aZoneThatIsNotThereIsUTC() {
            withEnvironment("TZ", nil) {
                #expect(!LocalTime.use(zone: "Asia/Nowhere"))
                #expect(LocalTime.clockFace(unixMilliseconds: midnight.milliseconds) == "Thu 00:00")
            }
        }

        @Test func theClockFaceIsTheHomes() {
            withZone("Asia/Shanghai") {
                #expect(LocalTime.clockFace(unixMilliseconds: midnight.milliseconds) == "Thu 08:00")
                #expect(LocalTime.clockFace(unixMilliseconds: midnight.milliseconds + 65 * 60_000) == "Thu 09:05")
            }
        }
    }
}
