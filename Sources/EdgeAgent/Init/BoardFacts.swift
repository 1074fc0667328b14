// What can be seen of the machine before anything is configured: which board it is, and which serial ports it has.

import Glibc

struct BoardFacts: Hashable, Sendable {
    /// "Raspberry Pi 5 Model B Rev 1.0"; nil: no device tree says.
    var model: String?
    /// The most exact first.
    var compatible: [String] = []
    /// How many GPIO chips the kernel offers.
    var chips = 0
    /// Adapters by their lasting names, or, where udev made none, as the kernel calls them.
    var adapters: [String] = []
    /// All serial ports under /dev, UARTs of the board among them.
    var devices: Set<String> = []
    /// Where the kernel prints its messages: "/dev/ttyAMA0".
    var consoles: Set<String> = []
    /// An IANA name; nil: the system has none but UTC.
    var timezone: String?

    /// - Parameter root: of the machine; a test has one of its own.
    static func of(root: String = "") -> BoardFacts {
        func text(_ path: String) -> String? {
            (try? readSmallFile(root + path)).map { String(decoding: $0.filter { $0 != 0 }, as: UTF8.self) }
        }
        var facts = BoardFacts(model: text("/proc/device-tree/model"))
        let tree = (try? readSmallFile(root + "/proc/device-tree/compatible")) ?? []
        facts.compatible = tree.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        let names = entries(of: root + "/dev")
        facts.chips = names.count { $0.hasPrefix("gpiochip") }
        let ports = names.filter { $0.hasPrefix("tty") && $0.count > 4 && $0 != "ttyprintk" }
        facts.devices = Set(ports.map { "/dev/\($0)" })
        facts.adapters = entries(of: root + "/dev/serial/by-id").map { "/dev/serial/by-id/\($0)" }
        if facts.adapters.isEmpty {
            facts.adapters = ports.filter { $0.hasPrefix("ttyUSB") || $0.hasPrefix("ttyACM") }.map { "/dev/\($0)" }
        }
        let words = (text("/proc/cmdline") ?? "").split { $0 == " " || $0 == "\n" }
        facts.consoles = Set(
            words.filter { $0.hasPrefix("console=tty") }.map { "/dev/" + $0.dropFirst(8).prefix { $0 != "," } })
        facts.timezone = timezone(root, text("/etc/timezone"))
        return facts
    }

    /// What /etc/localtime leads to, or what Debian wrote beside it.
    private static func timezone(_ root: String, _ written: String?) -> String? {
        var target = [CChar](repeating: 0, count: 4096)
        let count = readlink(root + "/etc/localtime", &target, target.count)
        let link = count > 0 ? String(decoding: target.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self) : ""
        var name = String((written ?? "").prefix { $0 != "\n" })
        // ".../zoneinfo/Asia/Shanghai"
        let parts = link.split(separator: "/")
        if let folder = parts.firstIndex(of: "zoneinfo") { name = parts[(folder + 1)...].joined(separator: "/") }
        return ["", "UTC", "Etc/UTC"].contains(name) ? nil : name
    }

    /// A serial port that meters may hang on.
    struct Port: Hashable, Sendable {
        var path: String
        /// The HAT whose transceiver it probably is.
        var hat: String?
    }

    /// Adapters, and the UARTs of the header that are switched on; not where the kernel prints or a HAT has other things.
    func ports(on board: BoardDescription, hats: [HatDescription]) -> [Port] {
        let header = board.serial.filter {
            devices.contains($0.port) && !$0.isConsole && !consoles.contains($0.port)
        }
        return adapters.map { Port(path: $0) }
            + header.compactMap { serial in
                let pins = [serial.transmit, serial.receive].compactMap { board.pins[$0] }
                let others = hats.filter { hat in
                    pins.contains { hat.shares.contains($0) || hat.terminals.values.contains($0) }
                }
                let owner = hats.first { hat in !pins.isEmpty && pins.allSatisfy(hat.takes.contains) }
                return others.isEmpty ? Port(path: serial.port, hat: owner?.name) : nil
            }
    }
}
