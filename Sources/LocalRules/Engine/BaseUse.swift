// What a home uses while nobody does anything: a leak, a dripping cistern, a refrigerator. A register that rises by
// no more than that is no sign of life, or an empty flat with a drip would look lived in for ever.
//
//     least     the fewest counts in any 6 h (to the next reading) that lie wholly in the last 3 days
//     recent    the counts in the last hour (from the last reading that is at least so old)
//
//     known for 3 days   least   a rise of the register is a sign of life
//     ────────────────   ─────   ──────────────────────────────────────────────────────────────────
//     no                 any     always: most homes do not leak
//     yes                0       always: there was a time without any use, so nothing runs by itself
//     yes                1 …     if recent − 1 is at least (least + 1) / 6 h, for as long as `recent` is
//
// A steady drip can never pass: of r counts an hour 6 h hold at least ⌊6r⌋, so (least + 1) / 6 is more than r, and r
// times the hour is at least recent − 1. A new leak is understood after 3 days, when the last window without it has
// left. What refrigerators draw comes in turns, about two of which an hour can hold: of an energy twice as much must
// have been used.

struct BaseUse: Hashable, Sendable {
    /// A reading that a window may begin with.
    private struct Anchor: Hashable {
        var time: Instant
        var value: Int64
    }

    private static let window = Span.hours(6)
    private static let horizon = Span.days(3)
    private static let hour = Span.hours(1)
    /// A window begins every half hour at most, which bounds the memory to 3 days of them.
    private static let windowSlot = Span.minutes(30)
    private static let hourSlot = Span.minutes(5)

    /// Base units of one count.
    private let step: Int64
    /// Of how many turns of a machine the recent use must be more.
    private let turns: Int64
    private var knownSince: Instant?
    /// Where windows have begun and not ended; oldest first.
    private var begun: [Anchor] = []
    /// Windows by their beginnings, with their counts: only those that no later one undercuts.
    private var least: [Anchor] = []
    private var recent: [Anchor] = []

    /// nil: not a register that counts up.
    init?(of signal: SignalModel, memory: Memory?) {
        guard case .meter(let quantity) = signal.source, quantity.isCumulative else { return nil }
        step = max(1, signal.step ?? 1)
        turns = quantity == .energy ? 2 : 1
        guard let memory else { return }
        knownSince = memory.knownSince
        begun = BaseUse.anchors(memory.begun)
        least = BaseUse.anchors(memory.least)
        recent = BaseUse.anchors(memory.recent)
    }

    /// Counts that 6 h surely hold although nobody does anything; 0: nothing is known to run by itself.
    func leastCounts(at now: Instant) -> Int64 {
        guard let knownSince, now - knownSince >= BaseUse.horizon else { return 0 }
        return least.first?.value ?? 0
    }

    /// Of a register that rose to `value`: nothing explains it but somebody. Asked before the reading is taken.
    func isSign(_ value: Int64, at time: Instant) -> Bool {
        let least = leastCounts(at: time)
        guard least > 0 else { return true }
        guard let before = recent.last(where: { time - $0.time >= BaseUse.hour }) else { return true }
        let counts = value.clampedDifference(before.value) / step
        let needed = (least + 1).clampedProduct((time - before.time).milliseconds).clampedProduct(turns)
        return (counts - 1).clampedProduct(BaseUse.window.milliseconds) >= needed
    }

    mutating func take(_ value: Int64, at time: Instant, isFall: Bool) {
        if isFall || knownSince == nil {
            knownSince = time
            begun = []
            least = []
            recent = []
        }
        while let first = begun.first, time - first.time >= BaseUse.window {
            end(first, value, at: time)
            begun.removeFirst()
        }
        while let first = least.first, time - first.time > BaseUse.horizon { least.removeFirst() }
        if begun.last.map({ time - $0.time >= BaseUse.windowSlot }) ?? true {
            begun.append(Anchor(time: time, value: value))
        }
        // One that is an hour old must be kept.
        while recent.count > 1, time - recent[1].time >= BaseUse.hour { recent.removeFirst() }
        if recent.last.map({ time - $0.time >= BaseUse.hourSlot }) ?? true {
            recent.append(Anchor(time: time, value: value))
        }
    }

    /// Over a gap in the readings a window is longer, and is taken as the 6 h that were surely not busier.
    private mutating func end(_ first: Anchor, _ value: Int64, at time: Instant) {
        var counts = max(0, value.clampedDifference(first.value)) / step
        let length = time - first.time
        if length > BaseUse.window + BaseUse.hour {
            counts = counts.clampedProduct(BaseUse.window.milliseconds) / length.milliseconds
        }
        while let last = least.last, last.value >= counts { least.removeLast() }
        least.append(Anchor(time: first.time, value: counts))
    }

    /// Lists as time, value, and so on.
    struct Memory: Hashable, Codable, Sendable {
        var knownSince: Instant?
        var begun: [Int64]
        var least: [Int64]
        var recent: [Int64]
    }

    var memory: Memory {
        Memory(
            knownSince: knownSince, begun: BaseUse.numbers(begun), least: BaseUse.numbers(least),
            recent: BaseUse.numbers(recent))
    }

    private static func numbers(_ anchors: [Anchor]) -> [Int64] {
        anchors.flatMap { [$0.time.milliseconds, $0.value] }
    }

    private static func anchors(_ numbers: [Int64]) -> [Anchor] {
        stride(from: 0, to: numbers.count - 1, by: 2).map {
            Anchor(time: Instant(milliseconds: numbers[$0]), value: numbers[$0 + 1])
        }
    }
}
