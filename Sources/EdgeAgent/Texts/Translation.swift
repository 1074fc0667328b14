// What stands in English where it is made, in the language of whoever reads it: translated at the terminal, by template
// (docs/decisions/0020-translated-at-the-terminal.md).

/// An English sentence in another language; one that no catalogue knows stays as it is.
func translated(_ english: String, to language: Language) -> String {
    language == .en || english.isEmpty ? english : Translation.chinese.text(english, depth: 0)
}

/// The same for a single word where it stands alone, such as a state in a table. In a sentence a single word may be
/// somebody's name for a meter, and stays.
func translatedWord(_ english: String, to language: Language) -> String {
    language == .en ? english : Translation.chinese.word(english) ?? english
}

/// Catalogues of templates: "unit {0} does not answer". What fills a place is itself translated, but for single words;
/// `{0w}` in the Chinese says that a word is meant, `{0-}` that Chinese leaves it out (a plural's s).
struct Translation: Sendable {
    static let chinese = Translation([
        Chinese.configuration, Chinese.configurationRules, Chinese.rules, Chinese.devices, Chinese.hub, Chinese.cloud,
        Chinese.commands, Chinese.help, Chinese.elsewhere,
    ])

    /// A sentence in a sentence in a sentence: deeper than anything that is said, and an end for what is not.
    private static let deepest = 6
    /// What stands between two sentences that were put together.
    private static let separator = Array("; ".utf8)

    struct Template: Sendable {
        /// What stands before, between and behind the places.
        let pieces: [[UInt8]]
        let chinese: String
        /// Bytes that have to be there: of two templates that fit, the one that says more is meant.
        let weight: Int
    }

    private var exact: [String: String] = [:]
    /// By the first bytes; under nothing those that begin with a place.
    private var byStart: [[UInt8]: [Template]] = [:]
    private static let startLength = 3

    /// - Parameter catalogues: an English line, and below it, indented, its translation; `// ` begins a heading.
    init(_ catalogues: [String]) {
        for catalogue in catalogues {
            var english: Substring?
            for line in catalogue.split(separator: "\n") where !line.hasPrefix("// ") {
                guard line.hasPrefix("  ") else {
                    english = line
                    continue
                }
                if let english { add(String(english), String(line.dropFirst(2))) }
                english = nil
            }
        }
    }

    private mutating func add(_ english: String, _ chinese: String) {
        guard english.contains("{0}") else {
            exact[english] = chinese
            return
        }
        var pieces: [[UInt8]] = [[]]
        for (index, part) in english.utf8.split(separator: UInt8(ascii: "{"), omittingEmptySubsequences: false)
            .enumerated()
        {
            if index > 0, let brace = part.firstIndex(of: UInt8(ascii: "}")), brace > part.startIndex,
                part[..<brace].allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            {
                pieces.append(Array(part[part.index(after: brace)...]))
            } else {
                pieces[pieces.count - 1] += (index > 0 ? [UInt8(ascii: "{")] : []) + Array(part)
            }
        }
        let template = Template(pieces: pieces, chinese: chinese, weight: pieces.reduce(0) { $0 + $1.count })
        byStart[Translation.start(pieces[0]), default: []].append(template)
    }

    private static func start(_ bytes: [UInt8]) -> [UInt8] { bytes.count < startLength ? [] : Array(bytes[..<startLength]) }

    func word(_ english: String) -> String? { exact[english] }

    func text(_ english: String, depth: Int) -> String {
        if let whole = known(english, depth) { return whole }
        guard depth < Translation.deepest else { return english }
        // White space around a piece is the sentence's, not the piece's.
        let inner = english.trimmingSpaces()
        if inner.count < english.count, !inner.isEmpty {
            let chinese = text(inner, depth: depth + 1)
            if chinese != inner { return chinese }
        }
        return english
    }

    private func known(_ english: String, _ depth: Int) -> String? {
        if let whole = exact[english], depth == 0 || english.utf8.contains(UInt8(ascii: " ")) { return whole }
        guard depth < Translation.deepest else { return nil }
        let bytes = Array(english.utf8)
        let best = best(for: bytes, keepsTogether: true)
        if let (template, fills) = best { return fill(template, bytes, fills, depth) }
        if let parts = split(english, depth) { return parts }
        return self.best(for: bytes, keepsTogether: false).map { fill($0.0, bytes, $0.1, depth) }
    }

