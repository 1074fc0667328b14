// A bus's port: is it there, whose is it, does it open, is it quiet.

import Drivers
import Glibc

/// What is wrong with a port, before anybody is asked over it.
struct PortFacts: Sendable {
    /// nil: nothing; it opens, or the daemon has it open.
    var problem: CheckResult?
}

struct PortCheck: Sendable {
    /// More than a late answer or two.
    private static let noiseBytes: Int64 = 64
    /// Nobody is asked for anything real: an answer, or none, says the same about the port.
    private static let probeMilliseconds = 100

    let settings: BusSettings
    /// The daemon's bus; nil: no daemon runs, or it does not know this bus.
    let daemon: AgentStatus.Bus?

    private var name: String { "port.\(settings.name).open" }

    /// Looks at the device, and without a daemon opens it as the daemon would.
    func probe() -> PortFacts {
        if daemon?.isLent == true {
            return PortFacts(
                problem: .untested(
                    name, Message(DevicePhrase.portLent, settings.place), advice: Message(DevicePhrase.portLentAdvice)))
        }
        if case .rtu(let path, _, _, _) = settings.transport, let problem = problem(ofDevice: path) {
            return PortFacts(problem: problem)
        }
        // A question to the first unit: opening is all that counts, and over the daemon it is the daemon who opens.
        guard daemon == nil else { return PortFacts() }
        let reader = DirectReader(settings: settings, port: StreamPort(settings: settings))
        let question = ModbusQuestion(unit: 1, table: .holding, address: 0, count: 1)
        let reply = reader.read(question, timeoutMilliseconds: PortCheck.probeMilliseconds).reply
        guard case .failure(let error) = reply, error.kind == .cannotOpen else { return PortFacts() }
        return PortFacts(problem: failure(error.message))
    }

    func failure(_ message: String) -> CheckResult {
        if case .rtu(let path, _, _, _) = settings.transport {
            return .fail(
                name, Message(DevicePhrase.portFailed, path, message), advice: Message(DevicePhrase.portFailedAdvice))
        }
        return .fail(
            name, Message(DevicePhrase.gatewayFailed, settings.place, message),
            advice: Message(DevicePhrase.gatewayFailedAdvice))
    }

    func judge(_ facts: PortFacts) -> [CheckResult] {
        if let problem = facts.problem { return [problem] }
        let line = settings.line?.words
        guard let daemon else { return [.pass(name, line, Message(DevicePhrase.portOpens, settings.place))] }
        let measured = "\(daemon.strayBytes) B, echo \(daemon.hasEcho ? 1 : 0)"
        let quiet = "port.\(settings.name).quiet"
        return [
            .pass(name, line, Message(DevicePhrase.portOfDaemon, settings.place)),
            daemon.strayBytes <= PortCheck.noiseBytes
                ? .pass(quiet, measured, Message(DevicePhrase.portQuiet))
                : .fail(
                    quiet, measured, Message(DevicePhrase.portNoisy, "\(daemon.strayBytes)"),
                    advice: Message(DevicePhrase.portNoisyAdvice)),
        ]
    }

    // MARK: The device

    private func problem(ofDevice path: String) -> CheckResult? {
        let descriptor = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { return problem(ofDevice: path, errno: errno) }
        defer { close(descriptor) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
            flock(descriptor, LOCK_UN)
        } else if daemon == nil {
            return problem(ofDevice: path, errno: EBUSY)
        }
        // Who only opens it, without a lock, takes bytes away, too. Beside the daemon nobody else may have it; who
        // made a pseudo-terminal always does.
        let strangers = PortOwners.of(path).filter { (daemon == nil || !$0.isAgent) && !PortOwners.isPseudo(path) }
        return strangers.isEmpty ? nil : busy(path, strangers.map(\.text).joined(separator: ", "))
    }

    func problem(ofDevice path: String, errno: Int32) -> CheckResult? {
        switch errno {
        case ENOENT, ENXIO, ENODEV:
            let there = serialPorts()
            return .fail(
                name, Message(DevicePhrase.portMissing, path),
                advice: there.isEmpty
                    ? Message(DevicePhrase.portMissingNoneAdvice)
                    : Message(DevicePhrase.portMissingAdvice, there.joined(separator: ", ")))
        case EACCES, EPERM:
            return .fail(
                name, Message(DevicePhrase.portDenied, path), advice: Message(DevicePhrase.portDeniedAdvice))
        // TIOCEXCL: the daemon's own port looks so to whoever is not root.
        case EBUSY where daemon != nil: return nil
        case EBUSY:
            let owners = PortOwners.of(path).map(\.text)
            guard owners.isEmpty else { return busy(path, owners.joined(separator: ", ")) }
            return .fail(
                name, Message(DevicePhrase.portBusyUnknown, path),
                advice: Message(DevicePhrase.portBusyUnknownAdvice, path))
        default: return failure(String(cString: strerror(errno)))
        }
    }

    private func busy(_ path: String, _ owner: String) -> CheckResult {
        .fail(
            name, owner, Message(DevicePhrase.portBusy, path, owner),
            advice: Message(DevicePhrase.portBusyAdvice, owner))
    }
}

/// A process that has a device open, as far as /proc lets us see.
struct PortOwners: Hashable, Sendable {
    var process: Int32
    var program: String

    /// "socat (1234)"
    var text: String { "\(program) (\(process))" }
    /// The kernel keeps 15 bytes of a name: "edge-agent.stri".
    var isAgent: Bool { program.hasPrefix("edge-agent") }

    static func of(_ path: String) -> [PortOwners] {
        guard let device = realpath(path, nil) else { return [] }
        defer { free(device) }
        let wanted = String(cString: device)
        return entries(of: "/proc").compactMap { Int32($0) }.filter { $0 != getpid() }.compactMap { process in
            let folder = "/proc/\(process)/fd"
            guard entries(of: folder).contains(where: { link("\(folder)/\($0)") == wanted }) else { return nil }
            let name = WallClock.firstLine(of: "/proc/\(process)/comm") ?? "?"
            return PortOwners(process: process, program: name)
        }
    }

    /// "/dev/pts/3", and what leads there.
    static func isPseudo(_ path: String) -> Bool {
        guard let device = realpath(path, nil) else { return false }
        defer { free(device) }
        return String(cString: device).hasPrefix("/dev/pts/")
    }

    private static func link(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: 4096)
        let count = readlink(path, &target, target.count)
        guard count > 0 else { return nil }
        return String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}

/// Serial adapters by their lasting names.
func serialPorts() -> [String] { entries(of: "/dev/serial/by-id").map { "/dev/serial/by-id/\($0)" } }
