import Foundation
import Glibc
import Testing

@testable import Drivers

/// Simulated meters on a pseudo-terminal behind a path that stays, as /dev/serial/by-id/… does.
final class SerialMeters {
    let bank = MeterBank()
    let folder: URL
    var port: String { folder.appendingPathComponent("adapter").path }
    private var server: (stop: StopSignal, worker: Worker)?

    init() throws {
        signal(SIGPIPE, SIG_IGN)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("meters-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try plugIn()
    }

    deinit {
        unplug()
        try? FileManager.default.removeItem(at: folder)
    }

    func settings(baud: Int = 115_200) -> BusSettings {
        BusSettings(name: "rs485", transport: .rtu(port: port, baud: baud, parity: .none, stopBits: 1))
    }

    func plugIn() throws {
        let server = try ModbusServer(serial: bank)
        guard case .rtu(let path, _, _, _) = server.transport else { return }
        try FileManager.default.createSymbolicLink(atPath: port, withDestinationPath: path)
        let stop = try StopSignal()
        self.server = (stop, Worker { server.serve(until: stop) })
    }

    /// Stops the server and lets the pseudo-terminal go: the bus sees a hang-up.
    func unplug() {
        server?.stop.stop()
        if let server { #expect(server.worker.join(), "the server did not stop") }
        server = nil
        try? FileManager.default.removeItem(atPath: port)
    }
}

/// Simulated meters behind a TCP port.
final class NetworkMeters {
    let bank = MeterBank()
    private(set) var port = 0
    private var server: (stop: StopSignal, worker: Worker)?

    init() throws {
        signal(SIGPIPE, SIG_IGN)
        try start()
    }

    deinit { stop() }

    var settings: BusSettings { BusSettings(name: "net", transport: .tcp(host: "127.0.0.1", port: port)) }

    /// On the same port as before, if there was one.
    func start() throws {
        let server = try ModbusServer(tcp: bank, port: UInt16(port))
        if case .tcp(_, let port) = server.transport { self.port = port }
        let stop = try StopSignal()
        self.server = (stop, Worker { server.serve(until: stop) })
    }

    func stop() {
        server?.stop.stop()
        if let server { #expect(server.worker.join(), "the server did not stop") }
        server = nil
    }
}

extension MeterReadError {
    var bus: BusError? { if case .bus(let error) = self { error } else { nil } }
}
