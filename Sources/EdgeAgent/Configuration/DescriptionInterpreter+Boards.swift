// From TOML tables to boards and HATs.

import Drivers

extension DescriptionInterpreter {
    /// `name` is the file's own name, without .toml.
    func board(_ table: TomlTable, named name: String) -> BoardDescription? {
        let errorsBefore = log.errorCount
        let reader = TableReader<BoardKey>(table, file: file, path: "", log: log)
        checkName(reader, .name, is: name)
        var board = BoardDescription(name: name, isSimulated: reader.boolean(.simulated) ?? false, lines: [:])
        board.description = reader.text(.description)
        board.source = reader.text(.source)
        board.compatible = texts(reader, .compatible)
        for entry in reader.namedEntries(.lines, example: "GPIO17 = \"pinctrl-rp1:17\"") {
            guard case .string(let line) = entry.value.content, isLineReference(line) else {
                log.report(
                    .badLine, file: file, at: entry.value.position, key: "lines.\(entry.key)",
                    "is no line", advice: "a line name in quotes, or \"chip-label:offset\"")
                continue
            }
            board.lines[entry.key] = line
        }
        board.pins = reader.namedPins(.pins)
        for line in board.pins.keys.sorted() { requireLine(line, of: board, reader, .pins) }
        board.pullUps = texts(reader, .pullUps, atMost: board.lines.count)
        for line in board.pullUps { requireLine(line, of: board, reader, .pullUps) }
        board.startsHigh = texts(reader, .startsHigh, atMost: board.lines.count)
        for line in board.startsHigh { requireLine(line, of: board, reader, .startsHigh) }
        board.power = power(reader)
        checkPins(of: board, reader)
        board.serial = reader.subtables(.serial, SerialPortKey.self, atMost: ConfigurationLimits.serialPorts)
            .compactMap { serialPort($0, of: board) }
        board.watchdog = reader.text(.watchdog)
        board.rtc = reader.text(.rtc)
        board.leds = texts(reader, .leds)
        board.quirks = quirks(reader, .quirks)
        return log.errorCount == errorsBefore ? board : nil
    }

    /// `name` is the file's own name, without .toml.
    func hat(_ table: TomlTable, named name: String) -> HatDescription? {
        let errorsBefore = log.errorCount
        let reader = TableReader<HatKey>(table, file: file, path: "", log: log)
        checkName(reader, .name, is: name)
        let hat = HatDescription(
            name: name, description: reader.text(.description), source: reader.text(.source),
            takes: reader.pins(.takes), shares: reader.pins(.shares), terminals: reader.namedPins(.terminals),
            activeLow: reader.word(.active, of: ActiveLevel.self) == .low, quirks: quirks(reader, .quirks))
        reportDoubles(hat.takes + hat.shares + hat.terminals.values.sorted(), reader, .takes)
        return log.errorCount == errorsBefore ? hat : nil
    }

    // MARK: Parts of a board

    private func power(_ reader: TableReader<BoardKey>) -> BoardDescription.Power {
        guard let power = reader.subtable(.power, PowerKey.self) else { return BoardDescription.Power() }
        return BoardDescription.Power(
            threeVolts: power.pins(.threeVolts), fiveVolts: power.pins(.fiveVolts), ground: power.pins(.ground))
    }

    private func serialPort(
        _ reader: TableReader<SerialPortKey>, of board: BoardDescription
    ) -> BoardDescription.SerialPort? {
        reader.require(.port, advice: "as the kernel calls it, such as \"/dev/ttyAMA0\"")
        reader.require(.transmit, advice: "the header's name of the line that sends")
        reader.require(.receive, advice: "the header's name of the line that receives")
        for key in [SerialPortKey.transmit, .receive, .rts] {
            if let line = reader.text(key) { requireLine(line, of: board, reader, key) }
        }
        let port = reader.text(.port)
        if let port, !port.hasPrefix("/dev/") {
            reader.report(
                .badAddress, .port, "\"\(port)\" is no device path", advice: "an absolute path, such as \"/dev/ttyS0\"")
        }
        guard let port, let transmit = reader.text(.transmit), let receive = reader.text(.receive) else { return nil }
        return BoardDescription.SerialPort(
            port: port, transmit: transmit, receive: receive, rts: reader.text(.rts),
            isConsole: reader.boolean(.console) ?? false, enable: reader.text(.enable))
    }

    private func requireLine<Key>(
        _ line: String, of board: BoardDescription, _ reader: TableReader<Key>, _ key: Key
    ) {
        guard board.lines[line] == nil else { return }
        reader.report(
            .notOnHeader, key, "[lines] has no \"\(line)\"",
            advice: adviceOfWords(line, known: board.lines.keys.sorted(), whatTheyAre: "its lines"))
    }

    /// A pin carries one thing; two that claim it would be wired to each other.
    private func checkPins(of board: BoardDescription, _ reader: TableReader<BoardKey>) {
        let power = board.power.threeVolts + board.power.fiveVolts + board.power.ground
        reportDoubles(power + board.pins.values.sorted(), reader, .pins)
    }

    private func reportDoubles<Key>(_ pins: [Int], _ reader: TableReader<Key>, _ key: Key) {
        var seen: Set<Int> = []
        for pin in pins where !seen.insert(pin).inserted {
            reader.report(.duplicateName, key, "pin \(pin) is there twice", advice: "one pin, one thing")
        }
    }

    private func texts(
        _ reader: TableReader<BoardKey>, _ key: BoardKey, atMost limit: Int = ConfigurationLimits.boardNames
    ) -> [String] {
        let texts = reader.strings(key) ?? []
        if texts.count > limit {
            reader.report(
                .outOfRange, key, "there are \(texts.count), at most \(limit) are possible", advice: "remove some")
        }
        return texts.map(\.value)
    }
}

extension TableReader {
    /// The entries of a table whose keys are names of its own: `[lines]`.
    func namedEntries(_ key: Key, example: String) -> [TomlTable.Entry] {
        guard let value = table[key.rawValue]?.value else { return [] }
        if case .table(let table) = value.content { return table.entries }
        report(
            .wrongType, key, "must be a table, written [\(key.rawValue)], is \(value.kindName)", advice: example)
        return []
    }

    /// Names and header pins: `GPIO17 = 11`.
    func namedPins(_ key: Key) -> [String: Int] {
        var pins: [String: Int] = [:]
        for entry in namedEntries(key, example: "GPIO17 = 11") {
            guard let pin = pin(entry.value, key: join("\(key.rawValue).\(entry.key)")) else { continue }
            pins[entry.key] = pin
        }
        return pins
    }

    /// Header pins: `[6, 9, 14]`.
    func pins(_ key: Key) -> [Int] {
        guard let value = table[key.rawValue]?.value else { return [] }
        guard case .array(let elements) = value.content else { return wrongType(value, key, "an array of pins") ?? [] }
        return elements.enumerated().compactMap { pin($1, key: "\(join(key.rawValue))[\($0)]") }
    }

    private func pin(_ value: TomlValue, key: String) -> Int? {
        if case .integer(let pin) = value.content, ConfigurationLimits.pins.contains(pin) { return Int(pin) }
        log.report(
            .outOfRange, file: file, at: value.position, key: key, "is no pin of a header",
            advice: "its number, \(ConfigurationLimits.pins.lowerBound)–\(ConfigurationLimits.pins.upperBound)")
        return nil
    }
}
