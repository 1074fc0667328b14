// Who may use a port, for commands that open it themselves: nobody else has it, or the daemon lends it.

import Drivers
import FoundationEssentials
import Glibc

/// Readers on one bus, set as its next question wants it.
protocol BusAccess: AnyObject {
    /// The reader on a line that is set so (nil: over TCP); ask for it before every question. It may close and open
    /// the port, and wait until it may.
    func reader(on line: SerialLine?) throws(BusError) -> any MeterReader
    /// Lets go of the port, until the next question.
    func giveBack()
}

extension BusSettings {
    /// The same bus with its line set otherwise.
    func set(_ line: SerialLine?) -> BusSettings {
        guard let line, case .rtu(let port, _, _, _) = transport else { return self }
        var settings = self
        settings.transport = .rtu(port: port, baud: line.baud, parity: line.parity, stopBits: line.stopBits)
        return settings
    }
}

/// A port that nobody else has.
final class FreeBus: BusAccess {
    private let settings: BusSettings
    private let makeReader: (BusSettings) -> any MeterReader
    private var open: (line: SerialLine?, reader: any MeterReader)?

    /// - Parameter makeReader: a reader over a real port, unless a test says otherwise.
    init(
        _ settings: BusSettings,
        makeReader: @escaping (BusSettings) -> any MeterReader = {
            DirectReader(settings: $0, port: StreamPort(settings: $0))
        }
    ) {
        self.settings = settings
        self.makeReader = makeReader
    }

    func reader(on line: SerialLine?) throws(BusError) -> any MeterReader {
        if let open, open.line == line { return open.reader }
        // Closed before it is opened again: the port is locked.
        giveBack()
        let reader = makeReader(settings.set(line))
        open = (line, reader)
        return reader
    }

    func giveBack() { open = nil }
}

/// A port of the daemon's, lent for a minute at a time (`lease`, docs/control-socket.md).
final class LentBus: BusAccess {
    /// Of the minute of a lease; the rest is for the question that is under way.
    static let walkMilliseconds: Int64 = 45_000
    /// Until a lease is granted the daemon polls what is due.
    private static let patienceSeconds = 45

    private let bus: FreeBus
    private let name: String
    private let socket: String
    private let walkMilliseconds: Int64
    private var lease: (descriptor: Int32, since: BootTime)?
    /// How often the port was borrowed.
    private(set) var leases = 0

    /// - Parameter name: of the daemon's bus.
    init(_ settings: BusSettings, name: String, socket: String, walkMilliseconds: Int64 = LentBus.walkMilliseconds) {
        bus = FreeBus(settings)
        self.name = name
        self.socket = socket
        self.walkMilliseconds = walkMilliseconds
    }

    deinit { giveBack() }

    func reader(on line: SerialLine?) throws(BusError) -> any MeterReader {
        if let lease, BootTime.milliseconds(from: lease.since, to: AgentClock.boot()) >= walkMilliseconds { giveBack() }
        if lease == nil { try borrow() }
        return try bus.reader(on: line)
    }

    func giveBack() {
        bus.giveBack()
        guard let lease else { return }
        self.lease = nil
        // The daemon ends the connection once it has the port back.
        ControlSocket.write(lease.descriptor, Array("end\n".utf8))
        _ = ControlSocket.answer(from: lease.descriptor) { _ in false }
        close(lease.descriptor)
    }

    private func borrow() throws(BusError) {
        let descriptor: Int32
        switch ControlSocket.connection(to: socket, seconds: LentBus.patienceSeconds) {
        case .success(let open): descriptor = open
        case .failure(let failure): throw refused("the daemon at \(socket) does not answer: \(failure.text)")
        }
        ControlSocket.write(descriptor, Array("lease \(name)\n".utf8))
        let answer = (try? ControlSocket.answer(from: descriptor) { $0.contains(UInt8(ascii: "\n")) }.get()) ?? []
        let text = String(decoding: answer, as: UTF8.self)
        guard text.hasPrefix("{\"lentMilliseconds\":") else {
            close(descriptor)
            let answer = try? JSONDecoder().decode(ExchangeAnswer.self, from: Data(answer))
            throw BusError(
                kind: .cannotOpen, message: answer?.error ?? "bus \(name): the daemon does not lend it",
                advice: answer?.advice ?? "Try again in a minute.")
        }
        lease = (descriptor, AgentClock.boot())
        leases += 1
    }

    private func refused(_ what: String) -> BusError {
        BusError(
            kind: .cannotOpen, message: "bus \(name): \(what)",
            advice: "End another scan, or stop the daemon (`systemctl stop edge-agent`).")
    }
}
