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
        let terminal = try PseudoTerminal()
        try FileManager.default.createSymbolicLink(atPath: port, withDestinationPath: terminal.path)
        let stop = try StopSignal()
        let server = ModbusServer(bank: bank)
        let box = Carried(terminal)
        self.server = (stop, Worker { server.serve(box.terminal, until: stop) ; box.drop() })
    }

    /// Stops the server and lets the pseudo-terminal go: the bus sees a hang-up.
    func unplug() {
        server?.stop.stop()
        if let server { #expect(server.worker.join(), "the server did not stop") }
        server = nil
        try? FileManager.default.removeItem(atPath: port)
    }
}

/// Carries a pseudo-terminal to the thread that serves it, and closes it there.
private final class Carried: @unchecked Sendable {
    private var held: PseudoTerminal?
    init(_ terminal: consuming PseudoTerminal) { held = consume terminal }
    var terminal: PseudoTerminal { _read { yield held! } }
    func drop() { held = nil }
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
        let listener = try MeterListener(port: UInt16(port))
        port = listener.port
        let stop = try StopSignal()
        let server = ModbusServer(bank: bank)
        let box = CarriedListener(listener)
        self.server = (stop, Worker { server.serve(box.listener, until: stop); box.drop() })
    }

    func stop() {
        server?.stop.stop()
        if let server { #expect(server.worker.join(), "the server did not stop") }
        server = nil
    }
}

private final class CarriedListener: @unchecked Sendable {
    private var held: MeterListener?
    init(_ listener: consuming MeterListener) { held = consume listener }
    var listener: MeterListener { _read { yield held! } }
    func drop() { held = nil }
}

extension MeterReadError {
    var bus: BusError? { if case .bus(let error) = self { error } else { nil } }
}
