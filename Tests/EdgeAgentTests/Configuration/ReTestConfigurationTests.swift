// [re-test], as it is written.

import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct ReTestConfigurationTests {
    private let both = smallHome + "[re-test]\npanic = \"7d\"\nwhole = \"182d\"\n"

    @Test func whoIsRemindedOfWhat() throws {
        let home = try load(both).home
        #expect(home.reTest == ReTestTerms(panic: .days(7), whole: .days(182)))
        #expect(
            reTestSentences(of: home).map { "\($0.name): \($0.sentence)" } == [
                "panic.re-test: speaks (technical) when panic was not pressed for 7 d: each panic button is to be tried that often",
                "whole.re-test: speaks (technical) when no `edge-agent self-test` beside the daemon has ended without a failure for 182 d",
            ])
        #expect(try load(smallHome).home.reTest == ReTestTerms())
        #expect(reTestSentences(of: try load(smallHome).home).isEmpty)
    }

    @Test func theNormalisedFormLoadsToTheSame() throws {
        let configuration = try load(both)
        #expect(configuration.normalisedText.contains("[re-test]\npanic = \"7d\"\nwhole = \"182d\"\n"))
        let again = try load(configuration.normalisedText)
        #expect(again.home == configuration.home)
        #expect(again.hash == configuration.hash)
        // A home without the table is what it was.
        #expect(!(try load(smallHome).normalisedText.contains("re-test")))
    }

    @Test func whatIsWrong() {
        func codes(_ table: String) -> [String] {
            issues(smallHome + table).filter(\.isError).map { "\($0.code) \($0.key)" }
        }
        #expect(codes("[re-test]\n") == ["E106 re-test"])
        #expect(codes("[re-test]\npanic = \"1h\"\n") == ["E304 re-test.panic"])
        #expect(codes("[re-test]\nwhole = \"400d\"\n") == ["E304 re-test.whole"])
        #expect(codes("[re-test]\nsiren = \"7d\"\n").count == 2)
        // The agent's own name.
        #expect(
            codes("[[rule]]\nname = \"panic.re-test\"\nkind = \"input-active\"\nsignal = \"panic\"\n") == [
                "E306 rule[1].name"
            ])
    }
}
