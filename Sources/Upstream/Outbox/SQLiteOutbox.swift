// The outbox on disk: one connection, one owner thread, one table for each lane (so that each lane is read
// and written at its own end, without an index). SQLiteOutbox+opening.swift says how the file comes to be.

import LocalRules

/// Each commit is on disk (WAL, synchronous=FULL) when it returns.
package struct SQLiteOutbox: ~Copyable, Outbox {
    let connection: SQLiteConnection
    /// For messages.
    private let path: String
    /// Why a fresh file had to be started; nil: it had not.
    package let replaced: OutboxError?
    /// Why the space that alarms will need is not set aside; nil: it is.
    package let unreserved: OutboxError?
    let quotas: Quotas
    private var nextSequence: Int64
    /// Numbers up to this one are promised in the database to this run.
    private var reservedSequence: Int64
    private var readingBytes: Int64
    private var eventBytes: Int64
    package private(set) var droppedReadings: Int64 = 0
    package private(set) var droppedEvents: Int64 = 0

    /// Bytes that lanes may take, rows' own cost included. Alarms have the rest of the file.
    package struct Quotas: Sendable {
        package var readings: Int64
        package var events: Int64

        package init(
            readings: Int64 = UpstreamLimits.readingsQuotaBytes, events: Int64 = UpstreamLimits.eventsQuotaBytes
        ) {
            self.readings = readings
            self.events = events
        }
    }

    /// Opens or creates `outbox.db` in a folder that exists. A damaged file is set aside, a fresh one started
    /// and `replaced` says so.
    /// - Parameter floor: sequences start here at the earliest: Unix milliseconds, which outrun any counter.
    init(directory: String, floor: Int64, quotas: Quotas = Quotas()) throws(OutboxError) {
        let opened = try OpenedDatabase(directory: directory, floor: floor)
        path = opened.path
        replaced = opened.replaced
        unreserved = opened.unreserved
        nextSequence = opened.nextSequence
        reservedSequence = nextSequence - 1
        readingBytes = opened.readingBytes
        eventBytes = opened.eventBytes
        self.quotas = quotas
        connection = opened.intoConnection()
    }

    /// The log stays where it is, with its space; what is in it must not be taken for news of another database that
    /// somebody puts here. Where not all of it could be copied back, it is needed.
    deinit {
        var isCopied = false
        try? connection.run("PRAGMA wal_checkpoint(PASSIVE)") { row in
            isCopied = row.integer(0) == 0 && row.integer(1) == row.integer(2)
        }
        if isCopied { DatabaseFiles.blankLog(of: path) }
    }

    /// The next record's sequence.
    var sequenceFloor: Int64 { nextSequence }

    /// Why what is committed now would be gone with the next restart; nil: the file is where it was.
    var whyTaken: OutboxError? {
        guard connection.hasMoved else { return nil }
        return OutboxError(
            kind: .damaged, message: "database \(path) was deleted or replaced while in use",
            advice: "A fresh one is in use, with the alarms that waited. Stop the agent before you touch its files.")
    }

    package mutating func commit(
        _ drafts: [Draft], states: [String: [UInt8]], removing sequences: [Int64]
    ) throws(OutboxError) -> [Record] {
        var records: [Record] = []
        for draft in drafts {
            records.append(Record(sequence: nextSequence + Int64(records.count), draft: draft))
        }
        try write(records, states: states, removing: sequences)
        return records
    }

    /// Takes over records that were numbered elsewhere. One whose number is not above all numbers here gets a
    /// new one: its id is what the cloud tells it by.
    mutating func adopt(_ records: [Record], states: [String: [UInt8]]) throws(OutboxError) {
        var numbered: [Record] = []
        for record in records {
            let least = numbered.last.map { $0.sequence + 1 } ?? nextSequence
            numbered.append(Record(sequence: max(record.sequence, least), draft: record.draft))
        }
        try write(numbered, states: states, removing: [])
    }

    package mutating func records(
        in lane: Lane, after sequence: Int64, limit: Int
    ) throws(OutboxError) -> [Record] {
        var records: [Record] = []
        do {
            try connection.run(
                """
                SELECT \(Self.columns) FROM \(lane.table)
                WHERE sequence > ? ORDER BY sequence LIMIT ?
                """, [.integer(sequence), .integer(Int64(limit))]
            ) { records.append(Self.record($0, lane: lane)) }
        } catch { throw OutboxError(error, path: path, doing: "read") }
        return records
    }

    package mutating func state(_ name: String) throws(OutboxError) -> [UInt8]? {
        var value: [UInt8]?
        do {
            try connection.run("SELECT value FROM state WHERE name = ?", [.text(name)]) { value = $0.blob(0) }
        } catch { throw OutboxError(error, path: path, doing: "read") }
        return value
    }

    package mutating func depths() throws(OutboxError) -> [Lane: Int] {
        var depths: [Lane: Int] = [:]
        do throws(SQLiteFailure) {
            for lane in Lane.allCases {
                depths[lane] = Int(try connection.integer("SELECT count(*) FROM \(lane.table)"))
            }
        } catch { throw OutboxError(error, path: path, doing: "read") }
        return depths
    }

    // MARK: Writing

    private mutating func write(
        _ records: [Record], states: [String: [UInt8]], removing sequences: [Int64]
    ) throws(OutboxError) {
        guard !(records.isEmpty && states.isEmpty && sequences.isEmpty) else { return }
        var tally = Tally(
            next: nextSequence, reserved: reservedSequence, readingBytes: readingBytes, eventBytes: eventBytes)
        do {
            try connection.transaction { () throws(SQLiteFailure) in
                try delete(sequences, tally: &tally)
                for record in records { try insert(record, tally: &tally) }
                for (name, value) in states.sorted(by: { $0.key < $1.key }) {
                    try connection.run(
                        "INSERT INTO state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                        [.text(name), .blob(value)])
                }
                try makeRoom(tally: &tally)
                if tally.next > tally.reserved {
                    tally.reserved = tally.next + UpstreamLimits.sequenceBlock
                    try connection.run("UPDATE counter SET reserved = ?", [.integer(tally.reserved)])
                }
            }
        } catch { throw OutboxError(error, path: path, doing: "write") }
        // Only what is committed counts.
        nextSequence = tally.next
        reservedSequence = tally.reserved
        readingBytes = tally.readingBytes
        eventBytes = tally.eventBytes
        droppedReadings += tally.droppedReadings
        droppedEvents += tally.droppedEvents
    }

    /// - Parameter slot: seconds of which one point is left; 0: all are.
    func insert(_ record: Record, slot: Int64 = 0, tally: inout Tally) throws(SQLiteFailure) {
        let draft = record.draft
        try connection.run(
            "INSERT INTO \(draft.lane.table) (\(Self.columns), slot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                .integer(record.sequence), .text(draft.id), .text(draft.topic),
                draft.alert.map { .text($0) } ?? .null, .blob(draft.body),
                .integer(draft.stamp.wallMilliseconds), .integer(draft.stamp.bootMilliseconds),
                .text(draft.stamp.bootID), .text(draft.stamp.trust.rawValue), .integer(slot),
            ])
        tally.next = max(tally.next, record.sequence + 1)
        tally.add(Int64(draft.body.count) + UpstreamLimits.rowBytes, to: draft.lane)
    }

    func delete(_ sequences: [Int64], tally: inout Tally) throws(SQLiteFailure) {
        for sequence in sequences {
            for lane in Lane.allCases {
                let bytes = try connection.integer(
                    "SELECT length(body) + ? FROM \(lane.table) WHERE sequence = ?",
                    [.integer(UpstreamLimits.rowBytes), .integer(sequence)])
                guard bytes > 0 else { continue }
                try connection.run("DELETE FROM \(lane.table) WHERE sequence = ?", [.integer(sequence)])
                tally.add(-bytes, to: lane)
                break
            }
        }
    }

    static let columns = "sequence, id, topic, alert, body, wall, boot, boot_id, trust"

    static func record(_ row: borrowing SQLiteRow, lane: Lane) -> Record {
        Record(
            sequence: row.integer(0),
            draft: Draft(
                id: row.text(1) ?? "", lane: lane, topic: row.text(2) ?? "", alert: row.text(3), body: row.blob(4),
                stamp: Stamp(
                    wallMilliseconds: row.integer(5), bootMilliseconds: row.integer(6), bootID: row.text(7) ?? "",
                    trust: row.text(8).flatMap(ClockTrust.init(rawValue:)) ?? .none)))
    }
}

extension Lane {
    /// The lane's table.
    var table: String {
        switch self {
        case .alarm: "alarm"
        case .event: "event"
        case .reading: "reading"
        }
    }
}
