// What `watch` shows, and what it writes where no terminal is. Pure: the command asks and draws.

import LocalRules

/// What was heard of the daemon so far.
struct WatchedDaemon {
    /// What it said last; nil: it has never answered.
    private(set) var status: AgentStatus?
    private(set) var inputs: [LinePicture]?
    private(set) var history = WatchHistory()
    /// Why it does not answer now, and since when, in milliseconds of a clock that never jumps; nil: it does.
    private(set) var absence: (why: String, since: Int64)?
    /// How long it was away before it came back, in milliseconds, and when that was.
    private(set) var lastAbsence: (milliseconds: Int64, until: Int64)?

    mutating func answered(_ status: AgentStatus, inputs: [LinePicture]?, at now: Int64) {
        if let absence { lastAbsence = (now - absence.since, now) }
        absence = nil
        self.status = status
        // An answer about the lines that fails to come once is no reason to forget them.
        self.inputs = inputs ?? self.inputs
        history.take(status.signals, at: now)
    }

    mutating func failed(_ why: String, at now: Int64) {
        absence = (why, absence?.since ?? now)
        history.miss(at: now)
    }
}

struct WatchPicture: TerminalPicture {
    /// How long a return is spoken of.
    private static let backMilliseconds: Int64 = 30_000

    var usesColour: Bool
    var width: Int
    /// Lines of the terminal.
    var height: Int
    var language = Language.en

    /// Never more lines than the terminal has: the head, as much of the rest as fits from the line `scroll` on, and the
    /// keys. `scroll` comes back as far as there is something to scroll to.
    func lines(_ daemon: WatchedDaemon, scroll: inout Int, at now: Int64) -> [String] {
        guard let status = daemon.status else {
            return fitted([say(LivePhrase.watchWaits)], daemon, [], &scroll, now)
        }
        var picture = LivePicture(usesColour: usesColour, width: width, language: language, showsBuses: true)
        picture.history = daemon.history
        picture.inputs = daemon.inputs
        let head = picture.head(status, title: "edge-agent \(status.version)")
        return fitted(head, daemon, picture.body(status), &scroll, now)
    }

    private func fitted(
        _ head: [String], _ daemon: WatchedDaemon, _ body: [String], _ scroll: inout Int, _ now: Int64
    ) -> [String] {
        let head = Array((presence(daemon, now) + head).prefix(max(1, height - 2)))
        let room = max(0, height - head.count - 1)
        scroll = max(0, min(scroll, body.count - room))
        let shown = body.dropFirst(scroll).prefix(room)
        let keys =
            body.count <= room
            ? say(LivePhrase.watchEnds)
            : Message(LivePhrase.watchKeys, "\(scroll + 1)", "\(scroll + shown.count)", "\(body.count)")
                .text(in: language)
        // The keys stay where they are, however little there is above.
        let blank = [String](repeating: "", count: room - shown.count)
        return Array((head + shown + blank + [cut(keys)]).prefix(max(1, height)))
    }

    private func presence(_ daemon: WatchedDaemon, _ now: Int64) -> [String] {
        func span(_ milliseconds: Int64) -> String { Span.seconds(milliseconds / 1000).text }
        if let absence = daemon.absence {
            let text = Message(LivePhrase.watchAway, span(now - absence.since), absence.why).text(in: language)
            let old = daemon.status == nil ? "" : " " + say(LivePhrase.watchOld)
            return hung(text + old, behind: "", .red)
        }
        guard let back = daemon.lastAbsence, now - back.until < Self.backMilliseconds else { return [] }
        return hung(Message(LivePhrase.watchBack, span(back.milliseconds)).text(in: language), behind: "", .green)
    }

    private func say(_ phrase: LivePhrase) -> String { Message(phrase).text(in: language) }
}

/// What has changed from one answer to the next, a line each: for a log, or for somebody who pipes `watch` somewhere.
/// Values of meters are no news; they stand in `--json`.
struct WatchNews {
    let language: Language
    private var before: AgentStatus?
    private var isAway = false

    init(language: Language) { self.language = language }

    /// Why the daemon does not answer: said once.
    mutating func failed(_ why: String) -> [String] {
        defer { isAway = true }
        return isAway ? [] : [text(.newsAway, why)]
    }

    mutating func answered(_ status: AgentStatus) -> [String] {
        defer {
            before = status
            isAway = false
        }
        var news: [String] = []
        if isAway { news.append(text(before.map { $0.starts != status.starts } == true ? .newsAnew : .newsBack)) }
        news += steps(status) + signals(status) + rules(status) + faults(status)
        if before?.upstream.link != status.upstream.link { news.append(text(.newsLink, status.upstream.link)) }
        if before?.modeText != status.modeText, before != nil || status.mode != .home {
            news.append(text(.newsMode, status.modeText))
        }
        return news
    }

    private func text(_ phrase: LivePhrase) -> String { Message(phrase).text(in: language) }
    private func text(_ phrase: LivePhrase, _ a: String) -> String { Message(phrase, a).text(in: language) }
    private func text(_ phrase: LivePhrase, _ a: String, _ b: String) -> String {
        Message(phrase, a, b).text(in: language)
    }

    /// Of what came before the first look only what is still open is news.
    private func steps(_ status: AgentStatus) -> [String] {
        let open = Set(status.alerts.map(\.id))
        let known = Set((before?.steps ?? []).map(key))
        let picture = LivePicture(usesColour: false, width: .max, language: language)
        return status.steps.filter { before == nil ? open.contains($0.alert) : !known.contains(key($0)) }
            .map { picture.step($0) }
    }

    private func key(_ step: AgentStatus.Step) -> String { "\(step.alert) \(step.event) \(step.time)" }

    private func signals(_ status: AgentStatus) -> [String] {
        status.signals.compactMap { signal in
            let last = before?.signals.first { $0.name == signal.name }
            if signal.missing {
                return last?.missing == true ? nil : text(.newsSignal, signal.name, text(.signalMissing))
            }
            if last?.missing == true { return text(.newsSignalBack, signal.name) }
            // Inputs only.
            guard let value = signal.value, ["active", "-"].contains(value), let old = last?.value, old != value else {
                return nil
            }
            return text(.newsSignal, signal.name, value == "active" ? text(.signalActive) : value)
        }
    }

    private func rules(_ status: AgentStatus) -> [String] {
        status.rules.compactMap { rule in
            let last = before?.rules.first { $0.name == rule.name }
            guard last?.verdict != rule.verdict, last != nil || rule.verdict == .wrong else { return nil }
            return Message(LivePhrase.newsRule, rule.name, text(rule.verdict.phrase), rule.reason).text(in: language)
        }
    }

    private func faults(_ status: AgentStatus) -> [String] {
        let old = before?.faults ?? []
        return status.faults.filter { !old.contains($0) }.map { fault in
            let advice = status.faultAdvice?[fault].map { "; " + text(.faultAdvice, $0) } ?? ""
            return text(.newsFault, fault + advice)
        } + old.filter { !status.faults.contains($0) }.map { text(.newsMended, $0) }
    }
}
