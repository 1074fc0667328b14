// One line for people about each message that a hub sends.

import LocalRules
import Upstream

enum MessageText {
    static func line(home: String, _ message: WireMessage) -> String {
        let late = message.header?.late == true ? " (late)" : ""
        return "\(home)  \(message.type)\(late)  " + text(message)
    }

    private static func text(_ message: WireMessage) -> String {
        switch message {
        case .alert(let alert):
            "\(alert.severity) \(alert.event): \(alert.alertID): \(alert.reasons.joined(separator: "; "))"
        case .readings(let readings):
            readings.series.map { "\($0.signal) \(last(of: $0))" }.joined(separator: ", ")
        case .event(let event): "\(event.code): \(event.text)"
        case .heartbeat(let heartbeat):
            heartbeat.rules.map { "\($0.name) \($0.verdict)" }.joined(separator: ", ")
                + "; next within \(heartbeat.nextDueSeconds) s"
        case .status(let status): "\(status.state), version \(status.agentVersion)"
        case .ack(let ack): "\(ack.level) \(ack.id) by \(ack.by)"
        }
    }

    /// The newest value of a series, with its unit.
    private static func last(of series: WireReadings.Series) -> String {
        let value = series.valueDeltas.reduce(series.baseValue, &+)
        guard let quantity = Quantity(rawValue: "\(series.quantity)") else { return value == 0 ? "-" : "active" }
        return ValueText.text(value, of: quantity)
    }
}
