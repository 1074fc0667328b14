// `edge-agent scan`: finds the meters of a bus and says what they are.

import ArgumentParser
import Drivers
import Glibc
import LocalRules
import Synchronization

/// Somebody pressed Ctrl-C: what was found is printed, the port goes back.
private let isInterrupted = Atomic(false)

struct ScanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scan",
        abstract: "Find the meters on a bus, beside the running daemon or without it.",
        discussion: """
            Walks over baud rates, parities and unit ids, recognises what answers by its registers, and prints the \
            [[meter]] blocks to paste. What nobody answers costs a time-out each: --units and --bauds shorten it. \
            Ctrl-C ends it with what was found. A port of the running daemon is borrowed a minute at a time; its \
            meters are polled in between.

            Exit codes: 0 everybody who answered is known, 1 nobody answered or somebody is not known, 2 wrong usage, \
            3 ended early, 4 the bus cannot be used.
            """)

    @OptionGroup var port: PortOptions
    @Option(help: "A bus of the configuration, only at its own setting unless --bauds or --parities say more.")
    var bus: String?
    @Option(help: "The home's configuration, for --bus.") var config = ConfigurationLoader.standardFile
    @OptionGroup var boards: BoardConfigsOption
    @OptionGroup var speech: LanguageOption
    @Option(help: "Baud rates, with commas (default: 9600,2400,19200,4800).") var bauds: String?
    @Option(help: "Parities, with commas (default: none,even).") var parities: String?
    @Option(help: "Stop bits, with commas (default: 1).") var stopBits: String?
    @Option(help: "Unit ids (default: 1-32 and the factory settings of all profiles).") var units: String?
    @Option(help: "How long a unit is waited for (default: 200ms).") var timeout: String?
    @Flag(help: "Every setting and every unit id, with a long time-out. Takes an hour and more.") var all = false
    @Flag(help: "Ask silent units for their input registers, too.") var thorough = false
    @Flag(help: "One JSON object.") var json = false

    func validate() throws {
        guard (bus != nil) != port.isGiven else {
            throw ValidationError("Name the bus: --port, --tcp or --rtu-over-tcp, or --bus NAME of the configuration.")
        }
        _ = try lines(of: nil)
        _ = try ScanDefaults.units(units, all: all, factory: [])
        _ = try timeoutMilliseconds()
    }

    func run() throws {
        for end in [SIGINT, SIGTERM, SIGHUP] { signal(end) { _ in isInterrupted.store(true, ordering: .relaxed) } }
        let (settings, configured) = try scannedBus()
        let profiles = [MeterProfile].known(boardConfigs: boards.folders)
        let plan = ScanPlan(
            lines: try lines(of: settings),
            units: try ScanDefaults.units(units, all: all, factory: profiles.map(\.serial)),
            factory: profiles.map(\.serial), timeoutMilliseconds: try timeoutMilliseconds())
        announce(plan, settings)
        let meter = ProgressLine()
        let result = Scanner(
            access: port.access(to: settings), plan: plan, profiles: profiles, isThorough: thorough,
            clock: { AgentClock.boot().nanoseconds }, isInterrupted: { isInterrupted.load(ordering: .relaxed) },
            observe: {
                meter.show(
                    translated(ScanCommand.text($0, of: plan), to: .current), news: $0.found, now: AgentClock.boot())
            }
        ).run()
        meter.clear()
        let report = ScanReport(result: result, settings: settings, configured: configured, language: .current)
        say(
            json ? jsonText(report.json) + "\n" : translatedComments(report.text, to: .current), to: STDOUT_FILENO)
        conclude(result, plan)
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }

    // MARK: What to scan

    /// The bus, and the names of its configured meters by unit.
    private func scannedBus() throws -> (BusSettings, [UInt8: String]) {
        guard let bus else {
            return (try port.settings(on: SerialLine(baud: 9600, parity: .none, stopBits: 1)), [:])
        }
        let home = try loadConfiguration(config, boardConfigs: boards.folders, asJSON: json)
        guard let found = home.buses.first(where: { $0.settings.name == bus }) else {
            let names = home.buses.map(\.settings.name)
            complain(
                "no bus of \(config) is called \"\(bus)\"",
                advice: adviceOfWords(bus, known: names, whatTheyAre: "its buses"), asJSON: json)
            throw Exit.usage
        }
        let meters = found.meters.map { ($0.unit, $0.name) }
        return (found.settings, Dictionary(meters, uniquingKeysWith: { first, _ in first }))
    }

    /// nil stands for a network, which has no settings.
    private func lines(of settings: BusSettings?) throws -> [SerialLine?] {
        let own = bus == nil ? nil : settings?.line
        let bauds = try ScanDefaults.list(bauds, "--bauds") {
            Int($0).flatMap { BusSettings.bauds.contains($0) ? $0 : nil }
        }
        let parities = try ScanDefaults.list(parities, "--parities") { BusSettings.Parity(rawValue: $0) }
        let stopBits = try ScanDefaults.list(stopBits, "--stop-bits") { ["1": 1, "2": 2][$0] }
        if let settings, settings.line == nil { return [nil] }
        return ScanDefaults.lines(bauds, parities, stopBits, all: all, own: own)
    }

    private func timeoutMilliseconds() throws -> Int {
        guard let timeout else { return all ? ScanDefaults.longTimeoutMilliseconds : ScanDefaults.timeoutMilliseconds }
        guard let span = Span.parse(timeout), ScanDefaults.timeouts.contains(span) else {
            throw ValidationError("--timeout \(timeout): 20ms to 10s.")
        }
        return Int(span.milliseconds)
    }

    // MARK: Messages

    private func announce(_ plan: ScanPlan, _ settings: BusSettings) {
        let count = plan.questions / plan.lines
        let lines = plan.lines == 1 ? "one setting" : "\(plan.lines) settings of the line"
        let silence = Span.milliseconds(plan.silentNanoseconds / 1_000_000).text
        let text =
            "edge-agent: scanning \(settings.title): \(lines), \(count) unit\(count == 1 ? "" : "s") each; \(silence) if nobody answers "
            + "(\(plan.timeoutMilliseconds) ms for each), and a few seconds for every meter that does; Ctrl-C ends it"
        say(translated(text, to: .current) + "\n", to: STDERR_FILENO)
    }

    private static func text(_ progress: ScanProgress, of plan: ScanPlan) -> String {
        func span(_ nanoseconds: Int64) -> String { Span.milliseconds(nanoseconds / 1_000_000).text }
        let place = progress.line.map { "\($0.baud) \($0.parity.rawValue) \($0.stopBits), " } ?? ""
        let what = progress.isRecognising ? "finding out what unit \(progress.unit) is" : "unit \(progress.unit)"
        let rest = progress.restNanoseconds.map { ", about \(span($0)) left" } ?? ""
        return
            "\(place)\(what): \(progress.asked) of \(plan.questions) asked, \(progress.found) found, \(span(progress.elapsedNanoseconds)) so far\(rest)"
    }

    private func conclude(_ result: ScanResult, _ plan: ScanPlan) {
        let known = result.meters.count { $0.recognised != nil }
        let took = Span.milliseconds(result.nanoseconds / 1_000_000).text
        var text =
            "\(result.meters.count) found, \(known) of them known; \(result.asked) of \(plan.questions) asked in \(took)"
        if let error = result.error {
            complain("\(text); ended early: \(error.message)", advice: error.advice)
        } else if result.isInterrupted {
            complain("\(text); ended early", advice: "what was not asked may hold more meters")
        } else if result.meters.isEmpty {
            complain(
                text,
                advice:
                    "check the meters' power, that A and B are not swapped, and the termination; then try --thorough, or --all"
            )
        } else {
            if known < result.meters.count {
                text += "; send the answers of the unknown ones to whoever looks after profiles"
            }
            complain(text)
        }
    }
}

