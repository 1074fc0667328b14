// From register words to one exact raw number. libmodbus' own float helpers mean different things in its
// releases 3.1.6, 3.1.8 and 3.1.11, so words are put together here.

/// Register content that gives no number; `reason` completes "holding register 12 …".
package enum UnusableValue: Error, Hashable, Sendable {
    /// The meter says that it has none.
    case noValue(reason: String)
    /// This is no content of such a register: a wrong address, type or order.
    case senseless(reason: String)
}

extension WordOrder {
    /// Whether the least significant register comes first.
    private var reversesWords: Bool { self == .CDAB || self == .DCBA }
    /// Whether the bytes of each register are swapped.
    private var swapsBytes: Bool { self == .BADC || self == .DCBA }

    /// The bits of 1, 2 or 4 registers, the most significant in front. The letters name a 32-bit value; over
    /// four registers the same two questions are asked: which register first, which byte first.
    package func bits(_ words: some BidirectionalCollection<UInt16>) -> UInt64 {
        var bits: UInt64 = 0
        if reversesWords {
            for word in words.reversed() { bits = bits << 16 | UInt64(swapsBytes ? word.byteSwapped : word) }
        } else {
            for word in words { bits = bits << 16 | UInt64(swapsBytes ? word.byteSwapped : word) }
        }
        return bits
    }
}

extension RegisterType {
    /// The number that these bits are; `bits` are as wide as the type.
    func decode(_ bits: UInt64) throws(UnusableValue) -> RawValue {
        switch self {
        case .u16, .u32: return .integer(Int64(bits))
        case .i16: return .integer(Int64(Int16(truncatingIfNeeded: bits)))
        case .i32: return .integer(Int64(Int32(truncatingIfNeeded: bits)))
        case .i64: return .integer(Int64(bitPattern: bits))
        case .u64:
            guard let value = Int64(exactly: bits) else {
                throw .senseless(reason: "holds \(bits), above the largest number that is kept, \(Int64.max)")
            }
            return .integer(value)
        case .f32: return try finite(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
        case .f64: return try finite(Double(bitPattern: bits))
        case .bcd4, .bcd8: return .integer(try decimalDigits(bits))
        case .sm16: return .integer(signAndMagnitude(bits, sign: 1 << 15))
        case .sm32: return .integer(signAndMagnitude(bits, sign: 1 << 31))
        }
    }

    private func finite(_ value: Double) throws(UnusableValue) -> RawValue {
        if value.isNaN { throw .noValue(reason: "holds no number (NaN)") }
        guard value.isFinite else { throw .senseless(reason: "holds \(value), which is no number") }
        return .real(value)
    }

    private func decimalDigits(_ bits: UInt64) throws(UnusableValue) -> Int64 {
        var value: Int64 = 0
        for place in (0..<words * 4).reversed() {
            let digit = bits >> UInt64(place * 4) & 0xF
            guard digit <= 9 else {
                throw .senseless(reason: "holds 0x\(String(bits, radix: 16)), which is no decimal number")
            }
            value = value * 10 + Int64(digit)
        }
        return value
    }

    private func signAndMagnitude(_ bits: UInt64, sign: UInt64) -> Int64 {
        let magnitude = Int64(bits & (sign - 1))
        return bits & sign == 0 ? magnitude : -magnitude
    }
}

extension BitField {
    /// The number that these bits of `content` are; of 64 bits, the highest is left out.
    fileprivate func number(in content: UInt64) -> Int64 {
        let width = UInt64(high - low + 1)
        return Int64(content >> UInt64(low) & (width < 64 ? 1 << width - 1 : .max >> 1))
    }
}

extension RegisterPlan {
    /// Registers (or, in the bit tables, bits) that this takes on the wire.
    package var length: Int { table.isBits ? 1 : type.words }

    /// The raw number in `words`, exactly `length` of them; `scale` are the words of `scaleFrom`, if there is one.
    package func decode(_ words: some BidirectionalCollection<UInt16>, scale: ArraySlice<UInt16> = [])
        throws(UnusableValue) -> RawValue
    {
        guard words.count == length else { throw .senseless(reason: "came with \(words.count) words") }
        if table.isBits { return .integer(words.first == 0 ? 0 : 1) }
        let content = order.bits(words)
        if noValue.contains(content) {
            throw .noValue(
                reason: "holds 0x\(String(content, radix: 16)), by which this meter says that it has no value")
        }
        let value = if let bits { RawValue.integer(bits.number(in: content)) } else { try type.decode(content) }
        guard let scaleFrom else { return value }
        return try value.scaled(by: scaleFrom, words: scale)
    }
}

extension RawValue {
    /// Largest power of ten by which a register may scale: SunSpec's scale factors go from −10 to 10.
    private static let largestExponent: Int64 = 10

    fileprivate func scaled(by register: ScaleRegister, words: ArraySlice<UInt16>) throws(UnusableValue) -> RawValue {
        guard words.count == register.type.words,
            case .integer(let factor) = try register.type.decode(
                register.order.bits(words))
        else { throw .senseless(reason: "has no integer in its scale register \(register.address)") }
        // An unset ratio would make every value zero, which looks like nobody at home.
        if register.role == .multiplier, factor <= 0 {
            throw .senseless(reason: "has \(factor) in its multiplier, register \(register.address)")
        }
        switch (register.role, self) {
        case (.exponent, .integer(let digits)) where factor.magnitude <= RawValue.largestExponent.magnitude:
            return .decimal(digits, exponent: Int(factor))
        case (.multiplier, .integer(let value)):
            let (product, overflow) = value.multipliedReportingOverflow(by: factor)
            guard !overflow else { break }
            return .integer(product)
        case (.multiplier, .real(let value)) where (value * Double(factor)).isFinite:
            return .real(value * Double(factor))
        case (.exponent, .real(let value)) where factor.magnitude <= RawValue.largestExponent.magnitude:
            let power = (0..<factor.magnitude).reduce(1.0) { power, _ in power * 10 }
            return .real(factor < 0 ? value / power : value * power)
        default: break
        }
        throw .senseless(reason: "cannot be scaled by \(factor), the content of register \(register.address)")
    }
}
