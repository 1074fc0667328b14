import Testing

@testable import Drivers

struct ReadRequestTests {
    private func register(_ channel: Int, _ table: ModbusTable, _ address: UInt16, _ type: RegisterType = .u16)
        -> RegisterPlan
    {
        RegisterPlan(channel: Channel(channel), table: table, address: address, type: type, order: .ABCD)
    }

    private func spans(_ registers: [RegisterPlan]) -> [String] {
        ReadRequest.plan(registers).map { "\($0.table.rawValue) \($0.address)+\($0.count)" }
    }

    @Test func registersThatTouchAreReadTogether() {
        #expect(spans([register(1, .input, 2, .f32), register(0, .input, 0, .f32)]) == ["input 0+4"])
        #expect(spans([register(0, .input, 0, .f32), register(1, .input, 3)]) == ["input 0+2", "input 3+1"])
        #expect(spans([register(0, .holding, 0), register(1, .input, 1)]) == ["holding 0+1", "input 1+1"])
    }

    @Test func oneAnswerHoldsNoMoreThanItCan() {
        let registers = (0..<70).map { register($0, .holding, UInt16($0 * 2), .u32) }
        #expect(spans(registers) == ["holding 0+124", "holding 124+16"])
        #expect(spans((0..<300).map { register($0, .coil, UInt16($0)) }) == ["coil 0+300"])
    }

    @Test func eachRegisterGetsItsOwnWords() {
        let request = ReadRequest.plan([register(0, .input, 10, .f32), register(1, .input, 12)])[0]
        #expect(Array(request.words(of: request.registers[1], in: [1, 2, 3])) == [3])
        #expect(Array(request.words(of: request.registers[0], in: [1, 2, 3])) == [1, 2])
    }
}
