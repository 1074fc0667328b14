// Makes one change out of a bounce, without losing its end.
//
// The common leading-edge debounce reports the first edge and then ignores everything for a while. A press
// that is shorter than that while is then "pressed for ever", because its release was ignored. So here the
// first edge is reported at once, later edges only put off the end of the quiet time, and at that end the
// level is compared with what was reported. Time comes from the edges: no clock that is set can deafen it.
//
//   reported  │ event                                  │ quiet time      │ said
//   ──────────┼────────────────────────────────────────┼─────────────────┼──────────────────────────────
//   any       │ edge to the other level, none running  │ starts          │ the edge, at once
//   any       │ edge to the same level, none running   │ starts          │ nothing: its opposite was lost
//   any       │ edge while it runs                     │ starts again *  │ nothing
//   inactive  │ its end, level inactive                │ ends            │ nothing
//   active    │ its end, level active                  │ ends            │ nothing
//   inactive  │ its end, level active                  │ ends **         │ active, at the last edge's time
//   active    │ its end, level inactive                │ ends **         │ inactive, at the last edge's time
//
//   * but it ends at the latest `longestBounce` times the debounce time after its first edge: a line that
//     hums without end is judged by its level then, instead of being believed for ever.
//   ** where the last edge had said another level, it starts again, and the change is said with the time of now: the
//     line has just moved, its edge is still on its way, and behind that come bounces.

/// One input's debounce. Pure: edges, levels and times in, edges out.
struct SoftwareDebounce: Sendable {
    /// How many debounce times one bounce may last.
    static let longestBounce: Int64 = 10

    private let quietNanoseconds: Int64
    /// The level that was last said.
    private(set) var reported: Bool
    private var bounce: Bounce?

    private struct Bounce: Sendable {
        var first: BootTime
        var last: Edge
    }

    init(milliseconds: Int, reported: Bool) {
        quietNanoseconds = Int64(milliseconds) * 1_000_000
        self.reported = reported
    }

    /// When the quiet time ends and `settle` wants to know the level; nil while nothing bounces.
    var due: BootTime? {
        guard let bounce else { return nil }
        return BootTime(
            nanoseconds: min(
                bounce.last.time.nanoseconds + quietNanoseconds,
                bounce.first.nanoseconds + quietNanoseconds * SoftwareDebounce.longestBounce))
    }

    /// Takes one edge; returns what is to be said: usually nothing, the edge, or, when the quiet time had ended
    /// unnoticed before it, also the change at that end.
    mutating func take(_ edge: Edge) -> [Edge] {
        var said: [Edge] = []
        if let due, let bounce, edge.time >= due, let change = settle(isActive: bounce.last.isActive, now: due) {
            said.append(change)
        }
        if bounce == nil {
            bounce = Bounce(first: edge.time, last: edge)
            if edge.isActive != reported {
                reported = edge.isActive
                said.append(edge)
            }
        } else {
            bounce?.last = edge
        }
        return said
    }

    /// Ends the quiet time with the level as it is now; the change to be said, if there is one.
    mutating func settle(isActive: Bool, now: BootTime) -> Edge? {
        guard let ended = bounce else { return nil }
        bounce = nil
        // It has just moved: a bounce begins that no edge has told yet.
        if isActive != ended.last.isActive { bounce = Bounce(first: now, last: Edge(time: now, isActive: isActive)) }
        guard isActive != reported else { return nil }
        reported = isActive
        // The last edge's own time, unless that edge was lost and only the level tells.
        return Edge(time: ended.last.isActive == isActive ? ended.last.time : now, isActive: isActive)
    }

    /// A level that was read without its edge (a re-read) counts as said; what comes behind it is its bounce.
    mutating func correct(to isActive: Bool, at now: BootTime) {
        guard isActive != reported else { return }
        reported = isActive
        bounce = Bounce(first: now, last: Edge(time: now, isActive: isActive))
    }
}
