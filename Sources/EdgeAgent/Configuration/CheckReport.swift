// What check-config found, as text and as JSON.

import LocalRules

struct CheckReport {
    let file: String
    let result: Result<CheckedFile, ConfigurationErrors>

    init(file: String, result: Result<CheckedFile, ConfigurationErrors>) {
        self.file = file
        self.result = result
    }

    /// For a home, a meter profile, a board or a HAT.
    init(file: String, loader: ConfigurationLoader) {
        self.init(file: file, result: Result { () throws(ConfigurationErrors) in try loader.check(file) })
    }

    /// 0 good, 1 errors, 4 the file cannot be read.
    var exitCode: Int32 {
        switch result {
        case .success: 0
        case .failure(let errors): errors.isUnreadable ? 4 : 1
        }
    }

    private var issues: [ConfigurationIssue] {
        switch result {
        case .success(.home(let configuration)): configuration.warnings
        case .success(.profile(_, let warnings)), .success(.board(_, let warnings)), .success(.hat(_, let warnings)):
            warnings
        case .failure(let errors): errors.issues
        }
    }

    /// For stderr: the outcome in one line.
    var summary: String {
        func count(_ level: String) -> String {
            let number = issues.count { $0.level == level }
            return "\(number) \(level)\(number == 1 ? "" : "s")"
        }
        return
            "\(file): \(exitCode == 0 ? "good" : "not good"), \(count("error")), \(count("warning")), \(count("note"))"
    }

    /// For stdout. With errors: the list. Without: the normalised TOML, everything else in it a comment, so
    /// that the whole text is a configuration again.
    var text: String {
        let list = issues.flatMap(lines)
        guard case .success(let checked) = result else { return joined(list) }
        var out =
            "# \(file), normalised: every default is written out, and it loads again to the same (hash \(checked.hash)).\n"
        if !list.isEmpty { out += "#\n" + joined(list.map { "# " + $0 }) }
        out += tomlText(checked.plain)
        guard case .home(let configuration) = checked else { return out }
        let rules = sentences(of: configuration.home).map { "\($0.name): \($0.sentence)" }
        if !rules.isEmpty { out += "\n# What the rules will do:\n" + joined(rules.map { "# " + $0 }) }
        return out
    }

    private func joined(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

    private func lines(_ issue: ConfigurationIssue) -> [String] { [issue.text, "  advice: \(issue.advice)"] }

    /// {ok, file, errors[], warnings[]}, and if there are no errors hash and configuration{}, profile{},
    /// board{} or hat{}; with a configuration rules[].
    var json: PlainValue {
        var entries: PlainEntries = [
            ("ok", .boolean(exitCode == 0)),
            ("file", .string(file)),
            ("errors", .list(issues.filter(\.isError).map(json))),
            ("warnings", .list(issues.filter { !$0.isError }.map(json))),
        ]
        guard case .success(let checked) = result else { return .table(entries) }
        entries += [("hash", .string(checked.hash)), (checked.kind, checked.plain)]
        if case .home(let configuration) = checked {
            entries.append(("rules", .list(sentences(of: configuration.home).map(json))))
        }
        return .table(entries)
    }

    private func json(_ issue: ConfigurationIssue) -> PlainValue {
        .table([
            ("level", .string(issue.level)), ("code", .string(issue.code)), ("file", .string(issue.file)),
            ("line", .integer(Int64(issue.line))), ("column", .integer(Int64(issue.column))),
            ("key", .string(issue.key)),
            ("message", .string(issue.message)), ("advice", .string(issue.advice)),
        ])
    }

    private typealias Sentence = (name: String, kind: String, sentence: String)

    /// The rules as configured, then what is to be tried again.
    private func sentences(of home: HomeModel) -> [Sentence] {
        home.rules.map { ($0.name, $0.kind.name, sentence(of: $0, in: home)) }
            + reTestSentences(of: home).map { ($0.name, "re-test", $0.sentence) }
    }

    private func json(_ rule: Sentence) -> PlainValue {
        .table([
            ("name", .string(rule.name)), ("kind", .string(rule.kind)), ("sentence", .string(rule.sentence)),
        ])
    }
}

extension CheckedFile {
    fileprivate var kind: String {
        switch self {
        case .home: "configuration"
        case .profile: "profile"
        case .board: "board"
        case .hat: "hat"
        }
    }

    var plain: PlainValue {
        switch self {
        case .home(let configuration): normalised(configuration)
        case .profile(let profile, _): normalised(profile)
        case .board(let board, _): normalised(board)
        case .hat(let hat, _): normalised(hat)
        }
    }

    var hash: String { fnv1a64(tomlText(plain)) }
}

extension ConfigurationIssue {
    /// "home.toml:12:8: error E203: meter[1].bus: no bus is called "rs486"": the form that editors know.
    var text: String {
        "\(file):\(line):\(column): \(level) \(code): \(key.isEmpty ? "" : "\(key): ")\(message)"
    }
}
