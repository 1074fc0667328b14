// `edge-agent replay`: recorded readings through the rules; the command around Replay.

import ArgumentParser
import Glibc
import LocalRules

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Feed recorded readings through the rules.",
        discussion: """
            Reads time,signal,value rows (after that header line) and writes one JSON object for every step in an \
            alert's life. Values are in the register's unit, inputs are 0 or 1, an empty value is a reading that is \
            missing. Times are ISO 8601 or Unix seconds; without an offset they are the home's local time, and what is written \
            is UTC. Time ends at the last row, or at --until. The same input gives the same bytes.
            """)

    @Option(help: "The home's configuration.") var config: String
    @Option(help: "Leave out rows before this time.") var from: String?
    @Option(help: "Go on to this time, and no further.") var until: String?
    @OptionGroup var boards: BoardConfigsOption
    @OptionGroup var speech: LanguageOption
    @Argument(help: "The recording; - for standard input.") var readings: String

    func run() throws {
        let configuration = try loadConfiguration(config, boardConfigs: boards.folders, checksFiles: false)
        let first = try from.map { try time($0, "--from") }
        let last = try until.map { try time($0, "--until") }
        if let first, let last, first > last { throw ValidationError("--from is later than --until.") }
        do throws(RecordingError) {
            try Replay(configuration: configuration, from: first, until: last).run(path: readings) { print($0) }
        } catch {
            let place = error.line == 0 ? readings : "\(readings):\(error.line)"
            complain("\(place): \(error.message)", advice: error.advice)
            throw ExitCode(error.line == 0 ? 4 : 1)
        }
    }

    private func time(_ text: String, _ option: String) throws -> Instant {
        guard let time = TimeText(Array(text.utf8)) else {
            throw ValidationError(
                "\(option) \(text): write 2026-01-31T07:00:00, with or without an offset, or Unix seconds.")
        }
        return Instant(milliseconds: time.resolve())
    }
}
