// active-while-away: somebody is in a home that was said to be empty: a burglar, a cleaner, or a resident who is back
// before the day and of whom the rules must know again.
//
//     away was      first sign after the leaving                 then                                   verdict
//     ───────────   ──────────────────────────────────────────   ────────────────────────────────────   ───────
//     inferred      any                                          any                                    fine
//     by switch     an exit door: who set it is expected back    any                                    fine
//     by switch     inside, without a door                       another sign within half an hour       wrong
//     by command    an exit door, or inside                      a sign inside within half an hour      wrong
//     set           any                                          no other sign, or not for a minute     fine
//
// One sign alone may be a sensor in the sun. The mode is home from the first sign on in any case: if it is she, she is
// watched over. Fine again once somebody says that she is at home, by the command or the switch, or after a day.

struct ActiveWhileAway: Judge {
    let signals: [SignalID]
    private var surprise: Surprise?

    init(signals: [SignalID]) { self.signals = signals }

    mutating func take(_ observation: Observation, from signal: SignalState) {}

    mutating func follow(_ presence: Presence) { surprise = presence.memory.surprise }

    func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        guard let surprise, surprise.isRepeated, now < surprise.first + .days(1) else { return .fine }
        return Judgement(verdict: .wrong, recheckAt: surprise.first + .days(1), cause: surprise.first)
    }

    func reasons(at now: Instant, _ signals: [SignalState]) -> [String] {
        guard let surprise, surprise.isRepeated else { return ["nothing inside while away was set"] }
        let lasted = (surprise.first - surprise.absence.since).text
        let left = surprise.absence.until - surprise.first
        let expected = left > .zero ? ", \(left.text) before the end" : ""
        return ["active while away: \(surprise.sign) after \(lasted)\(expected) (set by \(surprise.absence.by))"]
    }

    /// The presence is remembered for it.
    var memory: JudgeMemory { JudgeMemory() }
}
