// What support needs to help from afar, in one JSON object, scrubbed. It goes into a file; nobody sends it but a person.

import Drivers
import FoundationEssentials
import LocalRules

struct SupportBundle {
    let findings: DoctorFindings
    /// The service's last lines.
    let log: [String]
    let scrubber: Scrubber

    /// One line of JSON. `bundle` is the form's number.
    func json(_ language: Language, madeAt now: Instant) -> String {
        let report = SelfTestReport(language: language)
        var entries: PlainEntries = [
            ("bundle", .integer(1)), ("made", .string(now.iso8601)), ("version", .string(AgentVersion.text)),
            ("libgpiod", .string(GpiodLines.libraryVersion)), ("language", .string(language.rawValue)),
            ("findings", .list(findings.ranked.map(report.json))),
            ("checks", .list(findings.checks.map(report.json))),
            ("machine", findings.machine.plain),
            ("crashes", .string(findings.crashes ?? "")),
            ("log", .list(log.map(PlainValue.string))),
        ]
        if let home = findings.home { entries.append(("configuration", SupportSecrets.withoutThem(normalised(home)))) }
        let head = jsonText(.table(entries))
        guard let status = findings.status.flatMap(SupportBundle.text) else { return scrubber.text(head) }
        // The scrubber sees all of it, keys and all: nothing gets past it for having been forgotten above.
        return scrubber.text(head.dropLast() + ",\"status\":" + status + "}")
    }

    private static func text(_ status: AgentStatus) -> String? {
        let encoder = JSONEncoder()
        // "\/" would hide a path from the scrubber.
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return (try? encoder.encode(status)).map { String(decoding: $0, as: UTF8.self) }
    }
}
