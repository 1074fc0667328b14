// `edge-agent init`: a dozen questions, and the home.toml that the answers make.

import ArgumentParser
import Drivers
import Glibc
import LocalRules
import Synchronization

/// Ctrl-C during a scan: it ends with what was found, and the questions go on.
private let isInterrupted = Atomic(false)

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Describe a home: asks a dozen questions, scans for meters and writes home.toml.",
        discussion: """
            Looks at the machine, offers the board that it is, its ports and free lines, and writes a configuration \
            that passes check-config; an old one is kept as FILE.bak. What is given as an option is not asked. \
            "none" as a value means that there is none.

            Exit codes: 0 written, 1 the answers make no good configuration, 2 wrong usage, 4 nothing could be written.
            """)

    @Option(help: "Where it is written; - prints it instead.") var output = ConfigurationLoader.standardFile
    @Flag(help: "Ask nothing: defaults for whatever is not given.") var yes = false
    @Flag(help: "Replace FILE without asking; the old one is kept as FILE.bak.") var overwrite = false
    @Option(help: "en or zh (default: as LC_ALL, LC_MESSAGES or LANG say).") var language: Language?
    @Flag(help: "What became of it as one JSON object, as check-config prints it.") var json = false

    @Option(help: "What the home is called upstream: no name, no address.") var id: String?
    @Option(help: "An IANA name: Asia/Shanghai.") var timezone: String?
    @Option(help: "A description in board-configs/boards, simulated, or other for one that nobody has described.")
    var board: String?
    @Option(help: "An add-on board on the header; may be given more than once.") var hat: [String] = []
    @Option(
        help:
            "Where meters are: /dev/serial/by-id/…[,BAUD[,PARITY[,STOPBITS]]], 192.168.1.20:502 or rtu-over-tcp:192.168.1.20:4001; may be given more than once."
    )
    var port: [String] = []
    @Flag(inversion: .prefixedNo, help: "Look for meters on the ports.") var scan: Bool?
    @Option(help: "Baud rates to look at, as of scan.") var bauds: String?
    @Option(help: "Parities to look at, as of scan.") var parities: String?
    @Option(help: "Unit ids to look at, as of scan.") var units: String?
    @Option(help: "NAME=UNIT,PROFILE[,BUS], as in water=5,generic-water-u32; may be given more than once.")
    var meter: [String] = []
    @Option(help: "KIND[.PLACE][=LINE], as in motion.bedroom=GPIO17; may be given more than once.")
    var input: [String] = []
    @Option(help: "siren, buzzer, lamp or relay, as in siren=GPIO27; may be given more than once.")
    var alarm: [String] = []
    @Option(help: "mqtts://broker.example:8883") var broker: String?
    @Option(help: "PEM file of the authority that signed the broker's certificate.") var caFile: String?
    @Option(help: "PEM file of this hub's certificate.") var certificateFile: String?
    @Option(help: "PEM file of its key.") var keyFile: String?
    @Option(help: "This hub's user at the broker.") var user: String?
    @Option(help: "A file with the user's password, and nothing else.") var passwordFile: String?
    @Option(help: "How often the hub says that it lives (default: 5min).") var heartbeat: String?
    @OptionGroup var boards: BoardConfigsOption
    @OptionGroup var daemon: DaemonOption
    @Option(help: .hidden) var root = ""

    func validate() throws {
        _ = try lines()
        _ = try ScanDefaults.units(units, all: false, factory: [])
    }

    func run() throws {
        let isManned = !yes && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1
        let language = chosenLanguage(isManned)
        func tell(_ message: Message) { say(message.text(in: language) + "\n", to: STDERR_FILENO) }
        let answers = self.answers
        if !isManned, !yes, !answers.missing.isEmpty {
            complain(Message(InitPhrase.initNobody, answers.missing.joined(separator: ", ")).text(in: language))
            throw Exit.usage
        }
        let files = InitFiles(path: output, loader: .standard(descriptionFolders: boards.folders))
        let desk = InitDesk.terminal(language, isManned: isManned)
        if isManned { tell(Message(InitPhrase.initWelcome)) }
        // Before the first question: nobody answers twenty of them in vain.
        if output != InitWords.none, let problem = files.problemOfWriting {
            complain(
                Message(InitPhrase.initCannotWrite, output, problem.message).text(in: language),
                advice: Message(InitPhrase.initCannotWriteAdvice).text(in: language))
            throw Exit.couldNotRun
        }
        guard mayWrite(files, desk) else {
            complain(Message(InitPhrase.initRefused, output).text(in: language))
            throw isManned ? Exit.couldNotRun : Exit.usage
        }
        var dialogue = InitDialogue(site: site(files, language), given: answers, desk: desk)
        do throws(InitEnd) {
            try dialogue.run()
        } catch {
            complain(error.message.text(in: language))
            throw ExitCode(error.exitCode)
        }
        let plan = dialogue.plan
        if output == InitWords.none { return say(plan.text(in: language), to: STDOUT_FILENO) }
        let board = plan.boardText(in: language).map { (plan.board.name, $0) }
        try conclude(files.write(plan.text(in: language), password: dialogue.password, board: board), language)
    }

    /// Asked in both, for whoever reads one of them.
    private func chosenLanguage(_ isManned: Bool) -> Language {
        let usual = language ?? .ofEnvironment()
        guard language == nil, isManned else { return usual }
        let question = Language.allCases.map { Message(InitPhrase.initLanguage).text(in: $0) }.joined(separator: " / ")
        while true {
            say("\(question)\n[\(usual.rawValue)] > ", to: STDERR_FILENO)
            guard let typed = Terminal.line(), !typed.isEmpty else { return usual }
            if let chosen = Language(rawValue: typed) ?? ["中文": .zh, "english": .en][typed.lowercased()] {
                return chosen
            }
        }
    }

    private func mayWrite(_ files: InitFiles, _ desk: InitDesk) -> Bool {
        guard files.holdsAHome, !overwrite else { return true }
        guard desk.isManned else { return false }
        let question = Message(InitPhrase.initExists, files.path)
        let help = Message(InitPhrase.initExistsHelp, files.backup)
        while let typed = desk.ask(question, help, "n") {
            if let isYes = InitWords.isYes(typed.isEmpty ? "n" : typed) { return isYes }
            desk.tell(Message(InitPhrase.initYesOrNo))
        }
        return false
    }

    private var answers: InitAnswers {
        func list(_ words: [String]) -> [String]? { words.isEmpty ? nil : words }
        return InitAnswers(
            id: id, timezone: timezone, board: board, hats: list(hat), ports: list(port), meters: list(meter),
            scans: scan, inputs: list(input), outputs: list(alarm), broker: broker, caFile: caFile,
            certificateFile: certificateFile, keyFile: keyFile, user: user, passwordFile: passwordFile,
            heartbeat: heartbeat)
    }

    private func site(_ files: InitFiles, _ language: Language) -> InitSite {
        let profiles = [MeterProfile].known(boardConfigs: boards.folders)
        let described = files.loader.boards().boards
        // Run again, it describes the same home.
        let before = files.holdsAHome ? try? files.loader.load(files.path) : nil
        var facts = BoardFacts.of(root: root)
        if let before { facts.timezone = before.timezone }
        return InitSite(
            facts: facts,
            boards: described.contains { $0.isSimulated } ? described : described + [.simulated],
            hats: files.loader.hats(), profiles: profiles,
            hasZone: { zone in
                !zone.contains("..") && InitWords.problem(withFile: "\(HomeInterpreter.zoneFolder)/\(zone)") == nil
            },
            scan: { look(on: $0, for: profiles, language) }, freshID: before?.homeID ?? InitFiles.freshID(),
            secretFile: files.secretFile)
    }

    // MARK: Scanning

    private func lines() throws -> [SerialLine?] {
        let bauds = try ScanDefaults.list(bauds, "--bauds") {
            Int($0).flatMap { BusSettings.bauds.contains($0) ? $0 : nil }
        }
        let parities = try ScanDefaults.list(parities, "--parities") { BusSettings.Parity(rawValue: $0) }
        return ScanDefaults.lines(bauds, parities, nil, all: false, own: nil)
    }

    private func look(on settings: BusSettings, for profiles: [MeterProfile], _ language: Language) -> ScanResult {
        // Both were looked at in validate().
        let lines = settings.line == nil ? [nil] : (try? self.lines()) ?? []
        let units = (try? ScanDefaults.units(self.units, all: false, factory: profiles.map(\.serial))) ?? []
        let plan = ScanPlan(
            lines: lines, units: units, factory: profiles.map(\.serial),
            timeoutMilliseconds: ScanDefaults.timeoutMilliseconds)
        isInterrupted.store(false, ordering: .relaxed)
        let before = signal(SIGINT) { _ in isInterrupted.store(true, ordering: .relaxed) }
        let meter = ProgressLine()
        let result = Scanner(
            access: PortOptions.access(to: settings, socket: daemon.path), plan: plan, profiles: profiles,
            isThorough: false, clock: { AgentClock.boot().nanoseconds },
            isInterrupted: { isInterrupted.load(ordering: .relaxed) },
            observe: { progress in
                let message = Message(
                    InitPhrase.initScanning, settings.place, "\(progress.asked)", "\(plan.questions)",
                    "\(progress.found)")
                meter.show(message.text(in: language), news: progress.found, now: AgentClock.boot())
            }
        ).run()
        meter.clear()
        signal(SIGINT, before)
        return result
    }

    // MARK: The end

    private func conclude(_ outcome: InitFiles.Outcome, _ language: Language) throws {
        func tell(_ phrase: InitPhrase, _ argument: String? = nil) {
            let message = argument.map { Message(phrase, $0) } ?? Message(phrase)
            say(message.text(in: language) + "\n", to: STDERR_FILENO)
        }
        switch outcome {
        case .cannotWrite(let path, let problem):
            complain(
                Message(InitPhrase.initCannotWrite, path, problem.message).text(in: language), advice: problem.advice)
            throw Exit.couldNotRun
        case .draft(let path, let errors):
            let report = CheckReport(file: path, result: .failure(errors))
            if json { say(jsonText(report.json) + "\n", to: STDOUT_FILENO) }
            say(report.text, to: STDERR_FILENO)
            complain(Message(InitPhrase.initDraft, path).text(in: language))
            throw Exit.wrong
        case .written(let home, let hasBackup, let secret):
            if json {
                let report = CheckReport(file: output, result: .success(.home(home)))
                say(jsonText(report.json) + "\n", to: STDOUT_FILENO)
            }
            for issue in home.warnings where issue.level == "warning" {
                let advice = Message(HubPhrase.advice).text(in: language) + translated(issue.advice, to: language)
                say("\(issue.text(in: language))\n  \(advice)\n", to: STDERR_FILENO)
            }
            tell(.initWritten, output)
            if hasBackup { tell(.initKept, output + ".bak") }
            if let secret { tell(.initSecretWritten, secret) }
            let rules = home.home.rules.map {
                "  \($0.name): \(translated(sentence(of: $0, in: home.home), to: language))\n"
            }
            tell(rules.isEmpty ? .initNoRules : .initRulesHead)
            say(rules.joined(), to: STDERR_FILENO)
            tell(.initNext)
            tell(.initNextCheck, output)
            for step in [InitPhrase.initNextRestart, .initNextTest] { tell(step) }
            if !home.inputs.isEmpty { tell(.initNextWalk) }
            if !home.buses.isEmpty { tell(.initNextTap) }
            if home.upstream != nil { tell(.initNextAnswer) }
        }
    }
}

