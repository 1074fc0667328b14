// `edge-agent listen`: decodes what hubs send, for whoever builds the cloud, and can answer in its place.

import ArgumentParser
import Glibc
import LocalRules
import Upstream

struct ListenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Decode what hubs send; answer with acknowledgements if asked to.",
        discussion: """
            One line a message; with --json one object with topic, home, type and message (protobuf JSON). With \
            --acknowledge every reading and event is answered with `received` and every alarm with `accepted`, so \
            that the loop is closed without any other program.
            """)

    @Option(help: "mqtt://host:1883 or mqtts://host:8883.") var broker: BrokerAddress = .loopback
    @Flag(help: "One JSON object a line.") var json = false
    @Flag(help: "Accept alarms and confirm everything else.") var acknowledge = false
    @Option(help: "The name under which alarms are accepted.") var by = "edge-agent listen"
    @Option(help: "The hubs' topic prefix.") var topicPrefix = "homes"
    @Option(help: "PEM file of the authority that signed the broker's certificate.") var caFile: String?
    @Option(help: "PEM file of a client certificate.") var certificateFile: String?
    @Option(help: "PEM file of its key.") var keyFile: String?
    @Option(help: "User name.") var user: String?
    @Option(help: "File with the password.") var passwordFile: String?

    func validate() throws {
        guard (certificateFile == nil) == (keyFile == nil) else {
            throw ValidationError("--certificate-file and --key-file go together.")
        }
        guard (user == nil) == (passwordFile == nil) else {
            throw ValidationError("--user and --password-file go together.")
        }
    }

    func run() throws {
        let tls =
            broker.usesTLS
            ? LinkSettings.TLS(authorityFile: caFile, certificateFile: certificateFile, keyFile: keyFile) : nil
        let settings = LinkSettings(
            host: broker.host, port: broker.port, tls: tls, user: user, passwordFile: passwordFile,
            clientID: "edge-listen-\(getpid())", subscriptions: ["\(topicPrefix)/#"])
        var loop = LinkLoop(settings: settings, lastWill: nil, backoff: Backoff(aloneMilliseconds: 1000))
        var answers = Answers(isOn: acknowledge, by: by)
        var lastFault: LinkFault?
        while true {
            for event in loop.turn(extra: nil, longestMilliseconds: 1000) {
                switch event {
                case .message(let topic, let payload): answers.take(topic, payload, json: json, from: &loop)
                case .connected:
                    lastFault = nil
                    complain("listening to \(broker.host):\(broker.port), \(topicPrefix)/#")
                case .refused(let fault), .disconnected(let fault), .warning(let fault):
                    // Once, not at each attempt.
                    if fault != lastFault { complain(fault.message, advice: fault.advice) }
                    lastFault = fault
                case .published, .unheard: break
                }
            }
        }
    }
}

/// Decodes, prints, and answers.
private struct Answers {
    let isOn: Bool
    let by: String

    mutating func take(_ topic: String, _ payload: [UInt8], json: Bool, from loop: inout LinkLoop) {
        do throws(WireError) {
            let (home, message) = try WireDecoder.decode(topic: topic, payload: payload)
            say(try line(topic, home, message, json: json) + "\n", to: STDOUT_FILENO)
            if isOn, let header = message.header { try answer(message, header, topic: topic, from: &loop) }
        } catch {
            complain(error.message, advice: error.advice)
        }
    }

    private func line(_ topic: String, _ home: String, _ message: WireMessage, json: Bool) throws(WireError) -> String {
        guard json else { return MessageText.line(home: home, message) }
        let head = jsonText(
            .table([("topic", .string(topic)), ("home", .string(home)), ("type", .string(message.type))]))
        return head.dropLast() + ",\"message\":" + (try message.json()) + "}"
    }

    private func answer(
        _ message: WireMessage, _ header: WireHeader, topic: String, from loop: inout LinkLoop
    ) throws(WireError) {
        guard let cut = topic.lastIndex(of: "/") else { return }
        let answer = Acknowledgement(
            id: header.id, level: message.needsAcceptance ? .accepted : .received, by: by,
            atMilliseconds: AgentClock.wallMilliseconds())
        // JSON: whoever watches the broker can read along.
        let payload = try WireEncoder.acknowledgement(answer, encoding: .json)
        do throws(LinkFault) {
            try loop.publish(topic: topic[..<cut] + "/acks", payload: payload, tag: nil)
        } catch {
            complain(error.message, advice: error.advice)
        }
    }
}

extension WireMessage {
    /// A call for help ends with `accepted`; everything else is freed by `received`.
    var needsAcceptance: Bool {
        guard case .alert(let alert) = self else { return false }
        return alert.event == .raised && alert.severity != .technical
    }
}

extension BrokerAddress: ExpressibleByArgument {
    var defaultValueDescription: String { "\(usesTLS ? "mqtts" : "mqtt")://\(host):\(port)" }

    static let loopback = BrokerAddress(host: "127.0.0.1", port: 1883, usesTLS: false)

    init?(argument: String) {
        guard case .success(let address) = BrokerAddress.parse(argument) else { return nil }
        self = address
    }
}
