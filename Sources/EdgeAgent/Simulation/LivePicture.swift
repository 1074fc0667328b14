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
    var language = Language.en

    private func say(_ english: String) -> String { translated(english, to: language) }
    private func word(_ english: String) -> String { translatedWord(english, to: language) }
    /// "Thu 07:30"
    private func clockFace(_ unixMilliseconds: Int64) -> String {
        let text = LocalTime.clockFace(unixMilliseconds: unixMilliseconds)
        return word(String(text.prefix(3))) + text.dropFirst(3)
    }

    func lines(_ status: AgentStatus, title: String) -> [String] {
        var lines = [bold(title), header(status)] + secondBroker(status.upstream) + [""]
        if !status.isCommissioned {
            lines += [paint(say("Not yet commissioned: nothing is read, watched or told to anybody."), .yellow), ""]
        }
        if status.isSavingPower {
            lines += [paint(say("On battery: mains power is lost. Meters are asked more seldom."), .yellow), ""]
        }
        if status.mode != .home { lines += [paint(say("Mode: \(status.modeText)"), .yellow), ""] }
        lines += signals(status) + [""] + rules(status) + [""] + open(status) + steps(status)
        if showsBuses, !status.buses.isEmpty { lines += [""] + buses(status) }
        let losing = status.lines.filter { $0.edgesLost > 0 }
        if showsBuses, !losing.isEmpty { lines += ["", bold(say("Lines that lost edges"))] + losing.map(line) }
        if !status.faults.isEmpty {
            lines += ["", bold(word("Faults"))] + status.faults.map { paint("  " + say($0), .yellow) }
        }
        return lines.map(cut)
    }

    private func header(_ status: AgentStatus) -> String {
        let clock = clockFace(status.unixMilliseconds)
        let sound =
            status.sound == .silent
            ? word("silent") : paint("♪ \(word(status.sound.rawValue))", status.sound == .accepted ? .green : .red)
        // "broker 127.0.0.1:1883 refused …" is long: last, so that nothing else is cut.
        let cause = status.upstream.link
        let text = say(cause)
        let lead = ["broker ", "服务器 "].first { cause.hasPrefix("broker ") && text.hasPrefix($0) } ?? ""
        let link = paint(
            String(text.dropFirst(lead.count)),
            status.upstream.isConnected ? .green : .yellow)
        let waiting = say(Self.waiting(status.upstream))
        return say("\(status.home)   \(clock)   sound: \(sound)   waiting: \(waiting)   broker: \(link)")
    }

    private func secondBroker(_ upstream: AgentStatus.Upstream) -> [String] {
        guard let link = upstream.fallback else { return [] }
        let taken = upstream.sentByFallback
        let count = taken == 0 ? "" : "   " + say("alarms taken since the start: \(taken)")
        let state = paint(say(link), upstream.isFallbackConnected ? .green : .yellow)
        return [say("second broker: \(state)\(count)")]
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
        return [bold(word("Open"))]
            + status.alerts.map { alert in
                let since = clockFace(alert.raised.milliseconds)
                let level = alert.state == .raised ? alert.level.map { ", \(word($0.rawValue))" } ?? "" : ""
                let state = pad("\(alert.rule) \(word(alert.state.rawValue))\(level)", 28)
                let colour: Colour = alert.severity == .technical || alert.state == .acknowledged ? .yellow : .red
                return
                    "  \(since)  \(paint(state, colour)) \(word(alert.severity.rawValue)): \(say(alert.reasons.first ?? ""))"
            } + [""]
    }

    private func signals(_ status: AgentStatus) -> [String] {
        [bold(word("Signals"))]
            + status.signals.map { signal in
                // Padded before it is painted: escape sequences take no column.
                let value = pad(signal.missing ? word("missing") : signal.value.map(word) ?? say("not yet"), 16)
                let age = signal.ageSeconds.map { say("\(Span.seconds($0).text) ago") } ?? ""
                return "  \(pad(signal.name, 18)) \(paint(value, signal.missing ? .yellow : .plain)) \(age)"
            }
    }

    private func rules(_ status: AgentStatus) -> [String] {
        [bold(word("Rules"))]
            + status.rules.map { rule in
                let colour: Colour = rule.verdict == .wrong ? .red : rule.verdict == .fine ? .green : .yellow
                return
                    "  \(pad(rule.name, 18)) \(paint(pad(say(rule.verdict.rawValue), 12), colour)) \(say(rule.reason))"
            }
    }

    private func buses(_ status: AgentStatus) -> [String] {
        [bold(word("Buses"))]
            + status.buses.flatMap { bus in
                var notes = [bus.port]
                if bus.isLent {
                    notes.append(
                        paint(say("lent to an installer; its meters are asked again afterwards"), .yellow))
                }
                if bus.hasEcho { notes.append(say("hears itself")) }
                if bus.strayBytes > 0 { notes.append(say("\(bus.strayBytes) bytes that nobody asked for")) }
                return ["  \(pad(bus.name, 18)) " + notes.joined(separator: "; ")] + bus.meters.map(meter)
            }
    }

    private func line(_ line: AgentStatus.Line) -> String {
        let name = pad(line.name, 18)
        return "  " + say("\(name) \(line.line): \(line.isExact ? "" : "at least ")\(line.edgesLost) since the start")
    }

    private func meter(_ meter: MeterReport) -> String {
        let name = pad(say("unit \(meter.unit), \(meter.meter)"), 16)
        var text = "\(meter.answers) answers, \(meter.failures) failures"
        if let p50 = meter.turnaroundP50Milliseconds, let p99 = meter.turnaroundP99Milliseconds {
            text += "; answers within \(Int(p50.rounded(.up))) ms, \(Int(p99.rounded(.up))) ms at the 99th percentile"
        }
        text += "; waited for \(meter.timeoutMilliseconds) ms"
        return "    \(meter.isFailing ? paint(name, .yellow) : name) \(say(text))"
    }

    private func steps(_ status: AgentStatus) -> [String] {
        [bold(say("Alerts since the start"))]
            + (status.steps.isEmpty ? ["  " + say("none yet")] : status.steps.suffix(8).map { "  " + step($0) })
    }

    /// One step of an alert's life on one line.
    func step(_ step: AgentStatus.Step) -> String {
        let clock =
            TimeText(Array(step.time.utf8)).map { clockFace($0.resolve()) } ?? step.time
        let colour: Colour =
            step.event == .raised
            ? (step.severity == .technical ? .yellow : .red) : step.event == .acknowledged ? .green : .plain
        let rule = step.alert.prefix { $0 != "/" }
        return
            "\(clock)  \(paint(pad("\(rule) \(word(step.event.rawValue))", 28), colour)) \(word(step.severity.rawValue)): \(say(step.reason))"
    }
}
