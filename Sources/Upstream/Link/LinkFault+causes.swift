// From libmosquitto's, OpenSSL's and the kernel's words to what a person can do.

import CMosquitto
import Glibc

extension LinkFault {
    /// `code` is a libmosquitto result; `log` what it said meanwhile; `socketError` the socket's errno, or 0.
    init(code: Int32, log: [String], socketError: Int32, settings: LinkSettings, wasConnected: Bool) {
        let broker = "broker \(settings.host):\(settings.port)"
        if let fault = LinkFault.tls(log, settings: settings, broker: broker) {
            self = fault
        } else if code == MOSQ_ERR_EAI.code {
            self.init(
                kind: .unreachable, message: "\(broker): the name cannot be resolved",
                advice: "Check [upstream] broker for a typing error, and the hub's network and DNS.")
        } else if socketError == ECONNREFUSED {
            self.init(
                kind: .unreachable, message: "\(broker) refused the connection: nobody listens there",
                advice: "Check the port in [upstream] broker, and that the broker runs.")
        } else if socketError == EPROTO, settings.tls != nil {
            // libmosquitto's word for a broker that closed while we were still writing: its alert is lost.
            self.init(
                kind: settings.tls?.certificateFile == nil ? .untrusted : .denied,
                message: "\(broker) ended the TLS handshake without saying why",
                advice: "Check certificate-file and key-file in [upstream] with whoever runs the broker, and that the "
                    + "port speaks TLS; the next attempt may say more.", certificate: .wanted)
        } else if socketError != 0, wasConnected || socketError != ECONNRESET && socketError != EPIPE {
            self.init(
                kind: wasConnected ? .lost : .unreachable,
                message: "\(broker): \(String(cString: strerror(socketError)))",
                advice: "Check the hub's network; the agent goes on trying.")
        } else if code == MOSQ_ERR_TLS.code {
            self.init(
                kind: .untrusted, message: "\(broker): TLS failed: \(log.last ?? "no reason given")",
                advice: "Check that the port speaks TLS, and the files in [upstream].")
        } else if wasConnected {
            self.init(
                kind: .lost, message: "\(broker): connection lost: \(String(cString: mosquitto_strerror(code)))",
                advice: "The agent connects again by itself; if it recurs, check network and broker.")
        } else {
            self.init(
                kind: .unreachable,
                message: "\(broker): no MQTT connection: \(String(cString: mosquitto_strerror(code)))",
                advice: settings.tls == nil
                    ? "If the broker wants TLS, write mqtts:// in [upstream] broker."
                    : "Check that the port speaks MQTT over TLS, and that the client certificate is accepted.")
        }
    }

    /// Certificate trouble, told by OpenSSL only through the log.
    private static func tls(_ log: [String], settings: LinkSettings, broker: String) -> LinkFault? {
        func says(_ words: String) -> Bool { log.contains { $0.contains(words) } }
        if says("host name verification failed") {
            return LinkFault(
                kind: .untrusted, message: "\(broker): its certificate is for another host name",
                advice: "Use the name in the certificate in [upstream] broker, or give the broker a certificate "
                    + "for '\(settings.host)'.", certificate: .otherName)
        }
        if says("certificate verify failed") {
            return LinkFault(
                kind: .untrusted,
                message: "\(broker): its certificate is not signed by a known authority, or has expired",
                advice: "Put the right authority into [upstream] ca-file, and check the hub's clock.",
                certificate: .untrusted)
        }
        // The broker's word about ours, as a TLS alert (RFC 8446, section 6).
        for (alert, why) in [("certificate revoked", "it has been revoked"), ("certificate expired", "it has expired")]
        where says("alert \(alert)") {
            return LinkFault(
                kind: .denied, message: "\(broker) does not accept the hub's certificate: \(why)",
                advice: "Ask whoever runs the broker for a new one, for certificate-file and key-file in [upstream].",
                certificate: .ended)
        }
        if says("certificate required") || says("handshake failure") || says("alert bad certificate")
            || says("unknown ca")
        {
            return LinkFault(
                kind: .denied, message: "\(broker) does not accept the hub's certificate",
                advice: "Check certificate-file and key-file in [upstream] with whoever runs the broker.",
                certificate: .wanted)
        }
        return nil
    }

    /// The broker's CONNACK said no. Codes below 128 are MQTT 3.1.1's (section 3.2.2.3), others MQTT 5's (3.2.2.2).
    init(connack code: Int32, settings: LinkSettings) {
        let broker = "broker \(settings.host):\(settings.port)"
        switch code {
        case 4, 5, 134, 135:
            self.init(
                kind: .denied, message: "\(broker) refused the user name or password",
                advice: settings.user == nil && settings.passwordFile != nil
                    ? "Check the access token in [upstream] password-file."
                    : settings.tls?.certificateFile == nil
                        ? "Check [upstream] user and password-file, and the broker's list of users."
                        : "Check certificate-file, user and password-file in [upstream], and the broker's list of users."
            )
        case 2, 133:
            self.init(
                kind: .denied, message: "\(broker) refused the client id '\(settings.clientID)'",
                advice: "Check [home] id, and the broker's rules for client ids.")
        case 138:
            self.init(
                kind: .denied, message: "\(broker) has banned this hub",
                advice: "Ask whoever runs the broker.")
        default:
            let reason = code < 128 ? mosquitto_connack_string(code) : mosquitto_reason_string(code)
            self.init(
                kind: .unreachable,
                message: "\(broker) refused the connection: \(reason.map { String(cString: $0) } ?? "code \(code)")",
                advice: "The agent goes on trying; if it lasts, ask whoever runs the broker.")
        }
    }
}

extension mosq_err_t {
    /// As functions return it.
    var code: Int32 { Int32(bitPattern: UInt32(bitPattern: Int32(rawValue))) }
}
