// A meter on a pulse line: what its total is, and what survives.

import Drivers
import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

@Suite struct PulseHomeTests {
    private static func home(perPulse: String = "1 L") -> String {
        homeHead + """
            [[input]]
            name = "water.volume"
            kind = "pulse"
            line = "GPIO5"
            quantity = "volume"
            per-pulse = "\(perPulse)"
            [[rule]]
            name = "no-water"
            kind = "low-use"
            signal = "water.volume"
            window = "12h"
            below = "0.01 m3"

            """
    }

    private func total(_ home: CorePlayer) -> Int64? { home.core.engine.signalReports()[0].value }

    @Test func pulsesAreLitres() throws {
        var home = try CorePlayer(Self.home())
        for (second, count) in [(0, 0), (1, 1), (2, 5), (3, 5)] as [(Int64, Int64)] {
            _ = home.take("water.volume", count, at: midnight + .seconds(second))
        }
        #expect(total(home) == 5000)
        #expect(home.core.faults.standing.isEmpty)
    }

    /// Minute by minute, as the re-read says it; nobody draws more than 9 L after one o'clock.
    @Test func lowUseJudgesThem() throws {
        var home = try CorePlayer(Self.home())
        var raised: [Int64] = []
        for minute in 0...Int64(14 * 60) {
            let time = midnight + .minutes(minute)
            let effects =
                home.take("water.volume", min(minute, 60) + (minute >= 300 ? 9 : 0), at: time) + home.advance(to: time)
            for case .said(.raised, _, _) in effects { raised.append(minute) }
        }
        #expect(raised == [780])
    }

    @Test func theTotalGoesOnAfterARestart() throws {
        var home = try CorePlayer(Self.home())
        _ = home.take("water.volume", 0, at: midnight)
        _ = home.take("water.volume", 412, at: midnight + .seconds(10))
        var states = home.advance(to: midnight + .seconds(60)).states
        // The lines thread counts from nothing again.
        for run in 1...Int64(3) {
            var again = try CorePlayer(Self.home(), restoring: states, at: midnight + .minutes(10 * run))
            _ = again.take("water.volume", 0, at: midnight + .minutes(10 * run))
            #expect(total(again) == 412_000 + (run - 1) * 2000)
            _ = again.take("water.volume", 2, at: midnight + .minutes(10 * run + 1))
            #expect(total(again) == 412_000 + run * 2000)
            states = again.core.states
        }
    }

    /// Pulses are kept within a minute, also where their reading is not yet worth sending.
    @Test(arguments: [Int64(1000), 100]) func aPowerCutCostsAMinuteAtMost(_ millilitres: Int64) throws {
        let text = Self.home(perPulse: millilitres == 1000 ? "1 L" : "0.1 L")
        var home = try CorePlayer(text)
        var stored: [String: [UInt8]] = [:]
        var count: Int64 = 0
        for second in 0..<Int64(600) {
            let time = midnight + .seconds(second)
            // A pulse now and then, in no step with the minutes; tenths of a litre are within the dead band.
            if second % 37 == 36 { count += 1 }
            let effects = home.take("water.volume", count, at: time) + home.advance(to: time)
            if !effects.states.isEmpty { stored = effects.states }
            let survivor = try CorePlayer(text, restoring: stored, at: time)
            let kept = survivor.core.interpreter.memory.pulses?.first?.total ?? 0
            #expect(count * millilitres - kept <= 2 * millilitres, "after \(second) s: \(count), kept \(kept) mL")
        }
        _ = home.advance(to: midnight + .seconds(660))
        #expect(home.advance(to: midnight + .seconds(900)).states.isEmpty, "nothing new, nothing written")
    }

    @Test func theTotalNeverGoesBackWhateverHappens() throws {
        var home = try CorePlayer(Self.home())
        _ = home.take("water.volume", 100, at: midnight)
        _ = home.take("water.volume", 7, at: midnight + .seconds(1))
        #expect(total(home) == 100_000)
        // Another worth of a pulse: what was counted stays as it was.
        let states = home.core.states
        var finer = try CorePlayer(Self.home(perPulse: "0.25 L"), restoring: states, at: midnight + .minutes(1))
        _ = finer.take("water.volume", 4, at: midnight + .minutes(1))
        #expect(total(finer) == 101_000)
        // A damaged memory: on from what the rules saw last.
        var broken = states
        broken["counters"] = Array("{".utf8)
        var rescued = try CorePlayer(Self.home(), restoring: broken, at: midnight + .minutes(1))
        _ = rescued.take("water.volume", 1, at: midnight + .minutes(1))
        #expect(total(rescued) == 101_000)
    }

