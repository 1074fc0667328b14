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

extension ModbusFraming {
    /// The sound answers in what a line brought: their units, in order. Whatever else is there is noise.
    static func units(answeringIn bytes: [UInt8]) -> [UInt8] {
        var units: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if let length = replyLength(in: bytes, at: place), place + length <= bytes.count,
                isSound(bytes[place..<(place + length)])
            {
                units.append(bytes[place])
                place += length
            } else {
                place += 1
            }
        }
        return units
    }

    /// The length of a serial answer that would begin at `place`; nil while that cannot be said, or for no answer
    /// to a read.
    static func replyLength(in bytes: [UInt8], at place: Int) -> Int? {
        guard place + 2 < bytes.count, (1...4).contains(bytes[place + 1] & 0x7F) else { return nil }
        // Of an exception: unit, function, code, CRC.
        return bytes[place + 1] & 0x80 != 0 ? 5 : 5 + Int(bytes[place + 2])
    }

    /// Whether a serial frame ends with its CRC.
    static func isSound(_ frame: ArraySlice<UInt8>) -> Bool {
        let crc = UInt16(frame[frame.endIndex - 2]) | UInt16(frame[frame.endIndex - 1]) << 8
        return modbusCRC(frame.dropLast(2)) == crc
    }
}
