// How the database comes to be: opened, checked, set aside when it is damaged, started fresh. Opening never
// fails for what is in the file, only for what the file system does not allow.

import CSQLite

/// A database that is checked and has today's tables.
struct OpenedDatabase: ~Copyable {
    private let connection: SQLiteConnection
    let path: String
    let replaced: OutboxError?
    let unreserved: OutboxError?
    let nextSequence: Int64
    let readingBytes: Int64
    let eventBytes: Int64

    /// "EDGA": tells our files from other programs'.
    private static let applicationID: Int64 = 0x4544_4741
    private static let version: Int64 = 2

    init(directory: String, floor: Int64) throws(OutboxError) {
        let files = DatabaseFiles(directory: directory)
        var floor = floor
        var replaced: OutboxError?
        var opened: Checked
        do {
            opened = try Self.open(files.path, floor: floor, isReserved: files.isReserved)
        } catch {
            guard error.isDamage else { throw OutboxError(error, path: files.path, doing: "open") }
            // Without a set wall clock `floor` can be too low. The damaged file was last written at a time
            // that is above every number it gave out, if the clock was right then.
            floor = max(floor, files.modifiedMilliseconds ?? 0)
            guard let kept = files.setAside(stamp: floor) else {
                throw OutboxError(
                    kind: .cannotOpen, message: "database \(files.path) is damaged and cannot be moved aside",
                    advice: "Make \(directory) writable for the agent, or remove the file by hand.")
            }
            replaced = OutboxError(
                kind: .damaged,
                message: "database \(files.path) was damaged (\(error.text)); "
                    + "it is now \(kept) and a fresh one is in use",
                advice: "What had not been sent is in the old file. Check the memory card; replace it if this recurs.")
            do {
                opened = try Self.open(files.path, floor: floor, isReserved: false)
            } catch { throw OutboxError(error, path: files.path, doing: "create") }
        }
        var unreserved: OutboxError?
        if !files.isReserved {
            // Closed meanwhile: to close another descriptor of the file would drop SQLite's locks on it.
            _ = consume opened
            unreserved = files.reserve()
            do {
                opened = try Self.open(files.path, floor: floor, isReserved: unreserved == nil)
            } catch { throw OutboxError(error, path: files.path, doing: "open") }
        }
        self.unreserved = unreserved
        path = files.path
        self.replaced = replaced
        nextSequence = opened.nextSequence
        readingBytes = opened.readingBytes
        eventBytes = opened.eventBytes
        connection = opened.intoConnection()
    }

    consuming func intoConnection() -> SQLiteConnection { connection }

    private struct Checked: ~Copyable {
        let connection: SQLiteConnection
        let nextSequence: Int64
        let readingBytes: Int64
        let eventBytes: Int64
        consuming func intoConnection() -> SQLiteConnection { connection }
    }

    private static func open(
        _ path: String, floor: Int64, isReserved: Bool
    ) throws(SQLiteFailure) -> Checked {
        let connection = try SQLiteConnection(path: path)
        // The order matters: the page size before anything is written, the lock before the log is used
        // (an exclusive lock needs no shared-memory file), the check before anything is believed.
        try connection.run("PRAGMA page_size = \(UpstreamLimits.pageBytes)")
        try connection.run("PRAGMA locking_mode = EXCLUSIVE")
        try connection.run("PRAGMA journal_mode = WAL")
        try connection.run("PRAGMA synchronous = FULL")
        try connection.run("PRAGMA cache_size = -\(UpstreamLimits.cacheKilobytes)")
        try connection.run("PRAGMA wal_autocheckpoint = \(UpstreamLimits.checkpointPages)")
        try connection.run("PRAGMA temp_store = MEMORY")
        try connection.run("PRAGMA max_page_count = \(UpstreamLimits.databaseBytes / UpstreamLimits.pageBytes)")
        // What was set aside stays: a checkpoint would cut the file to what is used, a close delete the log.
        // Where there is no space to set aside, SQLite must not try to take it either.
        if isReserved { connection.control(SQLITE_FCNTL_CHUNK_SIZE, Int32(UpstreamLimits.databaseBytes)) }
        connection.control(SQLITE_FCNTL_PERSIST_WAL, 1)
        try check(connection)
        try createTables(connection)
        let stored = try connection.integer("SELECT reserved FROM counter")
        let readingBytes = try bytes(in: .reading, connection)
        let eventBytes = try bytes(in: .event, connection)
        return Checked(
            connection: connection, nextSequence: max(stored + 1, floor), readingBytes: readingBytes,
            eventBytes: eventBytes)
    }

