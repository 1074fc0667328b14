// What `self-test` prints: for people, and for three kinds of programs.

import ArgumentParser

enum SelfTestFormat: String, CaseIterable, ExpressibleByArgument {
    /// Line by line as results come.
    case human
    /// One object; the interface for programs.
    case json
    /// One test suite (the XML of JUnit 4, as build servers read it).
    case junit
    /// Test Anything Protocol, version 14.
    case tap
}

struct SelfTestReport {
    let language: Language
    var usesColour = false
    /// What may not leave the home is taken out of JSON.
    var scrub: (String) -> String = { $0 }

    // MARK: Human

    /// Two lines for a result with advice, else one.
    func lines(_ result: CheckResult) -> [String] {
        let width = 9
        let word = text(of: result.verdict)
        // A Chinese character takes two places.
        let places = word.unicodeScalars.reduce(0) { $0 + ($1.value > 0x2E80 ? 2 : 1) }
        let padded = word + String(repeating: " ", count: max(1, width - places))
        let measured = result.measured.map { " (\($0))" } ?? ""
        var lines = ["\(tint(padded, result.verdict))\(result.name): \(result.reason.text(in: language))\(measured)"]
        if let advice = result.advice {
            lines.append(
                String(repeating: " ", count: width) + Message(HubPhrase.advice).text(in: language)
                    + advice.text(in: language))
        }
        return lines
    }

    func summary(_ result: SelfTestResult) -> String {
        Message(HubPhrase.summary, "\(result.count(.pass))", "\(result.count(.fail))", "\(result.count(.untested))")
            .text(in: language)
    }

    private func text(of verdict: CheckResult.Verdict) -> String {
        let phrase: HubPhrase =
            switch verdict {
            case .pass: .passed
            case .fail: .failed
            case .untested: .notTested
            }
        return Message(phrase).text(in: language)
    }

    private func tint(_ text: String, _ verdict: CheckResult.Verdict) -> String {
        guard usesColour else { return text }
        let code =
            switch verdict {
            case .pass: 32
            case .fail: 31
            case .untested: 33
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    // MARK: JSON

    /// - Parameter brief: what passed is only counted.
    func json(_ result: SelfTestResult, brief: Bool = false) -> PlainValue {
        .table([
            ("daemon", .boolean(result.hasDaemon)), ("exitCode", .integer(Int64(result.exitCode))),
            ("passed", .integer(Int64(result.count(.pass)))), ("failed", .integer(Int64(result.count(.fail)))),
            ("untested", .integer(Int64(result.count(.untested)))), ("language", .string(language.rawValue)),
            ("checks", .list(result.results.filter { !brief || $0.verdict != .pass }.map(json))),
        ])
    }

    func json(_ result: CheckResult) -> PlainValue {
        var entries: PlainEntries = [
            ("name", .string(result.name)), ("verdict", .string(result.verdict.rawValue)),
            ("code", .string(result.reason.code)),
        ]
        if let measured = result.measured { entries.append(("measured", .string(scrub(measured)))) }
        entries.append(("reason", .string(scrub(result.reason.text(in: language)))))
        if let advice = result.advice { entries.append(("advice", .string(scrub(advice.text(in: language))))) }
        return .table(entries)
    }

    // MARK: JUnit

    func junit(_ result: SelfTestResult) -> String {
        var out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
        out += "<testsuite name=\"edge-agent self-test\" tests=\"\(result.results.count)\" "
        out += "failures=\"\(result.count(.fail))\" errors=\"0\" skipped=\"\(result.count(.untested))\">\n"
        for check in result.results { out += junit(check) }
        return out + "</testsuite>\n"
    }

    private func junit(_ result: CheckResult) -> String {
        let head = "  <testcase classname=\"\(xml(result.area))\" name=\"\(xml(result.name))\""
        let reason = xml(result.reason.text(in: language))
        let advice = xml(result.advice?.text(in: language) ?? "")
        let measured = result.measured.map { "    <system-out>\(xml($0))</system-out>\n" } ?? ""
        switch result.verdict {
        case .pass where measured.isEmpty: return "\(head)/>\n"
        case .pass: return "\(head)>\n\(measured)  </testcase>\n"
        case .fail:
            return "\(head)>\n    <failure message=\"\(reason)\">\(advice)</failure>\n\(measured)  </testcase>\n"
        case .untested: return "\(head)>\n    <skipped message=\"\(reason) \(advice)\"/>\n  </testcase>\n"
        }
    }

    private func xml(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { out, scalar in
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            // XML 1.0 has no place for control characters.
            case let control where control.value < 0x20: out += " "
            default: out.unicodeScalars.append(scalar)
            }
        }
    }

    // MARK: TAP

    func tap(_ result: SelfTestResult) -> String {
        var out = "TAP version 14\n1..\(result.results.count)\n"
        for (index, check) in result.results.enumerated() {
            let measured = check.measured.map { " (\($0))" } ?? ""
            let reason = tap(check.reason.text(in: language))
            let start = "\(check.verdict == .fail ? "not ok" : "ok") \(index + 1) - \(tap(check.name))"
            guard check.verdict != .untested else {
                out += "\(start) # SKIP \(reason)\n"
                continue
            }
            out += "\(start): \(reason)\(tap(measured))\n"
            guard let advice = check.advice else { continue }
            // A JSON string is a YAML string.
            out += "  ---\n  advice: \(jsonText(.string(advice.text(in: language))))\n  ...\n"
        }
        return out
    }

    /// "#" would begin a directive, and a line break a new line.
    private func tap(_ text: String) -> String {
        text.reduce(into: "") { out, letter in
            switch letter {
            case "#": out += "\\#"
            case "\\": out += "\\\\"
            case "\n", "\r", "\r\n": out += " "
            default: out.append(letter)
            }
        }
    }
}
