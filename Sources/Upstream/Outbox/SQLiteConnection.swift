// One connection to one database file through SQLite's C API: the only place that calls it.

import CSQLite

/// What SQLite said. `code` is the extended result code.
struct SQLiteFailure: Error {
    var code: Int32
    var text: String

    var primary: Int32 { code & 0xFF }
    /// The file's content is wrong, as opposed to what can be done with it now.
    var isDamage: Bool { primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB }
}

enum SQLiteValue {
    case integer(Int64)
    case text(String)
    case blob([UInt8])
    case null
}

/// One row while it is being read; columns count from 0.
struct SQLiteRow: ~Copyable {
    fileprivate let statement: OpaquePointer

    fileprivate init(_ statement: OpaquePointer) { self.statement = statement }

    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }

    func text(_ column: Int32) -> String? {
        sqlite3_column_text(statement, column).map { String(cString: $0) }
    }

    func blob(_ column: Int32) -> [UInt8] {
        // The pointer is asked for first: asking for the length first could convert the value in between.
        guard let start = sqlite3_column_blob(statement, column) else { return [] }
        let count = Int(sqlite3_column_bytes(statement, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}

/// Owns the connection; closed in deinit.
struct SQLiteConnection: ~Copyable {
    private let handle: OpaquePointer

    init(path: String) throws(SQLiteFailure) {
        var handle: OpaquePointer?
        // NOMUTEX: one thread owns the connection.
        let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            let text = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            sqlite3_close_v2(handle)
            throw SQLiteFailure(code: code, text: text)
        }
        self.handle = handle
    }

    deinit { sqlite3_close_v2(handle) }

    /// Runs one statement; `row` is called for each row of its result.
    func run(
        _ sql: String, _ values: [SQLiteValue] = [], row: (borrowing SQLiteRow) -> Void = { _ in }
    ) throws(SQLiteFailure) {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v2(handle, sql, -1, &prepared, nil)
        guard code == SQLITE_OK, let statement = prepared else { throw failure(code) }
        defer { sqlite3_finalize(statement) }
        try bind(values, to: statement)
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: row(SQLiteRow(statement))
            case SQLITE_DONE: return
            case let code: throw failure(code)
            }
        }
    }

    /// The first column of the first row, as an integer; 0 where there is none.
    func integer(_ sql: String, _ values: [SQLiteValue] = []) throws(SQLiteFailure) -> Int64 {
        var result: Int64 = 0
        try run(sql, values) { result = $0.integer(0) }
        return result
    }

    /// The file is no longer where it was opened: deleted, or another was put in its place.
    var hasMoved: Bool {
        var answer: Int32 = 0
        return sqlite3_file_control(handle, "main", SQLITE_FCNTL_HAS_MOVED, &answer) == SQLITE_OK && answer != 0
    }

    /// Tells the file layer something (sqlite.org/c3ref/c_fcntl_begin_atomic_write.html); it may not listen.
    func control(_ operation: Int32, _ value: Int32) {
        var value = value
        sqlite3_file_control(handle, "main", operation, &value)
    }

    /// Everything in `body`, or nothing.
    func transaction(_ body: () throws(SQLiteFailure) -> Void) throws(SQLiteFailure) {
        try run("BEGIN IMMEDIATE")
        do {
            try body()
            try run("COMMIT")
        } catch {
            // Some errors (a full disk among them) have rolled back already; then there is nothing to do.
            if sqlite3_get_autocommit(handle) == 0 { try? run("ROLLBACK") }
            throw error
        }
    }

    /// Rows changed by the last statement.
    var changes: Int64 { Int64(sqlite3_changes(handle)) }

    private func bind(_ values: [SQLiteValue], to statement: OpaquePointer) throws(SQLiteFailure) {
        // SQLITE_TRANSIENT, a cast that Swift does not import: SQLite copies what it is given.
        let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        for (position, value) in zip(Int32(1)..., values) {
            let code =
                switch value {
                case .integer(let number): sqlite3_bind_int64(statement, position, number)
                case .text(let text): sqlite3_bind_text(statement, position, text, -1, transient)
                case .blob(let bytes): sqlite3_bind_blob(statement, position, bytes, Int32(bytes.count), transient)
                case .null: sqlite3_bind_null(statement, position)
                }
            guard code == SQLITE_OK else { throw failure(code) }
        }
    }

    private func failure(_ code: Int32) -> SQLiteFailure {
        SQLiteFailure(code: code, text: String(cString: sqlite3_errmsg(handle)))
    }
}
