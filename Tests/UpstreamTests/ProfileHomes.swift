// A home with one of everything that a profile translates.

import LocalRules

@testable import Upstream

enum ProfileHomes {
    static let noon: Int64 = 1_767_268_800_000  // 2026-01-01 12:00 UTC
    static let stamp = Stamp(
        wallMilliseconds: noon, bootMilliseconds: 5_000_000, bootID: "7b0f3ab4-2d6c-4a39-9f51-6c1f0a3f2a11",
        trust: .synchronised)
    static let signals: [SignalModel] =
        Quantity.allCases.map { ("meter.\($0.rawValue)", SignalModel.Source.meter($0)) }
        .map { SignalModel(name: $0.0, source: $0.1, silentAfter: nil) }
        + InputKind.allCases.map { SignalModel(name: "\($0.rawValue).one", source: .input($0), silentAfter: nil) }
    static let home = ProfileHome(
        topics: HomeTopics(prefix: "homes", home: "zs-zhuyuan-0012"), signals: signals,
        rules: [
            .init(name: "no-water", kind: "low-use", input: nil),
            .init(name: "smoke", kind: "input-active", input: "smoke.one"),
            .init(name: "panic", kind: "input-active", input: "panic.one"),
            .init(name: "leak", kind: "input-active", input: "leak.one"),
            .init(name: "mains", kind: "input-active", input: "mains.one"),
            .init(name: "visits", kind: "visit-overdue", input: nil),
        ],
        heartbeatSeconds: 300, readingsSeconds: 60, agentVersion: "1.0.0", configurationHash: "8a7adb7e1410c491")

    static func alert(_ event: AlertEvent, rule: String = "smoke", at minute: Int64 = 0) throws -> Record {
        let alert = Alert(
            id: "\(rule)/2026-01-01T12:00:00Z", rule: rule, kind: "input-active", severity: .red,
            signals: ["smoke.one"], reasons: ["smoke.one is active", "since 3 s"], state: .raised,
            began: Instant(milliseconds: noon), raised: Instant(milliseconds: noon))
        let time = Instant(milliseconds: noon + minute * 60_000)
        return Record(
            sequence: 1, draft: try WireEncoder(home: home.topics.home).draft(event, alert, at: time, stamp: stamp))
    }

    /// By signal's name: base units, or nil where nothing could be read.
    static func readings(
        _ values: [(String, Int64?)], at minute: Int64 = 0, quality: Reading.Quality = .good
    ) throws -> Record {
        let time = Instant(milliseconds: noon + minute * 60_000)
        let readings = values.compactMap { name, value -> Reading? in
            guard let index = signals.firstIndex(where: { $0.name == name }) else { return nil }
            guard let value else { return .missing(SignalID(index), at: time) }
            return Reading(signal: SignalID(index), time: time, value: value, quality: quality)
        }
        return Record(
            sequence: 2,
            draft: try WireEncoder(home: home.topics.home).draft(readings, of: signals, stamp: stamp))
    }

    static func event() throws -> Record {
        let note = Note(
            time: Instant(milliseconds: noon), code: "counter-reset", signals: ["meter.volume"],
            text: "meter.volume began \"again\"\nat 0")
        return Record(sequence: 3, draft: try WireEncoder(home: home.topics.home).draft(note, stamp: stamp))
    }

    static let heartbeat = HeartbeatContent(
        rules: [
            RuleReport(rule: "smoke", kind: "input-active", verdict: .wrong, reason: "", evaluated: nil),
            RuleReport(rule: "no-water", kind: "low-use", verdict: .cannotTell, reason: "", evaluated: nil),
        ],
        signals: [
            .init(
                report: SignalReport(signal: "meter.volume", value: nil, time: nil, isMissing: true),
                coveragePerMille: nil)
        ],
        now: Instant(milliseconds: noon), oldestUnacceptedMilliseconds: 61_500, depths: [.alarm: 1, .reading: 2],
        configurationHash: "8a7adb7e1410c491", flashBytesWritten: nil, nextDueSeconds: 300, agentVersion: "1.0.0",
        uptimeMilliseconds: 60_000, readingsDropped: 0, eventsDropped: 0)
}

extension Publication {
    var line: String { "\(topic)\(retain ? " (retained)" : "") \(String(decoding: payload, as: UTF8.self))" }
}
