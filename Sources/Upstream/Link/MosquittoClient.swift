// One libmosquitto client for one connection: the only place that calls the library. Its callbacks write what
// they hear into a box, which the link reads after each call; nothing is decided inside a callback.

import CMosquitto
import Glibc

extension MosquittoLink {
    /// Owns the C object; destroyed in deinit, which closes the socket without a farewell.
    struct Client: ~Copyable {
        enum News {
            case connack(Int32)
            case published(tag: String?, isRefused: Bool)
            case unheard(tag: String)
            case message(topic: String, payload: [UInt8])
            case subscriptionRefused
            case oversized(topic: String, count: Int)
            case retained(topic: String)
        }

        /// What callbacks write into. The client owns it and outlives every callback; all on one thread.
        final class Box {
            var news: [News] = []
            var log: [String] = []
            /// Publishes without PUBACK, by message id: the tag, and when they were sent.
            var unanswered: [Int32: (tag: String?, at: Int64)] = [:]
            /// The kernel's reason, seen before libmosquitto closes the socket.
            var socketError: Int32 = 0
            var ignoresRetained = false
        }

        let handle: OpaquePointer
        private let box: Box
        private let settings: LinkSettings

        private static let library: Void = {
            mosquitto_lib_init()
            // A write to a connection that the broker has closed must be an error, not the end of the process.
            signal(SIGPIPE, SIG_IGN)
        }()

        static func prepareLibrary() { _ = library }

        init(_ settings: LinkSettings) throws(LinkFault) {
            let box = Box()
            box.ignoresRetained = settings.ignoresRetained
            let context = Unmanaged.passUnretained(box).toOpaque()
            guard let handle = mosquitto_new(settings.clientID, true, context) else {
                throw LinkFault(
                    kind: .unusable,
                    message: "no MQTT client '\(settings.clientID)': \(String(cString: strerror(errno)))",
                    advice: "Check [home] id: a client id is plain text.")
            }
            self.handle = handle
            self.box = box
            self.settings = settings
        }

        deinit { mosquitto_destroy(handle) }

        /// Everything that has to be set before connecting.
        borrowing func prepare(will: RetainedMessage?, isVersion5: Bool) throws(LinkFault) {
            _ = mosquitto_int_option(
                handle, MOSQ_OPT_PROTOCOL_VERSION, isVersion5 ? MQTT_PROTOCOL_V5 : MQTT_PROTOCOL_V311)
            mosquitto_int_option(handle, MOSQ_OPT_TCP_NODELAY, 1)
            setCallbacks()
            try setCredentials(settings)
            try setTLS(settings)
            if let will {
                let code = mosquitto_will_set(
                    handle, will.topic, Int32(will.payload.count), will.payload, 1, true)
                try check(code, "last will on \(will.topic)", advice: "Check topic-prefix in [upstream].")
            }
        }

        // MARK: State

        var descriptor: Int32? {
            let socket = mosquitto_socket(handle)
            return socket < 0 ? nil : socket
        }

        var wantsWrite: Bool { mosquitto_want_write(handle) }
        var log: [String] { box.log }
        var socketError: Int32 { box.socketError }
        var oldestUnanswered: Int64? { box.unanswered.values.lazy.map(\.at).min() }

        borrowing func takeNews() -> [News] {
            defer { box.news = [] }
            return box.news
        }

        // MARK: Doing

        /// Starts connecting; resolving the name blocks, the rest does not.
        borrowing func connect(isIPv4Only: Bool) throws(LinkFault) {
            // Without waiting only the first address of the name is tried. Bound to IPv4's "any", only
            // IPv4 addresses can be: the second chance of a name whose IPv6 leads nowhere.
            let code = mosquitto_connect_bind_async(
                handle, settings.host, Int32(clamping: settings.port), settings.keepAliveSeconds,
                isIPv4Only ? "0.0.0.0" : nil)
            guard code != MOSQ_ERR_SUCCESS.code else { return }
            throw LinkFault(
                code: code, log: box.log, socketError: code == MOSQ_ERR_ERRNO.code ? errno : 0, settings: settings,
                wasConnected: false)
        }

        /// Reads, writes and keeps alive, without waiting. Returns libmosquitto's result.
        borrowing func turn() -> Int32 {
            guard let socket = descriptor else { return MOSQ_ERR_NO_CONN.code }
            var entry = pollfd(fd: socket, events: Int16(POLLIN | (wantsWrite ? POLLOUT : 0)), revents: 0)
            let ready = poll(&entry, 1, 0)
            if ready > 0, entry.revents & Int16(POLLERR | POLLHUP) != 0 { noteSocketError(socket) }
            var code = MOSQ_ERR_SUCCESS.code
            // Reading comes first: a broker that refuses us says why (a TLS alert) before it closes.
            if ready > 0, entry.revents & Int16(POLLIN | POLLERR | POLLHUP) != 0 {
                code = mosquitto_loop_read(handle, 1)
            }
            if code == MOSQ_ERR_SUCCESS.code, ready > 0, entry.revents & Int16(POLLOUT | POLLERR | POLLHUP) != 0 {
                code = mosquitto_loop_write(handle, 1)
            }
            if code == MOSQ_ERR_SUCCESS.code { code = mosquitto_loop_misc(handle) }
            // The kernel's word counts even where the library overlooks it.
            return code == MOSQ_ERR_SUCCESS.code && box.socketError != 0 ? MOSQ_ERR_CONN_LOST.code : code
        }

        borrowing func wait(milliseconds: Int32) {
            guard let socket = descriptor else { return }
            var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            poll(&entry, 1, milliseconds)
        }

        borrowing func publish(
            topic: String, payload: [UInt8], retain: Bool, tag: String?, at now: Int64
        ) throws(LinkFault) {
            var message: Int32 = 0
            let code = mosquitto_publish(handle, &message, topic, Int32(payload.count), payload, 1, retain)
            try check(code, "publish on \(topic)", advice: "It is sent again on the next connection.")
            box.unanswered[message] = (tag, now)
        }

        borrowing func subscribe(_ topic: String) -> Int32 { mosquitto_subscribe(handle, nil, topic, 1) }

        borrowing func disconnect() { mosquitto_disconnect(handle) }

        private borrowing func noteSocketError(_ socket: Int32) {
            var error: Int32 = 0
            var size = socklen_t(MemoryLayout<Int32>.size)
            if getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0, error != 0 { box.socketError = error }
        }
    }
}
