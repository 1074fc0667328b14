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
    private let serialFrames: Bool
    private var server: (stop: StopSignal, worker: Worker)?

    /// - Parameter serialFrames: RTU inside TCP.
    init(serialFrames: Bool = false) throws {
        signal(SIGPIPE, SIG_IGN)
        self.serialFrames = serialFrames
        try start()
    }

    deinit { stop() }

    var settings: BusSettings {
        BusSettings(
            name: "net",
            transport: serialFrames ? .rtuOverTCP(host: "127.0.0.1", port: port) : .tcp(host: "127.0.0.1", port: port))
    }

    /// On the same port as before, if there was one.
    func start() throws {
        let server = try ModbusServer(tcp: bank, port: UInt16(port), serialFrames: serialFrames)
        switch server.transport {
        case .tcp(_, let port), .rtuOverTCP(_, let port): self.port = port
        case .rtu: break
        }
        let stop = try StopSignal()
        self.server = (stop, Worker { server.serve(until: stop) })
    }

    func stop() {
        server?.stop.stop()
        if let server { #expect(server.worker.join(), "the server did not stop") }
        server = nil
    }
}

/// A bus without meters of its own, for reads by hand.
func bus(_ settings: BusSettings) -> BusMaster<StreamPort> {
    BusMaster(settings: settings, port: StreamPort(settings: settings), meters: [], start: BootTime(nanoseconds: 0))
}

extension BusMaster where Port: ~Copyable {
    /// Words, an exception or a bus error.
    mutating func get(
        unit: UInt8, table: ModbusTable = .holding, address: UInt16 = 0, count: Int = 2, timeout: Int = 1000,
        patience: Int? = nil
    ) -> Result<ModbusReply, BusError> {
        read(
            ModbusQuestion(unit: unit, table: table, address: address, count: count), timeoutMilliseconds: timeout,
            patienceMilliseconds: patience
        ).reply
    }
}

extension Result<ModbusReply, BusError> {
    var words: [UInt16]? { if case .success(.words(let words)) = self { words } else { nil } }
    var exception: Int? { if case .success(.exception(let exception)) = self { exception.code } else { nil } }
    var busError: BusError? { if case .failure(let error) = self { error } else { nil } }
}
