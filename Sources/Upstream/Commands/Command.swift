// What the cloud asks of a hub, and what the hub answers: the contract's Command and Reply as values.

import LocalRules

/// One command, read, proven and in range; what it means for this home is still to be seen.
package struct Command: Sendable, Hashable {
    package enum Action: Sendable, Hashable {
        case acknowledge(alert: String)
        /// `lasting` nil: as long as the mode usually lasts.
        case setMode(HomeMode, lasting: Span?)
        /// nil: as long as the command line's.
        case locate(seconds: Int?)
        case selfTest
        /// nil: every rule about visits.
        case recordVisit(rule: String?)
        /// Thousandths of a degree Celsius.
        case weather(temperature: Int64, valid: Span)
        case confirmMeter(signal: String, wasReplaced: Bool)
        case sendStatus
        case offerConfiguration(ConfigurationOffer)
        /// nil: as the configuration says.
        case setHeartbeat(Span?)
    }

    package var id: String
    /// Unix milliseconds by the sender's clock.
    package var given: Int64
    package var expires: Int64
    package var by: String
    package var action: Action

    package init(id: String, given: Int64, expires: Int64, by: String, action: Action) {
        self.id = id
        self.given = given
        self.expires = expires
        self.by = by
        self.action = action
    }
}

/// A whole configuration from outside, as it came.
package struct ConfigurationOffer: Sendable, Hashable {
    /// TOML.
    package var text: [UInt8]
    /// Of `text`, in lower-case hexadecimal; the sender's and ours are the same.
    package var sha256: String
    package var probation: Span

    package init(text: [UInt8], sha256: String, probation: Span) {
        self.text = text
        self.sha256 = sha256
        self.probation = probation
    }
}

/// What came of a command.
package struct CommandReply: Sendable, Hashable, Codable {
    package enum Outcome: String, Sendable, Hashable, Codable {
        case done
        case refused  // understood, or not even that, and not done
        case failed  // tried, and it did not work
        case begun  // another reply follows
    }

    /// Stable words for programs.
    package enum Code: String, Sendable, Hashable, Codable, CaseIterable {
        case done, begun
        case malformed  // no message of the contract, or without what every command needs
        case tooLarge = "too-large"
        case unknown  // an action of a later contract
        case unsigned
        case badSignature = "bad-signature"
        case expired
        case notYet = "not-yet"  // given in the hub's future
        case tooMany = "too-many"
        case notHere = "not-here"  // this home has no such thing, or nothing to do it with
        case alertOpen = "alert-open"
        case invalid  // a value out of range, a configuration with errors
        case returned  // a configuration did not prove itself
        case interrupted  // the agent ended while it was at it
    }

    /// Empty where the command's own could not be read.
    package var id: String
    package var outcome: Outcome
    package var code: Code
    /// One line for people.
    package var text: String
    package var isRepeated = false
    /// JSON; not remembered.
    package var bundle = ""

    package init(id: String, outcome: Outcome, code: Code, text: String) {
        self.id = id
        self.outcome = outcome
        self.code = code
        self.text = text
    }

    package static func done(_ id: String, _ text: String) -> Self {
        Self(id: id, outcome: .done, code: .done, text: text)
    }

    package static func refused(_ id: String, _ code: Code, _ text: String) -> Self {
        Self(id: id, outcome: .refused, code: code, text: text)
    }
}

/// Text that others wrote and people here read: one line, of bounded length, and nothing that moves a cursor or turns
/// the writing around.
package func foreignText(_ text: String, most: Int = UpstreamLimits.foreignTextCharacters) -> String {
    var clean = ""
    for scalar in text.unicodeScalars.prefix(4 * most) {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: clean.unicodeScalars.append(" ")
        case .format, .surrogate, .privateUse, .unassigned: break
        default: clean.unicodeScalars.append(scalar)
        }
    }
    return String(clean.split(separator: " ").joined(separator: " ").prefix(most))
}
