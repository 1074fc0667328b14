// re-test: what has to work on the one day on which it is needed, and was not tried for too long. Implicit, where the home
// has [re-test]: one for each panic button, one for the whole installation.
//
//     last tried, or the first start       verdict
//     ──────────────────────────────────   ─────────────────────────────────
//     less than `every` ago                fine
//     `every` ago or longer                wrong, until it is tried
//
// A button is tried by being pressed, whatever for; the whole by a self-test that found nothing wrong. Days are 24 hours
// of the timeline, not dates: a clock that is set makes nothing overdue.

/// How often what is to be tried; nil: nobody asks.
package struct ReTestTerms: Hashable, Sendable {
    package var panic: Span?
    package var whole: Span?

    package init(panic: Span? = nil, whole: Span? = nil) {
        self.panic = panic
        self.whole = whole
    }
}

struct ReTest: Sendable {
    static let kind = "re-test"

    /// nil: the whole installation.
    let signal: SignalID?
    let name: String?
    let every: Span
    private(set) var memory: Memory

    struct Memory: Hashable, Codable, Sendable {
        /// When it was last tried, or watched for the first time.
        var since: Instant
        var wasTried = false
    }

    init(signal: SignalID?, name: String?, every: Span, memory: Memory) {
        self.signal = signal
        self.name = name
        self.every = every
        self.memory = memory
    }

    mutating func take(_ observation: Observation) {
        if observation.isSignOfLife { take(at: observation.time) }
    }

    /// It was tried.
    mutating func take(at time: Instant) { memory = Memory(since: max(memory.since, time), wasTried: true) }

    func judgement(at now: Instant) -> Judgement {
        let due = memory.since + every
        return now >= due ? Judgement(verdict: .wrong) : Judgement(verdict: .fine, recheckAt: due)
    }

    func reasons(at now: Instant) -> [String] {
        let ago = max(.zero, now - memory.since)
        let what = name ?? "the whole installation"
        guard ago >= every else { return ["\(what): tested"] }
        let remark = memory.wasTried ? "" : " (never since the start)"
        return ["\(what): not tested for \(ago.text)\(remark), limit \(every.text)"]
    }
}

/// What is known of a test, as it is kept across restarts.
struct ReTestMemory: Hashable, Codable, Sendable {
    var rule: String
    var memory: ReTest.Memory
    var life: AlertLife
}

extension HomeModel {
    /// What is to be tried again: each panic button, then the whole.
    var reTested: [(signal: SignalID?, every: Span)] {
        var reTested: [(signal: SignalID?, every: Span)] = []
        if let every = reTest.panic {
            for index in signals.indices where signals[index].source == .input(.panic) {
                reTested.append((SignalID(index), every))
            }
        }
        if let every = reTest.whole { reTested.append((nil, every)) }
        return reTested
    }

    /// The implicit rule's name: "panic.re-test", "whole.re-test".
    func reTestRule(of position: Int) -> String {
        "\(reTested[position].signal.map { signals[$0.index].name } ?? "whole").re-test"
    }
}

extension RuleEngine {
    /// A test of the whole installation has found nothing wrong.
    package mutating func recordTest(by: String, at now: Instant) -> [Directive] {
        var directives = advance(to: now)
        var moment = Moment()
        for index in watches.indices {
            guard case .reTest(let position) = standings[index].subject, reTests[position].signal == nil else {
                continue
            }
            reTests[position].take(at: self.now)
            evaluate(index, &moment)
        }
        let text = "the whole installation was tested by \(by)"
        moment.notes.append(.note(Note(time: self.now, code: "tested", signals: [], text: text)))
        close(moment, &directives)
        return directives
    }

    var reTestMemories: [ReTestMemory]? {
        guard !reTests.isEmpty else { return nil }
        // They stand before those of motion sensors, which are the last.
        let first = watches.count - 2 * motions.count - reTests.count
        return reTests.indices.map {
            ReTestMemory(
                rule: watches[first + $0].terms.rule, memory: reTests[$0].memory, life: watches[first + $0].life)
        }
    }
}

extension RestoredState {
    /// Behind `restoreMotions`.
    mutating func restoreReTests(_ home: HomeModel, _ snapshot: EngineSnapshot) {
        let reTested = home.reTested
        let first = watches.count - 2 * motions.count - reTested.count
        for (position, subject) in reTested.enumerated() {
            let rule = watches[first + position].terms.rule
            let remembered = snapshot.reTests?.first { $0.rule == rule }
            reTests.append(
                ReTest(
                    signal: subject.signal, name: subject.signal.map { home.signals[$0.index].name },
                    every: subject.every, memory: remembered?.memory ?? ReTest.Memory(since: now)))
            if let remembered { watches[first + position].life = remembered.life }
        }
        let known = watches.map(\.terms.rule)
        for memory in snapshot.reTests ?? [] where !known.contains(memory.rule) { orphan(memory.life) }
    }
}
