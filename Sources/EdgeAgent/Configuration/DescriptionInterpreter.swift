// From TOML tables to meter profiles: files that stand by themselves, with or without a home. Boards and HATs
// are in DescriptionInterpreter+Boards.swift.

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
        let quirks = quirks(reader, .quirks)
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

    /// A description says its name so that a copied file which was not adapted is noticed.
    func checkName<Key>(_ reader: TableReader<Key>, _ key: Key, is name: String) {
        reader.require(key, advice: "the file's own name without .toml: \"\(name)\"")
        if let written = reader.text(key), written != name {
            reader.report(
                .nameMismatch, key, "the file is \(name).toml, but calls itself \"\(written)\"",
                advice: "make them the same")
        }
    }

    /// Sentences for whoever installs one.
    func quirks<Key>(_ reader: TableReader<Key>, _ key: Key) -> [String] {
        let quirks = reader.strings(key) ?? []
        if quirks.count > ConfigurationLimits.quirks {
            reader.report(
                .outOfRange, key, "there are \(quirks.count), at most \(ConfigurationLimits.quirks) are possible",
                advice: "say what an installer must know, and no more")
        }
        return quirks.map(\.value)
    }

    // MARK: Parts of a profile

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
