// What `watch` remembers of each signal while it looks: enough for a line of little bars.

import LocalRules

/// The last minutes of every signal. Kept by who looks, so that nothing has to be kept for it in a home.
struct WatchHistory {
    /// One bar.
    static let columnMilliseconds: Int64 = 10_000
    /// Twenty minutes: more than any terminal is wide.
    static let mostColumns = 120
    /// A use is told from one minute's difference: a meter is asked every ten seconds or so, and counts in litres.
    private static let rateMilliseconds: Int64 = 60_000

    /// One signal's.
    struct Track {
        /// Oldest first, thousandths; nil: nothing was known then.
        fileprivate(set) var bars: [Int64?] = [nil]
        /// What is drawn, as text: "2.0 L/min"; nil: nothing yet.
        fileprivate(set) var rate: String?
        /// The scale begins at zero; otherwise at the least that was seen.
        fileprivate(set) var fromZero = true
        fileprivate var totals: [(at: Int64, thousandths: Int64)] = []
    }

    private var tracks: [String: Track] = [:]
    /// Which bar is the last one.
    private var column: Int64?

    func track(_ signal: String) -> Track? { tracks[signal] }

    /// Takes what the daemon says at `now`, in milliseconds of a clock that never jumps.
    mutating func take(_ signals: [AgentStatus.Signal], at now: Int64) {
        move(to: now)
        for signal in signals { tracks[signal.name, default: Track()].take(signal, at: now) }
    }

    /// Nobody answers: the bars go on, empty.
    mutating func miss(at now: Int64) { move(to: now) }

    private mutating func move(to now: Int64) {
        let next = now / Self.columnMilliseconds
        let new = Int(min(max(0, next - (column ?? next)), Int64(Self.mostColumns)))
        column = next
        guard new > 0 else { return }
        for name in tracks.keys {
            tracks[name]?.bars.append(contentsOf: [Int64?](repeating: nil, count: new))
            let surplus = (tracks[name]?.bars.count ?? 0) - Self.mostColumns
            if surplus > 0 { tracks[name]?.bars.removeFirst(surplus) }
        }
    }
}

extension WatchHistory.Track {
    fileprivate mutating func take(_ signal: AgentStatus.Signal, at now: Int64) {
        guard !signal.missing, let value = signal.value else {
            totals = []
            rate = nil
            return
        }
        guard let (thousandths, unit) = Self.parsed(value) else { return draw(value == "active" ? 1000 : 0) }
        switch unit {
        // 1 L and 1 Wh are what the text of a total shows.
        case "m3": take(total: thousandths, at: now, perMinute: 10, unit: "L/min")
        case "kWh": take(total: thousandths, at: now, perMinute: 600, unit: "W")
        default:
            fromZero = ["W", "A", "L/h"].contains(unit)
            draw(thousandths)
        }
    }

    /// - Parameter perMinute: tenths of the rate's unit that one thousandth of the total in a minute is.
    private mutating func take(total: Int64, at now: Int64, perMinute: Int64, unit: String) {
        // A total that falls is another one's: a meter was replaced, or restarted.
        if let last = totals.last, total < last.thousandths { totals = [] }
        totals.append((now, total))
        let least = now - WatchHistory.rateMilliseconds
        while totals.count > 2, totals[1].at <= least { totals.removeFirst() }
        guard let first = totals.first, now - first.at >= WatchHistory.columnMilliseconds else { return }
        let (used, overflow) = (total - first.thousandths).multipliedReportingOverflow(by: perMinute * 60_000)
        guard !overflow else { return }
        let tenths = used / (now - first.at)
        rate = "\(tenths / 10).\(tenths % 10) \(unit)"
        draw(tenths)
    }

    /// The highest of its time counts: a kettle of five seconds is seen.
    private mutating func draw(_ value: Int64) {
        let last = bars.count - 1
        bars[last] = max(bars[last] ?? value, value)
    }

    /// "412.316 m3" → 412316 and "m3", as `ValueText` writes it; nil: no number.
    static func parsed(_ text: String) -> (thousandths: Int64, unit: String)? {
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { return nil }
        let parts = words[0].split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int64(parts[0]) else { return nil }
        let digits = parts.count == 2 ? String(parts[1].prefix(3)) : ""
        guard let fraction = Int64((digits + "000").prefix(3)), fraction >= 0 else { return nil }
        let (thousands, overflow) = whole.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return nil }
        let (sum, isTooLarge) = thousands.addingReportingOverflow(words[0].hasPrefix("-") ? -fraction : fraction)
        return isTooLarge ? nil : (sum, String(words[1]))
    }
}

/// Values as little bars: ▁ is the least and █ the most of what is shown, a blank is where nothing was known.
enum Sparkline {
    private static let blocks = Array("▁▂▃▄▅▆▇█")

    /// The last `width` of the values. Where all are equal they are the lowest bar.
    static func text(_ values: [Int64?], width: Int, fromZero: Bool = false) -> String {
        let shown = values.suffix(max(0, width))
        let known = shown.compactMap { $0 }
        guard let least = known.min(), let most = known.max() else { return "" }
        let bottom = Double(fromZero ? min(0, least) : least)
        let range = Double(most) - bottom
        return String(
            shown.map { value -> Character in
                guard let value else { return " " }
                guard range > 0 else { return blocks[0] }
                let step = (Double(value) - bottom) / range * Double(blocks.count - 1)
                return blocks[min(blocks.count - 1, max(0, Int(step.rounded())))]
            })
    }
}
