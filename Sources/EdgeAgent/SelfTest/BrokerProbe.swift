// The calls behind BrokerCheck: a name's addresses, a connection to one of them, and a link of its own to the broker.

import Drivers
import Glibc
import Upstream

/// Why a name has no address, as the resolver says it.
struct NameFault: Error {
    var text: String
}

/// One address of a name.
struct SocketAddress {
    fileprivate var family: Int32
    fileprivate var bytes: [UInt8]
    /// "192.0.2.7"
    var text: String

    /// 0, or an errno; the connection is closed again.
    func connect(withinMilliseconds limit: Int32) -> Int32 {
        let descriptor = socket(
            family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        let result = bytes.withUnsafeBytes { raw in
            Glibc.connect(descriptor, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
        }
        if result == 0 { return 0 }
        guard errno == EINPROGRESS else { return errno }
        var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard poll(&watched, 1, limit) == 1 else { return ETIMEDOUT }
        var failure: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0 ? failure : errno
    }
}

/// All addresses of a name, in the resolver's order. Blocks for as long as the resolver does.
func addresses(of host: String, port: Int) -> Result<[SocketAddress], NameFault> {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let failure = getaddrinfo(host, "\(port)", &hints, &list)
    guard failure == 0 else { return .failure(NameFault(text: String(cString: gai_strerror(failure)))) }
    defer { freeaddrinfo(list) }
    var found: [SocketAddress] = []
    var next = list
    while let entry = next?.pointee {
        next = entry.ai_next
        guard let address = entry.ai_addr else { continue }
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        getnameinfo(address, entry.ai_addrlen, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
        let text = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let bytes = UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen))
        found.append(SocketAddress(family: entry.ai_family, bytes: Array(bytes), text: text))
    }
    return .success(found)
}

extension MosquittoLink {
    /// A link that a check holds for its own time, turned by whoever calls. One thread.
    final class Held {
        enum Outcome {
            case accepted(by: String)
            case taken
            case unanswered
            case lost(LinkFault)
        }

        private static let turnMilliseconds: Int32 = 200
        private var link: MosquittoLink

        init(_ settings: LinkSettings) { link = MosquittoLink(settings) }

        private static func now() -> Int64 { AgentClock.boot().nanoseconds / 1_000_000 }

        /// nil: it is up. An older broker is asked twice, the second time in its own version.
        func connect(withinMilliseconds limit: Int64) -> LinkFault? {
            let end = Held.now() + limit
            var fault: LinkFault?
            for _ in 0..<2 {
                link.connect(will: nil, at: Held.now())
                fault = nil
                while fault == nil, Held.now() < end {
                    for event in turn() {
                        switch event {
                        case .connected: return nil
                        case .refused(let why), .disconnected(let why): fault = why
                        case .message, .oversized, .published, .unheard, .warning: break
                        }
                    }
                }
                guard fault?.kind == .unreachable, Held.now() < end else { break }
            }
            return fault
                ?? LinkFault(
                    kind: .unreachable, message: "no answer within \(limit / 1000) s", advice: "Check the broker.")
        }

        /// Publishes and waits for somebody's `accepted`, or with `isTakenEnough` for the broker's receipt.
        func send(
            topic: String, _ payload: [UInt8], record: String, alert: String, isTakenEnough: Bool,
            withinMilliseconds limit: Int64
        ) -> Outcome {
            do throws(LinkFault) {
                try link.publish(topic: topic, payload: payload, tag: record, at: Held.now())
            } catch {
                return .lost(error)
            }
            let end = Held.now() + limit
            while Held.now() < end {
                for event in turn() {
                    switch event {
                    case .published(let tag, false) where tag == record && isTakenEnough: return .taken
                    case .published(_, true):
                        return .lost(
                            LinkFault(
                                kind: .denied, message: "the broker refuses what is published to \(topic)", advice: ""))
                    case .message(let topic, let payload):
                        guard let answer = try? WireDecoder.acknowledgement(topic: topic, payload: payload),
                            answer.id == record || answer.id == alert, answer.level == .accepted
                        else { continue }
                        return .accepted(by: answer.by)
                    case .refused(let fault), .disconnected(let fault): return .lost(fault)
                    case .connected, .oversized, .published, .unheard, .warning: break
                    }
                }
            }
            return .unanswered
        }

        /// Once; nobody waits for an answer.
        func publish(topic: String, _ payload: [UInt8]) {
            try? link.publish(topic: topic, payload: payload, tag: nil, at: Held.now())
            _ = turn()
        }

        func finish() { link.finish(farewell: nil, clock: { Held.now() }) }

        private func turn() -> [LinkEvent] {
            if let descriptor = link.descriptor {
                var watched = pollfd(
                    fd: descriptor, events: Int16(POLLIN | (link.wantsWrite ? POLLOUT : 0)), revents: 0)
                poll(&watched, 1, Held.turnMilliseconds)
            }
            link.service(at: Held.now())
            return link.takeEvents()
        }
    }
}
