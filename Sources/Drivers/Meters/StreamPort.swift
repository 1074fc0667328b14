// The real bus: bytes over a tty or a TCP connection. libmodbus opens them and sets the line; the frames are ours
// (docs/decisions/0007-frames-are-ours.md).

import Glibc

/// One tty or TCP connection. One thread.
package struct StreamPort: BusPort, ~Copyable {
    /// A frame has 260 bytes at most.
    private static let readBytes = 512
    /// A line whose driver takes nothing for this long is stuck (a flow control that nobody answers).
    private static let sendMilliseconds: Int32 = 1000

    private let settings: BusSettings
    private var connection: BusConnection?

    package init(settings: BusSettings) { self.settings = settings }

    package var now: Int64 { nanoseconds(of: CLOCK_MONOTONIC) }

    package mutating func open() throws(BusError) {
        if connection == nil { connection = try BusConnection(settings) }
    }

    package mutating func close() { connection = nil }

    package mutating func send(_ bytes: [UInt8]) -> Int32 {
        guard let descriptor else { return ENOTCONN }
        var sent = 0
        while sent < bytes.count {
            // A signal would end the process where nobody ignores it; MSG_NOSIGNAL is for sockets only.
            let count = bytes[sent...].withUnsafeBytes {
                isSocket
                    ? Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                    : Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count > 0 {
                sent += count
            } else if count < 0, errno == EAGAIN {
                var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                let ready = poll(&watched, 1, StreamPort.sendMilliseconds)
                if ready == 0 { return ETIMEDOUT }
                if ready < 0, errno != EINTR { return errno }
            } else if count == 0 || errno != EINTR {
                return count == 0 ? ECONNRESET : errno
            }
        }
        return 0
    }

    package mutating func receive(into bytes: inout [UInt8], until deadline: Int64) -> Int32 {
        guard let descriptor else { return ENOTCONN }
        while true {
            // Rounded up: poll counts milliseconds, and to look too early is to look twice.
            let rest = max(0, deadline - now)
            var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&watched, 1, Int32(clamping: (rest + 999_999) / 1_000_000))
            if ready < 0, errno != EINTR { return errno }
            if ready == 0 { return 0 }
            guard ready > 0 else { continue }
            let failure = read(descriptor, into: &bytes)
            if failure != EAGAIN { return failure }
        }
    }

    package mutating func wait(until deadline: Int64) {
        var rest = deadline - now
        while rest > 0 {
            var time = timespec(tv_sec: Int(rest / 1_000_000_000), tv_nsec: Int(rest % 1_000_000_000))
            nanosleep(&time, nil)
            rest = deadline - now
        }
    }

    private var isSocket: Bool { if case .rtu = settings.transport { false } else { true } }

    private var descriptor: Int32? {
        switch connection {
        case .some(let connection): connection.descriptor
        case .none: nil
        }
    }

    /// 0, or an errno; EAGAIN: nothing after all.
    private func read(_ descriptor: Int32, into bytes: inout [UInt8]) -> Int32 {
        withUnsafeTemporaryAllocation(byteCount: StreamPort.readBytes, alignment: 1) { buffer in
            let count = Glibc.read(descriptor, buffer.baseAddress!, buffer.count)
            if count > 0 {
                bytes.append(contentsOf: buffer.prefix(count))
                return 0
            }
            // Readable and nothing there: the other end, or the device, is gone.
            if count == 0 { return ECONNRESET }
            return errno == EINTR ? EAGAIN : errno
        }
    }
}
