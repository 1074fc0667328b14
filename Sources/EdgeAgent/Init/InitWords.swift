// How answers are written, and what is wrong with one. Pure.

import Drivers
import LocalRules

/// What was said on the command line; nil: nothing.
struct InitAnswers: Sendable {
    var id: String?
    var timezone: String?
    var board: String?
    var hats: [String]?
    var ports: [String]?
    var meters: [String]?
    /// Whether the ports are scanned.
    var scans: Bool?
    var inputs: [String]?
    var outputs: [String]?
    var broker: String?
    var caFile: String?
    var certificateFile: String?
    var keyFile: String?
    var user: String?
    var passwordFile: String?
    var heartbeat: String?

    /// What nobody can be asked for, and nobody has said.
    var missing: [String] {
        let said: [(String, Bool)] = [
            ("--id", id != nil), ("--timezone", timezone != nil), ("--board", board != nil), ("--port", ports != nil),
            ("--scan or --meter", scans != nil || meters != nil || ports.map(InitWords.isNone) == true),
            ("--input", inputs != nil), ("--alarm", outputs != nil), ("--broker", broker != nil),
        ]
        return said.filter { !$0.1 }.map(\.0)
    }
}

enum InitWords {
    /// As an answer: there is none of it.
    static let none = "-"

    /// As an answer: a board that nobody has described yet.
    static let ownBoard = "other"

    /// What is known of it: what it calls itself. Its lines are named as the kernel names them.
    static func board(of facts: BoardFacts) -> BoardDescription {
        let title = facts.compatible.first?.split(separator: ",").last.map { String($0) } ?? ""
        var board = BoardDescription(name: isName(title) ? title : "my-board", isSimulated: false, lines: [:])
        board.description = facts.model
        board.compatible = Array(facts.compatible.prefix(1))
        return board
    }

    static func isNone(_ text: String) -> Bool { [none, "none", "no", "无", "没有"].contains(text) }
    static func isNone(_ list: [String]) -> Bool { list.isEmpty || list.count == 1 && isNone(list[0]) }

