// systemd's notification protocol (sd_notify(3), "Standalone Implementations"): one datagram, no library.

import Glibc

/// Talks to the service manager that started us; does nothing where there is none.
enum ServiceManager {
    /// Half the time after which systemd would kill us, in milliseconds; nil: no watchdog is set.
    static var watchdogMilliseconds: Int64? {
        guard let text = getenv("WATCHDOG_USEC").map({ String(cString: $0) }), let limit = Int64(text), limit > 0,
            getenv("WATCHDOG_PID").map({ String(cString: $0) }).map({ Int32($0) == getpid() }) ?? true
        else { return nil }
        return max(1, limit / 2000)
    }

    /// Ends this process as a planned stop does; the service manager starts it again.
    static func endThisProcess() { kill(getpid(), SIGTERM) }

    /// `READY=1`, `WATCHDOG=1`, `WATCHDOG=trigger` (hung: end me now), `STOPPING=1`.
    static func notify(_ state: String) {
        guard let path = getenv("NOTIFY_SOCKET").map({ String(cString: $0) }),
            path.hasPrefix("/") || path.hasPrefix("@")
        else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard let (address, length) = unixAddress(path) else { return }
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, state, state.utf8.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}

/// A UNIX socket address; "@" begins an abstract one. nil: longer than the kernel takes (107 bytes).
func unixAddress(_ path: String) -> (sockaddr_un, socklen_t)? {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    var bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    if bytes.first == UInt8(ascii: "@") { bytes[0] = 0 }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let isAbstract = path.hasPrefix("@")
    let length = MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1)
    return (address, socklen_t(length))
}
