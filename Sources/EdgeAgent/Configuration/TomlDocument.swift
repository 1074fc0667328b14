// TOML text to a value tree in which everything knows where it stands. The only file that touches CToml.

import CToml

/// Where something stands in its file; both count from 1.
struct TomlPosition: Hashable, Comparable, Sendable {
    var line: Int
    var column: Int
    static func < (a: TomlPosition, b: TomlPosition) -> Bool { (a.line, a.column) < (b.line, b.column) }
}

struct TomlValue: Sendable {
    enum Content: Sendable {
        case string(String)
        case integer(Int64)
        /// Only ever refused: what must be exact is written as a string.
        case float
        case boolean(Bool)
        /// Only ever refused: no key takes a date.
        case date
        case array([TomlValue])
        case table(TomlTable)
    }
    var content: Content
    var position: TomlPosition

    /// For "must be …, is …".
    var kindName: String {
        switch content {
        case .string: "a string"
        case .integer: "an integer"
        case .float: "a number with a point"
        case .boolean: "true or false"
        case .date: "a date or time"
        case .array: "an array"
        case .table: "a table"
        }
    }
}

struct TomlTable: Sendable {
    struct Entry: Sendable {
        var key: String
        var keyPosition: TomlPosition
        var value: TomlValue
    }
    /// In the order of the file.
    var entries: [Entry]
    var position: TomlPosition

    subscript(key: String) -> Entry? { entries.first { $0.key == key } }
}

/// The text is no TOML.
struct TomlSyntaxError: Error, Sendable {
    var message: String
    var position: TomlPosition
}

/// A parsed document, owned by C++ and freed with this handle.
struct TomlDocument: ~Copyable {
    /// Beyond this a file is refused unread.
    static let maximumBytes = Int(EDGE_TOML_MAX_BYTES)

    private let handle: OpaquePointer

    init(parsing text: [UInt8]) throws(TomlSyntaxError) {
        var error = edge_toml_error()
        let parsed = text.withUnsafeBytes { bytes in
            edge_toml_parse(bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, &error)
        }
        guard let parsed else {
            let message = withUnsafeBytes(of: error.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            throw TomlSyntaxError(
                message: message,
                position: TomlPosition(line: max(1, Int(error.line)), column: max(1, Int(error.column))))
        }
        handle = parsed
    }

    deinit { edge_toml_free(handle) }

    /// The whole document, copied out of the handle.
    var root: TomlTable {
        var index = 0
        guard case .table(let table) = take(&index).value.content else {
            return TomlTable(entries: [], position: TomlPosition(line: 1, column: 1))
        }
        return table
    }

    /// The node at `index` with all below it; moves `index` behind them. The depth is limited by the parser.
    private func take(_ index: inout Int) -> TomlTable.Entry {
        let node = edge_toml_at(handle, index)
        index += 1
        let position = TomlPosition(line: Int(node.line), column: Int(node.column))
        let content: TomlValue.Content
        switch node.kind {
        case edge_toml_string: content = .string(string(node.text, node.text_length))
        case edge_toml_integer: content = .integer(node.integer)
        case edge_toml_float: content = .float
        case edge_toml_boolean: content = .boolean(node.boolean)
        case edge_toml_date: content = .date
        case edge_toml_array:
            content = .array((0..<node.child_count).map { _ in take(&index).value })
        default:
            var entries = (0..<node.child_count).map { _ in take(&index) }
            // toml++ keeps tables sorted by name; people read from top to bottom.
            entries.sort { $0.keyPosition < $1.keyPosition }
            content = .table(TomlTable(entries: entries, position: position))
        }
        return TomlTable.Entry(
            key: string(node.key, node.key_length),
            keyPosition: TomlPosition(line: Int(node.key_line), column: Int(node.key_column)),
            value: TomlValue(content: content, position: position))
    }

    private func string(_ start: UnsafePointer<CChar>?, _ length: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: length), as: UTF8.self)
    }
}
