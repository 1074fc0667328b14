// Space: what lanes may take, what goes first, and that an alarm has its place whoever fills the disk.

import Foundation
import LocalRules
import TestPeers
import Testing

@testable import Upstream

private let encoder = WireEncoder(home: "h1")
private let signals = ["water.volume", "power.energy", "temperature.living"].map {
    SignalModel(name: $0, source: .meter(.volume), silentAfter: nil)
}

/// One hour of readings, a point a minute of each signal.
private func hour(_ number: Int) throws -> Draft {
    var readings: [Reading] = []
    for minute in 0..<60 {
        let time = Instant(milliseconds: Int64(number * 60 + minute) * 60_000)
        for signal in signals.indices {
            readings.append(Reading(signal: SignalID(signal), time: time, value: Int64(number * 1000 + minute)))
        }
    }
    return try encoder.draft(readings, of: signals, stamp: someStamp)
}

private func message(_ record: Record) throws -> WireReadings {
    let (_, message) = try WireDecoder.decode(topic: "homes/h1/readings", payload: record.draft.body)
    guard case .readings(let readings) = message else { throw PeerError(message: "\(record.draft.id): no readings") }
    return readings
}

@Suite struct StorageSpaceTests {
    // MARK: Quotas

    @Test func oldReadingsGrowSparseBeforeTheyAreGone() throws {
        let folder = try ScratchFolder()
        let quota: Int64 = 60_000
        var outbox = try SQLiteOutbox(directory: folder.path, floor: 1, quotas: .init(readings: quota))
        let hours = 24 * 60
        for number in 0..<hours {
            _ = try outbox.commit([try hour(number)], states: [:], removing: [])
            if number % 100 == 0 { #expect(try outbox.bytes(in: .reading) <= quota) }
        }
        #expect(try outbox.bytes(in: .reading) <= quota)

        let records = try outbox.records(in: .reading, after: 0, limit: 9999)
        let messages = try records.map(message)
        let slots = messages.map(\.thinnedToS)
        #expect(Set(slots) == [0, 900, 3600])
        #expect(slots == slots.sorted(by: >), "the older, the sparser")
        #expect(Set(records.map(\.draft.id)).count == records.count)
        #expect(zip(records, messages).allSatisfy { $0.draft.id == $1.header.id && $1.header.home == "h1" })
        for (signal, model) in signals.enumerated() {
            let points = messages.flatMap { $0.series[signal].points }
            #expect(zip(points, points.dropFirst()).allSatisfy { $0.time < $1.time })
            #expect(messages.allSatisfy { $0.series[signal].signal == model.name })
            // The last value of each slot is what is left: minute 59 of an hour, 14, 29 ... of its quarters.
            let hourly = messages.filter { $0.thinnedToS == 3600 }.flatMap { $0.series[signal].points }
            #expect(hourly.allSatisfy { $0.time % 3_600_000 == 59 * 60_000 })
            #expect(zip(hourly, hourly.dropFirst()).allSatisfy { $1.time - $0.time == 3_600_000 })
        }
        let left = messages.reduce(0) { $0 + $1.pointCount }
        #expect(outbox.droppedReadings == Int64(hours * 180 - left), "every point that is gone is counted")
        let days = messages.map { Double($0.series[0].points.count) * Double(max(60, $0.thinnedToS)) / 86_400 }
        print("\(quota) bytes hold \(days.reduce(0, +)) days of 3 signals with a point a minute")
        #expect(days.reduce(0, +) > 20)
    }

    @Test func whatCannotBeReadIsDroppedAndCounted() throws {
        let folder = try ScratchFolder()
        var outbox = try SQLiteOutbox(directory: folder.path, floor: 1, quotas: .init(readings: 50_000))
        for number in 0..<300 {
            _ = try outbox.commit(
                [draft("r\(number)", .reading, bytes: 1000), draft("a\(number)", .alarm)], states: [:], removing: [])
        }
        #expect(try outbox.depths()[.alarm] == 300)
        let left = try outbox.records(in: .reading, after: 0, limit: 999)
        #expect(left.count <= 50_000 / 1256 && left.count > 10)
        #expect(outbox.droppedReadings == Int64(300 - left.count))
        #expect(left.last?.draft.id == "r299")
    }

    @Test func theOldestEventsGoAndAreCounted() throws {
        let folder = try ScratchFolder()
        var outbox = try SQLiteOutbox(directory: folder.path, floor: 1, quotas: .init(events: 50_000))
        for number in 0..<300 {
            _ = try outbox.commit([draft("e\(number)", bytes: 200)], states: [:], removing: [])
        }
        let left = try outbox.records(in: .event, after: 0, limit: 999)
        #expect(try outbox.bytes(in: .event) <= 50_000)
        #expect(left.map(\.draft.id) == (300 - left.count..<300).map { "e\($0)" })
        #expect(outbox.droppedEvents == Int64(300 - left.count))
        // What was counted is what is there after a restart, too.
        _ = consume outbox
        let again = try SQLiteOutbox(directory: folder.path, floor: 1, quotas: .init(events: 50_000))
        #expect(try again.bytes(in: .event) <= 50_000)
    }

    /// Every other lane full to its quota: how many alarms still fit.
    @Test func alarmsHaveTheRestOfTheFile() throws {
        let folder = try ScratchFolder()
        var outbox = try SQLiteOutbox(directory: folder.path, floor: 1)
        var number = 0
        func block(_ lane: Lane, bytes: Int) -> [Draft] {
            (0..<100).map { _ in
                number += 1
                return draft("\(lane)-\(number)-0123456789abcdef", lane, bytes: bytes)
            }
        }
        while try outbox.commit(block(.reading, bytes: 700), states: [:], removing: []).count > 0,
            outbox.droppedReadings == 0
        {}
        while try outbox.commit(block(.event, bytes: 300), states: [:], removing: []).count > 0,
            outbox.droppedEvents == 0
        {}
        var alarms = 0
        var failure: OutboxError?
        while failure == nil {
            do {
                alarms += try outbox.commit(block(.alarm, bytes: 400), states: [:], removing: []).count
            } catch { failure = error }
        }
        print("\(alarms) alarms of 400 bytes fit beside full lanes")
        #expect(failure?.kind == .full)
        #expect(alarms >= 4000)
        #expect(try outbox.depths()[.alarm] == alarms)
    }

    // MARK: A disk that others fill

    /// The space is the database's from the first start on, over checkpoints and restarts.
    @Test func theWholeSpaceIsSetAside() throws {
        let folder = try ScratchFolder()
        let files = DatabaseFiles(directory: folder.path)
        for run in 0..<3 {
            var outbox = try SQLiteOutbox(directory: folder.path, floor: 1)
            #expect(outbox.unreserved == nil && outbox.replaced == nil)
            #expect(files.isReserved, "run \(run)")
            for _ in 0..<40 { _ = try outbox.commit([draft("r", .reading, bytes: 9000)], states: [:], removing: []) }
            try outbox.connection.run("PRAGMA wal_checkpoint(RESTART)")
            #expect(files.isReserved, "run \(run), after a checkpoint")
        }
        #expect(files.isReserved, "after a close")
    }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting needs root"))
    func anAlarmIsCommittedWhileOthersHaveFilledTheDisk() throws {
        let disk = try SmallDisk(megabytes: 16)
        do {
            var outbox = ResilientOutbox(directory: disk.path, floor: 1)
            _ = try outbox.commit([draft("a", .alarm)], states: [:], removing: [])
        }
        try disk.fill()
        // After a restart, on a disk without a free byte: months of readings and thousands of alarms.
        var outbox = ResilientOutbox(directory: disk.path, floor: 1)
        for number in 0..<4000 {
            var drafts = [draft("a\(number)", .alarm, bytes: 400)]
            if number % 2 == 0 { drafts.append(draft("r\(number)", .reading, bytes: 900)) }
            _ = try outbox.commit(drafts, states: ["engine": [UInt8](repeating: 1, count: 1500)], removing: [])
        }
        #expect(outbox.takeEvents() == [])
        #expect(outbox.isDegraded == false)
        #expect(outbox.depths()[.alarm] == 4001)
    }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting needs root"))
    func aDiskThatIsTooSmallIsSaidAndUsed() throws {
        let disk = try SmallDisk(megabytes: 4)
        var outbox = ResilientOutbox(directory: disk.path, floor: 1)
        guard case .unreserved(let error)? = outbox.takeEvents().first else {
            Issue.record("nobody said that there is no space")
            return
        }
        #expect(error.message.contains("No space left"))
        let stored = try outbox.commit([draft("a", .alarm)], states: [:], removing: [])
        #expect(outbox.isDegraded == false)
        // Somebody makes room: nobody has to tell the agent.
        outbox.tend(at: 0)
        try disk.resize(megabytes: 16)
        for now in stride(from: Int64(0), through: 2 * UpstreamLimits.reserveRetryMilliseconds, by: 10_000) {
            outbox.tend(at: now)
        }
        #expect(outbox.takeEvents() == [.reserved])
        #expect(outbox.records(in: .alarm, after: 0, limit: 9) == stored)
        #expect(DatabaseFiles(directory: disk.path).isReserved)
    }

    @Test func aDatabaseOfTheFirstVersionIsTakenOver() throws {
        let folder = try ScratchFolder()
        do {
            var outbox = try SQLiteOutbox(directory: folder.path, floor: 1)
            _ = try outbox.commit([draft("a", .alarm), draft("r", .reading)], states: ["engine": [1]], removing: [])
            for lane in Lane.allCases { try outbox.connection.run("ALTER TABLE \(lane.table) DROP COLUMN slot") }
            try outbox.connection.run("PRAGMA user_version = 1")
        }
        var outbox = try SQLiteOutbox(directory: folder.path, floor: 1)
        #expect(outbox.replaced == nil)
        _ = try outbox.commit([draft("b", .alarm)], states: [:], removing: [])
        #expect(try outbox.records(in: .alarm, after: 0, limit: 9).map(\.draft.id) == ["a", "b"])
        #expect(try outbox.state("engine") == [1])
    }
}

extension SQLiteOutbox {
    /// As the quotas count.
    fileprivate func bytes(in lane: Lane) throws -> Int64 {
        try connection.integer("SELECT ifnull(sum(length(body) + \(UpstreamLimits.rowBytes)), 0) FROM \(lane.table)")
    }
}

/// A file system of its own, in memory, that can be full.
private final class SmallDisk {
    private let folder: ScratchFolder
    var path: String { folder.path }

    static let isPossible: Bool = (try? SmallDisk(megabytes: 1)) != nil

    init(megabytes: Int) throws {
        folder = try ScratchFolder()
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            throw PeerError(message: "cannot mount: \(String(cString: strerror(errno)))")
        }
    }

    deinit { umount2(folder.path, Int32(MNT_DETACH)) }

    func resize(megabytes: Int) throws {
        guard mount("tmpfs", folder.path, "tmpfs", UInt(MS_REMOUNT), "size=\(megabytes)m") == 0 else {
            throw PeerError(message: "cannot remount: \(String(cString: strerror(errno)))")
        }
    }

    /// Takes every byte that is left.
    func fill() throws {
        let descriptor = open(path + "/others", O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        let block = [UInt8](repeating: 1, count: 4096)
        while write(descriptor, block, block.count) > 0 {}
        guard errno == ENOSPC else { throw PeerError(message: "not full: \(String(cString: strerror(errno)))") }
    }
}
