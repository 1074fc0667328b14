// Boards, HATs and meter profiles: files that a home names instead of repeating them.

import Drivers

/// What came of looking for one such file.
enum Description: Sendable {
    case found(TomlTable, file: String)
    case missing(searched: [String])
    /// It is there but is no TOML or cannot be read, which has been reported.
    case broken
}

/// All that one home names, read beforehand, so that the interpreter itself reads nothing.
struct Descriptions: Sendable {
    var boards: [String: Description] = [:]
    var profiles: [String: Description] = [:]
    var hats: [String: Description] = [:]
}

extension HomeInterpreter {
    /// The board that `[home] board` names; nil when it cannot be used.
    func board(named name: String, reader: TableReader<HomeKey>) -> BoardDescription? {
        switch descriptions.boards[name] {
        case .found(let table, let boardFile):
            return DescriptionInterpreter(file: boardFile, log: log).board(table, named: name)
        case .broken:
            return nil
        case .missing(let searched):
            if name == BoardDescription.simulated.name { return .simulated }
            reportMissing(.unknownBoard, "board", name, searched, reader, .board)
            return nil
        case nil:
            return nil
        }
    }

    func reportMissing<Key>(
        _ code: IssueCode, _ what: String, _ name: String, _ searched: [String], _ reader: TableReader<Key>, _ key: Key
    ) {
        // "meters/sdm120.toml", and each folder once.
        let file = searched.first?.split(separator: "/").suffix(2).joined(separator: "/") ?? name
        let folders = searched.map { String($0.dropLast(file.utf8.count + 1)) }.uniqued()
        reader.report(
            code, key, "there is no \(what) \"\(name)\"",
            advice:
                "no \(file) in \(folders.joined(separator: ", ")); other folders: --board-configs or EDGE_AGENT_BOARD_CONFIGS"
        )
    }
}

/// "GPIO17", or "pinctrl-rp1:17": what a LineSettings takes.
func isLineReference(_ text: String) -> Bool {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), !parts[0].isEmpty, text.utf8.count <= ConfigurationLimits.nameBytes,
        text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return false }
    // The kernel numbers its chips as it finds them: gpiochip0 is another chip after the next update.
    if parts.count == 2, parts[0].hasPrefix("gpiochip"), Int(parts[0].dropFirst(8)) != nil { return false }
    // Offsets within one chip; the largest expanders have some hundred lines.
    return parts.count == 1 || Int(parts[1]).map { (0..<1024).contains($0) && String($0) == parts[1] } ?? false
}
