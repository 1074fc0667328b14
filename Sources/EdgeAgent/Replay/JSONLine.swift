// One JSON object a line, with its keys in the order that the documents show.

/// Builds one flat JSON object.
struct JSONLine {
    private var text = "{"

    mutating func add(_ key: String, _ value: String) { field(key, JSONLine.quoted(value)) }
    mutating func add(_ key: String, _ values: [String]) {
        field(key, "[" + values.map(JSONLine.quoted).joined(separator: ",") + "]")
    }
    /// `json` is put in as it is.
    mutating func add(_ key: String, json: String) { field(key, json) }

    var line: String { text + "}" }

    private mutating func field(_ key: String, _ json: String) {
        if text.utf8.count > 1 { text += "," }
        text += JSONLine.quoted(key) + ":" + json
    }

    /// RFC 8259, section 7.
    static func quoted(_ value: String) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20:
                let hex = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
