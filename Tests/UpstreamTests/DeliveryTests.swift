// Outbox, courier and link together against a real broker that is killed in between.

import Foundation
import LocalRules
import TestPeers
import Testing

@testable import Upstream

@Suite(.enabled(if: Broker.isThere, "mosquitto is not installed"))
struct DeliveryTests {
    private let topics = HomeTopics(prefix: "homes", home: "h1")

    private func alarm(_ name: String) throws -> Draft {
        let time = Instant(milliseconds: 0)
        let alert = Alert(
            id: "panic/\(name)", rule: "panic", kind: "input-active", severity: .red, signals: ["panic"],
            reasons: ["pressed"], state: .raised, began: time, raised: time)
        return try WireEncoder(home: "h1").draft(.raised, alert, at: time, stamp: someStamp)
    }

    private func connect(_ link: inout MosquittoLink) throws {
        link.connect(will: nil, at: bootMilliseconds())
        _ = try link.wait(for: "connection") { $0 == .connected }
    }

    /// One turn of hub and cloud: what is due goes out, the cloud accepts what arrives. Returns what arrived.
    private func turn(
        _ dispatcher: inout Dispatcher, _ hub: inout MosquittoLink, _ cloud: inout MosquittoLink,
        _ upcalls: inout [Upcall]
    ) throws -> [WireMessage] {
        let now = bootMilliseconds()
        for one in dispatcher.due(at: now) {
            try hub.publish(topic: one.topic, payload: one.payload, tag: one.recordID, at: now)
        }
        hub.service(at: now)
        for event in hub.takeEvents() {
            switch event {
            case .published(let tag, let isRefused): dispatcher.pubacked(tag, isRefused: isRefused, at: now)
            case .message(let topic, let payload):
                let answer = try WireDecoder.acknowledgement(topic: topic, payload: payload)
                upcalls += dispatcher.acknowledged(answer, at: now)
            default: Issue.record("\(event)")
            }
        }
        cloud.service(at: now)
        var arrived: [WireMessage] = []
        for case .message(let topic, let payload) in cloud.takeEvents() where !topic.hasSuffix("/acks") {
            let message = try WireDecoder.decode(topic: topic, payload: payload).message
            arrived.append(message)
            let answer = Acknowledgement(
                id: message.header?.id ?? "", level: .accepted, by: "cloud", atMilliseconds: 0)
            try cloud.publish(
                topic: topics.acks, payload: try WireEncoder.acknowledgement(answer, encoding: .protobuf), tag: nil,
                at: now)
        }
        return arrived
    }

    @Test(arguments: WireEncoding.allCases)
    func alertsRaisedWhileTheBrokerIsAwayArriveOnceLateAndBeforeReadings(_ encoding: WireEncoding) throws {
        let folder = try ScratchFolder()
        let broker = try Broker(in: folder, lines: ["allow_anonymous true"])
        var hub = MosquittoLink(
            LinkSettings(host: "127.0.0.1", port: broker.port, clientID: "edge-h1", subscriptions: [topics.acks]))
        var cloud = MosquittoLink(
            LinkSettings(host: "127.0.0.1", port: broker.port, clientID: "cloud", subscriptions: ["homes/#"]))
        var upcalls: [Upcall] = []
        var raised: [String] = []
        do {
            var dispatcher = Dispatcher(
                outbox: ResilientOutbox(directory: folder.path, floor: 1), topics: topics, encoding: encoding,
                mode: .application)
            try connect(&hub)
            dispatcher.linkUp()
            broker.stop()
            _ = try hub.waitForFault()
            dispatcher.linkDown()
            for number in 0..<25 {
                let readings = try WireEncoder(home: "h1").draft([], of: [], stamp: someStamp)
                let alert = try alarm("\(number)")
                _ = try dispatcher.store([readings, alert])
                raised.append(alert.id)
            }
            // The agent ends here without a farewell; what was stored is on disk.
        }

        var dispatcher = Dispatcher(
            outbox: ResilientOutbox(directory: folder.path, floor: 1), topics: topics, encoding: encoding,
            mode: .application)
        try broker.start()
        try connect(&cloud)
        try connect(&hub)
        dispatcher.linkUp()
        var arrived: [WireMessage] = []
        let limit = bootMilliseconds() + 4000
        while dispatcher.depths().values.reduce(0, +) > 0, bootMilliseconds() < limit {
            arrived += try turn(&dispatcher, &hub, &cloud, &upcalls)
        }
        let alerts = arrived.prefix(25).compactMap(\.header)
        #expect(alerts.map(\.id) == raised)
        #expect(arrived.allSatisfy { $0.header?.late == true })
        #expect(arrived.dropFirst(25).map(\.type) == Array(repeating: "readings", count: 25))
        #expect(upcalls.count == 25)

        let news = try alarm("news")
        _ = try dispatcher.store([news])
        var fresh: [WireMessage] = []
        while fresh.isEmpty, bootMilliseconds() < limit + 4000 {
            fresh = try turn(&dispatcher, &hub, &cloud, &upcalls)
        }
        #expect(fresh.first?.header?.id == news.id)
        #expect(fresh.first?.header?.late == false)
    }
}
