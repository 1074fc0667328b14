// Faults at every single write, sync, truncation and deletion that a working outbox makes, by tests' own disk under
// SQLite (Tests/FaultyDisk). `make storage-faults` tries every one; `make test` every 61st, from an offset that is printed.

import CFaultyDisk
import Foundation
import LocalRules
import TestPeers
import Testing

@testable import Upstream

@Suite(.serialized) struct DiskFaultTests {
    enum Fault: Int32, CaseIterable {
        case once = 1
        case full, dead, cut
    }

    @Test(arguments: Fault.allCases) func nothingCommittedIsLost(_ fault: Fault) throws {
        faulty_disk_install()
        let count = try Worker().run(at: 0, fault: nil)
        let step = ProcessInfo.processInfo.environment["EDGE_AGENT_EVERY_FAULT"] == nil ? 61 : 1
        let offset = Int.random(in: 1...step)
        var tally = Worker.Tally()
        for operation in stride(from: offset, through: count, by: step) {
            let worker = try Worker()
            try worker.run(at: operation, fault: fault)
            tally.add(worker.tally)
        }
        print(
            "\(fault): \(tally.runs) of \(count) operations failed (from \(offset), every \(step)): "
                + "\(tally.degraded) times in memory meanwhile, \(tally.replaced) databases set aside")
        #expect(tally.runs > 0 && tally.replaced == 0)
        #expect(tally.degraded > 0 || fault == .cut)
    }

    /// The siren has sounded already; what the disk refuses goes out all the same.
    @Test func anAlarmLeavesFromMemoryWhenNothingCanBeWritten() throws {
        faulty_disk_install()
        let folder = try ScratchFolder()
        faulty_disk_arm(folder.path, 1, Int32(FAULTY_NONE))
        var dispatcher = Dispatcher(
            outbox: ResilientOutbox(directory: folder.path, floor: 100), topics: HomeTopics(prefix: "homes", home: "h"),
            encoding: .protobuf, mode: .application)
        dispatcher.linkUp()
        faulty_disk_arm(folder.path, 1, Int32(FAULTY_DEAD))
        let note = try WireEncoder(home: "h").draft(
            .init(time: .init(milliseconds: 0), code: "x", signals: [], text: ""), stamp: someStamp)
        _ = try dispatcher.store([note])
        #expect(dispatcher.due(at: 0).map(\.recordID) == [note.id])
        guard case .began(let error)? = dispatcher.takeStorageEvents().first else {
            Issue.record("nobody said it")
            return
        }
        #expect(error.kind == .ioError && error.advice.contains("memory card"))
        faulty_disk_disarm()
        _ = dispatcher.due(at: 1000)
        _ = dispatcher.due(at: 1000 + UpstreamLimits.diskRetryMilliseconds)
        #expect(dispatcher.takeStorageEvents() == [.ended(message: "storage works again: everything is on disk")])
    }
}

/// A fixed piece of work, with what must be there afterwards.
private final class Worker {
    struct Tally {
        var runs = 0
        var degraded = 0
        var replaced = 0
        mutating func add(_ other: Tally) {
            runs += other.runs
            degraded += other.degraded
            replaced += other.replaced
        }
    }

    private let folder: ScratchFolder
    private(set) var tally = Tally()
    /// Committed while the disk worked, and not asked to be removed since: what a power cut must not take.
    private var kept: Set<String> = []
    /// Committed at all.
    private var given: Set<String> = []
    private var sequences: Set<Int64> = []
    private var now: Int64 = 0

    init() throws { folder = try ScratchFolder() }

