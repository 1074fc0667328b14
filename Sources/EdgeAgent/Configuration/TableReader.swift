// Reads one table by its known keys, and reports whatever is not as it should be.

import LocalRules

/// A value and where it stands.
struct Located<Value: Sendable>: Sendable {
    var value: Value
    var position: TomlPosition
    /// "rule[0].signals[1]"
    var key: String
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}

/// One table of one section. A read gives nil where the key is absent or wrong; wrong is reported, so a
/// caller may go on with a default: the load fails in the end all the same.
struct TableReader<Key: SectionKey> {
    let table: TomlTable
    let file: String
    /// "meter[0]", or empty for the top level.
    let path: String
    let log: IssueLog

    /// Reports every key that the section does not have.
    init(_ table: TomlTable, file: String, path: String, log: IssueLog) {
        self.table = table
        self.file = file
        self.path = path
        self.log = log
        let known = Key.allCases.map(\.rawValue)
        for entry in table.entries where !known.contains(entry.key) {
            let key = join(entry.key)
            if Key.later.contains(entry.key) {
                log.report(
                    .notInThisVersion, file: file, at: entry.keyPosition, key: key,
                    "\"\(entry.key)\" is known, but this version does not have it yet",
                    advice: "remove it, or wait for the version that has it")
            } else {
                log.report(
                    .unknownKey, file: file, at: entry.keyPosition, key: key,
                    "\(Key.section) has no key \"\(entry.key)\"",
                    advice: adviceOfWords(entry.key, known: known, whatTheyAre: "its keys"))
            }
        }
    }

    func has(_ key: Key) -> Bool { table[key.rawValue] != nil }

    /// Where a key's value stands; nil when it is absent.
    func place(of key: Key) -> Located<String>? {
        table[key.rawValue].map { Located(value: key.rawValue, position: $0.value.position, key: join(key.rawValue)) }
    }

    /// Reports something about a key, at its value if it is there, else at the table.
    func report(_ code: IssueCode, _ key: Key, _ message: String, advice: String) {
        let position = table[key.rawValue]?.value.position ?? table.position
        log.report(code, file: file, at: position, key: join(key.rawValue), message, advice: advice)
    }

    /// Reports something about the table as a whole.
    func reportTable(_ code: IssueCode, _ message: String, advice: String) {
        log.report(code, file: file, at: table.position, key: path, message, advice: advice)
    }

    func report<Value>(_ code: IssueCode, at place: Located<Value>, _ message: String, advice: String) {
        log.report(code, file: file, at: place.position, key: place.key, message, advice: advice)
    }

    /// Notes a name as taken; reports one that is taken already.
    func claim(_ name: String, in names: inout [String], _ what: String, _ key: Key) {
        if names.contains(name) {
            report(
                .duplicateName, key, "\"\(name)\" is the name of another \(what) already",
                advice: "give each \(what) a name of its own")
        }
        names.append(name)
    }

    func require(_ key: Key, advice: String) {
        guard !has(key) else { return }
        report(.missingKey, key, "\(Key.section) needs \"\(key.rawValue)\"", advice: advice)
    }

    // MARK: Values

    func text(_ key: Key) -> String? {
        guard let value = table[key.rawValue]?.value else { return nil }
        guard case .string(let text) = value.content else { return wrongType(value, key, "a string") }
        return plain(Located(value: text, position: value.position, key: join(key.rawValue)))?.value
    }

    /// What can be shown on a terminal; else it is reported.
    private func plain(_ text: Located<String>) -> Located<String>? {
        guard text.value.utf8.count <= ConfigurationLimits.textBytes,
            !text.value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
        else {
            report(
                .badName, at: text, "too long, or has control characters", advice: "at most 4096 bytes of plain text")
            return nil
        }
        if text.value.isEmpty {
            report(.empty, at: text, "is empty", advice: "write a value, or remove the key")
            return nil
        }
        return text
    }

    func integer(_ key: Key, in range: ClosedRange<Int64>, advice: String) -> Int64? {
        guard let value = table[key.rawValue]?.value else { return nil }
        guard case .integer(let number) = value.content else { return wrongType(value, key, "an integer") }
        guard range.contains(number) else {
            report(
                .outOfRange, key, "\(number) is not within \(range.lowerBound)...\(range.upperBound)", advice: advice)
            return nil
        }
        return number
    }

