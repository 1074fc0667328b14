// What `listen` shows of messages that no hub of ours would send.

import Testing
import Upstream

@testable import EdgeAgent

@Suite struct MessageTextTests {
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
