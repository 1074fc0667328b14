// What survives a restart, under the same configuration and under a changed one.

import Foundation
import Testing

@testable import LocalRules

@Suite("Restart") struct RestartTests {
    @Test("The water window survives four hours without power: raised at hour 32 all the same")
    func windowSurvives() {
        expectTimeline(
            home([.water(silentAfter: .hours(3))], [lowUse()]),
            """
            0:00..20:00   water.volume +12 L every 1h
            21:00..24:00  water.volume +0 L every 1h
            24:00         restart after 4h
            29:00..33:00  water.volume +0 L every 1h
            """,
            says: "32:00 raised no-water: 0 m3 in 12 h, limit 0.01 m3")
    }

    @Test("Water used while the agent was gone shows in the register: nothing is raised")
    func useWhileGone() {
        expectTimeline(
            home([.water(silentAfter: .hours(3))], [lowUse(), noActivity(of: ["water.volume"])]),
            """
            0:00..20:00   water.volume +12 L every 1h
            21:00..30:00  water.volume +0 L every 1h
            30:00         restart after 4h
            34:00:30      water.volume +15 L
            """,
            says: "")
    }

    @Test("Silence goes on through a restart; judged only when the sensors have been heard again")
    func silenceSurvives() {
        expectTimeline(
            home(
                [.input("motion", .motion), .water(silentAfter: .minutes(5))],
                [noActivity(of: ["motion", "water.volume"])]),
            """
            0:00..7:00  water.volume +0 L every 4m
            7:04        water.volume +5 L
            7:08        water.volume +0 L
            7:09        restart after 12h
            19:09:01    motion off
            19:09:10    water.volume +0 L
            """,
            says: "19:09:10 raised nobody-moves: no sign of life for 12 h 5 min (last: water.volume), limit 12 h")
    }

    @Test("A warning that was sounding goes on under the same id, and sounds again")
    func warningSurvives() {
        let watched = home([.input("motion", .motion)], [noActivity(warnFor: .minutes(10))])
        expectTimeline(
            watched,
            """
            11:52     restart after 1m
            11:53:01  motion off
            12:00     end
            """,
            says: """
                sound pre-alarm
                11:50 pre-alarm nobody-moves: no sign of life for 11 h 50 min (none since the start), limit 12 h
                sound pre-alarm
                sound silent
                12:00 raised nobody-moves: no sign of life for 12 h (none since the start), limit 12 h
                """)
    }

    @Test("A line that does not come back within 30 seconds is missing")
    func lineDoesNotComeBack() {
        expectTimeline(
            home([.input("panic", .panic)], [active("panic")]),
            """
            1:00  panic off
            2:00  restart after 1m
            3:00  end
            """,
            says: """
                2:02 raised silent-sensor: panic: no reading for 30 s
                2:02 raised panic.blind: panic cannot tell: panic: no reading for 30 s
                """)
    }

    @Test(
        "Still pressed after the restart: the same alert. Pressed while it was gone: a new one",
        arguments: [true, false])
    func panicAcross(wasPressed: Bool) {
        expectTimeline(
            home([.input("panic", .panic)], [active("panic", latched: true)]),
            """
            1:00     panic \(wasPressed ? "on" : "off")
            2:00     restart after 1m
            2:01:01  panic on
            """,
            says: wasPressed
                ? """
                sound alarm
                1:00 raised panic: panic: help asked for
                sound alarm
                """
                : """
                sound alarm
                2:01:01 raised panic: panic: help asked for
                """)
    }

    @Test("An escalation that fell into the gap is taken at the start")
    func escalationInTheGap() {
        expectTimeline(
            home([.input("panic", .panic)], [active("panic", latched: true)], escalation: EscalationStep.standard),
            """
            1:00     panic on
            1:00:01  panic off
            1:01     restart after 5m
            """,
            says: """
                sound alarm
                1:00 raised panic: panic: help asked for
                sound alarm
                sound not-reached
                1:06 escalated panic: nobody accepted it for 6 min; panic: help asked for
                """)
    }

    @Test("A line that was lost shortly before: the alert that fell into the gap is raised at the start")
    func lostBeforeTheGap() {
        expectTimeline(
            home([.input("motion", .motion)], []),
            """
            1:00     motion missing
            1:00:10  restart after 5m
            """,
            says: "1:05:10 raised silent-sensor: motion: no reading for 5 min 10 s")
    }

    @Test("An accepted alert stays accepted and is quiet")
    func acceptedSurvives() {
        var player = Player(home: home([.input("panic", .panic)], [active("panic", latched: true)]))
        player.play(
            """
            1:00  panic on
            1:01  accept panic
            1:02  restart after 5m
            """)
        #expect(player.engine.openAlerts.map(\.state) == [.acknowledged])
        #expect(player.said.last == "1:01 acknowledged panic: accepted by Li after 1 min")
    }

