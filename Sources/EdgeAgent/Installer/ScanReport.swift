// What `scan` prints: TOML to paste, everything else in it a comment.

import Drivers
import LocalRules

struct ScanReport {
    /// How many candidates are shown of one meter.
    private static let shownCandidates = 3
    /// Reasons of one candidate.
    private static let shownReasons = 5

    let result: ScanResult
    /// The bus that was scanned; without a name if it is of no configuration.
    let settings: BusSettings
    /// Meters of the configuration by unit, where there is one.
    var configured: [UInt8: String] = [:]
    var language = Language.en

    /// 0: everybody who answered is known, be it from the configuration; 1: nobody answered, or somebody who is not
    /// known; 3: it did not come to its end; 4: it did not even begin.
    var exitCode: Int32 {
        if result.error?.kind == .cannotOpen, result.asked <= 1, result.meters.isEmpty { return 4 }
        if !result.isComplete { return 3 }
        return result.meters.isEmpty || result.meters.contains { $0.recognised == nil && configured[$0.unit] == nil }
            ? 1 : 0
    }

    // MARK: Text

    var text: String {
        let main = mainLine
        let here = result.meters.filter { $0.line == main }
        let elsewhere = result.meters.filter { $0.line != main }
        var names = Array(configured.values)
        var out = ""
        if settings.name.isEmpty, !here.isEmpty { out += tomlText(.table([("bus", .list([bus(on: main)]))])) }
        for meter in here { out += "\n" + paragraph(meter, &names, isCommented: false) }
        for meter in elsewhere {
            out += "\n" + comment("\(place(meter)): set it to \(words(main)), so that it can be on the same bus.")
            out += paragraph(meter, &names, isCommented: true)
        }
        if result.isOneForAll {
            out +=
                "\n"
                + comment("All of these show the same totals: this device answers to every unit id. Take the first.")
        }
        for (line, units) in disturbances {
            out +=
                "\n"
                + comment(
                    "Unit \(units) at \(words(line)): something answers, but never soundly. Two meters with one unit")
            out += comment(
                "id, another parity, or a disturbed line; or a gateway that speaks for meters that are not there.")
        }
        return out.hasPrefix("\n") ? String(out.dropFirst()) : out
    }

    /// The setting that most meters have.
    var mainLine: SerialLine? {
        var counts: [SerialLine?: Int] = [:]
        for meter in result.meters { counts[meter.line, default: 0] += 1 }
        let best = result.meters.max { counts[$0.line, default: 0] < counts[$1.line, default: 0] }
        return best.map(\.line) ?? settings.line
    }

    private func paragraph(_ meter: FoundMeter, _ names: inout [String], isCommented: Bool) -> String {
        var out = comment("\(place(meter)): \(title(meter))")
        if !meter.alsoAt.isEmpty {
            let others = meter.alsoAt.map(\.words).joined(separator: "; ")
            out += comment("  " + Message(BusPhrase.meterAnswersAlso, others).text(in: language))
        }
        if let known = configured[meter.unit] { out += comment("  already configured: meter \"\(known)\"") }
        if let best = meter.recognised { out += comment("  reads " + ScanReport.values(best).joined(separator: ", ")) }
        for candidate in meter.candidates.prefix(ScanReport.shownCandidates) { out += comment("  " + line(candidate)) }
        guard let best = meter.recognised else {
            out += ScanReport.beginnings(meter).map { comment("  " + $0) }.joined()
            // Who has configured it knows what it is.
            return configured[meter.unit] == nil ? out + nextStep(meter) : out
        }
        for quirk in best.profile.quirks { out += comment("  note: \(quirk)") }
        guard configured[meter.unit] == nil else { return out }
        let name = unique(best.profile.kindName, &names)
        let block = tomlText(.table([("meter", .list([self.block(meter, best, name)]))])).drop { $0 == "\n" }
        return out + (isCommented ? block.split(separator: "\n").map { comment(String($0)) }.joined() : String(block))
    }

