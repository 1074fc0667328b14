// The way to whoever answers, in stages: name, connection, TLS, log in, and a test alert there and back.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Upstream

/// How far a connection came.
struct BrokerFacts: Sendable {
    /// nil: it is resolved.
    var nameFault: String?
    var addresses: [String] = []
    /// nil: somebody listens, or it was not tried.
    var connectFault: String?
    /// nil: TLS and log in are good, or were not tried.
    var linkFault: LinkFault?

    var isConnected: Bool { nameFault == nil && connectFault == nil && linkFault == nil }
}

struct BrokerCheck {
    /// What came of a test alert.
    enum Trip: Sendable {
        case accepted(by: String, milliseconds: Int64)
        /// By the broker; nobody behind it answers.
        case taken(milliseconds: Int64)
        case unanswered
        /// The broker's access list does not let this hub write.
        case forbidden
        case failed(String)
        /// Without it nobody here speaks the profile's language.
        case needsDaemon
        /// What comes before it has failed.
        case unreached
    }

    private static let connectMilliseconds: Int32 = 5000
    private static let loginMilliseconds: Int64 = 15_000

    let upstream: UpstreamConfiguration
    let home: String
    private var link: MosquittoLink.Held?

    init(upstream: UpstreamConfiguration, home: String) {
        self.upstream = upstream
        self.home = home
    }

    private var place: String { "\(upstream.host):\(upstream.port)" }
    private var topics: HomeTopics { HomeTopics(prefix: upstream.topicPrefix, home: home) }

    /// Beside the daemon's, whose connection a second one of the same client id would end.
    private var settings: LinkSettings {
        LinkSettings(upstream, clientID: "edge-\(home)-self-test", subscriptions: [topics.acks])
    }

    // MARK: Connecting

    /// - Parameter daemonIsConnected: TLS and log in are then good, and nobody else's connection is needed.
    mutating func connect(daemonIsConnected: Bool) -> BrokerFacts {
        var facts = BrokerFacts()
        switch addresses(of: upstream.host, port: upstream.port) {
        case .failure(let fault):
            facts.nameFault = fault.text
            return facts
        case .success(let found):
            facts.addresses = found.map(\.text)
            facts.connectFault = daemonIsConnected ? nil : knock(at: found)
        }
        guard facts.connectFault == nil, !daemonIsConnected else { return facts }
        let held = MosquittoLink.Held(settings)
        facts.linkFault = held.connect(withinMilliseconds: BrokerCheck.loginMilliseconds)
        if facts.linkFault == nil { link = held }
        return facts
    }

    /// Why none of the addresses takes a connection; nil: one does.
    private func knock(at addresses: [SocketAddress]) -> String? {
        var fault = String(cString: strerror(EHOSTUNREACH))
        for address in addresses {
            let failure = address.connect(withinMilliseconds: BrokerCheck.connectMilliseconds)
            if failure == 0 { return nil }
            fault = String(cString: strerror(failure))
        }
        return fault
    }

    // MARK: A test alert

    func askDaemon(socket: String, seconds: Int) -> Trip {
        let answer = DaemonAnswer.ask(
            "test-alert \(seconds)", socket: socket, seconds: seconds + 30, as: TestAlertAnswer.self)
        switch answer {
        case .failure(let refusal): return .failed(refusal.text)
        case .success(let answer):
            if let by = answer.by { return .accepted(by: by, milliseconds: answer.milliseconds) }
            return answer.isTaken ? .taken(milliseconds: answer.milliseconds) : .unanswered
        }
    }

    /// Without a daemon: over the connection that was made, past the outbox.
    mutating func send(seconds: Int) -> Trip {
        guard let link else { return .unreached }
        guard upstream.profile == .native else { return .needsDaemon }
        let now = Instant(milliseconds: AgentClock.wallMilliseconds())
        let alert = TestAlerts.alert(at: now)
        let encoder = WireEncoder(home: home)
        guard let draft = try? encoder.draft(.raised, alert, at: now, stamp: Stamp.now()),
            let payload = try? encoder.payload(
                for: Record(sequence: 0, draft: draft), late: false, encoding: upstream.encoding)
        else { return .failed(alert.id) }
        let began = AgentClock.boot()
        let trip = link.send(
            topic: topics.named(draft.topic), payload, record: draft.id, alert: alert.id,
            isTakenEnough: upstream.acknowledgement == .broker, withinMilliseconds: Int64(seconds) * 1000)
        if let end = try? encoder.draft(.cleared, alert, at: now, stamp: Stamp.now()),
            let payload = try? encoder.payload(
                for: Record(sequence: 0, draft: end), late: false, encoding: upstream.encoding)
        {
            link.publish(topic: topics.named(end.topic), payload)
        }
        let milliseconds = BootTime.milliseconds(from: began, to: AgentClock.boot())
        switch trip {
        case .accepted(let by): return .accepted(by: by, milliseconds: milliseconds)
        case .taken: return .taken(milliseconds: milliseconds)
        case .unanswered: return .unanswered
        case .lost(let fault): return fault.kind == .denied ? .forbidden : .failed(fault.message)
        }
    }

