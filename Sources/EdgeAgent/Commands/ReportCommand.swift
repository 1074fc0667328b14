// `edge-agent report`: the page that is handed over with an installation.

import ArgumentParser
import FoundationEssentials
import Glibc

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Print the page to hand over with an installation.",
        discussion: """
            Markdown on stdout: meters, sensors, what each rule does, who is told, the result of a self-test, and what to \
            test how often. No personal data, no passwords.

            Exit codes: 0 printed, 1 the configuration has errors, 2 wrong usage, 3 printed, and a test failed or is \
            missing, 4 a file cannot be read.
            """)

    @Option(help: "The home's configuration.") var config = ConfigurationLoader.standardFile
    @OptionGroup var boards: BoardConfigsOption
    @Option(help: "The result of a whole self-test: what `self-test --format json` printed.", completion: .file())
    var selfTest: String?
    @Option(help: "en or zh (default: as LC_ALL, LC_MESSAGES or LANG say).") var language: Language?

    func run() throws {
        let language = language ?? .ofEnvironment()
        let home = try loadConfiguration(config, boardConfigs: boards.folders, checksFiles: false)
        guard home.isCommissioned else {
            complain(
                Message(SupportPhrase.reportEmpty, config).text(in: language),
                advice: Message(SupportPhrase.reportEmptyAdvice).text(in: language))
            throw Exit.couldNotRun
        }
        let test = try selfTest.map { try saved($0, language) }
        say(
            HandOver(home: home, test: test, language: language).text(at: AgentClock.wallMilliseconds()),
            to: STDOUT_FILENO)
        if test.map({ $0.failed + $0.untested > 0 }) ?? true { throw Exit.incomplete }
    }

    private func saved(_ file: String, _ language: Language) throws -> SavedSelfTest {
        var why = "?"
        do throws(FileProblem) {
            let bytes = try readSmallFile(file)
            if let test = try? JSONDecoder().decode(SavedSelfTest.self, from: Data(bytes)) { return test }
        } catch {
            why = error.message
        }
        complain(
            Message(SupportPhrase.reportUnreadable, file, why).text(in: language),
            advice: Message(SupportPhrase.reportUnreadableAdvice).text(in: language))
        throw Exit.couldNotRun
    }
}
