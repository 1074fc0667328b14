// Takes out of a text what tells whose home it is, where it is, and how to get into it.
//
// Twice over: what this machine and its configuration are known to keep (`secrets`) goes wherever it stands; and whatever
// looks like an address, a name at an address, a key or a home folder goes, too, known or not.

/// A pure function of what it was told; `SupportSecrets` finds out what that is.
struct Scrubber {
    /// What stands in place of what was there.
    static let mark = "…"
    /// Shorter ones only as whole words: a user who is called "hub" must not take "hub" out of every other word.
    private static let shortSecret = 8

    private let secrets: [(text: [UInt8], mark: [UInt8])]

    /// - Parameter secrets: what must not be seen, and what stands there instead. Empty ones are passed over.
    init(secrets: [String: String] = [:]) {
        self.secrets = secrets.filter { !$0.key.isEmpty }
            // The longest first: a name may stand within a longer one.
            .sorted { ($0.key.utf8.count, $0.key) > ($1.key.utf8.count, $1.key) }
            .map { (Array($0.key.utf8), Array($0.value.utf8)) }
    }

    func text(_ text: String) -> String {
        var bytes = Array(text.utf8)
        for secret in secrets { bytes = Scrubber.replacing(secret.text, by: secret.mark, in: bytes) }
        return Scrubber.withoutPatterns(Scrubber.withoutPeople(String(decoding: bytes, as: UTF8.self)))
    }

