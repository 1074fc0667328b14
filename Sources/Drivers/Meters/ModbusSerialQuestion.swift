// A question in serial frames (RTU), and the search for its answer in whatever the line brings.
//
// On a long, badly terminated line an answer may come behind noise, behind an echo of the question, or behind the
// late answer to somebody else. All of that is passed over: only a frame with the right unit, function, byte
// count and CRC, and nothing behind it, is an answer. A sound frame of the asked unit that answers something
// else is a late one: then order is lost, and nothing is believed until it is restored (ReplyOrder).

struct ModbusSerialQuestion: BusQuestion {
    /// More than an echo, a foreign frame and an answer: whatever goes on is no conversation.
    private static let mostBytes = 8 + 2 * 256
    /// unit, function, code, CRC
    private static let exceptionLength = 5

    let question: ModbusQuestion
    let frame: [UInt8]
    private(set) var state = ReplyState<ModbusReply>.waiting
    private(set) var isEchoed = false
    private var bytes: [UInt8] = []
    /// Up to here everything is understood and passed over.
    private var cursor = 0
    private var foreignUnit: UInt8?
    private var hasBadChecksum = false

    init(_ question: ModbusQuestion) {
        self.question = question
        frame = ModbusFraming.rtu.frame(unit: question.unit, pdu: question.pdu, transaction: 0)
    }

    var longestReply: Int { 5 + question.shape.bytes }

    mutating func take(_ new: some Collection<UInt8>) {
        guard !new.isEmpty else { return }
        if case .unusable = state { return }
        if case .answered = state {
            state = .unusable(reason: "more bytes behind the answer")
            return
        }
        bytes += new
        search()
        if state == .waiting, bytes.count > ModbusSerialQuestion.mostBytes {
            state = .unusable(reason: "a stream of bytes without an answer")
        }
    }

    mutating func silence() {
        if state == .waiting, hasBadChecksum { state = .unusable(reason: "a wrong checksum") }
    }

    var complaint: String? {
        if hasBadChecksum { return "a wrong checksum" }
        if let foreignUnit { return "unit \(foreignUnit) answered instead" }
        guard bytes.count > (isEchoed ? frame.count : 0) else { return nil }
        return "\(bytes.count) bytes that are no answer"
    }

    private mutating func search() {
        // Some two-wire adapters hear themselves.
        if !isEchoed, cursor == 0, bytes.starts(with: frame) {
            isEchoed = true
            cursor = frame.count
        }
        var place = cursor
        while place < bytes.count {
            guard let length = replyLength(at: place), bytes.count >= place + length else {
                place += 1
                continue
            }
            guard isSound(place..<(place + length)) else {
                if isShapedRight(place) { hasBadChecksum = true }
                place += 1
                continue
            }
            cursor = place + length
            judge(bytes[place..<cursor])
            guard state == .waiting else { return }
            place = cursor
        }
    }

    /// The length of a frame that would begin here; nil while that cannot be said, or for no answer to a read.
    private func replyLength(at place: Int) -> Int? {
        guard place + 2 < bytes.count, (1...4).contains(bytes[place + 1] & 0x7F) else { return nil }
        return bytes[place + 1] & 0x80 != 0 ? ModbusSerialQuestion.exceptionLength : 5 + Int(bytes[place + 2])
    }

    private func isSound(_ range: Range<Int>) -> Bool {
        let crc = UInt16(bytes[range.upperBound - 2]) | UInt16(bytes[range.upperBound - 1]) << 8
        return modbusCRC(bytes[range.lowerBound..<(range.upperBound - 2)]) == crc
    }

    private func isShapedRight(_ place: Int) -> Bool {
        bytes[place] == question.unit
            && (bytes[place + 1] == question.shape.function && Int(bytes[place + 2]) == question.shape.bytes
                || bytes[place + 1] == question.shape.function | 0x80)
    }

    /// A sound frame.
    private mutating func judge(_ reply: ArraySlice<UInt8>) {
        let start = reply.startIndex
        guard reply[start] == question.unit else {
            foreignUnit = reply[start]
            return
        }
        guard isShapedRight(start) else {
            state = .unusable(reason: "an answer to another question, most likely a late one")
            return
        }
        if cursor < bytes.count {
            state = .unusable(reason: "more bytes behind the answer")
        } else if reply[start + 1] & 0x80 != 0 {
            state = .answered(.exception(ModbusException(code: Int(reply[start + 2]))))
        } else {
            state = .answered(.words(question.words(in: reply[(start + 3)..<(reply.endIndex - 2)])))
        }
    }
}
