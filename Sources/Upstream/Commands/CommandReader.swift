// What a command asks for, with every number and text in range: what passes here can be computed with.

import FoundationEssentials
import LocalRules

struct CommandReader {
    let id: String

    func action(_ action: WireCommand.OneOf_Action?) throws(CommandRefusal) -> Command.Action {
        switch action {
        case .acknowledge(let message): .acknowledge(alert: try text(message.alertID, "alert_id"))
        case .setMode(let message): try mode(message)
        case .locate(let message): try locate(message)
        case .selfTest: .selfTest
        case .recordVisit(let message):
            .recordVisit(rule: message.rule.isEmpty ? nil : try text(message.rule, "rule"))
        case .weather(let message): try weather(message)
        case .confirmMeter(let message):
            .confirmMeter(signal: try text(message.signal, "signal"), wasReplaced: message.wasReplaced)
        case .sendStatus: .sendStatus
        case .offerConfiguration(let message): .offerConfiguration(try offer(message))
        case .setHeartbeat(let message):
            .setHeartbeat(
                message.seconds == 0
                    ? nil : try span(message.seconds, in: UpstreamLimits.heartbeatPeriods, "seconds"))
        case nil: throw CommandRefusal(id, .unknown, "asks for nothing that this version knows")
        }
    }

    private func mode(_ message: WireCommand.SetMode) throws(CommandRefusal) -> Command.Action {
        let mode: HomeMode
        switch message.mode {
        case .home: mode = .home
        case .away: mode = .away
        case .maintenance: mode = .maintenance
        case .modeNotSaid, .UNRECOGNIZED: throw invalid("mode is one of home, away, maintenance")
        }
        guard message.lastingSeconds != 0 else { return .setMode(mode, lasting: nil) }
        guard let longest = mode.longest else { throw invalid("home has no end: leave out lasting_seconds") }
        return .setMode(mode, lasting: try span(message.lastingSeconds, in: .seconds(1)...longest, "lasting_seconds"))
    }

    private func locate(_ message: WireCommand.Locate) throws(CommandRefusal) -> Command.Action {
        // The command line's own limit is looked at where it is known.
        guard let seconds = Int(exactly: message.seconds), seconds >= 0 else { throw invalid("seconds is negative") }
        return .locate(seconds: seconds == 0 ? nil : seconds)
    }

    private func weather(_ message: WireCommand.Weather) throws(CommandRefusal) -> Command.Action {
        let range = UpstreamLimits.outsideTemperatures
        guard range.contains(message.temperature) else {
            throw invalid("temperature is \(range.lowerBound) to \(range.upperBound) thousandths of a degree")
        }
        let longest = UpstreamLimits.weatherLasts
        let valid =
            message.validSeconds == 0
            ? longest : try span(message.validSeconds, in: .seconds(60)...longest, "valid_seconds")
        return .weather(temperature: message.temperature, valid: valid)
    }

    private func offer(_ message: WireCommand.OfferConfiguration) throws(CommandRefusal) -> ConfigurationOffer {
        let text = Array(message.text.utf8)
        guard !text.isEmpty, text.count <= UpstreamLimits.offerBytes else {
            throw CommandRefusal.tooLarge(text.count, most: UpstreamLimits.offerBytes, id)
        }
        guard let hash = sha256(text), hash == message.sha256.lowercased() else {
            throw invalid("sha256 is not that of the text: it was changed on its way, or made of something else")
        }
        let probation =
            message.probationSeconds == 0
            ? UpstreamLimits.probation
            : try span(message.probationSeconds, in: UpstreamLimits.probations, "probation_seconds")
        return ConfigurationOffer(text: text, sha256: hash, probation: probation)
    }

    /// Names of the home's own things.
    private func text(_ text: String, _ name: String) throws(CommandRefusal) -> String {
        guard !text.isEmpty, text.utf8.count <= UpstreamLimits.foreignTextCharacters, text == foreignText(text) else {
            throw invalid("\(name) is empty, too long, or has characters that no name has")
        }
        return text
    }

    /// Compared before it is multiplied: a sender may write any number.
    private func span(_ seconds: Int64, in range: ClosedRange<Span>, _ name: String) throws(CommandRefusal) -> Span {
        let limits = range.lowerBound.milliseconds / 1000...range.upperBound.milliseconds / 1000
        guard limits.contains(seconds) else {
            throw invalid("\(name) is \(limits.lowerBound) to \(limits.upperBound)")
        }
        return .seconds(seconds)
    }

    private func invalid(_ text: String) -> CommandRefusal { CommandRefusal(id, .invalid, text) }
}
