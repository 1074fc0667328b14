// Mains power lost and back, through the home's decisions in virtual time.

import Drivers
import LocalRules
import Logging
import Testing
import Upstream

@testable import EdgeAgent

private let homeOnUPS =
    smallHome + """
        [[input]]
        name = "mains"
        kind = "mains"
        line = "GPIO6"
        active = "high"

        """

@Suite struct PowerTests {
    @Test func metersAreAskedMoreSeldomInTheSameSecondAndNothingIsSentYet() throws {
        var home = try CorePlayer(homeOnUPS)
        _ = home.advance(to: midnight)
        #expect(home.take("mains", 0, at: midnight).isEmpty)
        #expect(home.take("mains", 1, at: midnight + .seconds(10)).lines == ["save power true"])
        #expect(home.core.isSavingPower)
        #expect(home.take("mains", 1, at: midnight + .seconds(20)).isEmpty)
        #expect(home.take("mains", 0, at: midnight + .seconds(30)).lines == ["save power false"])
        #expect(!home.core.isSavingPower)
    }

    @Test func aLineThatCannotBeReadSavesNothing() throws {
        var home = try CorePlayer(homeOnUPS)
        _ = home.take("mains", 1, at: midnight)
        let gone = LineError(
            kind: .notFound, message: "input mains: line GPIO6 is gone", advice: "look at its chip")
        let effects = home.take("mains", .absent(gone), at: midnight + .seconds(5))
        #expect(effects.lines.contains("save power false"))
    }

    @Test func afterARestartTheLineIsReadFirst() throws {
        var home = try CorePlayer(homeOnUPS)
        _ = home.take("mains", 1, at: midnight)
        var again = try CorePlayer(homeOnUPS, restoring: home.core.states, at: midnight + .seconds(60))
        #expect(!again.advance(to: midnight + .seconds(60)).lines.contains("save power true"))
        #expect(again.take("mains", 1, at: midnight + .seconds(61)).lines == ["save power true"])
    }

    @Test func aPressSoundsFirstAlsoWhenPowerGoesInTheSameMoment() throws {
        var home = try CorePlayer(homeOnUPS)
        _ = home.advance(to: midnight)
        let effects = home.core.take(
            ["mains", "panic"].map {
                (
                    Sample(
                        channel: home.channel($0), time: BootTime(nanoseconds: 0), outcome: .value(.integer(1))),
                    midnight + .seconds(1)
                )
            }, stamp: { .test })
        #expect(effects.lines.first == "sound alarm")
        #expect(effects.lines.last == "save power true")
    }

    @Test func anAlertComesLaterAndTheEventWhenPowerIsBack() throws {
        var home = try CorePlayer(homeOnUPS)
        _ = home.take("mains", 1, at: midnight)
        func drafts(_ effects: [HomeEffect]) -> [Draft] {
            effects.drafts.filter { $0.alert?.hasPrefix("mains/") ?? false }
        }
        #expect(drafts(home.advance(to: midnight + .minutes(5) - .milliseconds(1))).isEmpty)
        // No call for help: it is freed by the platform and waits for nobody.
        #expect(drafts(home.advance(to: midnight + .minutes(15))).map(\.lane) == [.event])
        _ = home.take("mains", 0, at: midnight + .minutes(30))
        let back = home.advance(to: midnight + .minutes(41)).lines
        #expect(back.contains("said cleared mains"))
        #expect(back.contains("note mains-restored"))
    }

    /// Polls of 10 s, on battery of 60 s: a reading in each is all that was due.
    @Test func coverageCountsWhatWasDue() throws {
        var home = try CorePlayer(homeOnUPS)
        _ = home.take("mains", 0, at: midnight)
        for second in stride(from: Int64(0), to: 60, by: 10) {
            _ = home.take("water.volume", 1, at: midnight + .seconds(second))
        }
        _ = home.take("mains", 1, at: midnight + .seconds(60))
        for minute in 1..<Int64(5) { _ = home.take("water.volume", 1, at: midnight + .minutes(minute)) }
        let content = home.core.heartbeat(at: midnight + .minutes(5), upstream: AgentStatus.Upstream())
        #expect(content.signals[0].coveragePerMille == 1000)
        #expect(content.isSavingPower)
        #expect(content.nextDueSeconds == 300)
        _ = home.take("mains", 0, at: midnight + .minutes(5))
        #expect(home.core.coverage.perMille(of: 0, at: midnight + .minutes(5) + .seconds(100)) == 500)
    }

    @Test func everyBusIsToldAndStatusSaysIt() throws {
        let configuration = try load(homeOnUPS)
        let hub = Hub(
            home: "h-1", clock: AgentClock(), log: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            observer: nil)
        let buses = [Mailbox<BusMessage>(limit: 8), Mailbox<BusMessage>(limit: 8)]
        let timeline = Timeline(clock: hub.clock, stored: [:], start: midnight)
        let thread = Worker(name: "home") {
            HomeLoop(
                configuration: configuration, restoring: [:], timeline: timeline, followsWallClock: false, hub: hub,
                buses: buses
            ).run()
        }
        let mains = Channel(configuration.home.signals.firstIndex { $0.name == "mains" } ?? -1)
        for isLost in [true, false] {
            let sample = Sample(channel: mains, time: hub.clock.now(), outcome: .value(.integer(isLost ? 1 : 0)))
            hub.take([sample], always: true)
            for bus in buses {
                #expect(
                    reaches {
                        bus.take().contains { if case .savePower(isLost) = $0 { true } else { false } }
                    })
            }
            #expect(reaches { hub.status.current.isSavingPower == isLost })
        }
        hub.home.post(.stop, always: true)
        #expect(thread.join(withinMilliseconds: patienceMilliseconds))
    }
}