    /// Whether a daemon whose test alert nobody accepted was not let through to anybody.
    func isForbidden(_ faults: [String]) -> Bool {
        let message = LinkFault.publishRefused(on: topics).message
        return faults.contains { $0.contains(message) }
    }

    /// Ends the connection of its own, if there is one.
    func finish() { link?.finish() }

    // MARK: Judging

    func judge(_ facts: BrokerFacts, clockIsWrong: Bool) -> [CheckResult] {
        var results: [CheckResult] = []
        if let fault = facts.nameFault {
            results.append(
                .fail(
                    "broker.name", Message(HubPhrase.nameUnknown, upstream.host, fault),
                    advice: Message(HubPhrase.nameUnknownAdvice)))
            return results + rest("broker.connection", "broker.tls", "broker.login")
        }
        results.append(
            .pass("broker.name", facts.addresses.first, Message(HubPhrase.nameFound, upstream.host)))
        if let fault = facts.connectFault {
            results.append(
                .fail(
                    "broker.connection", Message(HubPhrase.brokerDeaf, place, fault),
                    advice: Message(HubPhrase.brokerDeafAdvice)))
            return results + rest("broker.tls", "broker.login")
        }
        results.append(.pass("broker.connection", Message(HubPhrase.brokerListens, place)))
        let fault = facts.linkFault
        if upstream.usesTLS, fault?.kind == .untrusted {
            let advice = clockIsWrong ? Message(HubPhrase.brokerClockAdvice) : certificateAdvice(fault)
            results.append(
                .fail("broker.tls", Message(HubPhrase.brokerUntrusted, fault?.message ?? ""), advice: advice))
            return results + rest("broker.login")
        }
        // Who refuses us has shown who he is.
        if upstream.usesTLS, fault == nil || fault?.kind == .denied {
            results.append(.pass("broker.tls", Message(HubPhrase.brokerTrusted)))
        }
        return results + [judgeLogin(fault)]
    }

    private func certificateAdvice(_ fault: LinkFault?) -> Message {
        switch fault?.certificate {
        case .otherName: Message(HubPhrase.brokerOtherNameAdvice, upstream.host)
        case .untrusted, nil: Message(HubPhrase.brokerUntrustedAdvice)
        case .wanted: Message(HubPhrase.brokerWantsAdvice)
        case .ended: Message(HubPhrase.brokerEndedAdvice)
        }
    }

    private func judgeLogin(_ fault: LinkFault?) -> CheckResult {
        let name = "broker.login"
        guard let fault else { return .pass(name, Message(HubPhrase.brokerLetsIn)) }
        if fault.kind == .denied || fault.kind == .unusable {
            return .fail(
                name, Message(HubPhrase.brokerRefuses, fault.message),
                advice: fault.certificate == nil ? Message(HubPhrase.brokerRefusesAdvice) : certificateAdvice(fault))
        }
        return .fail(
            name, Message(HubPhrase.brokerFails, fault.message), advice: Message(HubPhrase.brokerFailsAdvice))
    }

    private func rest(_ names: String...) -> [CheckResult] {
        names.filter { upstream.usesTLS || $0 != "broker.tls" }.map(unreached)
    }

    private func unreached(_ name: String) -> CheckResult {
        .untested(name, Message(HubPhrase.brokerUnreached), advice: Message(HubPhrase.brokerUnreachedAdvice))
    }

    func judge(_ trip: Trip, seconds: Int) -> CheckResult {
        let name = "broker.test-alert"
        func measured(_ milliseconds: Int64) -> String { "\(milliseconds / 1000).\(milliseconds % 1000 / 100) s" }
        switch trip {
        case .accepted(let by, let milliseconds):
            return .pass(name, measured(milliseconds), Message(HubPhrase.testAccepted, by))
        case .taken(let milliseconds): return .pass(name, measured(milliseconds), Message(HubPhrase.testTaken))
        case .unanswered:
            return .fail(
                name, Message(HubPhrase.testUnanswered, "\(seconds)"),
                advice: Message(HubPhrase.testUnansweredAdvice, topics.acks))
        case .forbidden:
            return .fail(
                name, Message(HubPhrase.testForbidden, topics.named("alerts")),
                advice: Message(HubPhrase.testForbiddenAdvice, "\(topics.prefix)/\(topics.home)"))
        case .failed(let text):
            return .untested(name, Message(HubPhrase.testNotSent, text), advice: Message(HubPhrase.testNotSentAdvice))
        case .needsDaemon:
            return .untested(
                name, Message(HubPhrase.testNeedsDaemon, upstream.profile.rawValue),
                advice: Message(HubPhrase.testNeedsDaemonAdvice))
        case .unreached: return unreached(name)
        }
    }
}
