// What ArgumentParser renders (help, parse errors), line by line in the reader's language, and wrapped anew: its own
// wrapping knows only spaces, and counts a Chinese character as one column.

/// - Parameters:
///   - rendered: at a width at which nothing is wrapped, so that each line is a whole sentence.
///   - columns: of the terminal.
func translatedHelp(_ rendered: String, to language: Language, columns: Int) -> String {
    rendered.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        let indent = line.prefix { $0 == " " }.count
        if line.hasPrefix("Help:  "), let gap = lastPlace(of: "  ", in: line) {
            // "Help:  --unit <unit>  The unit id, 1 to 247."
            let text = translated(String(line[gap...].dropFirst(2)), to: language)
            return wrapped("说明：\(line[..<gap].dropFirst(7))  \(text)", to: columns, indent: 6)
        }
        guard indent >= 2 else {
            let isUsage = line.hasPrefix("USAGE: ") || line.hasPrefix("Usage: ")
            return wrapped(translated(String(line), to: language), to: columns, indent: isUsage ? 6 : 0)
        }
        let (label, text) = splitLabel(line.dropFirst(indent), indent: indent)
        let head = String(repeating: " ", count: indent) + label
        guard !text.isEmpty else { return head }
        let padding = label.isEmpty ? "" : String(repeating: " ", count: max(1, labelColumns - head.count))
        return wrapped(
            head + padding + translatedOption(String(text), to: language), to: columns,
            indent: label.isEmpty ? indent : labelColumns)
    }.joined(separator: "\n")
}

/// As ArgumentParser sets it.
private let labelColumns = 26

/// "  --config <config>       The home's configuration.": what stands before that column, and what from it on. A longer
/// label has its text in the next line.
private func splitLabel(_ line: Substring, indent: Int) -> (label: Substring, text: Substring) {
    guard indent < labelColumns, !line.hasPrefix("See '") else { return ("", line) }
    let (head, text) = (line.prefix(labelColumns - indent), line.dropFirst(labelColumns - indent))
    guard head.last == " ", !text.isEmpty, text.first != " " else {
        return line.hasPrefix("-") || line.hasPrefix("<") ? (line, "") : ("", line)
    }
    return (head.prefix(upTo: head.lastIndex { $0 != " " }.map(head.index(after:)) ?? head.startIndex), text)
}

/// A help text, behind which ArgumentParser has put what is possible, or what holds without it.
private func translatedOption(_ text: String, to language: Language) -> String {
    for lead in ["(values: ", "(default: ", "(required)"] where text.hasSuffix(")") {
        guard let start = lastPlace(of: lead, in: text[...]) else { continue }
        let (help, values) = (text[..<start], text[start...])
        guard help.isEmpty || help.hasSuffix(" ") else { continue }
        return translated(String(help.dropLast()), to: language) + translated(String(values), to: language)
    }
    return translated(text, to: language)
}

private func lastPlace(of piece: String, in text: Substring) -> String.Index? {
    text.indices.last { text[$0...].hasPrefix(piece) }
}

/// Lines of at most so many columns, broken at spaces and beside wide characters, but not before a closing mark.
func wrapped(_ text: String, to columns: Int, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    var width = 0
    // Where the line may end: the characters before, and whether a space there goes.
    var lastBreak: String.Index?
    for character in text {
        if let before = line.last, width > indent, mayBreak(between: before, and: character) {
            lastBreak = line.endIndex
        }
        line.append(character)
        width += character.columns
        guard width > columns, let end = lastBreak, end > line.startIndex else { continue }
        let rest = line[end...].drop { $0 == " " }
        lines.append(trimmed(line[..<end]))
        line = margin + rest
        width = line.columns
        lastBreak = nil
    }
    return (lines + [trimmed(line[...])]).joined(separator: "\n")
}

private func mayBreak(between before: Character, and next: Character) -> Bool {
    // "--port <port>" is one thing.
    if before == " " { return next != " " && next != "<" }
    guard before.columns == 2 || next.columns == 2 else { return false }
    return !"，。；：、）》”？！".contains(next) && !"（《“".contains(before) && next != " "
}

private func trimmed(_ line: Substring) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return String(line)
}
