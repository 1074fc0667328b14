import Testing

@testable import Drivers

/// Timelines: `m@t` is meter m asked at second t. A meter in `dead` takes its time-out of 1 s and gives nothing.
struct BusScheduleTests {
    private func run(
        polls: [Int64], dead: [Int: Range<Double>] = [:], until end: Double, silence: Int64 = 0
    ) -> [String] {
        var schedule = BusSchedule(pollMilliseconds: polls.map { [$0 * 1000] }, start: at(0))
        var now = at(0)
        var asked: [String] = []
        while schedule.nextDue < at(end) {
            now = max(now, schedule.nextDue)
            guard let meter = schedule.next(now: now) else { return asked + ["nothing to ask when due"] }
            let second = Double(now.nanoseconds) / 1e9
            asked.append("\(meter)@\(second.formatted)")
            if let outage = dead[meter], outage.contains(second) {
                let start = now
                now = now.advanced(milliseconds: 1000)
                schedule.failed(meter, asked: start, now: now, atLeastMilliseconds: silence)
            } else {
                schedule.answered(meter, grids: [0], asked: now, now: now)
            }
        }
        return asked
    }

    @Test func eachMeterKeepsItsOwnGrid() {
        #expect(run(polls: [10, 15], until: 31) == ["0@0", "1@0", "0@10", "1@15", "0@20", "0@30", "1@30"])
    }

    @Test func aDeadMeterIsAskedLessAndLess() {
        // 1, 2, 4 polls, then every 60 s.
        #expect(
            run(polls: [10], dead: [0: 0..<1000], until: 260) == [
                "0@0", "0@10", "0@30", "0@70", "0@130", "0@190", "0@250",
            ])
    }

    @Test func itsNeighbourStaysOnItsGrid() {
        // The time-out of 1 s shifts one reading by 1 s, once, and the grid is kept.
        let asked = run(polls: [10, 10], dead: [0: 0..<1000], until: 61)
        #expect(asked.filter { $0.hasPrefix("1") } == ["1@1", "1@11", "1@20", "1@31", "1@40", "1@50", "1@60"])
    }

    @Test func whoAnswersAgainIsBackOnItsGrid() {
        #expect(
            run(polls: [10], dead: [0: 0..<40], until: 101) == ["0@0", "0@10", "0@30", "0@70", "0@80", "0@90", "0@100"])
    }

    @Test func aSlowMeterRestsNoLongerThanItsPoll() {
        #expect(run(polls: [300], dead: [0: 0..<2000], until: 1000) == ["0@0", "0@300", "0@600", "0@900"])
    }

    @Test func afterAFailureItIsNotAskedForItsQuarantine() {
        // A poll of 1 s and a quarantine of 3 s: asked again at 4, not at 1. The others go on.
        #expect(
            run(polls: [1, 2], dead: [0: 0..<1], until: 5, silence: 3000) == [
                "0@0", "1@1", "1@2", "0@4", "1@4",
            ])
    }

    @Test func whoHasTheNearestDeadlineGoesFirst() {
        // At 60 both are due; the next point of 0 is at 70, that of 1 at 120.
        #expect(run(polls: [60, 10], until: 61).suffix(2) == ["1@60", "0@60"])
    }

    @Test func oneMeterHasAGridForEachInterval() {
        var schedule = BusSchedule(pollMilliseconds: [[10_000, 60_000]], start: at(0))
        var asked: [String] = []
        while schedule.nextDue < at(75) {
            let now = schedule.nextDue
            let grids = schedule.dueGrids(of: 0, now: now)
            asked.append("\(grids)@\(Int64(now.nanoseconds / 1_000_000_000))")
            schedule.answered(0, grids: grids, asked: now, now: now)
        }
        #expect(asked == ["[0, 1]@0", "[0]@10", "[0]@20", "[0]@30", "[0]@40", "[0]@50", "[0, 1]@60", "[0]@70"])
    }

    /// Polls of 10 s and 60 s, on battery at most every 30 s: from 15 s to 95 s.
    @Test func onBatteryMetersAreAskedMoreSeldomAndAtOnceAsEverAfterwards() {
        var schedule = BusSchedule(pollMilliseconds: [[10_000, 60_000]], savingMilliseconds: [30_000], start: at(0))
        var asked: [String] = []
        func run(until end: Double) {
            while schedule.nextDue < at(end) {
                let now = schedule.nextDue
                let grids = schedule.dueGrids(of: 0, now: now)
                asked.append("\(grids)@\(Int64(now.nanoseconds / 1_000_000_000))")
                schedule.answered(0, grids: grids, asked: now, now: now)
            }
        }
        run(until: 15)
        schedule.savePower(true, now: at(15))
        run(until: 95)
        schedule.savePower(false, now: at(95))
        run(until: 125)
        #expect(
            asked == [
                "[0, 1]@0", "[0]@10", "[0]@20", "[0]@30", "[0, 1]@60", "[0]@90", "[0]@100", "[0]@110", "[0, 1]@120",
            ])
    }

    @Test func missedPointsAreLeftOut() {
        var schedule = BusSchedule(pollMilliseconds: [[10_000]], start: at(0))
        schedule.answered(0, grids: [0], asked: at(0), now: at(47))
        #expect(schedule.nextDue == at(50))
    }

    @Test func aBusThatIsGoneIsTriedAfterOneTwoFourSeconds() {
        var schedule = BusSchedule(pollMilliseconds: [[10_000], [500]], start: at(0))
        var tries: [Double] = []
        for _ in 0..<9 {
            let now = schedule.nextDue
            tries.append(Double(now.nanoseconds) / 1e9)
            schedule.cannotOpen(now: now)
        }
        #expect(tries == [0, 1, 3, 7, 15, 31, 63, 123, 183])
        // Back again: both are asked at once, and the next failure starts from one second.
        #expect(schedule.due(now: at(243)) == [0, 1])
        schedule.answered(0, grids: [0], asked: at(243), now: at(243))
        schedule.lost(asking: 1, asked: at(243), now: at(243))
        #expect(schedule.next(now: at(243.9)) == nil)
        #expect(schedule.next(now: at(244)) == 1)
    }

    @Test func noMetersMeansNothingDue() {
        #expect(BusSchedule(pollMilliseconds: [], start: at(0)).nextDue == .distantFuture)
    }
}

extension Double {
    /// 10.0 → "10"
    fileprivate var formatted: String { self == rounded() ? String(Int(self)) : String(self) }
}
