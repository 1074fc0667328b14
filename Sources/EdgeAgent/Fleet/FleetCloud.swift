// The other side of a fleet where nobody else is: accepts alarms and confirms everything else, as
// `listen --acknowledge` does.

import Upstream

final class FleetCloud {
    /// It tries the broker twenty times a second: its moment of connecting is when the broker is back.
    private static let retryMilliseconds: Int64 = 50
    private var keeper: LinkKeeper
    private(set) var answers = 0

    init(options: FleetOptions, at now: Int64) {
        let topics = ["alerts", "events", "readings"].map { "\(options.topicPrefix)/+/\($0)" }
        keeper = LinkKeeper(
            settings: options.settings(clientID: "edge-fleet-cloud", subscriptions: topics), lastWill: { nil },
            backoff: Backoff(aloneMilliseconds: Self.retryMilliseconds), firstAt: now)
    }

    var descriptor: Int32? { keeper.descriptor }
    var wantsWrite: Bool { keeper.wantsWrite }
    var attempts: Int { keeper.attempts }
    var isConnected: Bool { keeper.isConnected }

    func nextDue(at now: Int64) -> Int64 { keeper.nextAttempt ?? now + 1000 }

    func turn(at now: Int64, tell: (FleetNews) -> Void) {
        keeper.begin(at: now)
        for event in keeper.serve(at: now) {
            switch event {
            case .connected: tell(.connected)
            case .disconnected: tell(.lost)
            case .message(let topic, let payload): answer(topic, payload, at: now)
            case .refused, .published, .unheard, .warning, .oversized: break
            }
        }
    }

    private func answer(_ topic: String, _ payload: [UInt8], at now: Int64) {
        guard let (_, message) = try? WireDecoder.decode(topic: topic, payload: payload), let header = message.header,
            let cut = topic.lastIndex(of: "/")
        else { return }
        let answer = Acknowledgement(
            id: header.id, level: message.needsAcceptance ? .accepted : .received, by: "fleet",
            atMilliseconds: AgentClock.wallMilliseconds())
        guard let bytes = try? WireEncoder.acknowledgement(answer, encoding: .protobuf) else { return }
        try? keeper.publish(topic: topic[..<cut] + "/acks", payload: bytes, tag: nil, at: now)
        answers += 1
    }
}
