// What a press means: a call for help, or the answer to what a pre-alarm asks. docs/decisions/0009-presses.md
//
//     button   the home hears    held            means
//     ──────   ───────────────   ─────────────   ─────────────────────────────────────────────────────
//     OK       anything          any             all is well: a sign of life, pre-alarms are taken back
//     panic    a pre-alarm       short           the same
//     panic    a pre-alarm       for longPress   the same, and then a call for help, without waiting for release
//     panic    anything else     any             a call for help, in the same moment
//
// Nothing here ends a call for help: only somebody who accepts it does. An alert that nobody gives a sign of life
// ends with a button's word as with any other sign.

extension RuleEngine {
    /// Whether a press (`Observation.isPress`) says that all is well. A panic button does so only where the question can be heard: who does
    /// not hear it, because of a louder sound, a missing buzzer or a restart, presses for help.
    func isAnswer(_ observation: Observation) -> Bool {
        switch signals[observation.signal.index].inputKind {
        case .ok: true
        case .panic: home.hasSounder && !isAwaiting && wantedSound == .preAlarm
        default: false
        }
    }

    /// Tells every rule that somebody is well, and takes back the pre-alarms that this answers.
    mutating func answer(with button: String, _ moment: inout Moment) {
        // Configured rules come first among the watches.
        for rule in judges.indices {
            let hasWarned = watches[rule].life.alert?.state == .preAlarm
            judges[rule].take(
                Answer(button: button, time: now, warnFor: hasWarned ? watches[rule].terms.warnFor : nil))
            evaluate(rule, &moment)
        }
    }

    /// Mains power is known to be lost. A line that cannot be read, or was not read since a restart, says nothing.
    package var isMainsLost: Bool {
        for signal in signals where signal.model.source == .input(.mains) {
            if !signal.isMissing, !signal.isAwaited, let value = signal.value, value != 0 { return true }
        }
        return false
    }
}
