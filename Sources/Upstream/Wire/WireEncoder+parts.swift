// The contract's words for the rules' words, and the longer messages' parts.

import LocalRules

extension WireEncoder {
    /// Readings by signal, in the order in which signals first appear; points as differences, which
    /// protobuf stores in one or two bytes where a value takes five. Differences wrap, as sums of them do.
    static func series(_ readings: [Reading], of signals: [SignalModel]) -> [WireReadings.Series] {
        var order: [SignalID] = []
        var bySignal: [SignalID: [Reading]] = [:]
        for reading in readings where signals.indices.contains(reading.signal.index) {
            if bySignal[reading.signal] == nil { order.append(reading.signal) }
            bySignal[reading.signal, default: []].append(reading)
        }
        return order.map { id in series(bySignal[id] ?? [], of: signals[id.index]) }
    }

    private static func series(_ points: [Reading], of signal: SignalModel) -> WireReadings.Series {
        var series = WireReadings.Series()
        series.signal = signal.name
        switch signal.source {
        case .meter(let quantity): series.quantity = quantity.wire
        case .input: series.quantity = .state
        }
        guard let first = points.first else { return series }
        series.baseUnixMs = first.time.milliseconds
        series.baseValue = first.value
        for (earlier, later) in zip(points, points.dropFirst()) {
            series.timeDeltasMs.append(later.time.milliseconds &- earlier.time.milliseconds)
            series.valueDeltas.append(later.value &- earlier.value)
        }
        if points.contains(where: { $0.quality != .good }) {
            series.qualities = points.map(\.quality.wire)
        }
        return series
    }

    func heartbeatMessage(_ content: HeartbeatContent, stamp: Stamp) -> WireHeartbeat {
        var message = WireHeartbeat()
        message.home = home
        message.bootID = stamp.bootID
        message.bootMs = stamp.bootMilliseconds
        message.wallUnixMs = stamp.wallMilliseconds
        message.clockTrust = stamp.trust.wire
        message.rules = content.rules.map(Self.rule)
        message.signals = content.signals.map { Self.signal($0, now: content.now) }
        if let oldest = content.oldestUnacceptedMilliseconds { message.oldestUnacceptedAlarmMs = oldest }
        message.queues.alarms = Int64(content.depths[.alarm] ?? 0)
        message.queues.events = Int64(content.depths[.event] ?? 0)
        message.queues.readings = Int64(content.depths[.reading] ?? 0)
        message.configurationHash = content.configurationHash
        if let written = content.flashBytesWritten { message.flashBytesWritten = written }
        message.nextDueSeconds = content.nextDueSeconds
        message.agentVersion = content.agentVersion
        message.uptimeMs = content.uptimeMilliseconds
        message.readingsDropped = content.readingsDropped
        message.savingPower = content.isSavingPower
        return message
    }

    private static func rule(_ report: RuleReport) -> WireHeartbeat.Rule {
        var rule = WireHeartbeat.Rule()
        rule.name = report.rule
        rule.kind = report.kind
        switch report.verdict {
        case .fine: rule.verdict = .fine
        case .wrong: rule.verdict = .wrong
        case .cannotTell: rule.verdict = .cannotTell
        }
        rule.reason = report.reason
        if let evaluated = report.evaluated { rule.evaluatedUnixMs = evaluated.milliseconds }
        return rule
    }

    private static func signal(_ entry: HeartbeatContent.Signal, now: Instant) -> WireHeartbeat.Signal {
        var signal = WireHeartbeat.Signal()
        signal.name = entry.report.signal
        if let time = entry.report.time { signal.ageMs = (now - time).milliseconds }
        if let coverage = entry.coveragePerMille { signal.coveragePerMille = Int32(clamping: coverage) }
        signal.missing = entry.report.isMissing
        return signal
    }
}

extension AlertEvent {
    var wire: WireAlert.Event {
        switch self {
        case .preAlarm: .preAlarm
        case .raised: .raised
        case .escalated: .escalated
        case .acknowledged: .acknowledged
        case .cancelled: .cancelled
        case .cleared: .cleared
        }
    }
}

extension Severity {
    var wire: WireAlert.Severity {
        switch self {
        case .red: .red
        case .orange: .orange
        case .yellow: .yellow
        case .technical: .technical
        }
    }
}

extension Quantity {
    var wire: WireReadings.Quantity {
        switch self {
        case .volume: .volume
        case .energy: .energy
        case .power: .power
        case .voltage: .voltage
        case .current: .current
        case .frequency: .frequency
        case .temperature: .temperature
        case .humidity: .humidity
        case .flow: .flow
        }
    }
}

extension Reading.Quality {
    var wire: WireReadings.Quality {
        switch self {
        case .good: .good
        case .stale: .stale
        case .suspect: .suspect
        case .missing: .missing
        }
    }
}

extension ClockTrust {
    var wire: WireHeader.ClockTrust {
        switch self {
        case .none: .none
        case .rtc: .rtc
        case .synchronised: .synchronised
        }
    }
}