    func boolean(_ key: Key) -> Bool? {
        guard let value = table[key.rawValue]?.value else { return nil }
        guard case .boolean(let flag) = value.content else { return wrongType(value, key, "true or false") }
        return flag
    }

    func span(_ key: Key, in range: ClosedRange<Span>) -> Span? {
        guard let text = text(key) else { return nil }
        guard let span = Span.parse(text) else {
            report(
                .badDuration, key, "\"\(text)\" is no duration",
                advice: "a whole number and a unit, such as \"30ms\", \"10s\", \"15min\", \"12h\" or \"3d\"")
            return nil
        }
        guard range.contains(span) else {
            report(
                .outOfRange, key,
                "\(span.text()) is not within \(range.lowerBound.text())...\(range.upperBound.text())",
                advice: "choose a duration within these bounds")
            return nil
        }
        return span
    }

    /// An exact decimal above zero: a string, or an integer.
    func positiveDecimal(_ key: Key) -> ExactDecimal? {
        guard let value = table[key.rawValue]?.value else { return nil }
        let decimal: ExactDecimal?
        switch value.content {
        case .integer(let number): decimal = ExactDecimal(digits: number, places: 0)
        case .string(let text): decimal = ExactDecimal.parse(text)
        default: return wrongType(value, key, "a decimal number in quotes")
        }
        guard let decimal, decimal.digits > 0 else {
            report(.badDecimal, key, "is no decimal number above zero", advice: "digits and a point, such as \"0.001\"")
            return nil
        }
        return decimal
    }

    /// A number and a unit of this quantity, in base units: "0.01 m3". Above zero, unless `isSigned`: "-5 degC".
    func amount(_ key: Key, of quantity: Quantity, isSigned: Bool = false) -> Int64? {
        guard let (decimal, unit) = measure(key, of: quantity, isSigned: isSigned) else { return nil }
        guard let amount = decimal.baseUnits(of: unit) else {
            let base = MeasurementUnit.all(of: quantity)[0].symbol
            report(
                .tooManyDigits, key, "\"\(text(key) ?? "")\" is not a whole number of \(base), or too large",
                advice: "use fewer digits; values are kept in whole \(base)")
            return nil
        }
        return amount
    }

    /// A number and a unit of this quantity, as written: "0.3125 Wh". Above zero, unless `isSigned`.
    func measure(
        _ key: Key, of quantity: Quantity, isSigned: Bool = false
    ) -> (ExactDecimal, MeasurementUnit)? {
        guard let text = text(key) else { return nil }
        let parts = text.split(separator: " ", omittingEmptySubsequences: true)
        let symbols = MeasurementUnit.all(of: quantity).map(\.symbol)
        guard parts.count == 2, let decimal = ExactDecimal.parse(String(parts[0])), decimal.digits > 0 || isSigned
        else {
            report(
                .badQuantity, key, "\"\(text)\" is not a number\(isSigned ? "" : " above zero") and a unit",
                advice:
                    "such as \"10 \(symbols[1])\"; units of \(quantity.rawValue): \(symbols.joined(separator: ", "))")
            return nil
        }
        guard let unit = MeasurementUnit.named(String(parts[1]), of: quantity) else {
            report(
                .badQuantity, key, "\"\(parts[1])\" is no unit of \(quantity.rawValue)",
                advice: adviceOfWords(String(parts[1]), known: symbols, whatTheyAre: "its units"))
            return nil
        }
        return (decimal, unit)
    }

    /// One of an enum's words. `later` are words that this version knows but cannot do.
    func word<Word: RawRepresentable<String> & CaseIterable>(
        _ key: Key, of type: Word.Type, later: [String] = []
    ) -> Word? {
        guard let text = text(key) else { return nil }
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        if later.contains(text) {
            report(
                .notInThisVersion, key, "\"\(text)\" is known, but this version does not have it yet",
                advice: "this version has: \(known.joined(separator: ", "))")
        } else {
            report(
                .unknownWord, key, "\"\(text)\" is not allowed here",
                advice: adviceOfWords(text, known: known, whatTheyAre: "allowed"))
        }
        return nil
    }

