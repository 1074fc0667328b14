// [upstream]: the broker, the second one, and how the hub proves to them who it is.

import Drivers
import LocalRules
import Upstream

extension HomeInterpreter {
    /// The first broker, and the second.
    mutating func readUpstream(
        _ root: TableReader<RootKey>
    ) -> (first: UpstreamConfiguration?, fallback: UpstreamConfiguration?) {
        guard let reader = root.subtable(.upstream, UpstreamKey.self) else { return (nil, nil) }
        let heartbeat = reader.span(.heartbeat, in: ConfigurationLimits.heartbeat) ?? ConfigurationDefaults.heartbeat
        let profile = readProfile(reader)
        let spread =
            reader.span(.spread, in: ConfigurationLimits.reconnectSpread) ?? ConfigurationDefaults.upstreamSpread
        var first = readBroker(reader, like: nil, profile.kind)
        first?.heartbeat = heartbeat
        first?.readings = profile.readings
        first?.acknowledgement = profile.acknowledgement
        first?.spread = spread
        first?.commandKeyFile = path(.commandKey, as: .publicKey, reader)
        if first != nil { checkHeartbeat(reader, heartbeat) }
        guard let second = reader.subtable(.fallback, FallbackKey.self, form: "[upstream.fallback]") else {
            return (first, nil)
        }
        let fallback = readBroker(second, like: first, .native)
        if let first, let fallback, first.host == fallback.host, first.port == fallback.port {
            second.report(
                .sameBroker, .broker, "this is the first broker again: what it does not do, it does not do twice",
                advice: "another broker, at best of another provider")
        }
        return (first, fallback)
    }

    /// - Parameter first: what the second broker takes over where nothing is written. Credentials never: they are for
    ///   one broker.
    private mutating func readBroker<Key: BrokerKey>(
        _ reader: TableReader<Key>, like first: UpstreamConfiguration?, _ profile: ProfileKind
    ) -> UpstreamConfiguration? {
        reader.require(.broker, advice: "such as \"mqtts://broker.example:8883\"")
        let broker = broker(reader)
        let prefix = topicPrefix(reader) ?? first?.topicPrefix ?? ConfigurationDefaults.topicPrefix
        let encoding = reader.word(.encoding, of: WireEncoding.self) ?? first?.encoding ?? .protobuf
        let acknowledgement =
            reader.word(.ack, of: AcknowledgementMode.self)
            // The second broker hears the native contract, whatever the first one speaks.
            ?? (first?.profile == .native ? first?.acknowledgement : nil) ?? .application
        let caFile = path(.caFile, reader)
        let certificateFile = path(.certificateFile, reader)
        let keyFile = path(.keyFile, reader)
        let passwordFile = path(.passwordFile, reader)
        let user = reader.text(.user)
        checkCredentials(reader, profile)
        guard let broker else { return nil }
        checkEncryption(reader, broker)
        return UpstreamConfiguration(
            host: broker.host, port: broker.port, usesTLS: broker.usesTLS, topicPrefix: prefix, encoding: encoding,
            heartbeat: first?.heartbeat ?? ConfigurationDefaults.heartbeat,
            readings: first?.readings ?? ConfigurationDefaults.readings,
            spread: first?.spread ?? ConfigurationDefaults.upstreamSpread, acknowledgement: acknowledgement,
            caFile: caFile, certificateFile: certificateFile, keyFile: keyFile, user: user, passwordFile: passwordFile,
            profile: profile)
    }

    private func broker<Key: BrokerKey>(_ reader: TableReader<Key>) -> BrokerAddress? {
        guard let text = reader.text(.broker) else { return nil }
        switch BrokerAddress.parse(text) {
        case .success(let address): return address
        case .failure(let problem):
            reader.report(.badAddress, .broker, "\"\(text)\" \(problem.message)", advice: problem.advice)
            return nil
        }
    }

    private func topicPrefix<Key: BrokerKey>(_ reader: TableReader<Key>) -> String? {
        guard let prefix = reader.text(.topicPrefix) else { return nil }
        let levels = prefix.split(separator: "/", omittingEmptySubsequences: false)
        let isTopic =
            prefix.utf8.count <= ConfigurationLimits.nameBytes && !prefix.hasPrefix("$")
            && levels.allSatisfy { level in !level.isEmpty && level.allSatisfy { $0 != "+" && $0 != "#" && $0 != " " } }
        if !isTopic {
            reader.report(
                .badName, .topicPrefix, "\"\(prefix)\" cannot begin a topic",
                advice: "words with \"/\" between them; no \"+\", \"#\", \"$\" or space, no \"/\" at either end")
        }
        return prefix
    }

