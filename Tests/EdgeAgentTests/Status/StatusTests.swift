// What the daemon says of itself, as values and as a picture.

import LocalRules
import Testing
import Upstream

@testable import Drivers
@testable import EdgeAgent

@Suite struct ProgressTests {
    @Test func aLoopIsStuckOnceItHasNotComeRoundForTooLong() {
        let progress = Progress()
        progress.beat(.bus("rs485"))
        func stuck(after seconds: Int64) -> Set<LoopName> {
            Set(progress.stuck(now: AgentClock.boot().advanced(milliseconds: seconds * 1000)))
        }
        #expect(stuck(after: 9).isEmpty)
        // One that never came round at all, too.
        #expect(stuck(after: 11) == [.home, .lines])
        #expect(stuck(after: 61) == [.home, .lines, .outbox, .bus("rs485")])
    }

    @Test func loopsAreNamedForPeople() {
        #expect(
            [LoopName.home, .lines, .outbox, .bus("rs485")].map(\.description) == [
                "home", "lines", "outbox", "bus rs485",
            ])
    }
}

@Suite struct StatusBoardTests {
    private func step(_ number: Int64) -> AgentStatus.Step {
        let alert = Alert(
            id: "r/\(number)", rule: "r", kind: "input-active", severity: .red, signals: [], reasons: ["why"],
            state: .raised, began: midnight, raised: midnight)
        return AgentStatus.Step(event: .raised, alert: alert, at: midnight + .seconds(number))
    }

    @Test func theLastStepsAreKeptAndAllAreCounted() {
        let board = StatusBoard(home: "h-1")
        for number in 0..<25 as Range<Int64> { board.add(step(number)) }
        #expect(board.stepCount == 25)
        #expect(board.current.steps.map(\.alert) == (5..<25).map { "r/\($0)" })
        #expect(board.steps(after: 22).map(\.alert) == ["r/22", "r/23", "r/24"])
        #expect(board.steps(after: 25).isEmpty)
        #expect(board.steps(after: 0).count == 20)
    }

    @Test func aFaultStandsUntilItsPartIsWell() {
        let board = StatusBoard(home: "h-1")
        #expect(board.current.isWell)
        board.set(fault: "the disk is full", of: "outbox")
        board.set(fault: "no line GPIO27", of: "output siren")
        #expect(board.current.faults == ["the disk is full", "no line GPIO27"])
        #expect(!board.current.isWell)
        board.set(fault: nil, of: "outbox")
        #expect(board.current.faults == ["no line GPIO27"])
    }

    @Test func thePictureIsOfTheWholeHome() throws {
        var home = try CorePlayer()
        _ = home.take("water.volume", 412_316, at: midnight)
        _ = home.take("panic", 1, at: midnight + .seconds(5))
        let error = LineError(kind: .busy, message: "line GPIO17: in use", advice: "stop gpioset")
        _ = home.take("motion.bedroom", .absent(error), at: midnight + .seconds(5))
        let board = StatusBoard(home: "h-1")
        board.update(from: home.core, at: midnight + .seconds(10))
        let status = board.current
        #expect(status.time == "2026-01-01T00:00:10Z")
        #expect(status.signals.map(\.name) == ["water.volume", "panic", "motion.bedroom"])
        #expect(status.signals.map(\.value) == ["412.316 m3", "active", nil])
        #expect(status.signals.map(\.ageSeconds) == [10, 5, nil])
        #expect(status.signals.map(\.missing) == [false, false, true])
        #expect(status.alerts.map(\.rule) == ["panic"])
        #expect(status.sound == .alarm)
        #expect(status.faults == ["line GPIO17: in use"])
        #expect(status.faultAdvice == ["line GPIO17: in use": "stop gpioset"])
        #expect(!status.isWell)
    }

    @Test func depthsHaveTheLanesNames() {
        var upstream = AgentStatus.Upstream()
        upstream.depths = [.alarm: 1, .reading: 7]
        #expect(upstream.waiting == ["alarm": 1, "reading": 7])
        #expect(upstream.depths == [.alarm: 1, .event: 0, .reading: 7])
    }
}

@Suite struct ValueTextTests {
    @Test(arguments: [
        (Quantity.volume, Int64(412_316_999), "412.316 m3"), (.volume, 0, "0.000 m3"), (.volume, 999, "0.000 m3"),
        (.volume, -1_500_000, "-1.500 m3"), (.energy, 3_178_000_001, "3178.000 kWh"), (.power, 1_900_049, "1900.0 W"),
        (.power, -2_350, "-2.3 W"), (.voltage, 229_999, "229.9 V"), (.current, 1_005, "1.005 A"),
        (.frequency, 49_999, "49.99 Hz"), (.temperature, -5_250, "-5.2 °C"), (.humidity, 45_099, "45.0 %"),
        (.flow, 840, "0.8 L/h"), (.volume, .max, "9223372036854.775 m3"), (.volume, .min, "-9223372036854.775 m3"),
    ])
    func valuesAreCutOffAndNeverRoundedUp(_ quantity: Quantity, _ value: Int64, _ text: String) {
        #expect(ValueText.text(value, of: quantity) == text)
        let signal = SignalModel(name: "s", source: .meter(quantity), silentAfter: nil)
        #expect(ValueText.text(value, of: signal) == text)
    }

    @Test func anInputIsActiveOrNot() {
        let signal = SignalModel(name: "s", source: .input(.panic), silentAfter: nil)
        #expect(ValueText.text(1, of: signal) == "active")
        #expect(ValueText.text(0, of: signal) == "-")
    }
}