/// What is scanned where nothing else is said, with the reasons.
enum ScanDefaults {
    /// What nearly all meters can be set to, the commonest first; the rest is for --all.
    private static let bauds = [9600, 2400, 19200, 4800]
    private static let allBauds = [9600, 2400, 19200, 4800, 38400, 115_200, 57600, 1200]
    private static let parities: [BusSettings.Parity] = [.none, .even]
    /// RS-485 drives 32 nodes, and installers count from 1.
    private static let units: ClosedRange<UInt8> = 1...32
    /// Meters answer within some 10 to 100 ms; one that takes longer is found with --timeout or --all.
    static let timeoutMilliseconds = 200
    /// What is waited for in libmodbus by default: hardly a meter takes longer.
    static let longTimeoutMilliseconds = 500
    /// A wire on the desk, or a gateway over a slow network.
    static let timeouts = Span.milliseconds(20)...Span.seconds(10)

    /// Every setting; `own`: that of a configured bus, which is the only one if no other is asked for.
    static func lines(
        _ bauds: [Int]?, _ parities: [BusSettings.Parity]?, _ stopBits: [Int]?, all: Bool, own: SerialLine?
    ) -> [SerialLine?] {
        let everything: [BusSettings.Parity] = [.none, .even, .odd]
        let rates = bauds ?? (all ? allBauds : own.map { [$0.baud] } ?? ScanDefaults.bauds)
        let checks = parities ?? (all ? everything : own.map { [$0.parity] } ?? ScanDefaults.parities)
        let stops = stopBits ?? (all ? [1, 2] : own.map { [$0.stopBits] } ?? [1])
        return stops.flatMap { stop in
            rates.flatMap { rate in checks.map { SerialLine(baud: rate, parity: $0, stopBits: stop) } }
        }
    }

