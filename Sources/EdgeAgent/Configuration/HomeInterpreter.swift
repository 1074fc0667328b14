// From TOML tables to a HomeConfiguration. Decides everything, reads no file and asks nobody: the loader
// brings the tables. It never stops at the first error; what cannot be made is left out and has been reported.

import Drivers
import LocalRules

/// One home being interpreted. The parts are in HomeInterpreter+….swift, in the order of the file.
struct HomeInterpreter {
    /// As it is named in messages.
    let file: String
    /// Absolute; file names in the configuration start from here.
    let folder: String
    let descriptions: Descriptions
    let log: IssueLog

    // What the parts leave for each other.
    var board: BoardDescription?
    var buses: [BusConfiguration] = []
    /// Names of all buses as written, so that one with another error is not called unknown as well.
    var busNames: [String] = []
    var units: [MeasurementUnit?] = []
    var scales: [Scale?] = []
    var maxRates: [Int64?] = []
    var signals: [SignalModel] = []
    var details: [SignalDetail] = []
    /// By name; nil for one that is missing or has errors, which have been reported.
    var profiles: [String: MeterProfile?] = [:]
    /// Meters and inputs that could not be made: what refers to them is not called unknown as well.
    var brokenOwners: Set<String> = []
    /// By kernel line, and what uses it.
    var takenLines: [String: String] = [:]
    /// By kernel line, and which bus has its port there.
    var portLines: [String: String] = [:]
    /// Lines of a bus that several HATs share: none of them is free for the home.
    var sharedLines: [String: String] = [:]
    var hats: [String] = []
    /// By the name at the terminal.
    var terminals: [String: HatTerminal] = [:]
    /// In the order of the file.
    var writtenRules: [WrittenRule] = []
    /// Files that must exist for the agent to work, for the loader to check.
    var files: [FileReference] = []

    /// What rules need to know of a signal beyond its model.
    struct SignalDetail {
        /// nil for inputs.
        var poll: Span?
        /// Base units in one count, where the register counts; nil for inputs and floating point.
        var step: Scale?
        /// What a service input asks for.
        var request: String?
        /// Where its name stands, for notes.
        var place: Located<String>
    }

    struct FileReference {
        enum Use { case credential, publicKey, timezone }
        var path: String
        var use: Use
        var place: Located<String>
    }

    /// Where the system keeps its time zones, one file each.
    static let zoneFolder = "/usr/share/zoneinfo"

    init(file: String, folder: String, descriptions: Descriptions, log: IssueLog) {
        self.file = file
        self.folder = folder
        self.descriptions = descriptions
        self.log = log
    }

    /// nil only for a schema that this version cannot read; else look into the log.
    mutating func interpret(_ root: TomlTable) -> HomeConfiguration? {
        // A newer schema may have any key: nothing else is worth reporting then.
        guard hasSupportedSchema(root) else { return nil }
        let reader = TableReader<RootKey>(root, file: file, path: "", log: log)
        reader.require(.schema, advice: "write schema = 1 at the top")
        reader.require(.home, advice: "[home] with id, timezone and board")
        let homeReader = reader.subtable(.home, HomeKey.self)
        let home = readHome(homeReader)
        readBuses(reader)
        readMeters(reader)
        let inputs = readInputs(reader)
        let outputs = readOutputs(reader)
        let rules = readRules(reader)
        let (upstream, fallback) = readUpstream(reader)
        let escalation = readEscalation(reader, outputs: outputs, upstream: upstream, hasFallback: fallback != nil)

        var configuration = HomeConfiguration(
            homeID: home.id, timezone: home.timezone, board: home.board, hats: hats,
            hasSimulatedLines: board?.isSimulated ?? false, buses: buses.map { planPowerSaving($0, rules) },
            inputs: inputs, outputs: outputs.map { $0.following(escalation) },
            home: HomeModel(
                signals: signals, rules: rules, escalation: escalation,
                quiet: homeReader?.hours(.quiet).map { DailyHours(from: $0.from, until: $0.until) },
                hasSounder: outputs.contains { $0.kind == .siren || $0.kind == .buzzer }, seed: checksum(home.id),
                reTest: readReTest(reader)),
            scales: scales, units: units, maxRates: maxRates, upstream: upstream, fallback: fallback, warnings: [],
            normalisedText: "",
            hash: "")
        reportGaps(reader, of: configuration)
        lint(configuration.home, reader)
        configuration.normalisedText = tomlText(normalised(configuration))
        configuration.hash = fnv1a64(configuration.normalisedText)
        return configuration
    }

