// The link against a real mosquitto, with and without TLS, let in and refused, restarted and lost.

import Foundation
import TestPeers
import Testing

@testable import Upstream

@Suite(.enabled(if: Broker.isThere, "mosquitto is not installed"), .serialized)
struct MosquittoLinkTests {
    private func settings(_ port: Int, host: String = "127.0.0.1", client: String = "edge-h1") -> LinkSettings {
        LinkSettings(host: host, port: port, clientID: client, subscriptions: ["homes/h1/acks"])
    }

    private func connected(_ settings: LinkSettings, will: RetainedMessage? = nil) throws -> MosquittoLink {
        var link = MosquittoLink(settings)
        link.connect(will: will, at: bootMilliseconds())
        _ = try link.wait(for: "connection") { $0 == .connected }
        return link
    }

    private func fault(_ settings: LinkSettings) throws -> LinkFault {
        var link = MosquittoLink(settings)
        link.connect(will: nil, at: bootMilliseconds())
        return try link.waitForFault()
    }

    // MARK: Plain

    @Test func aPublishIsAnsweredAndAMessageArrives() throws {
        let folder = try ScratchFolder()
        let broker = try Broker(in: folder, lines: ["allow_anonymous true"])
        var hub = try connected(settings(broker.port))
        var cloud = try connected(
            LinkSettings(host: "127.0.0.1", port: broker.port, clientID: "cloud", subscriptions: ["homes/#"]))

        try hub.publish(topic: "homes/h1/alerts", payload: [1, 0, 255], tag: "r1", at: bootMilliseconds())
        _ = try hub.wait(for: "PUBACK") { $0 == .published(tag: "r1", isRefused: false) }
        let (topic, payload) = try cloud.waitForMessage()
        #expect(topic == "homes/h1/alerts")
        #expect(payload == [1, 0, 255])

        let answer = Acknowledgement(id: "r1", level: .accepted, by: "test", atMilliseconds: 1)
        try cloud.publish(
            topic: "homes/h1/acks", payload: try WireEncoder.acknowledgement(answer, encoding: .json), tag: nil,
            at: bootMilliseconds())
        _ = try cloud.wait(for: "own PUBACK or echo") { if case .message = $0 { true } else { false } }
        let (acks, bytes) = try hub.waitForMessage()
        #expect(try WireDecoder.acknowledgement(topic: acks, payload: bytes) == answer)
    }

    /// PUBACK says so with code 16 (MQTT 5.0, 3.4.2.1).
    @Test func aPublishThatNobodyHearsIsTold() throws {
        let folder = try ScratchFolder()
        let broker = try Broker(in: folder, lines: ["allow_anonymous true"])
        var hub = try connected(settings(broker.port))
        try hub.publish(topic: "homes/h1/alerts", payload: [1], tag: "r1", at: bootMilliseconds())
        _ = try hub.wait(for: "no subscriber") { $0 == .unheard(tag: "r1") }
        let cloud = try connected(
            LinkSettings(host: "127.0.0.1", port: broker.port, clientID: "cloud", subscriptions: ["homes/#"]))
        #expect(cloud.isConnected == true)
    }

    /// A command that a platform published with the retain flag would be done at each connect.
    @Test func aRetainedMessageIsNoOrder() throws {
        let folder = try ScratchFolder()
        let broker = try Broker(in: folder, lines: ["allow_anonymous true"])
        var cloud = try connected(
            LinkSettings(host: "127.0.0.1", port: broker.port, clientID: "cloud", subscriptions: []))
        try cloud.publish(
            topic: "homes/h1/commands", payload: [1], retain: true, tag: "kept", at: bootMilliseconds())
        _ = try cloud.wait(for: "PUBACK") { if case .published = $0 { true } else { false } }
        var careful = LinkSettings(
            host: "127.0.0.1", port: broker.port, clientID: "edge-h1", subscriptions: ["homes/h1/commands"])
        careful.ignoresRetained = true
        var hub = try connected(careful)
        #expect(try hub.waitForFault() == .retained(topic: "homes/h1/commands"))
        // The same while it listens is meant for now.
        try cloud.publish(
            topic: "homes/h1/commands", payload: [2], retain: true, tag: nil, at: bootMilliseconds())
        #expect(try hub.waitForMessage().1 == [2])
    }

