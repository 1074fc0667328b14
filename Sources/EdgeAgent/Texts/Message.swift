// What is printed for installers and residents, in their language: each sentence a case of a catalogue with its texts.

import ArgumentParser
import Glibc

/// A language that everything for installers and residents exists in.
enum Language: String, CaseIterable, Sendable, ExpressibleByArgument {
    case en, zh

    /// As the environment says (locale(7)): the first of LC_ALL, LC_MESSAGES and LANG that says anything.
    static func ofEnvironment() -> Language {
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty { return Language(locale: value) }
        }
        return .en
    }

    /// What `--language` asks for, in whatever command. Read before the arguments are parsed, so that what is wrong with
    /// them, and their help, is already said in it.
    static func asked(in arguments: [String]) -> Language? {
        for (index, argument) in arguments.enumerated() {
            if argument == "--language", index + 1 < arguments.count { return Language(rawValue: arguments[index + 1]) }
            if argument.hasPrefix("--language=") { return Language(rawValue: String(argument.dropFirst(11))) }
        }
        return nil
    }

    /// What this process was asked for; nil: nothing. What programs read stays English then.
    static let asked = asked(in: CommandLine.arguments)

    /// That of everything this process says.
    static let current = asked ?? ofEnvironment()

    /// "zh_CN.UTF-8"; whatever is not known is English.
    init(locale: String) { self = locale.hasPrefix("zh") ? .zh : .en }
}

/// One sentence in every language. What is filled in stands as {0}, {1} … in each of them.
struct Texts: Hashable, Sendable {
    let en: String
    let zh: String

    init(_ en: String, zh: String) {
        self.en = en
        self.zh = zh
    }

    subscript(language: Language) -> String {
        switch language {
        case .en: en
        case .zh: zh
        }
    }
}

/// A catalogue. A new one joins `Catalogues.all`, where a test looks for missing translations.
protocol Phrase: CaseIterable, Hashable, Sendable, RawRepresentable where RawValue == String {
    var texts: Texts { get }
}

enum Catalogues {
    static var all: [any Phrase] {
        // One at a time: a long sum of lists is more than some compilers take on.
        var all: [any Phrase] = DevicePhrase.allCases
        all += HubPhrase.allCases as [any Phrase]
        all += GuidedPhrase.allCases as [any Phrase]
        all += LivePhrase.allCases as [any Phrase]
        all += SupportPhrase.allCases as [any Phrase]
        all += KindPhrase.allCases as [any Phrase]
        all += InitPhrase.allCases as [any Phrase]
        all += DrawPhrase.allCases as [any Phrase]
        all += BusPhrase.allCases as [any Phrase]
        return all
    }
}

/// A phrase with what is filled in.
struct Message: Hashable, Sendable {
    /// The phrase's name: stable, for programs.
    let code: String
    private let texts: Texts
    private let arguments: [String]

    /// - Parameter arguments: names and numbers, which are the same in any language, and what a device or the system said.
    init(_ phrase: some Phrase, _ arguments: String...) {
        code = phrase.rawValue
        texts = phrase.texts
        self.arguments = arguments
    }

    func text(in language: Language) -> String {
        // Pieces between braces alternate with text: "unit {0} answers".
        var out = ""
        for (index, part) in texts[language].split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard index > 0, let brace = part.firstIndex(of: "}"), let number = Int(part[..<brace]),
                arguments.indices.contains(number)
            else {
                out += (index > 0 ? "{" : "") + part
                continue
            }
            out += translatedPart(arguments[number], to: language) + part[part.index(after: brace)...]
        }
        return out
    }
}
