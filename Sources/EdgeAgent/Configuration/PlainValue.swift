// A tree of plain values with its keys in order, and its two texts: TOML and JSON.

indirect enum PlainValue: Sendable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case list([PlainValue])
    case table([(key: String, value: PlainValue)])
}

/// The value as one JSON text without line breaks; keys keep their order.
func jsonText(_ value: PlainValue) -> String {
    switch value {
    case .string(let text): return quoted(text)
    case .integer(let number): return "\(number)"
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

private func tomlLines(_ entries: [(key: String, value: PlainValue)], path: String) -> [String] {
    var plain: [String] = []
    var below: [String] = []
    for (key, value) in entries {
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

private func tomlValue(_ value: PlainValue) -> String {
    if case .list(let elements) = value { return "[" + elements.map(tomlValue).joined(separator: ", ") + "]" }
    return jsonText(value)
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