    @Test func aTooLargePayloadIsNotSent() throws {
        let folder = try ScratchFolder()
        let broker = try Broker(in: folder, lines: ["allow_anonymous true"])
        var hub = try connected(settings(broker.port))
        #expect(throws: LinkFault.self) {
            try hub.publish(
                topic: "t", payload: [UInt8](repeating: 0, count: UpstreamLimits.payloadBytes + 1), tag: nil,
                at: bootMilliseconds())
        }
        #expect(hub.isConnected == true)
    }

    @Test func nobodyListeningIsSaid() throws {
        let fault = try fault(settings(try Broker.freePort()))
        #expect(fault.kind == .unreachable)
        #expect(fault.message.hasSuffix("refused the connection: nobody listens there"), "\(fault)")
    }

    @Test func anUnknownNameIsSaid() throws {
        let fault = try fault(settings(1883, host: "broker.invalid"))
        #expect(fault.kind == .unreachable)
        #expect(fault.message == "broker broker.invalid:1883: the name cannot be resolved")
    }

    /// localhost is ::1 first on many machines, where nobody listens: the second attempt uses IPv4.
    @Test func aNameWhoseFirstAddressIsDeadIsReachedAtTheSecondAttempt() throws {
        let folder = try ScratchFolder()
        let broker = try Broker(in: folder, lines: ["allow_anonymous true"])
        var link = MosquittoLink(settings(broker.port, host: "localhost"))
        var attempts = 0
        while link.isConnected == false, attempts < 2 {
            attempts += 1
            link.connect(will: nil, at: bootMilliseconds())
            _ = try link.wait(for: "outcome") { event in
                if case .refused = event { true } else { event == .connected }
            }
        }
        #expect(link.isConnected == true)
    }

    @Test func aSilentServerIsGivenUp() throws {
        let silent = try SilentServer(reply: [])
        var link = MosquittoLink(settings(silent.port))
        let start = bootMilliseconds()
        link.connect(will: nil, at: start)
        link.service(at: start + 100)
        #expect(link.takeEvents() == [])
        link.service(at: start + 15_001)
        let fault = try link.waitForFault()
        #expect(fault.message.contains("did not answer within 15 s"))
        #expect(link.descriptor == nil)
    }

    /// CONNACK of MQTT 3.1.1: type 2, length 2, no session, 1 = unacceptable protocol version.
    @Test func anOldBrokerIsAskedAgainInItsVersion() throws {
        let old = try SilentServer(reply: [0x20, 0x02, 0x00, 0x01])
        var link = MosquittoLink(settings(old.port))
        link.connect(will: nil, at: bootMilliseconds())
        #expect(try link.waitForFault().message.contains("does not speak MQTT 5"))
        // CONNECT's variable header: length of the name, "MQTT", then the version.
        #expect(old.firstBytes().dropFirst(2).prefix(7) == [0, 4, 0x4D, 0x51, 0x54, 0x54, 5])

        link.connect(will: nil, at: bootMilliseconds())
        _ = try link.waitForFault()
        #expect(old.firstBytes().dropFirst(2).prefix(7) == [0, 4, 0x4D, 0x51, 0x54, 0x54, 4])
    }

    @Test func aRestartedBrokerIsFoundAgain() throws {
        let folder = try ScratchFolder()
        let broker = try Broker(in: folder, lines: ["allow_anonymous true"])
        var hub = try connected(settings(broker.port))
        broker.stop()
        let fault = try hub.waitForFault()
        #expect(fault.kind == .lost, "\(fault)")
        #expect(hub.descriptor == nil)
        #expect(throws: LinkFault.self) {
            try hub.publish(topic: "t", payload: [], tag: nil, at: bootMilliseconds())
        }
        try broker.start()
        hub.connect(will: nil, at: bootMilliseconds())
        _ = try hub.wait(for: "connection") { $0 == .connected }
    }

    // MARK: Last will and farewell

    @Test func theLastWillIsPublishedWhenTheConnectionBreaksAndNotAfterAFarewell() throws {
        let folder = try ScratchFolder()
        let broker = try Broker(in: folder, lines: ["allow_anonymous true"])
        var cloud = try connected(
            LinkSettings(host: "127.0.0.1", port: broker.port, clientID: "cloud", subscriptions: ["homes/+/status"]))
        let will = RetainedMessage(topic: "homes/h1/status", payload: Array("lost".utf8))
        do {
            let hub = try connected(settings(broker.port), will: will)
            _ = hub.isConnected
            // The socket closes here, without DISCONNECT.
        }
        #expect(try cloud.waitForMessage().1 == Array("lost".utf8))

        var hub = try connected(settings(broker.port), will: will)
        let start = bootMilliseconds()
        hub.finish(
            farewell: RetainedMessage(topic: "homes/h1/status", payload: Array("stopped".utf8)),
            clock: bootMilliseconds)
        #expect(bootMilliseconds() - start < 1000)
        #expect(try cloud.waitForMessage().1 == Array("stopped".utf8))
        // What is retained is the farewell; a will after it would have replaced it.
        var late = try connected(
            LinkSettings(host: "127.0.0.1", port: broker.port, clientID: "late", subscriptions: ["homes/+/status"]))
        #expect(try late.waitForMessage().1 == Array("stopped".utf8))
    }

    // MARK: Passwords

    @Test func aWrongPasswordIsSaidWithWhatToDo() throws {
        let folder = try ScratchFolder()
        let users = folder.path + "/users"
        let tool = Process()
        tool.executableURL = URL(fileURLWithPath: "/usr/bin/mosquitto_passwd")
        tool.arguments = ["-b", "-c", users, "h1", "secret"]
        tool.standardError = FileHandle.nullDevice
        try tool.run()
        tool.waitUntilExit()
        let broker = try Broker(in: folder, lines: ["allow_anonymous false", "password_file \(users)"])
        var with = settings(broker.port)
        with.user = "h1"
        with.passwordFile = folder.path + "/password"

        let missing = try fault(with)
        #expect(missing.kind == .unusable)
        #expect(missing.message.contains("password-file"))

        try "wrong\n".write(toFile: folder.path + "/password", atomically: true, encoding: .utf8)
        let refused = try fault(with)
        #expect(refused.kind == .denied)
        #expect(refused.message == "broker 127.0.0.1:\(broker.port) refused the user name or password")
        #expect(refused.advice.contains("password-file"))

        // Corrected without a restart.
        try "secret\n".write(toFile: folder.path + "/password", atomically: true, encoding: .utf8)
        _ = try connected(with)
    }

    @Test func aRefusedPublishIsToldAndTheConnectionStays() throws {
        let folder = try ScratchFolder()
        let rights = folder.path + "/acl"
        try "topic write homes/h1/#\n".write(toFile: rights, atomically: true, encoding: .utf8)
        let broker = try Broker(in: folder, lines: ["allow_anonymous true", "acl_file \(rights)"])
        var hub = try connected(settings(broker.port))
        try hub.publish(topic: "homes/other/alerts", payload: [1], tag: "r1", at: bootMilliseconds())
        _ = try hub.wait(for: "refused PUBACK") { $0 == .published(tag: "r1", isRefused: true) }
        #expect(hub.isConnected == true)
    }

    /// CONNACK: type 2, length 3, no session, success, no properties. SUBACK: type 9, length 4, message 1,
    /// no properties, 0x87 = not authorized.
    @Test func aRefusedSubscriptionIsTold() throws {
        let server = try SilentServer(reply: [0x20, 0x03, 0x00, 0x00, 0x00, 0x90, 0x04, 0x00, 0x01, 0x00, 0x87])
        var link = try connected(settings(server.port))
        let warning = try link.waitForFault()
        #expect(warning.kind == .denied)
        #expect(warning.message.hasSuffix("refuses to let this client read homes/h1/acks"), "\(warning)")
    }

    // MARK: TLS

    @Test func certificatesAreCheckedOnBothSides() throws {
        let folder = try ScratchFolder()
        let certificates = try Certificates(in: folder)
        try certificates.make("server", alternativeName: "DNS:localhost,IP:127.0.0.1")
        try certificates.make("elsewhere", alternativeName: "DNS:elsewhere.example")
        try certificates.make("hub", alternativeName: "DNS:hub")
        try certificates.makeAuthority("stranger")

        func broker(_ certificate: String, _ more: [String] = []) throws -> Broker {
            try Broker(
                in: folder,
                lines: [
                    "allow_anonymous true", "cafile \(certificates.authority)",
                    "certfile \(certificates.certificate(certificate))", "keyfile \(certificates.key(certificate))",
                ] + more)
        }
        func secured(_ broker: Broker, authority: String? = nil, client: String? = nil) -> LinkSettings {
            var with = settings(broker.port)
            with.tls = LinkSettings.TLS(
                authorityFile: authority ?? certificates.authority,
                certificateFile: client.map(certificates.certificate), keyFile: client.map(certificates.key))
            return with
        }

        let good = try broker("server")
        _ = try connected(secured(good))
        let stranger = try fault(secured(good, authority: certificates.certificate("stranger")))
        #expect(stranger.kind == .untrusted)
        #expect(stranger.message.contains("not signed by a known authority"), "\(stranger)")
        #expect(stranger.advice.contains("ca-file"))

        let plain = try fault(settings(good.port))
        #expect(plain.advice.contains("mqtts://"), "\(plain)")

        let missing = try fault(secured(good, authority: folder.path + "/none.pem"))
        #expect(missing.message.contains("ca-file"))

        let other = try broker("elsewhere")
        let misnamed = try fault(secured(other))
        #expect(misnamed.kind == .untrusted)
        #expect(misnamed.message.hasSuffix("its certificate is for another host name"), "\(misnamed)")

        try certificates.makeExpired("old", alternativeName: "DNS:localhost,IP:127.0.0.1")
        let outdated = try broker("old")
        let over = try fault(secured(outdated))
        #expect(over.kind == .untrusted)
        #expect(over.message.contains("has expired"), "\(over)")
        #expect(over.advice.contains("clock"), "\(over)")

        let strict = try broker("server", ["require_certificate true"])
        let bare = try fault(secured(strict))
        #expect(bare.kind == .denied, "\(bare)")
        _ = try connected(secured(strict, client: "hub"))
    }

    @Test func aRevokedOrExpiredHubIsRefused() throws {
        let folder = try ScratchFolder()
        let certificates = try Certificates(in: folder)
        try certificates.make("server", alternativeName: "IP:127.0.0.1")
        for name in ["hub", "stolen"] { try certificates.make(name, alternativeName: "DNS:\(name)") }
        try certificates.makeExpired("forgotten", alternativeName: "DNS:forgotten")
        let list = try certificates.revoke(["stolen"])
        let broker = try Broker(
            in: folder,
            lines: [
                "allow_anonymous true", "cafile \(certificates.authority)", "require_certificate true",
                "certfile \(certificates.certificate("server"))", "keyfile \(certificates.key("server"))",
                "crlfile \(list)",
            ])
        func secured(_ client: String) -> LinkSettings {
            var with = settings(broker.port)
            with.tls = LinkSettings.TLS(
                authorityFile: certificates.authority, certificateFile: certificates.certificate(client),
                keyFile: certificates.key(client))
            return with
        }
        _ = try connected(secured("hub"))
        for (client, why) in [("stolen", "it has been revoked"), ("forgotten", "it has expired")] {
            var messages: [String] = []
            // On loopback the broker may close before the library has read why; every attempt is refused all the same.
            while messages.count < 50, messages.last?.hasSuffix(why) != true {
                let fault = try fault(secured(client))
                #expect(fault.kind == .denied, "\(fault)")
                #expect(fault.advice.contains("certificate-file"), "\(fault)")
                messages.append(fault.message)
            }
            #expect(
                messages.last?.hasSuffix("does not accept the hub's certificate: \(why)") == true, "\(messages)")
        }
    }
}

