// Recordings through the rules, and what is said about a recording that is wrong.

import Glibc
import LocalRules
import Testing

@testable import EdgeAgent

/// A file with this content, for the time of `body`.
func withFile<R>(_ content: String, _ body: (String) throws -> R) throws -> R {
    let folder = try TemporaryFolder()
    let path = folder.path + "/recording.csv"
    let file = try #require(fopen(path, "we"))
    fputs(content, file)
    fclose(file)
    return try body(path)
}

/// The lines of a replay, each cut down to "time event rule".
private func replay(_ content: String, _ configuration: HomeConfiguration, until: Instant? = nil, from: Instant? = nil)
    throws -> [String]
{
    try withFile(content) { path in
        var lines: [String] = []
        try Replay(configuration: configuration, from: from, until: until).run(path: path) { lines.append($0) }
        return lines
    }
}

@Suite struct ReplayTests {
    /// A water meter read every minute from midnight on; 12 L are drawn at each full hour up to hour 20.
    private func recording(hours: Int64) -> String {
        var text = "time,signal,value\n"
        var litres: Int64 = 412_300
        for minute in 0...(hours * 60) {
            if minute % 60 == 0, minute <= 20 * 60 { litres += 12 }
            let time = (midnight + .minutes(minute)).iso8601
            text += "\(time),water.volume,\(litres / 1000).\(String(litres % 1000 + 1000).dropFirst())\n"
        }
        return text
    }

    private let home =
        homeHead + waterMeter + """
            [[rule]]
            name = "no-water"
            kind = "low-use"
            signal = "water.volume"
            window = "12h"
            below = "0.01 m3"

            """

    @Test func waterThatStopsAtHour20IsRaisedAtHour32() throws {
        let configuration = try load(home)
        let content = recording(hours: 48)
        let lines = try replay(content, configuration)
        let raised = lines.filter { $0.contains(#""event":"raised""#) }
        #expect(
            raised == [
                #"{"time":"2026-01-02T08:00:00Z","event":"raised","alert":"no-water/2026-01-02T08:00:00Z","rule":"no-water","#
                    + #""kind":"low-use","severity":"orange","signals":["water.volume"],"#
                    + #""reasons":["0 m3 in 12 h, limit 0.01 m3"]}"#
            ])
        #expect(try replay(content, configuration) == lines)
    }

    @Test func readingsThatStopAtHour20AreASilentSensorAndNeverNoWater() throws {
        let lines = try replay(recording(hours: 20), try load(home), until: midnight + .hours(48))
        #expect(lines.contains { $0.contains(#""kind":"silent-sensor""#) && $0.contains(#""event":"raised""#) })
        #expect(!lines.contains { $0.contains(#""kind":"low-use""#) })
    }

    @Test func aMisreadRowOfARecordingChangesNothing() throws {
        let configuration = try load(home)
        let rows = recording(hours: 48).split(separator: "\n")
        let misread = rows.map { row in
            row.hasPrefix("2026-01-02T01:17:00Z,") ? "2026-01-02T01:17:00Z,water.volume,422.552" : String(row)
        }
        #expect(misread != rows.map(String.init))
        #expect(
            try replay(misread.joined(separator: "\n"), configuration)
                == replay(rows.joined(separator: "\n"), configuration))
    }

    @Test func withoutAnEndTimeEndsWithTheLastRow() throws {
        #expect(try replay(recording(hours: 20), try load(home)).isEmpty)
        #expect(try replay("time,signal,value\n", try load(home)).isEmpty)
        // Nobody knows when it would have begun.
        #expect(try replay("time,signal,value\n", try load(home), until: midnight).isEmpty)
    }

    @Test func fromAndUntilCutTheRecording() throws {
        let configuration = try load(home)
        let content = recording(hours: 48)
        #expect(try replay(content, configuration, until: midnight + .hours(31)).isEmpty)
        #expect(try replay(content, configuration, until: midnight + .hours(32)).count == 1)
        // From hour 21 on there was no water at all: raised once the window is known, twelve hours later.
        let late = try replay(content, configuration, from: midnight + .hours(21))
        #expect(
            late.map { String($0.prefix(48)) } == [
                #"{"time":"2026-01-02T09:00:00Z","event":"raised","#,
                #"{"time":"2026-01-02T09:03:00Z","event":"escalate"#,
            ])
        // An empty stretch is a home in which nothing was ever heard.
        let empty = try replay(
            content, configuration, until: midnight + .hours(100), from: midnight + .hours(90))
        #expect(empty.contains { $0.contains("silent-sensor") })
    }
}

