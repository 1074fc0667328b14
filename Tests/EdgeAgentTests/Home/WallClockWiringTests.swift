// The rules hear from the home thread how the wall clock stands.

import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

@Suite struct WallClockWiring {
    private let morning =
        homeHead + """
            [[input]]
            name = "motion"
            kind = "motion"
            line = "A"
            [[rule]]
            name = "morning"
            kind = "no-activity"
            signals = ["motion"]
            between = ["07:00", "10:00"]
            warn-for = "0s"
            """

    /// The wall clock is eight hours ahead of the timeline, which begins at midnight.
    private func look(_ trust: ClockTrust, at time: Instant) -> Stamp {
        Stamp(
            wallMilliseconds: (time + .hours(8)).milliseconds, bootMilliseconds: 0, bootID: "boot", trust: trust)
    }

    @Test(arguments: [ClockTrust.synchronised, .rtc])
    func hoursFollowTheWallClockAndItStaysTrusted(_ trust: ClockTrust) throws {
        var home = try CorePlayer(morning)
        _ = home.core.setWallClock(look(trust, at: midnight), at: midnight, stamp: { .test })
        _ = home.take("motion", 1, at: midnight + .hours(1))
        _ = home.take("motion", 0, at: midnight + .hours(1) + .minutes(1))
        // The network is gone for long, and the kernel no longer vouches for its clock.
        let noon = midnight + .hours(12)
        _ = home.core.setWallClock(look(.none, at: noon), at: noon, stamp: { .test })
        // Seven there is 23:00 on the timeline; three hours later it was a morning without anybody.
        #expect(!home.advance(to: midnight + .minutes(26 * 60 - 1)).lines.contains { $0.hasPrefix("said") })
        #expect(home.advance(to: midnight + .hours(26)).lines.contains { $0.hasPrefix("said raised") })
    }

    @Test func aClockThatWasNeverRightIsNotTrusted() throws {
        var home = try CorePlayer(morning)
        _ = home.core.setWallClock(look(.none, at: midnight), at: midnight, stamp: { .test })
        _ = home.take("motion", 1, at: midnight + .hours(1))
        _ = home.take("motion", 0, at: midnight + .hours(1) + .minutes(1))
        #expect(!home.advance(to: midnight + .minutes(28 * 60 - 1)).lines.contains { $0.hasPrefix("said") })
        #expect(home.advance(to: midnight + .hours(28)).lines.contains { $0.hasPrefix("said raised") })
    }
}
