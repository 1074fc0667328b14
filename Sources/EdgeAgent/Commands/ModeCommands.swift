// `edge-agent away`, `home` and `maintenance`: somebody says how the home is to be watched.

import ArgumentParser
import FoundationEssentials
import LocalRules

struct AwayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "away",
        abstract: "Tell the running daemon that nobody is in.",
        discussion: """
            Rules about absence rest; smoke, panic, leaks and everything about the hub do not. Whoever is in nevertheless \
            ends it. Who has not come back by then is reported.

            Exit code 0: taken; 1: not possible; 4: no daemon answers.
            """)

    @Option(name: .customLong("for"), help: "How long, such as 3d; at most 30d.") var duration: String?
    @OptionGroup var daemon: DaemonOption
    @OptionGroup var speech: LanguageOption

    func run() throws { try daemon.set(.away, for: duration) }
}

struct HomeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "home", abstract: "Tell the running daemon that somebody is in, and that no installer works.")

    @OptionGroup var daemon: DaemonOption
    @OptionGroup var speech: LanguageOption

    func run() throws { try daemon.set(.home, for: nil) }
}

struct MaintenanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintenance",
        abstract: "Tell the running daemon that an installer works in the home.",
        discussion: """
            Rules about absence and use rest. Smoke, panic and every other input alarm as ever: try them only after you \
            have told whoever answers.

            Exit code 0: taken; 1: not possible; 4: no daemon answers.
            """)

    @Option(name: .customLong("for"), help: "How long, such as 1h; at most 4h.") var duration: String?
    @OptionGroup var daemon: DaemonOption
    @OptionGroup var speech: LanguageOption

    func run() throws { try daemon.set(.maintenance, for: duration) }
}

extension DaemonOption {
    fileprivate func set(_ mode: HomeMode, for duration: String?) throws {
        var question = "mode \(mode.rawValue)"
        if let duration {
            guard let span = Span.parse(duration), span > .zero else {
                throw ValidationError("\"\(duration)\" is no length of time; write 90min, 12h or 3d")
            }
            question += " \(max(1, span.milliseconds / 1000))"
        }
        let answer = try ask(question + "\n")
        guard let refusal = try? JSONDecoder().decode([String: String].self, from: Data(answer))["error"] else {
            return
        }
        complain(refusal, advice: "`edge-agent status` shows how the home stands")
        throw Exit.wrong
    }
}
