// `edge-agent confirm-meter`: a person answers whether a meter was replaced.

import ArgumentParser
import FoundationEssentials

struct ConfirmMeterCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm-meter",
        abstract: "Tell the running daemon that a meter was replaced, or was not.",
        discussion: """
            `edge-agent status` asks among its faults. Totals go on either way: this only puts the answer on record and \
            ends the question.

            Exit code 0: taken; 1: nobody asks about this meter; 4: no daemon answers.
            """)

    @Argument(help: "The signal, such as water.volume.") var signal: String
    @Flag(help: "It is the same meter as before.") var notChanged = false
    @OptionGroup var daemon: DaemonOption
    @OptionGroup var speech: LanguageOption

    func run() throws {
        let answer = try daemon.ask("meter \(signal) \(notChanged ? "unchanged" : "replaced")\n")
        let refusal = try? JSONDecoder().decode([String: String].self, from: Data(answer))["error"]
        guard let refusal else { return }
        complain(refusal, advice: "`edge-agent status` shows what is asked")
        throw Exit.wrong
    }
}
