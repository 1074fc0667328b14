import Testing

@testable import Drivers

private typealias Queue = SimulatedBoard.EdgeQueue

/// Lines that lose edges, chatter or stick, under a clock that the test moves, with both manners of a full queue.
struct UnsteadyLinesTests {
    /// A bank on a simulated board, and everything it said.
    private struct World: ~Copyable {
        let clock = TestClock()
        let board: SimulatedBoard
        var bank: LineBank<SimulatedLines>
        var samples: [Sample] = []
        var notices: [LineNotice] = []

        init(_ queue: Queue, _ inputs: [InputPlan]) {
            let clock = clock
            clock.set(100)
            board = SimulatedBoard(queue: queue, clock: { clock.now })
            bank = LineBank(port: SimulatedLines(board: board), inputs: inputs, outputs: [])
            samples = bank.open(now: clock.now)
        }

        /// One turn of the agent's loop.
        mutating func turn() {
            let ready = bank.descriptors.filter { becomesReadable($0, milliseconds: 0) }
            samples += bank.service(ready: ready, now: clock.now)
            samples += bank.reread(now: clock.now)
            notices += bank.takeNotices()
        }

        /// Lets time pass as the agent's loop does: it wakes when something is due.
        mutating func pass(milliseconds: Int64) {
            let end = clock.now.advanced(milliseconds: milliseconds)
            while bank.nextDue <= end {
                clock.add(milliseconds: max(0, BootTime.milliseconds(from: clock.now, to: bank.nextDue)))
                turn()
            }
            clock.add(milliseconds: max(0, BootTime.milliseconds(from: clock.now, to: end)))
        }

        func values(_ channel: Int) -> [Int64] {
            samples.filter { $0.channel.index == channel }.compactMap(\.integer)
        }
    }

    private func input(
        _ channel: Int, isSafety: Bool = false, debounce: Int = 0, limits: InputLimits = InputLimits(),
        pulses: PulsePlan? = nil
    ) -> InputPlan {
        InputPlan(
            channel: Channel(channel),
            settings: LineSettings(
                name: "input\(channel)", line: "L\(channel)", direction: .input, bias: .pullDown,
                debounceMilliseconds: debounce),
            isSafety: isSafety, limits: limits, pulses: pulses)
    }

    private let panicLimits = InputLimits(edgesInTenSeconds: 200, stuckAfterMilliseconds: 300_000)
    private let motionLimits = InputLimits(edgesInTenSeconds: 100, isAbsentWhileChattering: true)

    // MARK: Lost edges

    @Test(arguments: [Queue.keepsOldest, .keepsNewest])
    fileprivate func tenThousandEdgesBehindAStoppedReader(_ queue: Queue) {
        var world = World(queue, [input(0)])
        for edge in 0..<10_001 {
            world.clock.add(milliseconds: 25)
            world.board.set(line: "L0", level: edge % 2 == 0)
        }
        world.turn()
        world.pass(milliseconds: 1000)
        let lost = world.notices.compactMap {
            if case .lost(let edges, let isExact) = $0.event { (edges, isExact) } else { nil }
        }
        switch queue {
        case .keepsNewest:
            #expect(lost.map(\.0) == [10_001 - 256])
            #expect(lost.allSatisfy { $0.1 })
        case .keepsOldest:
            #expect(lost.map(\.0) == [1], "at least one, because the queue was full")
            #expect(!lost.contains { $0.1 })
        }
        #expect(world.values(0).last == 1, "the level is the truth")
    }

    @Test func withoutNumbersAFullQueueIsTold() {
        var world = World(.keepsOldest, [input(0)])
        for edge in 0..<18 { world.board.set(line: "L0", level: edge % 2 == 0) }
        world.turn()
        world.pass(milliseconds: 2000)
        #expect(world.notices.map(\.event) == [.lost(edges: 1, isExact: false)])
        #expect(world.values(0).last == 0)
    }

    @Test func twoEdgesTheSameWayAreALossButNotWithinABounce() {
        var losses = LostEdges(debounceMilliseconds: 50)
        #expect(losses.take(Edge(time: at(1), isActive: true)) == 0)
        #expect(losses.take(Edge(time: at(1.03), isActive: true)) == 0)
        #expect(losses.take(Edge(time: at(2), isActive: true)) == 1)
        #expect(losses.take(Edge(time: at(3), isActive: false)) == 0)
    }

