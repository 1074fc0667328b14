// What stands in English where it is made, in the language of whoever reads it: translated at the terminal, by template
// (docs/decisions/0020-translated-at-the-terminal.md).

/// An English sentence in another language; one that no catalogue knows stays as it is.
func translated(_ english: String, to language: Language) -> String {
    language == .en || english.isEmpty ? english : Translation.chinese.text(english, isWhole: true)
}

/// The same for what a sentence is filled with: a single word is somebody's name there.
func translatedPart(_ english: String, to language: Language) -> String {
    language == .en ? english : Translation.chinese.text(english, isWhole: false)
}

/// The same for a single word where it stands alone, such as a state in a table. In a sentence a single word may be
/// somebody's name for a meter, and stays.
func translatedWord(_ english: String, to language: Language) -> String {
    language == .en ? english : Translation.chinese.word(english) ?? english
}

/// Catalogues of templates: "unit {0} does not answer". What fills a place is itself translated, but for single words;
/// `{0w}` in the Chinese says that a word is meant, `{0-}` that Chinese leaves it out (a plural's s).
struct Translation: Sendable {
    static let catalogues = [
        Chinese.configuration, Chinese.configurationRules, Chinese.configurationSentences, Chinese.rules,
        Chinese.devices, Chinese.hub, Chinese.cloud,
        Chinese.commands, Chinese.help, Chinese.elsewhere, Chinese.tools,
    ]
    static let chinese = Translation(catalogues)

    struct Template: Sendable {
        /// What stands before, between and behind the places.
        let pieces: [[UInt8]]
        let chinese: String
        /// Bytes that have to be there: of two templates that fit, the one that says more is meant.
        let weight: Int
    }

    private var exact: [String: String] = [:]
    /// By their first bytes; those that begin with a place by their last bytes; under nothing those that end with one, too.
    private var byStart: [[UInt8]: [Template]] = [:]
    private var byEnd: [[UInt8]: [Template]] = [:]
    private static let keyLength = 3

    init(_ catalogues: [String]) {
        for catalogue in catalogues {
            for (english, chinese) in Translation.entries(of: catalogue) { add(english, chinese) }
        }
    }

    /// Of a catalogue: an English line, and below it, indented, its translation; `// ` begins a heading.
    static func entries(of catalogue: String) -> [(english: String, chinese: String)] {
        var english: Substring?
        var found: [(String, String)] = []
        for line in catalogue.split(separator: "\n") where !line.hasPrefix("// ") {
            guard line.hasPrefix("  ") else {
                english = line
                continue
            }
            if let english { found.append((String(english), String(line.dropFirst(2)))) }
            english = nil
        }
        return found
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
        let (start, end) = (Translation.start(pieces[0]), Translation.end(pieces[pieces.count - 1]))
        if start.isEmpty {
            byEnd[end, default: []].append(template)
        } else {
            byStart[start, default: []].append(template)
        }
    }

    private static func start(_ bytes: [UInt8]) -> [UInt8] {
        bytes.count < keyLength ? [] : Array(bytes.prefix(keyLength))
    }
    private static func end(_ bytes: [UInt8]) -> [UInt8] {
        bytes.count < keyLength ? [] : Array(bytes.suffix(keyLength))
    }

    func word(_ english: String) -> String? { exact[english] }

    func text(_ english: String, isWhole: Bool) -> String {
        var reader = Reader(catalogue: self)
        return reader.read(english, isWhole: isWhole).text
    }

    /// Those that fit, the one that says most first.
    fileprivate func fitting(_ bytes: [UInt8]) -> [(template: Template, fills: [Range<Int>])] {
        var found: [(template: Template, fills: [Range<Int>])] = []
        let (start, end) = (Translation.start(bytes), Translation.end(bytes))
        let candidates = [
            start.isEmpty ? nil : byStart[start], end.isEmpty ? nil : byEnd[end], byEnd[[]],
        ]
        for template in candidates.compactMap({ $0 }).joined() {
            if let fills = template.fills(of: bytes) { found.append((template, fills)) }
        }
        return found.sorted { $0.template.weight > $1.template.weight }
    }
}

