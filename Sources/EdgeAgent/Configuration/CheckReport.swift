// What check-config found, as text and as JSON.

import LocalRules

struct CheckReport {
    let file: String
    let result: Result<CheckedFile, ConfigurationErrors>
    /// Of what people read.
    let language: Language
    /// Of what is for programs, too: English, unless somebody asks for another.
    var languageOfJSON = Language.en

    init(file: String, result: Result<CheckedFile, ConfigurationErrors>, language: Language = .en) {
        self.file = file
        self.result = result
        self.language = language
    }

    /// For a home, a meter profile, a board or a HAT.
    init(file: String, loader: ConfigurationLoader, language: Language = .en) {
        self.init(
            file: file, result: Result { () throws(ConfigurationErrors) in try loader.check(file) }, language: language)
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
        let outcome = exitCode == 0 ? "good" : "not good"
        return translated(
            "\(file): \(outcome), \(count("error")), \(count("warning")), \(count("note"))", to: language)
    }

    /// For stdout. With errors: the list. Without: the normalised TOML, everything else in it a comment, so
    /// that the whole text is a configuration again.
    var text: String {
        let list = issues.flatMap(lines)
        guard case .success(let checked) = result else { return joined(list) }
        let head =
            "# \(file), normalised: every default is written out, and it loads again to the same (hash \(checked.hash))."
        var out = translated(head, to: language) + "\n"
        if !list.isEmpty { out += "#\n" + joined(list.map { "# " + $0 }) }
        out += tomlText(checked.plain)
        guard case .home(let configuration) = checked else { return out }
        let rules = sentences(of: configuration.home).map {
            "# \($0.name): \(translated($0.sentence, to: language))"
        }
        if !rules.isEmpty { out += "\n\(translated("# What the rules will do:", to: language))\n" + joined(rules) }
        return out
    }

    private func joined(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

    private func lines(_ issue: ConfigurationIssue) -> [String] {
        let lead = Message(HubPhrase.advice).text(in: language)
        return [issue.text(in: language), "  \(lead)\(translated(issue.advice, to: language))"]
    }

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
            ("message", .string(translated(issue.message, to: languageOfJSON))),
            ("advice", .string(translated(issue.advice, to: languageOfJSON))),
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
            ("name", .string(rule.name)), ("kind", .string(rule.kind)),
            ("sentence", .string(translated(rule.sentence, to: languageOfJSON))),
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
    var text: String { text(in: .en) }

    /// The place stays as it is: editors read it.
    func text(in language: Language) -> String {
        let place = "\(file):\(line):\(column): \(translatedWord(level, to: language)) \(code): "
        return place + (key.isEmpty ? "" : "\(key): ") + translated(message, to: language)
    }
}
