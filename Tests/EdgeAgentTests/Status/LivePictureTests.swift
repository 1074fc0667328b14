// A home at a glance: what stands where, at any width, in both languages.

import LocalRules
import Testing
import Upstream

@testable import Drivers
@testable import EdgeAgent

/// A home in trouble.
func troubledStatus() -> AgentStatus {
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
        AgentStatus.Rule(name: "panic", kind: "input-active", verdict: .cannotTell, reason: "panic: never read"),
    ]
    let alert = Alert(
        id: "no-water/2026", rule: "no-water", kind: "low-use", severity: .orange, signals: [],
        reasons: ["0 m3 in 12 h"], state: .raised, began: midnight, raised: midnight, level: .sent)
    status.steps = [AgentStatus.Step(event: .raised, alert: alert, at: midnight)]
    status.faults = ["bus rs485: no answer"]
    status.faultAdvice = ["bus rs485: no answer": "check the wires"]
    status.upstream.link = "broker b.example:8883 refused the connection: nobody listens there"
    status.upstream.depths = [.alarm: 1, .reading: 12]
    return status
}

/// What a terminal shows of a line: everything but the escape sequences.
func shown(_ line: String) -> String {
    var text = ""
    var isEscape = false
    for character in line {
        if character == "\u{1B}" { isEscape = true }
        if !isEscape { text.append(character) }
        if character.isLetter { isEscape = false }
    }
    return text
}

@Suite struct LivePictureTests {
    private func lines(
        _ status: AgentStatus = troubledStatus(), width: Int = 80, colour: Bool = false, language: Language = .en
    ) -> [String] {
        var picture = LivePicture(usesColour: colour, width: width, language: language)
        picture.showsBuses = true
        return picture.lines(status, title: "A home")
    }

    /// What rules, drivers and the link said is Chinese, too.
    @Test func nothingIsLeftInEnglish() {
        var status = troubledStatus()
        status.isSavingPower = true
        status.rules[0].reason = "0 m3 in 12 h, limit 0.01 m3 in 12 h"
        status.rules[1].reason = "panic: no reading yet"
        status.faults = ["bus rs485 (/dev/ttyUSB0), unit 5: no answer within 1000 ms"]
        status.faultAdvice = [status.faults[0]: "Check that it has power and its unit id, and ask again then."]
        let lines = lines(status, width: 100, language: .zh)
        #expect(lines.contains("  water.volume       412.316 m3      1 min 30 s 前"))
        #expect(lines.contains("  no-water           异常         12 h 内 0 m3，限值 12 h 内 0.01 m3"))
        #expect(lines.contains("  总线 rs485（/dev/ttyUSB0），站号 5：1000 毫秒内没有应答"))
        #expect(lines.contains { $0.hasSuffix("请检查其电源和站号，稍后再试。") })
        #expect(lines.contains("服务器：b.example:8883 拒绝连接：该处没有服务"))
        for line in lines.dropFirst() { #expect(leftoverEnglish(in: line) == nil, "\(line)") }
    }

    @Test func wholeInEightyColumns() {
        var status = troubledStatus()
        status.alerts = [
            Alert(
                id: "no-water/2026", rule: "no-water", kind: "low-use", severity: .orange, signals: [],
                reasons: ["0 m3 in 12 h"], state: .raised, began: midnight, raised: midnight, level: .sent)
        ]
        #expect(
            lines(status) == [
                "A home",
                "h-1  \(LocalTime.clockFace(unixMilliseconds: 0))  sound: ♪ not-reached  waiting: alarms 1, events 0, readings 12",
                "broker: b.example:8883 refused the connection: nobody listens there",
                "", "Open",
                "  \(LocalTime.clockFace(unixMilliseconds: midnight.milliseconds))  no-water raised, sent  orange",
                "    0 m3 in 12 h",
                "", "Faults",
                "  bus rs485: no answer",
                "    advice: check the wires",
                "", "Signals",
                "  water.volume       412.316 m3      1 min 30 s ago",
                "  panic              missing         ",
                "  door               not yet         ",
                "", "Rules",
                "  no-water           wrong        0 m3 in 12 h",
                "  panic              cannot tell  never read",
            ])
    }

