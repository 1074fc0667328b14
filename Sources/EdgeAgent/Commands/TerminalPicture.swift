// What everything that draws on a terminal shares: colours, columns, and cutting to the width.

enum TerminalColour: String {
    case plain = "", red = "31", green = "32", yellow = "33"
}

protocol TerminalPicture {
    var usesColour: Bool { get }
    /// Columns of the terminal.
    var width: Int { get }
}

extension TerminalPicture {
    typealias Colour = TerminalColour

    func paint(_ text: String, _ colour: TerminalColour) -> String {
        usesColour && colour != .plain ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    func bold(_ text: String) -> String { usesColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

    /// Before it is painted: escape sequences take no column.
    func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.columns))
    }

    /// Cut to the terminal's width.
    func cut(_ line: String) -> String { cut(line, to: width) }

    /// Cut to so many columns; a colour that was begun ends.
    func cut(_ line: String, to width: Int) -> String {
        var columns = 0
        var isEscape = false
        var result = ""
        for character in line {
            if character == "\u{1B}" { isEscape = true }
            if !isEscape {
                columns += character.columns
                if columns > width { return result + (usesColour ? "\u{1B}[0m" : "") }
            }
            result.append(character)
            if isEscape, character.isLetter { isEscape = false }
        }
        return result
    }

    /// A text behind `head`, over as many lines as it needs; those after the first begin below its own beginning, or
    /// nearer to the left where too little room is there.
    func hung(_ text: String, behind head: String, _ colour: TerminalColour = .plain) -> [String] {
        let indent = head.shownColumns
        let room = width - indent
        guard room >= Self.leastText || room >= text.columns || indent <= Self.deepest else {
            return [head] + hung(text, behind: String(repeating: " ", count: Self.deepest), colour)
        }
        let lines = text.wrapped(to: max(1, width - indent))
        return lines.enumerated().map { index, line in
            (index == 0 ? head : String(repeating: " ", count: indent)) + paint(line, colour)
        }
    }

    /// Parts beside each other, two blanks between them, as many on a line as fit.
    func flowing(_ parts: [String]) -> [String] {
        parts.reduce(into: []) { lines, part in
            guard let last = lines.last, last.shownColumns + 2 + part.shownColumns <= width else {
                return lines.append(part)
            }
            lines[lines.count - 1] = last + "  " + part
        }
    }

    /// Less than this beside a name is no text but a column of words.
    private static var leastText: Int { 30 }
    private static var deepest: Int { 4 }
}

extension Character {
    /// Columns of a terminal: a Chinese character takes two, an accent none (Unicode Standard Annex 11).
    var columns: Int {
        guard let scalar = unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x20..<0x300: return 1
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
            return 2
        default:
            let isMark = scalar.properties.generalCategory == .nonspacingMark
            return isMark || scalar.value < 0x20 ? 0 : 1
        }
    }
}

extension StringProtocol {
    /// Columns of a text without escape sequences.
    var columns: Int { reduce(0) { $0 + $1.columns } }

    /// Columns of what a terminal shows of it.
    var shownColumns: Int {
        var isEscape = false
        return reduce(0) { sum, character in
            if character == "\u{1B}" { isEscape = true }
            defer { if isEscape, character.isLetter { isEscape = false } }
            return isEscape ? sum : sum + character.columns
        }
    }
}

extension String {
    /// In lines of at most so many columns, broken at spaces and between Chinese characters; a word that is longer than a
    /// line is broken where the line ends. No line but an only one is empty.
    func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        func end() {
            if line.last == " " { line.removeLast() }
            if !line.isEmpty { lines.append(line) }
            (line, used) = ("", 0)
        }
        for word in pieces {
            let space = word.hasPrefix(" ") ? 1 : 0
            if used + word.columns <= width {
                // A space at a line's beginning is only what parted it from the line before.
                let text = used == 0 ? word.dropFirst(space) : word[...]
                line += text
                used += text.columns
                continue
            }
            end()
            for character in word.dropFirst(space) {
                if used + character.columns > width { end() }
                line.append(character)
                used += character.columns
            }
        }
        end()
        return lines.isEmpty ? [""] : lines
    }

    /// What must not be broken: words with the space before them, single wide characters with the mark behind them.
    private var pieces: [String] {
        var pieces: [String] = []
        var isAfterWide = true
        for character in self {
            let isWide = character.columns == 2
            let isMark = "，。；：！？）、".contains(character)
            if character == " " || (isWide || isAfterWide) && !isMark || pieces.isEmpty {
                pieces.append(String(character))
            } else {
                pieces[pieces.count - 1].append(character)
            }
            isAfterWide = isWide
        }
        return pieces
    }
}
