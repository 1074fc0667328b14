// A group: a red alert of one input needs a second, different sensor, against one that is faulty. Nothing is delayed:
// alone it is raised at once, as orange, and rises to red when another agrees.
//
//     the input    another sensor of the group                       the alert
//     ──────────   ───────────────────────────────────────────────   ────────────────────────────────────────
//     active       –                                                 raised, orange
//     active       is active, or showed something within the time    raised red, or rises to red
//     active       shows something later than that                   stays orange
//     active       none of them can be read                          red: what cannot be asked cannot deny
//
// What a sensor shows: an input that is active, a door that moves, a register that rises. The time runs both ways from
// the moment at which the rule's wait is over. Who has agreed has agreed until the input rests.

/// Which sensors must agree before an alert is red, and how soon.
package struct Confirmation: Hashable, Sendable {
    /// None is the rule's own; never empty.
    package var signals: [SignalID]
    package var within: Span

    package init(signals: [SignalID], within: Span) {
        self.signals = signals
        self.within = within
    }
}

/// What is known of a group's agreement.
struct Agreement: Hashable, Codable, Sendable {
    /// Who of the others showed something last, and when.
    var sign: String?
    var signAt: Instant?
    /// Why the alert is red; nil: it is not.
    var reason: String?

    /// A reading of another sensor of the group.
    mutating func take(_ observation: Observation, from signal: SignalState) {
        guard observation.isSignOfLife else { return }
        sign = signal.model.name
        signAt = observation.time
    }

    /// - Parameter due: when the rule's own wait is over.
    mutating func settle(_ group: Confirmation, due: Instant, at now: Instant, _ signals: [SignalState]) {
        guard reason == nil, now >= due, now <= due + group.within else { return }
        let others = group.signals.map { signals[$0.index] }
        if let active = others.first(where: \.isActiveNow) {
            reason = "\(active.model.name) agrees"
        } else if let sign, let signAt, signAt >= due - group.within {
            reason = "\(sign) agrees"
        } else if others.allSatisfy(\.isMissing) {
            reason = "nobody can be asked: " + others.map { $0.silenceText(at: now) }.joined(separator: ", ")
        }
    }
}

extension SignalState {
    /// An input that is active. A door may stand open for days: it speaks by moving only.
    fileprivate var isActiveNow: Bool {
        guard let kind = inputKind, kind != .door, !isMissing, !isAwaited else { return false }
        return value.map { $0 != 0 } ?? false
    }
}
