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
        let tooLarge = UnusableValue.senseless(
            reason: "holds 18446744073709551615, above the largest number that is kept, 9223372036854775807")
        #expect(throws: tooLarge) { try decode(.u64, .ABCD, [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF]) }
        #expect(throws: UnusableValue.self) { try decode(.f32, .ABCD, [0x7FC0, 0]) }  // not a number
        #expect(throws: UnusableValue.self) { try decode(.f32, .ABCD, [0xFF80, 0]) }  // minus infinity
        #expect(throws: UnusableValue.self) { try decode(.f64, .ABCD, [0x7FF0, 0, 0, 0]) }
        #expect(throws: UnusableValue.self) { try decode(.u32, .ABCD, [1]) }
    }

    @Test func binaryCodedDecimals() throws {
        // 1234 and 12345678, a digit in every four bits
        try expect(.integer(1234), .bcd4, [.ABCD: [0x1234], .CDAB: [0x1234], .BADC: [0x3412], .DCBA: [0x3412]])
        try expect(
            .integer(12_345_678), .bcd8,
            [.ABCD: [0x1234, 0x5678], .CDAB: [0x5678, 0x1234], .BADC: [0x3412, 0x7856], .DCBA: [0x7856, 0x3412]])
        #expect(try decode(.bcd8, .ABCD, [0x9999, 0x9999]) == .integer(99_999_999))
        let odd = UnusableValue.senseless(reason: "holds 0x12a4, which is no decimal number")
        #expect(throws: odd) { try decode(.bcd4, .ABCD, [0x12A4]) }
    }

    @Test func signAndMagnitude() throws {
        // 0x8005: minus, 5; two's complement would be -32763
        try expect(.integer(-5), .sm16, [.ABCD: [0x8005], .CDAB: [0x8005], .BADC: [0x0580], .DCBA: [0x0580]])
        #expect(try decode(.sm16, .ABCD, [0x7FFF]) == .integer(32767))
        #expect(try decode(.sm16, .ABCD, [0x8000]) == .integer(0))
        try expect(
            .integer(-70_000), .sm32,
            [.ABCD: [0x8001, 0x1170], .CDAB: [0x1170, 0x8001], .BADC: [0x0180, 0x7011], .DCBA: [0x7011, 0x0180]])
    }

    private func plan(
        _ type: RegisterType, bits: BitField? = nil, noValue: [UInt64] = [], scaleFrom: ScaleRegister? = nil
    ) -> RegisterPlan {
        RegisterPlan(
            channel: Channel(0), table: .holding, address: 0, type: type, order: .ABCD, bits: bits, noValue: noValue,
            scaleFrom: scaleFrom)
    }

    @Test func bitFields() throws {
        // 0xA5C3 = 1010 0101 1100 0011
        for (low, high, value): (Int, Int, Int64) in [
            (0, 0, 1), (2, 2, 0), (0, 3, 3), (4, 7, 12), (8, 15, 0xA5), (0, 15, 0xA5C3),
        ] {
            #expect(try plan(.u16, bits: BitField(low: low, high: high)).decode([0xA5C3]) == .integer(value))
        }
        #expect(try plan(.u32, bits: BitField(low: 28, high: 31)).decode([0x9000, 0]) == .integer(9))
        #expect(
            try plan(.u64, bits: BitField(low: 0, high: 63)).decode([0x7FFF, 1, 2, 3])
                == .integer(0x7FFF_0001_0002_0003))
    }

    @Test func aScaleCountsForBitFieldsToo() throws {
        let scale = ScaleRegister(table: .holding, address: 9, type: .i16, role: .multiplier)
        #expect(
            try plan(.u16, bits: BitField(low: 4, high: 7), scaleFrom: scale).decode([0xA5C3], scale: [10])
                == .integer(120))
    }

    @Test func sentinels() throws {
        for (type, sentinel, words): (RegisterType, UInt64, [UInt16]) in [
            (.u16, 0xFFFF, [0xFFFF]), (.i16, 0x8000, [0x8000]), (.u32, 0xFFFF_FFFF, [0xFFFF, 0xFFFF]),
            (.i32, 0x8000_0000, [0x8000, 0]), (.u64, .max, [0xFFFF, 0xFFFF, 0xFFFF, 0xFFFF]),
            (.bcd4, 0xFFFF, [0xFFFF]), (.f32, 0x7FC0_0000, [0x7FC0, 0]),
        ] {
            let error = #expect(throws: UnusableValue.self) { try plan(type, noValue: [sentinel]).decode(words) }
            guard case .noValue = error else {
                Issue.record("\(type): \(String(describing: error))")
                continue
            }
        }
        #expect(throws: UnusableValue.noValue(reason: "holds no number (NaN)")) { try plan(.f32).decode([0xFFC0, 1]) }
        #expect(try plan(.u16, noValue: [0xFFFF, 0x8000]).decode([0x7FFF]) == .integer(32767))
    }

    @Test func aScaleInAnotherRegister() throws {
        func scaled(_ type: RegisterType, _ words: [UInt16], _ role: ScaleRegister.Role, _ scale: [UInt16]) throws
            -> RawValue
        {
            let register = ScaleRegister(
                table: .holding, address: 9, type: scale.count == 2 ? .i32 : .i16, role: role)
            return try plan(type, scaleFrom: register).decode(words, scale: scale[...])
        }
        // SunSpec: 2301 × 10^-1
        #expect(try scaled(.u16, [2301], .exponent, [0xFFFF]) == .decimal(2301, exponent: -1))
        #expect(try scaled(.u32, [0, 5], .exponent, [3]) == .decimal(5, exponent: 3))
        // a current transformer of 60:1
        #expect(try scaled(.u32, [0, 1234], .multiplier, [60]) == .integer(74_040))
        #expect(try scaled(.f32, [0x4365, 0x8000], .multiplier, [2]) == .real(459))
        #expect(try scaled(.f32, [0x4365, 0x8000], .exponent, [0xFFFE]) == .real(2.295))
        #expect(try scaled(.i16, [0xFFFE], .multiplier, [0, 10]) == .integer(-20))
        #expect(throws: UnusableValue.self) { try scaled(.u16, [1], .exponent, [0x8000]) }
        #expect(throws: UnusableValue.self) { try scaled(.i64, [0x7FFF, 0, 0, 0], .multiplier, [1000]) }
        #expect(throws: UnusableValue.self) {
            try plan(
                .u16,
                scaleFrom: ScaleRegister(
                    table: .holding, address: 9, type: .i16, role: .exponent)
            ).decode([1])
        }
    }
}
