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

@Suite struct LivePictureTests {
    private var status: AgentStatus {
        var status = AgentStatus()
        status.home = "h-1"
        status.sound = .notReached
        status.signals = [
            AgentStatus.Signal(name: "water.volume", value: "412.316 m3", ageSeconds: 90, missing: false),
            AgentStatus.Signal(name: "panic", value: nil, ageSeconds: nil, missing: true),
            AgentStatus.Signal(name: "door", value: nil, ageSeconds: nil, missing: false),
        ]
        status.rules = [
            AgentStatus.Rule(name: "no-water", kind: "low-use", verdict: .wrong, reason: "0 m3 in 12 h"),
            AgentStatus.Rule(name: "panic", kind: "input-active", verdict: .cannotTell, reason: "never read"),
        ]
        let alert = Alert(
            id: "no-water/2026", rule: "no-water", kind: "low-use", severity: .orange, signals: [],
            reasons: ["0 m3 in 12 h"], state: .raised, began: midnight, raised: midnight)
        status.steps = [AgentStatus.Step(event: .raised, alert: alert, at: midnight)]
        status.faults = ["bus rs485: no answer"]
        return status
    }

    /// What a terminal shows of a line: everything but the escape sequences.
    private func shown(_ line: String) -> String {
        var text = ""
        var isEscape = false
        for character in line {
            if character == "\u{1B}" { isEscape = true }
            if !isEscape { text.append(character) }
            if character.isLetter { isEscape = false }
        }
        return text
    }

    @Test func withoutColourThereAreNoEscapeSequences() {
        let lines = LivePicture(usesColour: false, width: 200).lines(status, title: "A home")
        #expect(!lines.contains { $0.contains("\u{1B}") })
        #expect(lines.first == "A home")
        #expect(lines.contains("  water.volume       412.316 m3       1 min 30 s ago"))
        #expect(lines.contains("  panic              missing          "))
        #expect(lines.contains("  door               not yet          "))
        #expect(lines.contains("  no-water           wrong        0 m3 in 12 h"))
        #expect(lines.contains("  bus rs485: no answer"))
    }

    @Test func thePictureInChinese() {
        var status = status
        status.isSavingPower = true
        status.rules[0].reason = "0 m3 in 12 h, limit 0.01 m3 in 12 h"
        status.faults = ["bus rs485 (/dev/ttyUSB0), unit 5: no answer within 1000 ms"]
        let lines = LivePicture(usesColour: false, width: 200, language: .zh).lines(status, title: "A home")
        // Two columns for a Chinese character: what stands behind it stays where it is.
        #expect(lines.contains("  water.volume       412.316 m3       1 min 30 s 前"))
        #expect(lines.contains("  panic              缺失             "))
        #expect(lines.contains("  no-water           异常         12 h 内 0 m3，限值 12 h 内 0.01 m3"))
        #expect(lines.contains("  总线 rs485（/dev/ttyUSB0），站号 5：1000 毫秒内没有应答"))
        #expect(lines.contains("正在用电池：市电中断。减少仪表询问。"))
        #expect(lines[1].hasPrefix("h-1   周") && lines[1].contains("   声音：♪ 未联系上   待发：告警 0，事件 0，读数 0   服务器："))
        for line in lines.dropFirst() { #expect(leftoverEnglish(in: line) == nil, "\(line)") }
        let narrow = LivePicture(usesColour: false, width: 30, language: .zh).lines(status, title: "")
        #expect(narrow.allSatisfy { $0.columns <= 30 })
    }

    @Test func whoeverLooksSeesThatTheHomeRunsOnBattery() {
        var status = status
        let picture = LivePicture(usesColour: false, width: 200)
        #expect(!picture.lines(status, title: "").contains { $0.hasPrefix("On battery") })
        status.isSavingPower = true
        #expect(picture.lines(status, title: "").contains { $0.hasPrefix("On battery: mains power is lost.") })
    }

    @Test func coloursMoveNothing() {
        let plain = LivePicture(usesColour: false, width: 200).lines(status, title: "A home")
        let coloured = LivePicture(usesColour: true, width: 200).lines(status, title: "A home")
        #expect(coloured.map(shown) == plain)
        #expect(coloured.contains { $0.contains("\u{1B}[33mmissing") })
    }

    @Test(arguments: [0, 1, 7, 30, 80]) func linesAreCutToTheWidth(_ width: Int) {
        let plain = LivePicture(usesColour: false, width: width).lines(status, title: "A home")
        let coloured = LivePicture(usesColour: true, width: width).lines(status, title: "A home")
        #expect(plain.allSatisfy { $0.count <= width })
        #expect(coloured.map(shown) == plain)
        // A colour that was begun ends with its line.
        #expect(coloured.allSatisfy { !$0.contains("\u{1B}") || $0.contains("\u{1B}[0m") })
    }

    @Test func busesAreShownToWhoeverAsks() throws {
        var status = status
        let report = BusReport(
            bus: "rs485", hasEcho: true, strayBytes: 12,
            meters: [
                MeterReport(
                    meter: "water", unit: 5, isFailing: false, answers: 640, failures: 2,
                    turnaroundP50Milliseconds: 11.2, turnaroundP99Milliseconds: 61.5, timeoutMilliseconds: 200)
            ])
        let settings = BusSettings(
            name: "rs485", transport: .rtu(port: "/dev/ttyUSB0", baud: 9600, parity: .none, stopBits: 1))
        status.buses = [AgentStatus.Bus(report, at: settings, isLent: true)]
        var picture = LivePicture(usesColour: false, width: 200)
        #expect(!picture.lines(status, title: "A home").contains("Buses"))
        picture.showsBuses = true
        let lines = picture.lines(status, title: "A home")
        #expect(
            lines.contains(
                "  rs485              /dev/ttyUSB0; lent to an installer; its meters are asked again afterwards; hears itself; "
                    + "12 bytes that nobody asked for"))
        #expect(
            lines.contains(
                "    unit 5, water    640 answers, 2 failures; answers within 12 ms, 62 ms at the 99th percentile; "
                    + "waited for 200 ms"))
    }

    @Test func aHomeOfWhichNothingIsKnownYetHasAPicture() {
        let lines = LivePicture(usesColour: false, width: 80).lines(AgentStatus(), title: "A home")
        #expect(lines.contains("  none yet"))
    }
}
