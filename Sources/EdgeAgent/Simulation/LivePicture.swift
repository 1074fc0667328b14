// The live picture in the terminal: signals, rules with their verdicts, alerts on their way to somebody.

import Drivers
import LocalRules
import Upstream

/// Draws an `AgentStatus` as lines of text. Pure; colours only where asked for.
struct LivePicture: TerminalPicture {
    var usesColour: Bool
    /// Columns of the terminal.
    var width: Int
    /// How each bus does, for whoever looks after the wires.
    var showsBuses = false

    func lines(_ status: AgentStatus, title: String) -> [String] {
        var lines = [bold(title), header(status)] + secondBroker(status.upstream) + [""]
        if !status.isCommissioned {
            lines += [paint("Not yet commissioned: nothing is read, watched or told to anybody.", .yellow), ""]
        }
        if status.isSavingPower {
            lines += [paint("On battery: mains power is lost. Meters are asked more seldom.", .yellow), ""]
        }
        if status.mode != .home { lines += [paint("Mode: \(status.modeText)", .yellow), ""] }
        lines += signals(status) + [""] + rules(status) + [""] + open(status) + steps(status)
        if showsBuses, !status.buses.isEmpty { lines += [""] + buses(status) }
        let losing = status.lines.filter { $0.edgesLost > 0 }
        if showsBuses, !losing.isEmpty { lines += ["", bold("Lines that lost edges")] + losing.map(line) }
        if !status.faults.isEmpty { lines += ["", bold("Faults")] + status.faults.map { paint("  " + $0, .yellow) } }
        return lines.map(cut)
    }

    private func header(_ status: AgentStatus) -> String {
        let clock = LocalTime.clockFace(unixMilliseconds: status.unixMilliseconds)
        let sound =
            status.sound == .silent
            ? "silent" : paint("♪ \(status.sound.rawValue)", status.sound == .accepted ? .green : .red)
        // "broker 127.0.0.1:1883 refused …" is long: last, so that nothing else is cut.
        let cause = status.upstream.link
        let link = paint(
            cause.hasPrefix("broker ") ? String(cause.dropFirst(7)) : cause,
            status.upstream.isConnected ? .green : .yellow)
        let waiting = Self.waiting(status.upstream)
        return "\(status.home)   \(clock)   sound: \(sound)   waiting: \(waiting)   broker: \(link)"
    }

    private func secondBroker(_ upstream: AgentStatus.Upstream) -> [String] {
        guard let link = upstream.fallback else { return [] }
        let taken = upstream.sentByFallback
        let count = taken == 0 ? "" : "   alarms taken since the start: \(taken)"
        return ["second broker: \(paint(link, upstream.isFallbackConnected ? .green : .yellow))\(count)"]
    }

    /// "1 alarm, 0 events, 12 readings"
    static func waiting(_ upstream: AgentStatus.Upstream) -> String {
        Lane.allCases.map { lane in
            let count = upstream.depths[lane] ?? 0
            return "\(count) \(lane)\(count == 1 ? "" : "s")"
        }.joined(separator: ", ")
    }

    /// Alerts that nobody has ended, also those from before a restart.
    private func open(_ status: AgentStatus) -> [String] {
        guard !status.alerts.isEmpty else { return [] }
        return [bold("Open")]
            + status.alerts.map { alert in
                let since = LocalTime.clockFace(unixMilliseconds: alert.raised.milliseconds)
                let level = alert.state == .raised ? alert.level.map { ", \($0.rawValue)" } ?? "" : ""
                let test = alert.isTest ? " (test)" : ""
                let state = pad("\(alert.rule) \(alert.state.rawValue)\(level)\(test)", 28)
                let colour: Colour = alert.severity == .technical || alert.state == .acknowledged ? .yellow : .red
                return "  \(since)  \(paint(state, colour)) \(alert.severity.rawValue): \(alert.reasons.first ?? "")"
            } + [""]
    }

    private func signals(_ status: AgentStatus) -> [String] {
        [bold("Signals")]
            + status.signals.map { signal in
                // Padded before it is painted: escape sequences take no column.
                let value = pad(signal.missing ? "missing" : (signal.value ?? "not yet"), 16)
                let age = signal.ageSeconds.map { "\(Span.seconds($0).text) ago" } ?? ""
                return "  \(pad(signal.name, 18)) \(paint(value, signal.missing ? .yellow : .plain)) \(age)"
            }
    }

    private func rules(_ status: AgentStatus) -> [String] {
        [bold("Rules")]
            + status.rules.map { rule in
                let colour: Colour = rule.verdict == .wrong ? .red : rule.verdict == .fine ? .green : .yellow
                return "  \(pad(rule.name, 18)) \(paint(pad(rule.verdict.rawValue, 12), colour)) \(rule.reason)"
            }
    }

    private func buses(_ status: AgentStatus) -> [String] {
        [bold("Buses")]
            + status.buses.flatMap { bus in
                var notes = [bus.port]
                if bus.isLent {
                    notes.append(paint("lent to an installer; its meters are asked again afterwards", .yellow))
                }
                if bus.hasEcho { notes.append("hears itself") }
                if bus.strayBytes > 0 { notes.append("\(bus.strayBytes) bytes that nobody asked for") }
                return ["  \(pad(bus.name, 18)) " + notes.joined(separator: "; ")] + bus.meters.map(meter)
            }
    }

    private func line(_ line: AgentStatus.Line) -> String {
        "  \(pad(line.name, 18)) \(line.line): \(line.isExact ? "" : "at least ")\(line.edgesLost) since the start"
    }

    private func meter(_ meter: MeterReport) -> String {
        let name = pad("unit \(meter.unit), \(meter.meter)", 16)
        var text = "\(meter.answers) answers, \(meter.failures) failures"
        if let p50 = meter.turnaroundP50Milliseconds, let p99 = meter.turnaroundP99Milliseconds {
            text += "; answers within \(Int(p50.rounded(.up))) ms, \(Int(p99.rounded(.up))) ms at the 99th percentile"
        }
        text += "; waited for \(meter.timeoutMilliseconds) ms"
        return "    \(meter.isFailing ? paint(name, .yellow) : name) \(text)"
    }

    private func steps(_ status: AgentStatus) -> [String] {
        [bold("Alerts since the start")]
            + (status.steps.isEmpty ? ["  none yet"] : status.steps.suffix(8).map { "  " + step($0) })
    }

    /// One step of an alert's life on one line.
    func step(_ step: AgentStatus.Step) -> String {
        let clock =
            TimeText(Array(step.time.utf8)).map { LocalTime.clockFace(unixMilliseconds: $0.resolve()) } ?? step.time
        let colour: Colour =
            step.event == .raised
            ? (step.severity == .technical ? .yellow : .red) : step.event == .acknowledged ? .green : .plain
        let rule = step.alert.prefix { $0 != "/" }
        let test = step.test == true ? " (test)" : ""
        return
            "\(clock)  \(paint(pad("\(rule) \(step.event.rawValue)\(test)", 28), colour)) \(step.severity.rawValue): \(step.reason)"
    }
}
