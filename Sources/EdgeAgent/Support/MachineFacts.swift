// What the board itself can say of its own health: power, heat, card, memory, network. Only looks; asks nothing of a device.

import Glibc
import Upstream

/// The machine as it is now. `look` fills it in, `judge` makes results of it.
struct MachineFacts: Hashable, Sendable {
    /// "Raspberry Pi 4 Model B Rev 1.4"
    var model: String?
    var kernel = ""
    /// "Debian GNU/Linux 13 (trixie)"
    var system = ""
    var uptimeSeconds: Int64?
    /// The supply's voltage is too low at this moment, or was since the start; nil: this board does not say.
    var isUndervolted: Bool?
    var wasUndervolted = false
    /// Slowed down because it is hot, now.
    var isThrottled = false
    /// Of the processor, thousandths of a degree.
    var temperature: Int?
    /// Where the state lies, in MB.
    var freeMegabytes: UInt64?
    /// Errors that the file systems have counted, since they were made.
    var fileSystemErrors: Int64 = 0
    /// What the kernel has said about disks since the start, the last lines.
    var diskErrors: [String] = []
    /// Processes that the kernel has ended for want of memory since the start.
    var outOfMemory: Int64 = 0
    var availableMegabytes: Int64?
    /// A cable or a radio is connected; nil: it cannot be told.
    var hasNetwork: Bool?

    private static let hotThousandths = 80_000
    private static let leastMegabytes: UInt64 = 200
    private static let leastMemoryMegabytes: Int64 = 32
    private static let mostLines = 5
}

// MARK: - Looking

extension MachineFacts {
    /// - Parameters:
    ///   - root: in place of "/", for tests.
    ///   - log: the kernel's, as far as whoever runs this may read it.
    static func look(root: String = "", stateDirectory: String, log: String) -> MachineFacts {
        var facts = MachineFacts()
        facts.model = word(root + "/proc/device-tree/model")
        facts.kernel = word(root + "/proc/sys/kernel/osrelease") ?? ""
        facts.system = value("PRETTY_NAME", of: root + "/etc/os-release", "=") ?? ""
        facts.uptimeSeconds = word(root + "/proc/uptime").flatMap { Int64($0.prefix { $0 != "." }) }
        facts.temperature = word(root + "/sys/class/thermal/thermal_zone0/temp").flatMap { Int($0) }
        facts.lookAtPower(root)
        facts.readLog(log)
        facts.fileSystemErrors = entries(of: root + "/sys/fs/ext4")
            .compactMap { word("\(root)/sys/fs/ext4/\($0)/errors_count").flatMap { Int64($0) } }.reduce(0, +)
        facts.outOfMemory = value("oom_kill", of: root + "/proc/vmstat", " ").flatMap { Int64($0) } ?? 0
        facts.availableMegabytes = value("MemAvailable", of: root + "/proc/meminfo", ":")
            .flatMap { Int64($0.prefix { $0.isNumber }) }.map { $0 / 1024 }
        let interfaces = entries(of: root + "/sys/class/net").filter { $0 != "lo" }
            .map { word("\(root)/sys/class/net/\($0)/operstate") }
        // A point-to-point interface says "unknown" while it works.
        facts.hasNetwork = interfaces.isEmpty ? nil : interfaces.contains { $0 == "up" || $0 == "unknown" }
        var space = statvfs()
        if statvfs(stateDirectory, &space) == 0 {
            facts.freeMegabytes = (UInt64(space.f_bavail) * UInt64(space.f_frsize)) >> 20
        }
        return facts
    }

    /// Raspberry Pi OS has the firmware's bits in a file (under-voltage 0, throttled 2, hot 3; 16 and up: since the start); the
    /// kernel's own driver has the first as an alarm of a voltage (Documentation/hwmon/raspberrypi-hwmon.rst).
    private mutating func lookAtPower(_ root: String) {
        let platform = root + "/sys/devices/platform"
        for soc in entries(of: platform) where soc.hasPrefix("soc") {
            for device in entries(of: "\(platform)/\(soc)") where device.hasSuffix(":firmware") {
                guard let text = Self.word("\(platform)/\(soc)/\(device)/get_throttled"),
                    let bits = UInt32(text.hasPrefix("0x") ? text.dropFirst(2) : text[...], radix: 16)
                else { continue }
                isUndervolted = bits & 1 != 0
                wasUndervolted = bits & 1 << 16 != 0
                isThrottled = bits & 0b1100 != 0
            }
        }
        for monitor in entries(of: root + "/sys/class/hwmon") {
            let folder = "\(root)/sys/class/hwmon/\(monitor)"
            guard Self.word(folder + "/name") == "rpi_volt", let alarm = Self.word(folder + "/in0_lcrit_alarm") else {
                continue
            }
            isUndervolted = (isUndervolted ?? false) || alarm == "1"
        }
    }