    /// A name: letters, digits, '-', '_' and, where `dots` says so, '.'.
    func name(_ key: Key, dots: Bool = true) -> String? {
        guard let text = text(key) else { return nil }
        let isGood =
            text.utf8.count <= ConfigurationLimits.nameBytes && text.first != "." && text.last != "."
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"): true
                case UInt8(ascii: "."): dots
                default: false
                }
            }
        guard isGood else {
            report(
                .badName, key, "\"\(text)\" cannot be a name here",
                advice:
                    "at most \(ConfigurationLimits.nameBytes) letters, digits, \"-\" and \"_\"\(dots ? ", with \".\" inside" : ", without \".\"")"
            )
            return nil
        }
        return text
    }

    func strings(_ key: Key) -> [Located<String>]? {
        guard let value = table[key.rawValue]?.value else { return nil }
        guard case .array(let elements) = value.content else { return wrongType(value, key, "an array of strings") }
        if elements.isEmpty {
            report(.empty, key, "is empty", advice: "name at least one")
            return nil
        }
        var found: [Located<String>] = []
        for (index, element) in elements.enumerated() {
            guard case .string(let text) = element.content else { return wrongType(value, key, "an array of strings") }
            let place = Located(value: text, position: element.position, key: "\(join(key.rawValue))[\(index)]")
            guard let text = plain(place) else { return nil }
            found.append(text)
        }
        return found
    }

    /// What registers may hold, as unsigned numbers of this width; of 64 bits, -1 is the highest.
    func contents(_ key: Key, words: Int, atMost limit: Int) -> [UInt64]? {
        guard let value = table[key.rawValue]?.value else { return nil }
        guard case .array(let elements) = value.content else { return wrongType(value, key, "an array of integers") }
        if elements.isEmpty {
            report(.empty, key, "is empty", advice: "name at least one, or remove the key")
            return nil
        }
        if elements.count > limit {
            report(
                .outOfRange, key, "there are \(elements.count), at most \(limit) are possible", advice: "remove some")
            return nil
        }
        var found: [UInt64] = []
        for element in elements {
            guard case .integer(let number) = element.content else {
                return wrongType(value, key, "an array of integers")
            }
            guard let content = content(number, key, words: words) else { return nil }
            found.append(content)
        }
        return found
    }

    /// The same for a single one.
    func content(_ key: Key, words: Int) -> UInt64? {
        guard let value = table[key.rawValue]?.value else { return nil }
        guard case .integer(let number) = value.content else { return wrongType(value, key, "an integer") }
        return content(number, key, words: words)
    }

    private func content(_ number: Int64, _ key: Key, words: Int) -> UInt64? {
        let content = UInt64(bitPattern: number)
        guard words >= 4 || content >> UInt64(words * 16) == 0 else {
            report(
                .outOfRange, key, "\(number) does not fit into \(words * 16) bits, unsigned",
                advice: "write what the registers hold, such as 0xFFFF for a 16-bit -1")
            return nil
        }
        return content
    }

    // MARK: Tables below

    /// The single table under `key`: `[home]`. `form` says how people write it, if otherwise.
    func subtable<Sub: SectionKey>(_ key: Key, _: Sub.Type, form: String? = nil) -> TableReader<Sub>? {
        guard let value = table[key.rawValue]?.value else { return nil }
        guard case .table(let table) = value.content else {
            return wrongType(value, key, "a table, written \(form ?? "[\(key.rawValue)]")")
        }
        return TableReader<Sub>(table, file: file, path: join(key.rawValue), log: log)
    }

    /// The tables under `key`, in the order of the file: `[[meter]]`.
    func subtables<Sub: SectionKey>(_ key: Key, _: Sub.Type, atMost limit: Int) -> [TableReader<Sub>] {
        guard let value = table[key.rawValue]?.value else { return [] }
        guard case .array(let elements) = value.content else {
            return wrongType(value, key, "an array of tables, written [[\(join(key.rawValue))]]") ?? []
        }
        if elements.count > limit {
            report(
                .outOfRange, key, "there are \(elements.count), at most \(limit) are possible", advice: "remove some")
        }
        return elements.prefix(limit).enumerated().compactMap { index, element in
            guard case .table(let table) = element.content else {
                return wrongType(element, key, "an array of tables, written [[\(join(key.rawValue))]]")
            }
            return TableReader<Sub>(table, file: file, path: "\(join(key.rawValue))[\(index)]", log: log)
        }
    }

    func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func wrongType<Result>(_ value: TomlValue, _ key: Key, _ wanted: String) -> Result? {
        var advice = "write \(wanted)"
        if case .float = value.content { advice = "put it in quotes, so that every digit stays exact" }
        log.report(
            .wrongType, file: file, at: value.position, key: join(key.rawValue),
            "must be \(wanted), is \(value.kindName)", advice: advice)
        return nil
    }
}
