// A meter as a table of registers: what a profile or inline registers become.

/// How register words become one raw number.
package enum RegisterType: String, Hashable, Sendable, CaseIterable {
    case u16, i16, u32, i32, u64, i64, f32, f64
    /// Registers it takes: 1, 2 or 4.
    package var words: Int {
        switch self {
        case .u16, .i16: 1
        case .u32, .i32, .f32: 2
        case .u64, .i64, .f64: 4
        }
    }
}

/// Order of bytes over the registers, A being the most significant byte of a 32-bit value.
package enum WordOrder: String, Hashable, Sendable, CaseIterable { case ABCD, CDAB, BADC, DCBA }

/// One register (or run of registers) that becomes one sample.
package struct RegisterPlan: Hashable, Sendable {
    package var channel: Channel
    package var table: ModbusTable
    /// As sent on the wire, from 0.
    package var address: UInt16
    package var type: RegisterType
    package var order: WordOrder
    package init(channel: Channel, table: ModbusTable, address: UInt16, type: RegisterType, order: WordOrder) {
        self.channel = channel
        self.table = table
        self.address = address
        self.type = type
        self.order = order
    }
}

/// One meter on a bus.
package struct MeterPlan: Hashable, Sendable {
    package var name: String
    package var unit: UInt8
    package var pollMilliseconds: Int64
    /// For the whole reply. The default of 500 ms in libmodbus loses 5 in 1,000 (its issue 776).
    package var timeoutMilliseconds: Int
    package var registers: [RegisterPlan]
    package init(
        name: String, unit: UInt8, pollMilliseconds: Int64, timeoutMilliseconds: Int = 1000, registers: [RegisterPlan]
    ) {
        self.name = name
        self.unit = unit
        self.pollMilliseconds = pollMilliseconds
        self.timeoutMilliseconds = timeoutMilliseconds
        self.registers = registers
    }
}
