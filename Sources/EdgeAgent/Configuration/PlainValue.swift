// A tree of plain values with its keys in order, and its two texts: TOML and JSON.

indirect enum PlainValue: Sendable {
    case string(String)
    case integer(Int64)
    /// A decimal as it is to be written: "412.5", "3e-2".
    case number(String)
    case boolean(Bool)
    case list([PlainValue])
    case table(PlainEntries)
}

typealias PlainEntries = [(key: String, value: PlainValue)]

/// The value as one JSON text without line breaks; keys keep their order.
func jsonText(_ value: PlainValue) -> String {
    switch value {
    case .string(let text): return quoted(text)
    case .integer(let number): return "\(number)"
    case .number(let digits): return digits
    case .boolean(let flag): return flag ? "true" : "false"
    case .list(let elements): return "[" + elements.map(jsonText).joined(separator: ",") + "]"
    case .table(let entries):
        return "{" + entries.map { quoted($0.key) + ":" + jsonText($0.value) }.joined(separator: ",") + "}"
    }
}

/// A table as a TOML document: plain keys, then `[tables]` and `[[arrays of tables]]`, a blank line before each.
func tomlText(_ root: PlainValue) -> String {
    guard case .table(let entries) = root else { return "" }
    return tomlLines(entries, path: "").joined(separator: "\n") + "\n"
}

private func tomlLines(_ entries: PlainEntries, path: String) -> [String] {
    var plain: [String] = []
    var below: [String] = []
    for (key, value) in entries {
        let key = tomlKey(key)
        let name = path.isEmpty ? key : "\(path).\(key)"
        switch value {
        case .table(let inner):
            below += ["", "[\(name)]"] + tomlLines(inner, path: name)
        case .list(let elements) where elements.contains(where: { if case .table = $0 { true } else { false } }):
            for case .table(let inner) in elements { below += ["", "[[\(name)]]"] + tomlLines(inner, path: name) }
        default:
            plain.append("\(key) = \(tomlValue(value))")
        }
    }
    return plain + below
}

/// Longer lists get a line for each element: a line that is too long would not be read again.
private let longestTomlList = 100

func tomlValue(_ value: PlainValue) -> String {
    guard case .list(let elements) = value else { return jsonText(value) }
    let texts = elements.map(tomlValue)
    let line = "[" + texts.joined(separator: ", ") + "]"
    return line.utf8.count <= longestTomlList ? line : "[\n" + texts.map { "    \($0),\n" }.joined() + "]"
}

private func tomlKey(_ key: String) -> String {
    let isBare =
        !key.isEmpty
        && key.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
    return isBare ? key : quoted(key)
}

/// A basic string: the same in TOML and JSON for everything that can stand in a configuration.
private func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": out += "\\\""
        case "\\": out += "\\\\"
        case "\n": out += "\\n"
        case "\t": out += "\\t"
        case let control where control.value < 0x20 || control.value == 0x7F:
            let digits = String(control.value, radix: 16)
            out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: out.unicodeScalars.append(scalar)
        }
    }
    return out + "\""
}
