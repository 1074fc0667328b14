// `edge-agent locate`: which of these boxes is it?

import ArgumentParser
import FoundationEssentials

struct LocateCommand: ParsableCommand {
    /// Long enough to walk through a flat; what blinks for longer would be taken for an alarm.
    static let longestSeconds = 120
    static let usualSeconds = 30

    static let configuration = CommandConfiguration(
        commandName: "locate",
        abstract: "Let the running daemon's box blink and beep, to find it.",
        discussion: """
            Two short beeps every two seconds, unlike any alarm: on the buzzer and the lamp, or on the siren where \
            there is neither. An alarm ends it, and while the home sounds for anything else it is refused.

            Exit code 0: it blinks; 1: refused; 4: no daemon answers.
            """)

    @Option(help: "For how long, up to 120; 0 ends it.") var seconds = LocateCommand.usualSeconds
    @OptionGroup var daemon: DaemonOption
    @OptionGroup var speech: LanguageOption

    func validate() throws {
        guard (0...Self.longestSeconds).contains(seconds) else {
            throw ValidationError("--seconds \(seconds): 0 to \(Self.longestSeconds).")
        }
    }

    func run() throws {
        let answer = try daemon.ask("locate \(seconds)\n")
        let refusal = try? JSONDecoder().decode([String: String].self, from: Data(answer))["error"]
        guard let refusal else { return }
        complain(refusal, advice: "`edge-agent status` shows what sounds and why")
        throw Exit.wrong
    }
}
