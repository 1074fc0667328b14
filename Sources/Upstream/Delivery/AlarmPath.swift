// The port to whoever can be called when the first broker does not reach anybody: today a second broker, later
// perhaps a webhook, a text message, a telecare protocol. What decides when a path is used (AlarmLedger) and how often
// (Courier) knows nothing of the path itself, which is a thread with a mailbox: calls go in, `PathEvent`s come out.

/// Which way something came or goes.
package enum PathName: String, Sendable, Hashable, CaseIterable {
    /// The first broker, with all lanes.
    case broker
    /// `[upstream.fallback]`, alarms only.
    case fallback
}

/// A second path, as the dispatcher needs to know it.
package struct SecondPathTerms: Sendable, Hashable {
    package var name: PathName
    /// `broker`: nobody there can answer, so that it is done with a call once it has taken it.
    package var mode: AcknowledgementMode

    package init(name: PathName, mode: AcknowledgementMode) {
        self.name = name
        self.mode = mode
    }
}

/// Somebody is to be told of this alarm. It may be the same one again: its id tells.
package struct AlarmCall: Sendable, Hashable {
    /// `draft.body` is the contract's Alert in binary protobuf; the path makes of it what its other side understands.
    package var record: Record
    /// Stored before the path's present connection came up: history, which still needs somebody.
    package var isLate: Bool
}

/// What a path tells. Answers to ids that are not waited for are ignored: a path may repeat itself.
package enum PathEvent: Sendable, Hashable {
    /// It can be used from now on: what it was to tell and nobody has accepted is given to it again.
    case up
    case down
    /// The other side has it, or refuses it (it is tried again); no more is promised.
    case taken(record: String, isRefused: Bool)
    /// Somebody behind it answers.
    case answered(Acknowledgement)
}

/// A second path: its courier sends what it is asked to, and nothing else.
struct SecondPath: Sendable {
    let terms: SecondPathTerms
    var courier: Courier

    init(_ terms: SecondPathTerms) {
        self.terms = terms
        courier = Courier(mode: terms.mode, sendsOnlyAsked: true)
    }
}
