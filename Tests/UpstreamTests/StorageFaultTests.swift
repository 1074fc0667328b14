// Disks that are full, damaged, read-only or missing: what was committed stays, what comes goes on being kept.

import Foundation
import TestPeers
import Testing

@testable import Upstream

private let second: Int64 = 1000

@Suite struct StorageFaultTests {
    // MARK: Restart

    @Test func everythingIsThereAfterARestart() throws {
        let folder = try ScratchFolder()
        do {
            var outbox = try SQLiteOutbox(directory: folder.path, floor: 100)
            _ = try outbox.commit([draft("a", .alarm), draft("b")], states: ["engine": [1]], removing: [])
        }
        var outbox = try SQLiteOutbox(directory: folder.path, floor: 100)
        #expect(outbox.replaced == nil)
        #expect(try outbox.records(in: .alarm, after: 0, limit: 9).map(\.draft.id) == ["a"])
        #expect(try outbox.state("engine") == [1])
        // Above everything the first run can have given out, committed or not.
        let next = try outbox.commit([draft("c")], states: [:], removing: [])
        #expect(next[0].sequence > 101 + UpstreamLimits.sequenceBlock)
    }

    @Test func aSequenceIsNotUsedAgainWhenAllRecordsAreGone() throws {
        let folder = try ScratchFolder()
        var last: Int64 = 0
        for _ in 0..<3 {
            var outbox = try SQLiteOutbox(directory: folder.path, floor: 1)
            let stored = try outbox.commit([draft("a")], states: [:], removing: [])
            #expect(stored[0].sequence > last)
            last = stored[0].sequence
            _ = try outbox.commit([], states: [:], removing: [last])
        }
    }

    @Test func aSecondAgentOnTheSameFolderIsRefused() throws {
        let folder = try ScratchFolder()
        var first = try SQLiteOutbox(directory: folder.path, floor: 1)
        _ = try first.commit([draft("a")], states: [:], removing: [])
        let error = openingError(folder.path)
        #expect(error?.kind == .cannotOpen)
        #expect(error?.advice.contains("second agent") == true)
        #expect(try first.depths()[.event] == 1)
    }

    // MARK: Damage

    /// Where the garbage goes, in a database with some hundred records.
    enum Place: CaseIterable { case header, middle, everything, truncated }