    private func hasSupportedSchema(_ root: TomlTable) -> Bool {
        guard let entry = root[RootKey.schema.rawValue] else { return true }
        if case .integer(1) = entry.value.content { return true }
        log.report(
            .unsupportedSchema, file: file, at: entry.value.position, key: RootKey.schema.rawValue,
            "this version of the agent reads schema 1 only",
            advice: "write schema = 1, a number without quotes, or install a newer agent")
        return false
    }

    private mutating func readHome(_ reader: TableReader<HomeKey>?) -> (id: String, timezone: String, board: String) {
        guard let reader else { return ("", "", "") }
        reader.require(.id, advice: "an opaque identifier such as \"zs-zhuyuan-0012\"; no name, no address")
        reader.require(.timezone, advice: "an IANA name such as \"Asia/Shanghai\"")
        reader.require(
            .board, advice: "a description in board-configs/boards, such as \"raspberry-pi-5\", or \"simulated\"")
        let timezone = reader.text(.timezone)
        if let timezone { checkTimezone(timezone, reader) }
        let boardName = reader.name(.board)
        if let boardName { board = board(named: boardName, reader: reader) }
        readHats(reader)
        return (reader.name(.id) ?? "", timezone ?? "", boardName ?? "")
    }

    private mutating func checkTimezone(_ timezone: String, _ reader: TableReader<HomeKey>) {
        let isName =
            timezone.utf8.count <= ConfigurationLimits.nameBytes && !timezone.hasPrefix("/") && !timezone.contains("..")
            && timezone.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "/_+-".contains($0)) }
        guard isName else {
            reader.report(
                .badName, .timezone, "\"\(timezone)\" is no time zone", advice: "an IANA name such as \"Asia/Shanghai\""
            )
            return
        }
        refer(to: "\(Self.zoneFolder)/\(timezone)", as: .timezone, reader, .timezone)
    }

    /// What is allowed but leaves somebody unheard.
    private func reportGaps(_ reader: TableReader<RootKey>, of configuration: HomeConfiguration) {
        if !configuration.isCommissioned, !log.issues.contains(where: \.isError) {
            reader.report(
                .notCommissioned, .home, "this home is not yet commissioned: nothing is read, watched or told",
                advice: "describe it with [[bus]], [[meter]], [[input]], [[output]] and [upstream], then restart")
            return
        }
        if !reader.has(.upstream) {
            reader.report(
                .noUpstream, .upstream, "no [upstream]: nobody outside the home will hear of anything",
                advice: "add [upstream] with a broker, unless this home is a test")
        }
        if !configuration.home.rules.isEmpty,
            !configuration.outputs.contains(where: { $0.kind == .siren || $0.kind == .buzzer })
        {
            reader.report(
                .nothingSounds, .output, "no siren and no buzzer: nobody in the home will hear of anything",
                advice: "add an [[output]] of kind \"siren\" or \"buzzer\"")
        }
    }

    // MARK: What the parts share

    /// Adds a signal; its position is its SignalID and its Channel.
    mutating func addSignal(
        _ model: SignalModel, detail: SignalDetail, scale: Scale? = nil, unit: MeasurementUnit? = nil,
        maxRate: Int64? = nil
    ) -> Channel {
        if signals.contains(where: { $0.name == model.name }) {
            log.report(
                .duplicateName, file: file, at: detail.place.position, key: detail.place.key,
                "the signal \"\(model.name)\" exists already", advice: "rename one of the two")
        }
        var model = model
        if case .meter(let quantity) = model.source, quantity.isCumulative {
            model.step = detail.step?.baseUnits(1 as Int64)
        }
        signals.append(model)
        details.append(detail)
        scales.append(scale)
        units.append(unit)
        maxRates.append(maxRate)
        return Channel(signals.count - 1)
    }

    /// Remembers a file that must be there.
    mutating func refer<Key>(to path: String, as use: FileReference.Use, _ reader: TableReader<Key>, _ key: Key) {
        guard let place = reader.place(of: key) else { return }
        files.append(FileReference(path: path, use: use, place: place))
    }
}

/// Fowler–Noll–Vo 1a, 64 bits, hexadecimal: a checksum to tell configurations apart, not a signature.
func fnv1a64(_ text: String) -> String {
    let digits = String(checksum(text), radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

private func checksum(_ text: String) -> UInt64 {
    text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
