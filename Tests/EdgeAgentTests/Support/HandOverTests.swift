// The page that is handed over, whole.

import FoundationEssentials
import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct HandOverTests {
    private static let loader = ConfigurationLoader(
        descriptionFolders: ["\(repositoryFolder)/board-configs"], checksFiles: false)
    private static let text =
        homeHead + waterMeter + """
            [[input]]
            name = "panic"
            kind = "panic"
            line = "GPIO24"
            [[output]]
            name = "siren"
            kind = "siren"
            line = "GPIO27"
            [upstream]
            broker = "mqtts://broker.example:8883"
            user = "hub-7"
            password-file = "/etc/edge-agent/password"

            """

    private func page(_ test: SavedSelfTest?, _ language: Language = .en) throws -> [String] {
        HandOver(home: try load(Self.text, with: Self.loader), test: test, language: language).text(
            at: midnight.milliseconds
        )
        .split(separator: "\n").map(String.init)
    }

    private func test(_ json: String) throws -> SavedSelfTest {
        try JSONDecoder().decode(SavedSelfTest.self, from: Data(json.utf8))
    }

    @Test func whatIsThereAndWhatItDoes() throws {
        let home = try load(Self.text, with: Self.loader)
        let page = try page(nil)
        #expect(page[0] == "# Installation of home h-1")
        #expect(page[1] == "Made by edge-agent \(AgentVersion.text) on 2026-01-01; configuration \(home.hash)")
        #expect(page[2] == "Board: simulated")
        for line in [
            "- water: unit 5 on rs485, gives water.volume", "- panic: panic button, on line GPIO24",
            "- siren: siren, by line GPIO27",
            "- every alert goes to broker.example, at once, and again until somebody accepts it",
            "- not accepted after 3 min: the home hears: not-reached",
            "- every week: press panic, hear the siren, and let somebody accept the alarm",
        ] { #expect(page.contains(line), "\(line) is missing in \(page)") }
        // One line for each rule, with what it does.
        for rule in home.home.rules { #expect(page.contains { $0.hasPrefix("- \(rule.name): speaks (") }) }
        #expect(page.contains { $0.contains("self-test --format json") })
        #expect(!page.contains { $0.contains("hub-7") || $0.contains("/etc/edge-agent/password") })
    }

    @Test func whatTheTestFound() throws {
        let good = try test(
            #"{"passed":12,"failed":0,"untested":0,"checks":[{"name":"a","verdict":"pass","reason":"r"}]}"#)
        #expect(try page(good).contains("- everything was tested and is good"))
        let bad = try test(
            #"{"passed":1,"failed":1,"untested":1,"checks":[{"name":"a","verdict":"pass","reason":"r"},"#
                + #"{"name":"line.panic","verdict":"fail","reason":"no such line.","advice":"Check it."},"#
                + #"{"name":"output.siren.noticed","verdict":"untested","reason":"nobody was asked."}]}"#)
        let page = try page(bad)
        #expect(page.contains("- 1 passed, 1 failed, 1 untested"))
        #expect(page.contains("- failed: line.panic: no such line. Check it."))
        #expect(page.contains { $0.hasPrefix("- untested: output.siren.noticed: nobody was asked.") })
    }

    @Test func everyKindHasAWord() {
        for kind in InputKind.allCases { #expect(KindPhrase(kind: kind.rawValue) != nil, "\(kind) has no word") }
        for kind in OutputConfiguration.Kind.allCases { #expect(KindPhrase(kind: kind.rawValue) != nil) }
    }

    @Test func inChinese() throws {
        let page = try page(nil, .zh)
        #expect(page[0] == "# 安装交接单：家庭 h-1")
        #expect(page.contains("- siren：警号，由线路 GPIO27 驱动"))
        #expect(page.contains("## 守护内容") && page.contains("## 定期测试"))
    }
}
