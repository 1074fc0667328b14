// Mains power and battery: told to whoever looks after hubs, without a whole town calling in one moment.

import Testing

@testable import LocalRules

@Suite("Mains and battery") struct MainsTests {
    private let signals: [SignalModel] = [
        .input("mains", .mains), .input("battery", .battery), .input("smoke", .smoke),
    ]
    /// As the configuration makes them where nobody writes a rule.
    private let rules: [NamedRule] = [
        active("smoke", latched: true),
        active("mains", .technical, holdFor: .minutes(5), clearAfter: .minutes(1), spread: .minutes(10)),
        active("battery", .technical, clearAfter: .minutes(10)),
    ]
    private var hub: HomeModel { home(signals, rules, seed: 7) }

    @Test("A short cut is one event, some minutes after power is back")
    func shortCut() {
        expectTimeline(
            hub,
            """
            2:00  mains off
            3:00  mains on
            3:04  mains off
            4:00  end
            """,
            says: "3:11:09 note mains-restored: mains: mains power was lost for 4 min")
    }

    @Test("A long one is an alert after five to fifteen minutes, and ends some minutes after power is back")
    func longCut() {
        expectTimeline(
            hub,
            """
            2:00  mains off
            3:00  mains on
            5:00  mains off
            6:00  end
            """,
            says: """
                3:08:08 raised mains: mains: mains power is lost (8 min 8 s, limit 5 min)
                5:08:46 cleared mains: mains: mains power is there
                5:08:46 note mains-restored: mains: mains power was lost for 2 h
                """)
    }

    @Test("A flickering grid is one event, not a hundred")
    func flicker() {
        var player = Player(home: hub)
        for second in 0..<Int64(100) {
            player.hear(
                player.engine.observe(
                    Reading(signal: SignalID(0), time: midnight + .seconds(second), value: 1 - second % 2)))
        }
        player.play("0:30 end")
        #expect(player.said.count == 1)
        #expect(player.said[0].hasSuffix("note mains-restored: mains: mains power was lost 50 times, for 50 s in all"))
    }

    @Test("Battery low is told at once; on mains again it ends once it has been well for ten minutes")
    func battery() {
        expectTimeline(
            hub,
            """
            2:00  battery off
            3:00  battery on
            3:30  battery off
            3:31  battery on
            3:32  battery off
            4:00  end
            """,
            says: """
                3:00 raised battery: battery: the battery is nearly empty
                3:42 cleared battery: battery: the battery has enough
                """)
    }

    @Test("Neither delays smoke")
    func smoke() {
        expectTimeline(
            hub,
            """
            2:00     mains off
            3:00     mains on
            3:00:01  smoke on
            """,
            says: """
                sound alarm
                3:00:01 raised smoke: smoke: smoke
                """)
    }

    @Test("The hub itself went off with the power: the cut is told after it is back")
    func hubWentOff() {
        var player = Player(home: hub)
        player.play(
            """
            2:00     mains off
            3:00     mains on
            3:01     restart after 2h
            5:01:01  mains off
            5:01:01  battery off
            5:01:01  smoke off
            5:30     end
            """)
        #expect(
            player.said.map { $0.suffix(54) } == [
                "note mains-restored: mains: mains power was lost for 2 h 1 min".suffix(54)
            ])
    }

    @Test("A restart while an event waits does not lose it")
    func eventSurvives() {
        var player = Player(home: hub)
        player.play(
            """
            3:00     mains on
            3:04     mains off
            3:05     restart after 1m
            3:06:01  mains off
            3:06:01  battery off
            3:06:01  smoke off
            4:00     end
            """)
        #expect(player.said == ["3:11:09 note mains-restored: mains: mains power was lost for 4 min"])
    }

    @Test("Power is lost only while its line says so: not when it cannot be read, nor unread after a restart")
    func isLost() {
        var player = Player(home: hub)
        #expect(!player.engine.isMainsLost)
        player.play("3:00 mains on")
        #expect(player.engine.isMainsLost)
        player.play("3:01 restart after 1s")
        #expect(!player.engine.isMainsLost)
        player.play("3:02 mains on")
        #expect(player.engine.isMainsLost)
        player.play("3:03 mains missing")
        #expect(!player.engine.isMainsLost)
        player.play("3:04 mains off")
        #expect(!player.engine.isMainsLost)
    }

    @Test("A thousand hubs of one town, one power cut: spread over ten minutes, no second has more than ten of them")
    func town() {
        var bySecond: [Int64: Int] = [:]
        for seed in 0..<UInt64(1000) {
            var engine = RuleEngine(home: home(signals, rules, seed: seed), at: midnight)
            _ = engine.observe(Reading(signal: SignalID(0), time: midnight, value: 1))
            for case .alert(.raised, _, let time) in engine.advance(to: midnight + .hours(1)) {
                bySecond[(time - midnight).milliseconds / 1000, default: 0] += 1
            }
        }
        #expect(bySecond.values.reduce(0, +) == 1000)
        #expect(bySecond.keys.allSatisfy { (300..<900).contains($0) })
        #expect(bySecond.values.max() ?? 0 <= 10)
        #expect(bySecond.count > 400)
    }

    @Test("The same home and moment wait the same; another moment, another wait")
    func wait() {
        let spread = Spread(seed: 7, longest: .minutes(10))
        #expect(spread.wait(from: midnight) == spread.wait(from: midnight))
        #expect(Set((0..<Int64(60)).map { spread.wait(from: midnight + .seconds($0)) }).count > 50)
        #expect(Spread.none.wait(from: midnight) == .zero)
    }
}
