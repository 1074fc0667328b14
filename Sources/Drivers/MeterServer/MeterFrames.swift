// The meter's side of the Modbus protocol, without any I/O: bytes in, answers out.
// Modbus Application Protocol 1.1b3; Modbus over Serial Line 1.02; Modbus Messaging on TCP/IP 1.0b.

/// One conversation: a serial line, or one TCP connection.
struct MeterFrames: Sendable {
    /// Longest RTU frame; a TCP one has 260. Whatever grows longer is noise.
    private static let longestFrame = 260

    /// Milliseconds between two parcels of noise.
    private static let babblePeriod = 5

    struct Answer: Hashable, Sendable {
        var bytes: [UInt8]
        /// Counted from the request.
        var delayMilliseconds: Int
        /// Who answers.
        var unit: UInt8 = 0

        init(_ bytes: [UInt8], after delayMilliseconds: Int = 0) {
            self.bytes = bytes
            self.delayMilliseconds = delayMilliseconds
        }
    }

    /// When each unit is done with its last answer: a meter answers one question after the other.
    private var busyUntil: [UInt8: Int64] = [:]

    /// The moment at which an answer to a request that was heard at `heard` begins, in nanoseconds.
    /// - Parameter character: what one takes on the wire.
    mutating func start(of answer: Answer, heard: Int64, character: Int64) -> Int64 {
        let start = heard + Int64(answer.delayMilliseconds) * 1_000_000
        guard bank.answersInOrder else { return start }
        let inOrder = max(start, busyUntil[answer.unit] ?? start)
        busyUntil[answer.unit] = inOrder + character * Int64(answer.bytes.count) + 1
        return inOrder
    }

    private let framing: ModbusFraming
    private let bank: MeterBank
    /// How the master has set the line; nil where there is none.
    var line: SerialLine?
    private var buffer: [UInt8] = []
    /// TCP only: the stream makes no sense any more and is to be closed.
    private(set) var isBroken = false

    init(framing: ModbusFraming, bank: MeterBank, line: SerialLine? = nil) {
        self.framing = framing
        self.bank = bank
        self.line = line
    }

    /// Part of a frame waits for the rest.
    var isWaiting: Bool { !buffer.isEmpty }

    /// Takes bytes as they come, in pieces or several frames at once, and returns the answers to send.
    mutating func take(_ bytes: some Sequence<UInt8>) -> [Answer] {
        buffer += bytes
        var answers: [Answer] = []
        switch framing {
        case .rtu: while let frame = nextSerialFrame() { answers += answer(serial: frame) }
        case .tcp: while let frame = nextTCPFrame() { answers += answer(tcp: frame) }
        }
        return answers
    }

    /// The line fell silent: on a serial line that ends a frame, so a part of one is dropped.
    mutating func silence() {
        if framing == .rtu { buffer.removeAll() }
    }

    // MARK: Frames

    private mutating func nextSerialFrame() -> [UInt8]? {
        while buffer.count >= 4 {
            // Requests carry no length; it follows from the function. Of unknown ones everything is taken.
            let expected = serialLength
            let length = expected ?? buffer.count
            guard buffer.count >= length else { break }
            let crc = UInt16(buffer[length - 2]) | UInt16(buffer[length - 1]) << 8
            if modbusCRC(buffer[..<(length - 2)]) == crc {
                defer { buffer.removeFirst(length) }
                return Array(buffer[..<(length - 2)])
            }
            if expected == nil { break }
            // Noise in front of a frame: look for the frame one byte on.
            buffer.removeFirst()
        }
        if buffer.count > MeterFrames.longestFrame { buffer.removeAll() }
        return nil
    }

    private var serialLength: Int? {
        switch buffer[1] {
        case 1...6: 8
        case 15, 16: buffer.count > 6 ? 9 + Int(buffer[6]) : 9
        default: nil
        }
    }

    private mutating func nextTCPFrame() -> [UInt8]? {
        guard buffer.count >= 8, !isBroken else { return nil }
        let length = Int(buffer[4]) << 8 | Int(buffer[5])
        guard buffer[2] == 0, buffer[3] == 0, (2...254).contains(length) else {
            isBroken = true
            return nil
        }
        guard buffer.count >= 6 + length else { return nil }
        defer { buffer.removeFirst(6 + length) }
        return Array(buffer[..<(6 + length)])
    }

    // MARK: Answers

