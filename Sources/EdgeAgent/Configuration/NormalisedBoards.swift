// Boards and HATs written out whole, to load again to the same.

func normalised(_ board: BoardDescription) -> PlainValue {
    var entries = texts([("name", board.name), ("description", board.description), ("source", board.source)])
    entries += list("compatible", board.compatible)
    entries.append(("simulated", .boolean(board.isSimulated)))
    entries += texts([("watchdog", board.watchdog), ("rtc", board.rtc)])
    entries += list("leds", board.leds) + list("pull-ups", board.pullUps) + list("starts-high", board.startsHigh)
    entries += list("quirks", board.quirks)
    let lines = board.lines.sorted { ($0.key.utf8.count, $0.key) < ($1.key.utf8.count, $1.key) }
    entries.append(("lines", .table(lines.map { ($0.key, .string($0.value)) })))
    if !board.pins.isEmpty { entries.append(("pins", pins(board.pins))) }
    let power =
        list("3v3", board.power.threeVolts) + list("5v", board.power.fiveVolts) + list("ground", board.power.ground)
    if !power.isEmpty { entries.append(("power", .table(power))) }
    if !board.serial.isEmpty { entries.append(("serial", .list(board.serial.map(normalised)))) }
    return .table(entries)
}

private func normalised(_ serial: BoardDescription.SerialPort) -> PlainValue {
    .table(
        texts([
            ("port", serial.port), ("transmit", serial.transmit), ("receive", serial.receive), ("rts", serial.rts),
        ]) + [("console", .boolean(serial.isConsole))] + texts([("enable", serial.enable)]))
}

func normalised(_ hat: HatDescription) -> PlainValue {
    var entries = texts([("name", hat.name), ("description", hat.description), ("source", hat.source)])
    // Written even when empty: by these keys the file is known to describe a HAT.
    entries.append(("takes", .list(hat.takes.map { .integer(Int64($0)) })))
    entries += list("shares", hat.shares) + list("quirks", hat.quirks)
    if !hat.terminals.isEmpty {
        entries.append(("active", .string(hat.activeLow ? "low" : "high")))
        entries.append(("terminals", pins(hat.terminals)))
    }
    return .table(entries)
}

/// In the order of the header.
private func pins(_ pins: [String: Int]) -> PlainValue {
    .table(pins.sorted { $0.value < $1.value }.map { ($0.key, .integer(Int64($0.value))) })
}

private func texts(_ entries: [(key: String, value: String?)]) -> PlainEntries {
    entries.compactMap { entry in entry.value.map { (entry.key, .string($0)) } }
}

private func list(_ key: String, _ texts: [String]) -> PlainEntries {
    texts.isEmpty ? [] : [(key, .list(texts.map(PlainValue.string)))]
}

private func list(_ key: String, _ numbers: [Int]) -> PlainEntries {
    numbers.isEmpty ? [] : [(key, .list(numbers.map { .integer(Int64($0)) }))]
}
