import Testing

@testable import Drivers

/// The bank over simulated lines, with a clock that the test moves.
struct LineBankTests {
    private let clock = TestClock()
    private let board: SimulatedBoard

    init() {
        let clock = self.clock
        clock.set(100)
        board = SimulatedBoard(clock: { clock.now })
    }

    private func input(
        _ channel: Int, _ line: String, isSafety: Bool = false, activeLow: Bool = false, bias: Bias = .pullDown,
        debounce: Int = 0
    ) -> InputPlan {
        InputPlan(
            channel: Channel(channel),
            settings: LineSettings(
                name: "input\(channel)", line: line, direction: .input, activeLow: activeLow, bias: bias,
                debounceMilliseconds: debounce),
            isSafety: isSafety)
    }

    private func bank(_ inputs: [InputPlan], outputs: [String] = []) -> LineBank<SimulatedLines> {
        LineBank(
            port: SimulatedLines(board: board), inputs: inputs,
            outputs: outputs.map { LineSettings(name: $0, line: $0, direction: .output) })
    }

    /// Waits for the descriptors as the agent's loop does.
    private func serve(_ bank: inout LineBank<SimulatedLines>) -> [Sample] {
        let ready = bank.descriptors.filter { becomesReadable($0, milliseconds: 0) }
        return bank.service(ready: ready, now: clock.now)
    }

    private func levels(_ samples: [Sample]) -> [String] {
        samples.map { "\($0.channel.index)=\($0.integer.map(String.init) ?? "absent")" }
    }

    @Test func saysFirstLevelsAndThenEdgesAtTheirTime() {
        board.set(line: "A", level: true)
        var bank = bank([input(0, "A", isSafety: true), input(1, "B")])
        #expect(levels(bank.open(now: clock.now)) == ["0=1", "1=0"])
        clock.set(101)
        board.set(line: "B", level: true)
        clock.set(101.5)
        board.set(line: "B", level: false)
        clock.set(102)
        let samples = serve(&bank)
        #expect(levels(samples) == ["1=1", "1=0"])
        #expect(samples.map(\.time) == [at(101), at(101.5)])
        #expect(serve(&bank).isEmpty)
    }

    @Test func safetyLinesAreReadEachSecondOthersEachMinute() {
        var bank = bank([input(0, "A", isSafety: true), input(1, "B")])
        _ = bank.open(now: clock.now)
        #expect(bank.nextDue == at(101))
        #expect(bank.reread(now: at(100.5)).isEmpty)
        #expect(levels(bank.reread(now: at(101))) == ["0=0"])
        #expect(levels(bank.reread(now: at(160))) == ["0=0", "1=0"])
    }

    @Test func aLostEdgeOfASafetyLineCostsOneSecond() {
        var bank = bank([input(0, "smoke", isSafety: true, activeLow: true, bias: .pullUp)])
        #expect(levels(bank.open(now: clock.now)) == ["0=0"])
        board.dropNextEdge(line: "smoke")
        board.set(line: "smoke", level: false)
        #expect(serve(&bank).isEmpty)
        #expect(levels(bank.reread(now: at(101))) == ["0=1"])
    }

    @Test func aLevelThatContradictsTheLastEdgeIsSaid() {
        var bank = bank([input(0, "A")])
        _ = bank.open(now: clock.now)
        board.set(line: "A", level: true)
        board.dropNextEdge(line: "A")
        board.set(line: "A", level: false)
        clock.set(100.25)
        let samples = serve(&bank)
        #expect(levels(samples) == ["0=1", "0=0"])
        #expect(samples.last?.time == at(100.25))
    }

    @Test func moreEdgesThanTheQueueHoldsEndInTheTrueLevel() {
        var bank = bank([input(0, "A")])
        _ = bank.open(now: clock.now)
        for edge in 0..<21 { board.set(line: "A", level: edge % 2 == 0) }
        let samples = serve(&bank)
        #expect(samples.count == 17)
        #expect(samples.last?.integer == 1)
    }

    @Test func aBounceIsOneChangeAndItsEndIsNotLost() {
        var bank = bank([input(0, "panic", isSafety: true, debounce: 30)])
        _ = bank.open(now: clock.now)
        board.set(line: "panic", level: true)
        #expect(levels(serve(&bank)) == ["0=1"])
        clock.set(100.02)
        board.set(line: "panic", level: false)
        #expect(serve(&bank).isEmpty)
        #expect(bank.nextDue == at(100.05))
        let samples = bank.reread(now: at(100.05))
        #expect(levels(samples) == ["0=0"])
        #expect(samples.first?.time == at(100.02))
    }

    @Test func aReReadWithinABounceSaysWhatWasReported() {
        var bank = bank([input(0, "panic", isSafety: true, debounce: 30)])
        _ = bank.open(now: clock.now)
        clock.set(100.99)
        board.set(line: "panic", level: true)
        #expect(levels(serve(&bank)) == ["0=1"])
        clock.set(100.995)
        board.set(line: "panic", level: false)
        _ = serve(&bank)
        #expect(levels(bank.reread(now: at(101))) == ["0=1"])
        #expect(levels(bank.reread(now: at(101.03))) == ["0=0"])
    }

