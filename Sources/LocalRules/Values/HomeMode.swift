// Whether the home expects anybody to be in it.

/// Every mode but `home` has an end.
package enum HomeMode: String, Hashable, Codable, Sendable, CaseIterable {
    case home
    /// Nobody is in.
    case away
    /// An installer works on meters and lines.
    case maintenance

    /// A person may set it for so long; nil: it has no end.
    package var longest: Span? {
        switch self {
        case .home: nil
        case .away: Limits.longestAway
        case .maintenance: Limits.longestMaintenance
        }
    }
}

/// What being away means for a rule about absence or use.
package enum AwayPolicy: String, Hashable, Sendable, CaseIterable {
    /// Nothing: it judges as ever.
    case judge
    /// It rests while somebody has said that nobody is in.
    case restWhenSet = "rest-when-set"
    /// It also rests while that was inferred from a door.
    case rest
}

/// How the home's mode stands, for status.
package struct ModeReport: Hashable, Sendable {
    package var mode: HomeMode
    /// nil: at home.
    package var since: Instant?
    package var until: Instant?
    /// One line for people: "away for 3 h (door.front, then nothing inside), expected back within 9 h".
    package var text: String
}

/// A time without anybody in the home.
struct Absence: Hashable, Codable, Sendable {
    enum Origin: String, Hashable, Codable, Sendable {
        case inferred, input, command
    }
    var origin: Origin
    /// The door, the switch, or who gave the command.
    var by: String
    var since: Instant
    /// When they are expected back.
    var until: Instant
    /// Until then whatever the rooms show is still the leaving.
    var settledAt: Instant

    func text(at now: Instant) -> String {
        let cause =
            switch origin {
            case .inferred: "\(by), then nothing inside"
            case .input: "set with \(by)"
            case .command: "set by \(by)"
            }
        let back =
            now < until ? "expected back within \((until - now).text)" : "expected back \((now - until).text) ago"
        return "away for \((now - since).text) (\(cause)), \(back)"
    }
}

/// Somebody was active in a home that had been said to be empty.
struct Surprise: Hashable, Codable, Sendable {
    var absence: Absence
    /// What showed it first.
    var sign: String
    var first: Instant
    var last: Instant
    /// There was another sign, so that it was no sensor in the sun.
    var isRepeated = false

    init(absence: Absence, sign: String, at time: Instant) {
        self.absence = absence
        self.sign = sign
        first = time
        last = time
    }
}

extension RuleModel.Kind {
    /// What being away means for this kind where the rule does not say; nil: nothing, and that cannot be changed.
    package var awayPolicy: AwayPolicy? {
        switch self {
        case .lowUse: .restWhenSet
        case .noActivity, .heatAndStill: .rest
        case .highUse, .continuousUse, .inputActive, .beyond, .visitOverdue, .notReturned, .activeWhileAway: nil
        }
    }

    /// An installer's work would set it off, or hide what it looks for.
    var restsInMaintenance: Bool {
        switch self {
        case .lowUse, .highUse, .continuousUse, .noActivity, .heatAndStill, .activeWhileAway: true
        case .inputActive, .beyond, .visitOverdue, .notReturned: false
        }
    }
}
