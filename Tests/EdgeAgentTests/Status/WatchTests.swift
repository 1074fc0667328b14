// `watch`: little bars, what the screen shows, and what has changed.

import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

private func signal(_ name: String, _ value: String?, missing: Bool = false) -> AgentStatus.Signal {
    AgentStatus.Signal(name: name, value: value, ageSeconds: 1, missing: missing)
}

@Suite struct SparklineTests {
    @Test func theLeastIsTheLowestAndTheMostTheHighest() {
        #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7], width: 8) == "▁▂▃▄▅▆▇█")
        #expect(Sparkline.text([230_100, 230_400], width: 8) == "▁█")
        #expect(Sparkline.text([230_100, 230_400], width: 8, fromZero: true) == "██")
        #expect(Sparkline.text([5, 5, 5], width: 8) == "▁▁▁")
        #expect(Sparkline.text([-100, 0, 100], width: 3, fromZero: true) == "▁▅█")
        #expect(Sparkline.text([.min, .max], width: 2) == "▁█")
    }

    @Test func whatIsNotKnownIsBlankAndTheNewestStays() {
        #expect(Sparkline.text([1, nil, 2], width: 8) == "▁ █")
        #expect(Sparkline.text([9, 1, 2], width: 2) == "▁█")
        #expect(Sparkline.text([nil, nil], width: 2) == "")
        #expect(Sparkline.text([1, 2], width: 0) == "")
    }
}

@Suite struct WatchHistoryTests {
    @Test func aTotalIsDrawnAsItsRate() {
        var history = WatchHistory()
        // Two litres a minute: a litre each half minute, as the meter's text shows it.
        for second in 0...120 as ClosedRange<Int64> {
            let litres = 412_316 + second / 30
            history.take([signal("water.volume", "\(litres / 1000).\(litres % 1000) m3")], at: second * 1000)
        }
        #expect(history.track("water.volume")?.rate == "2.0 L/min")
        #expect(history.track("water.volume")?.bars.count == 13)
        for second in 121...240 as ClosedRange<Int64> {
            history.take([signal("water.volume", "412.320 m3")], at: second * 1000)
        }
        #expect(history.track("water.volume")?.rate == "0.0 L/min")
        // A meter that was replaced used nothing.
        history.take([signal("water.volume", "0.001 m3")], at: 241_000)
        #expect(history.track("water.volume")?.rate == "0.0 L/min")
    }

    @Test func wattHoursAMinuteAreWatts() {
        var history = WatchHistory()
        for second in 0...60 as ClosedRange<Int64> {
            history.take([signal("power.energy", second < 60 ? "3178.000 kWh" : "3178.030 kWh")], at: second * 1000)
        }
        #expect(history.track("power.energy")?.rate == "1800.0 W")
    }

    @Test func anInputIsUpOrDownAndAGapIsAGap() {
        var history = WatchHistory()
        history.take([signal("panic", "-")], at: 0)
        history.take([signal("panic", "active")], at: 11_000)
        history.miss(at: 25_000)
        history.take([signal("panic", nil, missing: true)], at: 31_000)
        history.take([signal("panic", "-")], at: 41_000)
        #expect(history.track("panic")?.bars == [0, 1000, nil, nil, 0])
        #expect(Sparkline.text(history.track("panic")?.bars ?? [], width: 9, fromZero: true) == "▁█  ▁")
    }

    @Test func memoryEndsSomewhereHoweverLongSomebodyLooks() {
        var history = WatchHistory()
        history.take([signal("panic", "-")], at: 0)
        history.take([signal("panic", "-")], at: .max / 2)
        #expect(history.track("panic")?.bars.count == WatchHistory.mostColumns)
    }

    @Test(arguments: [
        ("412.316 m3", Int64(412_316), "m3"), ("-2.3 W", -2300, "W"), ("-0.5 °C", -500, "°C"),
        ("50.00 Hz", 50_000, "Hz"),
        ("7 A", 7000, "A"),
    ])
    func valuesAreReadAsTheyWereWritten(_ text: String, _ thousandths: Int64, _ unit: String) throws {
        let parsed = try #require(WatchHistory.Track.parsed(text))
        #expect(parsed.thousandths == thousandths)
        #expect(parsed.unit == unit)
    }

    @Test(arguments: ["active", "-", "", "x m3", "1.2.3 m3", "9223372036854775807.999 m3"])
    func whatIsNoNumberIsNone(_ text: String) { #expect(WatchHistory.Track.parsed(text) == nil) }
}

@Suite struct WatchPictureTests {
    private func picture(_ width: Int = 80, _ height: Int = 24, _ language: Language = .en) -> WatchPicture {
        WatchPicture(usesColour: false, width: width, height: height, language: language)
    }

    private func watched(until last: Int64 = 90) -> WatchedDaemon {
        var daemon = WatchedDaemon()
        for second in 0...last {
            var status = troubledStatus()
            status.signals[0].value = "412.\(316 + second / 10) m3"
            daemon.answered(
                status, inputs: [LinePicture(name: "panic", isActive: true, edges: 3)], at: second * 1000)
        }
        return daemon
    }

