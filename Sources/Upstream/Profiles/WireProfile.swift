// Whom the hub talks to. The native contract is what everything is stored in and what `contract/` describes; a profile
// is a translation of it at the last moment, for systems that have a language of their own: from a record to a topic and
// a payload, and from what arrives to the answers and commands of the contract. Nothing behind it knows of profiles.

import LocalRules

/// Which language is spoken ([upstream] profile).
package enum ProfileKind: String, Sendable, Hashable, CaseIterable {
    case native
    case homeAssistant = "home-assistant"
    case thingsBoard = "thingsboard"
}

/// A message as it goes to the broker, QoS 1.
package struct Publication: Sendable, Hashable {
    package var topic: String
    package var payload: [UInt8]
    package var retain: Bool

    package init(topic: String, payload: [UInt8], retain: Bool = false) {
        self.topic = topic
        self.payload = payload
        self.retain = retain
    }
}

/// What somebody asks of the hub in a profile's language.
package enum ProfileRequest: Sendable, Hashable {
    /// As if it had come on `acks`.
    case acknowledgement(Acknowledgement)
    /// A contract Command in binary protobuf, as if it had come on `commands`: it passes the same checks.
    case command([UInt8])
    /// To be published at once.
    case answer(Publication)
    /// Whoever listens has started afresh: say everything again that is said after a connect.
    case introduce
}

/// One home's translation. A value; each thread that publishes has its own.
package protocol WireProfile: Sendable {
    /// What is subscribed at each connect.
    var subscriptions: [String] { get }
    /// What is published for a stored record. Its PUBACK is the record's, so it is one message.
    mutating func publication(of record: Record, late: Bool) throws(WireError) -> Publication
    func heartbeat(_ content: HeartbeatContent, stamp: Stamp) throws(WireError) -> Publication
    /// What the broker keeps of the hub's presence; nil: the other side finds out by itself.
    func presence(_ presence: HubPresence) -> RetainedMessage?
    /// What is published after each connect, before anything else.
    func introductions(stamp: Stamp) -> [Publication]
    /// What a message asks for. Whatever it holds, the worst is an error that names the topic.
    /// - Parameter open: the alerts that nobody has accepted, by id.
    func requests(
        topic: String, payload: [UInt8], open: [String], stamp: Stamp
    ) throws(WireError) -> [ProfileRequest]
    /// Where a contract Reply goes; nil: nobody waits for it.
    func publication(of reply: WireReply) -> Publication?
}

/// What a profile knows of the home.
package struct ProfileHome: Sendable {
    package struct Rule: Sendable, Hashable {
        package var name: String
        package var kind: String
        /// The one signal that a rule about an input watches.
        package var input: String?

        package init(name: String, kind: String, input: String?) {
            self.name = name
            self.kind = kind
            self.input = input
        }
    }

    package var topics: HomeTopics
    package var signals: [SignalModel]
    package var rules: [Rule]
    package var heartbeatSeconds: Int64
    package var readingsSeconds: Int64
    package var agentVersion: String
    package var configurationHash: String

    package init(
        topics: HomeTopics, signals: [SignalModel], rules: [Rule], heartbeatSeconds: Int64, readingsSeconds: Int64,
        agentVersion: String, configurationHash: String
    ) {
        self.topics = topics
        self.signals = signals
        self.rules = rules
        self.heartbeatSeconds = heartbeatSeconds
        self.readingsSeconds = readingsSeconds
        self.agentVersion = agentVersion
        self.configurationHash = configurationHash
    }
}

extension ProfileKind {
    /// The translation; nil: the native contract needs none.
    package func profile(of home: ProfileHome) -> (any WireProfile)? {
        switch self {
        case .native: nil
        case .homeAssistant: HomeAssistantProfile(home)
        case .thingsBoard: ThingsBoardProfile(home)
        }
    }
}

