import Testing

@testable import Drivers

/// What a line may bring instead of an answer, byte by byte, and what is made of it.
struct HostileReplyTests {
    /// 05 03 0000 0002: unit 5, two holding registers from 0.
    private let question = ModbusQuestion(unit: 5, table: .holding, address: 0, count: 2)
    /// unit, function, 4 bytes, 1 and 0xE240, CRC
    private let answer = hex("05 03 04 00 01 E2 40 A7 63")
    private let words = ReplyState.answered(ModbusReply.words([1, 0xE240]))

    private func serial(_ bytes: [UInt8], silence: Bool = false) -> ReplyState<ModbusReply> {
        var asked = ModbusSerialQuestion(question)
        asked.take(bytes)
        if silence { asked.silence() }
        return asked.state
    }

    private func withCRC(_ text: String) -> [UInt8] {
        let bytes = hex(text)
        return bytes + [UInt8(modbusCRC(bytes) & 0xFF), UInt8(modbusCRC(bytes) >> 8)]
    }

    @Test func theQuestionOnTheWire() {
        #expect(ModbusSerialQuestion(question).frame == hex("05 03 00 00 00 02 C5 8F"))
        let frame = hex(
            """
            12 34       // transaction id
            00 00       // protocol: Modbus
            00 06       // bytes that follow
            05          // unit
            01          // read coils
            01 02 07 D0 // 2000 from 0x0102
            """)
        let coils = ModbusQuestion(unit: 5, table: .coil, address: 0x0102, count: 2000)
        #expect(ModbusStreamQuestion(coils, transaction: 0x1234).frame == frame)
    }

    @Test func anAnswerInAnyParcels() {
        #expect(serial(answer) == words)
        var asked = ModbusSerialQuestion(question)
        for byte in answer {
            #expect(asked.state == .waiting)
            asked.take([byte])
        }
        #expect(asked.state == words)
    }

    @Test func behindNoiseAnEchoOrSomebodyElse() {
        #expect(serial([0x00, 0xFF, 0x05] + answer) == words)
        // A line that is let go makes a glitch or two.
        #expect(serial(answer + [0x00]) == words)
        #expect(serial(answer + [0x00, 0xFF, 0x00]) == words)
        var asked = ModbusSerialQuestion(question)
        asked.take(asked.frame + answer)
        #expect(asked.state == words)
        #expect(asked.isEchoed)
        // The late answer of unit 6, then ours.
        #expect(serial(withCRC("06 03 04 00 09 00 09") + answer) == words)
    }

    @Test func anEchoThatLooksLikeAnAnswer() {
        // Byte by byte and behind a glitch: 17 coils from 0x0303; its third byte could be a byte count.
        let coils = ModbusQuestion(unit: 5, table: .coil, address: 0x0303, count: 17)
        for noise in [[], [0x00]] as [[UInt8]] {
            var asked = ModbusSerialQuestion(coils)
            for byte in noise + asked.frame { asked.take([byte]) }
            asked.silence()
            #expect(asked.state == .waiting)
            #expect(asked.isEchoed)
            for byte in withCRC("05 01 03 01 00 00") { asked.take([byte]) }
            #expect(asked.state == .answered(.words([1] + Array(repeating: 0, count: 16))))
        }
        // One register at 0x0203: seven bytes of the echo look like an answer with a wrong checksum.
        var asked = ModbusSerialQuestion(ModbusQuestion(unit: 5, table: .holding, address: 0x0203, count: 1))
        for byte in asked.frame { asked.take([byte]) }
        asked.silence()
        #expect(asked.state == .waiting)
        asked.take(withCRC("05 03 02 12 34"))
        #expect(asked.state == .answered(.words([0x1234])))
    }

    @Test func anEchoAloneIsNoAnswer() {
        var asked = ModbusSerialQuestion(question)
        asked.take(asked.frame)
        #expect(asked.state == .waiting)
        #expect(asked.complaint == nil)
    }