    private mutating func readLog(_ log: String) {
        let marks = ["I/O error, dev mmcblk", "I/O error, dev sd", "EXT4-fs error", "Card stuck", "card removed"]
        for line in log.split(separator: "\n") {
            if line.contains("ndervoltage detected") || line.contains("nder-voltage detected") { wasUndervolted = true }
            let isOfCard = line.contains("mmc") && line.contains("error")
            if isOfCard || marks.contains(where: { line.contains($0) }) { diskErrors.append(String(line)) }
        }
        diskErrors = diskErrors.suffix(MachineFacts.mostLines)
    }

    /// The kernel's log since the start; empty where it may not be read.
    static func kernelLog() -> String {
        output(of: ["journalctl", "-k", "-b", "-q", "--no-pager", "-o", "cat", "-n", "3000"], seconds: 5)
            ?? output(of: ["dmesg"], seconds: 5) ?? ""
    }

    /// The first line of a file; device trees end theirs with a zero.
    private static func word(_ path: String) -> String? {
        lines(path).first.map { String($0.prefix { $0 != "\0" }) }
    }

    /// "oom_kill 3", "MemAvailable:   12 kB", "PRETTY_NAME="Debian""
    private static func value(_ key: String, of path: String, _ separator: Character) -> String? {
        let line = lines(path).first { $0.hasPrefix(key) && $0.dropFirst(key.count).first == separator }
        let text = line?.dropFirst(key.count + 1).drop { $0 == " " || $0 == "\"" }
        return text.map { String($0.prefix { $0 != "\"" }) }
    }

    private static func lines(_ path: String) -> [Substring] {
        guard let bytes = try? readSmallFile(path) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    }
}

// MARK: - Judging

extension MachineFacts {
    func judge() -> [CheckResult] {
        var results: [CheckResult] = []
        func take(
            _ name: String, _ measured: String?, _ fault: SupportPhrase?, _ advice: SupportPhrase, _ good: SupportPhrase
        ) {
            let name = "machine." + name
            if let fault {
                results.append(.fail(name, measured, Message(fault, measured ?? ""), advice: Message(advice)))
            } else {
                results.append(.pass(name, measured, Message(good)))
            }
        }
        if isUndervolted != nil || wasUndervolted {
            let fault: SupportPhrase? = isUndervolted == true ? .powerLow : wasUndervolted ? .powerWasLow : nil
            take("power", nil, fault, .powerAdvice, .powerGood)
        }
        if let temperature {
            let isHot = isThrottled || temperature >= Self.hotThousandths
            take("heat", "\(temperature / 1000) °C", isHot ? .heatHigh : nil, .heatAdvice, .heatGood)
        }
        let errors = max(fileSystemErrors, Int64(diskErrors.count))
        take("disk", errors > 0 ? "\(errors)" : nil, errors > 0 ? .diskErrors : nil, .diskAdvice, .diskGood)
        if let freeMegabytes {
            let isLow = freeMegabytes < Self.leastMegabytes
            take("space", "\(freeMegabytes) MB", isLow ? .spaceLow : nil, .spaceAdvice, .spaceGood)
        }
        let isShort = outOfMemory > 0 || (availableMegabytes ?? .max) < Self.leastMemoryMegabytes
        take("memory", availableMegabytes.map { "\($0) MB" }, isShort ? .memoryShort : nil, .memoryAdvice, .memoryGood)
        if let hasNetwork { take("network", nil, hasNetwork ? nil : .networkAway, .networkAdvice, .networkGood) }
        return results
    }

    /// For the bundle.
    var plain: PlainValue {
        var entries: PlainEntries = [
            ("system", .string(system)), ("kernel", .string(kernel)),
            ("fileSystemErrors", .integer(fileSystemErrors)), ("outOfMemory", .integer(outOfMemory)),
            ("wasUndervolted", .boolean(wasUndervolted)), ("diskErrors", .list(diskErrors.map(PlainValue.string))),
        ]
        if let model { entries.append(("model", .string(model))) }
        if let uptimeSeconds { entries.append(("uptimeSeconds", .integer(uptimeSeconds))) }
        if let isUndervolted { entries.append(("isUndervolted", .boolean(isUndervolted))) }
        if let temperature { entries.append(("temperature", .integer(Int64(temperature)))) }
        if let freeMegabytes { entries.append(("freeMegabytes", .integer(Int64(clamping: freeMegabytes)))) }
        if let availableMegabytes { entries.append(("availableMegabytes", .integer(availableMegabytes))) }
        if let hasNetwork { entries.append(("hasNetwork", .boolean(hasNetwork))) }
        return .table(entries)
    }
}
