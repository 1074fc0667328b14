import Testing

@testable import Drivers

/// Frames byte by byte: what a meter answers, without any I/O.
struct MeterFramesTests {
    let bank = MeterBank()

    init() {
        bank.set(unit: 5, table: .holding, address: 0, words: [0x0001, 0xE240])
        bank.set(unit: 5, table: .coil, address: 0x0013, words: [1, 0, 1, 1, 0, 0, 1, 1, 1, 1])
    }

    /// 05 03 0000 0002 and its CRC: unit 5, two holding registers from 0.
    let request = hex("05 03 00 00 00 02 C5 8F")
    let answer = hex(
        """
        05          // unit
        03          // read holding registers
        04          // bytes
        00 01 E2 40 // 123456
        A7 63       // CRC, low byte first
        """)

    private func rtu(_ bytes: [UInt8]) -> [[UInt8]] {
        var frames = MeterFrames(framing: .rtu, bank: bank)
        return frames.take(bytes).map(\.bytes)
    }

    private func withCRC(_ bytes: [UInt8]) -> [UInt8] {
        let crc = modbusCRC(bytes)
        return bytes + [UInt8(crc & 0xFF), UInt8(crc >> 8)]
    }

    @Test func crcOfTheStandardsExample() {
        // Modbus over Serial Line 1.02, appendix B: 02 07 → 41 12 on the wire.
        #expect(modbusCRC([0x02, 0x07]) == 0x1241)
    }

    @Test func readsHoldingRegisters() { #expect(rtu(request) == [answer]) }

    @Test func readsBitsLowestFirst() {
        // Bits 13h…1Ch: 1,0,1,1,0,0,1,1 | 1,1 → CD 03
        #expect(rtu(withCRC(hex("05 01 00 13 00 0A"))) == [withCRC(hex("05 01 02 CD 03"))])
    }

    @Test(arguments: [
        ("05 10 00 00 00 01 02 00 00", "05 90 01", "writing is no function here"),
        ("05 2B 0E 01 00", "05 AB 01", "nor is identification"),
        ("05 03 00 01 00 02", "05 83 02", "the second register is not there"),
        ("05 04 00 00 00 01", "05 84 02", "another table"),
        ("05 03 00 00 00 7E", "05 83 03", "126 registers"),
        ("05 03 00 00 00 00", "05 83 03", "none"),
    ])
    func refuses(asked: String, refusal: String, why: String) {
        #expect(rtu(withCRC(hex(asked))) == [withCRC(hex(refusal))], "\(why)")
    }

    @Test func isSilentForOthersAndForDamagedRequests() {
        #expect(rtu(withCRC(hex("06 03 00 00 00 02"))) == [])
        #expect(rtu(hex("05 03 00 00 00 02 C5 8E")) == [])
    }

    @Test func takesFramesInPiecesAndTwoAtOnce() {
        var frames = MeterFrames(framing: .rtu, bank: bank)
        #expect(frames.take(request.prefix(3)) == [])
        #expect(frames.take(request.dropFirst(3)).map(\.bytes) == [answer])
        #expect(frames.take(request + request).map(\.bytes) == [answer, answer])
    }

    @Test func findsAFrameBehindNoise() { #expect(rtu([0x00, 0x03] + request) == [answer]) }

    @Test func silenceDropsPartOfAFrame() {
        var frames = MeterFrames(framing: .rtu, bank: bank)
        _ = frames.take(request.prefix(5))
        #expect(frames.isWaiting)
        frames.silence()
        #expect(frames.take(request).map(\.bytes) == [answer])
    }

    @Test func noiseIsBounded() {
        var frames = MeterFrames(framing: .rtu, bank: bank)
        for _ in 0..<100 { _ = frames.take([UInt8](repeating: 0x63, count: 100)) }
        frames.silence()
        #expect(frames.take(request).map(\.bytes) == [answer])
    }

    @Test func answersOverTCP() {
        var frames = MeterFrames(framing: .tcp, bank: bank)
        let asked = hex(
            """
            12 34 // transaction
            00 00 // protocol
            00 06 // bytes that follow
            05    // unit
            03 00 00 00 02
            """)
        let answered = hex("12 34 00 00 00 07 05 03 04 00 01 E2 40")
        #expect(frames.take(asked.prefix(7)) == [])
        #expect(frames.take(asked.dropFirst(7) + asked).map(\.bytes) == [answered, answered])
        #expect(!frames.isBroken)
    }

    @Test func aStreamThatIsNotModbusIsBroken() {
        var frames = MeterFrames(framing: .tcp, bank: bank)
        #expect(frames.take(Array("GET / HTTP/1.1\r\n".utf8)) == [])
        #expect(frames.isBroken)
    }

    @Test func faults() {
        bank.set(unit: 5, fault: .damaged)
        #expect(rtu(request).map { modbusCRC($0) != 0 } == [true])
        bank.set(unit: 5, fault: .silent)
        #expect(rtu(request) == [])
        bank.set(unit: 5, fault: .exception(code: 4))
        #expect(rtu(request) == [withCRC(hex("05 83 04"))])
        bank.set(unit: 5, fault: .late(milliseconds: 300))
        var frames = MeterFrames(framing: .rtu, bank: bank)
        #expect(frames.take(request).map(\.delayMilliseconds) == [300])
    }
}
