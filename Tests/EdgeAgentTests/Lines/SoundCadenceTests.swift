// Patterns as they sound: one character is 100 ms, # on, . off.

import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct SoundCadenceTests {
    private func drawn(
        _ pattern: SoundPattern, on kind: OutputConfiguration.Kind = .buzzer, hasBuzzer: Bool = true,
        from: Int64 = 0, count: Int
    ) -> String {
        let cadence = SoundCadence(pattern, on: kind, hasBuzzer: hasBuzzer)
        return (0..<count).map { cadence.level(elapsed: from + Int64($0) * 100).isOn ? "#" : "." }.joined()
    }

    private let off = String(repeating: ".", count: 400)

    @Test func alarmIsTheTemporalPatternOfISO8201() {
        let round = "#####.....#####.....#####..............."
        for kind in [OutputConfiguration.Kind.siren, .buzzer, .lamp] {
            #expect(drawn(.alarm, on: kind, count: 80) == round + round)
        }
    }

    /// A relay may be a dialler, or open a door.
    @Test func aTestSoundsLikeTheAlarmAndSwitchesNothing() {
        for kind in [OutputConfiguration.Kind.siren, .buzzer, .lamp] {
            #expect(drawn(.testAlarm, on: kind, count: 30) == "#####.....#####.....#####.....")
        }
        #expect(drawn(.testAlarm, on: .relay, count: 400) == off)
    }

    @Test func notReachedIsTwoSlowPulsesEveryTwelveSeconds() {
        let round = "##########..........##########" + String(repeating: ".", count: 90)
        #expect(drawn(.notReached, count: 240) == round + round)
        #expect(drawn(.notReached, on: .lamp, count: 120) == round)
    }

    @Test func preAlarmIsOneBeepEveryThirtySeconds() {
        #expect(drawn(.preAlarm, count: 300) == "##" + String(repeating: ".", count: 298))
        #expect(drawn(.preAlarm, from: 29_900, count: 4) == ".##.")
    }

    @Test func aSirenIsForAlarmsWhereABuzzerDoesTheRest() {
        #expect(drawn(.preAlarm, on: .siren, hasBuzzer: true, count: 400) == off)
        #expect(drawn(.notReached, on: .siren, hasBuzzer: true, count: 400) == off)
        #expect(drawn(.preAlarm, on: .siren, hasBuzzer: false, count: 5) == "##...")
        #expect(drawn(.notReached, on: .siren, hasBuzzer: false, count: 12) == "##########..")
    }

    @Test func acceptedIsTwoBeepsAndASteadyLamp() {
        #expect(drawn(.accepted, on: .buzzer, count: 400) == "###..###" + String(repeating: ".", count: 392))
        #expect(drawn(.accepted, on: .lamp, count: 400) == String(repeating: "#", count: 400))
        #expect(drawn(.accepted, on: .lamp, from: 3_600_000, count: 1) == "#")
        for hasBuzzer in [true, false] {
            #expect(drawn(.accepted, on: .siren, hasBuzzer: hasBuzzer, count: 400) == off)
        }
    }

    @Test func aRelayIsOnForAsLongAsAnAlarmStands() {
        let on = String(repeating: "#", count: 400)
        #expect(drawn(.alarm, on: .relay, count: 400) == on)
        #expect(drawn(.notReached, on: .relay, count: 400) == on)
        #expect(drawn(.preAlarm, on: .relay, count: 400) == off)
        #expect(drawn(.silent, on: .relay, count: 400) == off)
        #expect(SoundCadence(.alarm, on: .relay, hasBuzzer: true).level(elapsed: 0).holdsFor == nil)
    }

    @Test func locatingIsTwoShortBeepsAndNoAlarm() throws {
        func located(_ kind: OutputConfiguration.Kind, hasGentle: Bool) -> String {
            let cadence = SoundCadence(locatingOn: kind, hasGentle: hasGentle)
            return (0..<80).map { cadence.level(elapsed: $0 * 50).isOn ? "#" : "." }.joined()
        }
        let round = "##...##" + String(repeating: ".", count: 33)
        #expect(located(.buzzer, hasGentle: true) == round + round)
        #expect(located(.lamp, hasGentle: true) == round + round)
        #expect(located(.siren, hasGentle: false) == round + round)
        #expect(!located(.siren, hasGentle: true).contains("#"))
        #expect(!located(.relay, hasGentle: false).contains("#"))
    }

    @Test func silenceHoldsForGood() {
        let level = SoundCadence(.silent, on: .siren, hasBuzzer: false).level(elapsed: 1_000_000)
        #expect(level.isOn == false)
        #expect(level.holdsFor == nil)
        #expect(drawn(.silent, count: 400) == off)
    }

    /// Following `holdsFor` from change to change misses none: what the loop sleeps by.
    @Test(arguments: [SoundPattern.alarm, .notReached, .preAlarm])
    func aLevelHoldsUntilItChanges(_ pattern: SoundPattern) throws {
        let cadence = SoundCadence(pattern, on: .buzzer, hasBuzzer: true)
        var elapsed: Int64 = 0
        while elapsed < 60_000 {
            let (isOn, holdsFor) = cadence.level(elapsed: elapsed)
            let next = elapsed + (try #require(holdsFor))
            #expect(cadence.level(elapsed: next - 1).isOn == isOn)
            #expect(cadence.level(elapsed: next).isOn != isOn)
            elapsed = next
        }
    }
}
