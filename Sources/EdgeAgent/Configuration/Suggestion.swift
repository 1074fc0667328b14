// "Did you mean": the nearest known word.

/// The one of `known` that `word` was probably meant to be: at most a third of its letters are wrong.
func nearestWord(to word: String, among known: [String]) -> String? {
    // Distances cost length × length; nobody misspells a word of this length.
    guard word.utf8.count <= ConfigurationLimits.nameBytes else { return nil }
    let limit = max(1, word.utf8.count / 3)
    // Of two that are equally near, the one of equal length: fingers swap more often than they skip.
    let nearest = known.map {
        (word: $0, distance: editDistance(word, $0), skipped: abs($0.utf8.count - word.utf8.count))
    }
    .min { ($0.distance, $0.skipped) < ($1.distance, $1.skipped) }
    guard let nearest, nearest.distance <= limit else { return nil }
    return nearest.word
}

/// "did you mean “poll”? Known here: …" or only the list.
func adviceOfWords(_ word: String, known: [String], whatTheyAre: String) -> String {
    let list = known.isEmpty ? "there are none" : "\(whatTheyAre): \(known.joined(separator: ", "))"
    guard let near = nearestWord(to: word, among: known) else { return list }
    return "did you mean \"\(near)\"? \(list)"
}

/// Letters to insert, delete, replace or swap with their neighbour (optimal string alignment).
private func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a.utf8), b = Array(b.utf8)
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        for j in 0..<b.count {
            var best = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, beforeLast[j - 1] + 1) }
            row.append(best)
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}
