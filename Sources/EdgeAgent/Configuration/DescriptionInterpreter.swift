// From TOML tables to boards and meter profiles: files that stand by themselves, with or without a home.

import Drivers
import LocalRules

/// Interprets one description. What is wrong is reported, and then there is no result.
struct DescriptionInterpreter {
    /// As it is named in messages.
    let file: String
    let log: IssueLog

    /// `name` is the file's own name, without .toml.
    func profile(_ table: TomlTable, named name: String) -> MeterProfile? {
        let errorsBefore = log.errorCount
        let reader = TableReader<ProfileKey>(table, file: file, path: "", log: log)
        checkName(reader, .name, is: name)
        let description = reader.text(.description)
        let source = reader.text(.source)
        let quirks = quirks(reader)
        let serial = serial(reader)
        let map = reader.registerMap()
        let identify = reader.subtables(.identify, IdentifyKey.self, atMost: ConfigurationLimits.identifyingRegisters)
            .compactMap { identifyingRegister($0, limits: map?.limits ?? RequestLimits()) }
        guard let map, log.errorCount == errorsBefore else { return nil }
        return MeterProfile(
            name: name, description: description, source: source, quirks: quirks, serial: serial, identify: identify,
            limits: map.limits, registers: map.registers)
    }

    /// Says of each unconfirmed register why it is one, for whoever writes or checks the profile itself.
    func reportUnconfirmed(in profile: MeterProfile) {
        for register in profile.registers {
            guard let why = register.unconfirmed else { continue }
            log.report(
                .unconfirmedRegister, file: file, at: why.position, key: why.key,
                "\"\(register.signal)\" is not confirmed: \(why.value)",
                advice: "compare it with a meter's display, then remove this key")
        }
    }

    /// `name` is the file's own name, without .toml.
    func board(_ table: TomlTable, named name: String) -> BoardDescription? {
        let errorsBefore = log.errorCount
        let reader = TableReader<BoardKey>(table, file: file, path: "", log: log)
        checkName(reader, .name, is: name)
        _ = reader.text(.description)
        _ = reader.text(.source)
        var lines: [String: String] = [:]
        for entry in headerLines(reader) {
            guard case .string(let line) = entry.value.content, isLineReference(line) else {
                log.report(
                    .badLine, file: file, at: entry.value.position, key: "lines.\(entry.key)",
                    "is no line", advice: "a line name in quotes, or \"chip-label:offset\"")
                continue
            }
            lines[entry.key] = line
        }
        let isSimulated = reader.boolean(.simulated) ?? false
        guard log.errorCount == errorsBefore else { return nil }
        return BoardDescription(name: name, isSimulated: isSimulated, lines: lines)
    }

    /// A description says its name so that a copied file which was not adapted is noticed.
    private func checkName<Key>(_ reader: TableReader<Key>, _ key: Key, is name: String) {
        reader.require(key, advice: "the file's own name without .toml: \"\(name)\"")
        if let written = reader.text(key), written != name {
            reader.report(
                .nameMismatch, key, "the file is \(name).toml, but calls itself \"\(written)\"",
                advice: "make them the same")
        }
    }

    private func headerLines(_ reader: TableReader<BoardKey>) -> [TomlTable.Entry] {
        guard let value = reader.table[BoardKey.lines.rawValue]?.value else { return [] }
        if case .table(let table) = value.content { return table.entries }
        reader.report(
            .wrongType, .lines, "must be a table, written [lines], is \(value.kindName)",
            advice: "GPIO17 = \"pinctrl-rp1:17\"")
        return []
    }

    // MARK: Parts of a profile

    private func quirks(_ reader: TableReader<ProfileKey>) -> [String] {
        let quirks = reader.strings(.quirks) ?? []
        if quirks.count > ConfigurationLimits.quirks {
            reader.report(
                .outOfRange, .quirks, "there are \(quirks.count), at most \(ConfigurationLimits.quirks) are possible",
                advice: "say what an installer must know, and no more")
        }
        return quirks.map(\.value)
    }

    private func serial(_ reader: TableReader<ProfileKey>) -> SerialSettings {
        guard let serial = reader.subtable(.serial, SerialKey.self) else { return SerialSettings() }
        return SerialSettings(
            baud: serial.baud(.baud), parity: serial.word(.parity, of: BusSettings.Parity.self),
            stopBits: serial.stopBits(.stopBits), unit: serial.unitID(.unit).map { UInt8($0) })
    }

    private func identifyingRegister(
        _ reader: TableReader<IdentifyKey>, limits: RequestLimits
    ) -> IdentifyingRegister? {
        reader.require(.address, advice: "as sent on the wire, from 0")
        reader.require(.type, advice: "how many registers, such as \"u16\"")
        reader.require(.equals, advice: "what they hold in every meter of this model, such as 0x0020")
        let table = reader.has(.table) ? reader.wordTable(.table) : .holding
        let type = reader.registerType(.type)
        let address = reader.address(.address, of: type)
        let order = reader.order(.order)
        let content = type.flatMap { reader.content(.equals, words: $0.words) }
        guard let table, let type, let address, let content else { return nil }
        let register = IdentifyingRegister(table: table, address: address, type: type, order: order, content: content)
        if let hole = limits.forbidden.first(where: register.range.overlaps) {
            reader.report(
                .forbiddenAddress, .address,
                "lies in \(hole.first) to \(hole.last), which no request may touch",
                advice: "check the address, or the [[forbidden]] range")
        }
        return register
    }
}
