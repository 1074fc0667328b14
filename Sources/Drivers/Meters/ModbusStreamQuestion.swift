// A question in Modbus TCP frames. A failure ends the connection, so no earlier answer is under way on it; the
// transaction id is checked all the same. There is no checksum: bytes that do not belong together could pass for a
// frame, so nothing may stand in front of the answer or behind it.

struct ModbusStreamQuestion: BusQuestion {
    private static let headerLength = 7

    let question: ModbusQuestion
    let frame: [UInt8]
    private(set) var state = ReplyState<ModbusReply>.waiting
    private let transaction: UInt16
    private var bytes: [UInt8] = []

    init(_ question: ModbusQuestion, transaction: UInt16) {
        self.question = question
        self.transaction = transaction
        frame = ModbusFraming.tcp.frame(unit: question.unit, pdu: question.pdu, transaction: transaction)
    }

    var longestReply: Int { 0 }
    var isEchoed: Bool { false }

    mutating func take(_ new: ArraySlice<UInt8>) {
        guard !new.isEmpty else { return }
        if case .unusable = state { return }
        bytes += new
        guard bytes.count >= ModbusStreamQuestion.headerLength else { return }
        let length = Int(bytes[4]) << 8 | Int(bytes[5])
        guard bytes[2] == 0, bytes[3] == 0, (3...254).contains(length) else {
            state = .unusable(reason: "no Modbus TCP frame")
            return
        }
        guard bytes.count >= 6 + length else { return }
        state = bytes.count > 6 + length ? .unusable(reason: "more bytes behind the answer") : judge()
    }

    mutating func silence() {}

    var complaint: String? { bytes.isEmpty ? nil : "\(bytes.count) bytes that are no whole answer" }

    private func judge() -> ReplyState<ModbusReply> {
        guard UInt16(bytes[0]) << 8 | UInt16(bytes[1]) == transaction else {
            return .unusable(reason: "an answer to another question")
        }
        guard bytes[6] == question.unit else { return .unusable(reason: "unit \(bytes[6]) answered instead") }
        let shape = question.shape
        let data = bytes[8...]
        if bytes[7] == shape.function | 0x80, data.count == 1 {
            return .answered(.exception(ModbusException(code: Int(bytes[8]))))
        }
        guard bytes[7] == shape.function, data.count == 1 + shape.bytes, Int(bytes[8]) == shape.bytes else {
            return .unusable(reason: "a wrong function or length")
        }
        return .answered(.words(question.words(in: data.dropFirst())))
    }
}