    @Test func aFractionOfABaseUnitIsNotLost() throws {
        let text = Self.home(perPulse: "1 L").replacing("\"volume\"", with: "\"energy\"")
            .replacing("1 L", with: "0.3125 Wh").replacing("0.01 m3", with: "100 Wh")
        var home = try CorePlayer(text)
        for count in 0...Int64(3200) { _ = home.take("water.volume", count, at: midnight + .seconds(count)) }
        #expect(total(home) == 1_000_000, "3200 pulses are a kilowatt-hour")
    }

    @Test func aLineThatChattersIsMissingAndNoFaultTwice() throws {
        var home = try CorePlayer()
        let error = LineError(kind: .unsteady, message: "chatters", advice: "")
        _ = home.take("motion.bedroom", .absent(error), at: midnight)
        #expect(home.core.faults.standing.isEmpty, "the lines thread says it")
        #expect(home.core.engine.signalReports().contains { $0.signal == "motion.bedroom" && $0.isMissing })
    }
}

@Suite struct PulseConfigurationTests {
    private func input(_ keys: String) -> String {
        homeHead + "[[input]]\nname = \"gas\"\nkind = \"pulse\"\nline = \"GPIO5\"\n" + keys
    }

    @Test func defaultsOfAPulseMeter() throws {
        let home = try load(input("quantity = \"energy\"\nper-pulse = \"0.3125 Wh\""))
        #expect(
            home.home.signals == [SignalModel(name: "gas", source: .meter(.energy), silentAfter: nil, step: 313)],
            "a count is 312.5 mWh, rounded up: what is not sure counts against certainty")
        #expect(home.scales == [Scale(numerator: 625, denominator: 2)])
        #expect(home.inputs[0].pulses == PulsePlan(minimumWidthMilliseconds: 20))
        #expect(home.inputs[0].settings.debounceMilliseconds == 0)
        let again = try load(home.normalisedText)
        #expect(again.normalisedText == home.normalisedText)
        #expect(again.home == home.home && again.inputs == home.inputs && again.scales == home.scales)
        #expect(home.normalisedText.contains("per-pulse = \"0.3125 Wh\"\nminimum-width = \"20ms\""))
    }

    @Test func pulsesWithoutAQuantityAreSignsOfLife() throws {
        let home = try load(input("debounce = \"5ms\""))
        #expect(home.home.signals == [SignalModel(name: "gas", source: .input(.pulse), silentAfter: nil)])
        #expect(home.inputs[0].pulses == nil)
        #expect(home.warnings.map(\.code).contains("W113"))
    }

    @Test(arguments: [
        ("no worth of a pulse", "quantity = \"volume\"", ["E103@6"]),
        ("no quantity", "per-pulse = \"1 L\"", ["E103@6"]),
        ("a quantity that is not counted up", "quantity = \"power\"\nper-pulse = \"1 W\"", ["E301@10"]),
        ("a unit of another quantity", "quantity = \"volume\"\nper-pulse = \"1 Wh\"", ["E305@11"]),
        ("nothing a pulse", "quantity = \"volume\"\nper-pulse = \"0.0001 mL\"", ["E304@11"]),
        ("a river a pulse", "quantity = \"volume\"\nper-pulse = \"100 m3\"", ["E304@11"]),
        ("a debounce", "quantity = \"volume\"\nper-pulse = \"1 L\"\ndebounce = \"5ms\"", ["E404@12"]),
        ("a width of nothing", "minimum-width = \"20ms\"", ["E404@10"]),
        ("too wide", "quantity = \"volume\"\nper-pulse = \"1 L\"\nminimum-width = \"2s\"", ["E304@12"]),
    ])
    func refused(why: String, keys: String, expected: [String]) {
        #expect(errors(input(keys)) == expected, "\(why)")
    }

    @Test func outputsHaveADrive() throws {
        let home = try load(
            homeHead + "[[output]]\nname = \"r\"\nkind = \"relay\"\nline = \"GPIO6\"\ndrive = \"open-drain\"\n")
        #expect(home.outputs[0].settings.drive == .openDrain)
        #expect(home.normalisedText.contains("drive = \"open-drain\""))
        #expect(try load(home.normalisedText).outputs.map(\.settings) == home.outputs.map(\.settings))
    }
}
