// Registers and request limits, which meters and profiles describe with the same words.

import Drivers
import LocalRules

extension TableReader where Key: RegisterOwnerKey {
    /// The registers and the limits of this meter or model; nil when there is an error in a register.
    func registerMap() -> RegisterMap? {
        let limits = requestLimits()
        let readers = subtables(.register, RegisterKey.self, atMost: ConfigurationLimits.registers)
        guard !readers.isEmpty else {
            reportTable(
                .empty, "describes no register", advice: "add a [[register]] (in a meter: [[meter.register]])")
            return nil
        }
        var names: [String] = []
        let registers = readers.compactMap { reader -> RegisterDescription? in
            if !Key.isModel, reader.has(.unconfirmed) {
                reader.report(
                    .keyDoesNotApply, .unconfirmed, "is about models: whoever writes a home can look at the meter",
                    advice: "compare the register with the meter's display, and remove this")
            }
            guard let register = reader.register() else { return nil }
            reader.claim(register.signal, in: &names, "signal of this meter", .signal)
            reader.check(register, against: limits)
            return register
        }
        return registers.count == readers.count ? RegisterMap(limits: limits, registers: registers) : nil
    }

    private func requestLimits() -> RequestLimits {
        var limits = RequestLimits()
        if let most = integer(
            .maxRegisters, in: ConfigurationLimits.maxRegisters,
            advice: "the most registers that one request may ask for")
        {
            limits.mostRegisters = Int(most)
        }
        if let gap = integer(
            .maxGap, in: ConfigurationLimits.maxGap,
            advice: "unwanted registers that one request may read over; 0 for none")
        {
            limits.mostGap = Int(gap)
        }
        limits.forbidden = subtables(.forbidden, ForbiddenKey.self, atMost: ConfigurationLimits.forbiddenRanges)
            .compactMap { $0.range() }
        return limits
    }
}

extension TableReader where Key == ForbiddenKey {
    fileprivate func range() -> RegisterRange? {
        require(.table, advice: "\"holding\" or \"input\"")
        require(.first, advice: "the first address that no request may touch, from 0")
        require(.last, advice: "the last address that no request may touch")
        let table = wordTable(.table)
        guard let first = address(.first), let last = address(.last), let table else { return nil }
        guard first <= last else {
            report(.outOfRange, .last, "\(last) lies in front of \(first)", advice: "swap first and last")
            return nil
        }
        return RegisterRange(table: table, first: first, last: last)
    }
}

extension TableReader {
    /// One of the tables whose registers have 16 bits.
    func wordTable(_ key: Key) -> ModbusTable? {
        guard let table = word(key, of: ModbusTable.self) else { return nil }
        guard table == .holding || table == .input else {
            report(
                .notInThisVersion, key,
                "single bits (\(table.rawValue)) are known, but this version does not have them yet",
                advice: "this version has: holding, input")
            return nil
        }
        return table
    }

    func address(_ key: Key) -> UInt16? {
        integer(key, in: 0...0xFFFF, advice: "as sent on the wire, from 0").map { UInt16($0) }
    }

    /// An address at which a whole value of this type fits in front of the table's end.
    func address(_ key: Key, of type: RegisterType?) -> UInt16? {
        guard let address = address(key) else { return nil }
        guard let type, Int(address) + type.words > 0x1_0000 else { return address }
        report(
            .outOfRange, key, "a \(type.rawValue) at \(address) ends behind the last register, 65535",
            advice: "check address and type")
        return nil
    }

    func registerType(_ key: Key) -> RegisterType? { word(key, of: RegisterType.self, later: ["bcd12"]) }

    func order(_ key: Key) -> WordOrder { word(key, of: WordOrder.self) ?? .ABCD }
}

extension TableReader where Key == RegisterKey {
    /// What the register says of itself; nil when there is an error in it.
    fileprivate func register() -> RegisterDescription? {
        requireKeys()
        let signal = name(.signal, dots: false)
        let quantity = word(.quantity, of: Quantity.self)
        let table = has(.table) ? wordTable(.table) : .holding
        let type = registerType(.type)
        let address = address(.address, of: type)
        let order = order(.order)
        let unit = quantity.flatMap { self.unit(of: $0) }
        let poll = span(.poll, in: ConfigurationLimits.poll)
        let maxRate = quantity.flatMap { self.maxRate(of: $0) }
        let unconfirmed = text(.unconfirmed).flatMap { why in
            place(of: .unconfirmed).map { Located(value: why, position: $0.position, key: $0.key) }
        }
        guard let signal, let quantity, let table, let address, let type, let unit, let scale = scale(unit)
        else { return nil }
        return RegisterDescription(
            signal: signal, quantity: quantity, table: table, address: address, type: type, order: order,
            bits: bits(of: type), noValue: noValue(of: type), scaleFrom: scaleRegister(table), scale: scale, unit: unit,
            poll: poll, maxRate: maxRate, unconfirmed: unconfirmed)
    }