    private func answer(serial frame: [UInt8]) -> [Answer] {
        signed(frame[0], answer(unit: frame[0], pdu: frame[1...], transaction: 0))
    }

    private func answer(tcp frame: [UInt8]) -> [Answer] {
        let transaction = UInt16(frame[0]) << 8 | UInt16(frame[1])
        return signed(frame[6], answer(unit: frame[6], pdu: frame[7...], transaction: transaction))
    }

    private func signed(_ unit: UInt8, _ answers: [Answer]) -> [Answer] {
        answers.map { answer in
            var signed = answer
            signed.unit = unit
            return signed
        }
    }

    private func answer(unit: UInt8, pdu: ArraySlice<UInt8>, transaction: UInt16) -> [Answer] {
        guard let fault = bank.fault(of: unit, on: line) else { return [] }
        let reply = reply(unit: unit, pdu: pdu)
        func framed(_ pdu: [UInt8], as unit: UInt8) -> [UInt8] {
            framing.frame(unit: unit, pdu: pdu, transaction: transaction)
        }
        let sound = framed(reply, as: unit)
        switch fault {
        case .silent: return []
        case .none: return [Answer(sound)]
        case .exception(let code): return [Answer(framed(refusal(pdu, code: code), as: unit))]
        case .late(let delay): return [Answer(sound, after: delay)]
        case .otherUnit: return [Answer(framed(reply, as: unit == 247 ? 1 : unit + 1))]
        case .wrongFunction: return [Answer(framed([reply[0] ^ 7] + reply.dropFirst(), as: unit))]
        case .wrongByteCount:
            let longer = [reply[0], UInt8(clamping: reply.count)] + reply.dropFirst(2) + [0, 0]
            return [Answer(framed(longer, as: unit))]
        case .damaged:
            // A CRC stands at the end, a transaction id in front.
            var broken = sound
            broken[framing == .rtu ? broken.count - 1 : 1] ^= 0xFF
            return [Answer(broken)]
        case .truncated(let missing): return [Answer(Array(sound.dropLast(missing)))]
        case .doubled: return [Answer(sound + sound)]
        case .tooLong(let more): return [Answer(sound + [UInt8](repeating: 0x55, count: more))]
        case .echoed: return [Answer(framed(Array(pdu), as: unit) + sound)]
        case .dripping(let apart):
            return sound.enumerated().map { Answer([$0.element], after: $0.offset * apart) }
        case .babbling(let length): return MeterFrames.noise(of: unit, milliseconds: length)
        }
    }

    /// Parcels of bytes; not one pattern, and some of it looks like the beginning of a frame.
    private static func noise(of unit: UInt8, milliseconds: Int) -> [Answer] {
        stride(from: 0, to: milliseconds, by: babblePeriod).map { time in
            Answer((0..<16).map { $0 == 0 ? unit : UInt8(truncatingIfNeeded: time &* 31 &+ $0 &* 7) }, after: time)
        }
    }

    private func refusal(_ pdu: ArraySlice<UInt8>, code: UInt8) -> [UInt8] {
        [(pdu.first ?? 0) | 0x80, code]
    }

    /// function, address, count → function, byte count, data. Exceptions: 1 function, 2 address, 3 value.
    private func reply(unit: UInt8, pdu: ArraySlice<UInt8>) -> [UInt8] {
        let request = Array(pdu)
        let tables: [UInt8: ModbusTable] = [1: .coil, 2: .discrete, 3: .holding, 4: .input]
        guard let function = request.first, let table = tables[function] else { return refusal(pdu, code: 1) }
        guard request.count == 5 else { return refusal(pdu, code: 3) }
        let address = UInt16(request[1]) << 8 | UInt16(request[2])
        let count = Int(request[3]) << 8 | Int(request[4])
        guard (1...(table.isBits ? ModbusLimit.bits : ModbusLimit.registers)).contains(count) else {
            return refusal(pdu, code: 3)
        }
        guard let words = bank.words(unit: unit, on: line, table: table, address: address, count: count) else {
            return refusal(pdu, code: 2)
        }
        let data = table.isBits ? packed(words) : words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        return [function, UInt8(data.count)] + data
    }

    /// Eight bits a byte, the first one lowest.
    private func packed(_ bits: [UInt16]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
        for (index, bit) in bits.enumerated() where bit != 0 { bytes[index / 8] |= 1 << UInt8(index % 8) }
        return bytes
    }
}
