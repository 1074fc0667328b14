// What this home and this machine keep to themselves: gathered so that it can be taken out of what goes to support.

import Drivers
import Glibc
import Upstream

enum SupportSecrets {
    /// Keys of a configuration whose values say who, where, or how to get in.
    private static let keys: Set<String> = [
        "broker", "user", "topic-prefix", "ca-file", "certificate-file", "key-file", "password-file", "command-key",
    ]

    /// A home by a name that only whoever knows its id can make.
    static func alias(ofHome id: String) -> String { "home-" + (sha256(Array(id.utf8)) ?? "").prefix(12) }

    /// All that must not be seen → what stands there instead.
    /// - Parameter root: in place of "/", for tests.
    static func gathered(_ findings: DoctorFindings, root: String = "") -> [String: String] {
        var secrets = ofMachine(root: root)
        // Of a home whose configuration cannot be read the daemon still says the id.
        if let id = findings.status?.home, !id.isEmpty { secrets.merge(of(homeID: id)) { $1 } }
        if let home = findings.home { secrets.merge(of(home)) { $1 } }
        return secrets
    }

    private static func of(homeID id: String) -> [String: String] {
        let name = alias(ofHome: id)
        return [id: name, "edge-\(id)": "edge-\(name)", "edge-\(id)-self-test": "edge-\(name)-self-test"]
    }

    /// Of the configuration: what must not be seen → what stands there instead.
    private static func of(_ home: HomeConfiguration) -> [String: String] {
        var secrets: [String: String] = [:]
        for upstream in [home.upstream, home.fallback].compactMap({ $0 }) {
            for file in [upstream.passwordFile, upstream.keyFile, upstream.commandKeyFile].compactMap({ $0 }) {
                for line in lines(file) where line.utf8.count >= 3 { secrets[line] = Scrubber.mark }
            }
            let words = [
                upstream.host, upstream.user, upstream.caFile, upstream.certificateFile, upstream.keyFile,
                upstream.passwordFile, upstream.commandKeyFile,
            ]
            for word in words.compactMap({ $0 }) {
                secrets[word] = Scrubber.mark
                // A file's name says as much where its folder is not told.
                if let name = word.split(separator: "/").last { secrets[String(name)] = Scrubber.mark }
            }
            if upstream.topicPrefix != "homes" { secrets[upstream.topicPrefix] = Scrubber.mark }
        }
        for bus in home.buses {
            switch bus.settings.transport {
            case .tcp(let host, _), .rtuOverTCP(let host, _): secrets[host] = Scrubber.mark
            case .rtu: break
            }
        }
        return secrets.merging(of(homeID: home.homeID)) { $1 }
    }

    /// Of the machine: its name, its users, its numbers, its networks.
    private static func ofMachine(root: String) -> [String: String] {
        var words = [
            "/etc/hostname", "/proc/sys/kernel/hostname", "/etc/machine-id", "/proc/device-tree/serial-number",
            "/proc/sys/kernel/random/boot_id",
        ].flatMap { lines(root + $0) }
        words += lines(root + "/proc/cpuinfo").filter { $0.hasPrefix("Serial") }
            .compactMap { $0.split(separator: ":").last.map { String($0.drop { $0 == " " }) } }
        words += entries(of: root + "/sys/class/net")
            .flatMap { lines("\(root)/sys/class/net/\($0)/address") }.filter { $0 != "00:00:00:00:00:00" }
        words += entries(of: root + "/home")
        // Networks' names are in names of files, and in what wpa_supplicant reads.
        words += entries(of: root + "/etc/NetworkManager/system-connections").map { String($0.prefix { $0 != "." }) }
        for file in ["/etc/wpa_supplicant/wpa_supplicant.conf", "/etc/wpa_supplicant/wpa_supplicant-wlan0.conf"] {
            words += lines(root + file).compactMap { line in
                let parts = line.split(separator: "=", maxSplits: 1)
                guard parts.count == 2, parts[0].hasSuffix("ssid") || parts[0].hasSuffix("psk") else { return nil }
                return String(parts[1].drop { $0 == "\"" }.prefix { $0 != "\"" })
            }
        }
        // Serial adapters carry theirs in their lasting names; the model before it helps support.
        words += entries(of: root + "/dev/serial/by-id").flatMap { name in
            // "usb-FTDI_FT232R_USB_UART_A9XYZ-if00-port0"
            let parts = name.split(separator: "_")
            return [name, parts.count > 1 ? String(parts[parts.count - 1].prefix { $0 != "-" }) : ""]
        }
        return Dictionary(words.map { ($0, Scrubber.mark) }, uniquingKeysWith: { first, _ in first })
    }

    /// A configuration as support may see it: every value that says who or where is left out, the rest stays.
    static func withoutThem(_ value: PlainValue) -> PlainValue {
        switch value {
        case .table(let entries):
            .table(entries.map { ($0.key, keys.contains($0.key) ? .string(Scrubber.mark) : withoutThem($0.value)) })
        case .list(let elements): .list(elements.map(withoutThem))
        default: value
        }
    }

    private static func lines(_ path: String) -> [String] {
        guard let bytes = try? readSmallFile(path) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split { $0 == "\n" || $0 == "\0" || $0 == "\r" }
            .map { String($0.drop { $0 == " " || $0 == "\t" }) }
    }
}
