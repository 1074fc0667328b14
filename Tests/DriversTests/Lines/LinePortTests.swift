import Testing

@testable import Drivers

struct LinePortTests {
    private struct Simulated: LineWorld {
        let board: SimulatedBoard
        init(_ queue: SimulatedBoard.EdgeQueue) {
            board = SimulatedBoard(lines: ["one", "two"], queue: queue, clock: { bootNow() })
        }
        let lines = ["one", "two"]
        let missing = "three"
        func pull(_ line: String, _ level: Bool) { board.set(line: line, level: level) }
        func outputLevel(_ line: String) -> Bool? { board.outputLevel(line: line) }
        var now: BootTime { bootNow() }
    }

    @Test(arguments: [SimulatedBoard.EdgeQueue.keepsOldest, .keepsNewest])
    func simulatedLines(_ queue: SimulatedBoard.EdgeQueue) throws {
        let world = Simulated(queue)
        try LinePortConformance(world: world, makePort: { SimulatedLines(board: world.board) }).run()
    }

    @Test(.enabled(if: SimulatedChip.canBeMade, "needs root and the kernel module gpio-sim"))
    func gpiodLines() throws {
        try LinePortConformance(world: try SimulatedChip(), makePort: { GpiodLines() }).run()
    }

    @Test func withoutAChipALineIsNotFound() {
        var port = GpiodLines()
        let settings = LineSettings(name: "motion", line: "no such line", direction: .input)
        do {
            _ = try port.request(settings)
            Issue.record("found a line that is not there")
        } catch {
            #expect(error.kind == .notFound || error.kind == .denied)
            #expect(error.message.hasPrefix("line no such line (motion): "))
        }
        #expect(!GpiodLines.libraryVersion.isEmpty)
    }
}
