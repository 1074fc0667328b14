// What guided tests ask of the running daemon. A test of theirs gives answers of its own.

import FoundationEssentials
import Glibc

/// Each asks once; nil where the daemon does not answer just now.
struct DaemonSide {
    var status: () -> AgentStatus?
    var lines: () -> LinesPicture?
    /// An output on for a moment; why not, or nil.
    var pulse: (_ output: String) -> String?
    var records: () -> OutboxPicture?
    /// Begins a question whose connection is held; nil: nobody is there.
    var hold: (_ question: String) -> HeldQuestion?
}

/// A question that the daemon answers in its own time, and that ends with its connection.
struct HeldQuestion {
    /// The answer, waited for up to so many milliseconds; nil: not yet, or never (`isOver`).
    var answer: (_ milliseconds: Int32) -> [UInt8]?
    /// The daemon has ended the connection.
    var isOver: () -> Bool
    /// Hangs up.
    var end: () -> Void

    /// The text of a refusal in an answer.
    static func refusal(in answer: [UInt8]) -> String? {
        try? JSONDecoder().decode([String: String].self, from: Data(answer))["error"]
    }
}

extension DaemonSide {
    init(socket: String) {
        let hands = DaemonLines(socket: socket)
        status = { ControlSocket.status(path: socket) }
        lines = hands.picture
        pulse = hands.pulse
        records = {
            try? DaemonAnswer.ask("records", socket: socket, seconds: 30, as: OutboxPicture.self).get()
        }
        hold = { question in
            guard case .success(let open) = ControlSocket.connection(to: socket, seconds: ControlSocket.answerSeconds)
            else { return nil }
            ControlSocket.write(open, Array((question + "\n").utf8))
            let connection = HeldConnection(descriptor: open)
            return HeldQuestion(
                answer: connection.line, isOver: { connection.isOver }, end: { connection.end() })
        }
    }
}

/// One connection to the control socket, read without waiting for longer than is said.
private final class HeldConnection {
    private var descriptor: Int32
    private var bytes: [UInt8] = []
    private(set) var isOver = false

    init(descriptor: Int32) { self.descriptor = descriptor }
    deinit { end() }

    func end() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        isOver = true
    }

    func line(within milliseconds: Int32) -> [UInt8]? {
        guard descriptor >= 0 else { return nil }
        var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&watched, 1, milliseconds) > 0 {
            var chunk = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor, &chunk, chunk.count)
            if count > 0 { bytes += chunk.prefix(count) }
            if count == 0 { isOver = true }
        }
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        defer { bytes.removeSubrange(...end) }
        return Array(bytes[..<end])
    }
}
