// What ArgumentParser renders (help, parse errors), line by line in the reader's language, and wrapped anew: its own
// wrapping knows only spaces, and counts a Chinese character as one column.

/// - Parameters:
///   - rendered: at a width at which nothing is wrapped, so that each line is a whole sentence.
///   - columns: of the terminal.
func translatedHelp(_ rendered: String, to language: Language, columns: Int) -> String {
    rendered.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        let indent = line.prefix { $0 == " " }.count
        let (label, text) = splitLabel(line.dropFirst(indent))
        let head = String(repeating: " ", count: indent) + label
        guard !text.isEmpty else { return head }
        let chinese = translated(String(text), to: language)
        guard indent > 0, !label.isEmpty || indent >= labelColumns else {
            return wrapped(head + chinese, to: columns, indent: label.isEmpty ? indent : labelColumns)
        }
        let padding = String(repeating: " ", count: max(2, labelColumns - head.count))
        return wrapped((label.isEmpty ? head : head + padding) + chinese, to: columns, indent: labelColumns)
    }.joined(separator: "\n")
}

/// As ArgumentParser sets it.
private let labelColumns = 26

/// "--config <config>       The home's configuration.": what stands before two spaces, and what behind them.
private func splitLabel(_ line: Substring) -> (label: Substring, text: Substring) {
    var at = line.startIndex
    while let space = line[at...].firstIndex(of: " ") {
        let next = line.index(after: space)
        guard next < line.endIndex else { break }
        if line[next] == " " { return (line[..<space], line[next...].drop { $0 == " " }) }
        at = next
    }
    // A label alone has its text in the next line.
    return line.hasPrefix("-") || line.hasPrefix("<") ? (line, "") : ("", line)
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
        width += columnsOf(character)
        guard width > columns, let end = lastBreak, end > line.startIndex else { continue }
        let rest = line[end...].drop { $0 == " " }
        lines.append(trimmed(line[..<end]))
        line = margin + rest
        width = columnsOf(line)
        lastBreak = nil
    }
    return (lines + [trimmed(line[...])]).joined(separator: "\n")
}

private func mayBreak(between before: Character, and next: Character) -> Bool {
    if before == " " { return next != " " }
    guard columnsOf(before) == 2 || columnsOf(next) == 2 else { return false }
    return !"，。；：、）》”？！".contains(next) && !"（《“".contains(before) && next != " "
}

private func trimmed(_ line: Substring) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    return String(line)
}
