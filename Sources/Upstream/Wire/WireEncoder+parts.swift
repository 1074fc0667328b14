// The contract's words for the rules' words, and the heartbeat's parts.

import LocalRules

extension WireEncoder {
    func heartbeatMessage(_ content: HeartbeatContent, number: UInt32, stamp: Stamp) -> WireHeartbeat {
        var message = WireHeartbeat()
        message.home = home
        message.bootID = stamp.bootID
        state(content, stamp: stamp, in: &message)
        message.number = number
        message.rules = content.rules.map(Self.rule)
        message.signals = content.signals.map { Self.signal($0, now: content.now) }
        message.configurationHash = content.configurationHash
        if let written = content.flashBytesWritten { message.flashBytesWritten = written }
        mode(content, in: &message)
        message.agentVersion = content.agentVersion
        message.uptimeMs = content.uptimeMilliseconds
        return message
    }

    /// What every heartbeat says.
    func state(_ content: HeartbeatContent, stamp: Stamp, in message: inout WireHeartbeat) {
        message.bootMs = stamp.bootMilliseconds
        message.wallUnixMs = stamp.wallMilliseconds
        message.clockTrust = stamp.trust.wire
        if let oldest = content.oldestUnacceptedMilliseconds { message.oldestUnacceptedAlarmMs = oldest }
        message.queues.alarms = Int64(content.depths[.alarm] ?? 0)
        message.queues.events = Int64(content.depths[.event] ?? 0)
        message.queues.readings = Int64(content.depths[.reading] ?? 0)
        message.nextDueSeconds = content.nextDueSeconds
        message.readingsDropped = content.readingsDropped
        message.eventsDropped = content.eventsDropped
        message.savingPower = content.isSavingPower
        message.sentByFallback = content.sentByFallback
    }

    func mode(_ content: HeartbeatContent, in message: inout WireHeartbeat) {
        message.mode =
            switch content.mode {
            case .home: .home
            case .away: .away
            case .maintenance: .maintenance
            }
        if let until = content.modeUntil { message.modeUntilUnixMs = until.milliseconds }
    }

    private static func rule(_ report: RuleReport) -> WireHeartbeat.Rule {
        var rule = WireHeartbeat.Rule()
        rule.name = report.rule
        rule.kind = report.kind
        rule.verdict = verdict(report.verdict)
        rule.reason = report.reason
        if let evaluated = report.evaluated { rule.evaluatedUnixMs = evaluated.milliseconds }
        return rule
    }

    static func verdict(_ verdict: Verdict) -> WireHeartbeat.Verdict {
        switch verdict {
        case .fine: .fine
        case .wrong: .wrong
        case .cannotTell: .cannotTell
        }
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
