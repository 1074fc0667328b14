// The command line. One file for each command; this one only names them and maps exit codes.

import ArgumentParser
import Glibc

struct EdgeAgent: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edge-agent",
        abstract: "Watches over the home of somebody who lives alone.",
        discussion: """
            Reads water and power meters over Modbus, watches GPIO lines, judges on the spot whether something is \
            wrong, sounds a local alarm and tells the cloud.

            Exit codes: 0 good, 1 something is wrong, 2 wrong usage, 3 incomplete, 4 could not run at all.
            """,
        version: AgentVersion.text,
        subcommands: [
            RunCommand.self, CheckConfigCommand.self, ReplayCommand.self, SimulateCommand.self, ListenCommand.self,
            StatusCommand.self, WatchCommand.self, AwayCommand.self, HomeCommand.self,
            MaintenanceCommand.self, ConfirmMeterCommand.self, ReadCommand.self, ScanCommand.self,
            LocateCommand.self, SilenceCommand.self, SelfTestCommand.self, DoctorCommand.self, ReportCommand.self,
            FleetCommand.self, InitCommand.self,
        ])
}

@main
enum Main {
    static func main() async {
        // A peer that goes away is an error of a call, never the end of the process.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try EdgeAgent.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            let code = EdgeAgent.exitCode(for: error)
            if code == .validationFailure, let word = EdgeAgent.unknownCommand(in: CommandLine.arguments) {
                EdgeAgent.refuse(command: word)
                exit(Exit.usage.rawValue)
            }
            let text = Main.text(of: error)
            if !text.isEmpty { say(text + "\n", to: code == .success ? STDOUT_FILENO : STDERR_FILENO) }
            exit(code == .validationFailure ? Exit.usage.rawValue : code.rawValue)
        }
    }

    /// Help, or what is wrong with the arguments. Completion scripts are for programs.
    private static func text(of error: any Error) -> String {
        let isHelp = EdgeAgent.exitCode(for: error) != .success || EdgeAgent.message(for: error).hasPrefix("OVERVIEW: ")
        guard Language.current != .en, isHelp else { return EdgeAgent.fullMessage(for: error) }
        return translatedHelp(
            EdgeAgent.fullMessage(for: error, columns: 100_000), to: .current,
            columns: Terminal.isInteractive ? Terminal.width : 80)
    }
}

extension EdgeAgent {
    private static var commands: [String] {
        configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    }

    /// What stands where a command should; nil: a command does. The argument parser only calls it unexpected.
    static func unknownCommand(in arguments: [String]) -> String? {
        guard let word = arguments.dropFirst().first, !word.hasPrefix("-"), !commands.contains(word) else { return nil }
        return word
    }

    fileprivate static func refuse(command word: String) {
        let language = Language.current
        let near = nearestWord(to: word, among: commands)
        complain(
            Message(SupportPhrase.commandUnknown, word).text(in: language),
            advice: (near.map { Message(SupportPhrase.commandNear, $0) } ?? Message(SupportPhrase.commandNone))
                .text(in: language))
    }
}