    @Test func inChineseAWideCharacterTakesTwoColumns() {
        let lines = lines(language: .zh)
        #expect(lines.contains("  panic              缺失            "))
        #expect(lines.contains("  no-water           异常         0 m3 in 12 h"))
        #expect(lines.contains("  panic              无法判断     never read"))
        #expect(lines.contains("    建议：check the wires"))
        let clock = LocalTime.clockFace(unixMilliseconds: 0, language: .zh)
        #expect(clock.hasPrefix("周"))
        #expect(lines[1] == "h-1  \(clock)  声音：♪ 求助未送达  待发送：告警 1，事件 0，读数 12")
    }

    @Test func coloursMoveNothing() {
        #expect(lines(colour: true).map(shown) == lines())
        #expect(lines(colour: true).contains { $0.contains("\u{1B}[33mmissing") })
        #expect(!lines().contains { $0.contains("\u{1B}") })
    }

    @Test(arguments: [0, 1, 7, 20, 30, 80, 200]) func noLineIsWiderThanTheTerminal(_ width: Int) {
        for language in Language.allCases {
            let plain = lines(width: width, language: language)
            let coloured = lines(width: width, colour: true, language: language)
            #expect(plain.allSatisfy { $0.columns <= width })
            #expect(coloured.map(shown) == plain)
            // A colour that was begun ends with its line.
            #expect(coloured.allSatisfy { !$0.contains("\u{1B}") || $0.contains("\u{1B}[0m") })
        }
    }

    @Test func nothingOfASentenceIsLostWhereItDoesNotFit() {
        var status = troubledStatus()
        status.faults = ["one two three four five six seven eight nine ten eleven twelve"]
        let text = lines(status, width: 24).map { $0.drop { $0 == " " } }.joined(separator: " ")
        #expect(text.contains("one two three four five six seven eight nine ten eleven twelve"))
    }

    @Test func aCauseThatIsAFaultIsToldOnce() {
        var status = troubledStatus()
        status.faults = ["broker b.example:8883 refused the connection: nobody listens there; Check the port."]
        #expect(lines(status, width: 200).count { $0.contains("b.example") } == 1)
    }

    @Test func whoeverLooksSeesThatTheHomeRunsOnBattery() {
        var status = troubledStatus()
        #expect(!lines(status).contains { $0.hasPrefix("On battery") })
        status.isSavingPower = true
        #expect(lines(status).contains { $0.hasPrefix("On battery: mains power is lost.") })
    }

    @Test func busesAreShownToWhoeverAsks() throws {
        var status = troubledStatus()
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
        #expect(!LivePicture(usesColour: false, width: 200).lines(status, title: "A home").contains("Buses"))
        let lines = lines(status, width: 200)
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
        #expect(lines(AgentStatus()).contains("  none yet"))
    }
}

@Suite struct WrappingTests {
    @Test(arguments: [
        ("one two three", 7, ["one two", "three"]), ("one two three", 80, ["one two three"]), ("", 5, [""]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]), ("a  b", 1, ["a", "b"]),
        // A mark never begins a line.
        ("守护进程，没有回答", 8, ["守护进", "程，没有", "回答"]), ("用 order = \"CDAB\" 读出", 10, ["用 order =", "\"CDAB\" 读", "出"]),
    ])
    func linesBreakAtSpacesAndBetweenChineseCharacters(_ text: String, _ width: Int, _ lines: [String]) {
        #expect(text.wrapped(to: width) == lines)
    }

    @Test(arguments: [("abc", 3), ("水表", 4), ("e\u{301}", 1), ("♪ ↑", 3), ("▁█", 2), ("", 0), ("１", 2)])
    func columnsAreWhatATerminalTakes(_ text: String, _ columns: Int) {
        #expect(text.columns == columns)
    }
}