    private func requireKeys() {
        require(.signal, advice: "such as \"volume\": a meter \"water\" then gives water.volume")
        require(
            .quantity, advice: "what it measures: \(Quantity.allCases.map(\.rawValue).joined(separator: ", "))")
        require(.address, advice: "as sent on the wire, from 0: 30001 in a manual is address 0 of table \"input\"")
        require(.type, advice: "what the words hold: \(RegisterType.allCases.map(\.rawValue).joined(separator: ", "))")
        require(.unit, advice: "the unit of the register times its scale, such as \"m3\"")
    }

    /// Reports what no request could fetch.
    fileprivate func check(_ register: RegisterDescription, against limits: RequestLimits) {
        if register.type.words > limits.mostRegisters {
            report(
                .outOfRange, .type,
                "a \(register.type.rawValue) takes \(register.type.words) registers, one request at most \(limits.mostRegisters)",
                advice: "raise max-registers, or check the type")
        }
        for (range, key) in zip(register.ranges, [RegisterKey.address, .scaleFrom]) {
            guard let hole = limits.forbidden.first(where: range.overlaps) else { continue }
            report(
                .forbiddenAddress, key,
                "\(range.table.rawValue) register \(range.first) lies in \(hole.first) to \(hole.last), which no request may touch",
                advice: "check the address, or the [[forbidden]] range")
        }
    }

    private func unit(of quantity: Quantity) -> MeasurementUnit? {
        guard let symbol = text(.unit) else { return nil }
        if let unit = MeasurementUnit.named(symbol, of: quantity) { return unit }
        report(
            .badQuantity, .unit, "\"\(symbol)\" is no unit of \(quantity.rawValue)",
            advice: adviceOfWords(
                symbol, known: MeasurementUnit.all(of: quantity).map(\.symbol), whatTheyAre: "its units"))
        return nil
    }

    private func scale(_ unit: MeasurementUnit) -> Scale? {
        guard has(.scale) else { return Scale(numerator: unit.factor, denominator: 1) }
        guard let decimal = positiveDecimal(.scale) else { return nil }
        guard decimal.places <= 9, let scale = decimal.scale(by: unit.factor) else {
            report(
                .tooManyDigits, .scale, "has more digits than can be exact",
                advice: "at most 9 behind the point, or choose another unit")
            return nil
        }
        return scale
    }

    // MARK: How its content is read

    private func bits(of type: RegisterType) -> BitField? {
        guard let text = text(.bits) else { return nil }
        guard type == .u16 || type == .u32 || type == .u64 else {
            report(
                .keyDoesNotApply, .bits, "bits are of unsigned integers, and this is \(type.rawValue)",
                advice: "make the type u16, u32 or u64, or remove it")
            return nil
        }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(bitNumber)
        guard (1...2).contains(ends.count), let low = ends[0], let high = ends[ends.count - 1], low <= high else {
            report(
                .unknownWord, .bits, "\"\(text)\" names no bits", advice: "such as \"4-7\", or \"3\"; 0 is the lowest")
            return nil
        }
        guard high < type.words * 16 else {
            report(
                .outOfRange, .bits, "a \(type.rawValue) has no bit \(high)", advice: "at most \(type.words * 16 - 1)")
            return nil
        }
        return BitField(low: low, high: high)
    }

    private func bitNumber(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (48...57).contains($0) } ? UInt8(text).map { Int($0) } : nil
    }

    private func noValue(of type: RegisterType) -> [UInt64] {
        if type.isReal, has(.noValue) {
            report(
                .keyDoesNotApply, .noValue, "\(type.rawValue) needs none: NaN always means that there is no value",
                advice: "remove it")
            return []
        }
        return contents(.noValue, words: type.words, atMost: ConfigurationLimits.noValues) ?? []
    }

    /// `table` is the register's own.
    private func scaleRegister(_ table: ModbusTable) -> ScaleRegister? {
        let form = "{ address = 11, type = \"i16\", as = \"exponent\" }"
        guard let reader = subtable(.scaleFrom, ScaleKey.self, form: form) else { return nil }
        reader.require(.address, advice: "of the register that holds the scale, from 0")
        reader.require(.type, advice: "what that register holds, such as \"i16\"")
        reader.require(.as, advice: "\"exponent\" (times 10 to this power) or \"multiplier\"")
        let ownTable = reader.has(.table) ? reader.wordTable(.table) : table
        let type = reader.registerType(.type)
        let address = reader.address(.address, of: type)
        let order = reader.order(.order)
        let role = reader.word(.as, of: ScaleRegister.Role.self)
        if let type, type.isReal {
            reader.report(
                .unknownWord, .type, "a scale in a \(type.rawValue) would not be exact", advice: "an integer type")
            return nil
        }
        guard let ownTable, let type, let address, let role else { return nil }
        return ScaleRegister(table: ownTable, address: address, type: type, order: order, role: role)
    }
}
