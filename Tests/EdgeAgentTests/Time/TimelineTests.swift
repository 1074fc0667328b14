// Where the home's time stands after every kind of start.

import Drivers
import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

@Suite struct TimelineTests {
    private let hour: Int64 = 3_600_000

    /// A moment on boot `boot`, `bootHours` after it began, when the wall clock shows `wallHours` after midnight.
    private func stamp(
        boot: String = "a", bootHours: Int64, wallHours: Int64, _ trust: ClockTrust = .synchronised
    ) -> Stamp {
        Stamp(
            wallMilliseconds: midnight.milliseconds + wallHours * hour, bootMilliseconds: bootHours * hour,
            bootID: boot,
            trust: trust)
    }

    /// The instant at `now`, in hours after midnight, of a timeline that goes on from `stored`.
    private func hours(continuing stored: Timeline.Anchor?, now: Stamp, speed: Int64 = 1) -> Int64 {
        let clock = AgentClock(speed: speed)
        let timeline = Timeline(clock: clock, continuing: stored, now: now)
        return (timeline.anchor(at: now).instant - midnight).milliseconds / hour
    }

    /// What was stored at 10:00 of the home's time, 4 hours after boot "a".
    private func stored(_ trust: ClockTrust = .synchronised, wallHours: Int64 = 10) -> Timeline.Anchor {
        Timeline.Anchor(
            bootID: "a", bootMilliseconds: 4 * hour, wallMilliseconds: midnight.milliseconds + wallHours * hour,
            trust: trust, instant: midnight + .hours(10))
    }

    @Test func anAgeDoesNotFollowAWallClockThatIsSet() {
        let stored = Stamp(wallMilliseconds: 0, bootMilliseconds: 1000, bootID: "a", trust: .none)
        let sameBoot = Stamp(
            wallMilliseconds: 1_767_268_800_000, bootMilliseconds: 6000, bootID: "a", trust: .synchronised)
        let nextBoot = Stamp(wallMilliseconds: 90_000, bootMilliseconds: 10, bootID: "b", trust: .rtc)
        #expect(sameBoot.milliseconds(since: stored) == 5000)
        #expect(nextBoot.milliseconds(since: stored) == 90_000)
    }

    @Test func theFirstStartIsAtTheWallClock() {
        #expect(hours(continuing: nil, now: stamp(bootHours: 1, wallHours: 9)) == 9)
        // Also where nobody has set it: the timeline need only go on evenly.
        let unset = Stamp(wallMilliseconds: 0, bootMilliseconds: 9, bootID: "a", trust: .none)
        let timeline = Timeline(clock: AgentClock(), continuing: nil, now: unset)
        #expect(timeline.instant(BootTime(nanoseconds: 9_000_000)) == Instant(milliseconds: 0))
    }

    @Test func afterAKillTheBootClockTells() {
        #expect(hours(continuing: stored(), now: stamp(bootHours: 7, wallHours: 13)) == 13)
        // Whatever the wall clock does meanwhile.
        #expect(hours(continuing: stored(), now: stamp(bootHours: 7, wallHours: 2, .none)) == 13)
        #expect(hours(continuing: stored(), now: stamp(bootHours: 7, wallHours: 9999)) == 13)
    }

    @Test func afterABootTheWallClockTellsIfItCanBeTrustedOnBothSides() {
        #expect(hours(continuing: stored(), now: stamp(boot: "b", bootHours: 1, wallHours: 15)) == 15)
        #expect(hours(continuing: stored(.rtc), now: stamp(boot: "b", bootHours: 1, wallHours: 15, .rtc)) == 15)
    }

    @Test func withoutATrustedClockNoTimeHasPassed() {
        #expect(hours(continuing: stored(), now: stamp(boot: "b", bootHours: 1, wallHours: 15, .none)) == 10)
        #expect(hours(continuing: stored(.none), now: stamp(boot: "b", bootHours: 1, wallHours: 15)) == 10)
    }

