// `edge-agent listen`: decodes what hubs send, for whoever builds the cloud, and can answer in its place.

import ArgumentParser
import Glibc
import LocalRules
import Synchronization
import Upstream

/// Somebody pressed Ctrl-C: the cursor comes back.
private let isInterrupted = Atomic(false)

struct ListenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Decode what hubs send; answer with acknowledgements if asked to.",
        discussion: """
            One line a message; with --json one object with topic, home, type and message (protobuf JSON). With \
            --acknowledge every reading and event is answered with `received` and every alarm with `accepted`, so \
            that the loop is closed without any other program.

            --table shows every hub with its last heartbeat and its state instead, the worst first: overdue, unreachable, \
            stopped, waiting, alive. Where no terminal is, it prints a line whenever a state changes; with --json an \
            object with home, before and state.
            """)

    @Option(help: "mqtt://host:1883 or mqtts://host:8883.") var broker: BrokerAddress = .loopback
    @Flag(help: "One JSON object a line.") var json = false
    @Flag(help: "A live table of hubs; elsewhere than on a terminal, a line for each change of state.") var table =
        false
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
        var screen = table ? HubScreen(json: json) : nil
        let answers = Answers(isOn: acknowledge, by: by, json: json, isQuiet: table)
        var lastFault: LinkFault?
        while !isInterrupted.load(ordering: .relaxed) {
            for event in loop.turn(extra: nil, longestMilliseconds: 1000) {
                switch event {
                case .message(let topic, let payload):
                    if let (home, message) = answers.take(topic, payload, from: &loop) {
                        screen?.take(message, of: home)
                    }
                case .connected:
                    lastFault = nil
                    screen?.link(isUp: true)
                    tell("listening to \(broker.host):\(broker.port), \(topicPrefix)/#", on: &screen)
                case .refused(let fault), .disconnected(let fault), .warning(let fault):
                    if !loop.isConnected { screen?.link(isUp: false) }
                    // Once, not at each attempt.
                    if fault != lastFault { tell(fault.message, advice: fault.advice, on: &screen) }
                    lastFault = fault
                case .oversized(let topic, let bytes):
                    let fault = LinkFault.oversized(topic: topic, bytes: bytes)
                    complain(fault.message, advice: fault.advice)
                case .published, .unheard: break
                }
            }
            screen?.show()
        }
        screen?.end()
    }

    /// On stderr; on a live screen, which would hide it a second later, above the table.
    private func tell(_ message: String, advice: String? = nil, on screen: inout HubScreen?) {
        if screen?.isLive == true { screen?.note = message } else { complain(message, advice: advice) }
    }
}

/// The table on a terminal, redrawn each second; elsewhere its changes.
private struct HubScreen {
    let json: Bool
    let isLive: Bool
    /// How the connection is.
    var note = "connecting"
    private var table = HubTable()
    private var shownAt: Int64 = 0

    init(json: Bool) {
        self.json = json
        isLive = !json && Terminal.isInteractive
        guard isLive else { return }
        for end in [SIGINT, SIGTERM, SIGHUP] { signal(end) { _ in isInterrupted.store(true, ordering: .relaxed) } }
        say("\u{1B}[?25l\u{1B}[2J", to: STDOUT_FILENO)
    }

    mutating func take(_ message: WireMessage, of home: String) { table.take(message, of: home, at: LinkLoop.now()) }
    mutating func link(isUp: Bool) { table.link(isUp: isUp, at: LinkLoop.now()) }

    mutating func show() {
        let now = LinkLoop.now()
        // A fleet sends hundreds of messages a second; a person looks once.
        guard now - shownAt >= 1000 else { return }
        shownAt = now
        let picture = HubPicture(usesColour: Terminal.usesColour, width: Terminal.width, height: Terminal.height)
        if isLive {
            let text = picture.lines(table, title: note, at: now).joined(separator: "\u{1B}[K\n")
            say("\u{1B}[H" + text + "\u{1B}[K\n\u{1B}[J", to: STDOUT_FILENO)
            return
        }
        for change in table.changes(at: now) {
            let object = jsonText(
                .table([
                    ("home", .string(change.home)), ("before", .string(change.before?.rawValue ?? "")),
                    ("state", .string(change.state.rawValue)),
                ]))
            say((json ? object : picture.line(change)) + "\n", to: STDOUT_FILENO)
        }
    }

    func end() { if isLive { say("\u{1B}[?25h", to: STDOUT_FILENO) } }
}

/// Decodes, prints, and answers.
private struct Answers {
    let isOn: Bool
    let by: String
    let json: Bool
    /// Something else shows what comes.
    let isQuiet: Bool

    /// nil: it was no message of the contract, and that has been said.
    func take(_ topic: String, _ payload: [UInt8], from loop: inout LinkLoop) -> (home: String, message: WireMessage)? {
        do throws(WireError) {
            let (home, message) = try WireDecoder.decode(topic: topic, payload: payload)
            if !isQuiet { say(try line(topic, home, message) + "\n", to: STDOUT_FILENO) }
            if isOn, let header = message.header { try answer(message, header, topic: topic, from: &loop) }
            return (home, message)
        } catch {
            complain(error.message, advice: error.advice)
            return nil
        }
    }

    private func line(_ topic: String, _ home: String, _ message: WireMessage) throws(WireError) -> String {
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
    /// A call for help ends with `accepted`, also where an alert became worse and calls again; everything else is freed by
    /// `received`, and by more.
    var needsAcceptance: Bool {
        guard case .alert(let alert) = self else { return false }
        return (alert.event == .raised || alert.event == .escalated) && alert.severity != .technical
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