    /// A file's path, made absolute, and remembered as one that must be there.
    private mutating func path<Key: BrokerKey>(
        _ key: Key, as use: FileReference.Use = .credential, _ reader: TableReader<Key>
    ) -> String? {
        guard let text = reader.text(key) else { return nil }
        let path = text.hasPrefix("/") ? text : "\(folder)/\(text)"
        refer(to: path, as: use, reader, key)
        return path
    }

    private func checkCredentials<Key: BrokerKey>(_ reader: TableReader<Key>, _ profile: ProfileKind) {
        func needs(_ key: Key, _ other: Key, _ why: String) {
            guard reader.has(key), !reader.has(other) else { return }
            reader.report(
                .credentialsIncomplete, key, "\"\(key.rawValue)\" without \"\(other.rawValue)\": \(why)",
                advice: "add \(other.rawValue), or remove \(key.rawValue)")
        }
        needs(.certificateFile, .keyFile, "a certificate proves nothing without its key")
        needs(.keyFile, .certificateFile, "a key proves nothing without its certificate")
        needs(.user, .passwordFile, "the broker would be told no password")
        // Without a user the file holds an access token, which ThingsBoard takes for a user's name.
        if profile != .thingsBoard { needs(.passwordFile, .user, "the broker would not know whose password it is") }
    }

    private func checkHeartbeat(_ reader: TableReader<UpstreamKey>, _ heartbeat: Span) {
        let slow = ConfigurationLimits.slowHeartbeat
        guard heartbeat > slow else { return }
        reader.report(
            .heartbeatSlow, .heartbeat, "a hub that is dead is missed only after \(heartbeat.text())",
            advice: "\(slow.text()) or less; the standard is \(ConfigurationDefaults.heartbeat.text())")
    }

    private func checkEncryption<Key: BrokerKey>(_ reader: TableReader<Key>, _ broker: BrokerAddress) {
        guard !broker.usesTLS else { return }
        for key in [Key.caFile, .certificateFile, .keyFile] where reader.has(key) {
            reader.report(
                .tlsContradiction, key, "mqtt:// is not encrypted, so that \"\(key.rawValue)\" means nothing",
                advice: "write mqtts://, or remove \(key.rawValue)")
        }
        if !broker.isLoopback {
            reader.report(
                .notEncrypted, .broker,
                "alarms\(reader.has(.user) ? " and the password" : "") cross the network readable for anybody",
                advice: "write mqtts://")
        }
    }
}

/// Where a broker is: "mqtts://host:8883".
struct BrokerAddress: Hashable, Sendable {
    var host: String
    var port: Int
    var usesTLS: Bool

    /// What is wrong with a URL, to stand behind the URL itself.
    struct Problem: Error, Hashable, Sendable {
        var message: String
        var advice: String
    }

    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    /// The port is 1883 for mqtt and 8883 for mqtts unless it is written. IPv6 addresses stand in brackets.
    static func parse(_ text: String) -> Result<BrokerAddress, Problem> {
        let schemes = [("mqtts://", true), ("mqtt://", false)]
        guard let (scheme, usesTLS) = schemes.first(where: { text.hasPrefix($0.0) }) else {
            return .failure(
                Problem(
                    message: "begins with neither mqtts:// nor mqtt://",
                    advice: "such as \"mqtts://broker.example:8883\""))
        }
        let rest = text.dropFirst(scheme.count)
        guard !rest.contains("@") else {
            return .failure(
                Problem(
                    message: "holds a user or password",
                    advice: "use the keys user and password-file, so that no secret stands in this file"))
        }
        let isBracketed = rest.hasPrefix("[")
        let hostEnd = isBracketed ? rest.firstIndex(of: "]") : rest.firstIndex(of: ":") ?? rest.endIndex
        guard let hostEnd else {
            return .failure(Problem(message: "has no end of its address", advice: "such as \"mqtts://[fd00::1]:8883\""))
        }
        let host = isBracketed ? rest[rest.index(after: rest.startIndex)..<hostEnd] : rest[..<hostEnd]
        let behind = isBracketed ? rest[rest.index(after: hostEnd)...] : rest[hostEnd...]
        let allowed =
            isBracketed
            ? "0123456789abcdefABCDEF:." : "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_"
        // 253 bytes is the longest name that DNS has.
        guard !host.isEmpty, host.utf8.count <= 253, host.allSatisfy({ allowed.contains($0) }) else {
            return .failure(
                Problem(message: "has no good host name", advice: "a name or an address and a port, nothing behind it"))
        }
        let standard = usesTLS ? ConfigurationDefaults.upstreamPort.tls : ConfigurationDefaults.upstreamPort.plain
        guard let port = behind.isEmpty ? standard : behind.hasPrefix(":") ? portNumber(behind.dropFirst()) : nil else {
            return .failure(
                Problem(
                    message: "has no good port", advice: "a number from 1 to 65535 behind the colon, nothing after it"))
        }
        return .success(BrokerAddress(host: String(host), port: port, usesTLS: usesTLS))
    }
}
