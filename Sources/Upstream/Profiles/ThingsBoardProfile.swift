// profile = "thingsboard": a hub as a ThingsBoard device. Telemetry with the hub's own timestamps, attributes after each
// connect, commands as server-side RPC (ThingsBoard, "MQTT Device API Reference"; docs/profiles.md has the keys).

import FoundationEssentials
import LocalRules
import SwiftProtobuf

struct ThingsBoardProfile: WireProfile {
    private static let telemetry = "v1/devices/me/telemetry"
    private static let attributes = "v1/devices/me/attributes"
    private static let rpcRequests = "v1/devices/me/rpc/request/"
    private static let rpcResponses = "v1/devices/me/rpc/response/"
    private static let name = "thingsboard"
    /// 2020-01-01: a hub whose clock was never set says none of its times.
    private static let firstBelievableTime: Int64 = 1_577_836_800_000

    private let home: ProfileHome

    init(_ home: ProfileHome) { self.home = home }

    var subscriptions: [String] { [Self.rpcRequests + "+"] }

    // MARK: Out

    mutating func publication(of record: Record, late: Bool) throws(WireError) -> Publication {
        let body = record.draft.body
        switch record.draft.topic {
        case "alerts":
            guard let message = try? WireAlert(serializedBytes: body) else { throw ProfileWords.unreadable(record) }
            return telemetry([point(message.atUnixMs, values(message))])
        case "readings":
            guard let message = try? WireReadings(serializedBytes: body) else { throw ProfileWords.unreadable(record) }
            return telemetry(points(message))
        case "events":
            guard let message = try? WireEvent(serializedBytes: body) else { throw ProfileWords.unreadable(record) }
            return telemetry([
                point(
                    message.atUnixMs,
                    [
                        ("eventCode", .text(message.code)), ("eventText", .text(message.text)),
                        ("eventSignals", .text(message.signals.joined(separator: ", "))),
                    ])
            ])
        default: throw ProfileWords.unreadable(record)
        }
    }

    func heartbeat(_ content: HeartbeatContent, stamp: Stamp) throws(WireError) -> Publication {
        telemetry([point(stamp.trust == .none ? 0 : stamp.wallMilliseconds, ProfileWords.summary(content))])
    }

    /// ThingsBoard has no use for a last will: it calls a device inactive by its own timer.
    func presence(_ presence: HubPresence) -> RetainedMessage? { nil }

    func introductions(stamp: Stamp) -> [Publication] {
        let about = JSONText.pairs([
            ("home", .text(home.topics.home)), ("agentVersion", .text(home.agentVersion)),
            ("configurationHash", .text(home.configurationHash)), ("bootId", .text(stamp.bootID)),
        ])
        return [Publication(topic: Self.attributes, payload: about.bytes)]
    }

    private func telemetry(_ points: [JSONText]) -> Publication {
        Publication(
            topic: Self.telemetry, payload: points.count == 1 ? points[0].bytes : JSONText.list(points).bytes)
    }

    private func point(_ time: Int64, _ values: [(String, JSONText?)]) -> JSONText {
        guard time >= Self.firstBelievableTime else { return .pairs(values) }
        return .pairs([("ts", .number(time)), ("values", .pairs(values))])
    }

    private func values(_ alert: WireAlert) -> [(String, JSONText?)] {
        [
            ("alertEvent", .text(alert.event.word)), ("alertId", .text(alert.alertID)),
            ("alertRule", .text(alert.rule)),
            ("alertKind", .text(alert.kind)), ("alertSeverity", .text(alert.severity.word)),
            ("alertOpen", .flag(alert.event.isOpen)), ("alertReason", .text(alert.reasons.joined(separator: "; "))),
            ("alertTest", alert.test ? .flag(true) : nil),
        ]
    }

    /// What was true at one moment is one object; a value that is not there is left out, for ThingsBoard knows no null.
    private func points(_ readings: WireReadings) -> [JSONText] {
        var byTime: [Int64: [(String, JSONText?)]] = [:]
        for series in readings.series {
            for reading in series.points where reading.quality != .missing {
                byTime[reading.time, default: []].append(
                    (series.signal, ProfileWords.value(reading.value, of: series.quantity)))
                guard reading.quality != .good else { continue }
                let word = reading.quality == .stale ? "stale" : "suspect"
                byTime[reading.time, default: []].append((series.signal + ".quality", .text(word)))
            }
        }
        return byTime.sorted { $0.key < $1.key }.map { point($0.key, $0.value) }
    }

    // MARK: In

