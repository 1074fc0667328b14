// What commands do in a home, in virtual time: effects as lines, in the order in which they are carried out.

import FoundationEssentials
import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

/// `smallHome` with a broker, a rule about visits and one about heat.
private let commandedHome =
    smallHome + """
        [[input]]
        name = "visit"
        kind = "visit"
        line = "GPIO22"
        [[rule]]
        name = "visits"
        kind = "visit-overdue"
        signal = "visit"
        every = "7d"
        [[rule]]
        name = "heat"
        kind = "heat-and-still"
        signals = ["temperature.outside", "motion.bedroom"]
        warn-for = "0s"
        [upstream]
        broker = "mqtt://127.0.0.1"

        """

private struct CommandPlayer {
    var home: CorePlayer
    var count = 1_000_000
    var now = midnight
    var stamp = Stamp(
        wallMilliseconds: midnight.milliseconds, bootMilliseconds: 7, bootID: "boot-1", trust: .synchronised)

    init(restoring stored: [String: [UInt8]] = [:], standing: OfferStanding = .none, at start: Instant = midnight)
        throws
    {
        // No two runs give one id twice.
        count += Int(start.milliseconds - midnight.milliseconds)
        home = try CorePlayer(commandedHome)
        home.core = HomeCore(
            configuration: home.configuration, restoring: stored, standing: standing, at: start)
        now = start
        stamp.wallMilliseconds = start.milliseconds
        _ = home.take("motion.bedroom", 0, at: start)
        _ = home.take("panic", 0, at: start)
        _ = home.take("visit", 0, at: start)
        _ = advance(.zero)
    }

    mutating func advance(_ span: Span) -> [HomeEffect] {
        now = now + span
        stamp.wallMilliseconds = now.milliseconds
        let stamp = stamp
        return home.core.advance(to: now, stamp: { stamp })
    }

    mutating func make(_ action: Command.Action) -> Command {
        count += 1
        return Command(
            id: "c-\(count)", given: now.milliseconds, expires: (now + .minutes(10)).milliseconds, by: "Mei",
            action: action)
    }

    mutating func give(_ command: Command, offer: OfferCheck? = nil) -> [HomeEffect] {
        let stamp = stamp
        return home.core.command(command, offer: offer, at: now, stamp: { stamp })
    }

    mutating func give(_ action: Command.Action, offer: OfferCheck? = nil) -> [HomeEffect] {
        give(make(action), offer: offer)
    }
}

extension [HomeEffect] {
    /// "done done c-1000001: …" of the only answer.
    fileprivate var reply: String {
        for case .reply(let reply, _) in self { return reply.line }
        return "none"
    }

    fileprivate var memory: [String: [UInt8]] {
        var states: [String: [UInt8]] = [:]
        for case .store(_, let memory) in self { states.merge(memory.states) { $1 } }
        return states
    }
}

