// A real mosquitto for tests: its own port on loopback, its own folder, ended by its own process id.

import Foundation
import Testing

@testable import Upstream

final class Broker {
    static let program = "/usr/sbin/mosquitto"
    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: program) }

    let port: Int
    private let folder: ScratchFolder
    private let configuration: String
    private var process: Process?

    /// Starts it and waits until it accepts connections.
    /// - Parameter lines: configuration beside listener and log.
    init(in folder: ScratchFolder, lines: [String]) throws {
        self.folder = folder
        port = try Self.freePort()
        configuration = folder.path + "/mosquitto.conf"
        // Started as root, mosquitto would become the user `mosquitto`, who may not read our folder.
        let all = ["user root", "listener \(port) 127.0.0.1", "persistence false", "log_type error"] + lines
        try all.joined(separator: "\n").write(toFile: configuration, atomically: true, encoding: .utf8)
        try start()
    }

    deinit { stop() }

    func start() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program)
        process.arguments = ["-c", configuration]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        let limit = Date(timeIntervalSinceNow: 10)
        while !Self.accepts(port) {
            try #require(process.isRunning, "mosquitto ended at once: see \(configuration)")
            try #require(Date() < limit, "mosquitto does not listen")
            poll(nil, 0, 10)
        }
    }

    func stop() {
        guard let process else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        self.process = nil
    }

    static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                bind(descriptor, raw, size) == 0 && getsockname(descriptor, raw, &size) == 0
            }
        }
        try #require(bound)
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

/// Authorities and certificates made with the openssl program.
struct Certificates {
    let folder: ScratchFolder
    var authority: String { folder.path + "/ca.pem" }
    func certificate(_ name: String) -> String { "\(folder.path)/\(name).pem" }
    func key(_ name: String) -> String { "\(folder.path)/\(name).key" }

    init(in folder: ScratchFolder) throws {
        self.folder = folder
        try makeAuthority("ca")
    }

    func makeAuthority(_ name: String) throws {
        try openssl([
            "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=Test \(name)",
            "-keyout", key(name), "-out", certificate(name),
        ])
    }

    func make(_ name: String, alternativeName: String) throws {
        let request = "\(folder.path)/\(name).csr"
        let extensions = "\(folder.path)/\(name).ext"
        try "subjectAltName=\(alternativeName)".write(toFile: extensions, atomically: true, encoding: .utf8)
        try openssl([
            "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=\(name)", "-keyout", key(name), "-out", request,
        ])
        try openssl([
            "x509", "-req", "-in", request, "-CA", authority, "-CAkey", key("ca"), "-CAcreateserial", "-days", "2",
            "-extfile", extensions, "-out", certificate(name),
        ])
    }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl \(arguments)")
    }
}

/// Milliseconds of the boot clock.
func bootMilliseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
}

extension MosquittoLink {
    /// Serves the link, waiting on its descriptor, until an event is what is wanted; fails after 10 s.
    /// Events before it are dropped.
    mutating func wait(
        for name: String, sourceLocation: SourceLocation = #_sourceLocation, where isWanted: (LinkEvent) -> Bool
    ) throws -> LinkEvent {
        let limit = bootMilliseconds() + 10_000
        var seen: [LinkEvent] = []
        while bootMilliseconds() < limit {
            for event in takeEvents() {
                if isWanted(event) { return event }
                seen.append(event)
            }
            if let descriptor {
                var entry = pollfd(fd: descriptor, events: Int16(POLLIN | (wantsWrite ? POLLOUT : 0)), revents: 0)
                poll(&entry, 1, 100)
            }
            service(at: bootMilliseconds())
        }
        Issue.record("no \(name) in 10 s; seen: \(seen)", sourceLocation: sourceLocation)
        throw CancellationError()
    }

    mutating func waitForFault(sourceLocation: SourceLocation = #_sourceLocation) throws -> LinkFault {
        var fault: LinkFault?
        _ = try wait(for: "fault", sourceLocation: sourceLocation) { event in
            switch event {
            case .refused(let reason), .disconnected(let reason), .warning(let reason): fault = reason
            default: return false
            }
            return true
        }
        return try #require(fault)
    }

    mutating func waitForMessage(sourceLocation: SourceLocation = #_sourceLocation) throws -> (String, [UInt8]) {
        var message: (String, [UInt8])?
        _ = try wait(for: "message", sourceLocation: sourceLocation) { event in
            guard case .message(let topic, let payload) = event else { return false }
            message = (topic, payload)
            return true
        }
        return try #require(message)
    }
}