    /// As the quotas count.
    private static func bytes(
        in lane: Lane, _ connection: borrowing SQLiteConnection
    ) throws(SQLiteFailure) -> Int64 {
        try connection.integer(
            "SELECT ifnull(sum(length(body) + ?), 0) FROM \(lane.table)", [.integer(UpstreamLimits.rowBytes)])
    }

    private static func check(_ connection: borrowing SQLiteConnection) throws(SQLiteFailure) {
        var findings: [String] = []
        try connection.run("PRAGMA quick_check(3)") { findings.append($0.text(0) ?? "") }
        guard findings == ["ok"] else {
            throw SQLiteFailure(code: SQLITE_CORRUPT, text: findings.joined(separator: "; "))
        }
        let isEmpty = try connection.integer("SELECT count(*) FROM sqlite_master") == 0
        let application = try connection.integer("PRAGMA application_id")
        let version = try connection.integer("PRAGMA user_version")
        guard isEmpty || (application == applicationID && (1...Self.version).contains(version)) else {
            throw SQLiteFailure(
                code: SQLITE_NOTADB,
                text: "not this agent's: application id \(application), version \(version)")
        }
    }

    private static func createTables(_ connection: borrowing SQLiteConnection) throws(SQLiteFailure) {
        guard try connection.integer("SELECT count(*) FROM sqlite_master") == 0 else { return try migrate(connection) }
        try connection.transaction { () throws(SQLiteFailure) in
            try connection.run("PRAGMA application_id = \(applicationID)")
            try connection.run("PRAGMA user_version = \(version)")
            for lane in Lane.allCases {
                try connection.run(
                    """
                    CREATE TABLE \(lane.table) (
                        sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, topic TEXT NOT NULL, alert TEXT,
                        body BLOB NOT NULL, wall INTEGER NOT NULL, boot INTEGER NOT NULL, boot_id TEXT NOT NULL,
                        trust TEXT NOT NULL, slot INTEGER NOT NULL DEFAULT 0)
                    """)
            }
            try connection.run("CREATE TABLE state (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID")
            try connection.run("CREATE TABLE counter (reserved INTEGER NOT NULL)")
            try connection.run("INSERT INTO counter VALUES (0)")
        }
    }

    /// Version 1 had no `slot`: seconds of which thinning has left one point.
    private static func migrate(_ connection: borrowing SQLiteConnection) throws(SQLiteFailure) {
        guard try connection.integer("PRAGMA user_version") == 1 else { return }
        try connection.transaction { () throws(SQLiteFailure) in
            for lane in Lane.allCases {
                try connection.run("ALTER TABLE \(lane.table) ADD COLUMN slot INTEGER NOT NULL DEFAULT 0")
            }
            try connection.run("PRAGMA user_version = 2")
        }
    }
}

extension OutboxError {
    /// What SQLite's result codes mean to somebody who can do something about it (sqlite.org/rescode.html).
    init(_ failure: SQLiteFailure, path: String, doing action: String) {
        let message = "database \(path): cannot \(action): \(failure.text)"
        switch failure.primary {
        case SQLITE_FULL:
            self.init(
                kind: .full, message: message,
                advice: "Free space on the file system that holds it; until then records are kept in memory.")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            self.init(
                kind: .damaged, message: message,
                advice: "The file will be set aside. Check the memory card; replace it if this recurs.")
        case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            self.init(
                kind: .cannotOpen, message: message,
                advice: "The state folder must exist and be writable for the agent's user.")
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(
                kind: .cannotOpen, message: message,
                advice: "Another program holds the file. Is a second agent running on this folder?")
        default:
            self.init(
                kind: .ioError, message: message,
                advice: "The storage does not work. Check the kernel's log and the memory card.")
        }
    }
}
