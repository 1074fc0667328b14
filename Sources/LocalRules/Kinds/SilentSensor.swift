// silent-sensor: every signal, implicitly. A sensor that says nothing must not look like a home without use.
//
//     signal              missing for            verdict
//     ─────────────────   ────────────────────   ───────────────────────────────────────────────
//     not missing         –                      fine
//     with silent-after   any (it has waited)    wrong
//     without (a line)    under 30 s             cannot tell (the driver may get it back)
//     without (a line)    30 s or more           wrong

/// The implicit rule's name and kind.
let silentSensorRule = "silent-sensor"

extension SignalState {
    func supervision(at now: Instant) -> Judgement {
        guard let confirmedAt = confirmedMissingAt else { return .fine }
        if now >= confirmedAt { return Judgement(verdict: .wrong) }
        return Judgement(verdict: .cannotTell, wrongAt: confirmedAt, recheckAt: confirmedAt)
    }

    /// When being missing becomes worth an alert; nil: it is not missing.
    var confirmedMissingAt: Instant? {
        missingSince.map { model.silentAfter == nil ? $0 + Limits.confirmMissing : $0 }
    }

    /// "water.volume: no reading for 5 min"
    func silenceText(at now: Instant) -> String {
        "\(model.name): no reading for \((now - lastHeard).text)"
    }

    /// Why its silence says nothing (`isBlind`).
    func blindText(at now: Instant) -> String {
        if isMissing { return silenceText(at: now) }
        return "\(model.name): suspect for \((now - (suspectSince ?? now)).text), saw nothing while others did"
    }

    /// A line is heard all the time, until the driver says that it cannot be read.
    private var lastHeard: Instant {
        model.silentAfter == nil ? missingSince ?? heardAt : heardAt
    }
}
