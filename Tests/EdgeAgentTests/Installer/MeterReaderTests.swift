// Both ways to ask a meter give the same: over a port of one's own, and through the daemon that has the port.

import Drivers
import Testing

@testable import EdgeAgent

/// What every `MeterReader` must do; unit 5 holds 0x0001 0xE240 0x0007 from holding 0 on.
private func conforms(_ reader: any MeterReader, _ bank: MeterBank) throws {
    func ask(_ unit: UInt8, _ table: ModbusTable, _ address: UInt16, _ count: Int) -> ModbusExchange {
        reader.read(
            ModbusQuestion(unit: unit, table: table, address: address, count: count), timeoutMilliseconds: 300)
    }
    let words = ask(5, .holding, 0, 3)
    #expect(try words.reply.get() == .words([0x0001, 0xE240, 7]))
    // 05 03 0000 0003 and its CRC
    #expect(words.sent == [0x05, 0x03, 0, 0, 0, 3, 0x04, 0x4F])
    #expect(words.received.starts(with: [0x05, 0x03, 6, 0, 1, 0xE2, 0x40, 0, 7]))
    #expect((1...1_000_000_000).contains(words.roundTripNanoseconds))

    bank.set(unit: 8, table: .coil, address: 4, words: [1, 0, 1])
    #expect(try ask(8, .coil, 4, 3).reply.get() == .words([1, 0, 1]))

    let refused = ask(5, .input, 0, 1)
    #expect(try refused.reply.get() == .exception(ModbusException(code: 2)))
    #expect(refused.received.count == 5)

    let silent = ask(6, .holding, 0, 1)
    guard case .failure(let error) = silent.reply else {
        Issue.record("unit 6 answers")
        return
    }
    #expect(error.kind == .timedOut)
    #expect(error.message.hasSuffix("unit 6: no answer within 300 ms"))
    #expect(!error.advice.isEmpty)
    #expect(silent.sent.count == 8)
    #expect(silent.received.isEmpty)
    // And the next question is answered.
    #expect(try ask(5, .holding, 2, 1).reply.get() == .words([7]))
}

@Suite struct MeterReaderTests {
    @Test func overAPortOfOnesOwn() throws {
        let bank = MeterBank()
        bank.set(unit: 5, table: .holding, address: 0, words: [0x0001, 0xE240, 7])
        let server = try ModbusServer(serial: bank)
        let stop = try StopSignal()
        let thread = Worker(name: "meters") { server.serve(until: stop) }
        let settings = BusSettings(name: "", transport: server.transport)
        try conforms(DirectReader(settings: settings, port: StreamPort(settings: settings)), bank)
        stop.stop()
        #expect(thread.join(withinMilliseconds: patienceMilliseconds))
    }

    @Test func overASimulatedPort() throws {
        let bank = MeterBank()
        bank.set(unit: 5, table: .holding, address: 0, words: [0x0001, 0xE240, 7])
        let line = SimulatedLine()
        let port = SimulatedPort(settings: line.settings, bank: bank, clock: line.clock)
        try conforms(DirectReader(settings: line.settings, port: port), bank)
    }

    @Test func throughTheDaemon() throws {
        let served = try ServedBus()
        defer { served.end() }
        try conforms(DaemonReader(bus: "rs485", socket: served.socket), served.bank)
    }

    @Test func aDaemonThatIsNotThereIsSaid() throws {
        let folder = try TemporaryFolder()
        let reader = DaemonReader(bus: "rs485", socket: folder.path + "/no.sock")
        let reply = reader.read(
            ModbusQuestion(unit: 1, table: .holding, address: 0, count: 1), timeoutMilliseconds: 100
        ).reply
        guard case .failure(let error) = reply else {
            Issue.record("nobody answers")
            return
        }
        #expect(error.message.hasSuffix("does not answer: No such file or directory"))
    }
}

@Suite struct ExchangeQuestionTests {
    @Test func aQuestionInWords() throws {
        let (question, timeout) = try #require(
            InstallerDesk.question(["exchange", "rs485", "5", "input", "342", "2", "1000"]))
        #expect(question == ModbusQuestion(unit: 5, table: .input, address: 342, count: 2))
        #expect(timeout == 1000)
    }

    @Test(arguments: [
        "exchange rs485 0 holding 0 1 1000", "exchange rs485 248 holding 0 1 1000", "exchange rs485 5 write 0 1 1000",
        "exchange rs485 5 holding 65536 1 1000", "exchange rs485 5 holding 65535 2 1000",
        "exchange rs485 5 holding 0 126 1000", "exchange rs485 5 coil 0 2001 1000", "exchange rs485 5 holding 0 0 1000",
        "exchange rs485 5 holding 0 1 10", "exchange rs485 5 holding 0 1 5001", "exchange rs485 5 holding 0 1",
    ])
    func whatNoMeterCanBeAskedIsRefused(_ line: String) {
        #expect(InstallerDesk.question(line.split(separator: " ").map(String.init)) == nil)
    }

    @Test func anAnswerComesBackAsItWas() throws {
        let answers: [Result<ModbusReply, BusError>] = [
            .success(.words([0, 0xFFFF])), .success(.exception(ModbusException(code: 2))),
            .failure(BusError(kind: .damaged, message: "noise", advice: "look")),
        ]
        for reply in answers {
            let exchange = ModbusExchange(
                reply: reply, sent: [1, 0xAB], received: [0], roundTripNanoseconds: 5_000_000)
            let back = try #require(ExchangeAnswer(exchange).exchange)
            #expect(back.reply == reply)
            #expect(back.sent == [1, 0xAB])
            #expect(back.received == [0])
            #expect(back.roundTripNanoseconds == 5_000_000)
        }
    }
}
