// visit-overdue: nobody has come to see the person for days.
//
//     visits are told by            the last visit                   verdict
//     ───────────────────────────   ──────────────────────────────   ───────────────────────────────────────────────
//     an input that is missing      –                                cannot tell: it may have been pressed in vain
//     anything else                 less than `every` ago            fine
//     anything else                 none, and less than `every`      cannot tell (counted from the start)
//                                   since the start
//     anything else                 `every` ago or longer            wrong, until the next one
//
// A visit is a press of the visit input, or told from outside (`RuleEngine.recordVisit`). Days are 24 hours of the
// timeline, not dates: whoever comes at nine each Monday is never overdue by a clock that was set.

struct VisitOverdue: Judge {
    let signals: [SignalID]
    let every: Span
    let rises: [Span]
    private var state: Memory

    struct Memory: Hashable, Codable, Sendable {
        var since: Instant
        /// Who came, or the input that was pressed; nil: nobody since the start.
        var by: String?
    }

    init(signal: SignalID?, every: Span, rises: [Span], memory: Memory?, at start: Instant) {
        signals = signal.map { [$0] } ?? []
        self.every = every
        self.rises = rises
        state = memory ?? Memory(since: start)
    }

    mutating func take(_ observation: Observation, from signal: SignalState) {
        if observation.isSignOfLife { takeVisit(by: signal.model.name, at: observation.time) }
    }

    mutating func takeVisit(by visitor: String, at time: Instant) {
        guard time >= state.since else { return }
        state = Memory(since: time, by: visitor)
    }

    func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        if self.signals.contains(where: { signals[$0.index].isMissing }) { return .cannotTell }
        let wrongAt = state.since + every
        if now >= wrongAt { return .wrong(at: now, rises) { state.since + $0 } }
        return Judgement(verdict: state.by == nil ? .cannotTell : .fine, wrongAt: wrongAt, recheckAt: wrongAt)
    }

    func reasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        if let input = self.signals.map({ signals[$0.index] }).first(where: \.isMissing) {
            return [input.silenceText(at: now)]
        }
        let ago = max(.zero, now - state.since)
        guard let by = state.by else { return ["no visit for \(ago.text) (none since the start), limit \(every.text)"] }
        if ago == .zero { return ["visit: \(by)"] }
        return ["last visit \(ago.text) ago (\(by)), limit \(every.text)"]
    }

    var memory: JudgeMemory { JudgeMemory(visitOverdue: state) }
}

extension RuleEngine {
    /// Somebody outside tells of a visit to the home; `visit-overdue` rules count anew from it.
    /// - Parameters:
    ///   - visitor: who came, for people: "Li, street committee".
    ///   - rule: the one that counts anew; nil: every one.
    package mutating func recordVisit(by visitor: String, for rule: String? = nil, at now: Instant) -> [Directive] {
        var directives = advance(to: now)
        var moment = Moment()
        for index in judges.indices where rule == nil || home.rules[index].name == rule {
            guard var judge = judges[index] as? VisitOverdue else { continue }
            judge.takeVisit(by: visitor, at: self.now)
            judges[index] = judge
            // Configured rules come first among the watches.
            evaluate(index, &moment)
        }
        moment.notes.append(
            .note(Note(time: self.now, code: "visit-recorded", signals: [], text: "visit recorded: \(visitor)")))
        close(moment, &directives)
        return directives
    }
}
