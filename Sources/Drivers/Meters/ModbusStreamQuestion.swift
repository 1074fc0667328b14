// A question in Modbus TCP frames. The transaction id tells every late answer from the one that is waited for.

struct ModbusStreamQuestion: BusQuestion {
    private static let headerLength = 7
    /// Some fifteen late answers: whatever goes on is no conversation.
    private static let mostBytes = 4096

    let question: ModbusQuestion
    let frame: [UInt8]
    private(set) var state = ReplyState<ModbusReply>.waiting
    private let transaction: UInt16
    private var bytes: [UInt8] = []
    private var cursor = 0
    private var lateAnswers = 0

    init(_ question: ModbusQuestion, transaction: UInt16) {
        self.question = question
        self.transaction = transaction
        frame = ModbusFraming.tcp.frame(unit: question.unit, pdu: question.pdu, transaction: transaction)
    }

    var longestReply: Int { 0 }
    var rest: ArraySlice<UInt8> { bytes[cursor...] }
    var isEchoed: Bool { false }

    mutating func take(_ new: some Collection<UInt8>) {
        bytes += new
        while state == .waiting, let frame = nextFrame() { judge(frame) }
        if state == .waiting, bytes.count > ModbusStreamQuestion.mostBytes {
            state = .unusable(reason: "a stream of bytes without an answer")
        }
    }

    mutating func silence() {}

    var complaint: String? {
        if lateAnswers > 0 { return "\(lateAnswers) answers to earlier questions" }
        return rest.isEmpty ? nil : "\(rest.count) bytes that are no whole answer"
    }

    private mutating func nextFrame() -> ArraySlice<UInt8>? {
        guard bytes.count - cursor >= ModbusStreamQuestion.headerLength else { return nil }
        let length = Int(bytes[cursor + 4]) << 8 | Int(bytes[cursor + 5])
        guard bytes[cursor + 2] == 0, bytes[cursor + 3] == 0, (3...254).contains(length) else {
            state = .unusable(reason: "no Modbus TCP frame")
            return nil
        }
        guard bytes.count - cursor >= 6 + length else { return nil }
        defer { cursor += 6 + length }
        return bytes[cursor..<(cursor + 6 + length)]
    }

    private mutating func judge(_ reply: ArraySlice<UInt8>) {
        let start = reply.startIndex
        guard UInt16(reply[start]) << 8 | UInt16(reply[start + 1]) == transaction else {
            lateAnswers += 1
            return
        }
        let shape = question.shape
        let function = reply[start + 7]
        let data = reply[(start + 8)...]
        if reply[start + 6] != question.unit {
            state = .unusable(reason: "unit \(reply[start + 6]) answered instead")
        } else if function == shape.function | 0x80, data.count == 1 {
            state = .answered(.exception(ModbusException(code: Int(reply[start + 8]))))
        } else if function == shape.function, data.count == 1 + shape.bytes, Int(reply[start + 8]) == shape.bytes {
            state = .answered(.words(question.words(in: data.dropFirst())))
        } else {
            state = .unusable(reason: "a wrong function or length")
        }
    }
}
