// `edge-agent replay`: recorded readings through the rules; the same code as in a home, without its clock.

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
            missing. Time ends at the last row, or at --until. The same input gives the same bytes.
            """)

    @Option(help: "The home's configuration.") var config: String
    @Option(help: "Leave out rows before this time.") var from: String?
    @Option(help: "Go on to this time, and no further.") var until: String?
    @OptionGroup var boards: BoardConfigsOption
    @Argument(help: "The recording; - for standard input.") var readings: String

    func run() throws {
        let configuration = try loadConfiguration(config, boardConfigs: boards.folders, checksFiles: false)
        let first = try from.map { try time($0, "--from") }
        let last = try until.map { try time($0, "--until") }
        do {
            try replay(configuration, from: first, until: last)
        } catch let error as RecordingError {
            complain("\(readings):\(error.line): \(error.message)", advice: error.advice)
            throw ExitCode(error.line == 0 ? 4 : 1)
        }
    }

    private func replay(_ configuration: HomeConfiguration, from: Instant?, until: Instant?) throws {
        var recording = try RecordedReadings(path: readings, configuration: configuration)
        var engine: RuleEngine?
        var now: Instant?
        while let reading = try recording.next() {
            if let from, reading.time < from { continue }
            if let until, reading.time > until { break }
            if engine == nil { engine = RuleEngine(home: configuration.home, at: from ?? reading.time) }
            write(engine!.observe(reading))
            now = reading.time
        }
        if engine == nil, let from, until != nil { engine = RuleEngine(home: configuration.home, at: from) }
        guard let end = until ?? now, engine != nil else { return }
        write(engine!.advance(to: end))
    }

    private func time(_ text: String, _ option: String) throws -> Instant {
        guard let time = TimeText(Array(text.utf8)) else {
            throw ValidationError("\(option) \(text): write 2026-01-31T07:00:00, with or without an offset, or Unix seconds.")
        }
        return Instant(milliseconds: time.resolve())
    }
}

/// Writes each step in an alert's life as one JSON object on a line.
private func write(_ directives: [Directive]) {
        for case .alert(let event, let alert, let time) in directives {
            let line = PlainValue.table([
                ("time", .string(time.iso8601)), ("event", .string(event.rawValue)), ("alert", .string(alert.id)),
                ("rule", .string(alert.rule)), ("kind", .string(alert.kind)),
                ("severity", .string(alert.severity.rawValue)),
                ("signals", .list(alert.signals.map(PlainValue.string))),
                ("reasons", .list(alert.reasons.map(PlainValue.string))),
            ])
            print(jsonText(line))
        }
}
