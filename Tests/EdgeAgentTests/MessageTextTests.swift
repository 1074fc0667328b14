// What `listen` shows of messages that no hub of ours would send.

import Testing
import Upstream

@testable import EdgeAgent

@Suite struct MessageTextTests {
    @Test func noDataDoesNotLookLikeNoWater() {
        var series = WireReadings.Series()
        series.signal = "water.volume"
        series.quantity = .volume
        series.baseValue = 412_345_000
        series.valueDeltas = [-412_345_000]
        series.timeDeltasMs = [60_000]
        series.qualities = [.good, .missing]
        var readings = WireReadings()
        readings.series = [series]
        #expect(MessageText.line(home: "h1", .readings(readings)) == "h1  readings  water.volume missing")
    }

    @Test func differencesBeyondTheRangeDoNotTrap() {
        var series = WireReadings.Series()
        series.signal = "water.volume"
        series.quantity = .volume
        series.baseValue = .max
        series.valueDeltas = [1]
        var readings = WireReadings()
        readings.series = [series]
        #expect(MessageText.line(home: "h1", .readings(readings)).contains("water.volume"))
    }
}