    @Test("A changed limit: the rule starts afresh and its open alert is cleared, with the reason")
    func changedRule() {
        let signals = [SignalModel.water(), .input("panic", .panic)]
        var player = Player(home: home(signals, [lowUse(), active("panic", latched: true)]))
        player.play(
            """
            0:00..12:00  water.volume +0 L every 1h
            12:30        panic on
            """)
        var engine = RuleEngine(
            home: home(signals, [active("panic", latched: true), lowUse(below: 8000)]),
            restoring: encodedAndDecoded(player.engine.snapshot), at: instant("12:30"))
        #expect(engine.openAlerts.map(\.rule) == ["panic", "no-water"])
        #expect(
            engine.advance(to: instant("12:30")).map(line)
                == ["sound alarm", "12:30 cleared no-water: rule changed in configuration"])
        #expect(engine.openAlerts.map(\.rule) == ["panic"])
        #expect(engine.advance(to: instant("12:31")) == [])
    }

    @Test("A rule that starts afresh gives no id of its past again")
    func identitiesOutliveRules() {
        let signals = [SignalModel.input("panic", .panic)]
        var player = Player(home: home(signals, [active("panic", holdFor: .minutes(1))]))
        player.play(
            """
            0:59  panic on
            1:00  end
            """)
        #expect(player.engine.openAlerts.map(\.id) == ["panic/2026-01-01T01:00:00Z"])
        var engine = RuleEngine(
            home: home(signals, [active("panic")]), restoring: player.engine.snapshot, at: instant("1:00"))
        _ = engine.observe(Reading(signal: SignalID(0), time: instant("1:00"), value: 1))
        #expect(engine.openAlerts.map(\.id) == ["panic/2026-01-01T01:00:00.001Z"])
    }

    @Test("A rule that is gone and a signal that is gone: their alerts end, a warning is taken back")
    func removedRule() {
        let signals = [SignalModel.input("motion", .motion), .water(silentAfter: .hours(3))]
        var player = Player(home: home(signals, [noActivity(warnFor: .minutes(10))]))
        player.play("11:55 end")
        var engine = RuleEngine(
            home: home([.input("motion", .motion)], []), restoring: player.engine.snapshot, at: instant("11:55"))
        #expect(
            engine.advance(to: instant("11:55")).map(line) == [
                "11:55 cleared silent-sensor: rule changed in configuration",
                "11:55 cancelled nobody-moves: rule changed in configuration",
            ])
    }

    @Test("Only the severity or the order changed: nothing is forgotten")
    func sameParameters() {
        let signals = [SignalModel.water(), .power()]
        var player = Player(home: home(signals, [lowUse()]))
        player.play("0:00..8:00 water.volume +0 L every 1h")
        var engine = RuleEngine(
            home: home(signals.reversed(), [lowUse(clearAfter: .hours(1))]), restoring: player.engine.snapshot,
            at: instant("8:00"))
        let said = engine.observe(Reading(signal: SignalID(1), time: instant("12:00"), value: 5_000_000))
        #expect(said.map(line) == ["12:00 raised no-water: 0 m3 in 12 h, limit 0.01 m3"])
    }

    @Test("A snapshot of an unknown version is a fresh start")
    func unknownVersion() {
        var player = Player(home: home([.input("panic", .panic)], [active("panic", latched: true)]))
        player.play("1:00 panic on")
        var snapshot = player.engine.snapshot
        snapshot.version = 99
        let engine = RuleEngine(home: player.engine.home, restoring: snapshot, at: instant("1:00"))
        #expect(engine.openAlerts == [])
    }

    @Test("A snapshot from before there were answers and confirmations is understood")
    func before() throws {
        let written = #"""
            {"identities":{},"orphans":[],"rules":[{"blindness":{"escalated":0},"life":{"escalated":0},
            "memory":{"lowUse":{"runs":[1767225600000,1767232800000,5000000]}},"name":"no-water",
            "parameters":"low-use water.volume window 43200000 below 10000"},{"blindness":{"escalated":0},
            "life":{"alert":{"began":1767229200000,"id":"panic\/2026-01-01T01:00:00Z","kind":"input-active",
            "raised":1767229200000,"reasons":["panic: help asked for"],"rule":"panic","severity":"red",
            "signals":["panic"],"state":"raised"},"cause":1767229200000,"escalated":0,"lastIdentity":1767229200000},
            "memory":{"inputActive":{"activeSince":1767229200000,"wasRead":true}},"name":"panic",
            "parameters":"input-active panic for 0"}],"signals":[{"heardAt":1767232800000,"isAwaited":false,
            "name":"water.volume","newest":1767232800000,"sensor":{"escalated":0},"source":"volume","value":5000000,
            "valueTime":1767232800000},{"heardAt":1767229200000,"isAwaited":false,"name":"panic","newest":1767229200000,
            "sensor":{"escalated":0},"source":"panic","value":1,"valueTime":1767229200000}],"time":1767232800000,
            "version":1}
            """#
        let home = home([.water(), .input("panic", .panic)], [lowUse(), active("panic", latched: true)])
        let snapshot = try JSONDecoder().decode(EngineSnapshot.self, from: Data(written.utf8))
        var engine = RuleEngine(home: home, restoring: snapshot, at: instant("2:00"))
        #expect(engine.openAlerts.map(\.id) == ["panic/2026-01-01T01:00:00Z"])
        #expect(engine.sound == .alarm)
        _ = engine.observe(Reading(signal: SignalID(1), time: instant("2:00"), value: 0))
        let said = engine.observe(Reading(signal: SignalID(0), time: instant("12:00"), value: 5_000_000))
        #expect(said.map(line).last == "12:00 raised no-water: 0 m3 in 12 h, limit 0.01 m3")
    }

    @Test("The same state gives the same bytes, and an ordinary home's are few")
    func bytes() throws {
        var player = Player(
            home: home(
                [.water(silentAfter: .hours(3)), .input("motion", .motion), .input("panic", .panic)],
                [lowUse(), noActivity(of: ["motion", "water.volume"]), active("panic", latched: true)]))
        player.play("0:00..48:00 water.volume +0.5 L every 10m")
        let bytes = try encoded(player.engine.snapshot)
        #expect(try encoded(player.engine.snapshot) == bytes)
        #expect(try encoded(encodedAndDecoded(player.engine.snapshot)) == bytes)
        #expect(bytes.count < 4608)
    }
}