/// Takes one connection after the other, keeps the first bytes and answers with fixed ones.
private final class SilentServer: @unchecked Sendable {
    let port: Int
    private let descriptor: Int32
    private let heard = NSCondition()
    private var first: [[UInt8]] = []

    init(reply: [UInt8]) throws {
        port = try Broker.freePort()
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        try #require(bound && listen(descriptor, 5) == 0)
        let listener = descriptor
        Thread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    // Only here: closed elsewhere, its number could be another socket's while we accept.
                    close(listener)
                    return
                }
                var buffer = [UInt8](repeating: 0, count: 256)
                let count = read(connection, &buffer, buffer.count)
                self?.hear(Array(buffer.prefix(max(count, 0))))
                if reply.isEmpty { continue }
                _ = write(connection, reply, reply.count)
                close(connection)
            }
        }.start()
    }

    deinit { shutdown(descriptor, Int32(SHUT_RDWR)) }

    private func hear(_ bytes: [UInt8]) {
        heard.withLock { first.append(bytes) }
        heard.broadcast()
    }

    /// Of the oldest connection that was not asked about yet.
    func firstBytes() -> [UInt8] {
        heard.withLock {
            while first.isEmpty { guard heard.wait(until: Date(timeIntervalSinceNow: 10)) else { return [] } }
            return first.removeFirst()
        }
    }
}
