// What is asked of a unit, and what it may say.

/// A read of registers or bits.
package struct ModbusQuestion: Hashable, Sendable {
    package var unit: UInt8
    package var table: ModbusTable
    package var address: UInt16
    /// 1...125 registers, 1...2000 bits.
    package var count: Int

    package init(unit: UInt8, table: ModbusTable, address: UInt16, count: Int) {
        self.unit = unit
        self.table = table
        self.address = address
        self.count = count
    }

    package init(unit: UInt8, _ request: ReadRequest) {
        self.init(unit: unit, table: request.table, address: UInt16(request.first), count: request.count)
    }

    var pdu: [UInt8] {
        [
            table.function, UInt8(address >> 8), UInt8(address & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF),
        ]
    }

    /// Whether one request can ask this (Modbus Application Protocol 1.1b3, section 6).
    package var isPossible: Bool {
        (1...(table.isBits ? ModbusLimit.bits : ModbusLimit.registers)).contains(count)
            && Int(address) + count <= 0x1_0000
    }

    /// All that tells an answer to it from an answer to another question.
    var shape: ReplyShape { ReplyShape(function: table.function, bytes: table.isBits ? (count + 7) / 8 : count * 2) }

    /// The words, or bits as 0 and 1, in the data of an answer of the right shape.
    func words(in data: some RandomAccessCollection<UInt8>) -> [UInt16] {
        if table.isBits {
            return (0..<count).map { bit in
                UInt16(data[data.index(data.startIndex, offsetBy: bit / 8)] >> UInt8(bit % 8) & 1)
            }
        }
        return [UInt16](unsafeUninitializedCapacity: count) { words, used in
            var index = data.startIndex
            while used < count {
                let next = data.index(after: index)
                words[used] = UInt16(data[index]) << 8 | UInt16(data[next])
                index = data.index(after: next)
                used += 1
            }
        }
    }
}

/// What an RTU answer says about its question: neither an address nor a transaction.
struct ReplyShape: Hashable, Sendable {
    var function: UInt8
    /// Of data.
    var bytes: Int
}

/// What a meter said to a question.
package enum ModbusReply: Hashable, Sendable {
    case words([UInt16])
    case exception(ModbusException)
}