@Suite struct RecordedReadingsTests {
    /// All rows as "signal seconds value", or the first error as "line: message; advice".
    private func read(_ content: String) throws -> [String] {
        let configuration = try load(smallHome)
        return try withFile(content) { path in
            do throws(RecordingError) {
                var recording = try RecordedReadings(path: path, configuration: configuration)
                var rows: [String] = []
                while let reading = try recording.next() {
                    let value = reading.quality == .missing ? "missing" : "\(reading.value)"
                    rows.append("\(reading.signal.index) \(reading.time.milliseconds / 1000) \(value)")
                }
                return rows
            } catch {
                return ["\(error.line): \(error.message); \(error.advice)"]
            }
        }
    }

    private func error(_ rows: String) throws -> String {
        try read("time,signal,value\n" + rows).joined(separator: "\n")
    }

    @Test(arguments: [
        "time,signal,value\n1,water.volume,412.316\n2,panic,1\n3,water.volume,\n",
        "time,signal,value\r\n1,water.volume,412.316\r\n2,panic,1\r\n3,water.volume,\r\n",
        "time,signal,value\n1,water.volume,412.316\n2,panic,1\n3,water.volume,",
        "time,signal,value\n\n1,water.volume,412.316\n\r\n2,panic,1\n3,water.volume,\n\n\n",
        "\u{FEFF}time,signal,value\n1,water.volume,412.316\n2,panic,1\n3,water.volume,\n",
    ])
    func lineEndsAndEmptyLines(_ content: String) throws {
        #expect(try read(content) == ["0 1 412316000", "1 2 1", "0 3 missing"])
    }

    @Test func rowsAreFoundAcrossBlocksOfTheFile() throws {
        // Rows of 26 bytes and more: their ends fall on every place of a block.
        let count = 20_000
        let rows = (0..<count).map { "\(1_767_225_600 + $0),water.volume,\($0)\n" }.joined()
        let read = try read("time,signal,value\n" + rows)
        #expect(read.count == count)
        #expect(read.last == "0 \(1_767_225_600 + count - 1) \((count - 1) * 1_000_000)")
    }

    @Test func digitsBeyondTheBaseUnitAreRounded() throws {
        #expect(try error("1,water.volume,0.0000005\n2,water.volume,0.0000004\n") == "0 1 1\n0 2 0")
    }

    @Test func rowsOfOneMomentAreFine() throws {
        #expect(try error("5,panic,1\n5,motion.bedroom,0\n") == "1 5 1\n2 5 0")
    }

    @Test func anUnknownSignalIsAnsweredWithTheKnownOnes() throws {
        #expect(
            try error("1,panic,1\n2,water,5\n")
                == "3: no signal is called \"water\"; the configuration has: water.volume, panic, motion.bedroom")
    }

    @Test func aHeaderThatIsNone() throws {
        #expect(try read("") == ["1: the file is empty; the first line is: time,signal,value"])
        #expect(
            try read("1,panic,1\n") == [
                "1: the first line is \"1,panic,1\"; it must be the header: time,signal,value"
            ])
    }

    @Test(arguments: [
        ("9,panic,1\n8,panic,0\n", "3: time goes back at \"8\"; sort the file by time"),
        (
            "2026-01-02T00:00:00Z,panic,1\n2026-01-01T00:00:00Z,panic,0\n",
            "3: time goes back at \"2026-01-01T00:00:00Z\"; sort the file by time"
        ),
        ("1,panic,2\n", "2: \"2\" is no value; write a decimal number, or 0 or 1 for an input"),
        ("1,panic,0.5\n", "2: \"0.5\" is no value; write a decimal number, or 0 or 1 for an input"),
        ("1,water.volume,much\n", "2: \"much\" is no value; write a decimal number, or 0 or 1 for an input"),
        ("1,water.volume,1e3\n", "2: \"1e3\" is no value; write a decimal number, or 0 or 1 for an input"),
        (
            "1,water.volume,9223372036854775807\n",
            "2: \"9223372036854775807\" is no value; write a decimal number, or 0 or 1 for an input"
        ),
        ("yesterday,panic,1\n", "2: \"yesterday\" is no time; write 2026-01-31T07:00:00+08:00, or Unix seconds"),
        ("1,panic\n", "2: 2 fields instead of 3; a row is: time,signal,value"),
        ("1,panic,1,2,3,4\n", "2: 6 fields instead of 3; a row is: time,signal,value"),
    ])
    func aRowThatCannotBeRead(_ rows: String, _ message: String) throws {
        #expect(try error(rows) == message)
    }

    @Test func aLineWithoutEndIsNotGathered() throws {
        #expect(
            try error(String(repeating: "x", count: 1 << 20))
                == "2: the line is longer than 4096 bytes; is this a text file of such rows?")
    }

    @Test func aFileThatCannotBeReadIsNotAnEmptyOne() throws {
        let configuration = try load(smallHome)
        for (path, reason) in [("/no/such/file", "No such file or directory"), ("/", "Is a directory")] {
            do throws(RecordingError) {
                _ = try RecordedReadings(path: path, configuration: configuration)
                Issue.record("\(path) was read")
            } catch {
                #expect(error.line == 0)
                #expect(error.message == "cannot be read: \(reason)")
            }
        }
    }
}