/// Reads one sentence. Of several ways to take it, the one is meant that leaves the least English, and then the one
/// whose places hold the fewest sentences.
private struct Reader {
    /// Pieces that are looked at: more than anything that is said needs, and an end for what somebody wrote to be long.
    private static let mostPieces = 500
    /// What stands between sentences that were put together, and between those in Chinese.
    private static let separators = [("; ", "；"), (". ", "。"), (", ", "，"), (": ", "：")]
    /// "{0} of {1}" fits much that nobody translated: so few letters count only where hardly a word is left.
    private static let weakWeight = 6
    /// What a word that is left weighs against sentences and lists in places, and these against each other.
    private static let word = 100, sentence = 10

    struct Reading {
        var text: String
        /// What speaks against it. Names count as English words, so that it is rarely zero.
        var doubt: Int
    }

    let catalogue: Translation
    /// Parts come up again and again.
    private var known: [String: Reading] = [:]

    init(catalogue: Translation) { self.catalogue = catalogue }

    /// - Parameter isWhole: nothing stands around it, so that a single word is no name.
    mutating func read(_ english: String, isWhole: Bool = false) -> Reading {
        if isWhole || english.utf8.contains(UInt8(ascii: " ")), let whole = catalogue.word(english) {
            return Reading(text: whole, doubt: 0)
        }
        let inner = english.trimmingSpaces()
        if inner.utf8.count < english.utf8.count {
            let reading = read(inner)
            // White space around a piece is the sentence's; without one it may be a table's.
            return reading.text == inner ? Reading(text: english, doubt: reading.doubt) : reading
        }
        if let reading = known[english] { return reading }
        let reading = search(english)
        known[english] = reading
        return reading
    }

    private mutating func search(_ english: String) -> Reading {
        let asItIs = Reading(text: english, doubt: wordsLeft(in: english) * Reader.word)
        guard known.count < Reader.mostPieces, english.utf8.contains(UInt8(ascii: " ")) else { return asItIs }
        let bytes = Array(english.utf8)
        var best = asItIs
        var isFound = false
        for (template, fills) in catalogue.fitting(bytes) {
            guard let reading = fill(template, bytes, fills) else { continue }
            if !isFound || reading.doubt < best.doubt { best = reading }
            isFound = true
            if best.doubt == 0 { return best }
        }
        for (separator, chinese) in Reader.separators {
            for parts in english.cuts(at: Array(separator.utf8)) where best.doubt > 0 {
                let (first, second) = (read(parts.0), read(parts.1))
                // What nobody knows keeps its marks, and so do the names of a list.
                let isKnown = [first.text != parts.0, second.text != parts.1]
                guard separator == ", " ? !isKnown.contains(false) : isKnown.contains(true),
                    first.doubt + second.doubt < best.doubt
                else { continue }
                best = Reading(text: first.text + chinese + second.text, doubt: first.doubt + second.doubt)
            }
        }
        return best
    }

    /// nil: it would leave out more than a plural's s, or says too little for what it leaves.
    private mutating func fill(
        _ template: Translation.Template, _ bytes: [UInt8], _ fills: [Range<Int>]
    ) -> Reading? {
        var out = Reading(text: "", doubt: 0)
        for (index, part) in template.chinese.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard index > 0, let brace = part.firstIndex(of: "}"),
                let number = Int(part[..<brace].prefix { $0.isNumber }), fills.indices.contains(number)
            else {
                append((index > 0 ? "{" : "") + part, to: &out.text)
                continue
            }
            let english = String(decoding: bytes[fills[number]], as: UTF8.self)
            switch part[..<brace].last {
            case "-": if english.utf8.count > 1 { return nil }
            case "w" where catalogue.word(english) != nil: append(catalogue.word(english) ?? "", to: &out.text)
            default:
                let reading = read(english)
                if template.weight <= Reader.weakWeight, reading.doubt >= 2 * Reader.word { return nil }
                append(reading.text, to: &out.text)
                out.doubt += reading.doubt
                out.doubt += english.cuts(at: Array("; ".utf8)).count * Reader.sentence
                out.doubt += english.cuts(at: Array(", ".utf8)).count
            }
            append(String(part[part.index(after: brace)...]), to: &out.text)
        }
        return out
    }
}