    @Test(arguments: Place.allCases) func aDamagedFileIsSetAsideAndReported(_ place: Place) throws {
        let folder = try ScratchFolder()
        do {
            var outbox = try SQLiteOutbox(directory: folder.path, floor: 1_000_000)
            for number in 0..<300 {
                _ = try outbox.commit([draft("r\(number)", .reading, bytes: 500)], states: [:], removing: [])
            }
        }
        try damage(folder.path + "/outbox.db", place)

        var outbox = ResilientOutbox(directory: folder.path, floor: 5)
        let events = outbox.takeEvents()
        guard case .replaced(let error) = try #require(events.first) else {
            Issue.record("\(events)")
            return
        }
        #expect(events.count == 1)
        #expect(error.kind == .damaged)
        #expect(error.message.contains("outbox.db.damaged-"))
        #expect(folder.files.contains { $0.hasPrefix("outbox.db.damaged-") })
        let stored = try outbox.commit([draft("new", .alarm)], states: [:], removing: [])
        // Although `floor` comes from a clock that was never set, the number was never used before.
        #expect(stored[0].sequence > 1_000_300)
        #expect(outbox.isDegraded == false)
    }

    @Test func onlyThreeDamagedFilesAreKept() throws {
        let folder = try ScratchFolder()
        for run in 0..<5 {
            try Data("not a database at all, number \(run)".utf8)
                .write(to: URL(fileURLWithPath: folder.path + "/outbox.db"))
            let future: Int64 = 4_000_000_000_000
            let outbox = try SQLiteOutbox(directory: folder.path, floor: future + Int64(run))
            #expect(outbox.replaced != nil)
        }
        let kept = folder.files.filter { $0.contains("damaged") }
        #expect(kept.map { $0.suffix(1) } == ["2", "3", "4"])
    }

    @Test func anotherProgramsDatabaseIsNotTouchedButSetAside() throws {
        let folder = try ScratchFolder()
        do {
            let other = try SQLiteConnection(path: folder.path + "/outbox.db")
            try other.run("CREATE TABLE theirs (x)")
        }
        let outbox = try SQLiteOutbox(directory: folder.path, floor: 1)
        #expect(outbox.replaced?.message.contains("not this agent's") == true)
    }

    @Test func damageWhileRunningIsReplacedAndTheRecordKept() throws {
        let folder = try ScratchFolder()
        var outbox = ResilientOutbox(directory: folder.path, floor: 1)
        for number in 0..<600 {
            _ = try outbox.commit([draft("r\(number)", .reading, bytes: 900)], states: [:], removing: [])
        }
        // Writes through the back door, over the log as well, so that no good copy of a page is left.
        try damage(folder.path + "/outbox.db", .everything)
        try damage(folder.path + "/outbox.db-wal", .everything)
        _ = outbox.records(in: .reading, after: 0, limit: 500)
        let stored = try outbox.commit([draft("alarm", .alarm)], states: [:], removing: [])
        #expect(outbox.records(in: .alarm, after: 0, limit: 9) == stored)
        #expect(stored[0].sequence > 200)
        let kinds = outbox.takeEvents().map { event in
            if case .replaced = event { "replaced" } else { "\(event)" }
        }
        #expect(kinds == ["replaced"])
    }

    // MARK: Full

    @Test func aDeletedFileIsMissedAndItsAlarmsMoveToAFreshOne() throws {
        let folder = try ScratchFolder()
        var dispatcher = Dispatcher(
            outbox: ResilientOutbox(directory: folder.path, floor: 100), topics: HomeTopics(prefix: "homes", home: "h"),
            encoding: .protobuf, mode: .application)
        _ = try dispatcher.store([draft("help", .alarm), draft("note"), draft("water", .reading)], states: [:])
        _ = dispatcher.due(at: 0)
        for file in folder.files { try FileManager.default.removeItem(atPath: folder.path + "/" + file) }

        _ = dispatcher.due(at: UpstreamLimits.diskRetryMilliseconds)
        let events = dispatcher.takeStorageEvents()
        guard case .replaced(let error)? = events.first else {
            Issue.record("nobody missed the file: \(events)")
            return
        }
        #expect(error.message.contains("deleted"))
        #expect(dispatcher.depths() == [.alarm: 1, .event: 1, .reading: 0])
        _ = consume dispatcher
        var again = try SQLiteOutbox(directory: folder.path, floor: 100)
        #expect(try again.records(in: .alarm, after: 0, limit: 9).map(\.draft.id) == ["help"])
    }

    @Test func aFullDiskKeepsRecordsInMemoryAndMovesThemBack() throws {
        let folder = try ScratchFolder()
        var outbox = ResilientOutbox(directory: folder.path, floor: 1)
        let onDisk = try outbox.commit([draft("a", .alarm), draft("b")], states: ["engine": [1]], removing: [])
        outbox.limit(pages: 12)
        var all = onDisk
        for number in 0..<20 {
            all += try outbox.commit(
                [draft("x\(number)", .alarm, bytes: 700)], states: ["engine": [UInt8(number)]], removing: [])
        }
        #expect(outbox.isDegraded == true)
        guard case .began(let error) = try #require(outbox.takeEvents().first) else { return }
        #expect(error.kind == .full)
        #expect(error.advice.contains("Free space"))
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.sequence < $1.sequence })
        #expect(outbox.records(in: .alarm, after: 0, limit: 99) == all.filter { $0.draft.lane == .alarm })
        #expect(outbox.state("engine") == [19])

        // Settled while the disk cannot forget: not served again.
        _ = try outbox.commit([], states: [:], removing: [onDisk[0].sequence])
        #expect(outbox.records(in: .alarm, after: 0, limit: 1).map(\.draft.id) == ["x0"])

        // Still full: tried on schedule, said once.
        outbox.tend(at: 0)
        outbox.tend(at: 10 * second)
        #expect(outbox.isDegraded == true)
        #expect(outbox.takeEvents() == [])

        outbox.limit(pages: 10_000)
        outbox.tend(at: 19 * second)
        #expect(outbox.isDegraded == true)
        outbox.tend(at: 20 * second)
        #expect(outbox.isDegraded == false)
        #expect(outbox.takeEvents() == [.ended(message: "storage works again: everything is on disk")])
        let later = try outbox.commit([draft("z", .alarm)], states: [:], removing: [])
        let expected = all.filter { $0.draft.lane == .alarm }.dropFirst() + later
        #expect(outbox.records(in: .alarm, after: 0, limit: 99) == Array(expected))
    }

    @Test func whatMovedBackSurvivesARestart() throws {
        let folder = try ScratchFolder()
        do {
            var outbox = ResilientOutbox(directory: folder.path, floor: 1)
            outbox.limit(pages: 8)
            for number in 0..<30 {
                _ = try outbox.commit([draft("x\(number)", .alarm, bytes: 700)], states: [:], removing: [])
            }
            #expect(outbox.isDegraded == true)
            outbox.limit(pages: 10_000)
            outbox.tend(at: 0)
            outbox.tend(at: 10 * second)
            #expect(outbox.isDegraded == false)
        }
        var outbox = ResilientOutbox(directory: folder.path, floor: 1)
        #expect(outbox.records(in: .alarm, after: 0, limit: 99).map(\.draft.id) == (0..<30).map { "x\($0)" })
    }

    // MARK: Nothing to write to

    @Test func aMissingFolderIsSaidAndUsedOnceItIsThere() throws {
        let folder = try ScratchFolder()
        let path = folder.path + "/state"
        var outbox = ResilientOutbox(directory: path, floor: 50)
        guard case .began(let error) = try #require(outbox.takeEvents().first) else { return }
        #expect(error.kind == .cannotOpen)
        #expect(error.message.contains(path))
        let stored = try outbox.commit([draft("a", .alarm)], states: ["engine": [4]], removing: [])
        outbox.tend(at: 0)

        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        outbox.tend(at: 10 * second)
        #expect(outbox.isDegraded == false)
        #expect(outbox.records(in: .alarm, after: 0, limit: 9) == stored)
        #expect(outbox.state("engine") == [4])
        #expect(FileManager.default.fileExists(atPath: path + "/outbox.db"))
    }

    @Test(.disabled(if: getuid() == 0, "root may write anywhere"))
    func aReadOnlyFolderIsSaid() throws {
        let folder = try ScratchFolder()
        chmod(folder.path, 0o500)
        defer { chmod(folder.path, 0o700) }
        #expect(openingError(folder.path)?.kind == .cannotOpen)
    }

    /// The clock was behind when there was no disk, so that memory gave out numbers the disk had used.
    @Test func numbersThatTheDiskHasUsedAreGivenAnew() throws {
        let folder = try ScratchFolder()
        var highest: Int64 = 0
        do {
            var outbox = try SQLiteOutbox(directory: folder.path, floor: 5000)
            highest = try outbox.commit([draft("old", .alarm)], states: [:], removing: [])[0].sequence
        }
        try FileManager.default.moveItem(atPath: folder.path, toPath: folder.path + "-away")
        var outbox = ResilientOutbox(directory: folder.path, floor: 10)
        _ = try outbox.commit([draft("new", .alarm)], states: [:], removing: [])
        outbox.tend(at: 0)
        try FileManager.default.moveItem(atPath: folder.path + "-away", toPath: folder.path)
        outbox.tend(at: 10 * second)
        let records = outbox.records(in: .alarm, after: 0, limit: 9)
        #expect(records.map(\.draft.id) == ["old", "new"])
        #expect(records[1].sequence > highest)
    }

    // MARK: Bounds

    @Test func memoryGivesUpReadingsThenEventsAndNeverAlarms() throws {
        var outbox = MemoryOutbox(floor: 1, maximumBytes: 20_000)
        for number in 0..<10 {
            _ = try outbox.commit(
                [draft("r\(number)", .reading, bytes: 744), draft("e\(number)", bytes: 744)], states: [:], removing: [])
        }
        for number in 0..<15 {
            _ = try outbox.commit([draft("a\(number)", .alarm, bytes: 744)], states: [:], removing: [])
        }
        #expect(outbox.depths() == [.alarm: 15, .event: 5, .reading: 0])
        #expect(outbox.droppedReadings == 10)
        #expect(outbox.droppedEvents == 5)
        #expect(throws: OutboxError.self) {
            for number in 0..<10 {
                _ = try outbox.commit([draft("b\(number)", .alarm, bytes: 744)], states: [:], removing: [])
            }
        }
        #expect(outbox.records(in: .alarm, after: 0, limit: 1).map(\.draft.id) == ["a0"])
    }

    /// design.md §8: 20 MB of device writes a day. What is gathered of an hour's readings is kept every minute with the
    /// rules' state; once an hour it becomes a record and an earlier one goes.
    @Test func aDayOfReadingsStaysInTheBudget() throws {
        let folder = try ScratchFolder()
        var outbox = try SQLiteOutbox(directory: folder.path, floor: 1)
        guard let before = FlashWear.bytesWritten(by: "thread-self") else { return }
        var earlier: [Int64] = []
        let commits: Int64 = 720
        for number in 0..<commits {
            let minute = Int(number % 60)
            let stored = try outbox.commit(
                minute == 59 ? [draft("r\(number)", .reading, bytes: 900)] : [],
                states: [
                    "engine": [UInt8](repeating: UInt8(number % 250), count: 1500),
                    "readings": [UInt8](repeating: UInt8(number % 250), count: 15 * minute),
                ], removing: minute == 59 ? earlier : [])
            if minute == 59 { earlier = stored.map(\.sequence) }
        }
        let written = try #require(FlashWear.bytesWritten(by: "thread-self")) - before
        print("\(written / commits) bytes written for each commit of readings, \(written * 2 / 1_000_000) MB a day")
        #expect(written * 2 < 20_000_000)
    }

    // MARK: Helpers

    private func openingError(_ directory: String) -> OutboxError? {
        do {
            _ = try SQLiteOutbox(directory: directory, floor: 1)
            return nil
        } catch { return error }
    }

    private func damage(_ path: String, _ place: Place) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        // The file is longer than what it holds, which its header says (bytes 28 to 31).
        let end = try file.seekToEnd()
        try file.seek(toOffset: 28)
        let pages = (try file.read(upToCount: 4) ?? Data()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let size = path.hasSuffix("-wal") ? end : pages * UInt64(UpstreamLimits.pageBytes)
        let garbage = Data((0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) })
        switch place {
        case .header:
            try file.seek(toOffset: 0)
            try file.write(contentsOf: garbage.prefix(100))
        case .middle:
            try file.seek(toOffset: size / 2 / 4096 * 4096)
            try file.write(contentsOf: garbage)
        case .everything:
            for offset in stride(from: 0, to: size, by: garbage.count) {
                try file.seek(toOffset: offset)
                try file.write(contentsOf: garbage)
            }
        case .truncated:
            try file.truncate(atOffset: size / 2 / 1024 * 1024 + 100)
        }
    }
}

extension ResilientOutbox {
    /// Lets the database grow to this many pages; beyond, it is full, as on a full disk.
    fileprivate func limit(pages: Int) {
        switch disk {
        case .some(let disk):
            do throws(SQLiteFailure) {
                try disk.connection.run("PRAGMA max_page_count = \(pages)")
            } catch { Issue.record(error) }
        case .none: Issue.record("no disk to limit")
        }
    }
}
