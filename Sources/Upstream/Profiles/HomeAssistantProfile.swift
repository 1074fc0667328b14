// profile = "home-assistant": a hub as one device of Home Assistant's MQTT integration. The entities are announced in
// HomeAssistantDiscovery; here are their states and what their buttons and switches ask for. docs/profiles.md has the
// topics.

import LocalRules
import SwiftProtobuf

struct HomeAssistantProfile: WireProfile {
    static let name = "home-assistant"
    /// Home Assistant says here that it has started ("online").
    private static let birthTopic = "homeassistant/status"

    let home: ProfileHome
    /// The last good point of every signal: each message brings all of them, because one entity reads one key.
    private var states: [String: (time: Int64, value: JSONText)] = [:]
    /// What was said last of each rule. A step that arrives behind a later one must not overwrite it.
    private var steps: [String: (time: Int64, payload: [UInt8])] = [:]

    init(_ home: ProfileHome) { self.home = home }

    var subscriptions: [String] { [home.topics.named("do/+"), Self.birthTopic] }

    // MARK: Topics

    var stateTopic: String { home.topics.named("state") }
    var eventTopic: String { home.topics.named("event") }
    var heartbeatTopic: String { home.topics.heartbeat }
    func commandTopic(_ name: String) -> String { home.topics.named("do/\(name)") }

    /// Of one rule. Alerts of rules that the configuration does not name, such as `no-water.blind`, have one in common.
    func alertTopic(_ rule: String) -> String {
        home.topics.named("alert/" + (home.rules.contains { $0.name == rule } ? rule : Self.otherRules))
    }
    static let otherRules = "other"

    // MARK: Out

    /// Retained, all but heartbeats: Home Assistant knows the state of things as soon as it has started.
    mutating func publication(of record: Record, late: Bool) throws(WireError) -> Publication {
        let body = record.draft.body
        switch record.draft.topic {
        case "alerts":
            guard let message = try? WireAlert(serializedBytes: body) else { throw ProfileWords.unreadable(record) }
            return step(message)
        case "readings":
            guard let message = try? WireReadings(serializedBytes: body) else { throw ProfileWords.unreadable(record) }
            take(message)
            return Publication(topic: stateTopic, payload: statePayload, retain: true)
        case "events":
            guard let message = try? WireEvent(serializedBytes: body) else { throw ProfileWords.unreadable(record) }
            let event = JSONText.pairs([
                ("code", .text(message.code)), ("text", .text(message.text)), ("signals", .texts(message.signals)),
                ("atUnixMs", .number(message.atUnixMs)), ("late", .flag(late)),
            ])
            return Publication(topic: eventTopic, payload: event.bytes, retain: true)
        default: throw ProfileWords.unreadable(record)
        }
    }

    private mutating func step(_ alert: WireAlert) -> Publication {
        let topic = alertTopic(alert.rule)
        if let last = steps[alert.rule], last.time > alert.atUnixMs {
            return Publication(topic: topic, payload: last.payload, retain: true)
        }
        let payload = JSONText.pairs([
            ("state", .text(alert.event.isOpen ? "ON" : "OFF")), ("event", .text(alert.event.word)),
            ("alert", .text(alert.alertID)), ("rule", .text(alert.rule)), ("kind", .text(alert.kind)),
            ("severity", .text(alert.severity.word)), ("reasons", .texts(alert.reasons)),
            ("signals", .texts(alert.signals)), ("atUnixMs", .number(alert.atUnixMs)), ("test", .flag(alert.test)),
        ]).bytes
        steps[alert.rule] = (alert.atUnixMs, payload)
        return Publication(topic: topic, payload: payload, retain: true)
    }

    private mutating func take(_ readings: WireReadings) {
        for series in readings.series {
            for point in series.points where point.time >= states[series.signal]?.time ?? .min {
                states[series.signal] = (point.time, state(point, of: series.quantity))
            }
        }
    }

    private func state(_ point: WireReadings.Series.Point, of quantity: WireReadings.Quantity) -> JSONText {
        // A template that finds null says "None", which Home Assistant takes for "unknown".
        guard point.quality == .good else { return .null }
        guard quantity == .state else { return ProfileWords.value(point.value, of: quantity) }
        return .text(point.value == 0 ? "OFF" : "ON")
    }

    private var statePayload: [UInt8] {
        JSONText.pairs(home.signals.map { ($0.name, states[$0.name]?.value) }).bytes
    }

    func heartbeat(_ content: HeartbeatContent, stamp: Stamp) throws(WireError) -> Publication {
        let missing = content.signals.filter(\.report.isMissing).map(\.report.signal)
        let words = ProfileWords.summary(content) + [("missing", .texts(missing))]
        return Publication(topic: heartbeatTopic, payload: JSONText.pairs(words).bytes)
    }

    func presence(_ presence: HubPresence) -> RetainedMessage? {
        RetainedMessage(
            topic: home.topics.status, payload: Array((presence == .online ? "online" : "offline").utf8))
    }

    func introductions(stamp: Stamp) -> [Publication] { [discovery] }

    // MARK: In

    func requests(
        topic: String, payload: [UInt8], open: [String], stamp: Stamp
    ) throws(WireError) -> [ProfileRequest] {
        if topic == Self.birthTopic { return payload == Array("online".utf8) ? [.introduce] : [] }
        guard let cut = topic.lastIndex(of: "/") else { return [] }
        let name = topic[topic.index(after: cut)...]
        let word = String(decoding: payload.prefix(16), as: UTF8.self)
        if name == "accept" { return open.map { ProfileWords.accept($0, by: Self.name, stamp: stamp) } }
        guard let action = action(name, word) else {
            throw WireError(
                message: "\(topic): \"\(word)\" asks for nothing that this hub knows",
                advice: "Buttons send PRESS, switches ON and OFF; docs/profiles.md has their topics.")
        }
        let id = "ha-\(WireEncoder.newID().prefix(16))"
        return [try ProfileWords.command(id: id, by: Self.name, stamp: stamp, action)]
    }

    private func action(_ name: Substring, _ word: String) -> WireCommand.OneOf_Action? {
        switch (name, word) {
        case ("away", "ON"): ProfileWords.mode(.away)
        case ("maintenance", "ON"): ProfileWords.mode(.maintenance)
        case ("away", "OFF"), ("maintenance", "OFF"): ProfileWords.mode(.home)
        case ("locate", "PRESS"): .locate(WireCommand.Locate())
        case ("self-test", "PRESS"): .selfTest(WireCommand.SelfTest())
        case ("visit", "PRESS"): .recordVisit(WireCommand.RecordVisit())
        default: nil
        }
    }

    func publication(of reply: WireReply) -> Publication? { nil }
}