    /// What to do with a meter that nobody knows.
    private func nextStep(_ meter: FoundMeter) -> String {
        let tables = [ModbusTable.holding, .input].filter { !meter.image.runs(of: $0).isEmpty }
        let run = tables.first.flatMap { table in meter.image.runs(of: table).first.map { (table, $0) } }
        guard let (table, known) = run else { return "" }
        var options = "--unit \(meter.unit) --table \(table.rawValue) --address \(known.first)"
        options += " --count \(min(10, known.words.count)) --raw"
        switch settings.set(meter.line).transport {
        case .rtu(let port, let baud, let parity, let stopBits):
            options = "--port \(port) --baud \(baud) --parity \(parity.rawValue) --stop-bits \(stopBits) \(options)"
        case .tcp: options = "--tcp \(settings.place) \(options)"
        case .rtuOverTCP: options = "--rtu-over-tcp \(settings.place) \(options)"
        }
        return [BusPhrase.unknownCompare, .unknownWrite, .unknownTest].map { phrase in
            comment("  " + Message(phrase, options).text(in: language))
        }.joined()
    }

    private func comment(_ text: String) -> String { "# \(text)\n" }

    /// Units that were disturbed, by the line's setting: "1-4, 7".
    private var disturbances: [(line: SerialLine?, units: String)] {
        result.disturbed.map(\.line).uniqued().map { line in
            let units = Set(result.disturbed.filter { $0.line == line }.map(\.unit)).sorted()
            return (line, ScanReport.ranges(units))
        }
    }

    private static func ranges(_ units: [UInt8]) -> String {
        var runs: [ClosedRange<UInt8>] = []
        for unit in units {
            if let last = runs.last, last.upperBound + 1 == unit {
                runs[runs.count - 1] = last.lowerBound...unit
            } else {
                runs.append(unit...unit)
            }
        }
        return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(
            separator: ", ")
    }

    private func title(_ meter: FoundMeter) -> String {
        guard let best = meter.recognised else {
            return "unknown. No profile fits what it answers; its answers, for whoever knows it:"
        }
        return "\(best.profile.description ?? best.profile.name) (\(best.certainty.rawValue))"
    }

    private func line(_ candidate: ProfileRanking.Candidate) -> String {
        var text = "\(candidate.profile.name), \(candidate.points) points: "
        text += candidate.reasons.prefix(ScanReport.shownReasons).joined(separator: "; ")
        if !candidate.twins.isEmpty { text += "; same registers as \(candidate.twins.joined(separator: ", "))" }
        return text
    }

    private func place(_ meter: FoundMeter) -> String {
        meter.line == nil ? "Unit \(meter.unit)" : "Unit \(meter.unit) at \(words(meter.line))"
    }

    private func words(_ line: SerialLine?) -> String { line?.words ?? settings.place }

    /// "voltage 231.5 V", for all registers that have a value.
    static func values(_ candidate: ProfileRanking.Candidate) -> [String] {
        candidate.registers.compactMap { register in
            register.value.map { "\(register.register.signal) \(ValueText.text($0, of: register.register.quantity))" }
        }
    }

    /// What an unknown meter has in its first registers.
    static func beginnings(_ meter: FoundMeter) -> [String] {
        [ModbusTable.holding, .input].flatMap { table in
            let whole = meter.image.content(
                of: RegisterSpan(table: table, first: 0, count: FoundMeter.shownRegisters))
            if case .words(let words) = whole { return ["\(table.rawValue) 0 to 9: \(Hexadecimal.words(words))"] }
            var lines: [String] = []
            for address in 0..<FoundMeter.shownRegisters {
                let text = words(meter.image.content(of: RegisterSpan(table: table, first: address, count: 1)))
                // "holding 0 to 9: exception 2 …" rather than ten lines of it.
                if let last = lines.last, last.hasSuffix(": " + text),
                    case let start = last.prefix(while: { $0 != ":" })
                {
                    let first = start.split(separator: " ")[1]
                    lines[lines.count - 1] = "\(table.rawValue) \(first) to \(address): \(text)"
                } else {
                    lines.append("\(table.rawValue) \(address): \(text)")
                }
            }
            return lines
        }
    }

    private static func words(_ content: RegisterImage.Content) -> String {
        switch content {
        case .words(let words): Hexadecimal.words(words)
        case .refused(let code): ModbusException(code: code).text
        case .silent: "no answer"
        case .unknown: "not asked"
        }
    }

    // MARK: Blocks