    @Test func numbersWrapAndBeginAnew() {
        var losses = LostEdges(debounceMilliseconds: 0)
        #expect(losses.take(Edge(time: at(1), isActive: true, sequence: 3)) == 2)
        #expect(losses.take(Edge(time: at(1), isActive: true, sequence: 2)) == 0, "no gap of four billion")
        losses.begin()
        #expect(losses.take(Edge(time: at(2), isActive: true, sequence: 1)) == 0)
    }

    /// Presses of every length that a finger makes, with a reader that comes late: each is heard once.
    @Test(arguments: [Queue.keepsOldest, .keepsNewest], [Int64(20), 50, 100])
    fileprivate func aPressIsNeitherMissedNorDoubled(_ queue: Queue, length: Int64) {
        let seed = UInt64(length)
        var random = SeededRandom(seed: seed)
        var world = World(queue, [input(0, isSafety: true, debounce: 20)])
        let presses = 300
        for _ in 0..<presses {
            world.pass(milliseconds: 100 + Int64(random.next() % 900))
            world.board.set(line: "L0", level: true)
            if random.next() % 2 == 0 { world.turn() }
            world.pass(milliseconds: length)
            world.board.set(line: "L0", level: false)
            if random.next() % 2 == 0 { world.turn() }
        }
        world.pass(milliseconds: 1000)
        // Re-reads repeat what is known; a press is where it changes.
        let values = world.values(0)
        let changes = zip(values, values.dropFirst()).filter { $0 != $1 }
        #expect(changes.filter { $0.1 == 1 }.count == presses, "seed \(seed)")
        #expect(changes.count == 2 * presses, "seed \(seed)")
        #expect(world.notices.isEmpty)
    }

    // MARK: Chattering

    /// Thirty-two lines hum; the panic button on the thirty-third is heard in the turn in which it is pressed, first.
    @Test(arguments: [Queue.keepsOldest, .keepsNewest])
    fileprivate func linesThatChatterDelayNoPanic(_ queue: Queue) {
        var world = World(
            queue,
            (0..<32).map { input($0, debounce: 50, limits: motionLimits) }
                + [input(32, isSafety: true, debounce: 20, limits: panicLimits)])
        for tick in 0..<1000 {
            world.clock.add(milliseconds: 10)
            for line in 0..<32 { world.board.set(line: "L\(line)", level: tick % 2 == 0) }
            let isPress = tick % 100 == 50
            if isPress { world.board.set(line: "L32", level: true) }
            let before = world.samples.count
            world.turn()
            if isPress {
                #expect(world.samples[before].channel.index == 32)
                #expect(world.samples[before].integer == 1)
                #expect(world.samples[before].time == world.clock.now)
            }
            if tick % 100 == 60 { world.board.set(line: "L32", level: false) }
        }
        #expect(world.bank.descriptors.count == 1, "only the panic button wakes the thread")
        let chatters = world.notices.filter { $0.event == .chatters(true) }
        #expect(Set(chatters.map(\.channel.index)) == Set(0..<32))
        #expect(chatters.count == 32, "each is said once")
        // What the home thread gets of 1000 edges of a line: the first second, and then one a second.
        #expect(world.samples.filter { $0.channel.index == 0 }.count < 120)
        #expect(world.samples.last { $0.channel.index == 0 }?.lineError?.kind == .unsteady)
    }

    @Test func aLineIsTakenBackWhenItHasBeenCalmForAMinute() {
        var world = World(.keepsNewest, [input(0, debounce: 50, limits: motionLimits)])
        func hum(_ seconds: Int) {
            for edge in 0..<seconds * 100 {
                world.board.set(line: "L0", level: edge % 2 == 0)
                world.pass(milliseconds: 10)
                world.turn()
            }
        }
        hum(2)
        #expect(world.notices.map(\.event) == [.chatters(true)])
        world.pass(milliseconds: 50_000)
        hum(1)
        world.pass(milliseconds: 50_000)
        #expect(world.bank.descriptors.isEmpty, "a loose contact rests now and then")
        world.pass(milliseconds: 12_000)
        #expect(world.notices.map(\.event) == [.chatters(true), .chatters(false)])
        #expect(world.values(0).last == 0)
        world.board.set(line: "L0", level: true)
        world.turn()
        #expect(world.values(0).last == 1)
        #expect(!world.notices.contains { if case .lost = $0.event { true } else { false } })
    }

