// Which bus an installer's command means, and who may use it: options that `read` and `scan` share.

import ArgumentParser
import Drivers
import Glibc
import LocalRules

struct PortOptions: ParsableArguments {
    @Option(help: "A serial port: /dev/ttyUSB0, better /dev/serial/by-id/….") var port: String?
    @Option(help: "A Modbus TCP gateway or meter: 192.168.1.20:502.") var tcp: String?
    @Option(name: .customLong("rtu-over-tcp"), help: "A transparent serial gateway: 192.168.1.20:4001.")
    var rtuOverTCP: String?
    @OptionGroup var daemon: DaemonOption

    var isGiven: Bool { count > 0 }

    private var count: Int { [port, tcp, rtuOverTCP].count { $0 != nil } }

    /// The one that was named, its line set so.
    func settings(on line: SerialLine) throws -> BusSettings {
        guard count == 1 else { throw ValidationError("Give one of --port, --tcp and --rtu-over-tcp.") }
        if let port {
            return BusSettings(
                name: "",
                transport: .rtu(port: absolute(port), baud: line.baud, parity: line.parity, stopBits: line.stopBits))
        }
        let text = tcp ?? rtuOverTCP ?? ""
        guard let (host, number) = gatewayAddress(text) else {
            throw ValidationError("'\(text)' is no gateway: write an IPv4 address and a port, as in 192.168.1.20:502.")
        }
        return BusSettings(
            name: "", transport: tcp != nil ? .tcp(host: host, port: number) : .rtuOverTCP(host: host, port: number))
    }

    /// The daemon's name for this port, if a daemon runs and has it.
    func daemonsBus(at settings: BusSettings) -> AgentStatus.Bus? {
        PortOptions.daemonsBus(at: settings, socket: daemon.path)
    }

    private static func daemonsBus(at settings: BusSettings, socket: String) -> AgentStatus.Bus? {
        let place = real(settings.place)
        return ControlSocket.status(path: socket)?.buses.first { real($0.port) == place }
    }

    /// A way to open the port ourselves: it is free, or the daemon lends it.
    func access(to settings: BusSettings) -> any BusAccess { PortOptions.access(to: settings, socket: daemon.path) }

    static func access(to settings: BusSettings, socket: String) -> any BusAccess {
        guard let bus = daemonsBus(at: settings, socket: socket) else { return FreeBus(settings) }
        return LentBus(settings, name: bus.name, socket: socket)
    }

    /// "/dev/serial/by-id/usb-…" and "/dev/ttyUSB0" are the same.
    private static func real(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// As a configuration wants it.
private func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
    defer { free(here) }
    return "\(String(cString: here))/\(path)"
}

/// "192.168.1.20:502", "192.168.1.20"
func gatewayAddress(_ text: String) -> (String, Int)? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), isIPv4(parts[0]) else { return nil }
    let port = parts.count == 2 ? portNumber(parts[1]) : ConfigurationDefaults.modbusPort
    return port.map { (String(parts[0]), $0) }
}

/// "0x0156" or "342".
func integer<Number: FixedWidthInteger>(_ text: some StringProtocol) -> Number? {
    text.hasPrefix("0x") ? Number(text.dropFirst(2), radix: 16) : Number(text)
}

extension Array where Element == MeterProfile {
    /// All that are known; what cannot be used is said.
    static func known(boardConfigs: [String]) -> [MeterProfile] {
        let (profiles, issues) = ConfigurationLoader.standard(descriptionFolders: boardConfigs).profiles()
        for issue in issues where issue.isError {
            complain(issue.text(in: .current), advice: issue.advice)
        }
        if profiles.isEmpty {
            complain(
                "no meter profiles are installed, so none can be recognised",
                advice: "name their folder with --board-configs or EDGE_AGENT_BOARD_CONFIGS")
        }
        return profiles
    }
}

/// One message on stderr; with --json an object on stdout, too, so that the program is told as well.
func complain(_ message: String, advice: String, asJSON: Bool) {
    complain(message, advice: advice)
    guard asJSON else { return }
    say(jsonText(.table([("error", .string(message)), ("advice", .string(advice))])) + "\n", to: STDOUT_FILENO)
}

/// Loads a home for a command that only looks at its buses.
func loadConfiguration(_ file: String, boardConfigs: [String], asJSON: Bool) throws(ExitCode) -> HomeConfiguration {
    do {
        return try loadConfiguration(file, boardConfigs: boardConfigs, checksFiles: false)
    } catch {
        let (message, advice) = (
            Message(BusPhrase.configurationUnusable, file), Message(BusPhrase.configurationUnusableAdvice, file)
        )
        if asJSON {
            let entries = [
                ("error", PlainValue.string(message.text(in: .ofEnvironment()))),
                ("advice", .string(advice.text(in: .ofEnvironment()))),
            ]
            say(jsonText(.table(entries)) + "\n", to: STDOUT_FILENO)
        }
        throw error
    }
}

extension BusSettings.Parity: ExpressibleByArgument {}
extension ModbusTable: ExpressibleByArgument {}
extension RegisterType: ExpressibleByArgument {}
extension WordOrder: ExpressibleByArgument {}
