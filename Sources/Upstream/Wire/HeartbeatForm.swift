// Which heartbeats are spelled out. The others are brief: they name the last one that was, and say in a few bytes
// what changed since (contract: Heartbeat.Brief). A heartbeat every five minutes would else cost more than all readings.

import LocalRules

package struct HeartbeatForm: Sendable {
    /// What a brief heartbeat cannot say.
    private struct Words: Hashable, Sendable {
        struct Rule: Hashable, Sendable {
            // Not its verdict: that is in the brief form, too, and why it changed is said by the alert.
            var name: String
            var isEvaluated: Bool
        }
        struct Signal: Hashable, Sendable {
            var name: String
            var isMissing: Bool
            var isKnown: Bool
            var hasCoverage: Bool
        }
        var rules: [Rule]
        var signals: [Signal]

        init(_ content: HeartbeatContent) {
            rules = content.rules.map { Rule(name: $0.rule, isEvaluated: $0.evaluated != nil) }
            signals = content.signals.map { signal in
                Signal(
                    name: signal.report.signal, isMissing: signal.report.isMissing,
                    isKnown: signal.report.time != nil, hasCoverage: signal.coveragePerMille != nil)
            }
        }
    }

    private var words: Words?
    private var number: UInt32 = 0
    private var spelledOutAt: Int64 = 0

    package init() {}

    /// The connection is new: whoever listens may know nothing.
    package mutating func linkUp() { words = nil }

    enum Choice {
        case spelledOut(number: UInt32)
        case brief(number: UInt32)
    }

    /// `now` in boot milliseconds.
    mutating func choose(_ content: HeartbeatContent, at now: Int64) -> Choice {
        let news = Words(content)
        if news == words, now - spelledOutAt < UpstreamLimits.spelledOutMilliseconds { return .brief(number: number) }
        words = news
        spelledOutAt = now
        number = UInt32.random(in: 1..<1 << 21)  // three bytes as a varint
        return .spelledOut(number: number)
    }
}

extension WireEncoder {
    /// What a heartbeat says between two that are spelled out.
    func briefHeartbeat(_ content: HeartbeatContent, number: UInt32, stamp: Stamp) -> WireHeartbeat {
        var message = WireHeartbeat()
        state(content, stamp: stamp, in: &message)
        if stamp.trust == .synchronised { message.bootMs = 0 }
        if content.mode != .home { mode(content, in: &message) }
        message.brief.number = number
        message.brief.verdicts = content.rules.map { Self.verdict($0.verdict) }
        message.brief.evaluatedAgesS = content.rules.map { Self.age($0.evaluated, now: content.now) }
        message.brief.agesS = content.signals.map { Self.age($0.report.time, now: content.now) }
        let coverages = content.signals.map(\.coveragePerMille)
        if coverages.contains(where: { $0 != nil && $0 != 1000 }) {
            message.brief.coveragesPercent = coverages.map { UInt32(clamping: ($0 ?? 0) / 10) }
        }
        return message
    }

    private static func age(_ time: Instant?, now: Instant) -> UInt32 {
        time.map { UInt32(clamping: (now - $0).milliseconds / 1000) } ?? 0
    }
}