    @Test func signalsHaveTheirLastMinutesBesideThem() {
        var scroll = 0
        let lines = picture(80, 40).lines(watched(), scroll: &scroll, at: 90_000)
        let water = lines.first { $0.hasPrefix("  water.volume") }
        #expect(water == "  water.volume       412.325 m3      1 min 30 s ago  █████████ 6.0 L/min")
        #expect(lines.contains("  panic              active   3 edges"))
        #expect(lines.count == 40)
        #expect(lines.last == "q: end")
    }

    @Test(arguments: [(80, 24), (40, 12), (20, 5), (10, 3), (1, 1), (200, 60)])
    func itFitsTheTerminalAndEveryLineCanBeReached(_ width: Int, _ height: Int) {
        for language in Language.allCases {
            var seen: Set<String> = []
            var scroll = 0
            for step in 0..<200 {
                scroll = step
                let lines = picture(width, height, language).lines(watched(until: 20), scroll: &scroll, at: 20_000)
                #expect(lines.count == height)
                #expect(lines.allSatisfy { $0.columns <= width })
                seen.formUnion(lines)
                if scroll < step { break }
            }
            guard height >= 12 else { continue }
            #expect(seen.contains { $0.hasPrefix("  panic") })
        }
        var scroll = -5
        _ = picture(width, height).lines(watched(until: 1), scroll: &scroll, at: 1000)
        #expect(scroll == 0)
    }

    @Test func aDaemonThatGoesAwayAndComesBackIsSaid() {
        var daemon = watched(until: 1)
        daemon.failed("Connection refused", at: 2000)
        daemon.failed("Connection refused", at: 14_000)
        var scroll = 0
        var lines = picture().lines(daemon, scroll: &scroll, at: 14_000)
        #expect(
            lines.prefix(2) == [
                "The daemon has not answered for 12 s: Connection refused. What stands below is",
                "as old as that.",
            ])
        daemon.answered(troubledStatus(), inputs: nil, at: 15_000)
        lines = picture().lines(daemon, scroll: &scroll, at: 16_000)
        #expect(lines[0] == "The daemon answers again; it was away for 13 s.")
        lines = picture().lines(daemon, scroll: &scroll, at: 60_000)
        #expect(lines[0] == "edge-agent \(AgentVersion.text)")
        lines = picture().lines(WatchedDaemon(), scroll: &scroll, at: 0)
        #expect(lines[0] == "asking the daemon")
    }

    @Test func keysAreWhatATerminalSends() {
        #expect(LiveScreen.keys(in: Array("q".utf8)) == [.end])
        #expect(LiveScreen.keys(in: [0x03]) == [.end])  // Ctrl-C
        #expect(
            LiveScreen.keys(in: Array("\u{1B}[B\u{1B}[Ajk \u{1B}[6~\u{1B}[5~x".utf8))
                == [.down, .up, .down, .up, .pageDown, .pageDown, .pageUp])
        #expect(LiveScreen.keys(in: [0x1A, 0x1B, 0x5B]) == [])  // Ctrl-Z, half a sequence
    }
}

@Suite struct WatchNewsTests {
    @Test func onlyWhatChangesIsSaid() {
        var news = WatchNews(language: .en)
        var status = troubledStatus()
        status.upstream.link = "connected"
        status.rules[1].verdict = .fine
        #expect(
            news.answered(status) == [
                "signal panic: missing", "rule no-water: wrong: 0 m3 in 12 h",
                "fault: bus rs485: no answer; advice: check the wires", "broker: connected",
            ])
        #expect(news.answered(status) == [])
        var next = status
        next.signals[0].value = "412.317 m3"
        next.signals[1] = signal("panic", "active")
        next.faults = []
        next.rules[0].verdict = .fine
        next.rules[0].reason = "2 L in 12 h"
        next.mode = .away
        next.modeText = "away for 3 h"
        #expect(
            news.answered(next) == [
                "signal panic: there again", "rule no-water: fine: 2 L in 12 h", "mended: bus rs485: no answer",
                "mode: away for 3 h",
            ])
        var later = next
        later.signals[1] = signal("panic", "-")
        let alert = Alert(
            id: "panic/2026", rule: "panic", kind: "input-active", severity: .red, signals: [], reasons: ["pressed"],
            state: .raised, began: midnight, raised: midnight)
        later.steps.append(AgentStatus.Step(event: .raised, alert: alert, at: midnight))
        #expect(
            news.answered(later) == [
                "\(LocalTime.clockFace(unixMilliseconds: midnight.milliseconds))  panic raised                 red: pressed",
                "signal panic: -",
            ])
    }

    @Test func anAbsenceIsSaidOnceAndItsEnd() {
        var news = WatchNews(language: .zh)
        var status = troubledStatus()
        status.starts = 3
        _ = news.answered(status)
        #expect(news.failed("Connection refused") == ["守护进程没有回答：连接被拒绝"])
        #expect(news.failed("Connection refused") == [])
        #expect(news.answered(status) == ["守护进程恢复回答"])
        _ = news.failed("gone")
        status.starts = 4
        #expect(news.answered(status) == ["守护进程恢复回答，已重新启动"])
    }
}
