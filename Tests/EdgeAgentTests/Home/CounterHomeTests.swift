// Counters in a home: what rules, records and people see of them.

import Drivers
import FoundationEssentials
import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

@Suite struct CounterHomeTests {
    private static let polledByTheMinute = smallHome.replacing("unit = 5", with: "unit = 5\npoll = \"1min\"")

    /// Fourteen hours of a register read every minute: every step of an alert, as "780 raised no-water".
    private func steps(
        _ home: inout CorePlayer, _ register: (Int64) -> Int64
    ) -> [String] {
        var steps: [String] = []
        for minute in 0...Int64(14 * 60) {
            let time = midnight + .minutes(minute)
            let effects = home.take("water.volume", register(minute), at: time) + home.advance(to: time)
            for case .said(let event, let alert, _) in effects {
                steps.append("\(minute) \(event.rawValue) \(alert.rule)")
            }
        }
        return steps
    }

    /// Twenty litres at one o'clock, then nobody gets up again.
    private func lastGlass(_ minute: Int64) -> Int64 { minute < 60 ? 412_300 : 412_320 }

    @Test(arguments: [10_000, -412_320, 3_000_000] as [Int64])
    func aGlitchInTheNightDoesNotSilenceLowUse(_ error: Int64) throws {
        var home = try CorePlayer(Self.polledByTheMinute)
        #expect(steps(&home, lastGlass).first == "780 raised no-water")
        var other = try CorePlayer(Self.polledByTheMinute)
        let misread = steps(&other) { lastGlass($0) + ($0 == 300 ? error : 0) }
        #expect(misread.first == "780 raised no-water")
    }

    @Test func aRollOverNeitherRaisesLowUseNorBlindsIt() throws {
        var home = try CorePlayer(Self.polledByTheMinute.replacing("\"u32\"", with: "\"u16\""))
        // Three litres an hour; it turns over at six.
        let steps = steps(&home) { (65_519 + $0 / 60 * 3) % 65_536 }
        #expect(steps.isEmpty)
        let report = home.core.engine.ruleReports()[0]
        #expect(report.verdict == .fine)
        // Told of the last poll: 36 L in the window, the litres around zero among them.
        #expect(home.core.engine.signalReports()[0].value == 65_561_000)
    }

    @Test func aReplacedMeterIsNeitherUseNorItsEnd() throws {
        var home = try CorePlayer(Self.polledByTheMinute)
        // The plumber, from ten to half past ten in the night; nobody uses any water.
        let steps = steps(&home) { $0 < 60 ? 412_300 : $0 < 630 ? 412_320 : 40 }
        #expect(steps.first == "780 raised no-water")
    }

    // MARK: - What people are asked

    private func replaced() throws -> (CorePlayer, [HomeEffect]) {
        var home = try CorePlayer()
        var effects: [HomeEffect] = []
        for (second, litres) in [(0, 412_316), (10, 412_316), (1800, 40), (1810, 40)] as [(Int64, Int64)] {
            effects = home.take("water.volume", litres, at: midnight + .seconds(second))
        }
        return (home, effects)
    }

    private let question =
        "confirm the new meter (edge-agent confirm-meter water.volume), or tell us it was not changed "
        + "(--not-changed): water.volume went from 412.316 m3 to 0.040 m3"

    @Test func aReplacementIsAnEventAndAQuestionUntilItIsAnswered() throws {
        var (home, effects) = try replaced()
        #expect(effects.lines.filter { $0.hasPrefix("note") } == ["note meter-replaced"])
        #expect(effects.drafts.filter { $0.topic == "events" }.count == 1)
        #expect(home.core.interpreter.faults == [question])
        let board = StatusBoard(home: "h-1")
        board.update(from: home.core, at: midnight + .minutes(31))
        #expect(board.current.faults == [question])
        #expect(board.current.unconfirmedMeters == ["water.volume"])

        // The question survives a restart, and so does the total.
        var again = try CorePlayer(restoring: effects.states, at: midnight + .minutes(32))
        #expect(again.core.interpreter.faults == [question])
        _ = again.take("water.volume", 43, at: midnight + .minutes(32))
        #expect(again.core.engine.signalReports()[0].value == 412_319_000)

        #expect(again.confirm("panic").isEmpty)
        let answered = again.confirm("water.volume")
        #expect(answered.lines.last == "note replacement-confirmed")
        #expect(answered.drafts.count == 1)
        #expect(again.core.interpreter.faults.isEmpty)
        #expect(again.confirm("water.volume").isEmpty)
        let third = try CorePlayer(restoring: answered.states, at: midnight + .minutes(40))
        #expect(third.core.interpreter.unconfirmedMeters.isEmpty)
        #expect(home.confirm("water.volume", wasReplaced: false).lines.last == "note replacement-denied")
    }