    @Test func aWallClockThatWentBackOrFarAwayIsNotFollowed() {
        #expect(hours(continuing: stored(), now: stamp(boot: "b", bootHours: 1, wallHours: 9)) == 10)
        #expect(hours(continuing: stored(), now: stamp(boot: "b", bootHours: 1, wallHours: 10 + 401 * 24)) == 10)
        #expect(
            hours(continuing: stored(), now: stamp(boot: "b", bootHours: 1, wallHours: 10 + 399 * 24)) == 10 + 399 * 24)
    }

    @Test func anAcceleratedHomeAgesFasterWhileItIsOff() {
        #expect(hours(continuing: stored(), now: stamp(bootHours: 7, wallHours: 13), speed: 600) == 10 + 3 * 600)
    }

    @Test func instantsAndBootTimesAreEachOthersReverse() {
        let clock = AgentClock(speed: 60)
        let now = AgentClock.boot()
        let stamp = Stamp(
            wallMilliseconds: midnight.milliseconds, bootMilliseconds: now.nanoseconds / 1_000_000, bootID: "a",
            trust: .synchronised)
        let timeline = Timeline(clock: clock, continuing: nil, now: stamp)
        let later = midnight + .hours(5)
        #expect(timeline.instant(timeline.bootTime(later)) == later)
        // A real minute is an hour of the home.
        let minute = BootTime(nanoseconds: stamp.bootMilliseconds * 1_000_000).advanced(milliseconds: 60_000)
        #expect(timeline.instant(clock.agentTime(minute)) == midnight + .hours(1))
    }

    // MARK: - What is stored

    @Test func theAnchorComesBackFromTheOutbox() {
        let clock = AgentClock()
        let first = Timeline(clock: clock, stored: [:], start: midnight)
        let anchor = first.anchor(at: Stamp.now())
        let again = Timeline(clock: clock, stored: [Timeline.state: anchor.encoded], start: nil)
        let moment = AgentClock.boot()
        #expect(abs((again.instant(moment) - first.instant(moment)).milliseconds) <= 1)
    }

    @Test(arguments: [
        "", "{", "[]", #"{"bootID":"a"}"#,
        #"{"bootID":"a","bootMilliseconds":1,"wallMilliseconds":1,"trust":"perhaps","instant":1}"#,
        // Numbers that no clock shows: adding to them would end the process.
        #"{"bootID":"a","bootMilliseconds":-9223372036854775808,"wallMilliseconds":1,"trust":"rtc","instant":1}"#,
        #"{"bootID":"b","bootMilliseconds":1,"wallMilliseconds":-9223372036854775808,"trust":"rtc","instant":1}"#,
        #"{"bootID":"a","bootMilliseconds":1,"wallMilliseconds":1,"trust":"rtc","instant":9223372036854775807}"#,
    ])
    func aDamagedAnchorIsAFreshStart(_ text: String) {
        let clock = AgentClock()
        let timeline = Timeline(clock: clock, stored: [Timeline.state: Array(text.utf8)], start: midnight)
        let passed = (timeline.now() - midnight).milliseconds
        #expect((0..<60_000).contains(passed))
    }
}

@Suite struct AgentClockTests {
    @Test func waitsInRealTimeAndNeverTooShort() {
        let fast = AgentClock(speed: 1000)
        #expect(fast.wait(until: fast.now()) == 0)
        #expect((1...60).contains(fast.wait(until: fast.now().advanced(milliseconds: 60_000))))
        #expect(fast.wait(until: BootTime(nanoseconds: 0)) == 0)
        // The longest that poll takes, rather than an overflow.
        #expect(AgentClock().wait(until: .distantFuture) == .max)
    }

    @Test func aSpeedBelowOneIsOne() {
        #expect(AgentClock(speed: 0).speed == 1)
        #expect(AgentClock(speed: -5).speed == 1)
    }
}
