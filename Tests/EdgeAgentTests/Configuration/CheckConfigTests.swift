// What check-config prints, and that the documentation knows every key and every code.

import Foundation
import LocalRules
import TestPeers
import Testing

@testable import EdgeAgent

/// "meters/eastron-sdm120.toml", and all the others.
private let sampleFiles: [String] = {
    let all = FileManager.default.enumerator(atPath: "\(repositoryFolder)/board-configs")?.allObjects as? [String]
    return (all ?? []).filter { $0.hasSuffix(".toml") }.sorted()
}()

@Suite struct CheckConfig {
    /// The folder's place differs from machine to machine.
    private func relative(_ text: String) -> String { text.replacing(repositoryFolder + "/", with: "") }

    @Test func goldenTextOfAGoodHome() throws {
        let report = CheckReport(
            file: "\(repositoryFolder)/board-configs/homes/simulated-demo.toml", loader: ConfigurationLoader())
        #expect(report.exitCode == 0)
        #expect(relative(report.text) == goldenGood)
        #expect(
            relative(report.summary) == "board-configs/homes/simulated-demo.toml: good, 0 errors, 0 warnings, 2 notes")
        // Everything but TOML is a comment: what is printed can be installed.
        let again = try load(report.text)
        guard case .success(let home) = report.result else { return }
        #expect(again.hash == home.hash)
    }

    @Test func goldenTextOfABadHome() {
        let report = CheckReport(
            file: "home.toml", result: Result { () throws(ConfigurationErrors) in .home(try load(goldenBadHome)) })
        #expect(report.exitCode == 1)
        #expect(report.text == goldenBad)
        #expect(jsonText(report.json) == goldenBadJSON)
        #expect(report.summary == "home.toml: not good, 4 errors, 3 warnings, 0 notes")
    }

    /// Nothing of it is left in English, and what programs read stays as it is.
    @Test func aBadHomeInChinese() {
        var report = CheckReport(
            file: "home.toml", result: Result { () throws(ConfigurationErrors) in .home(try load(goldenBadHome)) },
            language: .zh)
        let lines = report.text.split(separator: "\n")
        #expect(lines.first == #"home.toml:1:1: 警告 W103: upstream: 没有 [upstream]：家庭以外没有人会得到通知"#)
        #expect(lines.contains(#"  建议：是否想写 "rs485"？现有总线：rs485"#))
        for line in lines { #expect(leftoverEnglish(in: String(line)) == nil, "\(line)") }
        #expect(report.summary == "home.toml: 不正确，4 个错误，3 个警告，0 条提示")
        #expect(jsonText(report.json) == goldenBadJSON)
        report.languageOfJSON = .zh
        #expect(jsonText(report.json).contains(#""code":"E203""#))
        #expect(jsonText(report.json).contains(#""message":"没有名为 \"rs486\" 的总线""#))
    }

    /// Every home that comes with the agent, with what its rules will do; and what is printed loads again.
    @Test(arguments: sampleFiles.filter { $0.hasPrefix("homes/") })
    func everyHomeInChinese(_ file: String) throws {
        let report = CheckReport(
            file: "\(repositoryFolder)/board-configs/\(file)", loader: ConfigurationLoader(checksFiles: false),
            language: .zh)
        for line in report.text.split(separator: "\n") where line.hasPrefix("# ") {
            #expect(leftoverEnglish(in: String(line)) == nil, "\(line)")
        }
        guard case .success(let home) = report.result else { return }
        let again = try ConfigurationLoader(checksFiles: false).load(text: Array(report.text.utf8), file: "home.toml")
        #expect(again.hash == home.hash)
    }

    @Test func aFileThatIsNotThere() throws {
        let report = CheckReport(file: "/nowhere/home.toml", loader: ConfigurationLoader())
        #expect(report.exitCode == 4)
        #expect(report.text.hasPrefix("/nowhere/home.toml:1:1: error E105: cannot be read: "))
        #expect(CheckReport(file: "/", loader: ConfigurationLoader()).exitCode == 4)
        #expect(CheckReport(file: "/dev/zero", loader: ConfigurationLoader()).exitCode == 4)
    }

    @Test(arguments: sampleFiles)
    func everythingInBoardConfigsIsGoodAndComesBackTheSame(_ file: String) throws {
        // The homes name certificates that are on no machine, so they are read as replay would.
        let loader = ConfigurationLoader(checksFiles: false)
        let path = "\(repositoryFolder)/board-configs/\(file)"
        let report = CheckReport(file: path, loader: loader)
        #expect(report.exitCode == 0, "\(report.text)")
        #expect(report.summary.hasPrefix("\(path): good, 0 errors, "))
        let again = CheckReport(
            file: path,
            result: Result { () throws(ConfigurationErrors) in
                try loader.check(text: Array(report.text.utf8), file: path)
            })
        #expect(try again.result.get().hash == report.result.get().hash)
        let kind = [
            "homes": "configuration", "meters": "profile", "boards": "board", "hats": "hat",
        ][file.prefix { $0 != "/" }]
        #expect(jsonText(report.json).contains(",\"\(try #require(kind))\":{"))
    }

    @Test func noFolderOfBoardConfigsIsLeftOut() {
        let folders = Set(sampleFiles.map { $0.prefix { $0 != "/" } })
        #expect(folders == ["boards", "hats", "homes", "meters"])
    }

    @Test func aBadProfileByItself() throws {
        let checked = Result { () throws(ConfigurationErrors) in
            try ConfigurationLoader().check(text: Array(goldenBadProfile.utf8), file: "meters/bad-meter.toml")
        }
        let report = CheckReport(file: "meters/bad-meter.toml", result: checked)
        #expect(report.exitCode == 1)
        #expect(report.summary == "meters/bad-meter.toml: not good, 4 errors, 0 warnings, 0 notes")
        #expect(report.text.contains("meters/bad-meter.toml:7:1: error E102: register[0].adress: "))
    }

    @Test func aBadBoardByItself() throws {
        let text = Array("name = \"b\"\n[lines]\nGPIO2 = \"pinctrl:2\"\n\"GPIO 3\" = \"gpiochip0:3\"".utf8)
        let error = #expect(throws: ConfigurationErrors.self) {
            try ConfigurationLoader().check(text: text, file: "boards/b.toml")
        }
        #expect(error?.issues.map { "\($0.code)@\($0.line)" } == ["E311@4"])
    }

    @Test func whatIsNoDescriptionIsCheckedAsAHome() {
        let error = #expect(throws: ConfigurationErrors.self) {
            try ConfigurationLoader().check(text: Array("schema = 1".utf8), file: "home.toml")
        }
        #expect(error?.issues.filter(\.isError).map(\.code) == ["E103"])
    }

    @Test func errorsInAProfileNameItsFile() throws {
        let folder = try ScratchFolder()
        let path = "\(folder.path)/meters/bad-meter.toml"
        try folder.write(goldenBadProfile, to: "meters/bad-meter.toml")

        // Two meters name it; its errors are told once.
        let text =
            homeHead + "[[bus]]\nname = \"b\"\nkind = \"tcp\"\naddress = \"10.0.0.1\"\n"
            + [1, 2].map { "[[meter]]\nname = \"m\($0)\"\nbus = \"b\"\nunit = \($0)\nprofile = \"bad-meter\"\n" }
            .joined()
        let found = issues(text, with: ConfigurationLoader(descriptionFolders: [folder.path])).filter(\.isError)
        #expect(found.allSatisfy { $0.file == path })
        #expect(
            found.map { "\($0.code)@\($0.line) \($0.key)" } == [
                "E416@1 name", "E103@3 register[0].address", "E301@5 register[0].quantity", "E102@7 register[0].adress",
            ])
    }

    @Test(arguments: [
        RuleModel.Kind.lowUse(signal: SignalID(0), window: .hours(12), below: 10_000),
        .noActivity(signals: [SignalID(0)], silence: .lasting(.hours(12))),
        .noActivity(signals: [SignalID(0)], silence: .through(DailyHours(from: 420, until: 600))),
        .highUse(signal: SignalID(0), window: .hours(24), above: 2_000_000),
        .continuousUse(signal: SignalID(0), slot: .minutes(30), span: .hours(24), atLeast: 1000),
    ])
    func sentencesEndWithWhatCannotBeTold(_ kind: RuleModel.Kind) {
        let home = HomeModel(
            signals: [SignalModel(name: "water.volume", source: .meter(.volume), silentAfter: .minutes(5))], rules: [])
        let text = sentence(of: RuleModel(name: "r", kind: kind, severity: .orange), in: home)
        #expect(text.hasPrefix("speaks (orange) when ") && text.contains("; cannot tell while "))
    }
}

