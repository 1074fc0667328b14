// What somebody has answered, and the home.toml that it makes. Pure: text from values.

import Drivers
import LocalRules

struct InitPlan: Sendable {
    struct Meter: Hashable, Sendable {
        var name: String
        var bus: String
        var unit: UInt8
        var profile: String
    }

    struct Input: Hashable, Sendable {
        var name: String
        var kind: InputKind
        var line = ""
    }

    struct Output: Hashable, Sendable {
        var name: String
        var kind: OutputConfiguration.Kind
        var line = ""
    }

    struct Broker: Hashable, Sendable {
        var url: String
        var caFile: String?
        var certificateFile: String?
        var keyFile: String?
        var user: String?
        var passwordFile: String?
        var heartbeat: String
    }

    var id = ""
    var timezone = ""
    var board = BoardDescription.simulated
    /// Nobody has described this board yet: a file for it is written beside the home's.
    var isOwnBoard = false
    var hats: [HatDescription] = []
    var buses: [BusSettings] = []
    var meters: [Meter] = []
    var inputs: [Input] = []
    var outputs: [Output] = []
    var broker: Broker?

    // MARK: Text

    /// The whole file; what is no TOML in it is comments in `language`.
    func text(in language: Language) -> String {
        func say(_ phrase: InitPhrase) -> String { "# \(Message(phrase).text(in: language))\n" }
        var out = say(.initFileHead) + say(.initFileAfter) + "\nschema = 1\n"
        out += section("[home]", home)
        for bus in buses { out += section("[[bus]]", entries(of: bus)) }
        for meter in meters { out += section("[[meter]]", entries(of: meter)) }
        if !inputs.isEmpty, !board.isSimulated { out += "\n" + say(.initFileInputs) }
        for input in inputs { out += section("[[input]]", entries(of: input), remark: remark(input.line, language)) }
        for output in outputs {
            out += section("[[output]]", entries(of: output), remark: remark(output.line, language))
        }
        out += "\n" + say(.initFileRules)
        if let broker { out += section("[upstream]", entries(of: broker)) }
        return out + "\n" + say(.initFileRetest) + section("[re-test]", retests)
    }

    /// The description of a board that has none; nil: it has one.
    func boardText(in language: Language) -> String? {
        guard isOwnBoard else { return nil }
        var entries: [(String, PlainValue)] = [("name", .string(board.name))]
        if let description = board.description { entries.append(("description", .string(description))) }
        if !board.compatible.isEmpty { entries.append(("compatible", .list(board.compatible.map { .string($0) }))) }
        return "# \(Message(InitPhrase.initFileBoard).text(in: language))\n\n"
            + entries.map { "\($0) = \(tomlValue($1))\n" }.joined() + "\n[lines]\n"
    }

    private let retests: [(String, PlainValue)] = [("panic", .string("7d")), ("whole", .string("182d"))]

    private func section(_ title: String, _ entries: [(String, PlainValue)], remark: String? = nil) -> String {
        let lines = entries.map { key, value in
            // Where it is on the header belongs beside the line's name.
            "\(key) = \(tomlValue(value))" + (key == "line" ? remark ?? "" : "") + "\n"
        }
        return "\n\(title)\n" + lines.joined()
    }

    private var home: [(String, PlainValue)] {
        var entries: [(String, PlainValue)] = [
            ("id", .string(id)), ("timezone", .string(timezone)), ("board", .string(board.name)),
        ]
        if !hats.isEmpty { entries.append(("hats", .list(hats.map { .string($0.name) }))) }
        return entries
    }

    private func entries(of bus: BusSettings) -> [(String, PlainValue)] {
        switch bus.transport {
        case .rtu(let port, let baud, let parity, let stopBits):
            [
                ("name", .string(bus.name)), ("kind", .string("rtu")), ("port", .string(port)),
                ("baud", .integer(Int64(baud))), ("parity", .string(parity.rawValue)),
                ("stop-bits", .integer(Int64(stopBits))),
            ]
        case .tcp: [("name", .string(bus.name)), ("kind", .string("tcp")), ("address", .string(bus.place))]
        case .rtuOverTCP:
            [("name", .string(bus.name)), ("kind", .string("rtu-over-tcp")), ("address", .string(bus.place))]
        }
    }

    private func entries(of meter: Meter) -> [(String, PlainValue)] {
        [
            ("name", .string(meter.name)), ("bus", .string(meter.bus)), ("unit", .integer(Int64(meter.unit))),
            ("profile", .string(meter.profile)),
        ]
    }

    private func entries(of input: Input) -> [(String, PlainValue)] {
        var entries: [(String, PlainValue)] = [
            ("name", .string(input.name)), ("kind", .string(input.kind.rawValue)), ("line", .string(input.line)),
        ]
        if input.kind == .service {
            let asked = String(input.name.drop { $0 != "." }.dropFirst())
            entries.append(
                ("request", .string(["meal", "cleaning", "medical"].contains(asked) ? asked : "other")))
        }
        // Nothing is wired to a simulated line: it rests low.
        if !board.isSimulated {
            entries += InitPlan.wiring(of: input.kind)
        } else if input.kind == .mains || input.kind == .battery {
            entries += [("active", .string("high")), ("bias", .string("pull-down"))]
        }
        return entries
    }

    /// As docs/boards/README.md advises to wire it.
    static func wiring(of kind: InputKind) -> [(String, PlainValue)] {
        switch kind {
        // Normally closed to ground: what opens it, be it smoke, a door or a cut wire, reads high.
        case .smoke, .door, .leak, .tamper: [("active", .string("high")), ("bias", .string("pull-up"))]
        // Boards say it by a level of their own; high is commoner. The standard bias makes a broken wire a lost mains.
        case .mains: [("active", .string("high"))]
        // A contact to ground.
        case .panic, .service, .ok, .motion, .visit, .away, .battery, .pulse:
            [("active", .string("low")), ("bias", .string("pull-up"))]
        }
    }

    private func entries(of output: Output) -> [(String, PlainValue)] {
        [
            ("name", .string(output.name)), ("kind", .string(output.kind.rawValue)), ("line", .string(output.line)),
        ]
    }

    private func entries(of broker: Broker) -> [(String, PlainValue)] {
        let files: [(String, String?)] = [
            ("ca-file", broker.caFile), ("certificate-file", broker.certificateFile), ("key-file", broker.keyFile),
            ("user", broker.user), ("password-file", broker.passwordFile),
        ]
        return [("broker", .string(broker.url)), ("heartbeat", .string(broker.heartbeat))]
            + files.compactMap { key, value in value.map { (key, .string($0)) } }
    }

    private func remark(_ line: String, _ language: Language) -> String? {
        board.pins[line].map { "  # " + Message(InitPhrase.initPin, "\($0)").text(in: language) }
    }
}
