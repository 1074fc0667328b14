// JSON as it is written, not as it is read: keys keep their order, and base units become decimals without passing
// through floating point.

package indirect enum JSONText: Sendable, Hashable {
    /// A name and its value.
    package struct Entry: Sendable, Hashable {
        package var key: String
        package var value: JSONText
    }

    case text(String)
    case number(Int64)
    /// `number` divided by ten to the power of `places`.
    case decimal(Int64, places: Int)
    case flag(Bool)
    case null
    case list([JSONText])
    case object([Entry])

    /// An object from pairs; those without a value are left out.
    package static func pairs(_ pairs: [(String, JSONText?)]) -> JSONText {
        .object(pairs.compactMap { key, value in value.map { Entry(key: key, value: $0) } })
    }

    package static func texts(_ texts: [String]) -> JSONText { .list(texts.map(JSONText.text)) }

    /// One line.
    package var line: String {
        switch self {
        case .text(let text): Self.quoted(text)
        case .number(let number): "\(number)"
        case .decimal(let number, let places): Self.decimal(number, places)
        case .flag(let flag): flag ? "true" : "false"
        case .null: "null"
        case .list(let elements): "[" + elements.map(\.line).joined(separator: ",") + "]"
        case .object(let entries):
            "{" + entries.map { Self.quoted($0.key) + ":" + $0.value.line }.joined(separator: ",") + "}"
        }
    }

    package var bytes: [UInt8] { Array(line.utf8) }

    private static func decimal(_ number: Int64, _ places: Int) -> String {
        let digits = String(number.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        var fraction = padded.suffix(places)
        while fraction.last == "0" { fraction.removeLast() }
        return (number < 0 ? "-" : "") + padded.dropLast(places) + (fraction.isEmpty ? "" : "." + fraction)
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\0"..."\u{1F}", "\u{7F}":
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
