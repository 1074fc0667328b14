import Foundation
import Glibc

@testable import Drivers

/// A chip of the kernel's gpio-sim, made through configfs and undone with this.
final class SimulatedChip: LineWorld {
    private static let root = "/sys/kernel/config/gpio-sim"
    static var canBeMade: Bool { access(root, W_OK) == 0 }

    let lines = ["edge-test-0", "edge-test-1"]
    let missing = "edge-test-9"
    private let folder: String
    private let device: String

    init() throws {
        let folder = "\(SimulatedChip.root)/edge-\(getpid())"
        let files = FileManager.default
        try files.createDirectory(atPath: "\(folder)/bank0", withIntermediateDirectories: true)
        try SimulatedChip.write("\(folder)/bank0/num_lines", "2")
        for (offset, line) in lines.enumerated() {
            try files.createDirectory(atPath: "\(folder)/bank0/line\(offset)", withIntermediateDirectories: true)
            try SimulatedChip.write("\(folder)/bank0/line\(offset)/name", line)
        }
        try SimulatedChip.write("\(folder)/live", "1")
        let name = try String(contentsOfFile: "\(folder)/dev_name", encoding: .utf8)
        let chip = try String(contentsOfFile: "\(folder)/bank0/chip_name", encoding: .utf8)
        self.folder = folder
        device = "/sys/devices/platform/\(name.trimmed)/\(chip.trimmed)"
    }

    deinit {
        try? SimulatedChip.write("\(folder)/live", "0")
        for folder in ["bank0/line0", "bank0/line1", "bank0", ""] { rmdir("\(self.folder)/\(folder)") }
    }

    func pull(_ line: String, _ level: Bool) {
        guard let offset = lines.firstIndex(of: line) else { return }
        try? SimulatedChip.write("\(device)/sim_gpio\(offset)/pull", level ? "pull-up" : "pull-down")
    }

    func outputLevel(_ line: String) -> Bool? {
        guard let offset = lines.firstIndex(of: line) else { return nil }
        return try? String(contentsOfFile: "\(device)/sim_gpio\(offset)/value", encoding: .utf8).trimmed == "1"
    }

    var now: BootTime { bootNow() }

    private static func write(_ path: String, _ text: String) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
