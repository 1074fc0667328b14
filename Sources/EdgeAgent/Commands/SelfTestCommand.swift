// `edge-agent self-test`: the technician's checklist, on a terminal or in a script.

import ArgumentParser
import Glibc

struct SelfTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "self-test",
        abstract: "Test the whole installation: ports, meters, lines, outputs, storage, clock, service and broker.",
        discussion: """
            Runs beside the daemon, which goes on meanwhile, or without one. A test alert goes the whole way to \
            whoever answers, marked as a test.

            Exit codes: 0 everything is good, 1 something is wrong, 2 wrong usage, 3 something was left untested, \
            4 it could not run: no configuration that can be read, or a daemon that cannot be asked.

            One of --walk, --tap, --power, --offline and --power-cut instead leads somebody who stands in the home through a test of \
            its own, beside the daemon.
            """)

    @Option(help: "The home's configuration.") var config = ConfigurationLoader.standardFile
    @OptionGroup var boards: BoardConfigsOption
    @OptionGroup var daemon: DaemonOption
    @Option(help: "human, json, junit or tap.") var format = SelfTestFormat.human
    @Option(help: "en or zh (default: as LC_ALL, LC_MESSAGES or LANG say).") var language: Language?
    @Option(help: "The daemon's state folder (default: $STATE_DIRECTORY, or /var/lib/edge-agent).") var state: String?
    @Option(help: "Seconds in which somebody must accept the test alert, 1 to 120.") var answer = 60
    @Flag(help: "Ask nothing: outputs stay silent, and untested.") var yes = false
    /// nil: the whole list.
    @Flag var guided: GuidedKind?
    @OptionGroup(title: "Guided tests") var draw: DrawOptions

    func validate() throws {
        guard (1...SelfTestDoor.longestTestSeconds).contains(answer) else {
            throw ValidationError("--answer \(answer): 1 to \(SelfTestDoor.longestTestSeconds).")
        }
        guard guided == nil || !draw.isAsked else {
            throw ValidationError("--tap and --power are tests of their own: one after the other.")
        }
    }

    func run() throws {
        let language = language ?? .ofEnvironment()
        let report = SelfTestReport(language: language, usesColour: Terminal.usesColour)
        if let guided { return try finish(try run(guided, language, report), report) }
        if draw.isAsked { return try finish(run(draw, language, report), report) }
        let progress = ProgressLine()
        let isTerminal = isatty(STDERR_FILENO) == 1
        var steps = 0
        var site = self.site
        site.progress = { message in
            // On a terminal each step is shown at once; elsewhere what takes long.
            if isTerminal { steps += 1 }
            progress.show(message.text(in: language), news: steps, now: AgentClock.boot())
        }
        if format == .human {
            site.observe = { result in
                progress.clear()
                for line in report.lines(result) { say(line + "\n", to: STDOUT_FILENO) }
            }
        }
        if isAttended {
            site.confirm = { question in
                progress.clear()
                return SelfTestCommand.asks(question.text(in: language), language)
            }
        }
        var test = SelfTest(site)
        let result = test.run()
        progress.clear()
        // What it could not try is said there; what is wrong is no test that was passed.
        if result.hasDaemon, result.exitCode == 0 || result.exitCode == Exit.incomplete.rawValue {
            _ = ControlSocket.ask("tested\n", path: daemon.path)
        }
        try finish(result, report)
    }

    private var isAttended: Bool { !yes && isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    private var site: SelfTestSite {
        let loader = ConfigurationLoader.standard(descriptionFolders: boards.folders)
        let folder = state ?? AgentOptions.defaultStateDirectory()
        var site = SelfTestSite(file: config, loader: loader, socket: daemon.path, stateDirectory: folder)
        site.offered = OfferStore(folder: folder, installed: config, loader: loader).inForce()
        site.answerSeconds = answer
        return site
    }

    private func finish(_ result: SelfTestResult, _ report: SelfTestReport) throws {
        switch format {
        case .human: break
        case .json: say(jsonText(report.json(result)) + "\n", to: STDOUT_FILENO)
        case .junit: say(report.junit(result), to: STDOUT_FILENO)
        case .tap: say(report.tap(result), to: STDOUT_FILENO)
        }
        let place = Message(result.hasDaemon ? HubPhrase.daemonRuns : .daemonAway).text(in: report.language)
        say("edge-agent: \(place); \(report.summary(result))\n", to: STDERR_FILENO)
        if result.exitCode != 0 { throw ExitCode(result.exitCode) }
    }

    // MARK: Guided

    private func run(_ kind: GuidedKind, _ language: Language, _ report: SelfTestReport) throws -> SelfTestResult {
        func refuse(_ phrase: GuidedPhrase, _ argument: String = "", advice: GuidedPhrase) {
            complain(
                Message(phrase, argument).text(in: language), advice: Message(advice).text(in: language))
        }
        guard yes || isAttended else {
            refuse(.guidedNoTerminal, advice: .guidedNoTerminalAdvice)
            throw Exit.usage
        }
        let site = site
        let home = try site.offered ?? loadConfiguration(config, boardConfigs: boards.folders, checksFiles: false)
        let hasDaemon = ControlSocket.status(path: daemon.path) != nil
        guard hasDaemon || !kind.needsDaemon else {
            refuse(.guidedNoDaemon, daemon.path, advice: .guidedNoDaemonAdvice)
            throw Exit.couldNotRun
        }
        let terminal = TerminalGuide(language: language, isAttended: isAttended)
        var test = kind.test(of: home, at: site)
        let results = test.run(terminal.guide)
        terminal.clear()
        if format == .human {
            for line in results.flatMap(report.lines) { say(line + "\n", to: STDOUT_FILENO) }
        }
        return SelfTestResult(results: results, hasDaemon: hasDaemon)
    }

    /// Also in a script that watches and answers, and without a daemon.
    private func run(_ draw: DrawOptions, _ language: Language, _ report: SelfTestReport) -> SelfTestResult {
        let terminal = TerminalGuide(language: language, isAttended: !yes)
        var site = site
        if format == .human {
            site.observe = { result in
                terminal.clear()
                for line in report.lines(result) { say(line + "\n", to: STDOUT_FILENO) }
            }
        }
        defer { terminal.clear() }
        return draw.run(site, terminal.guide)
    }

    /// Until it is yes or no; the end of the input is no.
    private static func asks(_ question: String, _ language: Language) -> Bool {
        while true {
            say(question + Message(HubPhrase.yesOrNo).text(in: language), to: STDERR_FILENO)
            guard let answer = Terminal.line() else { return false }
            switch YesOrNo(answer) {
            case .yes: return true
            case .no: return false
            case .neither: continue
            }
        }
    }
}
