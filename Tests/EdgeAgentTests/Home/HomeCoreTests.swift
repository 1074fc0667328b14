// The shell's decisions in virtual time, around the real rule engine.

import Drivers
import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

@Suite struct HomeCoreTests {
    private let timedOut = BusError(kind: .timedOut, message: "bus rs485, unit 5: no answer", advice: "check its power")

    @Test func aPressSoundsThenStoresThenSays() throws {
        var home = try CorePlayer()
        _ = home.advance(to: midnight)
        let effects = home.take("panic", 1, at: midnight + .seconds(1))
        #expect(effects.lines.map { $0.prefix(10) } == ["sound alar", "store [\"h-", "said raise"])
        #expect(effects.drafts.count == 1)
        #expect(effects.drafts.first?.alert == "panic/2026-01-01T00:00:01Z")
        #expect(effects.drafts.first?.lane == .alarm)
        #expect(effects.states.keys.sorted() == ["counters", "engine", "readings"])
        // Held down and read again every second, it stays one alert.
        #expect(home.take("panic", 1, at: midnight + .seconds(2)).isEmpty)
        #expect(home.advance(to: midnight + .seconds(3)).points == ["panic 1 s 1"])
        #expect(home.advance(to: midnight + .seconds(4)).isEmpty)
    }

    @Test func inAWalkAlertsAreTestsAndLeaveNothingBehind() throws {
        var home = try CorePlayer()
        _ = home.advance(to: midnight)
        let begun = home.core.walk(lasting: .hours(1), by: "Li", at: midnight, stamp: { .test })
        #expect(begun.lines.map { $0.prefix(10) } == ["store [\"h-", "note walk-"])
        #expect(home.core.engine.walkUntil == midnight + .hours(1))
        let pressed = home.take("panic", 1, at: midnight + .seconds(1))
        #expect(pressed.lines.first == "sound test-alarm")
        // A call for help as any other, but marked.
        let draft = try #require(pressed.drafts.first)
        #expect(draft.lane == .alarm)
        #expect(WireEncoder.isTest(draft))
        var ended = home.take("panic", 0, at: midnight + .seconds(2))
        ended += home.core.walk(lasting: nil, by: "Li", at: midnight + .seconds(3), stamp: { .test })
        #expect(ended.lines.contains("withdraw panic/2026-01-01T00:00:01Z"))
        #expect(ended.drafts.filter { $0.topic == "alerts" }.allSatisfy(WireEncoder.isTest))
        let real = home.take("panic", 1, at: midnight + .seconds(4))
        #expect(real.lines.first == "sound alarm")
        #expect(try !WireEncoder.isTest(#require(real.drafts.first)))
        // A test of the whole leaves word, which is kept with the rules' memory.
        let tested = home.core.tested(by: "self-test", at: midnight + .seconds(5), stamp: { .test })
        #expect(tested.lines.last == "note tested")
        #expect(!tested.states.isEmpty)
    }

    @Test func aFaultIsSaidBehindTheAlarmOfTheSameMoment() throws {
        var home = try CorePlayer()
        _ = home.advance(to: midnight)
        let time = midnight + .seconds(1)
        let effects = home.core.take(
            [
                (
                    Sample(
                        channel: home.channel("water.volume"), time: BootTime(nanoseconds: 0),
                        outcome: .busFailure(timedOut)), time
                ),
                (
                    Sample(
                        channel: home.channel("panic"), time: BootTime(nanoseconds: 0), outcome: .value(.integer(1))),
                    time
                ),
            ], stamp: { .test })
        #expect(effects.lines.map { $0.prefix(5) } == ["sound", "store", "said ", "began"])
    }

    @Test func aRestartNeitherRaisesAgainNorForgets() throws {
        var home = try CorePlayer()
        let states = home.take("panic", 1, at: midnight + .seconds(1)).states
        let alerts = home.core.engine.openAlerts
        #expect(alerts.map(\.state) == [.raised])

        var again = try CorePlayer(restoring: states, at: midnight + .seconds(60))
        #expect(again.core.engine.openAlerts == alerts)
        // The outputs start silent, so the sound is said once more; the alert is not.
        var effects = again.advance(to: midnight + .seconds(60))
        effects += again.take("panic", 1, at: midnight + .seconds(61))
        #expect(effects.lines == ["sound alarm", "heartbeat"])

        let accepted = again.core.accepted(
            alert: "panic/2026-01-01T00:00:01Z", by: "Li", at: midnight + .seconds(62), stamp: { .test })
        #expect(accepted.lines.first == "sound accepted")
        #expect(accepted.lines.last == "said acknowledged panic")
        #expect(accepted.drafts.count == 1)
        #expect(again.core.accepted(alert: "other/x", by: "Li", at: midnight + .seconds(63), stamp: { .test }).isEmpty)
    }

