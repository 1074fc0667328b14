// What support needs to help from afar, in one JSON object, scrubbed. It goes into a file; nobody sends it but a person.

import Drivers
import FoundationEssentials
import LocalRules

struct SupportBundle {
    let findings: DoctorFindings
    /// The service's last lines.
    let log: [String]
    let scrubber: Scrubber

    /// One line of JSON, in English whatever is spoken here: `accepted by` is how the scrubber tells a person's name. Codes say
    /// the same in every language. `bundle` is the form's number.
    func json(madeAt now: Instant) -> String {
        let report = SelfTestReport(language: .en)
        var entries: PlainEntries = [
            ("bundle", .integer(1)), ("made", .string(now.iso8601)), ("version", .string(AgentVersion.text)),
            ("libgpiod", .string(GpiodLines.libraryVersion)),
            ("findings", .list(findings.ranked.map(report.json))),
            ("checks", .list(findings.checks.map(report.json))),
            ("machine", findings.machine.plain),
            ("crashes", .string(findings.crashes ?? "")),
            ("log", .list(log.map(PlainValue.string))),
        ]
        if let home = findings.home { entries.append(("configuration", SupportSecrets.withoutThem(normalised(home)))) }
        let head = jsonText(.table(entries))
        guard let status = findings.status.flatMap(SupportBundle.text) else { return scrubbed(head) }
        // The scrubber sees every text in it: nothing gets past it for having been forgotten above.
        return scrubbed(head.dropLast() + ",\"status\":" + status + "}")
    }

    private static func text(_ status: AgentStatus) -> String? {
        var status = status
        // Its keys are texts; a scrubber leaves keys alone.
        status.faults = status.faults.map { fault in status.faultAdvice?[fault].map { "\(fault); \($0)" } ?? fault }
        status.faultAdvice = nil
        let encoder = JSONEncoder()
        // "\/" would hide a path from the scrubber.
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        return (try? encoder.encode(status)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Every string of a JSON text through the scrubber, but for keys: a user who is called "name" must not cost support
    /// all names.
    private func scrubbed(_ json: String) -> String {
        var out: [UInt8] = []
        var rest = Array(json.utf8)[...]
        let quotation = UInt8(ascii: "\"")
        while let start = rest.firstIndex(of: quotation) {
            out += rest[...start]
            rest = rest[(start + 1)...]
            var end = rest.startIndex
            while end < rest.endIndex, rest[end] != quotation { end += rest[end] == UInt8(ascii: "\\") ? 2 : 1 }
            guard end < rest.endIndex else { break }
            let isKey = rest[(end + 1)...].first == UInt8(ascii: ":")
            let text = rest[..<end]
            out += isKey ? Array(text) : Array(scrubber.text(String(decoding: text, as: UTF8.self)).utf8)
            out.append(quotation)
            rest = rest[(end + 1)...]
        }
        return String(decoding: out + rest, as: UTF8.self)
    }
}
