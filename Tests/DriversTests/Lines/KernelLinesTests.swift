import Foundation
import Glibc
import Synchronization
import Testing

@testable import Drivers

/// What only a real kernel shows: edges that come when they like, a queue that overflows, a driver that goes away.
/// `make lab-lines` runs this in a guest, with either libgpiod.
@Suite(.serialized, .enabled(if: SimulatedChip.canBeMade, "needs root and the kernel module gpio-sim"))
struct KernelLinesTests {
    /// 200 presses of each length by four fingers at once, each with contacts that bounce.
    @Test func shortPressesAreNeitherMissedNorDoubled() throws {
        let lengths: [Int32] = [20, 50, 100].flatMap { [Int32](repeating: $0, count: 4) }
        let chip = try SimulatedChip(lengths.indices.map { "button-\($0)" })
        let fingers = zip(chip.lines, lengths).map { Finger(on: $0, of: chip, holds: $1, times: 50) }
        var bank = bank(chip.lines.map { button($0) })
        var seen = SeenPresses(at: bank.open(now: bootNow()))
        for finger in fingers { finger.begin() }
        follow(&bank, until: { _ in fingers.allSatisfy(\.isDone) }) { seen.note($0) }
        for (index, finger) in fingers.enumerated() { seen.expect(finger.presses, channel: index) }
        print("# 600 presses of 20, 50 and 100 ms, edge to sample: \(seen.delays)")
    }

    /// Followed edge by edge, which is the worst case, and given up as chattering.
    @Test(arguments: [0, 300])
    func aPanicPressIsSeenWhileThirtyTwoLinesChatter(edgesInTenSeconds: Int) throws {
        let chip = try SimulatedChip(["panic"] + (1...32).map { "loose-\($0)" })
        let finger = Finger(on: "panic", of: chip, holds: 50, times: 50)
        let chatter = Chatter(on: Array(chip.lines.dropFirst()), of: chip)
        var inputs = chip.lines.enumerated().map { button($1, isSafety: $0 == 0) }
        for index in 1...32 { inputs[index].limits = InputLimits(edgesInTenSeconds: edgesInTenSeconds) }
        var bank = bank(inputs)
        var seen = SeenPresses(at: bank.open(now: bootNow()))
        chatter.begin()
        finger.begin()
        follow(&bank, until: { _ in finger.isDone }) { if $0.channel == Channel(0) { seen.note($0) } }
        let edges = chatter.end()
        seen.expect(finger.presses, channel: 0)
        #expect(seen.delays.median <= 20)
        let given = bank.takeNotices().filter { $0.event == .chatters(true) }
        #expect(given.count == (edgesInTenSeconds == 0 ? 0 : 32))
        print(
            "# 50 panic presses beside \(edges) edges on 32 lines, \(given.count) given up, edge to sample: \(seen.delays)"
        )
    }

