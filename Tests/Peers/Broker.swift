// A real mosquitto for tests: its own port on loopback, its own folder, ended by its own process id.

import Foundation

/// What a peer of a test could not do.
package struct PeerError: Error {
    package var message: String
    package init(message: String) { self.message = message }
}

/// A folder that goes away with its owner.
package final class ScratchFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array((FileManager.default.temporaryDirectory.path + "/edge-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw PeerError(message: "no temporary folder") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file, and makes the folders above it.
    package func write(_ text: String, to file: String) throws {
        let place = URL(fileURLWithPath: path).appendingPathComponent(file)
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: place, atomically: true, encoding: .utf8)
    }

    package var files: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
}

package final class Broker {
    package static let program = "/usr/sbin/mosquitto"
    package static var isThere: Bool { FileManager.default.isExecutableFile(atPath: program) }

    package let port: Int
    private let folder: ScratchFolder
    private let configuration: String
    /// Bound and never listening: nobody else is given the port while the broker is down.
    private let reservation: Int32
    private var process: Process?

    /// Starts it and waits until it accepts connections.
    /// - Parameter lines: configuration beside listener and log.
    package init(in folder: ScratchFolder, lines: [String] = []) throws {
        self.folder = folder
        (reservation, port) = try Self.reserve()
        configuration = folder.path + "/mosquitto.conf"
        // Started as root, mosquitto would become the user `mosquitto`, who may not read our folder.
        let all = ["user root", "listener \(port) 127.0.0.1", "persistence false", "log_type error"] + lines
        try all.joined(separator: "\n").write(toFile: configuration, atomically: true, encoding: .utf8)
        try start()
    }

    deinit {
        stop()
        close(reservation)
    }

    package func start() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = ["-c", configuration]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        let limit = Date(timeIntervalSinceNow: 10)
        while !Self.accepts(port) {
            guard process.isRunning else { throw PeerError(message: "mosquitto ended at once: see \(configuration)") }
            guard Date() < limit else { throw PeerError(message: "mosquitto does not listen") }
            poll(nil, 0, 10)
        }
    }

    package func stop() {
        guard let process else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    package static func freePort() throws -> Int {
        let (descriptor, port) = try reserve()
        close(descriptor)
        return port
    }

    /// A port of its own for as long as the descriptor is open; who sets SO_REUSEADDR, as servers do, may listen there.
    private static func reserve() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        do {
            return (descriptor, try bindAnywhere(descriptor))
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Binds a socket to a port of loopback that nobody has.
    static func bindAnywhere(_ descriptor: Int32) throws -> Int {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(descriptor, raw, size) == 0 && getsockname(descriptor, raw, &size) == 0
            }
        }
        guard bound else { throw PeerError(message: "no free port") }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private static func accepts(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }
}
