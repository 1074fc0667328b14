// Rules about going out, as they are written and as they come by themselves.

import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct ModeConfiguration {
    private let flat = """
        \(smallHome)

        [[input]]
        name = "door.front"
        kind = "door"
        line = "GPIO5"

        [[input]]
        name = "motion.hall"
        kind = "motion"
        line = "GPIO6"

        [[rule]]
        name = "nobody-moves"
        kind = "no-activity"
        signals = ["motion.hall"]
        silent-for = "12h"

        """

    private func kinds(_ text: String) throws -> [String] { try load(text).home.rules.map(\.kind.name) }

    @Test func whereRulesRestSomebodyHearsOfWhoeverDoesNotComeBack() throws {
        let home = try load(flat).home
        let rule = try #require(home.rules.first { $0.kind.name == "not-returned" })
        #expect(rule.severity == .yellow)
        #expect(rule.kind.signals.map { home.signals[$0.index].name } == ["door.front"])
        #expect(sentence(of: rule, in: home).contains("nobody is back after 16 h"))
        #expect(try kinds(flat).contains("active-while-away"))
    }

    @Test func notWhereNothingSaysThatSomebodyWentOut() throws {
        let inner = flat.replacing("kind = \"door\"", with: "kind = \"door\"\nleads-out = false")
        #expect(try !kinds(inner).contains("not-returned"))
        let judging = flat.replacing("silent-for = \"12h\"", with: "silent-for = \"12h\"\naway = \"judge\"")
            .replacing("window = \"12h\"", with: "window = \"12h\"\naway = \"judge\"")
        #expect(try !kinds(judging).contains("not-returned"))
    }

    @Test func oneThatIsWrittenTakesItsPlace() throws {
        let home = try load(
            flat + """
                [[rule]]
                name = "gone"
                kind = "not-returned"
                after = "24h"
                """
        ).home
        #expect(home.rules.filter { $0.kind.name == "not-returned" }.map(\.name) == ["gone"])
    }

    @Test(
        "What cannot be",
        arguments: [
            ("after = \"2h\"", "kind = \"not-returned\""), ("away = \"rest\"", "kind = \"not-returned\""),
            ("warn-for = \"10min\"", "kind = \"active-while-away\""),
            ("signals = [\"motion.hall\"]", "kind = \"not-returned\""),
        ])
    func refused(key: String, kind: String) throws {
        let text = flat + "[[rule]]\nname = \"r\"\n\(kind)\n\(key)\n"
        #expect(throws: (any Error).self) { try load(text) }
    }
}
