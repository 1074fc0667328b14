// The other end of the control socket: commands that ask the running daemon.

import FoundationEssentials
import Glibc

/// Why the daemon could not be asked.
struct SocketFailure: Error {
    var code: Int32
    var text: String { String(cString: strerror(code)) }
}

extension ControlSocket {
    /// A daemon answers within milliseconds; one that hangs must not hang those who ask it.
    static let answerSeconds = 5

    /// Asks the daemon; the errno of what failed.
    static func ask(_ question: String, path: String, seconds: Int = answerSeconds) -> Result<[UInt8], SocketFailure> {
        let descriptor: Int32
        switch connection(to: path, seconds: seconds) {
        case .success(let open): descriptor = open
        case .failure(let failure): return .failure(failure)
        }
        defer { close(descriptor) }
        write(descriptor, Array(question.utf8))
        return answer(from: descriptor) { _ in false }
    }

    /// An open connection over which no read waits for longer than `seconds`.
    static func connection(to path: String, seconds: Int) -> Result<Int32, SocketFailure> {
        guard let (address, length) = unixAddress(path) else { return .failure(SocketFailure(code: ENAMETOOLONG)) }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let isConnected = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, length) == 0 }
        }
        guard isConnected else {
            let failure = SocketFailure(code: errno)
            close(descriptor)
            return .failure(failure)
        }
        limitTime(of: descriptor, option: SO_RCVTIMEO, timeval(tv_sec: seconds, tv_usec: 0))
        return .success(descriptor)
    }

    /// What comes until the end of the connection, or until `isWhole` says so.
    static func answer(from descriptor: Int32, isWhole: ([UInt8]) -> Bool) -> Result<[UInt8], SocketFailure> {
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return .failure(SocketFailure(code: errno == EAGAIN ? ETIMEDOUT : errno)) }
            answer += chunk.prefix(count)
            if count == 0 || isWhole(answer) { return .success(answer) }
        }
    }

    /// What the daemon says of itself; nil where none answers, or one of another version.
    static func status(path: String) -> AgentStatus? {
        guard case .success(let bytes) = ask("status\n", path: path) else { return nil }
        return try? JSONDecoder().decode(AgentStatus.self, from: Data(bytes))
    }
}
