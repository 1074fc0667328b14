import Foundation
import Glibc
import Synchronization

@testable import Drivers

/// A chip of the kernel's gpio-sim, made through configfs and undone with this.
final class SimulatedChip: LineWorld, Sendable {
    private static let root = "/sys/kernel/config/gpio-sim"
    static var canBeMade: Bool { access(root, W_OK) == 0 }

    let lines: [String]
    let missing = "edge-test-missing"
    private let folder: String
    /// The platform device: "gpio-sim.0".
    private let device: String
    /// Where its lines are in sysfs; another place each time the driver is bound.
    private let place: Mutex<String>

    /// The names belong to this chip alone.
    init(_ lines: [String] = ["edge-test-0", "edge-test-1"]) throws {
        let folder = "\(SimulatedChip.root)/edge-\(getpid())-\(lines[0])"
        let files = FileManager.default
        try files.createDirectory(atPath: "\(folder)/bank0", withIntermediateDirectories: true)
        try SimulatedChip.write("\(folder)/bank0/num_lines", "\(lines.count)")
        for (offset, line) in lines.enumerated() {
            try files.createDirectory(atPath: "\(folder)/bank0/line\(offset)", withIntermediateDirectories: true)
            try SimulatedChip.write("\(folder)/bank0/line\(offset)/name", line)
        }
        try SimulatedChip.write("\(folder)/live", "1")
        self.lines = lines
        self.folder = folder
        device = try String(contentsOfFile: "\(folder)/dev_name", encoding: .utf8).trimmed
        place = Mutex(try SimulatedChip.place(of: device))
    }

    deinit {
        try? SimulatedChip.write("\(folder)/live", "0")
        let folders = lines.indices.map { "bank0/line\($0)" } + ["bank0", ""]
        for folder in folders { rmdir("\(self.folder)/\(folder)") }
    }

    func pull(_ line: String, _ level: Bool) {
        try? SimulatedChip.write(pullFile(of: line), level ? "pull-up" : "pull-down")
    }

    /// What a level is written to: "pull-up" or "pull-down".
    func pullFile(of line: String) -> String { file("pull", of: line) }

    func outputLevel(_ line: String) -> Bool? {
        try? String(contentsOfFile: file("value", of: line), encoding: .utf8).trimmed == "1"
    }

    /// Takes the driver away from the chip, as when a USB adapter is pulled out.
    func unbind() throws { try SimulatedChip.write("/sys/bus/platform/drivers/gpio-sim/unbind", device) }

    func bind() throws {
        try SimulatedChip.write("/sys/bus/platform/drivers/gpio-sim/bind", device)
        let found = try SimulatedChip.place(of: device)
        place.withLock { $0 = found }
    }

    var now: BootTime { bootNow() }

    private func file(_ name: String, of line: String) -> String {
        let offset = lines.firstIndex(of: line) ?? lines.count
        return place.withLock { $0 } + "/sim_gpio\(offset)/\(name)"
    }

    private static func place(of device: String) throws -> String {
        let folder = "/sys/devices/platform/\(device)"
        let chip = try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasPrefix("gpiochip") }
        return "\(folder)/\(chip ?? "no chip")"
    }

    /// In one piece: sysfs takes each write as a whole value.
    private static func write(_ path: String, _ text: String) throws {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        defer { close(file) }
        guard file >= 0, Glibc.write(file, text, text.utf8.count) == text.utf8.count else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
