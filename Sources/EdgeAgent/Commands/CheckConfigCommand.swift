// `edge-agent check-config`: every error at once, or what the agent will do.

import ArgumentParser
import Glibc

struct CheckConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check-config",
        abstract:
            "Check a configuration: all errors at once, or the normalised configuration and what each rule will do.",
        discussion: "Exit codes: 0 good, 1 errors, 2 wrong usage, 4 the file cannot be read.")

    @Argument(help: "The home's configuration, or a meter profile, board or HAT description by itself.")
    var file = ConfigurationLoader.standardFile

    @Flag(help: "One JSON object instead of text.")
    var json = false

    @OptionGroup var boards: BoardConfigsOption
    @OptionGroup var speech: LanguageOption

    func run() throws {
        let loader = ConfigurationLoader.standard(descriptionFolders: boards.folders)
        var report = CheckReport(file: file, loader: loader, language: .current)
        report.languageOfJSON = .asked ?? .en
        print(json ? jsonText(report.json) : report.text, terminator: json ? "\n" : "")
        if !json { say(report.summary + "\n", to: STDERR_FILENO) }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }
}
