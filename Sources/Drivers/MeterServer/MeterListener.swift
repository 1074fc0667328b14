// Where simulated meters are reached over TCP.

import Glibc

/// A listening socket on 127.0.0.1: simulated meters are nobody else's business.
struct MeterListener: ~Copyable {
    /// Connections that wait to be taken.
    private static let backlog: Int32 = 8

    /// The port it listens on.
    let port: Int
    let socket: Descriptor

    /// - Parameter port: 0 for any free one.
    init(port: UInt16 = 0) throws(BusError) {
        let number = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard number >= 0 else { throw .simulating("a socket", errno: errno) }
        let socket = Descriptor(number)
        Descriptor.makeNonBlocking(number)
        var yes: Int32 = 1
        setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))

        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failure = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(number, address, size) == 0 && listen(number, MeterListener.backlog) == 0
                    && getsockname(number, address, &size) == 0 ? 0 : errno
            }
        }
        guard failure == 0 else { throw .simulating("a server on 127.0.0.1:\(port)", errno: failure) }
        self.port = Int(UInt16(bigEndian: address.sin_port))
        self.socket = socket
    }
}
