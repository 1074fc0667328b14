// What is asked of a link to a broker, and what it tells.

/// Where the broker is and how to be let in.
package struct LinkSettings: Sendable, Hashable {
    package struct TLS: Sendable, Hashable {
        /// PEM file of the authorities that are trusted; nil: the system's.
        package var authorityFile: String?
        /// PEM files of the client's certificate and its unencrypted key; both or neither.
        package var certificateFile: String?
        package var keyFile: String?

        package init(authorityFile: String?, certificateFile: String?, keyFile: String?) {
            self.authorityFile = authorityFile
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    /// A name or address; with TLS, the name in the broker's certificate.
    package var host: String
    package var port: Int
    /// nil: without TLS.
    package var tls: TLS?
    package var user: String?
    /// Read at each connect, so that a corrected password needs no restart. Without a user it holds an access token, which
    /// is sent in place of the user's name.
    package var passwordFile: String?
    /// "edge-<home>": the broker ends an older connection of the same id.
    package var clientID: String
    /// Subscribed with QoS 1 at each connect.
    package var subscriptions: [String]
    package var keepAliveSeconds = UpstreamLimits.keepAliveSeconds
    /// What a broker kept for whoever subscribes is told as a warning, and not as a message: for who takes orders.
    package var ignoresRetained = false

    package init(
        host: String, port: Int, tls: TLS? = nil, user: String? = nil, passwordFile: String? = nil,
        clientID: String, subscriptions: [String]
    ) {
        self.host = host
        self.port = port
        self.tls = tls
        self.user = user
        self.passwordFile = passwordFile
        self.clientID = clientID
        self.subscriptions = subscriptions
    }
}

/// A retained message: the status, or the last will that the broker publishes when it loses us.
package struct RetainedMessage: Sendable, Hashable {
    package var topic: String
    package var payload: [UInt8]
    package init(topic: String, payload: [UInt8]) {
        self.topic = topic
        self.payload = payload
    }
}

/// Why a link is not there, for people.
package struct LinkFault: Error, Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case unreachable  // name, network, nobody listening: retried
        case untrusted  // TLS: retried, but a person must act
        case denied  // user, password, certificate, rights: retried, but a person must act
        case lost  // was connected, or the broker misbehaved: retried
        case unusable  // what was asked for cannot be done (a file is missing, a payload too large)
    }
    /// What of TLS it is, where that is known.
    package enum Certificate: Sendable, Hashable {
        /// The broker's is for another host name.
        case otherName
        /// The broker's is of an authority that we do not know, or has expired: OpenSSL says the same of both.
        case untrusted
        /// The broker wants one of the hub's, or another than that.
        case wanted
        /// The hub's was revoked or has expired.
        case ended
    }

    package var kind: Kind
    /// "broker example.org:8883 refused the user name or password"
    package var message: String
    package var advice: String
    package var certificate: Certificate?

    package init(kind: Kind, message: String, advice: String, certificate: Certificate? = nil) {
        self.kind = kind
        self.message = message
        self.advice = advice
        self.certificate = certificate
    }

    package static func oversized(topic: String, bytes: Int) -> LinkFault {
        LinkFault(
            kind: .unusable, message: "\(topic): a message of \(bytes) bytes was ignored",
            advice: "Send at most \(UpstreamLimits.incomingBytes) bytes.")
    }

    package static func retained(topic: String) -> LinkFault {
        LinkFault(
            kind: .unusable, message: "\(topic): a retained message was ignored",
            advice: "What asks a hub for something must be sent without the retain flag: it is meant for now.")
    }
}

/// What a link tells, in order.
package enum LinkEvent: Sendable, Hashable {
    case connected
    /// The connection could not be made. Wait (Backoff), then connect again.
    case refused(LinkFault)
    /// The connection was there and is not any more. Wait, then connect again.
    case disconnected(LinkFault)
    case message(topic: String, payload: [UInt8])
    /// A message that was too large to be taken in.
    case oversized(topic: String, bytes: Int)
    /// The broker has answered a publish that had this tag.
    case published(tag: String, isRefused: Bool)
    /// The broker has taken a publish that had this tag and thrown it away: nobody has subscribed (MQTT 5, 3.4.2.1).
    /// Comes after its `published`.
    case unheard(tag: String)
    /// Something is refused while the connection stays: worth telling a person.
    case warning(LinkFault)
}