extension InitDesk {
    /// Questions on stderr, answers from stdin.
    static func terminal(_ language: Language, isManned: Bool) -> InitDesk {
        func tell(_ message: Message) { say(message.text(in: language) + "\n", to: STDERR_FILENO) }
        return InitDesk(
            ask: { question, help, fallback in
                say("\n", to: STDERR_FILENO)
                tell(question)
                say("  \(help.text(in: language))\n[\(fallback ?? "")] > ", to: STDERR_FILENO)
                return Terminal.line()
            },
            secret: { Terminal.readSecret("\($0.text(in: language)) > ") },
            tell: tell, isManned: isManned)
    }
}

extension Terminal {
    /// A line that is not shown. Ctrl-C is taken as its end, so that the terminal never stays mute. nil: the input has ended.
    fileprivate static func readSecret(_ prompt: String) -> String? {
        var before = termios()
        let isTerminal = tcgetattr(STDIN_FILENO, &before) == 0
        var mute = before
        mute.c_lflag &= ~tcflag_t(ECHO | ISIG)
        // Before the prompt: whoever pastes is quicker than we are.
        if isTerminal { tcsetattr(STDIN_FILENO, TCSANOW, &mute) }
        say(prompt, to: STDERR_FILENO)
        let line = Terminal.line()
        if isTerminal { tcsetattr(STDIN_FILENO, TCSANOW, &before) }
        say("\n", to: STDERR_FILENO)
        guard let line, !line.contains("\u{03}") else { return nil }
        return line
    }
}
