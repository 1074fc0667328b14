// From topic and payload to a message, in either encoding. Payloads come from outside: whatever they hold,
// the worst that happens is an error that names the topic.

import SwiftProtobuf

/// One message of the contract.
package enum WireMessage: Sendable {
    case alert(WireAlert)
    case readings(WireReadings)
    case event(WireEvent)
    case heartbeat(WireHeartbeat)
    case status(WireStatus)
    case ack(WireAck)
    case command(WireCommand)
    case reply(WireReply)

    /// The message's name in JSON Lines: "alert", "readings" ...
    package var type: String {
        switch self {
        case .alert: "alert"
        case .readings: "readings"
        case .event: "event"
        case .heartbeat: "heartbeat"
        case .status: "status"
        case .ack: "ack"
        case .command: "command"
        case .reply: "reply"
        }
    }

    /// The header, for messages that are records.
    package var header: WireHeader? {
        switch self {
        case .alert(let message): message.header
        case .readings(let message): message.header
        case .event(let message): message.header
        case .heartbeat, .status, .ack, .command, .reply: nil
        }
    }

    /// The message as protobuf JSON, one line.
    package func json() throws(WireError) -> String {
        let encoder = WireEncoder(home: "")
        let bytes =
            switch self {
            case .alert(let message): try encoder.bytes(message, .json)
            case .readings(let message): try encoder.bytes(message, .json)
            case .event(let message): try encoder.bytes(message, .json)
            case .heartbeat(let message): try encoder.bytes(message, .json)
            case .status(let message): try encoder.bytes(message, .json)
            case .ack(let message): try encoder.bytes(message, .json)
            case .command(let message): try encoder.bytes(message, .json)
            case .reply(let message): try encoder.bytes(message, .json)
            }
        return String(decoding: bytes, as: UTF8.self)
    }
}

package enum WireDecoder {
    /// Reads a payload by its topic's last part; `home` is the part before it.
    package static func decode(
        topic: String, payload: [UInt8]
    ) throws(WireError) -> (home: String, message: WireMessage) {
        guard let (home, name) = HomeTopics.split(topic) else {
            throw WireError(
                message: "\(topic): not a hub's topic", advice: "Topics are <prefix>/<home>/<name>; check the prefix.")
        }
        let message: WireMessage =
            switch name {
            case "alerts": .alert(try parse(topic, payload))
            case "readings": .readings(try parse(topic, payload))
            case "events": .event(try parse(topic, payload))
            case "heartbeat": .heartbeat(try parse(topic, payload))
            case "status": .status(try parse(topic, payload))
            case "acks": .ack(try parse(topic, payload))
            case "commands": .command(try parse(topic, payload))
            case "replies": .reply(try parse(topic, payload))
            default:
                throw WireError(
                    message: "\(topic): no message is defined for '\(name)'",
                    advice: "See contract/README.md for the topics.")
            }
        return (home, message)
    }

    /// Reads an acknowledgement: an id and a level are needed.
    package static func acknowledgement(topic: String, payload: [UInt8]) throws(WireError) -> Acknowledgement {
        let message: WireAck = try parse(topic, payload)
        guard !message.id.isEmpty, message.id.utf8.count <= UpstreamLimits.foreignTextCharacters else {
            throw WireError(
                message: "\(topic): an acknowledgement without a usable id",
                advice: "Answer with the record's header.id, or with the alert's id.")
        }
        guard let level = AcknowledgementLevel(rawValue: message.level.rawValue) else {
            throw WireError(
                message: "\(topic): an acknowledgement of '\(message.id)' without a level",
                advice: "level is one of received, displayed, accepted.")
        }
        return Acknowledgement(
            id: message.id, level: level, by: String(message.by.prefix(UpstreamLimits.foreignTextCharacters)),
            atMilliseconds: message.atUnixMs)
    }

    /// JSON starts with `{`, which no binary message of ours does (it would be a group, which proto3 has
    /// not). White space before it is allowed, but a newline is also the first byte of most binary
    /// messages: those are tried as such first.
    static func parse<M: Message>(_ topic: String, _ payload: [UInt8]) throws(WireError) -> M {
        guard !payload.isEmpty else {
            throw WireError(message: "\(topic): the payload is empty", advice: "Send one message of the contract.")
        }
        let brace = UInt8(ascii: "{")
        let isJSON = payload.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == brace
        if payload.first != brace, let message = try? M(serializedBytes: payload) { return message }
        guard isJSON else {
            throw WireError(
                message: "\(topic): \(payload.count) bytes that are no \(M.protoMessageName)",
                advice: "Send binary protobuf or protobuf JSON as in contract/edge/v1/edge.proto.")
        }
        do {
            var options = JSONDecodingOptions()
            options.ignoreUnknownFields = true
            return try M(jsonUTF8Bytes: payload, options: options)
        } catch {
            throw WireError(
                message: "\(topic): JSON that is no \(M.protoMessageName): \(error)",
                advice: "Compare it with contract/edge/v1/edge.proto; field names are in lowerCamelCase.")
        }
    }
}
