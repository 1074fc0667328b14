// [[escalation]]: what happens while a call for help has not come as far as it should.

import LocalRules
import Upstream

extension HomeInterpreter {
    /// design.md §7's single step where nothing is written; it calls the second broker where there is one, and waits for
    /// the broker alone where nobody behind it can answer.
    func readEscalation(
        _ root: TableReader<RootKey>, outputs: [OutputConfiguration], upstream: UpstreamConfiguration?,
        hasFallback: Bool
    ) -> [EscalationStep] {
        // Behind a profile nobody answers records, but a person can accept an alarm with a button.
        let isAnswered = upstream?.acknowledgement != .broker || upstream?.profile != .native
        guard root.has(.escalation) else {
            return EscalationStep.standard.map { step in
                EscalationStep(
                    after: step.after, unless: isAnswered ? step.unless : .brokered,
                    actions: step.actions + (hasFallback ? [.fallback] : []))
            }
        }
        if case .array(let elements)? = root.table[RootKey.escalation.rawValue]?.value.content, elements.isEmpty {
            root.report(
                .empty, .escalation, "there is no step: nobody would hear that help has not been reached",
                advice: "remove the key; the standard step then holds")
        }
        var steps: [EscalationStep] = []
        for reader in root.subtables(.escalation, EscalationKey.self, atMost: ConfigurationLimits.escalationSteps) {
            let targets = Targets(relays: outputs.filter { $0.kind == .relay }.map(\.name), hasFallback: hasFallback)
            guard let step = step(reader, targets, isAnswered: isAnswered) else { continue }
            if steps.contains(where: { $0.after == step.after && $0.unless == step.unless }) {
                reader.report(
                    .duplicateName, .after, "there is a step after \(step.after.text()) already", advice: "join the two"
                )
            }
            steps.append(step)
        }
        if hasFallback, !steps.contains(where: { $0.actions.contains(.fallback) }) {
            root.report(
                .fallbackUncalled, .escalation,
                "no step has \"fallback\": the second broker hears only of alarms that the first has not delivered, never of those that nobody accepts",
                advice: "add \"fallback\" to a step")
        }
        return steps.sorted { ($0.after, $0.unless) < ($1.after, $1.unless) }
    }

    /// What actions can name.
    private struct Targets {
        var relays: [String]
        var hasFallback: Bool
    }

    private func step(
        _ reader: TableReader<EscalationKey>, _ targets: Targets, isAnswered: Bool
    ) -> EscalationStep? {
        reader.require(.after, advice: "counted from the alarm, such as \"180s\"")
        reader.require(.do, advice: "such as do = [\"sound:not-reached\"]")
        let after = reader.span(.after, in: ConfigurationLimits.escalateAfter)
        let unless = reader.word(.unless, of: DeliveryLevel.self) ?? .accepted
        if !isAnswered, unless == .received || unless == .displayed {
            reader.report(
                .levelNeverTold, .unless,
                "with ack = \"broker\" nobody says \"\(unless.rawValue)\": this step is always taken",
                advice: "unless = \"brokered\"")
        }
        let actions = (reader.strings(.do) ?? []).compactMap { action($0, reader, targets) }
        return after.map { EscalationStep(after: $0, unless: unless, actions: actions) }
    }

    private func action(
        _ place: Located<String>, _ reader: TableReader<EscalationKey>, _ targets: Targets
    ) -> EscalationStep.Action? {
        let relay = "relay:"
        switch place.value {
        case "sound:not-reached": return .sound(.notReached)
        case "sound:alarm": return .sound(.alarm)
        case "resend": return .resend
        case "fallback":
            if targets.hasFallback { return .fallback }
            reader.report(
                .noFallback, at: place, "\"fallback\" needs a second broker, and there is no [upstream.fallback]",
                advice: "add [upstream.fallback] with its broker, or remove \"fallback\"")
        case let text where text.hasPrefix(relay):
            let name = String(text.dropFirst(relay.count))
            if targets.relays.contains(name) { return .relay(name) }
            reader.report(
                .unknownOutput, at: place, "there is no output \"\(name)\" of kind relay",
                advice: adviceOfWords(name, known: targets.relays, whatTheyAre: "the relays"))
        default:
            reader.report(
                .unknownWord, at: place, "\"\(place.value)\" is nothing that can be done",
                advice: adviceOfWords(
                    place.value, known: ["sound:not-reached", "sound:alarm", "resend", "fallback", "relay:<output>"],
                    whatTheyAre: "allowed"))
        }
        return nil
    }
}

extension OutputConfiguration {
    /// A relay that a step names waits for that step; the others are on with every alarm.
    func following(_ steps: [EscalationStep]) -> OutputConfiguration {
        var output = self
        output.followsSteps = kind == .relay && steps.contains { $0.actions.contains(.relay(name)) }
        return output
    }
}
