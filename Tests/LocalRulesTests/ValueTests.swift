// beyond, heat-and-still and visit-overdue, row by row of their truth tables.

import Testing

@testable import LocalRules

@Suite("beyond") struct BeyondTests {
    private func cold(holdFor: Span = .minutes(30), silentAfter: Span? = nil) -> HomeModel {
        home(
            [.meter("living", .temperature, silentAfter: silentAfter)],
            [
                rule("cold", .yellow, rises: [Rise(after: .hours(6), severity: .orange)]) {
                    .beyond(
                        signal: $0("living"), limits: ValueLimits(above: 35_000, below: 12_000, hysteresis: 1000),
                        holdFor: holdFor)
                }
            ])
    }

    @Test("Half an hour under 12 °C; over only a degree above; worse after six hours")
    func raised() {
        expectTimeline(
            cold(),
            """
            0:00         living is 15
            1:00..7:30   living is 11.5 every 10m
            7:40         living is 12.5
            7:50         living is 13
            """,
            says: """
                1:30 raised cold: living 11.5 °C for 30 min, limit below 12 °C for 30 min
                7:00 escalated cold: living 11.5 °C for 6 h, limit below 12 °C for 30 min; was yellow
                7:50 cleared cold: living 13 °C, limit below 12 °C and above 35 °C
                """)
    }

    @Test("One cold reading, and nobody looks again: nothing is said by the clock")
    func once() {
        expectTimeline(cold(), "1:00 living is 11.5\n9:00 end", says: "")
    }

    @Test("Cold before a gap and after it: cold throughout. Unknown in between")
    func gap() {
        expectTimeline(
            cold(silentAfter: .minutes(20)),
            """
            0:10  living is 15
            0:30  living is 15
            0:45  living is 15
            1:00  living is 11.5
            2:00  living is 11
            """,
            says: """
                1:20 raised silent-sensor: living: no reading for 20 min
                2:00 raised cold: living 11 °C for 1 h, limit below 12 °C for 30 min
                2:00 cleared silent-sensor: living: readings again
                """)
    }

    @Test("Exactly the limit is not beyond it; from one side to the other begins anew")
    func sides() {
        expectTimeline(
            cold(holdFor: .zero),
            """
            1:00  living is 12
            2:00  living is 35.001
            3:00  living is 35
            4:00  living is 34
            """,
            says: """
                2:00 raised cold: living 35.001 °C, limit above 35 °C
                4:00 cleared cold: living 34 °C, limit below 12 °C and above 35 °C
                """)
    }
}

@Suite("heat-and-still") struct HeatAndStillTests {
    private func heat(warnFor: Span = .zero) -> HomeModel {
        home(
            [
                .meter("living", .temperature, silentAfter: .hours(1)),
                .meter("outside", .temperature, silentAfter: .hours(6)), .input("motion", .motion),
                .input("door", .door),
            ],
            [
                rule("heat", warnFor: warnFor) {
                    .heatAndStill(
                        temperatures: [$0("living"), $0("outside")], activity: [$0("motion"), $0("door")],
                        terms: HeatTerms(
                            above: 35_000, hysteresis: 1000, hotFor: .minutes(10), stillFor: .hours(8)))
                }
            ])
    }

    @Test("35 °C outside and eight hours without movement or leaving: warned, then raised; movement ends it")
    func raised() {
        expectTimeline(
            heat(warnFor: .minutes(10)),
            """
            0:00..20:00  living   is 30 every 30m
            4:00..20:00  outside  is 35 every 2h
            6:00         door     off
            6:00         motion   on
            6:01         motion   off
            15:00        door     on
            """,
            says: """
                sound pre-alarm
                13:50 pre-alarm heat: outside 35 °C, limit 35 °C; no sign of life for 7 h 50 min (last: motion), limit 8 h
                sound silent
                14:00 raised heat: outside 35 °C, limit 35 °C; no sign of life for 8 h (last: motion), limit 8 h
                15:00 cleared heat: outside 35 °C, limit 35 °C; no sign of life for 0 s (last: door), limit 8 h
                """)
    }

