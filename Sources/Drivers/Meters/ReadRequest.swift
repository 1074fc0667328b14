// Which registers are read together.

/// One request on the wire and the registers that its answer holds.
struct ReadRequest: Hashable, Sendable {
    let table: ModbusTable
    let address: UInt16
    private(set) var count: Int
    private(set) var registers: [RegisterPlan]

    init(_ register: RegisterPlan) {
        table = register.table
        address = register.address
        count = register.length
        registers = [register]
    }

    /// Few requests for these registers: those of one table that touch, up to what one answer can hold.
    static func plan(_ registers: [RegisterPlan]) -> [ReadRequest] {
        let tables = ModbusTable.allCases
        return tables.flatMap { table in
            registers.filter { $0.table == table }.sorted { $0.address < $1.address }
                .reduce(into: [ReadRequest]()) { requests, register in
                    guard let last = requests.indices.last, requests[last].append(register) else {
                        requests.append(ReadRequest(register))
                        return
                    }
                }
        }
    }

    /// Each register by itself: a meter may refuse one of several and answer the rest.
    var apart: [ReadRequest] { registers.map { ReadRequest($0) } }

    /// Takes a register in if it touches the ones that are there and the answer stays within its limit.
    private mutating func append(_ register: RegisterPlan) -> Bool {
        let offset = Int(register.address) - Int(address)
        let end = max(count, offset + register.length)
        guard offset <= count, end <= (table.isBits ? ModbusBus.mostBits : ModbusBus.mostRegisters) else {
            return false
        }
        count = end
        registers.append(register)
        return true
    }

    /// The words of one register out of the whole answer.
    func words(of register: RegisterPlan, in answer: [UInt16]) -> ArraySlice<UInt16> {
        let offset = Int(register.address) - Int(address)
        return answer.dropFirst(offset).prefix(register.length)
    }
}
