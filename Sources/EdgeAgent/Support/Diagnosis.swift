// The most likely faults: what the daemon says of itself, judged, and all that was found, ranked. Pure.

import Drivers
import LocalRules

/// Ranks results by how grave a fault is for whoever lives there and by how sure it is that it is one.
enum Diagnosis {
    /// A technician reads no more, and the first ones explain the rest.
    static let mostFindings = 10

    /// grave: 4 nobody is helped, 3 an alarm may be missed, 2 a part is not guarded, 1 it will become a fault.
    /// sure: 3 measured, 2 likely, 1 a hint. By the reason's code; what stands nowhere is 2 and 2.
    static let weights: [String: (grave: Int, sure: Int)] = [
        "nobodyAnswers": (4, 3), "serviceDown": (4, 3), "serviceMissing": (4, 2), "daemonMute": (4, 2),
        "daemonDenied": (1, 3), "safeMode": (4, 3), "crashesOften": (3, 3), "lastEndCrashed": (2, 2),
        "lastEndPower": (1, 2),
        "configurationUnreadable": (4, 2), "configurationWrong": (4, 3), "configurationEmpty": (4, 3),
        "configurationOld": (3, 3), "versionOld": (2, 3),
        "clockImpossible": (4, 3), "clockUntrusted": (2, 3), "clockZoneMissing": (2, 3),
        "storageFull": (4, 3), "storageFailed": (4, 2), "storageRefused": (3, 2), "storageSlow": (2, 3),
        "diskErrors": (3, 3), "spaceLow": (2, 3), "memoryShort": (2, 2),
        "powerLow": (3, 3), "powerWasLow": (2, 2), "heatHigh": (2, 3), "networkAway": (4, 3),
        "portMissing": (3, 3), "portDenied": (3, 3), "portBusy": (3, 3), "portBusyUnknown": (3, 3),
        "portFailed": (3, 2), "gatewayFailed": (3, 3), "portNoisy": (2, 2),
        "meterSilentNow": (3, 2), "meterOften": (2, 2), "signalsMissing": (2, 3), "rulesBlind": (3, 2),
        "lineBusy": (3, 3), "lineNotFound": (3, 3), "lineDenied": (3, 3), "lineChatters": (3, 2),
        "lineActiveAtRest": (3, 2), "lineLoses": (1, 2),
        "brokerNone": (3, 3), "nameUnknown": (3, 3), "brokerDeaf": (3, 3), "brokerUntrusted": (3, 3),
        "brokerRefuses": (3, 3), "brokerFails": (3, 2),
        "alarmUnaccepted": (3, 2), "backlog": (2, 2), "serviceNotEnabled": (3, 3), "watchdogOff": (2, 3),
        "serviceRestarts": (2, 2), "resting": (1, 3), "meterAsked": (2, 3), "otherFault": (2, 2),
        "mainsLost": (2, 3), "batteryLow": (2, 3),
    ]

    /// The worst first; of equal ones, the one that was looked at first. What could not be tested here is no finding
    /// unless it has a weight of its own.
    static func ranked(_ results: [CheckResult]) -> [CheckResult] {
        let found = results.filter { $0.verdict == .fail || $0.verdict == .untested && weights[$0.reason.code] != nil }
        return found.enumerated()
            .map { (weight: weight($0.element), order: $0.offset, result: $0.element) }
            .sorted { ($1.weight, $0.order) < ($0.weight, $1.order) }
            .prefix(mostFindings).map(\.result)
    }

    static func weight(_ result: CheckResult) -> Int {
        let weight = weights[result.reason.code] ?? (2, 2)
        // A clock that is wrong makes good certificates look expired: mend the clock.
        let isSecondary = result.advice?.code == HubPhrase.brokerClockAdvice.rawValue
        return isSecondary ? 1 : weight.grave * weight.sure
    }
}

/// What a daemon's status says that is not as it should be.
struct StatusDiagnosis {
    /// A meter that fails more often than this, of a hundred, is worth a look at its wires.
    private static let failuresOfAHundred = 5
    private static let leastAnswers = 20
    private static let longestUnaccepted = Span.minutes(3)
    private static let longestBacklog = Span.hours(1)

    let status: AgentStatus
    /// Buses whose port has a fault of its own: their meters cannot answer.
    var brokenBuses: Set<String> = []

    func judge() -> [CheckResult] {
        running + meters + signals + upstream + people + others
    }

    private var running: [CheckResult] {
        var results: [CheckResult] = []
        let versions = "\(status.version), \(AgentVersion.text)"
        results.append(
            status.version == AgentVersion.text
                ? .pass("daemon.version", status.version, Message(SupportPhrase.versionSame))
                : .fail(
                    "daemon.version", versions, Message(SupportPhrase.versionOld, status.version, AgentVersion.text),
                    advice: Message(SupportPhrase.versionAdvice)))
        if status.faults.contains(where: { $0.hasPrefix("safe mode") }) {
            results.append(
                .fail("daemon.mode", Message(SupportPhrase.safeMode), advice: Message(SupportPhrase.crashesAdvice)))
        }
        switch status.lastEnd {
        case "crashed", "watchdog":
            results.append(
                .fail(
                    "daemon.end", "\(status.starts)", Message(SupportPhrase.lastEndCrashed),
                    advice: Message(SupportPhrase.crashesAdvice)))
        case "power":
            results.append(
                .fail(
                    "daemon.end", "\(status.starts)", Message(SupportPhrase.lastEndPower),
                    advice: Message(SupportPhrase.powerCutAdvice)))
        default: break
        }
        if status.mode != .home {
            results.append(
                .fail(
                    "home.mode", Message(SupportPhrase.resting, status.modeText),
                    advice: Message(SupportPhrase.restingAdvice)))
        }
        return results
    }

