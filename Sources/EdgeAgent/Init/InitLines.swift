// Which lines of a header are offered for what: the proposal of the board's wiring page, on what nothing else uses. Pure.

import LocalRules

extension HatDescription {
    /// Whether each of its terminals meets a line of that header.
    func fits(on board: BoardDescription) -> Bool {
        !board.pins.isEmpty && terminals.values.allSatisfy { board.line(onPin: $0) != nil }
    }
}

struct InitLines {
    /// As docs/boards/generate-pages gives them away: the first input of a kind gets the page's line.
    private static let inputKinds: [InputKind] = [.panic, .smoke, .motion, .door, .service, .leak, .mains, .tamper]

    private let board: BoardDescription
    /// Of the HATs, where outputs go first.
    private let terminals: [String]
    /// In the order of the header; inputs come from the front, outputs from the end.
    private var free: [String]
    /// Those that have another use, or are pulled up: for inputs, once nothing else is left.
    private var second: [String]
    private var proposed: [InputKind: String]
    private var proposedOutputs: [OutputConfiguration.Kind: String]
    private var taken: Set<String> = []

    /// - Parameter ports: on which there are buses.
    init(board: BoardDescription, hats: [HatDescription], ports: [String]) {
        self.board = board
        terminals = hats.flatMap { $0.terminals.sorted { $0.value < $1.value }.map(\.key) }
        let pins = Set(hats.flatMap { $0.takes + $0.shares + $0.terminals.values })
        let ordered = board.lines.keys.sorted {
            (board.pins[$0] ?? 0, $0.utf8.count, $0) < (board.pins[$1] ?? 0, $1.utf8.count, $1)
        }
        let serial = Set(board.serial.flatMap { [$0.transmit, $0.receive, $0.rts].compactMap { $0 } })
        let remarked = serial.union(board.pullUps).union(board.startsHigh)
        let page = ordered.filter { !remarked.contains($0) }
        let isFew = page.count < InitLines.inputKinds.count + 2
        let outputs = page.suffix(isFew ? 1 : 2)
        proposed = Dictionary(
            zip(InitLines.inputKinds, page.dropLast(outputs.count)), uniquingKeysWith: { first, _ in first })
        proposedOutputs = [:]
        proposedOutputs[.siren] = outputs.last
        if !isFew { proposedOutputs[.lamp] = outputs.first }
        func isFree(_ line: String) -> Bool { board.pins[line].map { !pins.contains($0) } ?? true }
        free = page.filter(isFree)
        let inUse = board.serial.filter { ports.contains($0.port) }
            .flatMap { [$0.transmit, $0.receive, $0.rts].compactMap { $0 } }
        second = ordered.filter { remarked.contains($0) && isFree($0) && !inUse.contains($0) }
    }

    /// nil: the board has no line left.
    mutating func propose(_ kind: InputKind, named name: String) -> String? {
        if board.isSimulated { return InitLines.simulated(name) }
        if let line = proposed[kind], free.contains(line), !taken.contains(line) { return take(line) }
        // What the page has for kinds that this home lacks is free, too, but last.
        let promised = Set(proposed.values).union(proposedOutputs.values)
        let line =
            free.first { !taken.contains($0) && !promised.contains($0) } ?? free.first { !taken.contains($0) }
            ?? second.first { !taken.contains($0) }
        return line.map { take($0) }
    }

    mutating func propose(_ kind: OutputConfiguration.Kind, named name: String) -> String? {
        if board.isSimulated { return InitLines.simulated(name) }
        if let terminal = terminals.first(where: { !taken.contains($0) }) { return take(terminal) }
        if let line = proposedOutputs[kind], free.contains(line), !taken.contains(line) { return take(line) }
        // Never one that is high from power-on: it would sound at each start.
        return free.last { !taken.contains($0) }.map { take($0) }
    }

    /// Somebody has said that it is used.
    @discardableResult
    mutating func take(_ line: String) -> String {
        taken.insert(line)
        return line
    }

    /// Whether it can be meant: a line of the board, of a HAT, or of the kernel ("chip-label:offset").
    func knows(_ line: String) -> Bool {
        board.isSimulated || board.lines.isEmpty || board.lines[line] != nil || terminals.contains(line)
            || line.contains(":")
    }

    /// "motion.bedroom" → "MOTION_BEDROOM"
    private static func simulated(_ name: String) -> String {
        String(name.uppercased().map { $0.isLetter || $0.isNumber ? $0 : "_" })
    }
}
