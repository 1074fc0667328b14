import Testing

@testable import Drivers

/// Golden vectors: the value, and its registers as they lie on the wire in each order.
struct RegisterDecodingTests {
    private func decode(
        _ type: RegisterType, _ order: WordOrder, _ words: [UInt16], table: ModbusTable = .holding
    ) throws(UnusableValue) -> RawValue {
        let plan = RegisterPlan(channel: Channel(0), table: table, address: 0, type: type, order: order)
        return try plan.decode(words[...])
    }

    /// The value as the standard lays it out (ABCD) and in the other three orders.
    private func expect(_ value: RawValue, _ type: RegisterType, _ orders: [WordOrder: [UInt16]]) throws {
        #expect(Set(orders.keys) == Set(WordOrder.allCases))
        for (order, words) in orders {
            #expect(try decode(type, order, words) == value, "\(type) \(order)")
        }
    }

    @Test func sixteenBits() throws {
        // 0x1234 = 4660; -2 = 0xFFFE
        try expect(.integer(4660), .u16, [.ABCD: [0x1234], .CDAB: [0x1234], .BADC: [0x3412], .DCBA: [0x3412]])
        try expect(.integer(-2), .i16, [.ABCD: [0xFFFE], .CDAB: [0xFFFE], .BADC: [0xFEFF], .DCBA: [0xFEFF]])
    }

    @Test func thirtyTwoBits() throws {
        // 0x0A1B2C3D = 169552957; -559038737 = 0xDEADBEEF
        try expect(
            .integer(169_552_957), .u32,
            [.ABCD: [0x0A1B, 0x2C3D], .CDAB: [0x2C3D, 0x0A1B], .BADC: [0x1B0A, 0x3D2C], .DCBA: [0x3D2C, 0x1B0A]])
        try expect(
            .integer(3_735_928_559), .u32,
            [.ABCD: [0xDEAD, 0xBEEF], .CDAB: [0xBEEF, 0xDEAD], .BADC: [0xADDE, 0xEFBE], .DCBA: [0xEFBE, 0xADDE]])
        try expect(
            .integer(-559_038_737), .i32,
            [.ABCD: [0xDEAD, 0xBEEF], .CDAB: [0xBEEF, 0xDEAD], .BADC: [0xADDE, 0xEFBE], .DCBA: [0xEFBE, 0xADDE]])
    }

    @Test func sixtyFourBits() throws {
        // 0x0102030405060708 = 72623859790382856
        let orders: [WordOrder: [UInt16]] = [
            .ABCD: [0x0102, 0x0304, 0x0506, 0x0708], .CDAB: [0x0708, 0x0506, 0x0304, 0x0102],
            .BADC: [0x0201, 0x0403, 0x0605, 0x0807], .DCBA: [0x0807, 0x0605, 0x0403, 0x0201],
        ]
        try expect(.integer(72_623_859_790_382_856), .u64, orders)
        try expect(.integer(72_623_859_790_382_856), .i64, orders)
        #expect(try decode(.i64, .ABCD, [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFE]) == .integer(-2))
        #expect(try decode(.u64, .ABCD, [0x7FFF, 0xFFFF, 0xFFFF, 0xFFFF]) == .integer(.max))
    }

    @Test func floats() throws {
        // 229.5 V = 0x43658000; -0.15625 = 0xBFC4000000000000
        try expect(
            .real(229.5), .f32,
            [.ABCD: [0x4365, 0x8000], .CDAB: [0x8000, 0x4365], .BADC: [0x6543, 0x0080], .DCBA: [0x0080, 0x6543]])
        #expect(try decode(.f64, .ABCD, [0xBFC4, 0, 0, 0]) == .real(-0.15625))
        #expect(try decode(.f64, .CDAB, [0, 0, 0, 0xBFC4]) == .real(-0.15625))
    }

    @Test func bits() throws {
        #expect(try decode(.u16, .ABCD, [1], table: .coil) == .integer(1))
        #expect(try decode(.u16, .DCBA, [0], table: .discrete) == .integer(0))
    }

    @Test func whatIsNoNumberSaysSo() {
        let tooLarge = UnusableValue(
            reason: "holds 18446744073709551615, above the largest number that is kept, 9223372036854775807")
        #expect(throws: tooLarge) { try decode(.u64, .ABCD, [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF]) }
        #expect(throws: UnusableValue.self) { try decode(.f32, .ABCD, [0x7FC0, 0]) }  // not a number
        #expect(throws: UnusableValue.self) { try decode(.f32, .ABCD, [0xFF80, 0]) }  // minus infinity
        #expect(throws: UnusableValue.self) { try decode(.f64, .ABCD, [0x7FF0, 0, 0, 0]) }
        #expect(throws: UnusableValue.self) { try decode(.u32, .ABCD, [1]) }
    }
}