    static func isYes(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "y", "yes", "是", "好": true
        case "n", "no", "否", "不": false
        default: nil
        }
    }

    /// "bedroom hall", "bedroom, hall", "卧室、走廊"
    static func list(_ text: String) -> [String] {
        isNone(text) ? [] : text.split { " ,\t，、".contains($0) }.map { String($0) }
    }

    /// The same for words that have commas inside.
    static func words(_ text: String) -> [String] {
        isNone(text) ? [] : text.split(separator: " ").map { String($0) }
    }

    /// Names in files and topics are plain; installers write rooms as they say them.
    private static let rooms = [
        "卧室": "bedroom", "主卧": "bedroom", "次卧": "bedroom-2", "客厅": "living", "厨房": "kitchen", "卫生间": "bathroom",
        "浴室": "bathroom", "厕所": "toilet", "走廊": "hall", "过道": "hall", "书房": "study", "阳台": "balcony",
        "餐厅": "dining", "大门": "front", "入户门": "front", "前门": "front", "后门": "back", "床头": "bedside",
    ]

    static func room(_ text: String) -> String { rooms[text] ?? text }

    /// As a configuration takes names.
    static func isName(_ text: String, dots: Bool = true) -> Bool {
        !text.isEmpty && text.utf8.count <= ConfigurationLimits.nameBytes && text.first != "." && text.last != "."
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0) || dots && $0 == ".") }
    }

    // MARK: What is wrong with an answer; nil: nothing

    static func problem(withID text: String) -> Message? {
        // Whoever writes a name or an address writes spaces, characters or a telephone number.
        let digits = text.split { !$0.isNumber }.map(\.count).max() ?? 0
        if text.contains(" ") || text.contains("@") || text.contains(where: { !$0.isASCII }) || digits >= 11 {
            return Message(InitPhrase.initIDPersonal)
        }
        return isName(text) ? nil : Message(InitPhrase.initBadName, text)
    }

    static func problem(withBroker text: String) -> Message? {
        if isNone(text) { return nil }
        if case .failure(let problem) = BrokerAddress.parse(text) {
            return Message(InitPhrase.initBadBroker, text, problem.advice)
        }
        return nil
    }

    static func problem(withHeartbeat text: String) -> Message? {
        let span = Span.parse(text)
        return span.map(ConfigurationLimits.heartbeat.contains) == true
            ? nil : Message(InitPhrase.initBadHeartbeat, text)
    }

    static func problem(withFile text: String) -> Message? {
        if isNone(text) || text.hasPrefix(ConfigurationLoader.credentialsFolder) { return nil }
        do {
            _ = try readSmallFile(text)
            return nil
        } catch {
            return Message(InitPhrase.initBadFile, text, error.message)
        }
    }

    // MARK: Parts

    /// "motion.bedroom=GPIO17": the kind begins the name.
    static func input(_ text: String) -> InitPlan.Input? {
        let parts = text.split(separator: "=", maxSplits: 1).map { String($0) }
        guard let name = parts.first, isName(name), let kind = InputKind(rawValue: String(name.prefix { $0 != "." })),
            // A counter of pulses needs to know what a pulse is.
            kind != .pulse
        else { return nil }
        return InitPlan.Input(name: name, kind: kind, line: parts.count == 2 ? parts[1] : "")
    }

    /// "siren", "siren.hall=RELAY1"
    static func output(_ text: String) -> InitPlan.Output? {
        let parts = text.split(separator: "=", maxSplits: 1).map { String($0) }
        guard let name = parts.first, isName(name),
            let kind = OutputConfiguration.Kind(rawValue: String(name.prefix { $0 != "." }))
        else { return nil }
        return InitPlan.Output(name: name, kind: kind, line: parts.count == 2 ? parts[1] : "")
    }

    /// "/dev/ttyUSB0", "/dev/ttyUSB0,4800,even,1", "192.168.1.20:502", "rtu-over-tcp:192.168.1.20:4001"; `name` is the bus's.
    static func bus(_ text: String, name: String) -> BusSettings? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0) }
        guard parts[0].hasPrefix("/") else { return parts.count == 1 ? gateway(text, name: name) : nil }
        let baud = parts.count > 1 ? Int(parts[1]) : ConfigurationDefaults.baud
        let parity = parts.count > 2 ? BusSettings.Parity(rawValue: parts[2]) : ConfigurationDefaults.parity
        let stopBits = parts.count > 3 ? Int(parts[3]) : ConfigurationDefaults.stopBits
        guard parts.count <= 4, let baud, BusSettings.bauds.contains(baud), let parity, let stopBits,
            (1...2).contains(stopBits)
        else { return nil }
        return BusSettings(
            name: name, transport: .rtu(port: parts[0], baud: baud, parity: parity, stopBits: stopBits))
    }

    private static func gateway(_ text: String, name: String) -> BusSettings? {
        let prefix = "rtu-over-tcp:"
        let isTransparent = text.hasPrefix(prefix)
        guard let (host, port) = gatewayAddress(isTransparent ? String(text.dropFirst(prefix.count)) : text) else {
            return nil
        }
        return BusSettings(
            name: name, transport: isTransparent ? .rtuOverTCP(host: host, port: port) : .tcp(host: host, port: port))
    }

    /// "water=5,generic-water-u32", "water=5,generic-water-u32,rs485-2"
    static func meter(_ text: String, bus: String) -> InitPlan.Meter? {
        let halves = text.split(separator: "=", maxSplits: 1).map { String($0) }
        guard halves.count == 2, isName(halves[0], dots: false) else { return nil }
        let parts = halves[1].split(separator: ",").map { String($0) }
        guard (2...3).contains(parts.count), let unit = UInt8(parts[0]),
            ConfigurationLimits.unitID.contains(Int64(unit))
        else { return nil }
        return InitPlan.Meter(
            name: halves[0], bus: parts.count == 3 ? parts[2] : bus, unit: unit, profile: parts[1])
    }
}
