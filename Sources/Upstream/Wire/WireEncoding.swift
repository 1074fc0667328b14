// How messages look on the wire, where they go, and what can be wrong with them.

/// The two forms of the same messages (contract/edge/v1/edge.proto).
package enum WireEncoding: String, Sendable, Hashable, CaseIterable {
    case protobuf, json
}

/// A message that cannot be read or made.
package struct WireError: Error, Sendable, Hashable {
    /// "homes/h1/acks: level is missing"
    package var message: String
    package var advice: String
    package init(message: String, advice: String) {
        self.message = message
        self.advice = advice
    }
}

/// The topics of one home: `<prefix>/<home>/<name>`.
package struct HomeTopics: Sendable, Hashable {
    package var prefix: String
    package var home: String

    package init(prefix: String, home: String) {
        self.prefix = prefix
        self.home = home
    }

    /// A topic by its last part, such as `Draft.topic`.
    package func named(_ name: String) -> String { "\(prefix)/\(home)/\(name)" }
    package var status: String { named("status") }
    package var heartbeat: String { named("heartbeat") }
    package var acks: String { named("acks") }
    package var commands: String { named("commands") }
    package var replies: String { named("replies") }

    /// The home and the last part of a topic; nil when it has fewer than two parts. A prefix may hold slashes.
    package static func split(_ topic: String) -> (home: String, name: String)? {
        let parts = topic.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2 else { return nil }
        return (String(parts[parts.count - 2]), String(parts[parts.count - 1]))
    }
}

/// How far the other side has come with a record. Ordered: each level includes those before it.
package enum AcknowledgementLevel: Int, Sendable, Hashable, Comparable, CaseIterable {
    case received = 1
    case displayed, accepted

    package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// An answer to a record, or to every step of an alert.
package struct Acknowledgement: Sendable, Hashable {
    /// A record's id, or an alert's (only the latter holds a slash).
    package var id: String
    package var level: AcknowledgementLevel
    package var by: String
    /// Unix milliseconds by the sender's clock.
    package var atMilliseconds: Int64

    package init(id: String, level: AcknowledgementLevel, by: String, atMilliseconds: Int64) {
        self.id = id
        self.level = level
        self.by = by
        self.atMilliseconds = atMilliseconds
    }
}
