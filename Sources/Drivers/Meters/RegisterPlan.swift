// A meter as a table of registers: what a profile or inline registers become.

/// How register words become one raw number.
package enum RegisterType: String, Hashable, Sendable, CaseIterable {
    case u16, i16, u32, i32, u64, i64, f32, f64
    /// Binary coded decimal: 4 or 8 digits, the first one in the highest four bits.
    case bcd4, bcd8
    /// Sign and magnitude: the highest bit is the sign, the others the number.
    case sm16, sm32

    /// Registers it takes: 1, 2 or 4.
    package var words: Int {
        switch self {
        case .u16, .i16, .bcd4, .sm16: 1
        case .u32, .i32, .f32, .bcd8, .sm32: 2
        case .u64, .i64, .f64: 4
        }
    }

    package var isReal: Bool { self == .f32 || self == .f64 }
}

/// Order of bytes over the registers, A being the most significant byte of a 32-bit value.
package enum WordOrder: String, Hashable, Sendable, CaseIterable { case ABCD, CDAB, BADC, DCBA }

/// Bits `low`...`high` of an unsigned register, 0 the least significant: several small numbers share one register.
package struct BitField: Hashable, Sendable {
    package var low: Int
    package var high: Int
    package init(low: Int, high: Int) {
        self.low = low
        self.high = high
    }
}

/// Another register of the same meter that says how to read a value: SunSpec's scale factors, the transformer
/// ratios of three-phase meters.
package struct ScaleRegister: Hashable, Sendable {
    package enum Role: String, Hashable, Sendable, CaseIterable {
        /// value = raw × 10^register
        case exponent
        /// value = raw × register
        case multiplier
    }
    package var table: ModbusTable
    package var address: UInt16
    /// An integer type.
    package var type: RegisterType
    package var order: WordOrder
    package var role: Role
    package init(table: ModbusTable, address: UInt16, type: RegisterType, order: WordOrder = .ABCD, role: Role) {
        self.table = table
        self.address = address
        self.type = type
        self.order = order
        self.role = role
    }
}

/// One register (or run of registers) that becomes one sample.
package struct RegisterPlan: Hashable, Sendable {
    package var channel: Channel
    package var table: ModbusTable
    /// As sent on the wire, from 0.
    package var address: UInt16
    package var type: RegisterType
    package var order: WordOrder
    /// Integer types only.
    package var bits: BitField?
    /// Contents, unsigned and as wide as the type, by which the meter says that it has no value.
    package var noValue: [UInt64]
    package var scaleFrom: ScaleRegister?
    /// nil: as often as the meter.
    package var pollMilliseconds: Int64?
    package init(
        channel: Channel, table: ModbusTable, address: UInt16, type: RegisterType, order: WordOrder,
        bits: BitField? = nil, noValue: [UInt64] = [], scaleFrom: ScaleRegister? = nil, pollMilliseconds: Int64? = nil
    ) {
        self.channel = channel
        self.table = table
        self.address = address
        self.type = type
        self.order = order
        self.bits = bits
        self.noValue = noValue
        self.scaleFrom = scaleFrom
        self.pollMilliseconds = pollMilliseconds
    }
}

/// Addresses `first`...`last` of one table.
package struct RegisterRange: Hashable, Sendable {
    package var table: ModbusTable
    package var first: UInt16
    package var last: UInt16
    package init(table: ModbusTable, first: UInt16, last: UInt16) {
        self.table = table
        self.first = first
        self.last = last
    }
}

/// What one request to a meter may look like.
package struct RequestLimits: Hashable, Sendable {
    /// 1...125.
    package var mostRegisters: Int
    /// Unwanted registers that a request may read over; a request of its own costs as much wire as some twenty.
    package var mostGap: Int
    /// No request may touch these: some meters answer nothing, or go astray.
    package var forbidden: [RegisterRange]
    package init(mostRegisters: Int = 125, mostGap: Int = 10, forbidden: [RegisterRange] = []) {
        self.mostRegisters = mostRegisters
        self.mostGap = mostGap
        self.forbidden = forbidden
    }
}

/// One meter on a bus.
package struct MeterPlan: Hashable, Sendable {
    package var name: String
    package var unit: UInt8
    package var pollMilliseconds: Int64
    /// While power is to be saved, nothing of it is asked more often than this; zero: nothing changes then.
    package var savingPollMilliseconds: Int64
    /// The longest that the meter may think, beyond what the frames take on the wire; what it usually needs is
    /// learned and shortens this. The default of 500 ms in libmodbus loses 5 in 1,000 (its issue 776).
    package var timeoutMilliseconds: Int
    /// How often a question to a meter that answered before is repeated before it counts as failed.
    package var retries: Int
    /// Rest between this meter's answer and the next question to it, for meters that need it.
    package var pauseMilliseconds: Int
    package var limits: RequestLimits
    package var registers: [RegisterPlan]
    package init(
        name: String, unit: UInt8, pollMilliseconds: Int64, savingPollMilliseconds: Int64 = 0,
        timeoutMilliseconds: Int = 1000, retries: Int = 1, pauseMilliseconds: Int = 0,
        limits: RequestLimits = RequestLimits(), registers: [RegisterPlan]
    ) {
        self.name = name
        self.unit = unit
        self.pollMilliseconds = pollMilliseconds
        self.savingPollMilliseconds = savingPollMilliseconds
        self.timeoutMilliseconds = timeoutMilliseconds
        self.retries = retries
        self.pauseMilliseconds = pauseMilliseconds
        self.limits = limits
        self.registers = registers
    }
}
