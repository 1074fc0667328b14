// The home at a glance, for `status`, `watch` and `simulate`: what is wrong first, then signals, rules, lines and buses.

import Drivers
import LocalRules
import Upstream

/// Draws an `AgentStatus` as lines of text. Pure; colours only where asked for. Whatever the width, nothing is lost: a
/// sentence takes as many lines as it needs.
struct LivePicture: TerminalPicture {
    private static let narrowestBars = 8
    private static let widestBars = 60

    var usesColour: Bool
    /// Columns of the terminal.
    var width: Int
    var language = Language.en
    /// How each bus does, for whoever looks after the wires.
    var showsBuses = false
    /// What was seen of the signals so far; nil: nobody has looked on.
    var history: WatchHistory?
    /// How the lines stand; nil: nobody has asked.
    var inputs: [LinePicture]?

    func lines(_ status: AgentStatus, title: String) -> [String] {
        (head(status, title: title) + body(status)).map(cut)
    }

    /// What always stays in sight.
    func head(_ status: AgentStatus, title: String) -> [String] {
        let clock = LocalTime.clockFace(unixMilliseconds: status.unixMilliseconds, language: language)
        let sound =
            status.sound == .silent
            ? say(.soundNone)
            : paint(say(.soundIs, say(status.sound.phrase)), status.sound == .accepted ? .green : .red)
        let parts = [status.home, clock, sound, Self.waiting(status.upstream, language)]
        let lines = [bold(title)] + flowing(parts) + brokers(status)
        var remarks: [String] = []
        if !status.isCommissioned { remarks.append(say(.notCommissioned)) }
        if status.isSavingPower { remarks.append(say(.onBattery)) }
        if status.mode != .home { remarks.append(say(.modeIs, status.modeText)) }
        if let remark = status.configurationRemark { remarks.append(say(.configurationIs, remark)) }
        return (lines + remarks.flatMap { hung($0, behind: "", .yellow) }).map(cut)
    }

    /// Everything else, each part with a blank line before it; a part without content is left out.
    func body(_ status: AgentStatus) -> [String] {
        var parts: [(LivePhrase, [String])] = [
            (.titleOpen, status.alerts.flatMap(open)), (.titleFaults, faults(status)),
            (.titleSignals, signals(status)), (.titleRules, status.rules.flatMap { rule($0, names(status)) }),
        ]
        parts.append((.titleLines, lines(status)))
        parts.append((.titleSteps, steps(status)))
        if showsBuses {
            parts.append((.titleBuses, status.buses.flatMap(bus)))
            parts.append((.titleLost, status.lines.filter { $0.edgesLost > 0 }.map(lost)))
        }
        return parts.flatMap { title, lines in lines.isEmpty ? [] : ["", bold(say(title))] + lines }.map(cut)
    }

    /// What rules, drivers and the link said in English.
    private func read(_ english: String) -> String { translated(english, to: language) }
    private func say(_ phrase: LivePhrase) -> String { Message(phrase).text(in: language) }
    private func say(_ phrase: LivePhrase, _ first: String) -> String { Message(phrase, first).text(in: language) }

    /// An alert that nobody has to come for.
    private func test(_ isTest: Bool) -> String { isTest ? " (\(say(.markTest)))" : "" }

    // MARK: Upstream

    private func brokers(_ status: AgentStatus) -> [String] {
        let upstream = status.upstream
        // A cause that stands among the faults, with its advice, is not told twice.
        let isFault = status.faults.contains { $0.hasPrefix(upstream.link) }
        let cause = read(upstream.link)
        // The phrase says that it is a broker.
        let lead = ["broker ", "服务器 "].first { upstream.link.hasPrefix("broker ") && cause.hasPrefix($0) } ?? ""
        let link = String(cause.dropFirst(lead.count))
        let text = upstream.isConnected ? say(.broker, say(.linkUp)) : say(.broker, link)
        var lines = isFault ? [] : hung(text, behind: "", upstream.isConnected ? .green : .yellow)
        if let second = upstream.fallback {
            let taken = upstream.sentByFallback
            let text =
                taken == 0
                ? say(.secondBroker, second) : Message(LivePhrase.brokerTaken, second, "\(taken)").text(in: language)
            lines += hung(text, behind: "", upstream.isFallbackConnected ? .green : .yellow)
        }
        return lines
    }