    func requests(
        topic: String, payload: [UInt8], open: [String], stamp: Stamp
    ) throws(WireError) -> [ProfileRequest] {
        guard topic.hasPrefix(Self.rpcRequests) else { return [] }
        let request = topic.dropFirst(Self.rpcRequests.count)
        // ThingsBoard numbers its requests; anything else would become part of a topic of ours.
        guard !request.isEmpty, request.utf8.count <= 20, request.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw WireError(message: "\(topic): not a request's number", advice: "Requests are numbered.")
        }
        guard let call = try? JSONDecoder().decode(RemoteCall.self, from: Data(payload)) else {
            throw WireError(
                message: "\(topic): no {\"method\": …, \"params\": {…}} in it",
                advice: "See docs/profiles.md for the methods.")
        }
        if call.method == "accept" { return accept(call, of: open, request: request, stamp: stamp) }
        guard let action = call.action else {
            return [answer(request, "refused", "unknown", "no such method, or without what it needs: \(docs)")]
        }
        // The number comes again with ThingsBoard's next session, an id must not.
        let id = "tb-\(request)-\(WireEncoder.newID().prefix(12))"
        return [try ProfileWords.command(id: id, by: Self.name, stamp: stamp, action)]
    }

    private let docs = "docs/profiles.md has the methods"

    private func accept(
        _ call: RemoteCall, of open: [String], request: Substring, stamp: Stamp
    ) -> [ProfileRequest] {
        let name = String((call.params?.by ?? Self.name).prefix(UpstreamLimits.foreignTextCharacters))
        let accepted = open.filter { call.params?.alert ?? $0 == $0 }.map {
            ProfileWords.accept($0, by: name, stamp: stamp)
        }
        let count = accepted.count
        let text = count == 0 ? "no such alert is open" : "\(count) accepted"
        return accepted + [answer(request, count == 0 ? "refused" : "done", count == 0 ? "not-here" : "done", text)]
    }

    private func answer(_ request: Substring, _ outcome: String, _ code: String, _ text: String) -> ProfileRequest {
        .answer(response(request, outcome, code, text, bundle: ""))
    }

    private func response(
        _ request: Substring, _ outcome: String, _ code: String, _ text: String, bundle: String
    ) -> Publication {
        let body = JSONText.pairs([
            ("outcome", .text(outcome)), ("code", .text(code)), ("text", .text(text)),
            ("bundle", bundle.isEmpty ? nil : .text(bundle)),
        ])
        return Publication(topic: Self.rpcResponses + request, payload: body.bytes)
    }

    func publication(of reply: WireReply) -> Publication? {
        let parts = reply.commandID.split(separator: "-")
        guard parts.count == 3, parts[0] == "tb" else { return nil }
        let outcome =
            switch reply.outcome {
            case .done: "done"
            case .refused: "refused"
            case .failed: "failed"
            case .begun: "begun"
            case .notSaid, .UNRECOGNIZED: "not said"
            }
        return response(parts[1], outcome, reply.code, reply.text, bundle: reply.bundle)
    }
}

/// A server-side RPC. Widgets send parameters of any kind: what is no object counts as none.
private struct RemoteCall: Decodable {
    struct Parameters: Decodable {
        var alert: String?
        var by: String?
        var seconds: Int64?
        var rule: String?
        /// Degrees Celsius.
        var temperature: Double?
        var signal: String?
        var replaced: Bool?
    }

    var method: String
    var params: Parameters?

    private enum Key: String, CodingKey { case method, params }

    init(from decoder: any Swift.Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        method = try values.decode(String.self, forKey: .method)
        params = try? values.decodeIfPresent(Parameters.self, forKey: .params)
    }

    /// As the contract says it; nil: no such method, or without what it needs.
    var action: WireCommand.OneOf_Action? {
        let seconds = params?.seconds ?? 0
        switch method {
        case "away": return ProfileWords.mode(.away, lastingSeconds: seconds)
        case "home": return ProfileWords.mode(.home)
        case "maintenance": return ProfileWords.mode(.maintenance, lastingSeconds: seconds)
        case "locate": return .locate(.with { $0.seconds = seconds })
        case "selfTest": return .selfTest(WireCommand.SelfTest())
        case "recordVisit": return .recordVisit(.with { $0.rule = params?.rule ?? "" })
        case "sendStatus": return .sendStatus(WireCommand.SendStatus())
        case "setHeartbeat": return .setHeartbeat(.with { $0.seconds = seconds })
        case "weather":
            // Beyond this it is no temperature, and could not be computed with.
            guard let degrees = params?.temperature, abs(degrees) < 1000 else { return nil }
            return .weather(
                .with {
                    $0.temperature = Int64((degrees * 1000).rounded())
                    $0.validSeconds = seconds
                })
        case "confirmMeter":
            guard let signal = params?.signal, let replaced = params?.replaced else { return nil }
            return .confirmMeter(
                .with {
                    $0.signal = signal
                    $0.wasReplaced = replaced
                })
        default: return nil
        }
    }
}