    @Test func whatIsNoAnswer() {
        let late = ReplyState<ModbusReply>.unusable(reason: "an answer to another question, most likely a late one")
        #expect(serial(withCRC("05 03 02 00 01")) == late, "too short")
        #expect(serial(withCRC("05 03 06 00 01 00 02 00 03")) == late, "too long")
        #expect(serial(withCRC("05 04 04 00 01 E2 40")) == late, "another function")
        #expect(serial(withCRC("05 84 02")) == late, "a refusal of another function")
        // Even with the right one behind it: there is no telling what else is under way.
        #expect(serial(withCRC("05 03 02 00 01") + answer) == late)
        let more = ReplyState<ModbusReply>.unusable(reason: "more bytes behind the answer")
        #expect(serial(answer + answer) == more, "doubled")
        #expect(serial(answer + [0x55]) == more, "too long")
        #expect(serial(answer.dropLast(1) + [0]) == .waiting, "a wrong checksum may still be noise")
        #expect(serial(answer.dropLast(1) + [0], silence: true) == .unusable(reason: "a wrong checksum"))
        #expect(serial(Array(answer.dropLast(3)), silence: true) == .waiting, "truncated")
        #expect(serial(withCRC("06 03 04 00 09 00 09"), silence: true) == .waiting, "another unit")
    }

    @Test func bytesThatComeAfterTheAnswer() {
        var asked = ModbusSerialQuestion(question)
        asked.take(answer)
        asked.take([])
        #expect(asked.state == words)
        asked.take([0x17])
        #expect(asked.state == .unusable(reason: "more bytes behind the answer"))
    }

    @Test func anEndlessStreamIsGivenUp() {
        var asked = ModbusSerialQuestion(question)
        var sent = 0
        while asked.state == .waiting, sent < 10_000 {
            asked.take((0..<16).map { UInt8(truncatingIfNeeded: sent &* 7 &+ $0) })
            sent += 16
        }
        #expect(asked.state == .unusable(reason: "a stream of bytes without an answer"))
        #expect(sent < 1000)
    }

    @Test func refusals() {
        #expect(serial(withCRC("05 83 02")) == .answered(.exception(ModbusException(code: 2))))
    }

    // MARK: Modbus TCP

    private func stream(_ text: String) -> ReplyState<ModbusReply> {
        var asked = ModbusStreamQuestion(question, transaction: 7)
        asked.take(hex(text))
        return asked.state
    }

    @Test func streams() {
        #expect(stream("00 07 00 00 00 07 05 03 04 00 01 E2 40") == words)
        #expect(stream("00 07 00 00 00 03 05 83 06") == .answered(.exception(ModbusException(code: 6))))
        // An answer to transaction 6.
        #expect(stream("00 06 00 00 00 07 05 03 04 00 09 00 09") == .unusable(reason: "an answer to another question"))
        #expect(
            stream("00 07 00 00 00 07 05 03 04 00 01 E2 40 00") == .unusable(reason: "more bytes behind the answer"))
        #expect(stream("00 07 00 00 00 07 05 03 04 00 01 E2") == .waiting, "truncated")
        #expect(stream("00 07 00 00 00 07 06 03 04 00 01 E2 40") == .unusable(reason: "unit 6 answered instead"))
        for (text, what) in [
            ("00 07 00 00 00 07 05 04 04 00 01 E2 40", "another function"),
            ("00 07 00 00 00 05 05 03 02 00 01", "too short"),
            ("00 07 00 00 00 09 05 03 06 00 01 00 02 00 03", "too long"),
            ("00 07 00 00 00 07 05 03 06 00 01 E2 40", "another byte count than it says"),
            ("00 07 00 00 00 04 05 83 06 00", "a refusal with more in it"),
        ] {
            #expect(stream(text) == .unusable(reason: "a wrong function or length"), "\(what)")
        }
        #expect(stream("00 07 00 01 00 07 05 03 04") == .unusable(reason: "no Modbus TCP frame"))
        #expect(stream("00 07 00 00 01 07 05 03 04") == .unusable(reason: "no Modbus TCP frame"))
    }

    /// Whatever comes, it ends, and it is no value unless it is the answer.
    @Test func noiseIsNeverAValue() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("HostileReplyTests seed \(seed)")
        var random = SeededRandom(seed: seed)
        for round in 0..<20_000 {
            var asked = ModbusSerialQuestion(question)
            var onStream = ModbusStreamQuestion(question, transaction: 7)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                // Noise that likes to look like frames.
                let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ -> UInt8 in
                    Bool.random(using: &random)
                        ? [5, 3, 4, 0, 7, 0x83].randomElement(using: &random)!
                        : UInt8.random(in: 0...255, using: &random)
                }
                asked.take(bytes)
                onStream.take(bytes)
                if Bool.random(using: &random) { asked.silence() }
            }
            if case .answered(.words) = asked.state { Issue.record("seed \(seed) round \(round)") }
            if case .answered(.words) = onStream.state { Issue.record("seed \(seed) round \(round), stream") }
        }
    }
}
