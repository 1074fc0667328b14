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
            """)

    @Option(help: "The home's configuration.") var config = ConfigurationLoader.standardFile
    @OptionGroup var boards: BoardConfigsOption
    @OptionGroup var daemon: DaemonOption
    @Option(help: "human, json, junit or tap.") var format = SelfTestFormat.human
    @Option(help: "en or zh (default: as LC_ALL, LC_MESSAGES or LANG say).") var language: Language?
    @Option(help: "The daemon's state folder (default: $STATE_DIRECTORY, or /var/lib/edge-agent).") var state: String?
    @Option(help: "Seconds in which somebody must accept the test alert, 1 to 120.") var answer = 60
    @Flag(help: "Ask nothing: outputs stay silent, and untested.") var yes = false
    @OptionGroup(title: "Guided tests") var draw: DrawOptions

    func validate() throws {
        guard (1...SelfTestDoor.longestTestSeconds).contains(answer) else {
            throw ValidationError("--answer \(answer): 1 to \(SelfTestDoor.longestTestSeconds).")
        }
    }

    func run() throws {
        let language = language ?? .ofEnvironment()
        let report = SelfTestReport(language: language, usesColour: Terminal.usesColour)
        let progress = ProgressLine()
        let isTerminal = isatty(STDERR_FILENO) == 1
        var steps = 0
        var site = SelfTestSite(
            file: config, loader: .standard(descriptionFolders: boards.folders), socket: daemon.path,
            stateDirectory: state ?? AgentOptions.defaultStateDirectory())
        site.answerSeconds = answer
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
        if !yes, isatty(STDIN_FILENO) == 1, isTerminal {
            site.confirm = { question in
                progress.clear()
                return SelfTestCommand.asks(question.text(in: language), language)
            }
        }
        var test = SelfTest(site)
        let result = draw.isAsked ? draw.run(site, guide(progress, language)) : test.run()
        progress.clear()
        switch format {
        case .human: break
        case .json: say(jsonText(report.json(result)) + "\n", to: STDOUT_FILENO)
        case .junit: say(report.junit(result), to: STDOUT_FILENO)
        case .tap: say(report.tap(result), to: STDOUT_FILENO)
        }
        let place = Message(result.hasDaemon ? HubPhrase.daemonRuns : .daemonAway).text(in: language)
        say("edge-agent: \(place); \(report.summary(result))\n", to: STDERR_FILENO)
        if result.exitCode != 0 { throw ExitCode(result.exitCode) }
    }

    /// The person at this terminal; with --yes nobody is asked.
    private func guide(_ progress: ProgressLine, _ language: Language) -> Guide {
        var news = 0
        return Guide(
            tell: { message in
                progress.clear()
                say("edge-agent: \(message.text(in: language))\n", to: STDERR_FILENO)
            },
            show: { message in
                news += 1
                progress.show(
                    message.text(in: language), news: isatty(STDERR_FILENO) == 1 ? news : 0, now: AgentClock.boot())
            },
            confirm: { question in
                progress.clear()
                return !yes && SelfTestCommand.asks(question.text(in: language), language)
            },
            wait: { milliseconds in
                poll(nil, 0, Int32(milliseconds))
                return true
            })
    }

    /// Until it is yes or no; the end of the input is no.
    private static func asks(_ question: String, _ language: Language) -> Bool {
        while true {
            say(question + Message(HubPhrase.yesOrNo).text(in: language), to: STDERR_FILENO)
            guard let answer = readLine(strippingNewline: true) else { return false }
            switch answer.lowercased() {
            case "y", "yes", "j", "是", "有": return true
            case "n", "no", "否", "没有": return false
            default: continue
            }
        }
    }
}
