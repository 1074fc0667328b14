// Small homes for the timelines: signals by name, rules over names.

import Foundation
import Testing

@testable import LocalRules

/// A rule that still has to learn where its signals are.
typealias NamedRule = ((String) -> SignalID) -> RuleModel

/// Without escalation unless a test is about it.
func home(
    _ signals: [SignalModel], _ rules: [NamedRule], escalation: [EscalationStep] = [], zone: ZoneTable = .utc,
    quiet: DailyHours? = nil, hasSounder: Bool = true, seed: UInt64 = 0
) -> HomeModel {
    let find: (String) -> SignalID = { name in SignalID(signals.firstIndex { $0.name == name }!) }
    return HomeModel(
        signals: signals, rules: rules.map { $0(find) }, escalation: escalation, zone: zone, quiet: quiet,
        hasSounder: hasSounder, seed: seed)
}

extension SignalModel {
    static func water(silentAfter: Span? = nil, step: Int64? = nil) -> SignalModel {
        SignalModel(name: "water.volume", source: .meter(.volume), silentAfter: silentAfter, step: step)
    }
    static func meter(_ name: String, _ quantity: Quantity, silentAfter: Span? = nil) -> SignalModel {
        SignalModel(name: name, source: .meter(quantity), silentAfter: silentAfter)
    }
    static func power(silentAfter: Span? = nil) -> SignalModel {
        SignalModel(name: "power.energy", source: .meter(.energy), silentAfter: silentAfter)
    }
    static func input(_ name: String, _ kind: InputKind, silentAfter: Span? = nil) -> SignalModel {
        SignalModel(name: name, source: .input(kind), silentAfter: silentAfter)
    }
}

func lowUse(
    _ name: String = "no-water", of signal: String = "water.volume", window: Span = .hours(12), below: Int64 = 10_000,
    warnFor: Span = .zero, clearAfter: Span = .zero
) -> NamedRule {
    { find in
        RuleModel(
            name: name, kind: .lowUse(signal: find(signal), window: window, below: below), severity: .orange,
            warnFor: warnFor, clearAfter: clearAfter)
    }
}

func noActivity(
    _ name: String = "nobody-moves", of signals: [String] = ["motion"], silentFor: Span = .hours(12),
    warnFor: Span = .zero, clearAfter: Span = .zero
) -> NamedRule {
    silent(.lasting(silentFor), called: name, of: signals, warnFor: warnFor, clearAfter: clearAfter)
}

func silent(
    _ silence: Silence, _ severity: Severity = .orange, called name: String = "nobody-moves",
    of signals: [String] = ["motion"], warnFor: Span = .zero, clearAfter: Span = .zero, rises: [Rise] = []
) -> NamedRule {
    { find in
        RuleModel(
            name: name, kind: .noActivity(signals: signals.map(find), silence: silence), severity: severity,
            warnFor: warnFor, clearAfter: clearAfter, rises: rises)
    }
}

func rule(
    _ name: String, _ severity: Severity = .orange, warnFor: Span = .zero, clearAfter: Span = .zero,
    rises: [Rise] = [], _ kind: @escaping ((String) -> SignalID) -> RuleModel.Kind
) -> NamedRule {
    { find in
        RuleModel(
            name: name, kind: kind(find), severity: severity, warnFor: warnFor, clearAfter: clearAfter, rises: rises)
    }
}

/// "07:00-10:00", on weekdays such as "mon tue".
func hours(_ text: String, _ days: String = "sun mon tue wed thu fri sat") -> DailyHours {
    let minutes = text.split(whereSeparator: { $0 == ":" || $0 == "-" }).map { Int($0)! }
    let weekdays = days.split(separator: " ").map { day in
        Weekdays(day: Weekdays.names.firstIndex { $0 == day }!)
    }
    return DailyHours(
        from: minutes[0] * 60 + minutes[1], until: minutes[2] * 60 + minutes[3], weekdays: Weekdays(weekdays))
}

func active(
    _ name: String, _ severity: Severity = .red, holdFor: Span = .zero, request: String? = nil,
    warnFor: Span = .zero, clearAfter: Span = .zero, latched: Bool = false, spread: Span = .zero
) -> NamedRule {
    { find in
        RuleModel(
            name: name, kind: .inputActive(signal: find(name), holdFor: holdFor, request: request), severity: severity,
            warnFor: warnFor, clearAfter: clearAfter, latched: latched, spread: spread)
    }
}

func notReturned(_ name: String = "not-returned", of signals: [String] = ["door.front"], after: Span = .hours(16))
    -> NamedRule
{
    { find in
        RuleModel(name: name, kind: .notReturned(signals: signals.map(find), after: after), severity: .yellow)
    }
}

func activeWhileAway(of signals: [String] = ["motion"]) -> NamedRule {
    { find in
        RuleModel(
            name: "active-while-away", kind: .activeWhileAway(signals: signals.map(find)), severity: .yellow,
            latched: true)
    }
}

/// What the disk does to a snapshot. Sorted keys, as the agent writes it.
func encodedAndDecoded(_ snapshot: EngineSnapshot) -> EngineSnapshot {
    do {
        return try JSONDecoder().decode(EngineSnapshot.self, from: encoded(snapshot))
    } catch {
        Issue.record("a snapshot did not survive the disk: \(error)")
        return EngineSnapshot()
    }
}

func encoded(_ snapshot: EngineSnapshot) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return try encoder.encode(snapshot)
}

/// A number from outside, for the long forms of tests.
func setting(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
