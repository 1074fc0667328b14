// What tests of the link need: certificates of their own, and waiting for an event.

import Foundation
import TestPeers
import Testing

@testable import Upstream

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

    /// A certificate whose time was over before it was made.
    func makeExpired(_ name: String, alternativeName: String) throws {
        try make(name, alternativeName: alternativeName)
        try openssl(
            register() + [
                "-startdate", "20200101000000Z", "-enddate", "20200102000000Z", "-extfile",
                "\(folder.path)/\(name).ext", "-in", "\(folder.path)/\(name).csr", "-out", certificate(name), "-notext",
            ])
    }

    /// Revokes these; returns the revocation list.
    func revoke(_ names: [String]) throws -> String {
        for name in names { try openssl(register() + ["-revoke", certificate(name)]) }
        let list = folder.path + "/crl.pem"
        try openssl(register() + ["-gencrl", "-crldays", "2", "-out", list])
        return list
    }

    /// The authority's own program needs a register of what it has signed.
    private func register() throws -> [String] {
        let path = folder.path + "/register.cnf"
        if access(path, F_OK) != 0 {
            try "".write(toFile: folder.path + "/index.txt", atomically: true, encoding: .utf8)
            try "1000\n".write(toFile: folder.path + "/serial", atomically: true, encoding: .utf8)
            try """
            [ca]
            default_ca = register
            [register]
            database = \(folder.path)/index.txt
            serial = \(folder.path)/serial
            new_certs_dir = \(folder.path)
            certificate = \(authority)
            private_key = \(key("ca"))
            default_md = sha256
            unique_subject = no
            policy = any
            [any]
            commonName = supplied
            """.write(toFile: path, atomically: true, encoding: .utf8)
        }
        return ["ca", "-batch", "-config", path]
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