    private func bus(on line: SerialLine?) -> PlainValue {
        var entries: PlainEntries = [("name", .string(busName))]
        switch settings.set(line).transport {
        case .rtu(let port, let baud, let parity, let stopBits):
            entries += [
                ("kind", .string("rtu")), ("port", .string(port)), ("baud", .integer(Int64(baud))),
                ("parity", .string(parity.rawValue)), ("stop-bits", .integer(Int64(stopBits))),
            ]
        case .tcp: entries += [("kind", .string("tcp")), ("address", .string(settings.place))]
        case .rtuOverTCP: entries += [("kind", .string("rtu-over-tcp")), ("address", .string(settings.place))]
        }
        return .table(entries)
    }

    private var busName: String {
        guard settings.name.isEmpty else { return settings.name }
        if case .rtu = settings.transport { return "rs485" }
        return "gateway"
    }

    private func block(_ meter: FoundMeter, _ best: ProfileRanking.Candidate, _ name: String) -> PlainValue {
        .table([
            ("name", .string(name)), ("bus", .string(busName)), ("unit", .integer(Int64(meter.unit))),
            ("profile", .string(best.profile.name)), ("poll", .string(ConfigurationDefaults.poll.text())),
        ])
    }

    /// "power", "power-2", …
    private func unique(_ base: String, _ names: inout [String]) -> String {
        var name = base
        var number = 2
        while names.contains(name) {
            name = "\(base)-\(number)"
            number += 1
        }
        names.append(name)
        return name
    }

    // MARK: JSON

    var json: PlainValue {
        var entries: PlainEntries = []
        if let error = result.error {
            entries = [("error", .string(error.message)), ("advice", .string(error.advice))]
        }
        return .table(
            entries + [
                ("complete", .boolean(result.isComplete)), ("port", .string(settings.place)),
                ("asked", .integer(Int64(result.asked))), ("milliseconds", .integer(result.nanoseconds / 1_000_000)),
                ("meters", .list(result.meters.map(json))),
                (
                    "disturbed",
                    .list(result.disturbed.map { .table(place($0.line) + [("unit", .integer(Int64($0.unit)))]) })
                ),
            ])
    }

    private func place(_ line: SerialLine?) -> PlainEntries {
        guard let line else { return [] }
        return [
            ("baud", .integer(Int64(line.baud))), ("parity", .string(line.parity.rawValue)),
            ("stopBits", .integer(Int64(line.stopBits))),
        ]
    }

    private func json(_ meter: FoundMeter) -> PlainValue {
        var entries = place(meter.line) + [("unit", .integer(Int64(meter.unit)))]
        if !meter.alsoAt.isEmpty { entries.append(("alsoAt", .list(meter.alsoAt.map { .table(place($0)) }))) }
        if let best = meter.recognised {
            entries += [
                ("profile", .string(best.profile.name)), ("certainty", .string(best.certainty.rawValue)),
                ("values", .list(ScanReport.values(best).map { .string($0) })),
            ]
        } else {
            entries.append(("answers", .list(ScanReport.beginnings(meter).map { .string($0) })))
        }
        let candidates = meter.candidates.prefix(ScanReport.shownCandidates)
        entries.append(("candidates", .list(candidates.map(json))))
        return .table(entries)
    }

    private func json(_ candidate: ProfileRanking.Candidate) -> PlainValue {
        .table([
            ("profile", .string(candidate.profile.name)), ("points", .integer(Int64(candidate.points))),
            ("reasons", .list(candidate.reasons.map { .string($0) })),
            ("sameRegistersAs", .list(candidate.twins.map { .string($0) })),
        ])
    }
}

extension SerialLine {
    /// "9600 baud, parity none, 1 stop bit"
    var words: String { "\(baud) baud, parity \(parity.rawValue), \(stopBits) stop bit\(stopBits == 1 ? "" : "s")" }
}

extension MeterProfile {
    /// What such a meter is called in most homes; it begins the names of its signals.
    var kindName: String {
        let quantities = Set(registers.map(\.quantity))
        if quantities.contains(.volume), quantities.contains(.energy) { return "heat" }
        if !quantities.isDisjoint(with: [.volume, .flow]) { return "water" }
        if !quantities.isDisjoint(with: [.energy, .power, .voltage, .current]) { return "power" }
        return "climate"
    }
}