/// What the profiles say alike.
enum ProfileWords {
    /// A value in the unit that `unit` names.
    static func value(_ value: Int64, of quantity: WireReadings.Quantity) -> JSONText {
        switch quantity {
        case .energy, .flow: .decimal(value, places: 6)
        case .state: .flag(value != 0)
        case .notSaid, .UNRECOGNIZED: .number(value)
        case .volume, .power, .voltage, .current, .frequency, .temperature, .humidity: .decimal(value, places: 3)
        }
    }

    static func unit(of quantity: Quantity) -> String {
        switch quantity {
        case .volume: "L"
        case .energy: "kWh"
        case .power: "W"
        case .voltage: "V"
        case .current: "A"
        case .frequency: "Hz"
        case .temperature: "°C"
        case .humidity: "%"
        case .flow: "m³/h"
        }
    }

    /// What a heartbeat comes to, for systems that judge no rules.
    static func summary(_ content: HeartbeatContent) -> [(String, JSONText?)] {
        let rules = content.rules
        return [
            ("waiting", .number(content.depths.values.reduce(0) { $0 + Int64($1) })),
            ("unacceptedSeconds", .number((content.oldestUnacceptedMilliseconds ?? 0) / 1000)),
            ("rulesWrong", .number(Int64(rules.count { $0.verdict == .wrong }))),
            ("rulesCannotTell", .number(Int64(rules.count { $0.verdict == .cannotTell }))),
            ("signalsMissing", .number(Int64(content.signals.count(where: \.report.isMissing)))),
            ("nextDueSeconds", .number(content.nextDueSeconds)),
            ("uptimeSeconds", .number(content.uptimeMilliseconds / 1000)),
            ("savingPower", .flag(content.isSavingPower)), ("mode", .text(content.mode.rawValue)),
        ]
    }

    /// Binary protobuf of a command that was made here from somebody's request: it lasts a minute.
    static func command(
        id: String, by name: String, stamp: Stamp, _ action: WireCommand.OneOf_Action
    ) throws(WireError) -> ProfileRequest {
        var command = WireCommand()
        command.id = id
        command.by = name
        command.givenUnixMs = stamp.wallMilliseconds
        command.expiresUnixMs = stamp.wallMilliseconds + UpstreamLimits.profileCommandMilliseconds
        command.action = action
        return .command(try WireEncoder(home: "").bytes(command))
    }

    /// Accepting an alert.
    static func accept(_ alert: String, by name: String, stamp: Stamp) -> ProfileRequest {
        .acknowledgement(
            Acknowledgement(id: alert, level: .accepted, by: name, atMilliseconds: stamp.wallMilliseconds))
    }

    static func mode(_ mode: WireHomeMode, lastingSeconds: Int64 = 0) -> WireCommand.OneOf_Action {
        var message = WireCommand.SetMode()
        message.mode = mode
        message.lastingSeconds = lastingSeconds
        return .setMode(message)
    }

    /// A record's stored message; a record that cannot be read is left out by the caller.
    static func unreadable(_ record: Record) -> WireError {
        WireError(
            message: "record \(record.draft.id): its stored message cannot be read",
            advice: "Check the memory card; the record is left out.")
    }
}

extension WireAlert.Event {
    /// As configuration and documents write it.
    var word: String {
        switch self {
        case .notSaid, .UNRECOGNIZED: "not said"
        case .preAlarm: "pre-alarm"
        case .raised: "raised"
        case .escalated: "escalated"
        case .acknowledged: "acknowledged"
        case .cancelled: "cancelled"
        case .cleared: "cleared"
        }
    }

    /// Something is wrong now, whether or not somebody has taken it on.
    var isOpen: Bool { self == .raised || self == .escalated || self == .acknowledged }
}

extension WireAlert.Severity {
    var word: String {
        switch self {
        case .unknown, .UNRECOGNIZED: "unknown"
        case .red: "red"
        case .orange: "orange"
        case .yellow: "yellow"
        case .technical: "technical"
        }
    }
}