    /// Works with `fault` from operation number `operation` on, then looks. Returns the operations there were.
    @discardableResult func run(at operation: Int, fault: DiskFaultTests.Fault?) throws -> Int {
        tally.runs = 1
        faulty_disk_arm(folder.path, operation, fault?.rawValue ?? 0)
        let what = fault.map { "\($0) at \(operation)" } ?? "no fault"
        let isCut: () -> Bool = { fault == .cut && faulty_disk_operations() >= operation }
        for life in 0..<2 where !isCut() {
            var outbox = ResilientOutbox(
                directory: folder.path, floor: 1, quotas: .init(readings: 6000, events: 20_000))
            try work(&outbox, life: life, until: isCut)
            if !isCut() {
                let isLast = life == 1
                if isLast { faulty_disk_disarm() }
                recover(&outbox, mustWork: isLast, what)
            }
            note(outbox.takeEvents())
            // What is in memory only dies with this life.
            if outbox.isDegraded { given = kept }
        }
        let operations = Int(faulty_disk_operations())
        if fault == .cut { faulty_disk_lose(UInt32(operation)) }
        faulty_disk_disarm()
        try look(what, expected: fault == .cut ? kept : given)
        return operations
    }

    private func work(_ outbox: inout ResilientOutbox, life: Int, until isCut: () -> Bool) throws {
        var waiting: [Record] = []
        for number in 0..<24 where !isCut() {
            now += 5000
            outbox.tend(at: now)
            let name = "\(life)-\(number)"
            var drafts = [draft("a\(name)", .alarm, bytes: 300 + 40 * number)]
            if number % 2 == 0 { drafts.append(draft("r\(name)", .reading, bytes: 900)) }
            if number % 3 == 0 { drafts.append(draft("e\(name)", bytes: 100)) }
            let gone = number % 4 == 3 ? waiting.prefix(2).map { $0 } : []
            waiting.removeFirst(gone.count)
            for record in gone {
                kept.remove(record.draft.id)
                given.remove(record.draft.id)
            }
            let records = try outbox.commit(
                drafts, states: ["engine": [UInt8](repeating: 7, count: 1500)], removing: gone.map(\.sequence))
            for record in records {
                let isNew = sequences.insert(record.sequence).inserted
                // Numbers given in memory may be given anew when records move to disk; ids never are.
                #expect(isNew || outbox.isDegraded || tally.degraded > 0, "number \(record.sequence) twice")
                guard record.draft.lane != .reading else { continue }
                given.insert(record.draft.id)
                if !outbox.isDegraded { kept.insert(record.draft.id) }
            }
            waiting += records.filter { $0.draft.lane == .alarm }
            if number % 8 == 7 { outbox.checkpoint() }
            if outbox.isDegraded { tally.degraded = 1 }
        }
    }

    /// Time passes; a disk that works again must be used again without anybody's help.
    private func recover(_ outbox: inout ResilientOutbox, mustWork: Bool, _ what: String) {
        for _ in 0..<4 where outbox.isDegraded {
            now += UpstreamLimits.diskRetryMilliseconds
            outbox.tend(at: now)
        }
        #expect(!mustWork || !outbox.isDegraded, "\(what): the disk works and is not used")
        if !outbox.isDegraded { kept = given }
    }

    private func note(_ events: [StorageEvent]) {
        for case .replaced(let error) in events {
            tally.replaced += 1
            print(error.message)
        }
    }

    private func look(_ what: String, expected: Set<String>) throws {
        var outbox = try SQLiteOutbox(directory: folder.path, floor: 1)
        if outbox.replaced != nil { tally.replaced += 1 }
        var findings: [String] = []
        try outbox.connection.run("PRAGMA integrity_check") { findings.append($0.text(0) ?? "") }
        #expect(findings == ["ok"], "\(what)")
        let found = try [Lane.alarm, .event].flatMap { try outbox.records(in: $0, after: 0, limit: 9999) }
        #expect(Set(found.map(\.draft.id)).count == found.count, "\(what): an id twice")
        let lost = expected.subtracting(found.map(\.draft.id))
        #expect(lost.isEmpty, "\(what): lost \(lost.sorted())")
    }
}

extension ResilientOutbox {
    fileprivate func checkpoint() {
        switch disk {
        case .some(let disk): try? disk.connection.run("PRAGMA wal_checkpoint(RESTART)")
        case .none: break
        }
    }
}