    private static func replacing(_ secret: [UInt8], by mark: [UInt8], in text: [UInt8]) -> [UInt8] {
        let first = secret[0]
        var out: [UInt8] = []
        out.reserveCapacity(text.count)
        var index = 0
        while index < text.count {
            let end = index + secret.count
            guard text[index] == first, end <= text.count, text[index..<end].elementsEqual(secret) else {
                out.append(text[index])
                index += 1
                continue
            }
            let isWhole =
                !(index > 0 && isWord(text[index - 1])) && !(end < text.count && isWord(text[end]))
            out += isWhole || secret.count >= shortSecret ? mark : secret
            index = end
        }
        return out
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    // MARK: People

    /// Who accepted, set or offered something: what the rules and the log write behind these words.
    private static func withoutPeople(_ text: String) -> String {
        var out = text
        for (opening, ends) in [
            ("accepted by ", [" after "]), ("set by ", []), ("offered by ", []), ("command by ", []),
        ] {
            var rest = out[...]
            out = ""
            while let found = rest.firstRange(of: opening) {
                out += rest[..<found.upperBound]
                rest = rest[found.upperBound...]
                let end =
                    ends.compactMap { rest.firstRange(of: $0)?.lowerBound }.min()
                    ?? rest.firstIndex { "),:;\"\n".contains($0) } ?? rest.endIndex
                out += mark
                rest = rest[end...]
            }
            out += rest
        }
        return out
    }

    // MARK: Patterns

    private static let separators: Set<Character> = [
        " ", "\n", "\t", "\"", "'", "(", ")", "[", "]", "<", ">", ",", ";", "=", "|", "{", "}", "`",
    ]

    private static func withoutPatterns(_ text: String) -> String {
        var out = ""
        var word = ""
        var isSecretNext = false
        func end() {
            // In JSON a quotation mark has an escape before it, which is no word.
            guard !word.isEmpty, word != "\\" else { return out += word }
            out += isSecretNext ? mark : scrubbed(word)
            isSecretNext = false
        }
        for character in text {
            guard separators.contains(character) else {
                word.append(character)
                continue
            }
            end()
            // "psk=…", "ssid=\"…\""
            if character == "=" { isSecretNext = keywords.contains(word.lowercased()) }
            out.append(character)
            word = ""
        }
        end()
        return out
    }

    private static let keywords: Set<String> = [
        "ssid", "essid", "bssid", "psk", "password", "passwd", "passphrase", "token", "user", "username", "secret",
    ]

    private static func scrubbed(_ word: String) -> String {
        if let scheme = word.firstRange(of: "://") { return word[..<scheme.upperBound] + mark }
        if let path = shortened(path: word) { return path }
        // "10.0.0.2." ends a sentence; "a\\n" is a line break in JSON.
        let end = word.lastIndex { !".:!?\\".contains($0) }.map { word.index(after: $0) } ?? word.endIndex
        let (body, tail) = (word[..<end], word[end...])
        return isTelling(body) ? mark + tail : word
    }

    private static func shortened(path word: String) -> String? {
        for folder in ["/home/", "/root/", "/Users/", "/media/", "/mnt/", "/run/user/", "/dev/serial/by-id/"]
        where word.hasPrefix(folder) {
            return folder + mark
        }
        return nil
    }

    private static func isTelling(_ word: Substring) -> Bool {
        if word.contains("@"), !word.hasPrefix("@"), !word.hasSuffix("@") { return true }
        let colons = word.split(separator: ":", omittingEmptySubsequences: false)
        let host = colons.count == 2 && isNumber(colons[1]) ? colons[0] : word[...]
        // Whatever it ends in: a name with dots and a port.
        if host.count < word.count, host.contains("."), colons[1].count > 1, host.contains(where: \.isLetter) {
            return true
        }
        return isVersion4(host) || isName(host) || host == "localhost" && colons.count == 2 || isVersion6(word)
            || isHardware(word) || isKey(word) || isMobile(word)
    }

    private static func isNumber(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isHexadecimal(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.allSatisfy(\.isHexDigit)
    }

    /// "192.168.1.20", "192.168.1.0/24"
    private static func isVersion4(_ text: Substring) -> Bool {
        let parts = text.prefix { $0 != "/" }.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { isNumber($0) && $0.count <= 3 }
    }

    /// Two colons in a row, or five at least: a time of day has two, apart.
    private static func isVersion6(_ text: Substring) -> Bool {
        let bare = text.drop { $0 == "[" }.prefix { !"%]/".contains($0) }
        let colons = bare.count { $0 == ":" }
        return (colons >= 5 || colons >= 2 && bare.firstRange(of: "::") != nil)
            && bare.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
    }

    /// "b8:27:eb:01:02:03", "b8-27-eb-01-02-03"
    private static func isHardware(_ text: Substring) -> Bool {
        [Character(":"), "-"].contains { mark in
            let parts = text.split(separator: mark, omittingEmptySubsequences: false)
            return parts.count == 6 && parts.allSatisfy { $0.count == 2 && isHexadecimal($0) }
        }
    }

    /// A host by its name. Signals have dots, too: only what ends as names of hosts do.
    private static func isName(_ text: Substring) -> Bool {
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.count >= 2, let last = labels.last, domains.contains(last.lowercased()) else { return false }
        return labels.allSatisfy { label in
            !label.isEmpty && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        }
    }

    private static let domains: Set<String> = [
        "com", "net", "org", "cn", "hk", "tw", "io", "local", "lan", "internal", "home", "arpa", "edu", "gov", "info",
        "dev", "cloud", "de", "eu", "uk", "example", "invalid",
    ]

    /// A UUID, a hash, a token, a line of a key: long, letters and digits mixed.
    private static func isKey(_ text: Substring) -> Bool {
        guard text.count >= 32, !text.hasPrefix("/") else { return false }
        return text.contains(where: \.isLetter) && text.contains(where: \.isNumber)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+/=_-".contains($0)) }
    }

    /// A mobile telephone number in China.
    private static func isMobile(_ text: Substring) -> Bool {
        let digits = text.hasPrefix("+86") ? text.dropFirst(3) : text
        return digits.count == 11 && digits.hasPrefix("1") && isNumber(digits)
    }
}

extension Substring {
    /// Where a text begins for the first time; the standard library's own search would bring all of its patterns along.
    fileprivate func firstRange(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            let rest = self[start...]
            if rest.hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}

extension String {
    fileprivate func firstRange(of text: String) -> Range<Index>? { self[...].firstRange(of: text) }
}