extension ProcessEnvironment {
    @Suite struct ReplayOfLocalTimes {
        @Test func localTimesThatGoBackAreRefusedUnlessTheHourRepeats() throws {
            let configuration = try load(smallHome)
            try withZone("Europe/Madrid") {
                try withFile("time,signal,value\n2026-10-25T02:50,panic,0\n2026-10-25T02:10,panic,1\n") { path in
                    var recording = try RecordedReadings(path: path, configuration: configuration)
                    _ = try recording.next()
                    let second = try recording.next()
                    #expect(second?.time.iso8601 == "2026-10-25T01:10:00Z")
                }
                try withFile("time,signal,value\n2026-10-26T02:50,panic,0\n2026-10-26T02:10,panic,1\n") { path in
                    var recording = try RecordedReadings(path: path, configuration: configuration)
                    _ = try recording.next()
                    do throws(RecordingError) {
                        _ = try recording.next()
                        Issue.record("a row that goes back was taken")
                    } catch {
                        #expect(error.line == 3)
                    }
                }
            }
        }

        private static let folder = getenv("EDGE_AGENT_REAL_HOMES").map { String(cString: $0) }
        private static let home = """
            schema = 1
            [home]
            id = "h-1"
            timezone = "Europe/Madrid"
            board = "simulated"

            """
            + waterMeter.replacing("unit = \"m3\"", with: "unit = \"L\"").replacing("\"0.001\"", with: "\"1\"")
            .replacing("unit = 5", with: "unit = 5\npoll = \"1h\"") + """
                [[rule]]
                name = "no-water"
                kind = "low-use"
                signal = "water.volume"
                window = "12h"
                below = "10 L"

                """

        /// Hourly meters of five real homes, whose licence keeps them out of this repository.
        @Test(
            .enabled(if: folder != nil, "EDGE_AGENT_REAL_HOMES names no folder with home-?.csv.gz"),
            arguments: ["home-a", "home-b", "home-c", "home-d", "home-e"])
        func aYearOfARealHome(_ name: String) throws {
            let configuration = try load(Self.home)
            let packed = "\(Self.folder ?? "")/\(name).csv.gz"
            let folder = try TemporaryFolder()
            let path = "\(folder.path)/\(name).csv"
            #expect(try run("/usr/bin/gunzip", ["-c", packed], output: path) == 0)
            try withZone("Europe/Madrid") {
                var lines: [String] = []
                var again: [String] = []
                try Replay(configuration: configuration).run(path: path) { lines.append($0) }
                try Replay(configuration: configuration).run(path: path) { again.append($0) }
                let raised = lines.filter { $0.contains(#""event":"raised""#) && $0.contains(#""rule":"no-water""#) }
                print("\(name): no-water raised \(raised.count) times, \(lines.count) steps in all")
                #expect(!lines.isEmpty)
                #expect(lines == again)
            }
        }

        /// The exit status of a program whose output goes to a file.
        private func run(_ program: String, _ arguments: [String], output: String) throws -> Int32 {
            var actions = posix_spawn_file_actions_t()
            posix_spawn_file_actions_init(&actions)
            defer { posix_spawn_file_actions_destroy(&actions) }
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
            defer { words.forEach { free($0) } }
            var process = pid_t()
            try #require(posix_spawn(&process, program, &actions, nil, &words, environ) == 0)
            var status: Int32 = 0
            waitpid(process, &status, 0)
            return status
        }
    }
}
