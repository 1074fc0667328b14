// The wall clock: can it be, and who vouches for it.

import Glibc
import LocalRules

struct ClockFacts: Hashable, Sendable {
    var wallMilliseconds: Int64
    var trust: ClockTrust
    /// Whether the system knows a time zone by its name.
    var hasZones: Bool

    /// No board that runs this shows an earlier time: 2025-01-01.
    private static let earliest: Int64 = 1_735_689_600_000

    static func now() -> ClockFacts {
        ClockFacts(
            wallMilliseconds: AgentClock.wallMilliseconds(), trust: WallClock.trust(),
            hasZones: access(HomeInterpreter.zoneFolder, F_OK) == 0)
    }

    var isPossible: Bool { wallMilliseconds >= ClockFacts.earliest }

    /// - Parameter timezone: the home's; nil: there is no configuration.
    func judge(timezone: String?) -> [CheckResult] {
        let name = "clock.time"
        let text = Instant(milliseconds: wallMilliseconds).iso8601
        var results: [CheckResult] = []
        if !isPossible {
            results.append(
                .fail(
                    name, text, Message(HubPhrase.clockImpossible, text),
                    advice: Message(HubPhrase.clockImpossibleAdvice)))
        } else {
            switch trust {
            case .synchronised: results.append(.pass(name, text, Message(HubPhrase.clockSynchronised)))
            case .rtc: results.append(.pass(name, text, Message(HubPhrase.clockOfBattery)))
            case .none:
                results.append(
                    .fail(
                        name, text, Message(HubPhrase.clockUntrusted), advice: Message(HubPhrase.clockUntrustedAdvice)))
            }
        }
        if let timezone, !hasZones {
            results.append(
                .fail(
                    "clock.zone", Message(HubPhrase.clockZoneMissing, timezone),
                    advice: Message(HubPhrase.clockZoneMissingAdvice)))
        }
        return results
    }
}
