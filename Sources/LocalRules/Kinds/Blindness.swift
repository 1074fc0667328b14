// blind: every configured rule, implicitly. A rule that cannot tell because nothing is heard from its sensors
// is said to be blind, by name: whoever reads "water.volume is silent" need not know what hangs on it.
//
//     rule's signals           missing for                     rule watches       verdict
//     ──────────────────────   ─────────────────────────────   ────────────────   ───────────
//     at least one seen        –                               any                fine
//     all missing              under 1 h                       any other          cannot tell
//     all missing              1 h or more                     any other          wrong
//     missing                  as long as for silent-sensor    smoke or panic     wrong
//
// A motion sensor that is suspect (MotionHonesty) counts as missing since then.
//
// A rule with several senses (heat-and-still: temperature and activity) is blind when all signals of one are missing.
// A window that is not complete yet is not blindness: it passes by itself.

extension Array where Element == SignalState {
    /// How a rule with these senses stands: as the first of them to fail does.
    func blindness(of senses: [[SignalID]], isLifeSafety: Bool, at now: Instant) -> Judgement {
        var worst = Judgement.fine
        for sense in senses {
            let judgement = blindness(of: sense, isLifeSafety: isLifeSafety, at: now)
            if judgement.verdict == .wrong { return judgement }
            let isSooner = worst.wrongAt.map { at in judgement.wrongAt.map { $0 < at } ?? false } ?? true
            if judgement.verdict == .cannotTell, isSooner { worst = judgement }
        }
        return worst
    }

    private func blindness(of watched: [SignalID], isLifeSafety: Bool, at now: Instant) -> Judgement {
        var blindAt: Instant?
        for id in watched {
            let signal = self[id.index]
            guard let blindSince = signal.missingSince ?? signal.suspectSince else { return .fine }
            let at = isLifeSafety ? signal.confirmedMissingAt ?? blindSince : blindSince + Limits.blindAfter
            blindAt = blindAt.map { Swift.max($0, at) } ?? at
        }
        guard let blindAt else { return .fine }
        if now >= blindAt { return Judgement(verdict: .wrong) }
        return Judgement(verdict: .cannotTell, wrongAt: blindAt, recheckAt: blindAt)
    }
}

extension RuleModel {
    /// Somebody may die within minutes if this rule does not see.
    func isLifeSafety(in home: HomeModel) -> Bool {
        guard case .inputActive(let signal, _, _) = kind else { return false }
        return [.input(.smoke), .input(.panic)].contains(home.signals[signal.index].source)
    }
}