    @Test func aMeterThatTalksNonsenseIsAFaultAndThenASilentSensor() throws {
        var home = try CorePlayer()
        for second in [0, 10] as [Int64] { _ = home.take("water.volume", 5000, at: midnight + .seconds(second)) }
        var effects: [HomeEffect] = []
        for poll in 2...Int64(60) {
            let time = midnight + .seconds(10 * poll)
            effects += home.take("water.volume", poll * poll * 1_000_000 % 999_983, at: time)
            effects += home.advance(to: time)
        }
        #expect(effects.lines.contains("note counter-erratic"))
        #expect(effects.lines.contains("said raised silent-sensor"))
        #expect(home.core.interpreter.faults.count == 1)
        #expect(home.core.interpreter.faults[0].hasPrefix("water.volume: readings contradict each other"))
        for second in [610, 620] as [Int64] { _ = home.take("water.volume", 5003, at: midnight + .seconds(second)) }
        #expect(home.core.interpreter.faults.isEmpty)
        #expect(home.core.engine.signalReports()[0].value == 5_003_000)
    }

    // MARK: - Memory

    @Test func withoutAMemoryTheTotalGoesOnFromWhatTheRulesRemember() throws {
        var (home, effects) = try replaced()
        _ = home.take("water.volume", 60, at: midnight + .seconds(1820))
        var states = effects.states
        states["counters"] = nil
        var again = try CorePlayer(restoring: states, at: midnight + .seconds(1830))
        for second in [1830, 1840] as [Int64] {
            _ = again.take("water.volume", 61, at: midnight + .seconds(second))
        }
        // No jump to 0.061 m3; and the first version's registers were totals, which go on as they are.
        #expect(again.core.engine.signalReports()[0].value == 412_316_000)
    }

    @Test func aRegisterInAnotherFormKeepsItsTotalAlone() throws {
        let states = try replaced().1.states
        let home = smallHome.replacing("scale = \"0.001\"", with: "scale = \"0.01\"")
        var again = try CorePlayer(home, restoring: states, at: midnight + .minutes(40))
        #expect(again.core.interpreter.unconfirmedMeters.isEmpty)
        for second in [0, 10] as [Int64] {
            _ = again.take("water.volume", 100 + second / 10, at: midnight + .minutes(40) + .seconds(second))
        }
        #expect(again.core.engine.signalReports()[0].value == 412_326_000)
    }

    @Test func aMemoryThatCannotBeIsNone() throws {
        for memory in [
            #"{"version":2,"counters":[]}"#,
            #"{"version":1,"counters":[{"signal":"water.volume","quantity":"volume","form":"u32 1000/1","counter":"#
                + #"{"total":7,"hasTotal":true,"glitches":-1,"said":{}}}]}"#,
        ] {
            var home = try CorePlayer(restoring: ["counters": Array(memory.utf8)])
            _ = home.take("water.volume", 5000, at: midnight)
            #expect(home.core.engine.signalReports()[0].value == 5_000_000)
        }
    }
}

extension CorePlayer {
    fileprivate mutating func confirm(_ signal: String, wasReplaced: Bool = true) -> [HomeEffect] {
        core.confirmReplacement(
            signal: signal, wasReplaced: wasReplaced, at: midnight + .minutes(35), stamp: { .test })
    }
}