    @Test func aChipThatGoesAwayComesBackAndHarmsNoOther() throws {
        let dongle = try SimulatedChip(["dongle-panic", "dongle-siren"])
        let board = try SimulatedChip(["board-smoke"])
        var bank = bank(
            [button("dongle-panic"), button("board-smoke")],
            outputs: [LineSettings(name: "siren", line: "dongle-siren", direction: .output)])
        _ = bank.open(now: bootNow())
        try bank.set(output: 0, active: true)
        #expect(dongle.outputLevel("dongle-siren") == true)

        // From another thread, because the loop is to be found waiting.
        let pulled = Mutex(BootTime.distantFuture)
        let hand = Worker {
            poll(nil, 0, 100)
            pulled.withLock { $0 = bootNow() }
            try? dongle.unbind()
        }
        var gone: Sample?
        var smoke: [Int64] = []
        func see(_ sample: Sample) {
            if sample.channel == Channel(0), sample.lineError != nil, gone == nil { gone = sample }
            if sample.channel == Channel(1) { smoke.append(sample.integer ?? -1) }
        }
        follow(&bank, until: { _ in gone != nil }, see)
        #expect(hand.join())
        let noticed = BootTime.milliseconds(from: pulled.withLock { $0 }, to: bootNow())
        #expect(noticed <= 1000, "the re-read of each second finds it, if nothing else does")
        #expect(bank.faults.map(\.message).contains("line dongle-panic (dongle-panic): its GPIO chip is gone"))

        // The other chip's lines go on, while this one is tried again and again.
        for level in [true, false, true] {
            board.pull("board-smoke", level)
            follow(&bank, until: { _ in smoke.last == (level ? 1 : 0) }, see)
        }
        #expect(!smoke.contains(-1))
        follow(&bank, until: { $0.faults.count == 2 }, see)
        do throws(LineError) {
            try bank.set(output: 0, active: true)
            Issue.record("a line without a chip was driven")
        } catch { #expect(error.message == "line dongle-siren (siren): its GPIO chip is gone") }

        let plugged = bootNow()
        try dongle.bind()
        var panic: [Int64] = []
        follow(&bank, until: { $0.faults.isEmpty }) { _ in }
        let returned = BootTime.milliseconds(from: plugged, to: bootNow())
        #expect(dongle.outputLevel("dongle-siren") == true, "the siren that was wanted sounds again")
        dongle.pull("dongle-panic", true)
        follow(&bank, until: { _ in panic.contains(1) }) {
            if $0.channel == Channel(0) { panic.append($0.integer ?? -1) }
        }
        print("# a chip that went away: noticed after \(noticed) ms, lines back \(returned) ms after it")
    }

    /// Of an even number of lost edges the level says nothing: under libgpiod 1.x only the full queue tells.
    @Test(arguments: [10_000, 10_001])
    func edgesWhileTheReaderIsStoppedEndInTheTrueLevel(count: Int) throws {
        let chip = try SimulatedChip(["stopped-port-\(count)", "stopped-bank-\(count)"])
        var port = GpiodLines()
        let line = try port.request(button(chip.lines[0]).settings)
        var bank = bank([button(chip.lines[1])])
        var level = bank.open(now: bootNow()).last?.integer
        let stopped = try moveWhileThisProcessIsStopped(chip, edges: count)

        var losses = LostEdges(debounceMilliseconds: 0)
        let (taken, lost) = try port.drain(line, counting: &losses)
        #expect(try port.level(line) == (count % 2 == 1))

        // Two re-reads later everything is known.
        let end = bootNow().advanced(milliseconds: 2100)
        follow(&bank, until: { _ in bootNow() >= end }) { level = $0.integer }
        #expect(level == Int64(count % 2))
        var told = 0
        for notice in bank.takeNotices() {
            guard case .lost(let edges, let isExact) = notice.event else { continue }
            told += edges
            #expect(isExact == (taken.first?.sequence != nil))
        }
        if taken.first?.sequence != nil {
            #expect(taken.count + lost == count)
            #expect(told == lost)
        } else {
            #expect(taken.count == 16)
            #expect(told == 1 && lost == 1, "at least")
        }
        print("# \(count) edges in \(stopped) ms without a reader: \(taken.count) taken, \(told) told as lost")
    }

    /// Stops this whole process for more than two seconds, in which another moves both lines of the chip; how long it was.
    private func moveWhileThisProcessIsStopped(_ chip: SimulatedChip, edges: Int) throws -> Int64 {
        let script = """
            kill -STOP $PPID
            edge=0
            while [ $edge -lt \(edges) ]; do
              [ $((edge % 2)) = 0 ] && pull=pull-up || pull=pull-down
              echo $pull >\(chip.pullFile(of: chip.lines[0]))
              echo $pull >\(chip.pullFile(of: chip.lines[1]))
              edge=$((edge + 1))
            done
            sleep 2
            kill -CONT $PPID
            """
        let began = bootNow()
        // Not Foundation's Process: it wants sockets, which the guest's kernel has not.
        let arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(script), nil]
        defer { for argument in arguments { free(argument) } }
        var mover: pid_t = 0
        let result = posix_spawn(&mover, "/bin/sh", nil, nil, arguments, nil)
        try #require(result == 0)
        var status: Int32 = -1
        waitpid(mover, &status, 0)
        #expect(status == 0)
        return BootTime.milliseconds(from: began, to: bootNow())
    }

    // MARK: The bank and its loop

    private func button(_ line: String, isSafety: Bool = true) -> InputPlan {
        let settings = LineSettings(
            name: line, line: line, direction: .input, bias: .pullDown, debounceMilliseconds: 20)
        return InputPlan(channel: Channel(0), settings: settings, isSafety: isSafety)
    }

    /// A channel is the input's position.
    private func bank(_ inputs: [InputPlan], outputs: [LineSettings] = []) -> LineBank<GpiodLines> {
        var inputs = inputs
        for index in inputs.indices { inputs[index].channel = Channel(index) }
        return LineBank(port: GpiodLines(), inputs: inputs, outputs: outputs)
    }

    /// Waits for edges and for what is due, as the agent's loop does, until `done`; for a minute at most.
    private func follow(
        _ bank: inout LineBank<GpiodLines>, until done: (borrowing LineBank<GpiodLines>) -> Bool,
        _ see: (Sample) -> Void
    ) {
        let deadline = bootNow().advanced(milliseconds: 60_000)
        while !done(bank) {
            guard bootNow() < deadline else {
                Issue.record("nothing came within a minute")
                return
            }
            let wait = BootTime.milliseconds(from: bootNow(), to: bank.nextDue)
            var watched = bank.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            poll(&watched, nfds_t(watched.count), Int32(min(max(wait + 1, 0), 1000)))
            let ready = watched.filter { $0.revents != 0 }.map(\.fd)
            for sample in bank.service(ready: ready, now: bootNow()) { see(sample) }
            for sample in bank.reread(now: bootNow()) { see(sample) }
        }
    }
}