    @Test("Still since the evening when the heat comes: ten minutes later, not eight hours")
    func heatComes() {
        expectTimeline(
            heat(),
            """
            0:00..9:00   living  is 30 every 30m
            0:30         motion  on
            0:31         motion  off
            9:30..10:00  living  is 36 every 30m
            """,
            says: """
                6:00 raised silent-sensor: outside: no reading for 6 h
                9:40 raised heat: living 36 °C, limit 35 °C; no sign of life for 9 h 10 min (last: motion), limit 8 h; outside: no reading for 9 h 40 min
                """)
    }

    @Test("It is hot until it is a degree cooler")
    func hysteresis() {
        var player = Player(home: heat())
        player.play(
            """
            0:30         motion  on
            0:31         motion  off
            0:00..8:00   living  is 36 every 30m
            8:15         living  is 34.5
            8:30         end
            """)
        #expect(player.engine.openAlerts.map(\.rule).contains("heat"))
        player.play("8:45 living is 34")
        #expect(!player.engine.openAlerts.map(\.rule).contains("heat"))
    }

    @Test("No temperature is known: cannot tell, and an hour later the rule is called blind although it sees movement")
    func blind() {
        var player = Player(home: heat())
        player.play(
            """
            0:00  living  is 30
            0:10  outside is 30
            7:30  motion  on
            7:31  end
            """)
        #expect(player.engine.ruleReports()[0].verdict == .cannotTell)
        #expect(
            player.said.contains(
                "7:10 raised heat.blind: heat cannot tell: living: no reading for 7 h 10 min, outside: no reading for 7 h"
            ))
    }
}

@Suite("visit-overdue") struct VisitTests {
    private let watched = home(
        [.input("visit", .visit)],
        [
            rule("visit-overdue", .yellow, rises: [Rise(after: .days(10), severity: .orange)]) {
                .visitOverdue(signal: $0("visit"), every: .days(7))
            }
        ])

    @Test("A week without a visit; worse after ten days; the visitor's button ends it")
    func button() {
        expectTimeline(
            watched,
            """
            9:00    visit on
            9:00    visit off
            300:00  visit on
            """,
            says: """
                177:00 raised visit-overdue: last visit 7 d ago (visit), limit 7 d
                249:00 escalated visit-overdue: last visit 10 d ago (visit), limit 7 d; was yellow
                300:00 cleared visit-overdue: visit: visit
                """)
    }

    @Test("A visit that was told from outside counts as well, and is recorded")
    func told() {
        var player = Player(home: watched)
        player.play("100:00 end")
        player.hear(player.engine.recordVisit(by: "Li, street committee", at: instant("100:00")))
        player.play("269:00 end")
        #expect(
            player.said == [
                "100:00 note visit-recorded: visit recorded: Li, street committee",
                "268:00 raised visit-overdue: last visit 7 d ago (Li, street committee), limit 7 d",
            ])
    }

    @Test("Without a button: only what is told counts, and nothing is blind")
    func withoutInput() {
        expectTimeline(
            home([], [rule("visit-overdue", .yellow) { _ in .visitOverdue(signal: nil, every: .days(7)) }]),
            "200:00 end", says: "168:00 raised visit-overdue: no visit for 7 d (none since the start), limit 7 d")
    }

    @Test("A broken button may have been pressed in vain: cannot tell")
    func broken() {
        var player = Player(home: watched)
        player.play("9:00 visit on\n9:01 visit off\n100:00 visit missing\n200:00 end")
        #expect(player.engine.ruleReports()[0].verdict == .cannotTell)
        #expect(!player.said.contains { $0.contains("raised visit-overdue:") })
    }

    @Test("The clock is set by a month: no visit is overdue by that")
    func clock() {
        expectTimeline(watched, "9:00 visit on\n10:00 clock +720h\n100:00 end", says: "")
    }
}