    /// "1-32,50,100-110", each once and in order.
    static func units(_ text: String?, all: Bool, factory: [SerialSettings]) throws -> [UInt8] {
        let possible = ConfigurationLimits.unitID
        guard let text else {
            if all { return possible.map { UInt8($0) } }
            return Set(units).union(factory.compactMap(\.unit)).sorted()
        }
        var found: Set<UInt8> = []
        for part in text.split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last,
                possible.contains(first), possible.contains(last)
            else { throw ValidationError("--units \(text): write ids from 1 to 247, such as 1-32,50.") }
            found.formUnion((first...last).map { UInt8($0) })
        }
        guard !found.isEmpty else { throw ValidationError("--units names no unit.") }
        return found.sorted()
    }

    /// nil: nothing was said.
    static func list<Value>(_ text: String?, _ option: String, _ parse: (String) -> Value?) throws -> [Value]? {
        guard let text else { return nil }
        let values = text.split(separator: ",").map { parse(String($0)) }
        guard !values.isEmpty, values.allSatisfy({ $0 != nil }) else {
            throw ValidationError("\(option) \(text): this is no list of them; see --help.")
        }
        return values.compactMap { $0 }
    }
}

/// Progress on stderr: one line that changes on a terminal, elsewhere a line now and then.
final class ProgressLine {
    private static let onTerminalMilliseconds: Int64 = 200
    private static let elsewhereMilliseconds: Int64 = 10_000

    private let isTerminal = isatty(STDERR_FILENO) == 1
    private var shown: BootTime?
    private var news = 0

    /// - Parameter news: a number whose change is shown at once.
    func show(_ text: String, news: Int, now: BootTime) {
        let period = isTerminal ? ProgressLine.onTerminalMilliseconds : ProgressLine.elsewhereMilliseconds
        let isNew = news != self.news
        self.news = news
        guard let shown else {
            // What is over at once needs no progress.
            self.shown = now
            return
        }
        guard isNew || BootTime.milliseconds(from: shown, to: now) >= period else { return }
        self.shown = now
        say(isTerminal ? "\r\u{1B}[K\(start(of: text))" : "edge-agent: \(text)\n", to: STDERR_FILENO)
    }

    /// As much as fits on one line.
    private func start(of text: String) -> String {
        var columns = 0
        return String(
            text.prefix {
                columns += $0.columns
                return columns < max(20, Terminal.width)
            })
    }

    func clear() { if isTerminal { say("\r\u{1B}[K", to: STDERR_FILENO) } }
}
