// Everything for installers and residents exists in every language, and says the same things in each.

import Testing

@testable import EdgeAgent

@Suite struct MessageTests {
    @Test func everyPhraseIsInEveryLanguage() {
        var codes: Set<String> = []
        for phrase in Catalogues.all {
            let (name, texts) = (phrase.rawValue, phrase.texts)
            #expect(codes.insert(name).inserted, "\(name) is there twice")
            // A phrase that nobody gave a text says its own name.
            #expect(texts.en != name && !texts.en.isEmpty, "\(name) has no English text")
            #expect(isChinese(texts.zh), "\(name) has no Chinese text: \(texts.zh)")
            #expect(!isChinese(texts.en), "\(name): the English text is Chinese")
            #expect(places(in: texts.en) == places(in: texts.zh), "\(name) fills in other things in Chinese")
            #expect(places(in: texts.en) == Array(0..<places(in: texts.en).count), "\(name) leaves a number out")
            // Who reads the advice types what stands in it.
            #expect(quoted(texts.en) == quoted(texts.zh), "\(name) names other commands in Chinese")
        }
        #expect(codes.count > 100)
    }

    /// Whoever gives a phrase fewer things than it has places for leaves a brace.
    @Test func whatIsFilledInStandsInItsPlace() {
        let message = Message(DevicePhrase.meterElsewhere, "5", "4800", "9600")
        #expect(message.text(in: .en) == "unit 5 answers at 4800, not at 9600")
        #expect(message.text(in: .zh) == "站号 5 在 4800 时应答，而不是 9600")
        #expect(message.code == "meterElsewhere")
        // What is filled in is never itself taken for a place.
        #expect(Message(HubPhrase.storageFailed, "{0} {1} {").text(in: .en) == "storage fails: {0} {1} {")
        #expect(Message(HubPhrase.storageFailed).text(in: .en) == "storage fails: {0}")
    }

    @Test(arguments: [
        ("zh_CN.UTF-8", Language.zh), ("zh", .zh), ("zh_TW", .zh), ("en_GB.UTF-8", .en), ("C", .en), ("", .en),
        ("de_DE", .en),
    ])
    func aLocaleChoosesTheLanguage(_ locale: String, _ language: Language) {
        #expect(Language(locale: locale) == language)
    }

    private func isChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }

    /// The numbers in braces, each once, in order.
    private func places(in text: String) -> [Int] {
        let numbers = text.split(separator: "{").compactMap { part in
            part.firstIndex(of: "}").flatMap { Int(part[..<$0]) }
        }
        return Set(numbers).sorted()
    }

    private func quoted(_ text: String) -> [String] {
        text.split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }.sorted()
    }
}

extension ProcessEnvironment {
    @Suite struct LanguageTests {
        @Test func theFirstVariableThatSaysAnythingCounts() {
            withEnvironment("LC_ALL", nil) {
                withEnvironment("LC_MESSAGES", "") {
                    withEnvironment("LANG", "zh_CN.UTF-8") {
                        #expect(Language.ofEnvironment() == .zh)
                        withEnvironment("LC_MESSAGES", "en_US.UTF-8") { #expect(Language.ofEnvironment() == .en) }
                    }
                    withEnvironment("LANG", nil) { #expect(Language.ofEnvironment() == .en) }
                }
            }
        }
    }
}