    @Test func smokeIsHeardAlsoWhileItsLineChatters() {
        var world = World(
            .keepsOldest, [input(0, isSafety: true, limits: InputLimits(edgesInTenSeconds: 100))])
        world.board.set(line: "L0", level: true)
        world.turn()
        #expect(world.values(0).last == 1, "the first edge counts")
        for edge in 0..<400 {
            world.board.set(line: "L0", level: edge % 2 == 1)
            if edge % 8 == 0 { world.turn() }
        }
        #expect(world.bank.descriptors.isEmpty)
        world.board.set(line: "L0", level: false)
        world.pass(milliseconds: 1000)
        #expect(world.values(0).last == 0)
        world.board.set(line: "L0", level: true)
        world.pass(milliseconds: 1000)
        #expect(world.values(0).last == 1)
    }

    // MARK: Stuck

    @Test func aButtonThatIsHeldForEverIsStuckUntilItMoves() {
        var world = World(.keepsOldest, [input(0, isSafety: true, debounce: 20, limits: panicLimits)])
        world.board.set(line: "L0", level: true)
        world.turn()
        world.pass(milliseconds: 299_000)
        #expect(world.notices.isEmpty)
        world.pass(milliseconds: 3_600_000)
        #expect(world.notices.map(\.event) == [.stuck(true)], "said once")
        #expect(world.values(0).last == 1, "and the alarm is not hidden by it")
        world.board.set(line: "L0", level: false)
        world.turn()
        #expect(world.notices.map(\.event) == [.stuck(true), .stuck(false)])
    }

    // MARK: Pulses

    @Test(arguments: [Queue.keepsOldest, .keepsNewest])
    fileprivate func pulsesAreCountedAndSaid(_ queue: Queue) {
        var world = World(queue, [input(0, pulses: PulsePlan(minimumWidthMilliseconds: 20))])
        #expect(world.values(0) == [0])
        for _ in 0..<3 {
            world.board.set(line: "L0", level: true)
            world.turn()
            world.pass(milliseconds: 30)
            world.board.set(line: "L0", level: false)
            world.turn()
            world.pass(milliseconds: 30)
        }
        #expect(world.values(0) == [0, 1, 2, 3])
        world.pass(milliseconds: 121_000)
        #expect(world.values(0) == [0, 1, 2, 3, 3, 3], "a sign of life each minute")
    }

    @Test func pulsesBehindAStoppedReaderAreAllCountedWhereEdgesHaveNumbers() {
        var world = World(.keepsNewest, [input(0, pulses: PulsePlan(minimumWidthMilliseconds: 20))])
        for _ in 0..<5000 {
            world.board.set(line: "L0", level: true)
            world.clock.add(milliseconds: 30)
            world.board.set(line: "L0", level: false)
            world.clock.add(milliseconds: 30)
        }
        world.turn()
        #expect(world.values(0).last == 5000)
        #expect(world.notices.map(\.event) == [.lost(edges: 10_000 - 256, isExact: true)])
    }

    @Test func aChipThatComesBackLosesNoCount() {
        var world = World(.keepsNewest, [input(0, pulses: PulsePlan(minimumWidthMilliseconds: 20))])
        func pulse() {
            world.board.set(line: "L0", level: true)
            world.turn()
            world.pass(milliseconds: 30)
            world.board.set(line: "L0", level: false)
            world.turn()
            world.pass(milliseconds: 30)
        }
        pulse()
        world.board.vanish(line: "L0")
        world.turn()
        world.board.restore(line: "L0")
        world.pass(milliseconds: 2000)
        pulse()
        #expect(world.values(0).last == 2)
        #expect(world.notices.isEmpty)
    }

    // MARK: The start

    /// udev gives the chip to its group a moment after the service has started.
    @Test func aLineThatIsNotThereYetIsSoonTriedAgain() {
        let board = SimulatedBoard(clock: { at(100) })
        board.vanish(line: "L0")
        var bank = LineBank(port: SimulatedLines(board: board), inputs: [input(0)], outputs: [])
        _ = bank.open(now: at(100))
        var tries: [Int64] = []
        for _ in 0..<9 {
            let due = bank.nextDue
            tries.append(BootTime.milliseconds(from: at(100), to: due))
            _ = bank.reread(now: due)
        }
        #expect(tries == [100, 300, 700, 1500, 3100, 6300, 11_300, 16_300, 21_300])
        board.restore(line: "L0")
        #expect(bank.reread(now: bank.nextDue).map(\.integer) == [0])
    }
}