    /// The template that fits with the most of its own letters; `keepsTogether`: no place reaches over two sentences.
    private func best(for bytes: [UInt8], keepsTogether: Bool) -> (Template, [Range<Int>])? {
        var found: (Template, [Range<Int>])?
        for start in [Translation.start(bytes), []] {
            for template in byStart[start] ?? [] where template.weight > found?.0.weight ?? -1 {
                guard let fills = template.fills(of: bytes) else { continue }
                if keepsTogether, fills.contains(where: { bytes[$0].firstIndex(of: Translation.separator) != nil }) {
                    continue
                }
                found = (template, fills)
            }
            if start.isEmpty { break }
        }
        return found
    }

    /// "A; B": each by itself, as far as a known sentence reaches.
    private func split(_ english: String, _ depth: Int) -> String? {
        let parts = english.components(separatedBy: Translation.separator)
        guard parts.count > 1 else { return nil }
        var out: [String] = []
        var first = 0
        var isAnyKnown = false
        while first < parts.count {
            var end = first + 1
            var chinese = parts[first]
            for last in stride(from: parts.count, to: first, by: -1) where last - first < parts.count {
                guard let piece = known(parts[first..<last].joined(separator: "; "), depth + 1) else { continue }
                (chinese, end, isAnyKnown) = (piece, last, true)
                break
            }
            out.append(chinese)
            first = end
        }
        return isAnyKnown ? out.joined(separator: "；") : nil
    }

    private func fill(_ template: Template, _ bytes: [UInt8], _ fills: [Range<Int>], _ depth: Int) -> String {
        var out = ""
        for (index, part) in template.chinese.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard index > 0, let brace = part.firstIndex(of: "}"),
                let number = Int(part[..<brace].prefix { $0.isNumber }), fills.indices.contains(number)
            else {
                out += (index > 0 ? "{" : "") + part
                continue
            }
            let english = String(decoding: bytes[fills[number]], as: UTF8.self)
            switch part[..<brace].last {
            case "-": break
            case "w": out += word(english) ?? text(english, depth: depth + 1)
            default: out += text(english, depth: depth + 1)
            }
            out += part[part.index(after: brace)...]
        }
        return out
    }
}

extension Translation.Template {
    /// What stands at each place; nil where the text is another one. Each piece is taken where it first appears.
    func fills(of bytes: [UInt8]) -> [Range<Int>]? {
        guard let first = pieces.first, let last = pieces.last, bytes.count >= weight, bytes.starts(with: first),
            bytes[(bytes.count - last.count)...].elementsEqual(last)
        else { return nil }
        let end = bytes.count - last.count
        var at = first.count
        var fills: [Range<Int>] = []
        for piece in pieces[1..<(pieces.count - 1)] {
            guard at <= end, let found = bytes[at..<end].firstIndex(of: piece) else { return nil }
            fills.append(at..<found)
            at = found + piece.count
        }
        guard at <= end else { return nil }
        return fills + [at..<end]
    }
}

extension ArraySlice<UInt8> {
    fileprivate func firstIndex(of piece: [UInt8]) -> Int? {
        guard let first = piece.first else { return startIndex }
        guard count >= piece.count else { return nil }
        return (startIndex...(endIndex - piece.count)).first { self[$0] == first && self[$0...].starts(with: piece) }
    }
}

extension String {
    fileprivate func trimmingSpaces() -> String {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }

    fileprivate func components(separatedBy separator: [UInt8]) -> [String] {
        var parts: [String] = []
        var rest = Array(utf8)[...]
        while let at = rest.firstIndex(of: separator) {
            parts.append(String(decoding: rest[..<at], as: UTF8.self))
            rest = rest[(at + separator.count)...]
        }
        return parts + [String(decoding: rest, as: UTF8.self)]
    }
}

/// A text for programs and people: what stands behind "# " is for people, everything else stays.
func translatedComments(_ text: String, to language: Language) -> String {
    guard language != .en else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        guard line.hasPrefix("# ") else { return String(line) }
        let spaces = line.dropFirst(2).prefix { $0 == " " }
        return "# \(spaces)\(translated(String(line.dropFirst(2 + spaces.count)), to: language))"
    }.joined(separator: "\n")
}
