// What check-config found, as text and as JSON.

import LocalRules

struct CheckReport {
    let file: String
    let result: Result<HomeConfiguration, ConfigurationErrors>

    init(file: String, result: Result<HomeConfiguration, ConfigurationErrors>) {
        self.file = file
        self.result = result
    }

    init(file: String, loader: ConfigurationLoader) {
        self.init(file: file, result: Result { () throws(ConfigurationErrors) in try loader.load(file) })
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
        case .success(let configuration): configuration.warnings
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
        guard case .success(let configuration) = result else { return joined(list) }
        let rules = configuration.home.rules.map { "\($0.name): \(sentence(of: $0, in: configuration.home))" }
        var out =
            "# \(file), normalised: every default is written out, and it loads again to the same (hash \(configuration.hash)).\n"
        if !list.isEmpty { out += "#\n" + joined(list.map { "# " + $0 }) }
        out += configuration.normalisedText
        if !rules.isEmpty { out += "\n# What the rules will do:\n" + joined(rules.map { "# " + $0 }) }
        return out
    }

    private func joined(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

    private func lines(_ issue: ConfigurationIssue) -> [String] { [issue.text, "  advice: \(issue.advice)"] }

    /// {ok, errors[], warnings[], configuration{}, rules[]}; the last two are missing when there are errors.
    var json: PlainValue {
        var entries: [(key: String, value: PlainValue)] = [
            ("ok", .boolean(exitCode == 0)),
            ("file", .string(file)),
            ("errors", .list(issues.filter(\.isError).map(json))),
            ("warnings", .list(issues.filter { !$0.isError }.map(json))),
        ]
        if case .success(let configuration) = result {
            entries += [
                ("hash", .string(configuration.hash)),
                ("configuration", normalised(configuration)),
                ("rules", .list(configuration.home.rules.map { json($0, in: configuration.home) })),
            ]
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

    private func json(_ rule: RuleModel, in home: HomeModel) -> PlainValue {
        .table([
            ("name", .string(rule.name)), ("kind", .string(rule.kind.name)),
            ("sentence", .string(sentence(of: rule, in: home))),
        ])
    }
}

extension ConfigurationIssue {
    /// "home.toml:12:8: error E203: meter[1].bus: no bus is called "rs486"": the form that editors know.
    var text: String {
        "\(file):\(line):\(column): \(level) \(code): \(key.isEmpty ? "" : "\(key): ")\(message)"
    }
}