/// A space stands between Chinese and Latin letters, and nowhere else beside Chinese.
private func append(_ piece: String, to text: inout String) {
    guard let before = text.unicodeScalars.last, let next = piece.unicodeScalars.first else {
        text += piece
        return
    }
    if before == " ", isWide(next), text.unicodeScalars.dropLast().last.map(isWide) ?? false { text.removeLast() }
    if before == " ", isMark(next) || text.unicodeScalars.dropLast().last.map(isMark) ?? false, text.last == " " {
        text.removeLast()
    }
    let isTight = isLatin(before) && isIdeograph(next) || isIdeograph(before) && isLatin(next)
    if isTight { text += " " }
    let isDouble = next == " " && isWide(before) && piece.unicodeScalars.dropFirst().first.map(isWide) ?? false
    text += isDouble || next == " " && isMark(before) ? String(piece.dropFirst()) : piece
}

private func isIdeograph(_ scalar: Unicode.Scalar) -> Bool { (0x4E00...0x9FFF).contains(scalar.value) }
private func isMark(_ scalar: Unicode.Scalar) -> Bool {
    (0x3000...0x303F).contains(scalar.value) || (0xFF00...0xFF60).contains(scalar.value)
}
private func isWide(_ scalar: Unicode.Scalar) -> Bool { isIdeograph(scalar) || isMark(scalar) }
private func isLatin(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x80
        && (scalar.properties.isAlphabetic || (0x30...0x39).contains(scalar.value)
            || ["]", "'", "\""].contains(scalar))
}

/// English words that are no name, number, path or command; what stands in quotes is somebody's.
private func wordsLeft(in text: String) -> Int {
    var count = 0
    var quote: UInt8?
    var isUnit = false
    for word in text.utf8.split(separator: UInt8(ascii: " ")) {
        if quote == nil, let first = word.first, [UInt8(ascii: "`"), UInt8(ascii: "\"")].contains(first) {
            quote = first
        }
        let isQuoted = quote != nil
        if let mark = quote, word.dropFirst(word.first == mark ? 1 : 0).contains(mark) { quote = nil }
        var letters = word[...]
        while let last = letters.last, [UInt8](",.;:?)".utf8).contains(last) { letters.removeLast() }
        if letters.first == UInt8(ascii: "(") { letters.removeFirst() }
        let isWord = letters.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20) || $0 == UInt8(ascii: "'")
        }
        // Behind a number stands its unit; a list is one of names.
        if isWord, !isQuoted, !isUnit, letters.count > 1, word.last != UInt8(ascii: ",") { count += 1 }
        isUnit = letters.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: ".") }
    }
    return count
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
        // By hand: this is where all the time goes, above all without an optimiser.
        var at = startIndex
        while at + piece.count <= endIndex {
            var length = self[at] == first ? 1 : 0
            while length > 0, length < piece.count, self[at + length] == piece[length] { length += 1 }
            if length == piece.count { return at }
            at += 1
        }
        return nil
    }
}

extension String {
    fileprivate func trimmingSpaces() -> String {
        var rest = self[...]
        while rest.first == " " { rest.removeFirst() }
        while rest.last == " " { rest.removeLast() }
        return String(rest)
    }

    /// What stands before such bytes, and what behind them, at each place where they are; the first twenty of a long list.
    fileprivate func cuts(at separator: [UInt8]) -> [(String, String)] {
        let bytes = Array(utf8)
        var found: [(String, String)] = []
        var rest = bytes[...]
        while found.count < 20, let at = rest.firstIndex(of: separator) {
            rest = bytes[(at + separator.count)...]
            found.append((String(decoding: bytes[..<at], as: UTF8.self), String(decoding: rest, as: UTF8.self)))
        }
        return found
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
