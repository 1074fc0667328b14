// Before a client connects: its callbacks, its credentials, its TLS.

import CMosquitto
import Glibc

extension MosquittoLink.Client {
    private static func box(_ context: UnsafeMutableRawPointer?) -> Box? {
        context.map { Unmanaged<Box>.fromOpaque($0).takeUnretainedValue() }
    }

    borrowing func setCallbacks() {
        mosquitto_connect_v5_callback_set(handle) { _, context, code, _, _ in
            Self.box(context)?.news.append(.connack(code))
        }
        mosquitto_publish_v5_callback_set(handle) { _, context, message, code, _ in
            guard let box = Self.box(context) else { return }
            let tag = box.unanswered.removeValue(forKey: message)?.tag
            box.news.append(.published(tag: tag, isRefused: code >= 128))
            if let tag, code == MQTT_RC_NO_MATCHING_SUBSCRIBERS.rawValue { box.news.append(.unheard(tag: tag)) }
        }
        mosquitto_message_callback_set(handle) { _, context, message in
            guard let box = Self.box(context), let message = message?.pointee, let topic = message.topic else { return }
            // A broker keeps it for whoever comes: what it asks for was asked at another time.
            guard !message.retain || !box.ignoresRetained else {
                box.news.append(.retained(topic: String(cString: topic)))
                return
            }
            let count = Int(message.payloadlen)
            guard count <= UpstreamLimits.incomingBytes else {
                box.news.append(.oversized(topic: String(cString: topic), count: count))
                return
            }
            let payload = UnsafeRawBufferPointer(start: message.payload, count: count)
            box.news.append(.message(topic: String(cString: topic), payload: Array(payload)))
        }
        mosquitto_subscribe_callback_set(handle) { _, context, _, count, granted in
            guard let granted, count > 0 else { return }
            let isRefused = (0..<Int(count)).contains { granted[$0] >= 128 }
            if isRefused { Self.box(context)?.news.append(.subscriptionRefused) }
        }
        mosquitto_log_callback_set(handle) { _, context, level, text in
            guard let box = Self.box(context), let text, level & MOSQ_LOG_ERR != 0 else { return }
            if box.log.count < UpstreamLimits.logLines { box.log.append(String(cString: text)) }
        }
    }

    borrowing func setCredentials(_ settings: LinkSettings) throws(LinkFault) {
        let secret = try settings.passwordFile.map(Self.password)
        guard let user = settings.user ?? secret else { return }
        let password = settings.user == nil ? nil : secret
        try check(
            mosquitto_username_pw_set(handle, user, password), "user name and password",
            advice: "Both must be plain text in UTF-8.")
    }

    borrowing func setTLS(_ settings: LinkSettings) throws(LinkFault) {
        guard let tls = settings.tls else { return }
        let files = [
            ("ca-file", tls.authorityFile), ("certificate-file", tls.certificateFile), ("key-file", tls.keyFile),
        ]
        for case (let key, let path?) in files where access(path, R_OK) != 0 {
            throw LinkFault(
                kind: .unusable, message: "[upstream] \(key): \(path): \(String(cString: strerror(errno)))",
                advice: "The file must exist and be readable for the agent's user.")
        }
        let code = mosquitto_tls_set(
            handle, tls.authorityFile, tls.authorityFile == nil ? "/etc/ssl/certs" : nil, tls.certificateFile,
            tls.keyFile,
            // A key with a pass phrase would make OpenSSL ask on the terminal and wait for ever.
            { _, _, _, _ in 0 })
        try check(
            code, "TLS files",
            advice: "ca-file, certificate-file and key-file in [upstream] must be PEM files, "
                + "the last two both or neither.")
        // Without this, TLS 1.1 would do before libmosquitto 2.0.16.
        try check(
            mosquitto_tls_opts_set(handle, 1, "tlsv1.2", nil), "TLS options",
            advice: "This libmosquitto lacks TLS 1.2; install a newer one.")
    }

    /// Turns a result of the library into an error that names what was asked for.
    borrowing func check(_ code: Int32, _ what: String, advice: String) throws(LinkFault) {
        guard code != MOSQ_ERR_SUCCESS.code else { return }
        throw LinkFault(
            kind: .unusable, message: "\(what): \(String(cString: mosquitto_strerror(code)))", advice: advice)
    }

    /// The first line of the file.
    private static func password(path: String) throws(LinkFault) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw LinkFault(
                kind: .unusable, message: "[upstream] password-file: \(path): \(String(cString: strerror(errno)))",
                advice: "The file must exist and be readable for the agent's user, and hold the password alone.")
        }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: UpstreamLimits.passwordBytes)
        let count = read(descriptor, &buffer, buffer.count)
        let line = buffer.prefix(max(count, 0)).prefix { $0 != 0x0A && $0 != 0x0D }
        return String(decoding: line, as: UTF8.self)
    }
}
