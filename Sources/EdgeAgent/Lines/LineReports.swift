// What people and the cloud hear of lines that lose edges, chatter or stick. Pure: LinesWorker posts what comes out.

import Drivers
import LocalRules

/// One thing to be said, and where.
enum LineReport: Equatable, Sendable {
    /// For the record, upstream.
    case note(code: String, signal: String, text: String)
    /// A fault that stands from now on, or (nil) has ended.
    case fault(String?, of: String)
    case status(AgentStatus.Line)
}

/// Gathers the notices of all input lines.
struct LineReports: Sendable {
    /// A line that loses edges loses them again: the first is said at once, then the sum of an hour.
    static let notesApartMilliseconds: Int64 = 3_600_000

    fileprivate struct Line: Sendable {
        let channel: Channel
        var settings: LineSettings
        var limits: InputLimits
        var status: AgentStatus.Line
        var unsaid: Int64 = 0
        var said: BootTime?
    }
    /// In the order of the configuration.
    private var lines: [Line]

    init(inputs: [InputPlan]) {
        lines = inputs.map { input in
            Line(
                channel: input.channel, settings: input.settings, limits: input.limits,
                status: AgentStatus.Line(name: input.settings.name, line: input.settings.line))
        }
    }

    var statuses: [AgentStatus.Line] { lines.map(\.status) }

    /// Takes what a bank remarked, nothing included: an hour may be over.
    mutating func take(_ notices: [LineNotice], now: BootTime) -> [LineReport] {
        var reports: [LineReport] = []
        for notice in notices {
            guard let index = lines.firstIndex(where: { $0.channel == notice.channel }) else { continue }
            var line = lines[index]
            switch notice.event {
            case .lost(let edges, let isExact):
                line.status.edgesLost += Int64(edges)
                line.status.isExact = line.status.isExact && isExact
                line.unsaid += Int64(edges)
            case .chatters(let chatters):
                line.status.chatters = chatters
                reports += line.chatter(chatters)
            case .stuck(let isStuck):
                line.status.isStuck = isStuck
                reports += line.stick(isStuck)
            }
            reports.append(.status(line.status))
            lines[index] = line
        }
        for index in lines.indices where lines[index].unsaid > 0 {
            if let said = lines[index].said,
                BootTime.milliseconds(from: said, to: now) < LineReports.notesApartMilliseconds
            {
                continue
            }
            reports.append(lines[index].lossNote)
            lines[index].unsaid = 0
            lines[index].said = now
        }
        return reports
    }
}

extension LineReports.Line {
    private var name: String { settings.name }

    fileprivate var lossNote: LineReport {
        let count = "\(unsaid) edge\(unsaid == 1 ? "" : "s")"
        let total = unsaid == status.edgesLost ? "" : ", \(status.edgesLost) since the start"
        return .note(
            code: "edges-lost", signal: name,
            text: "\(name): \(status.isExact ? "" : "at least ")\(count) lost\(total); the level was read again; "
                + "if it goes on, look for a line that chatters, or a board that is overloaded")
    }

    fileprivate func chatter(_ chatters: Bool) -> [LineReport] {
        let part = "input \(name) chatters"
        guard chatters else {
            let text = "\(name): calm for a minute, followed again"
            return [.fault(nil, of: part), .note(code: "line-calm", signal: name, text: text)]
        }
        let text =
            "line \(settings.line) (\(name)): chatters, more than \(limits.edgesInTenSeconds) edges in 10 s; only its "
            + "level is looked at, once a second; look for a loose wire or contact, a missing pull resistor or a cable "
            + "beside mains"
        return [.fault(text, of: part), .note(code: "line-chatters", signal: name, text: text)]
    }

    fileprivate func stick(_ isStuck: Bool) -> [LineReport] {
        let part = "input \(name) stuck"
        guard isStuck else {
            return [.fault(nil, of: part), .note(code: "line-moves", signal: name, text: "\(name): has moved again")]
        }
        let after = Span(milliseconds: limits.stuckAfterMilliseconds ?? 0).text(separator: " ")
        let text =
            "line \(settings.line) (\(name)): active for more than \(after) without a break; look for something that "
            + "leans on it, a caught cord, a short circuit or the wrong `active` level"
        return [.fault(text, of: part), .note(code: "line-stuck", signal: name, text: text)]
    }
}
