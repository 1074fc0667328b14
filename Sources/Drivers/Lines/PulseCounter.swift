// Pulses of a meter's output (S0, reed contact), from the edges' own times.
//
// A level counts once it has lasted the minimum width, active and inactive alike: contacts bounce at both ends of a
// pulse, and a spike is no litre. Edges that were lost but numbered still count, for their widths are all that is gone.
//
//     the line (· a bounce or spike, shorter than the width)    pulses
//     ──────────────────────────────────────────────────────    ──────
//     ___/‾‾‾‾‾‾‾\____                                           1
//     ___/·\/‾‾‾‾‾\·/\____         bounces at both ends          1
//     ___/·\__________             a spike                       0
//     ___/‾‾‾\·/‾‾‾‾\____          a short break                 1
//     ___/‾‾‾ n edges lost ‾‾\__   starting from inactive        1 + n/2
//     ‾‾‾‾‾‾‾\______               active at the start           0

/// How a meter's pulses are told from bounces.
package struct PulsePlan: Hashable, Sendable {
    /// A level that lasts for less is none.
    package var minimumWidthMilliseconds: Int
    package init(minimumWidthMilliseconds: Int) { self.minimumWidthMilliseconds = minimumWidthMilliseconds }
}

/// Counts one line's pulses from the start of the process on. Pure.
struct PulseCounter: Sendable {
    /// Never less than before.
    private(set) var count: Int64 = 0
    private let widthNanoseconds: Int64
    /// The level that has lasted.
    private var settled = false
    /// A change that has yet to last.
    private var pending: Edge?
    /// The level contradicted `pending` when it was due: its end is on its way, or lost.
    private var isDenied = false

    init(_ plan: PulsePlan) { widthNanoseconds = Int64(plan.minimumWidthMilliseconds) * 1_000_000 }

    /// The first level; a pulse that is under way is not ours.
    mutating func begin(level: Bool) {
        settled = level
        pending = nil
        isDenied = false
    }

    /// When `look` wants to know the level.
    var due: BootTime? { isDenied ? nil : ripe }

    private var ripe: BootTime? {
        pending.map { BootTime(nanoseconds: $0.time.nanoseconds + widthNanoseconds) }
    }

    /// An edge, and how many were lost before it.
    mutating func take(_ edge: Edge, lost: Int) {
        if lost > 0 { skip(lost) }
        if let pending, let ripe, edge.time >= ripe { settle(pending) }
        pending = edge.isActive == settled ? nil : edge
        isDenied = false
    }

    /// The level as it is now: at the end of the width, and whenever the line is re-read.
    mutating func look(level: Bool, now: BootTime) {
        guard let pending, let ripe, !isDenied else {
            // No edge told of this change, or none of the end of the last: it begins now.
            self.pending = level == settled ? nil : Edge(time: now, isActive: level)
            isDenied = false
            return
        }
        guard ripe <= now else { return }
        isDenied = level != pending.isActive
        guard !isDenied else { return }
        settle(pending)
        self.pending = nil
    }

    private mutating func settle(_ edge: Edge) {
        if edge.isActive && !settled { count += 1 }
        settled = edge.isActive
    }

    /// Edges that nobody saw: each to active was a pulse.
    private mutating func skip(_ lost: Int) {
        if let pending { settle(pending) }
        count += Int64(settled ? lost / 2 : lost / 2 + lost % 2)
        if lost % 2 == 1 { settled.toggle() }
        pending = nil
    }
}
