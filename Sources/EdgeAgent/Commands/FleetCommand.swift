// `edge-agent fleet`: many light hubs in one process, for whoever builds the other side and wants to see it under load.

import ArgumentParser
import Glibc
import Synchronization
import Upstream

/// Somebody pressed Ctrl-C: what was measured so far is printed.
private let isInterrupted = Atomic(false)

struct FleetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "Load-test a broker and what is behind it with many simulated hubs.",
        discussion: """
            Every hub is the real link, courier and encoder with an outbox in memory and a simulated home. Phases: \
            connects, steady, then with --restart a restart of the broker and with --power-cut a power cut of the whole \
            town. Alarms must be accepted by somebody: by this program with --accept, by `edge-agent listen \
            --acknowledge`, or by the system under test. Exit code 1: a limit was exceeded after the broker's restart \
            (5 % of at least 1,000 hubs reconnected within a second, or alarms accepted with p99 above 5 s), or not \
            everything came back. Exit code 3: the same, but the machine was too busy to tell.
            """)

    @Option(help: "How many hubs.") var homes: Int
    @Option(help: "mqtt://host:1883 or mqtts://host:8883; an address is quicker than a name.")
    var broker: BrokerAddress = .loopback
    @Option(help: "The hubs' topic prefix.") var topicPrefix = "fleet"
    @Option(help: "Seconds over which hubs connect at first (default: 40 hubs a second).") var spread: Int64?
    @Option(help: "Seconds of the steady phase.") var duration: Int64 = 60
    @Option(help: "Homes live so many times as fast in what they report.") var speed: Int64 = 10
    @Option(help: "Percent of the hubs that raise an alarm in each phase.") var alarms = 5
    @Flag(help: "Accept alarms and confirm everything else, from this program.") var accept = false
    @Option(help: "A shell command that kills the broker and starts it again.") var restart: String?
    @Flag(help: "All hubs lose their power and come back.") var powerCut = false
    @Option(help: "The same seed gives the same homes.") var seed: UInt64 = 1
    @Flag(help: "One JSON object.") var json = false
    @Option(help: "PEM file of the authority that signed the broker's certificate.") var caFile: String?
    @Option(help: "PEM file of a client certificate, for all hubs.") var certificateFile: String?
    @Option(help: "PEM file of its key.") var keyFile: String?
    @Option(help: "User name, for all hubs.") var user: String?
    @Option(help: "File with the password.") var passwordFile: String?

    func validate() throws {
        guard (1...20_000).contains(homes) else { throw ValidationError("--homes \(homes): 1 to 20,000.") }
        guard (1...3600).contains(duration) else { throw ValidationError("--duration \(duration): 1 to 3600 seconds.") }
        guard (1...1000).contains(speed) else { throw ValidationError("--speed \(speed): 1 to 1000.") }
        guard (0...100).contains(alarms) else { throw ValidationError("--alarms \(alarms): 0 to 100 percent.") }
        if let spread, !(0...3600).contains(spread) { throw ValidationError("--spread \(spread): 0 to 3600 seconds.") }
        guard (certificateFile == nil) == (keyFile == nil) else {
            throw ValidationError("--certificate-file and --key-file go together.")
        }
    }

    func run() throws {
        for end in [SIGINT, SIGTERM] { signal(end) { _ in isInterrupted.store(true, ordering: .relaxed) } }
        try raiseDescriptorLimit()
        var options = FleetOptions(
            hubs: homes, broker: broker, topicPrefix: topicPrefix, caFile: caFile, certificateFile: certificateFile,
            keyFile: keyFile, user: user, passwordFile: passwordFile, spreadSeconds: spread ?? Int64(homes / 40),
            steadySeconds: duration, speed: speed, alarmsPercent: alarms, accepts: accept,
            cutsPower: powerCut, seed: seed)
        if let restart { options.restart = { _ = system(restart) } }
        let report = FleetRun(options) { isInterrupted.load(ordering: .relaxed) }.run()
        say(json ? jsonText(report.json) + "\n" : report.text, to: STDOUT_FILENO)
        for complaint in report.complaints { complain(complaint) }
        if !report.complaints.isEmpty, let disturbance = report.disturbance {
            complain(disturbance, advice: "run it again on a machine with nothing else to do, or take fewer hubs")
            throw Exit.incomplete
        }
        if !report.complaints.isEmpty { throw Exit.wrong }
        if isInterrupted.load(ordering: .relaxed) { throw Exit.incomplete }
    }

    /// libmosquitto takes three descriptors a client: a socket and a pair to wake itself.
    private func raiseDescriptorLimit() throws {
        let needed = rlim_t(3 * homes + 64)
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < needed else {
            return
        }
        limit.rlim_cur = min(needed, limit.rlim_max)
        guard limit.rlim_cur == needed, setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            complain(
                "\(homes) hubs need \(needed) file descriptors, and this process may have \(limit.rlim_max)",
                advice:
                    "raise the limit (`ulimit -Hn`, as root), or take fewer hubs; the broker needs one for each, too")
            throw Exit.couldNotRun
        }
    }
}
