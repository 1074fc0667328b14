// How Modbus puts requests and answers into bytes. Modbus Application Protocol 1.1b3; Modbus over Serial Line
// 1.02; Modbus Messaging on TCP/IP 1.0b. Used by both ends: our questions, and the simulated meters' answers.

enum ModbusFraming: Hashable, Sendable {
    /// unit, PDU, CRC-16 with its low byte first
    case rtu
    /// transaction id, protocol id 0, length of what follows, unit, PDU
    case tcp

    /// A whole frame around a PDU. `transaction`: TCP only.
    func frame(unit: UInt8, pdu: some Collection<UInt8>, transaction: UInt16) -> [UInt8] {
        switch self {
        case .rtu:
            let body = [unit] + pdu
            let crc = modbusCRC(body)
            return body + [UInt8(crc & 0xFF), UInt8(crc >> 8)]
        case .tcp:
            let length = UInt16(pdu.count + 1)
            return [
                UInt8(transaction >> 8), UInt8(transaction & 0xFF), 0, 0, UInt8(length >> 8), UInt8(length & 0xFF),
                unit,
            ] + pdu
        }
    }
}

/// CRC-16/MODBUS: polynomial 0x8005 reflected, starting from 0xFFFF.
func modbusCRC(_ bytes: some Sequence<UInt8>) -> UInt16 {
    var crc: UInt16 = 0xFFFF
    for byte in bytes { crc = crc >> 8 ^ crcTable[Int((crc ^ UInt16(byte)) & 0xFF)] }
    return crc
}

private let crcTable: [UInt16] = (0..<256).map { byte in
    (0..<8).reduce(UInt16(byte)) { crc, _ in crc & 1 == 1 ? crc >> 1 ^ 0xA001 : crc >> 1 }
}

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
