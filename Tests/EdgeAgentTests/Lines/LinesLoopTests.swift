// The lines thread around a simulated board: what it says of outputs that cannot be driven.

import Drivers
import LocalRules
import Logging
import Testing

@testable import EdgeAgent

@Suite struct LinesLoopTests {
    /// A lines thread with one siren on "GPIO27", and everything it was told.
    private final class Running {
        let board = SimulatedBoard(clock: AgentClock.boot)
        let hub = Hub(
            home: "h-1", clock: AgentClock(), log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            observer: nil)
        private var worker: Worker?

        func start() {
            let (board, hub) = (board, hub)
            let siren = OutputConfiguration(
                name: "siren", kind: .siren, settings: LineSettings(name: "siren", line: "GPIO27", direction: .output))
            worker = Worker(name: "lines") {
                LinesLoop(
                    port: SimulatedLines(board: board), inputs: [], outputs: [siren], mailbox: hub.lines, hub: hub
                ).run()
            }
        }

        func stop() {
            hub.lines.post(.stop, always: true)
            if let worker { #expect(worker.join(withinMilliseconds: patienceMilliseconds)) }
        }
    }

    @Test func aSirenThatIsNotThereIsSaidBeforeItIsNeeded() {
        let running = Running()
        running.board.vanish(line: "GPIO27")
        running.start()
        #expect(reaches { running.hub.status.current.faults.count == 1 })
        #expect(running.hub.status.current.faults.first?.contains("GPIO27 (siren)") == true)
        // And taken back once it is there again.
        running.board.restore(line: "GPIO27")
        #expect(reaches { running.hub.status.current.faults.isEmpty })
        running.stop()
    }

    @Test func aSirenSoundsWhenToldAndIsSilentAtTheEnd() {
        let running = Running()
        running.start()
        running.hub.lines.post(.sound(.alarm), always: true)
        #expect(reaches { running.board.outputLevel(line: "GPIO27") == true })
        running.stop()
        #expect(running.board.outputLevel(line: "GPIO27") == false)
        #expect(running.hub.status.current.faults.isEmpty)
    }

    @Test func aSirenThatGoesAwayWhileItSoundsSoundsAgain() {
        let running = Running()
        running.start()
        // One that is on for half a second and then for one in every two.
        running.hub.lines.post(.sound(.alarm), always: true)
        #expect(reaches { running.board.outputLevel(line: "GPIO27") == true })
        running.board.vanish(line: "GPIO27")
        #expect(reaches { running.hub.status.current.faults.count == 1 })
        running.board.restore(line: "GPIO27")
        #expect(reaches { running.board.outputLevel(line: "GPIO27") == true })
        #expect(reaches { running.hub.status.current.faults.isEmpty })
        running.stop()
    }
}
