// What is said of lines that lose edges, chatter or stick, and how often.

import Drivers
import Testing

@testable import EdgeAgent

@Suite struct LineReportsTests {
    private func at(_ minutes: Int64) -> BootTime { BootTime(nanoseconds: 0).advanced(milliseconds: minutes * 60_000) }

    private let inputs = [
        InputPlan(
            channel: Channel(3), settings: LineSettings(name: "panic", line: "GPIO24", direction: .input),
            isSafety: true, limits: InputLimits(edgesInTenSeconds: 200, stuckAfterMilliseconds: 300_000))
    ]

    private func notice(_ event: LineNotice.Event, _ minutes: Int64) -> LineNotice {
        LineNotice(channel: Channel(3), time: at(minutes), event: event)
    }

    private func notes(_ reports: [LineReport]) -> [String] {
        reports.compactMap { if case .note(let code, _, let text) = $0 { "\(code) \(text)" } else { nil } }
    }

    @Test func theFirstLossIsSaidAtOnceThenTheSumOfAnHour() {
        var reports = LineReports(inputs: inputs)
        var said: [(Int64, String)] = []
        for minute in Int64(0)...180 {
            let notices = minute < 90 ? [notice(.lost(edges: 2, isExact: true), minute)] : []
            for text in notes(reports.take(notices, now: at(minute))) { said.append((minute, text)) }
        }
        #expect(said.map(\.0) == [0, 60, 120])
        #expect(said[0].1.hasPrefix("edges-lost panic: 2 edges lost; the level was read again"))
        #expect(said[1].1.hasPrefix("edges-lost panic: 120 edges lost, 122 since the start"))
        #expect(said[2].1.hasPrefix("edges-lost panic: 58 edges lost, 180 since the start"))
        #expect(reports.statuses.map(\.edgesLost) == [180])
    }

    @Test func withoutNumbersItIsAtLeast() {
        var reports = LineReports(inputs: inputs)
        let said = notes(reports.take([notice(.lost(edges: 1, isExact: false), 0)], now: at(0)))
        #expect(said.count == 1 && said[0].hasPrefix("edges-lost panic: at least 1 edge lost"))
        #expect(reports.statuses == [AgentStatus.Line(name: "panic", line: "GPIO24", edgesLost: 1, isExact: false)])
    }

    @Test func aFaultBeginsAndEnds() {
        var reports = LineReports(inputs: inputs)
        for (event, code, isFault) in [
            (LineNotice.Event.chatters(true), "line-chatters", true), (.stuck(true), "line-stuck", true),
            (.chatters(false), "line-calm", false), (.stuck(false), "line-moves", false),
        ] {
            let said = reports.take([notice(event, 1)], now: at(1))
            #expect(notes(said).map { String($0.prefix { $0 != " " }) } == [code])
            let faults = said.compactMap { if case .fault(let text, _) = $0 { text != nil } else { nil } }
            #expect(faults == [isFault])
        }
        #expect(reports.statuses == [AgentStatus.Line(name: "panic", line: "GPIO24")])
    }
}
