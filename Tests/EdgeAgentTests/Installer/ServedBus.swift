// A daemon's bus thread and control socket over simulated meters on a real port.

import Drivers
import Glibc
import Logging
import Testing

@testable import EdgeAgent

final class ServedBus {
    let bank = MeterBank()
    let hub: Hub
    let settings: BusSettings
    let socket: String
    private let folder: HeldFolder
    private let server: (stop: StopSignal, thread: Worker)
    private let mailbox = Mailbox<BusMessage>(limit: BusLoop.mostMessages)
    private let bus: Worker
    private let stop = Mailbox<Void>(limit: 1)
    private let control: Worker

    /// - Parameter poll: of the one configured meter, unit 5.
    init(pollMilliseconds: Int64 = 50) throws {
        let folder = try HeldFolder()
        self.folder = folder
        bank.set(unit: 5, table: .holding, address: 0, words: [0x0001, 0xE240, 7])
        let meters = try ModbusServer(serial: bank)
        let stopMeters = try StopSignal()
        server = (stopMeters, Worker(name: "meters") { meters.serve(until: stopMeters) })
        settings = BusSettings(name: "rs485", transport: meters.transport)
        var log = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        log.logLevel = .critical
        let hub = Hub(home: "h-1", clock: AgentClock(), log: log, observer: nil)
        self.hub = hub
        let plan = MeterPlan(
            name: "water", unit: 5, pollMilliseconds: pollMilliseconds, timeoutMilliseconds: 200,
            registers: [
                RegisterPlan(channel: Channel(0), table: .holding, address: 0, type: .u32, order: .ABCD)
            ])
        let configuration = BusConfiguration(settings: settings, meters: [plan])
        let mailbox = self.mailbox
        bus = Worker(name: "bus") { BusLoop(configuration, mailbox: mailbox, hub: hub).run() }
        let socket = folder.path + "/control.sock"
        self.socket = socket
        let stop = self.stop
        control = Worker(name: "control") {
            ControlSocket(path: socket, board: nil, buses: ["rs485": mailbox]).serve(
                status: hub.status, log: hub.log, stop: stop.descriptor)
        }
        try #require(reaches { ControlSocket.status(path: socket)?.buses.isEmpty == false })
    }

    func end() {
        mailbox.post(.stop, always: true)
        stop.post((), always: true)
        server.stop.stop()
        for thread in [bus, control, server.thread] { #expect(thread.join(withinMilliseconds: patienceMilliseconds)) }
    }

    func ask(_ question: String) throws -> String {
        String(decoding: try ControlSocket.ask(question + "\n", path: socket, seconds: 20).get(), as: UTF8.self)
    }

    var status: AgentStatus.Bus? { ControlSocket.status(path: socket)?.buses.first }

    /// An open connection over which this was asked.
    func connection(asking question: String) throws -> Int32 {
        let descriptor = try ControlSocket.connection(to: socket, seconds: 20).get()
        ControlSocket.write(descriptor, Array((question + "\n").utf8))
        return descriptor
    }

    func firstLine(from descriptor: Int32) throws -> String {
        let bytes = try ControlSocket.answer(from: descriptor) { $0.contains(UInt8(ascii: "\n")) }.get()
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A temporary folder that a class can hold.
final class HeldFolder {
    private let folder: TemporaryFolder
    var path: String { folder.path }
    init() throws { folder = try TemporaryFolder() }
}
