import Testing

@testable import Drivers

/// Timelines of 5 ms a character, minimum width 20 ms.
///
///     `/` an edge to active, `\` one to inactive, `.` nothing, `x` an edge that is lost (the level turns all the same)
struct PulseCounterTests {
    private func pulses(_ line: String, starting level: Bool = false) -> Int64 {
        var counter = PulseCounter(PulsePlan(minimumWidthMilliseconds: 20))
        counter.begin(level: level)
        var level = level
        var lost = 0
        for (index, symbol) in line.enumerated() {
            let now = BootTime(nanoseconds: Int64(index) * 5_000_000)
            if let due = counter.due, due <= now { counter.look(level: level, now: now) }
            switch symbol {
            case "x":
                level.toggle()
                lost += 1
            case "/", "\\":
                level = symbol == "/"
                counter.take(Edge(time: now, isActive: level), lost: lost)
                lost = 0
            default: break
            }
        }
        // A re-read after everything, as each second.
        let end = BootTime(nanoseconds: Int64(line.count) * 5_000_000 + 1_000_000_000)
        counter.look(level: level, now: end)
        counter.look(level: level, now: end.advanced(milliseconds: 20))
        return counter.count
    }

    @Test(arguments: [
        ("an S0 pulse of 30 ms", "../.....\\........", Int64(1)),
        ("bounces at both ends", "./\\/.....\\/\\.....", 1),
        ("a spike", "../\\............", 0),
        ("a short break within a pulse is none", "./....\\/....\\.....", 1),
        ("two pulses and the pause between them", "./.....\\...../.....\\.....", 2),
        ("a magnet that stays is one pulse", "./..............................", 1),
        ("two lost edges are one pulse", "./.....\\..x.....x...../.....\\.....", 3),
        ("a lost end", "./.....x...../.....\\.....", 2),
        ("a lost beginning", "..x.....\\.....", 1),
        ("four lost edges in one gap", "..x...x...x...x.../.....\\.....", 3),
    ])
    func timeline(why: String, line: String, expected: Int64) {
        #expect(pulses(line) == expected, "\(why)")
    }

    @Test func aPulseUnderWayAtTheStartIsNotOurs() {
        #expect(pulses(".....\\......./.....\\....", starting: true) == 1)
    }

    @Test func aChangeThatOnlyTheLevelTellsOfIsOnePulse() {
        // No edge was seen at all; each re-read a second finds the line otherwise.
        var counter = PulseCounter(PulsePlan(minimumWidthMilliseconds: 20))
        counter.begin(level: false)
        for second in 1...4 { counter.look(level: second % 2 == 1, now: at(Double(second))) }
        #expect(counter.count == 0, "a level that was seen once may be a spike")
        counter.look(level: true, now: at(5))
        #expect(counter.due == at(5.02))
        counter.look(level: true, now: at(5.02))
        #expect(counter.count == 1)
    }

    /// Any train of pulses and pauses from the minimum width up, any edges of it lost but numbered: none is missed, and
    /// none is counted twice.
    @Test(arguments: 1...20) func everyPulseIsCountedOnce(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        var counter = PulseCounter(PulsePlan(minimumWidthMilliseconds: 20))
        counter.begin(level: false)
        var now = at(1)
        var lost = 0
        for edge in 0..<400 {
            now = now.advanced(milliseconds: 20 + Int64(random.next() % 80))
            if let due = counter.due, due <= now, lost == 0 { counter.look(level: edge % 2 == 1, now: due) }
            if random.next() % 5 == 0, edge < 399 {
                lost += 1
            } else {
                counter.take(Edge(time: now, isActive: edge % 2 == 0), lost: lost)
                lost = 0
            }
        }
        #expect(counter.count == 200, "seed \(seed)")
    }
}