    @Test func aLineThatVanishesHarmsNoOther() {
        var bank = bank([input(0, "A"), input(1, "B", isSafety: true)])
        _ = bank.open(now: clock.now)
        board.vanish(line: "A")
        board.set(line: "B", level: true)
        #expect(levels(serve(&bank)) == ["1=1", "0=absent"], "safety first")
        #expect(bank.faults.map(\.kind) == [.failed])
        #expect(bank.descriptors.count == 1)

        // Tried again after 1, 2, 4, 5, 5 … s; each try says that it is still absent.
        var tries: [Int64] = []
        while tries.count < 8 {
            let now = bank.nextDue
            if bank.reread(now: now).contains(where: { $0.lineError != nil }) {
                tries.append(BootTime.milliseconds(from: at(100), to: now) / 1000)
            }
        }
        #expect(tries == [1, 3, 7, 12, 17, 22, 27, 32])

        board.restore(line: "A")
        board.set(line: "A", level: true)
        #expect(levels(bank.reread(now: at(343))).contains("0=1"))
        #expect(bank.faults.isEmpty)
        board.set(line: "A", level: false)
        #expect(levels(serve(&bank)) == ["0=0"])
    }

    /// A chip that is away is one fault until it is back, and never "no such line": that sends people to the
    /// configuration, and says of the first message that it was mended.
    @Test func aLineThatVanishesIsOneFaultUntilItIsBack() {
        var bank = bank([input(0, "A", isSafety: true), input(1, "B")], outputs: ["siren"])
        _ = bank.open(now: clock.now)
        for line in ["A", "siren"] { board.vanish(line: line) }
        var said = serve(&bank)
        for _ in 0..<6 { said += bank.reread(now: bank.nextDue) }
        let messages = ["line A (input0): its GPIO chip is gone", "line siren (siren): its GPIO chip is gone"]
        #expect(Set(said.compactMap { $0.lineError?.message }) == [messages[0]])
        #expect(bank.faults.map(\.message) == messages)
        do throws(LineError) { try bank.set(output: 0, active: true) } catch {
            #expect(error.message == messages[1])
        }
        for line in ["A", "siren"] { board.restore(line: line) }
        _ = bank.reread(now: at(1000))
        #expect(bank.faults.isEmpty)
        #expect(board.outputLevel(line: "siren") == true)
    }

    /// But a line that never was there is a matter of its name.
    @Test func aLineThatNeverWasThereIsNotFound() {
        let board = SimulatedBoard(lines: ["A"], clock: { at(100) })
        var bank = LineBank(port: SimulatedLines(board: board), inputs: [input(0, "Z")], outputs: [])
        #expect(bank.open(now: at(100)).map { $0.lineError?.kind } == [.notFound])
        #expect(bank.reread(now: at(101)).map { $0.lineError?.kind } == [.notFound])
    }

    @Test func aLineThatIsTakenIsSaidWithItsHolder() {
        var other = SimulatedLines(board: board)
        let taken = try? other.request(input(9, "A").settings)
        #expect(taken != nil)
        var bank = bank([input(0, "A"), input(1, "B")])
        #expect(levels(bank.open(now: clock.now)) == ["0=absent", "1=0"])
        #expect(bank.faults.map(\.message) == ["line A (input0): in use by 'edge-agent'"])
        if let taken { other.release(taken) }
        #expect(levels(bank.reread(now: at(101))) == ["0=0"])
    }

    @Test func outputsStartInactiveAndFollow() throws {
        var bank = bank([], outputs: ["siren"])
        _ = bank.open(now: clock.now)
        #expect(board.outputLevel(line: "siren") == false)
        try bank.set(output: 0, active: true)
        #expect(board.outputLevel(line: "siren") == true)
        #expect(throws: LineError.self) { try bank.set(output: 7, active: true) }
    }

    @Test func aStuckOutputComesToWhatIsWanted() throws {
        var bank = bank([], outputs: ["siren"])
        _ = bank.open(now: clock.now)
        board.jam(line: "siren")
        #expect(throws: LineError.self) { try bank.set(output: 0, active: true) }
        #expect(bank.faults.count == 1)
        // Once at once, then after 1 s.
        _ = bank.reread(now: bank.nextDue)
        #expect(throws: LineError.self) { try bank.set(output: 0, active: true) }
        board.jam(line: "siren", false)
        _ = bank.reread(now: at(102))
        #expect(board.outputLevel(line: "siren") == true)
        #expect(bank.faults.isEmpty)
    }

    @Test func anOutputThatIsGoneIsKnownBeforeItIsNeeded() {
        var bank = bank([], outputs: ["siren", "lamp"])
        _ = bank.open(now: clock.now)
        board.vanish(line: "siren")
        _ = bank.reread(now: bank.nextDue)
        #expect(bank.faults.count == 1)
        #expect(throws: LineError.self) { try bank.set(output: 0, active: true) }
        #expect(throws: Never.self) { try bank.set(output: 1, active: true) }
        board.restore(line: "siren")
        _ = bank.reread(now: at(160))
        #expect(board.outputLevel(line: "siren") == true)
    }
}
