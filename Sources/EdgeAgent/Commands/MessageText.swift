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
            "\(word(alert.severity)) \(word(alert.event)): \(alert.alertID): \(alert.reasons.joined(separator: "; "))"
        case .readings(let readings):
            readings.series.map { "\($0.signal) \(last(of: $0))" }.joined(separator: ", ")
        case .event(let event): "\(event.code): \(event.text)"
        case .heartbeat(let heartbeat):
            (heartbeat.hasBrief ? brief(heartbeat.brief) : spelledOut(heartbeat))
                + "; next within \(heartbeat.nextDueSeconds) s"
        case .status(let status): "\(word(status.state)), version \(status.agentVersion)"
        case .ack(let ack): "\(word(ack.level)) \(ack.id) by \(ack.by)"
        case .command(let command): "\(command.id.isEmpty ? "signed" : command.id) by \(command.by)"
        case .reply(let reply): "\(word(reply.outcome)) \(reply.commandID): \(reply.code): \(reply.text)"
        }
    }

    private static func spelledOut(_ heartbeat: WireHeartbeat) -> String {
        heartbeat.rules.map { "\($0.name) \(word($0.verdict))" }.joined(separator: ", ")
    }

    /// Names stand in the heartbeat that was spelled out.
    private static func brief(_ brief: WireHeartbeat.Brief) -> String {
        "as before: " + brief.verdicts.map(word).joined(separator: ", ")
    }

    /// An enum's word as people write it: `preAlarm` is "pre-alarm".
    private static func word(_ value: some Any) -> String {
        "\(value)".reduce(into: "") { text, letter in
            text += letter.isUppercase ? "-" + letter.lowercased() : String(letter)
        }
    }

    /// The newest value of a series, with its unit. No data must never look like no water.
    private static func last(of series: WireReadings.Series) -> String {
        if series.qualities.last == .missing { return "missing" }
        let value = series.lastValue
        guard let quantity = Quantity(rawValue: "\(series.quantity)") else { return value == 0 ? "-" : "active" }
        return ValueText.text(value, of: quantity)
    }
}
