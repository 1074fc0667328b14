// What a hub published on each of its connections, read off the wire: the order is judged there, because a delayed
// connection may bring its records after those of a newer one.

import Upstream

struct WireTap {
    /// MQTT packets of one connection, and what was seen on it.
    private struct Connection {
        var bytes: [UInt8] = []
        var seen: Set<String> = []
        /// The last sequence of each lane's two passes, "alarm late", "alarm live" ...
        var last: [String: Int64] = [:]
    }

    private var connections: [Int: Connection] = [:]
    /// What should not be, in words.
    private(set) var complaints: [String] = []
    private(set) var publishes = 0

    mutating func take(_ number: Int, _ bytes: ArraySlice<UInt8>) {
        var connection = connections[number] ?? Connection()
        connection.bytes += bytes
        while let packet = Self.packet(&connection.bytes) { judge(packet, number, &connection) }
        connections[number] = connection
    }

    private mutating func judge(_ packet: [UInt8], _ number: Int, _ connection: inout Connection) {
        guard packet[0] >> 4 == 3, let (topic, payload) = Self.publish(packet),
            let (_, message) = try? WireDecoder.decode(topic: topic, payload: payload), let header = message.header
        else { return }
        publishes += 1
        // Only the first time: what is sent again is sent when it is due.
        guard connection.seen.insert(header.id).inserted else { return }
        var lane = message.type
        if case .alert(let alert) = message { lane = alert.event == .raised ? "alarm" : "event" }
        let pass = "\(lane) \(header.late ? "late" : "live")"
        if let before = connection.last[pass], before >= header.sequence {
            complaints.append("connection \(number): \(pass) \(header.sequence) after \(before)")
        }
        connection.last[pass] = header.sequence
    }

    /// Takes a whole packet from the front: fixed header, remaining length, rest (MQTT 5, section 2.1).
    private static func packet(_ bytes: inout [UInt8]) -> [UInt8]? {
        guard let (length, size) = variableInteger(bytes, from: 1), bytes.count >= 1 + size + length else { return nil }
        defer { bytes.removeFirst(1 + size + length) }
        return Array(bytes[..<1] + bytes[(1 + size)..<(1 + size + length)])
    }

    /// QoS 1, MQTT 5: topic, packet id, properties, payload (section 3.3).
    private static func publish(_ packet: [UInt8]) -> (topic: String, payload: [UInt8])? {
        guard packet.count > 3 else { return nil }
        let topicEnd = 3 + Int(packet[1]) << 8 + Int(packet[2])
        guard let (length, size) = variableInteger(packet, from: topicEnd + 2) else { return nil }
        let start = topicEnd + 2 + size + length
        guard start <= packet.count else { return nil }
        return (String(decoding: packet[3..<topicEnd], as: UTF8.self), Array(packet[start...]))
    }

    private static func variableInteger(_ bytes: [UInt8], from start: Int) -> (value: Int, size: Int)? {
        var value = 0
        for size in 1...4 {
            guard bytes.indices.contains(start + size - 1) else { return nil }
            let byte = bytes[start + size - 1]
            value |= Int(byte & 0x7F) << (7 * (size - 1))
            if byte & 0x80 == 0 { return (value, size) }
        }
        return nil
    }
}