    private var meters: [CheckResult] {
        status.buses.filter { !brokenBuses.contains($0.name) && !$0.isLent }.flatMap(\.meters).map { meter in
            let name = "meter.\(meter.meter).answers"
            let measured = "\(meter.answers)/\(meter.answers + meter.failures)"
            let isSilent = status.faults.contains { $0.contains("meter \(meter.meter) (unit \(meter.unit))") }
            if meter.isFailing || isSilent {
                return .fail(
                    name, measured, Message(SupportPhrase.meterSilentNow, meter.meter, "\(meter.unit)"),
                    advice: Message(SupportPhrase.meterAdvice))
            }
            let asked = meter.answers + meter.failures
            let isOften = asked >= Self.leastAnswers && meter.failures * 100 > asked * Self.failuresOfAHundred
            guard isOften else {
                return .pass(name, measured, Message(DevicePhrase.meterAnswers, "\(meter.unit)"))
            }
            return .fail(
                name, measured, Message(SupportPhrase.meterOften, meter.meter, "\(meter.failures)", "\(asked)"),
                advice: Message(DevicePhrase.meterSometimesAdvice))
        }
    }

    private var signals: [CheckResult] {
        var results: [CheckResult] = []
        let missing = status.signals.filter(\.missing).map(\.name)
        if !missing.isEmpty {
            results.append(
                .fail(
                    "home.signals", "\(missing.count)",
                    Message(SupportPhrase.signalsMissing, missing.joined(separator: ", ")),
                    advice: Message(SupportPhrase.signalsAdvice)))
        }
        // A rule whose window is not complete yet cannot tell either, and is well.
        let blind = status.alerts.filter { $0.kind == "blind" }
        if let first = blind.first {
            let rules = blind.map { $0.rule.split(separator: ".").dropLast().joined(separator: ".") }
            results.append(
                .fail(
                    "home.rules", "\(blind.count)",
                    Message(SupportPhrase.rulesBlind, rules.joined(separator: ", "), first.reasons.first ?? ""),
                    advice: Message(SupportPhrase.rulesAdvice)))
        }
        return results
    }

    private var upstream: [CheckResult] {
        var results: [CheckResult] = []
        let waits = status.alerts.filter { alert in
            alert.state == .raised && alert.severity != .technical && alert.level != .accepted
                && status.unixMilliseconds - alert.raised.milliseconds > Self.longestUnaccepted.milliseconds
        }
        if let first = waits.first {
            results.append(
                .fail(
                    "alarm.accepted", "\(waits.count)",
                    Message(SupportPhrase.alarmUnaccepted, first.rule, first.level?.rawValue ?? "-"),
                    advice: Message(SupportPhrase.alarmAdvice)))
        }
        let oldest = status.upstream.oldestUnacceptedSeconds ?? 0
        if oldest * 1000 > Self.longestBacklog.milliseconds {
            results.append(
                .fail(
                    "upstream.backlog", Span.seconds(oldest).text,
                    Message(SupportPhrase.backlog, Span.seconds(oldest).text),
                    advice: Message(SupportPhrase.backlogAdvice)))
        }
        return results
    }

    private var people: [CheckResult] {
        status.unconfirmedMeters.map { signal in
            .fail(
                "meter.replaced", signal, Message(SupportPhrase.meterAsked, signal),
                advice: Message(SupportPhrase.meterAskedAdvice, signal))
        }
    }

    /// Faults that no check of its own has found: those of buses, lines and brokers have one.
    private var others: [CheckResult] {
        status.faults.filter { fault in !["bus ", "line ", "broker ", "safe mode"].contains { fault.hasPrefix($0) } }
            .map { fault in
                let advice = status.faultAdvice?[fault]
                return .fail(
                    "daemon.fault", Message(SupportPhrase.otherFault, fault),
                    advice: advice.map { Message(SupportPhrase.otherAdvice, $0) }
                        ?? Message(SupportPhrase.faultAdviceInIt))
            }
    }
}

extension CrashHistory {
    /// How often the agent has ended unasked, as the file beside the control socket has it; nil: it is not there.
    static func judge(text: String?) -> [CheckResult] {
        guard let text else { return [] }
        let ends = text.split(separator: "\n").count { $0.hasPrefix("ended ") }
        let name = "daemon.crashes"
        return ends == 0
            ? [.pass(name, "0", Message(SupportPhrase.crashesNone))]
            : [
                .fail(
                    name, "\(ends)", Message(SupportPhrase.crashesOften, "\(ends)"),
                    advice: Message(SupportPhrase.crashesAdvice))
            ]
    }
}