@Suite struct CommandTests {
    @Test func whatItDidIsStoredWithItsEventBeforeItIsAnswered() throws {
        var player = try CommandPlayer()
        let effects = player.give(.setMode(.away, lasting: .hours(3)))
        #expect(
            effects.lines == [
                "store [\"h-1  event  mode: away for 0 s (set by Mei), expected back within 3 h\", \"h-1  event  command-done: command c-1000001 of Mei: away for 0 s (set by Mei), expected back within 3 h\"] with [\"commands\", \"counters\", \"engine\", \"readings\"]",
                "note mode", "note command-done",
                "reply done done c-1000001: away for 0 s (set by Mei), expected back within 3 h",
            ])
        #expect(player.home.core.engine.mode.mode == .away)
    }

    @Test func isDoneOnceAlsoAfterARestart() throws {
        var player = try CommandPlayer()
        let away = player.make(.setMode(.away, lasting: .hours(3)))
        let stored = player.give(away).memory
        _ = player.give(.setMode(.home, lasting: nil))
        let again = "reply done done again c-1000001: away for 0 s (set by Mei), expected back within 3 h"
        #expect(player.give(away).lines == [again])
        #expect(player.home.core.engine.mode.mode == .home)

        var next = try CommandPlayer(restoring: stored, at: midnight + .minutes(5))
        #expect(next.give(away).reply.hasPrefix("done done again c-1000001"))
        // Killed before the commit: neither the mode nor the memory is there, and it is done.
        var fresh = try CommandPlayer(at: midnight + .minutes(5))
        #expect(fresh.give(away).reply.hasPrefix("done done c-1000001"))
        #expect(fresh.home.core.engine.mode.mode == .away)
    }

    @Test func acknowledges() throws {
        var player = try CommandPlayer()
        _ = player.home.take("panic", 1, at: midnight + .seconds(1))
        let alert = try #require(player.home.core.engine.openAlerts.first?.id)
        _ = player.advance(.seconds(2))
        let lines = player.give(.acknowledge(alert: alert)).lines
        #expect(
            lines.suffix(2) == [
                "order settle(alert: \"\(alert)\", by: \"Mei\")",
                "reply done done c-1000001: Mei has taken on \(alert)",
            ])
        #expect(player.home.core.engine.openAlerts.first?.state == .acknowledged)
        #expect(
            player.give(.acknowledge(alert: alert)).reply
                == "refused not-here c-1000002: no alert \(alert) waits for anybody here")
    }

    @Test func locatesUnlessTheHomeSounds() throws {
        var player = try CommandPlayer()
        #expect(
            player.give(.locate(seconds: nil)).lines.suffix(2) == [
                "order locate(seconds: 30)", "reply done done c-1000001: it blinks and beeps for 30 s",
            ])
        #expect(player.give(.locate(seconds: 121)).reply.hasPrefix("refused invalid"))
        _ = player.home.take("panic", 1, at: midnight + .seconds(1))
        #expect(player.give(.locate(seconds: 5)).reply.hasPrefix("refused not-here"))
    }

    @Test func recordsVisits() throws {
        var player = try CommandPlayer()
        _ = player.advance(.days(6))
        #expect(player.give(.recordVisit(rule: nil)).reply == "done done c-1000001: visit recorded for visits")
        _ = player.advance(.days(6))
        #expect(!player.home.core.engine.openAlerts.contains { $0.rule == "visits" })
        #expect(player.give(.recordVisit(rule: "visits")).reply.hasPrefix("done"))
        #expect(player.give(.recordVisit(rule: "no-water")).reply.hasPrefix("refused not-here"))
    }

    @Test func weatherHoldsUntilItIsOver() throws {
        func heat(_ player: CommandPlayer) throws -> RuleReport {
            try #require(player.home.core.engine.ruleReports().first { $0.rule == "heat" })
        }
        func still(_ player: inout CommandPlayer) {
            _ = player.home.take("motion.bedroom", 0, at: player.now)
        }
        var player = try CommandPlayer()
        #expect(try heat(player).reason.hasPrefix("no temperature is known"))
        let stored = player.give(.weather(temperature: 36_500, valid: .hours(2)))
        #expect(stored.reply == "done done c-1000001: 36.5 °C outside, for 2 h")
        #expect(try heat(player).reason.hasPrefix("temperature.outside 36.5"))

        // A restart in between: heard again.
        var next = try CommandPlayer(restoring: stored.memory, at: midnight + .hours(1))
        #expect(try heat(next).reason.hasPrefix("temperature.outside 36.5"))
        #expect(next.home.core.nextDeadline <= midnight + .hours(2))
        _ = next.advance(.hours(1) - .seconds(1))
        #expect(try heat(next).reason.hasPrefix("temperature.outside 36.5"))
        _ = next.advance(.seconds(1))
        #expect(try heat(next).reason.hasPrefix("no temperature is known"))
        // And a restart after it: not heard again.
        let late = try CommandPlayer(restoring: stored.memory, at: midnight + .hours(3))
        #expect(try heat(late).reason.hasPrefix("no temperature is known"))
        still(&next)
        #expect(next.give(.weather(temperature: 20_000, valid: .hours(6))).reply.hasPrefix("done"))
        #expect(try heat(next).verdict == .fine)
    }

    @Test func answersWhetherAMeterWasReplaced() throws {
        var player = try CommandPlayer()
        for (second, litres) in [(0, 412_316), (10, 412_316), (1800, 40), (1810, 40)] as [(Int64, Int64)] {
            _ = player.home.take("water.volume", litres, at: midnight + .seconds(second))
        }
        _ = player.advance(.hours(1))
        let effects = player.give(.confirmMeter(signal: "water.volume", wasReplaced: true))
        #expect(effects.lines.contains("note replacement-confirmed"))
        #expect(effects.reply.hasPrefix("done done c-1000001: water.volume: a new meter, confirmed"))
        #expect(player.home.core.interpreter.unconfirmedMeters.isEmpty)
    }

    // MARK: Self-test

    @Test func aSelfTestIsBegunAndAnsweredLater() throws {
        var player = try CommandPlayer()
        _ = player.home.core.linkUp(at: player.now)
        let begun = player.give(.selfTest)
        #expect(begun.reply == "begun begun c-1000001: the self-test takes minutes; outputs stay silent")
        #expect(begun.lines.contains("order selfTest"))
        #expect(player.give(.selfTest).reply.hasPrefix("refused too-many c-1000002"))
        #expect(player.advance(.minutes(1)).reply == "none")
        let stamp = player.stamp
        let ended = player.home.core.selfTestEnded(
            SelfTestOutcome(summary: "all well", bundle: "{}"), at: player.now, stamp: { stamp })
        #expect(ended.reply == "done done c-1000001: all well")
        // Asked again, it is answered without the bundle, and not done again.
        var again = player.make(.selfTest)
        again.id = "c-1000001"
        #expect(player.give(again).lines == ["reply done done again c-1000001: all well"])
        let nowhere = player.give(.selfTest)
        #expect(nowhere.reply.hasPrefix("begun"))
        let answer = player.home.core.selfTestEnded(nil, at: player.now, stamp: { stamp })
        #expect(answer.reply.hasPrefix("failed not-here"))
    }

    @Test func aSelfTestThatARestartEndedIsAnswered() throws {
        var player = try CommandPlayer()
        let begun = player.give(.selfTest)
        var next = try CommandPlayer(restoring: begun.memory, at: player.now + .minutes(1))
        #expect(next.home.core.linkUp(at: next.now).reply.hasPrefix("failed interrupted c-1000001"))
        // It is told once.
        #expect(next.advance(.minutes(1)).reply == "none")
        #expect(next.give(.selfTest).reply.hasPrefix("begun"))
    }

    @Test func changesTheHeartbeat() throws {
        var player = try CommandPlayer()
        let stored = player.give(.setHeartbeat(.minutes(1)))
        #expect(stored.reply == "done done c-1000001: a heartbeat each 1 min")
        #expect(player.advance(.zero).lines.contains("heartbeat"))
        #expect(!player.advance(.seconds(59)).lines.contains("heartbeat"))
        #expect(player.advance(.seconds(1)).lines.contains("heartbeat"))
        let content = player.home.core.heartbeat(at: player.now, upstream: AgentStatus.Upstream())
        #expect(content.nextDueSeconds == 60)
        var next = try CommandPlayer(restoring: stored.memory, at: player.now)
        #expect(next.home.core.heartbeatPeriod == .minutes(1))
        #expect(next.give(.setHeartbeat(nil)).reply.hasSuffix("a heartbeat each 5 min, as configured"))
    }

    @Test func answersWhatItCannotDo() throws {
        var player = try CommandPlayer()
        #expect(
            player.give(.confirmMeter(signal: "water.volume", wasReplaced: true)).reply.hasPrefix("refused not-here"))
        #expect(player.give(.sendStatus).lines.last == "reply done done c-1000002: the hub's status with status")
        var late = player.make(.sendStatus)
        late.expires = late.given + 1
        _ = player.advance(.minutes(1))
        #expect(player.give(late).reply == "refused expired c-1000003: it expired 59 s ago by this hub's clock")
        #expect(player.home.core.commandsRefused == 2)
    }

    /// Whoever may write to the topic can neither wear out the card nor fill the outbox with refusals.
    @Test func aFloodOfRefusalsMakesFewRecords() throws {
        var player = try CommandPlayer()
        let stamp = player.stamp
        var (records, answers) = (0, 0)
        for _ in 0..<1000 {
            let effects = player.home.core.refused(
                .refused("", .malformed, "no command"), at: player.now, stamp: { stamp })
            records += effects.drafts.count
            answers += effects.lines.count { $0.hasPrefix("reply") }
        }
        #expect(player.home.core.refused(nil, at: player.now, stamp: { stamp }).isEmpty)
        #expect(records == 10)
        #expect(answers == 1000)
        #expect(player.home.core.commandsRefused == 1001)
        let content = player.home.core.heartbeat(at: player.now, upstream: AgentStatus.Upstream())
        #expect(content.commandsRefused == 1001)
    }

    /// No command ends what smoke or panic sounds: only somebody who accepts it, as with an Ack.
    @Test func noModeSilencesACallForHelp() throws {
        for mode in HomeMode.allCases {
            var player = try CommandPlayer()
            _ = player.home.take("panic", 1, at: midnight + .seconds(1))
            let sound = player.home.core.engine.sound
            let effects = player.give(.setMode(mode, lasting: nil))
            #expect(effects.lines.allSatisfy { !$0.hasPrefix("sound") }, "\(mode)")
            #expect(player.home.core.engine.sound == sound)
        }
    }

    // MARK: Offers

    private let offer = Command.Action.offerConfiguration(
        ConfigurationOffer(text: Array("schema = 1".utf8), sha256: "aa", probation: .minutes(10)))

    private var record: OfferRecord {
        OfferRecord(
            command: "c-1000001", by: "Mei", expires: (midnight + .minutes(10)).milliseconds, sha256: "aa", hash: "bb",
            probation: .minutes(10), blindBefore: ["heat"], starts: 1)
    }

    @Test func triesAnOfferOutOnlyWhileNobodyNeedsHelp() throws {
        var player = try CommandPlayer()
        #expect(player.give(offer, offer: .bad("line 3: no")).reply == "refused invalid c-1000001: line 3: no")
        #expect(player.give(offer, offer: .unavailable).reply.hasPrefix("refused not-here"))
        let lines = player.give(offer, offer: .good(hash: "bb")).lines
        #expect(lines.last == "reply begun begun c-1000003: configuration bb is tried out for 10 min")
        #expect(lines.dropLast().last?.hasPrefix("order tryOut(") == true)
        _ = player.home.take("panic", 1, at: midnight + .seconds(1))
        #expect(player.give(offer, offer: .good(hash: "bb")).reply.hasPrefix("refused alert-open"))
    }

    @Test func keepsWhatHasProvenItself() throws {
        var player = try CommandPlayer(standing: .probation(record))
        _ = player.home.core.linkUp(at: player.now)
        _ = player.home.take("water.volume", 5, at: player.now)
        #expect(player.give(offer, offer: .good(hash: "cc")).reply.hasPrefix("refused too-many"))
        #expect(!player.advance(.minutes(9)).lines.contains { $0.hasPrefix("order") })
        _ = player.home.take("water.volume", 5, at: player.now)
        let lines = player.advance(.minutes(1)).lines
        #expect(lines.contains { $0.hasPrefix("order keep(") }, "\(lines)")
        #expect(lines.contains("reply done done c-1000001: configuration bb has proven itself for 10 min and stays"))
        #expect(!player.advance(.minutes(10)).lines.contains { $0.hasPrefix("order") })
    }

    @Test func givesBackWhatReachesNoBroker() throws {
        var player = try CommandPlayer(standing: .probation(record))
        for _ in 0..<9 {
            _ = player.home.take("water.volume", 5, at: player.now)
            #expect(!player.advance(.minutes(1)).lines.contains { $0.hasPrefix("order") })
        }
        _ = player.home.take("water.volume", 5, at: player.now)
        let lines = player.advance(.minutes(1)).lines
        #expect(
            lines.contains { $0.hasPrefix("order giveBack(") && $0.contains("the broker was not reached with it") },
            "\(lines)")
        #expect(!lines.contains { $0.contains("blind with it") }, "\(lines)")
    }

    @Test func givesBackWhatMakesARuleBlind() throws {
        var player = try CommandPlayer(standing: .probation(record))
        _ = player.home.core.linkUp(at: player.now)
        // The water meter never answers.
        let lines = player.advance(.minutes(10)).lines
        #expect(lines.contains { $0.contains("blind with it, and not before: no-water") }, "\(lines)")
    }

    @Test func waitsWithGivingBackUntilAnAlertIsOver() throws {
        var player = try CommandPlayer(standing: .probation(record))
        _ = player.home.take("panic", 1, at: midnight + .seconds(1))
        #expect(!player.advance(.minutes(30)).lines.contains { $0.hasPrefix("order") })
        _ = player.home.take("panic", 0, at: player.now)
        let alert = try #require(player.home.core.engine.openAlerts.first { $0.rule == "panic" }?.id)
        _ = player.give(.acknowledge(alert: alert))
        let lines = player.advance(.minutes(1)).lines
        #expect(lines.contains { $0.hasPrefix("order giveBack(") }, "\(lines)")
    }

    @Test func tellsOnceThatAnOfferWasGivenBack() throws {
        var given = record
        given.why = "the agent ended while it was tried out"
        var player = try CommandPlayer()
        player.home.core.standing = .returned(given)
        let lines = player.advance(.seconds(1)).lines
        #expect(lines.contains("note configuration-returned") && lines.contains("order told"), "\(lines)")
        #expect(!lines.contains { $0.hasPrefix("reply") })
        let reply =
            "reply failed returned c-1000001: returned to the one before: the agent ended while it was tried out"
        #expect(player.home.core.linkUp(at: player.now).lines == [reply])
        #expect(player.home.core.linkUp(at: player.now).isEmpty)
        #expect(player.give(offer, offer: .good(hash: "bb")).reply.hasPrefix("failed returned again c-1000001"))
    }
}
