// The service as systemd reports it: does it run, will it start with the board, is it watched.

import Drivers
import Glibc

/// The service's properties, as `systemctl show` prints them (org.freedesktop.systemd1(5)).
struct ServiceFacts: Hashable, Sendable {
    private static let unit = "edge-agent.service"
    private static let wanted = "LoadState,ActiveState,UnitFileState,NRestarts,Restart,WatchdogUSec"
    private static let secondsOfSystemd = 10

    var properties: [String: String]

    init(_ text: String) {
        properties = [:]
        for line in text.split(separator: "\n") {
            guard let equals = line.firstIndex(of: "=") else { continue }
            properties[String(line[..<equals])] = String(line[line.index(after: equals)...])
        }
    }

    /// nil: systemd does not run here, or does not answer.
    static func ofSystemd() -> ServiceFacts? {
        // As sd_booted(3) tells.
        guard access("/run/systemd/system", F_OK) == 0 else { return nil }
        return output(of: ["systemctl", "show", unit, "--property=\(wanted)"], seconds: secondsOfSystemd)
            .map { ServiceFacts($0) }
    }

    static func judge(_ facts: ServiceFacts?) -> [CheckResult] {
        guard let facts else {
            return [
                .untested(
                    "service.runs", Message(HubPhrase.noServiceManager),
                    advice: Message(HubPhrase.noServiceManagerAdvice))
            ]
        }
        guard facts["LoadState"] == "loaded" else {
            return [
                .fail(
                    "service.runs", facts["LoadState"], Message(HubPhrase.serviceMissing),
                    advice: Message(HubPhrase.serviceMissingAdvice))
            ]
        }
        return [facts.runs, facts.starts, facts.isWatched]
    }

    private subscript(_ property: String) -> String { properties[property] ?? "" }

    private var runs: CheckResult {
        let (name, state) = ("service.runs", self["ActiveState"])
        guard state == "active" else {
            return .fail(
                name, state, Message(HubPhrase.serviceDown, state), advice: Message(HubPhrase.serviceDownAdvice))
        }
        let restarts = Int(self["NRestarts"]) ?? 0
        guard restarts > 0 else { return .pass(name, state, Message(HubPhrase.serviceRuns)) }
        return .fail(
            name, "\(restarts)", Message(HubPhrase.serviceRestarts, "\(restarts)"),
            advice: Message(HubPhrase.serviceRestartsAdvice))
    }

    private var starts: CheckResult {
        let (name, state) = ("service.starts", self["UnitFileState"])
        return state.hasPrefix("enabled")
            ? .pass(name, state, Message(HubPhrase.serviceEnabled))
            : .fail(
                name, state, Message(HubPhrase.serviceNotEnabled), advice: Message(HubPhrase.serviceNotEnabledAdvice))
    }

    private var isWatched: CheckResult {
        let name = "service.watchdog"
        let measured = "Restart=\(self["Restart"]), WatchdogSec=\(self["WatchdogUSec"])"
        let isOff = ["", "0", "infinity"].contains(self["WatchdogUSec"]) || self["Restart"] != "always"
        return isOff
            ? .fail(name, measured, Message(HubPhrase.watchdogOff), advice: Message(HubPhrase.watchdogOffAdvice))
            : .pass(name, measured, Message(HubPhrase.watchdogOn))
    }
}

/// What a program prints; nil: it is not there, fails, or takes longer. Its errors are not shown.
func output(of command: [String], seconds: Int) -> String? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process = pid_t()
    let failure = posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
    close(ends[1])
    guard failure == 0 else { return nil }
    var text: [UInt8] = []
    let isWhole = readAll(ends[0], into: &text, until: AgentClock.boot().advanced(milliseconds: Int64(seconds) * 1000))
    if !isWhole { kill(process, SIGKILL) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return isWhole && status == 0 ? String(decoding: text, as: UTF8.self) : nil
}

/// false: the time was over before the end.
private func readAll(_ descriptor: Int32, into text: inout [UInt8], until end: BootTime) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
        let rest = BootTime.milliseconds(from: AgentClock.boot(), to: end)
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let ready = poll(&watched, 1, Int32(clamping: max(0, rest)))
        if ready < 0, errno == EINTR { continue }
        guard ready > 0 else { return false }
        let count = read(descriptor, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return count == 0 }
        text += chunk.prefix(count)
    }
}
