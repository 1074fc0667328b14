import Testing

@testable import Drivers

/// Timelines of 10 ms a character, debounce 30 ms.
///
///     line   what comes: `/` an edge to active, `\` one to inactive, `.` nothing; the level follows the edges
///     said   what is said, in the same notation, at the time it is stamped with
struct SoftwareDebounceTests {
    private func said(_ line: String, starting level: Bool = false, debounce: Int = 30) -> String {
        var debounce = SoftwareDebounce(milliseconds: debounce, reported: level)
        var level = level
        var said = [Character](repeating: ".", count: line.count)
        func note(_ edge: Edge) {
            said[Int(edge.time.nanoseconds / 10_000_000)] = edge.isActive ? "/" : "\\"
        }
        for (index, symbol) in line.enumerated() {
            let now = BootTime(nanoseconds: Int64(index) * 10_000_000)
            if let due = debounce.due, due <= now, let edge = debounce.settle(isActive: level, now: due) { note(edge) }
            guard symbol != "." else { continue }
            level = symbol == "/"
            for edge in debounce.take(Edge(time: now, isActive: level)) { note(edge) }
        }
        return String(said)
    }

    @Test(arguments: [
        ("a clean press and release", "../......\\....", "../......\\...."),
        ("a bounce at both ends is one change each", "./\\/.....\\/\\....", "./.......\\......"),
        ("a press shorter than the debounce: the release is said when it is quiet", "../.\\.....", "../.\\....."),
        ("a spike of one edge pair", "../\\......", "../\\......"),
        ("a release that bounces back to active", "/....\\/.....", "/....\\/....."),
    ])
    func timeline(why: String, line: String, expected: String) {
        #expect(said(line) == expected, "\(why)")
    }

    @Test func theLostReleaseOfAShortPress() {
        // The 60 ms press of the field notes, with a debounce of 100 ms.
        #expect(said("/.....\\............", debounce: 100) == "/.....\\............")
    }

    @Test func anEdgeAfterAnUnnoticedEndIsNotSwallowed() {
        var debounce = SoftwareDebounce(milliseconds: 30, reported: false)
        #expect(debounce.take(Edge(time: at(1.00), isActive: true)) == [Edge(time: at(1.00), isActive: true)])
        #expect(debounce.take(Edge(time: at(1.01), isActive: false)) == [])
        // Both in one batch, long after the quiet time: the release is said, then the new press.
        #expect(
            debounce.take(Edge(time: at(2.00), isActive: true))
                == [Edge(time: at(1.01), isActive: false), Edge(time: at(2.00), isActive: true)])
    }

    @Test func anEdgeThatSaysNothingNew() {
        // Its opposite was lost; the level decides at the end.
        var debounce = SoftwareDebounce(milliseconds: 30, reported: true)
        #expect(debounce.take(Edge(time: at(1), isActive: true)) == [])
        #expect(debounce.due == at(1.03))
        #expect(debounce.settle(isActive: false, now: at(1.03)) == Edge(time: at(1.03), isActive: false))
    }

    /// Found on a real kernel: a release in the instant at which the quiet time of its press ended, whose bounces
    /// then were another press.
    @Test func aReleaseAtTheEndOfTheQuietTimeIsNotAnotherPress() {
        var debounce = SoftwareDebounce(milliseconds: 20, reported: false)
        #expect(debounce.take(Edge(time: at(1.000), isActive: true)) == [Edge(time: at(1.000), isActive: true)])
        // The level is read before the edge that made it; the bank then leaves that edge out.
        #expect(debounce.settle(isActive: false, now: at(1.020)) == Edge(time: at(1.020), isActive: false))
        #expect(debounce.take(Edge(time: at(1.021), isActive: true)) == [])
        #expect(debounce.take(Edge(time: at(1.022), isActive: false)) == [])
        #expect(debounce.due == at(1.042))
        #expect(debounce.settle(isActive: false, now: at(1.042)) == nil)
        #expect(debounce.due == nil)
    }

    @Test func bouncesBehindALevelThatWasReReadAreNoOtherPress() {
        var debounce = SoftwareDebounce(milliseconds: 20, reported: false)
        debounce.correct(to: true, at: at(1.000))
        #expect(debounce.take(Edge(time: at(1.001), isActive: false)) == [])
        #expect(debounce.take(Edge(time: at(1.002), isActive: true)) == [])
        #expect(debounce.settle(isActive: true, now: at(1.022)) == nil)
    }

    @Test func aLineThatHumsIsJudgedByItsLevelNowAndThen() {
        var debounce = SoftwareDebounce(milliseconds: 30, reported: true)
        var said: [Edge] = []
        for half in 0..<200 {
            said += debounce.take(Edge(time: at(Double(half) / 100), isActive: half % 2 == 1))
        }
        #expect(said.count >= 3, "believed for ever: \(said)")
    }

    /// Every line of up to eight edges at every spacing around the debounce time ends with its true level said.
    @Test func whateverBouncesTheLastLevelIsSaid() {
        for pattern in 0..<(1 << 10) {
            var debounce = SoftwareDebounce(milliseconds: 30, reported: false)
            var told = false
            var level = false
            for tick in 0..<10 where pattern >> tick & 1 == 1 {
                level.toggle()
                for edge in debounce.take(Edge(time: at(Double(tick) / 50), isActive: level)) { told = edge.isActive }
            }
            if let due = debounce.due, let edge = debounce.settle(isActive: level, now: due) { told = edge.isActive }
            #expect(told == level, "pattern \(pattern)")
        }
    }
}
