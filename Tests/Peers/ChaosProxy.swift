// A TCP proxy that misbehaves: it stalls, trickles, swallows, resets, and lets an old connection through after a newer one.
// Whoever owns it turns it; it has no thread and never waits.

import Foundation

package final class ChaosProxy {
    /// What happens to bytes, in both directions.
    package enum Weather: CaseIterable, Sendable {
        case clear
        /// Nothing moves; nothing is lost.
        case stall
        /// One byte at a time.
        case trickle
        /// Half-open: this side takes everything, and nothing leads anywhere any more, also when the weather clears.
        case swallow
        /// New connections are reset at once.
        case refuse
    }

    private struct Pair {
        let number: Int
        let hub: Int32
        var broker: Int32?
        /// When it is connected onwards.
        let connectAt: Int64
        var toBroker: [UInt8] = []
        var toHub: [UInt8] = []
        var isHubGone = false
        var isBrokerGone = false
        var isSwallowed = false
    }

    package let port: Int
    package var weather = Weather.clear
    /// How long new connections wait before they go on; what their client sent meanwhile arrives then, even if it has given
    /// up and a newer connection is through already.
    package var delayMilliseconds: Int64 = 0
    /// A byte in so many milliseconds while it trickles.
    package var trickleMilliseconds: Int64 = 1000
    /// What the client sent on its n-th connection, before anything happens to it.
    package var tap: ((Int, ArraySlice<UInt8>) -> Void)?
    package private(set) var connections = 0

    private let listener: Int32
    private let target: Int
    private var pairs: [Pair] = []
    private var trickledAt: Int64 = 0
    private static let most = 64 << 10

    package init(to target: Int) throws {
        self.target = target
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let place = try Broker.bindAnywhere(listener)
        guard listen(listener, 16) == 0 else {
            throw PeerError(message: "no proxy on port \(place): \(String(cString: strerror(errno)))")
        }
        port = place
        Self.unblock(listener)
    }

    deinit {
        for pair in pairs { drop(pair) }
        close(listener)
    }

    /// Both ends of every connection are told that the other has gone, at once.
    package func reset() {
        for pair in pairs { drop(pair) }
        pairs = []
    }

    /// Moves what can be moved. `now` in milliseconds of any clock.
    package func turn(at now: Int64) {
        acceptNew(at: now)
        let mayTrickle = now - trickledAt >= trickleMilliseconds
        if mayTrickle { trickledAt = now }
        for index in pairs.indices {
            if weather == .swallow { pairs[index].isSwallowed = true }
            connectOnwards(index, at: now)
            read(index)
            guard weather != .stall, weather != .trickle || mayTrickle else { continue }
            write(index, most: weather == .trickle ? 1 : Self.most)
        }
        for pair in pairs where isOver(pair) { drop(pair) }
        pairs.removeAll(where: isOver)
    }

    // MARK: Parts

    private func acceptNew(at now: Int64) {
        while true {
            let hub = accept(listener, nil, nil)
            guard hub >= 0 else { return }
            Self.unblock(hub)
            connections += 1
            let pair = Pair(number: connections, hub: hub, connectAt: now + delayMilliseconds)
            if weather == .refuse { drop(pair) } else { pairs.append(pair) }
        }
    }

    private func connectOnwards(_ index: Int, at now: Int64) {
        guard pairs[index].broker == nil, !pairs[index].isBrokerGone, now >= pairs[index].connectAt else { return }
        let broker = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        // Loopback: it is there at once, or nobody listens.
        guard Self.with(target, { connect(broker, $0, $1) }) == 0 else {
            close(broker)
            pairs[index].isBrokerGone = true
            return
        }
        Self.unblock(broker)
        pairs[index].broker = broker
    }

    private func read(_ index: Int) {
        if !pairs[index].isHubGone, pairs[index].toBroker.count < Self.most {
            let (bytes, isOver) = Self.receive(pairs[index].hub)
            pairs[index].isHubGone = isOver
            if !bytes.isEmpty { tap?(pairs[index].number, bytes) }
            if !pairs[index].isSwallowed { pairs[index].toBroker += bytes }
        }
        if let broker = pairs[index].broker, !pairs[index].isBrokerGone, pairs[index].toHub.count < Self.most {
            let (bytes, isOver) = Self.receive(broker)
            pairs[index].isBrokerGone = isOver
            if !pairs[index].isSwallowed { pairs[index].toHub += bytes }
        }
    }

    private func write(_ index: Int, most: Int) {
        if let broker = pairs[index].broker { Self.send(&pairs[index].toBroker, to: broker, most: most) }
        Self.send(&pairs[index].toHub, to: pairs[index].hub, most: most)
    }

    private func isOver(_ pair: Pair) -> Bool {
        // Swallowed: the client has to notice by itself.
        if pair.isSwallowed { return pair.isHubGone }
        if pair.isHubGone, pair.toBroker.isEmpty || pair.isBrokerGone { return true }
        return pair.isBrokerGone && pair.toHub.isEmpty
    }

    private func drop(_ pair: Pair) {
        for descriptor in [pair.hub, pair.broker].compactMap({ $0 }) {
            var linger = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
            close(descriptor)
        }
    }

    private static func unblock(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    private static func receive(_ descriptor: Int32) -> (bytes: ArraySlice<UInt8>, isOver: Bool) {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count > 0 { return (buffer[..<count], false) }
        return ([], count == 0 || (errno != EAGAIN && errno != EINTR))
    }

    private static func send(_ bytes: inout [UInt8], to descriptor: Int32, most: Int) {
        guard !bytes.isEmpty else { return }
        let count = Glibc.send(descriptor, bytes, min(most, bytes.count), Int32(MSG_NOSIGNAL))
        if count > 0 { bytes.removeFirst(count) }
        if count < 0, errno != EAGAIN, errno != EINTR { bytes = [] }
    }

    private static func with<Result>(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