@Suite struct Documentation {
    private func page() throws -> [Substring] {
        String(decoding: try readSmallFile("\(repositoryFolder)/docs/configuration.md"), as: UTF8.self).split(
            separator: "\n")
    }

    /// The words in code quotes that begin the rows of the table below a heading.
    private func rows(below heading: String) throws -> [String] {
        let lines = try page()
        let start = try #require(lines.firstIndex { $0 == heading }, "docs/configuration.md has no heading \(heading)")
        let section = lines[(start + 1)...].prefix { !$0.hasPrefix("#") }
        return section.filter { $0.hasPrefix("| `") }.map { String($0.dropFirst(3).prefix { $0 != "`" }) }
    }

    @Test func knowsEveryKeyAndNoOther() throws {
        func check<Key: SectionKey>(_: Key.Type, _ heading: String) throws {
            #expect(
                try rows(below: heading).sorted() == (Key.allCases.map(\.rawValue) + Key.later).sorted(), "\(heading)")
        }
        try check(RootKey.self, "## The whole file")
        try check(HomeKey.self, "## [home]")
        try check(BusKey.self, "## [[bus]]")
        try check(MeterKey.self, "## [[meter]]")
        try check(RegisterKey.self, "## [[meter.register]]")
        try check(ScaleKey.self, "### scale-from")
        try check(ForbiddenKey.self, "### [[meter.forbidden]]")
        try check(InputKey.self, "## [[input]]")
        try check(OutputKey.self, "## [[output]]")
        try check(RuleKey.self, "## [[rule]]")
        try check(RiseKey.self, "### rise")
        try check(EscalationKey.self, "## [[escalation]]")
        try check(ReTestKey.self, "## [re-test]")
        try check(UpstreamKey.self, "## [upstream]")
        try check(FallbackKey.self, "### [upstream.fallback]")
        try check(ProfileKey.self, "## Meter profiles")
        try check(SerialKey.self, "### [serial]")
        try check(IdentifyKey.self, "### [[identify]]")
        try check(BoardKey.self, "## Boards")
        try check(PowerKey.self, "### [power]")
        try check(SerialPortKey.self, "### [[serial]]")
        try check(HatKey.self, "## HATs")
    }

    @Test func knowsEveryCode() throws {
        #expect(try rows(below: "## Codes") == IssueCode.allCases.map(\.rawValue))
    }

    @Test func knowsEveryUnit() throws {
        let text = try page().joined(separator: "\n")
        for quantity in Quantity.allCases {
            let symbols = MeasurementUnit.all(of: quantity).map { "`\($0.symbol)`" }.joined(separator: ", ")
            #expect(text.contains("| \(quantity.rawValue) | \(symbols) |"), "\(quantity.rawValue): \(symbols)")
        }
    }
}
