// [re-test]: what is to be tried again from time to time. Nothing is asked where it does not stand.

import LocalRules

extension HomeInterpreter {
    func readReTest(_ root: TableReader<RootKey>) -> ReTestTerms {
        guard let reader = root.subtable(.reTest, ReTestKey.self) else { return ReTestTerms() }
        if !reader.has(.panic), !reader.has(.whole) {
            root.report(
                .empty, .reTest, "[re-test] says nothing: nobody is reminded of anything",
                advice: "write panic = \"7d\" and whole = \"182d\", or remove the table")
        }
        return ReTestTerms(
            panic: reader.span(.panic, in: ConfigurationLimits.reTest),
            whole: reader.span(.whole, in: ConfigurationLimits.reTest))
    }
}

extension ReTestTerms {
    /// The table as it would be written; nil: none.
    var plain: PlainValue? {
        let entries = [(ReTestKey.panic.rawValue, panic), (ReTestKey.whole.rawValue, whole)]
            .compactMap { key, every in every.map { (key, span($0)) } }
        return entries.isEmpty ? nil : .table(entries)
    }
}

/// What the implicit rules about tests will do: their names and a sentence each.
func reTestSentences(of home: HomeModel) -> [(name: String, sentence: String)] {
    var sentences: [(name: String, sentence: String)] = []
    if let every = home.reTest.panic {
        for signal in home.signals where signal.source == .input(.panic) {
            sentences.append(
                (
                    "\(signal.name).re-test",
                    "speaks (technical) when \(signal.name) was not pressed for \(every.text(separator: " ")): each panic button is to be tried that often"
                ))
        }
    }
    if let every = home.reTest.whole {
        sentences.append(
            (
                "whole.re-test",
                "speaks (technical) when no `edge-agent self-test` beside the daemon has ended without a failure for \(every.text(separator: " "))"
            ))
    }
    return sentences
}
