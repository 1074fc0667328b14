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
    func cut(_ line: String) -> String {
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
}

extension Character {
    /// Columns of a terminal: a Chinese character takes two (Unicode Standard Annex 11, W and F).
    var columns: Int {
        guard let scalar = unicodeScalars.first?.value, scalar >= 0x1100 else { return 1 }
        switch scalar {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}

extension StringProtocol {
    /// Columns of a text without escape sequences.
    var columns: Int { reduce(0) { $0 + $1.columns } }
}
