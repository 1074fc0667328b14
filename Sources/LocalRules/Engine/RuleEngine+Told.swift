// What somebody outside takes back: a value that was told with an end, such as the weather.

extension RuleEngine {
    /// The signal's value holds no longer, before its supervision deadline: it is *missing* from `now` on.
    package mutating func forget(_ signal: SignalID, at now: Instant) -> [Directive] {
        var directives = advance(to: now)
        guard signals.indices.contains(signal.index), !signals[signal.index].isMissing else { return directives }
        var moment = Moment()
        signals[signal.index].lose(at: self.now)
        for index in watchesBySignal[signal.index] { evaluate(index, &moment) }
        close(moment, &directives)
        return directives
    }
}