    @Test(arguments: [Array("{".utf8), [], Array(#"{"version":1}"#.utf8), [0xFF, 0, 1], Array("[]".utf8)])
    func damagedStateIsAsGoodAsNone(_ stored: [UInt8]) throws {
        var damaged = try CorePlayer(restoring: ["engine": stored, "counters": stored])
        var fresh = try CorePlayer()
        #expect(damaged.core.states == fresh.core.states)
        #expect(
            damaged.take("panic", 1, at: midnight).lines.map { $0.prefix(10) }
                == fresh.take("panic", 1, at: midnight).lines.map { $0.prefix(10) })
    }

    @Test func theSameStateIsTheSameBytes() throws {
        var (one, other) = (try CorePlayer(), try CorePlayer())
        _ = one.take("panic", 1, at: midnight)
        _ = other.take("panic", 1, at: midnight)
        #expect(one.core.states == other.core.states)
        #expect(one.core.states["engine"] != nil)
    }

    // MARK: - Batches

    @Test func readingsLeaveTogetherAfterAMinute() throws {
        var home = try CorePlayer()
        _ = home.advance(to: midnight)
        var effects: [HomeEffect] = []
        for second in stride(from: Int64(0), through: 60, by: 10) {
            effects += home.take("water.volume", 5000 + second, at: midnight + .seconds(second))
            effects += home.advance(to: midnight + .seconds(second))
        }
        #expect(effects.count == 1)
        #expect(effects.points == ["water.volume 0 s 5000000", "water.volume 60 s 5060000"])
        #expect(effects.states.keys.sorted() == ["counters", "engine", "readings"])
        #expect(home.advance(to: midnight + .seconds(119)).isEmpty)
        // Nothing was read: nothing is written.
        #expect(home.advance(to: midnight + .seconds(120)).isEmpty)
    }

    /// design.md §8: a power cut loses a minute of readings at most, although a record is made once an hour only.
    @Test func whatIsGatheredIsKeptEveryMinuteAndLeavesInTime() throws {
        var home = try CorePlayer()
        _ = home.advance(to: midnight)
        _ = home.advance(to: midnight + .seconds(60))
        _ = home.take("water.volume", 7, at: midnight + .seconds(61))
        #expect(home.advance(to: midnight + .seconds(119)).isEmpty)
        let kept = home.advance(to: midnight + .seconds(120))
        #expect(kept.lines == ["store [] with [\"counters\", \"engine\", \"readings\"]"])

        var next = try CorePlayer(restoring: kept.states, at: midnight + .seconds(125))
        _ = next.advance(to: midnight + .seconds(125))
        let record = next.advance(to: midnight + .seconds(185))
        #expect(record.points == ["water.volume 61 s 7000"])
        #expect(next.core.flush(at: midnight + .seconds(190), stamp: { .test }).isEmpty)
        _ = next.take("water.volume", 9, at: midnight + .seconds(200))
        #expect(next.advance(to: midnight + .seconds(3789)).points.isEmpty)
        #expect(next.advance(to: midnight + .seconds(3790)).points == ["water.volume 200 s 9000"])
    }

    @Test func anAlertTakesTheReadingsAlong() throws {
        var home = try CorePlayer()
        _ = home.advance(to: midnight)
        _ = home.advance(to: midnight + .seconds(60))
        _ = home.take("water.volume", 7, at: midnight + .seconds(61))
        _ = home.take("panic", 1, at: midnight + .seconds(62))
        #expect(home.advance(to: midnight + .seconds(62)).points.contains("water.volume 61 s 7000"))
    }

    /// An alert may also come due when the wall clock is looked at, and call again when it becomes worse.
    @Test func anAlertTakesTheReadingsAlongHoweverItComes() throws {
        var home = try CorePlayer(
            smallHome + """
                [[rule]]
                name = "nobody"
                kind = "no-activity"
                signals = ["motion.bedroom"]
                silent-for = "30min"
                warn-for = "0s"
                severity = "yellow"
                rise = { orange = "50min" }

                """)
        _ = home.take("motion.bedroom", 1, at: midnight)
        _ = home.take("motion.bedroom", 0, at: midnight + .seconds(1))
        _ = home.advance(to: midnight + .seconds(60))
        _ = home.take("water.volume", 7, at: midnight + .minutes(5))
        let raised = home.core.setWallClock(.test, at: midnight + .minutes(31), stamp: { .test })
        #expect(raised.lines.contains("said raised nobody"))
        #expect(home.advance(to: midnight + .minutes(31)).points.contains("water.volume 300 s 7000"))
        _ = home.take("water.volume", 8, at: midnight + .minutes(40))
        let worse = home.advance(to: midnight + .minutes(51))
        #expect(worse.lines.contains("said escalated nobody"))
        #expect(worse.points.contains("water.volume 2400 s 8000"))
    }

    @Test func aFullBatchLeavesEarly() throws {
        var home = try CorePlayer(smallHome + "[[input]]\nname = \"door\"\nkind = \"door\"\nline = \"GPIO5\"\n")
        _ = home.advance(to: midnight)
        for change in 0..<Int64(600) {
            #expect(home.advance(to: midnight + .milliseconds(change)).isEmpty)
            _ = home.take("door", change % 2, at: midnight + .milliseconds(change))
        }
        let effects = home.advance(to: midnight + .milliseconds(600))
        #expect(effects.points.count == 600)
        #expect(home.advance(to: midnight + .milliseconds(601)).isEmpty)
    }

    @Test func whatIsGatheredLeavesAtTheEnd() throws {
        var home = try CorePlayer()
        _ = home.take("water.volume", 5, at: midnight)
        #expect(home.core.flush(at: midnight + .seconds(1), stamp: { .test }).points == ["water.volume 0 s 5000"])
        #expect(home.core.flush(at: midnight + .seconds(2), stamp: { .test }).isEmpty)
    }

    // MARK: - Heartbeats

    @Test func heartbeatsComeWhenDueAndWhenTheLinkIsUp() throws {
        var home = try CorePlayer(smallHome + "[upstream]\nbroker = \"mqtt://127.0.0.1:1883\"\nheartbeat = \"2min\"\n")
        #expect(home.core.nextDeadline <= midnight)
        #expect(home.advance(to: midnight).lines == ["heartbeat"])
        #expect(home.advance(to: midnight + .seconds(119)).isEmpty)
        #expect(home.advance(to: midnight + .seconds(120)).lines == ["heartbeat"])
        _ = home.core.linkUp(at: midnight + .seconds(130))
        #expect(home.core.nextDeadline == midnight + .seconds(130))
        #expect(home.advance(to: midnight + .seconds(130)).lines == ["heartbeat"])
        #expect(home.advance(to: midnight + .seconds(240)).isEmpty)
        #expect(home.advance(to: midnight + .seconds(250)).lines == ["heartbeat"])
    }

    @Test func aHeartbeatSaysWhatIsKnown() throws {
        var home = try CorePlayer()
        for second in stride(from: Int64(0), to: 60, by: 20) {
            _ = home.take("water.volume", 1, at: midnight + .seconds(second))
        }
        var upstream = AgentStatus.Upstream()
        upstream.oldestUnacceptedSeconds = 9
        upstream.depths = [.alarm: 2]
        let content = home.core.heartbeat(at: midnight + .seconds(60), upstream: upstream)
        #expect(content.rules.map(\.rule) == home.configuration.home.rules.map(\.name))
        #expect(content.signals.map(\.report.signal) == ["water.volume", "panic", "motion.bedroom"])
        // Three of the six polls of that minute; lines have no polls.
        #expect(content.signals.map(\.coveragePerMille) == [500, nil, nil])
        #expect(content.oldestUnacceptedMilliseconds == 9000)
        #expect(content.depths[.alarm] == 2)
        #expect(content.nextDueSeconds == 300)
        #expect(content.uptimeMilliseconds == 60_000)
        home.core.heartbeatSent(at: midnight + .seconds(60))
        let next = home.core.heartbeat(at: midnight + .seconds(90), upstream: upstream)
        #expect(next.signals.first?.coveragePerMille == 0)
    }

    // MARK: - Faults

    @Test func aBusFailureIsAMissingReadingAndOneFault() throws {
        var home = try CorePlayer()
        _ = home.advance(to: midnight)
        _ = home.take("water.volume", 5, at: midnight)
        let failed = home.take("water.volume", .busFailure(timedOut), at: midnight + .seconds(10))
        #expect(failed.lines == ["began: bus rs485, unit 5: no answer"])
        #expect(home.take("water.volume", .busFailure(timedOut), at: midnight + .seconds(20)).isEmpty)
        #expect(home.core.faults.standing == [timedOut.message])
        #expect(home.core.coverage.perMille(of: 0, at: midnight + .seconds(20)) == 500)
        let mended = home.take("water.volume", 6, at: midnight + .seconds(30))
        #expect(mended.lines == ["ended: bus rs485, unit 5: no answer"])
        #expect(home.core.faults.standing.isEmpty)
        // Good, missing, good: all three are in the record.
        #expect(home.core.flush(at: midnight + .seconds(31), stamp: { .test }).points.count == 3)
    }

    @Test func aChannelOfAnotherHomeChangesNothing() throws {
        var home = try CorePlayer()
        let before = home.core.states
        #expect(home.take("no such signal", 1, at: midnight).isEmpty)
        #expect(home.core.states == before)
    }

    @Test func aNoteIsStoredAndSaid() throws {
        var home = try CorePlayer()
        let note = Note(time: midnight, code: "database-damaged", signals: [], text: "started a fresh one")
        let effects = home.core.note(note, stamp: { .test })
        #expect(effects.drafts.map(\.lane) == [.event])
        #expect(effects.lines.last == "note database-damaged")
    }
}