    /// "waiting: alarms 1, events 0, readings 12"
    static func waiting(_ upstream: AgentStatus.Upstream, _ language: Language) -> String {
        let counts = Lane.allCases.map { upstream.depths[$0] ?? 0 }
        guard counts.contains(where: { $0 > 0 }), counts.count == 3 else {
            return Message(LivePhrase.waiting).text(in: language)
        }
        return Message(LivePhrase.waitingMany, "\(counts[0])", "\(counts[1])", "\(counts[2])").text(in: language)
    }

    // MARK: What is wrong

    /// Alerts that nobody has ended, also those from before a restart.
    private func open(_ alert: Alert) -> [String] {
        let since = LocalTime.clockFace(unixMilliseconds: alert.raised.milliseconds, language: language)
        let level = alert.state == .raised ? alert.level.map { comma + say($0.phrase) } ?? "" : ""
        let colour: Colour = alert.severity == .technical || alert.state == .acknowledged ? .yellow : .red
        let text =
            "\(alert.rule) \(say(alert.state.phrase))\(level)\(test(alert.isTest))  \(say(alert.severity.phrase))"
        return hung(text, behind: "  \(since)  ", colour)
            + alert.reasons.prefix(1).flatMap { hung(without(alert.rule, read($0)), behind: "    ") }
    }

    private func faults(_ status: AgentStatus) -> [String] {
        status.faults.flatMap { fault in
            let advice = status.faultAdvice?[fault].map { hung(say(.faultAdvice, $0), behind: "    ") }
            return hung(read(fault), behind: "  ", .yellow) + (advice ?? [])
        }
    }

    // MARK: Signals, rules and lines

    /// Room for names: the longest, but never so much that nothing else fits.
    private func room(_ names: [String]) -> Int {
        min(max(18, names.map(\.columns).max() ?? 0), max(12, width / 3))
    }

    private func names(_ status: AgentStatus) -> Int {
        room(status.signals.map(\.name) + status.rules.map(\.name))
    }

    private func signals(_ status: AgentStatus) -> [String] {
        let room = names(status)
        return status.signals.map { signal in
            // Padded before it is painted: escape sequences take no column.
            let value = pad(text(of: signal), 15)
            let age = signal.ageSeconds.map { say(.ago, Span.seconds($0).text) } ?? ""
            let head = "  \(pad(signal.name, room)) \(paint(value, signal.missing ? .yellow : .plain)) "
            let bars = bars(of: signal.name, behind: head.shownColumns + 15)
            return head + (bars.isEmpty ? age : pad(age, 14) + " " + bars)
        }
    }

    private func text(of signal: AgentStatus.Signal) -> String {
        if signal.missing { return say(.signalMissing) }
        guard let value = signal.value else { return say(.signalUnknown) }
        return value == "active" ? say(.signalActive) : value
    }

    private func bars(of signal: String, behind column: Int) -> String {
        guard let track = history?.track(signal) else { return "" }
        let rate = track.rate.map { " " + $0 } ?? ""
        // One column less than there is: some terminals wrap as soon as the last one is written.
        let room = min(Self.widestBars, width - column - max(rate.columns, 12) - 1)
        guard room >= Self.narrowestBars else { return "" }
        return Sparkline.text(track.bars, width: room, fromZero: track.fromZero) + rate
    }

    private func rule(_ rule: AgentStatus.Rule, _ room: Int) -> [String] {
        let colour: Colour = rule.verdict == .wrong ? .red : rule.verdict == .fine ? .green : .yellow
        let head = "  \(pad(rule.name, room)) \(paint(pad(say(rule.verdict.phrase), 12), colour)) "
        return hung(without(rule.name, read(rule.reason)), behind: head)
    }

    /// A rule of one input has its name: once is enough.
    private func without(_ name: String, _ reason: String) -> String {
        for lead in [name + ": ", name + "："] where reason.hasPrefix(lead) {
            return String(reason.dropFirst(lead.count))
        }
        return reason
    }

