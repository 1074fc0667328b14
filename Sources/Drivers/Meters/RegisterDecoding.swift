// From register words to one exact raw number. libmodbus' own float helpers mean different things in its
// releases 3.1.6, 3.1.8 and 3.1.11, so words are put together here.

/// Register content that is no number for us; `reason` completes "holding register 12 …".
struct UnusableValue: Error, Hashable, Sendable {
    var reason: String
}

extension WordOrder {
    /// Whether the least significant register comes first.
    private var reversesWords: Bool { self == .CDAB || self == .DCBA }
    /// Whether the bytes of each register are swapped.
    private var swapsBytes: Bool { self == .BADC || self == .DCBA }

    /// The bits of 1, 2 or 4 registers, the most significant in front. The letters name a 32-bit value; over
    /// four registers the same two questions are asked: which register first, which byte first.
    func bits(_ words: ArraySlice<UInt16>) -> UInt64 {
        let ordered = reversesWords ? Array(words.reversed()) : Array(words)
        return ordered.reduce(0) { $0 << 16 | UInt64(swapsBytes ? $1.byteSwapped : $1) }
    }
}

extension RegisterPlan {
    /// Registers (or, in the bit tables, bits) that this takes on the wire.
    var length: Int { table.isBits ? 1 : type.words }

    /// The raw number in `words`, exactly `length` of them.
    func decode(_ words: ArraySlice<UInt16>) throws(UnusableValue) -> RawValue {
        guard words.count == length else { throw UnusableValue(reason: "came with \(words.count) words") }
        if table.isBits { return .integer(words.first == 0 ? 0 : 1) }
        let bits = order.bits(words)
        switch type {
        case .u16, .u32: return .integer(Int64(bits))
        case .i16: return .integer(Int64(Int16(truncatingIfNeeded: bits)))
        case .i32: return .integer(Int64(Int32(truncatingIfNeeded: bits)))
        case .i64: return .integer(Int64(bitPattern: bits))
        case .u64:
            guard let value = Int64(exactly: bits) else {
                throw UnusableValue(reason: "holds \(bits), above the largest number that is kept, \(Int64.max)")
            }
            return .integer(value)
        case .f32: return try finite(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))))
        case .f64: return try finite(Double(bitPattern: bits))
        }
    }

    private func finite(_ value: Double) throws(UnusableValue) -> RawValue {
        guard value.isFinite else { throw UnusableValue(reason: "holds \(value), which is no number") }
        return .real(value)
    }
}

extension ModbusTable {
    var isBits: Bool { self == .coil || self == .discrete }
}
