// Recorded readings through the rules: the same engine as in a home, without its clock.

import LocalRules

/// One replay of a recording. Time ends at the last row, or at `until`.
struct Replay {
    var configuration: HomeConfiguration
    /// Rows before this are left out; the rules start here.
    var from: Instant?
    /// Rows after this are left out; time goes on to here.
    var until: Instant?

    /// Hands one JSON object, without a line's end, to `output` for every step in an alert's life. The same
    /// recording gives the same bytes. `path` "-" is standard input.
    func run(path: String, output: (String) -> Void) throws(RecordingError) {
        var recording = try RecordedReadings(path: path, configuration: configuration)
        var interpreter = Interpreter(configuration: configuration)
        var engine = from.map { RuleEngine(home: configuration.home, at: $0) }
        var now: Instant?
        while let recorded = try recording.next() {
            if let from, recorded.time < from { continue }
            if let until, recorded.time > until { break }
            let reading = interpreter.interpret(recorded).reading
            var running = engine ?? RuleEngine(home: configuration.home, at: reading.time)
            // Emptied meanwhile, so that the engine is changed in place and not copied with every row.
            engine = nil
            Replay.lines(running.observe(reading)).forEach(output)
            engine = running
            now = reading.time
        }
        guard let end = until ?? now else { return }
        if var engine { Replay.lines(engine.advance(to: end)).forEach(output) }
    }

    private static func lines(_ directives: [Directive]) -> [String] {
        directives.compactMap { directive in
            guard case .alert(let event, let alert, let time) = directive else { return nil }
            return jsonText(
                .table([
                    ("time", .string(time.iso8601)), ("event", .string(event.rawValue)), ("alert", .string(alert.id)),
                    ("rule", .string(alert.rule)), ("kind", .string(alert.kind)),
                    ("severity", .string(alert.severity.rawValue)),
                    ("signals", .list(alert.signals.map(PlainValue.string))),
                    ("reasons", .list(alert.reasons.map(PlainValue.string))),
                ]))
        }
    }
}
