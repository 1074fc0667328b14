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
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    /// Cut to the terminal's width.
    func cut(_ line: String) -> String {
        var columns = 0
        var isEscape = false
        var result = ""
        for character in line {
            if character == "\u{1B}" { isEscape = true }
            if !isEscape {
                columns += 1
                if columns > width { return result + (usesColour ? "\u{1B}[0m" : "") }
            }
            result.append(character)
            if isEscape, character.isLetter { isEscape = false }
        }
        return result
    }
}
