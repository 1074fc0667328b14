// Moves the bytes of simulated meters: one poll loop over every conversation.

import Glibc

struct ServerLoop {
    /// More masters than any home has.
    private static let mostConnections = 32
    /// A serial frame is over when nothing came for this long: far more than 3.5 characters, since a scheduler
    /// stands between the bytes here.
    private static let silenceNanoseconds: Int64 = 50_000_000
    /// poll() counts milliseconds; what is due sooner is slept for, to the point.
    private static let pollNanoseconds: Int64 = 2_000_000
    private static let readBytes = 512

    private struct Conversation {
        var frames: MeterFrames
        /// Answers that wait for their time, the next one first.
        var waiting: [(due: Int64, bytes: [UInt8])] = []
        /// When a part of a frame is given up.
        var silence: Int64?
        var nextDue: Int64? { [waiting.first?.due, silence].compactMap { $0 }.min() }
    }

    private let bank: MeterBank
    private let framing: ModbusFraming
    private let character: Int64
    private let stop: Int32
    /// Conversations are connections, and ours to close; a pseudo-terminal is not.
    private var isListening = false
    private var conversations: [Int32: Conversation] = [:]

    /// - Parameter character: nanoseconds that a character takes on the wire; 0: no time.
    init(bank: MeterBank, framing: ModbusFraming, character: Int64, stop: Int32) {
        self.bank = bank
        self.framing = framing
        self.character = character
        self.stop = stop
    }

    mutating func add(_ descriptor: Int32) {
        conversations[descriptor] = Conversation(frames: MeterFrames(framing: framing, bank: bank))
    }

    mutating func run(listening: Int32?) {
        isListening = listening != nil
        while listening != nil || !conversations.isEmpty {
            var watched = ([stop] + (listening.map { [$0] } ?? []) + conversations.keys)
                .map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            let ready = poll(&watched, nfds_t(watched.count), waitMilliseconds())
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

    private var now: Int64 { nanoseconds(of: CLOCK_MONOTONIC) }

    /// For poll: milliseconds until an answer or a silence is due, -1 for ever. Sleeps for what is due sooner.
    private func waitMilliseconds() -> Int32 {
        guard let due = conversations.values.compactMap(\.nextDue).min() else { return -1 }
        let rest = due - now
        guard rest < ServerLoop.pollNanoseconds else { return Int32(clamping: rest / 1_000_000 - 1) }
        if rest > 0 {
            var time = timespec(tv_sec: 0, tv_nsec: Int(rest))
            nanosleep(&time, nil)
        }
        return 0
    }

    private mutating func accept(from listener: Int32) {
        let descriptor = Glibc.accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        guard conversations.count < ServerLoop.mostConnections else {
            close(descriptor)
            return
        }
        Descriptor.makeNonBlocking(descriptor)
        add(descriptor)
    }

    private mutating func read(_ descriptor: Int32) {
        var bytes = [UInt8](repeating: 0, count: ServerLoop.readBytes)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        if count <= 0 {
            if count == 0 || (errno != EAGAIN && errno != EINTR) { end(descriptor) }
            return
        }
        guard var conversation = conversations[descriptor] else { return }
        if !isListening { conversation.frames.line = SerialLine(setOn: descriptor) }
        // The bytes came at once; on a wire they would have taken their time, and the meter would have waited for
        // the silence behind them (Modbus over Serial Line 1.02, section 2.5.1.1).
        let heard = now + character * Int64(count) + character * 7 / 2
        for answer in conversation.frames.take(bytes.prefix(count)) {
            let start = conversation.frames.start(of: answer, heard: heard, character: character)
            if character == 0 {
                conversation.waiting.append((start, answer.bytes))
            } else {
                conversation.waiting += answer.bytes.enumerated().map {
                    (start + character * Int64($0.offset + 1), [$0.element])
                }
            }
        }
        conversation.waiting.sort { $0.due < $1.due }
        conversation.silence = conversation.frames.isWaiting ? heard + ServerLoop.silenceNanoseconds : nil
        let isBroken = conversation.frames.isBroken
        conversations[descriptor] = conversation
        if isBroken { end(descriptor) }
    }

    /// Sends what is due. An answer that its reader does not take is cut off, as a wire would.
    private mutating func send(_ descriptor: Int32, now: Int64) {
        guard let conversation = conversations[descriptor] else { return }
        let due = conversation.waiting.prefix { $0.due <= now }
        if !due.isEmpty {
            conversations[descriptor]?.waiting.removeFirst(due.count)
            let bytes = due.flatMap(\.bytes)
            let sent =
                isListening
                ? Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
                : write(descriptor, bytes, bytes.count)
            if sent != bytes.count && isListening { return end(descriptor) }
        }
        if let silence = conversation.silence, silence <= now {
            conversations[descriptor]?.frames.silence()
            conversations[descriptor]?.silence = nil
        }
    }

    private mutating func end(_ descriptor: Int32) {
        guard conversations.removeValue(forKey: descriptor) != nil else { return }
        if isListening { close(descriptor) }
    }
}
