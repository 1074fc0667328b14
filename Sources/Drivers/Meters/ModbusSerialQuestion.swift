// A question in serial frames (RTU), and the search for its answer in whatever the line brings.
//
// On a long, badly terminated line an answer may come behind noise, behind an echo of the question, or behind the
// late answer of somebody else. All of that is passed over: only a frame with the right unit, function, byte
// count and CRC, and nothing behind it, is an answer. A sound frame of the asked unit that answers something
// else is a late one: then order is lost, and nothing is believed until it is restored (ReplyOrder).

struct ModbusSerialQuestion: BusQuestion {
    /// More than an echo, a foreign frame and an answer: whatever goes on is no conversation.
    private static let mostBytes = 8 + 2 * 256
    /// A driver that lets go of a line without bias makes a glitch or two behind its frame.
    private static let mostGlitches = 3

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

    mutating func take(_ new: ArraySlice<UInt8>) {
        guard !new.isEmpty else { return }
        if case .unusable = state { return }
        bytes += new
        if case .answered = state {
            if !isGlitch(bytes[cursor...]) { state = .unusable(reason: "more bytes behind the answer") }
            return
        }
        findEcho()
        search(butNotFrom: isEchoed ? bytes.count : startOfEcho)
        if state == .waiting, bytes.count > ModbusSerialQuestion.mostBytes {
            state = .unusable(reason: "a stream of bytes without an answer")
        }
    }

    mutating func silence() {
        guard state == .waiting else { return }
        search(butNotFrom: bytes.count)
        if state == .waiting, hasBadChecksum { state = .unusable(reason: "a wrong checksum") }
    }

    var complaint: String? {
        if hasBadChecksum { return "a wrong checksum" }
        if let foreignUnit { return "unit \(foreignUnit) answered instead" }
        guard bytes.count > (isEchoed ? frame.count : 0) else { return nil }
        return "\(bytes.count) bytes that are no answer"
    }

    // MARK: Echoes

    /// Some two-wire adapters hear themselves, at times behind a glitch.
    private mutating func findEcho() {
        guard !isEchoed, bytes.count >= frame.count else { return }
        for start in 0...(bytes.count - frame.count) where bytes[start...].starts(with: frame) {
            isEchoed = true
            cursor = start + frame.count
            hasBadChecksum = false
            return
        }
    }

    /// Where an echo begins that is not whole yet.
    private var startOfEcho: Int {
        let longest = min(frame.count - 1, bytes.count)
        for length in stride(from: longest, to: 0, by: -1) where bytes.suffix(length).elementsEqual(frame[..<length]) {
            return bytes.count - length
        }
        return bytes.count
    }

    // MARK: Answers

    private mutating func search(butNotFrom end: Int) {
        var place = cursor
        while place < end {
            guard let length = ModbusFraming.replyLength(in: bytes, at: place), bytes.count >= place + length else {
                place += 1
                continue
            }
            guard ModbusFraming.isSound(bytes[place..<(place + length)]) else {
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
        if !isGlitch(bytes[cursor...]) {
            state = .unusable(reason: "more bytes behind the answer")
        } else if reply[start + 1] & 0x80 != 0 {
            state = .answered(.exception(ModbusException(code: Int(reply[start + 2]))))
        } else {
            state = .answered(.words(question.words(in: reply[(start + 3)..<(reply.endIndex - 2)])))
        }
    }

    /// Nothing, or what a line does when it is let go: a break, or a level that does not settle.
    private func isGlitch(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.count <= ModbusSerialQuestion.mostGlitches && bytes.allSatisfy { $0 == 0x00 || $0 == 0xFF }
    }
}
