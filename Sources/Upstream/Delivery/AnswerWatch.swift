// Whether anybody is behind the broker. A broker that takes every message and throws it away looks well from here: only
// that no answer comes tells. Times are boot milliseconds.

struct AnswerWatch: Sendable {
    enum Change: Hashable, Sendable {
        /// The broker has taken messages since then, and nobody has answered one.
        case silent(since: Int64)
        case answers
    }

    /// Taken by the broker, not answered: when it was first taken, and how long that may last.
    private var waiting: [String: (since: Int64, patience: Int64)] = [:]
    /// Nothing is expected from before this: the last answer, or the connection.
    private var from: Int64 = 0
    private var isUp = false
    private(set) var isSilent = false
    private var hasAnswered = false

    mutating func linkUp(at now: Int64) {
        isUp = true
        from = now
    }

    mutating func linkDown() { isUp = false }

    mutating func brokered(_ id: String, in lane: Lane, at now: Int64) {
        guard waiting[id] == nil, waiting.count < UpstreamLimits.watchedAnswers else { return }
        let isAlarm = lane == .alarm
        let patience = isAlarm ? UpstreamLimits.unheardMilliseconds : UpstreamLimits.unheardOrdinaryMilliseconds
        waiting[id] = (now, patience)
    }

    /// By the same way, whatever it says.
    mutating func answered(_ id: String, at now: Int64) {
        waiting[id] = nil
        from = max(from, now)
        hasAnswered = true
    }

    /// Nothing more is expected for it.
    mutating func forget(_ id: String) { waiting[id] = nil }

    /// What is new, each said once.
    mutating func look(at now: Int64) -> Change? {
        if isSilent {
            guard hasAnswered else { return nil }
            isSilent = false
            return .answers
        }
        hasAnswered = false
        guard isUp, let oldest = waiting.values.min(by: { due($0) < due($1) }), due(oldest) <= now else { return nil }
        isSilent = true
        return .silent(since: oldest.since)
    }

    var nextDeadline: Int64? { isUp && !isSilent ? waiting.values.lazy.map(due).min() : nil }

    private func due(_ one: (since: Int64, patience: Int64)) -> Int64 { max(one.since, from) + one.patience }
}