    private var comma: String { language == .zh ? "，" : ", " }

    private func lines(_ status: AgentStatus) -> [String] {
        let remarks = Dictionary(status.lines.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let room = room((inputs ?? []).map(\.name))
        // A simulated line is called like its input.
        let width = remarks.values.filter { $0.line != $0.name }.map(\.line.columns).max() ?? 0
        return (inputs ?? []).map { line in
            let remark = remarks[line.name]
            let level = line.isActive.map { $0 ? say(.signalActive) : "-" } ?? ""
            var notes = [pad(level, 8), say(.lineEdges, "\(line.edges)")]
            if width > 0 { notes.insert(pad(remark?.line ?? "", width), at: 0) }
            if remark?.chatters == true { notes.append(paint(say(.lineRestless), .yellow)) }
            if remark?.isStuck == true { notes.append(paint(say(.lineHangs), .yellow)) }
            if let fault = line.fault { notes = [paint(read(fault), .yellow)] }
            return "  \(pad(line.name, room)) " + notes.joined(separator: " ")
        }
    }

    private func lost(_ line: AgentStatus.Line) -> String {
        let phrase = line.isExact ? LivePhrase.lineLost : .lineLostAtLeast
        return "  \(pad(line.name, 18)) " + Message(phrase, line.line, "\(line.edgesLost)").text(in: language)
    }

    // MARK: Buses

    private func bus(_ bus: AgentStatus.Bus) -> [String] {
        var notes = [bus.port]
        if bus.isLent { notes.append(say(.busLent)) }
        if bus.hasEcho { notes.append(say(.busEcho)) }
        if bus.strayBytes > 0 { notes.append(say(.busStray, "\(bus.strayBytes)")) }
        return hung(notes.joined(separator: "; "), behind: "  \(pad(bus.name, 18)) ", bus.isLent ? .yellow : .plain)
            + bus.meters.flatMap(meter)
    }

    private func meter(_ meter: MeterReport) -> [String] {
        func say(_ phrase: LivePhrase, _ first: String, _ second: String) -> String {
            Message(phrase, first, second).text(in: language)
        }
        let name = pad(say(.meterUnit, "\(meter.unit)", meter.meter), 16)
        var notes = [say(.meterAnswered, "\(meter.answers)", "\(meter.failures)")]
        if let p50 = meter.turnaroundP50Milliseconds, let p99 = meter.turnaroundP99Milliseconds {
            notes.append(say(.meterTimes, "\(Int(p50.rounded(.up)))", "\(Int(p99.rounded(.up)))"))
        }
        notes.append(self.say(.meterWaits, "\(meter.timeoutMilliseconds)"))
        let head = "    \(meter.isFailing ? paint(name, .yellow) : name) "
        return hung(notes.joined(separator: "; "), behind: head)
    }

    // MARK: What has happened

    private func steps(_ status: AgentStatus) -> [String] {
        // How an open alert began stands above.
        let open = Set(status.alerts.map(\.id))
        let steps = status.steps.filter { !($0.event == .raised && open.contains($0.alert)) }.suffix(8)
        if steps.isEmpty { return open.isEmpty ? ["  " + say(.noSteps)] : [] }
        return steps.flatMap { step in hung(read(step.reason), behind: "  " + opening(of: step)) }
    }

    /// One step of an alert's life on one line.
    func step(_ step: AgentStatus.Step) -> String { opening(of: step) + read(step.reason) }

    private func opening(of step: AgentStatus.Step) -> String {
        let clock =
            TimeText(Array(step.time.utf8)).map {
                LocalTime.clockFace(unixMilliseconds: $0.resolve(), language: language)
            } ?? step.time
        let colour: Colour =
            step.event == .raised
            ? (step.severity == .technical ? .yellow : .red) : step.event == .acknowledged ? .green : .plain
        let rule = step.alert.prefix { $0 != "/" }
        let what = "\(rule) \(say(step.event.phrase))\(test(step.test == true))"
        return "\(clock)  \(paint(pad(what, 28), colour)) \(say(step.severity.phrase)): "
    }
}
