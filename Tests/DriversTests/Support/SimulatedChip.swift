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
        try SimulatedChip.make(folder)
        try SimulatedChip.make("\(folder)/bank0")
        try SimulatedChip.write("\(folder)/bank0/num_lines", "\(lines.count)")
        for (offset, line) in lines.enumerated() {
            try SimulatedChip.make("\(folder)/bank0/line\(offset)")
            try SimulatedChip.write("\(folder)/bank0/line\(offset)/name", line)
        }
        try SimulatedChip.write("\(folder)/live", "1")
        self.lines = lines
        self.folder = folder
        device = try SimulatedChip.read("\(folder)/dev_name")
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
        try? SimulatedChip.read(file("value", of: line)) == "1"
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
        let pattern = "/sys/devices/platform/\(device)/gpiochip*"
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(pattern, 0, nil, &found) == 0, let chip = found.gl_pathv[0] else { throw Failure(pattern, ENOENT) }
        return String(cString: chip)
    }

    private static func make(_ folder: String) throws {
        guard mkdir(folder, 0o755) == 0 else { throw Failure(folder, errno) }
    }

    /// The one line that an attribute has.
    private static func read(_ path: String) throws -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Failure(path, errno) }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count >= 0 else { throw Failure(path, errno) }
        return String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// In one piece: sysfs takes each write as a whole value.
    private static func write(_ path: String, _ text: String) throws {
        let file = open(path, O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { throw Failure(path, errno) }
        defer { close(file) }
        guard Glibc.write(file, text, text.utf8.count) == text.utf8.count else { throw Failure(path, errno) }
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
        init(_ path: String, _ errno: Int32) { description = "\(path): \(errnoText(errno))" }
    }
}
