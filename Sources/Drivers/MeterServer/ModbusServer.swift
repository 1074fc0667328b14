// Simulated meters behind real frames: what `simulate` and the tests put at the other end of a bus.
// MeterFrames decides what to answer; this moves bytes.

import Glibc
import Synchronization

/// Meters at the end of a bus, answering from a MeterBank. Made on any thread; `serve` blocks, so give it one.
package final class ModbusServer: Sendable {
    /// A pseudo-terminal has no speed of its own; this one gives the shortest gap between frames.
    private static let baud = 115_200

    private enum Endpoint: ~Copyable, Sendable {
        case serial(PseudoTerminal)
        case tcp(MeterListener)
    }

    private let bank: MeterBank
    private let endpoint: Mutex<Endpoint?>
    /// How a bus reaches these meters; there from `init` on, and gone when `serve` returns.
    package let transport: BusSettings.Transport

    /// Meters on a serial line of their own: a pseudo-terminal.
    package init(serial bank: MeterBank) throws(BusError) {
        let terminal = try PseudoTerminal()
        transport = .rtu(port: terminal.path, baud: ModbusServer.baud, parity: .none, stopBits: 1)
        self.bank = bank
        endpoint = Mutex(.serial(terminal))
    }

    /// Meters behind 127.0.0.1; several masters may connect.
    /// - Parameter port: 0 for any free one.
    package init(tcp bank: MeterBank, port: UInt16 = 0) throws(BusError) {
        let listener = try MeterListener(port: port)
        transport = .tcp(host: "127.0.0.1", port: listener.port)
        self.bank = bank
        endpoint = Mutex(.tcp(listener))
    }

    /// Answers until it is stopped, and then closes: masters see a port that vanished or a connection refused.
    /// Once only; a second call returns at once.
    package func serve(until stop: StopSignal) {
        let endpoint = self.endpoint.withLock { $0.take() }
        var loop = ServerLoop(bank: bank, stop: stop.descriptor)
        switch endpoint {
        case .some(.serial(let terminal)):
            loop.add(terminal.master.number, framing: .rtu)
            loop.run(listening: nil)
        case .some(.tcp(let listener)):
            loop.run(listening: listener.socket.number)
            loop.closeAll()
        case .none: return
        }
    }
}

/// One poll loop over every conversation.
private struct ServerLoop {
    /// More masters than any home has.
    static let mostConnections = 32
    /// A serial frame is over when nothing came for this long: far more than 3.5 characters, since a scheduler
    /// stands between the bytes here.
    static let silenceMilliseconds: Int64 = 50
    static let readBytes = 512

    private struct Conversation {
        var frames: MeterFrames
        var framing: ModbusFraming
        /// Answers that wait for their time (CLOCK_MONOTONIC, milliseconds).
        var waiting: [(due: Int64, bytes: [UInt8])] = []
        /// When a part of a frame is given up.
        var silence: Int64?
    }

    private let bank: MeterBank
    private let stop: Int32
    private var conversations: [Int32: Conversation] = [:]

    init(bank: MeterBank, stop: Int32) {
        self.bank = bank
        self.stop = stop
    }

    mutating func add(_ descriptor: Int32, framing: ModbusFraming) {
        conversations[descriptor] = Conversation(
            frames: MeterFrames(framing: framing, bank: bank), framing: framing)
    }

    mutating func run(listening: Int32?) {
        while listening != nil || !conversations.isEmpty {
            var watched = ([stop] + (listening.map { [$0] } ?? []) + conversations.keys)
                .map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let ready = poll(&watched, nfds_t(watched.count), wait(now: now))
            if ready < 0 && errno != EINTR { return }
            for entry in watched where ready > 0 && entry.revents != 0 {
                if entry.fd == stop { return }
                if entry.fd == listening { accept(from: entry.fd) } else { read(entry.fd) }
            }
            for descriptor in Array(conversations.keys) { send(descriptor, now: now) }
        }
    }

    mutating func closeAll() {
        for descriptor in conversations.keys { close(descriptor) }
        conversations.removeAll()
    }

    private var now: Int64 { nanoseconds(of: CLOCK_MONOTONIC) / 1_000_000 }

    /// For poll: milliseconds until an answer or a silence is due, -1 for ever.
    private func wait(now: Int64) -> Int32 {
        let times = conversations.values.flatMap { $0.waiting.map(\.due) + [$0.silence].compactMap { $0 } }
        return times.min().map { Int32(clamping: max(0, $0 - now)) } ?? -1
    }

    private mutating func accept(from listener: Int32) {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        guard conversations.count < ServerLoop.mostConnections else {
            close(descriptor)
            return
        }
        Descriptor.makeNonBlocking(descriptor)
        add(descriptor, framing: .tcp)
    }

    private mutating func read(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: ServerLoop.readBytes)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        if count <= 0 {
            if count == 0 || (errno != EAGAIN && errno != EINTR) { end(descriptor) }
            return
        }
        let now = now
        for answer in conversations[descriptor]?.frames.take(bytes.prefix(count)) ?? [] {
            conversations[descriptor]?.waiting.append((now + Int64(answer.delayMilliseconds), answer.bytes))
        }
        let isWaiting = conversations[descriptor]?.frames.isWaiting ?? false
        conversations[descriptor]?.silence = isWaiting ? now + ServerLoop.silenceMilliseconds : nil
        if conversations[descriptor]?.frames.isBroken ?? false { end(descriptor) }
    }

    /// Sends what is due. An answer that its reader does not take is cut off, as a wire would.
    private mutating func send(_ descriptor: Int32, now: Int64) {
        guard let conversation = conversations[descriptor] else { return }
        let due = conversation.waiting.filter { $0.due <= now }.sorted { $0.due < $1.due }
        conversations[descriptor]?.waiting.removeAll { $0.due <= now }
        for answer in due {
            let sent =
                conversation.framing == .tcp
                ? Glibc.send(descriptor, answer.bytes, answer.bytes.count, Int32(MSG_NOSIGNAL))
                : write(descriptor, answer.bytes, answer.bytes.count)
            if sent != answer.bytes.count && conversation.framing == .tcp { return end(descriptor) }
        }
        if let silence = conversation.silence, silence <= now {
            conversations[descriptor]?.frames.silence()
            conversations[descriptor]?.silence = nil
        }
    }

    /// A connection is ours to close; a pseudo-terminal is not.
    private mutating func end(_ descriptor: Int32) {
        guard let gone = conversations.removeValue(forKey: descriptor) else { return }
        if gone.framing == .tcp { close(descriptor) }
    }
}
