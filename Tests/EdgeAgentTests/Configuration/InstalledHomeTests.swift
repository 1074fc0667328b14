// The configuration that the package installs: it runs, guards nobody, says so, and alarms nobody.

import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct InstalledHome {
    /// On a fresh system only what is built in can be found: no board, no profile.
    private let loader = ConfigurationLoader()
    private let file = "\(repositoryFolder)/packaging/home.toml"

    @Test func itIsGoodAndSaysThatNothingIsGuarded() throws {
        let home = try loader.load(file)
        #expect(!home.isCommissioned)
        #expect(home.warnings.map(\.code) == ["W112"])
        #expect(try load(smallHome).isCommissioned)
    }

    @Test func aMonthOfItIsSilent() throws {
        let home = try loader.load(file)
        var core = HomeCore(configuration: home, restoring: [:], at: midnight)
        var effects: [HomeEffect] = []
        for hour in 0...(31 * 24) as ClosedRange<Int64> {
            effects += core.advance(to: midnight + .hours(hour), stamp: { .test })
        }
        #expect(Set(effects.lines).isSubset(of: ["heartbeat"]))
        #expect(core.engine.openAlerts.isEmpty)
        #expect(core.faults.standing.isEmpty)
    }

    @Test func statusTellsItFromAGuardedHome() {
        let fresh = StatusBoard(home: "not-commissioned", isCommissioned: false).current
        let picture = LivePicture(usesColour: false, width: 200)
        #expect(picture.lines(fresh, title: "").contains { $0.hasPrefix("Not yet commissioned") })
        // Nothing is broken; nothing is guarded either, and the exit code says which.
        #expect(fresh.isWell)
        let guarded = StatusBoard(home: "h-1").current
        #expect(!picture.lines(guarded, title: "").contains { $0.hasPrefix("Not yet commissioned") })
    }
}
