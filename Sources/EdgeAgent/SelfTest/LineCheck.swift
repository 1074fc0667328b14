// Input lines as they are at rest, outputs that somebody hears or sees, and what the inputs say of the power supply.

import Drivers
import LocalRules

struct LineCheck {
    let home: HomeConfiguration
    /// What the daemon has remarked about lines since it started.
    let remarks: [AgentStatus.Line]

    // MARK: Inputs

    func judge(_ picture: LinesPicture?) -> [CheckResult] {
        guard let picture else { return unanswered }
        let inputs = home.inputs.flatMap { input -> [CheckResult] in
            guard let state = picture.inputs.first(where: { $0.name == input.settings.name }) else { return [] }
            let line = judge(input, state)
            return [line] + power(input, state)
        }
        return inputs
            + home.outputs.compactMap { output in
                let state = picture.outputs.first { $0.name == output.name }
                return state.flatMap { fault("output.\(output.name)", output.settings, $0) }
            }
    }

    private func judge(_ input: InputPlan, _ state: LinePicture) -> CheckResult {
        let name = "line.\(input.settings.name)"
        let line = "\(input.settings.name) (\(input.settings.line))"
        if let failed = fault(name, input.settings, state) { return failed }
        let remark = remarks.first { $0.name == input.settings.name }
        let bias = input.settings.bias.rawValue
        let level = state.isActive.map { $0 ? "1" : "0" } ?? "-"
        let measured = "\(level), \(bias), \(state.edges) edges"
        // Without a daemon there are no remarks, and all edges are of this very second.
        let limit = input.limits.edgesInTenSeconds
        if remark?.chatters == true || remarks.isEmpty && limit > 0 && state.edges > limit {
            return .fail(
                name, measured, Message(DevicePhrase.lineChatters, line),
                advice: Message(DevicePhrase.lineChattersAdvice))
        }
        if remark?.isStuck == true {
            return .fail(
                name, measured, Message(DevicePhrase.lineStuck, line), advice: Message(DevicePhrase.lineStuckAdvice))
        }
        if let lost = remark?.edgesLost, lost > 0 {
            return .fail(
                name, measured, Message(DevicePhrase.lineLoses, line, "\(lost)"),
                advice: Message(DevicePhrase.lineLosesAdvice))
        }
        guard state.isActive == true else { return .pass(name, measured, Message(DevicePhrase.lineIdle, line)) }
        // Mains and battery have a check of their own.
        guard kind(of: input).mustRest else { return .pass(name, measured, Message(DevicePhrase.lineActive, line)) }
        return .fail(
            name, measured, Message(DevicePhrase.lineActiveAtRest, line),
            advice: Message(DevicePhrase.lineActiveAtRestAdvice, bias))
    }

    /// Why a line is not ours; nil: it is.
    private func fault(_ name: String, _ settings: LineSettings, _ state: LinePicture) -> CheckResult? {
        guard let fault = state.fault else { return nil }
        let line = "\(settings.name) (\(settings.line))"
        let (reason, advice): (Message, DevicePhrase) =
            switch state.kind.flatMap(LineError.Kind.init(rawValue:)) {
            case .busy: (Message(DevicePhrase.lineBusy, line, fault), .lineBusyAdvice)
            case .notFound: (Message(DevicePhrase.lineNotFound, line), .lineNotFoundAdvice)
            case .denied: (Message(DevicePhrase.lineDenied, line), .lineDeniedAdvice)
            case .unsteady: (Message(DevicePhrase.lineChatters, line), .lineChattersAdvice)
            case .failed, nil: (Message(DevicePhrase.lineFailed, line, fault), .lineFailedAdvice)
            }
        return .fail(name, reason, advice: Message(advice))
    }

    private func kind(of input: InputPlan) -> InputKind {
        if case .input(let kind) = home.home.signals[input.channel.index].source { kind } else { .pulse }
    }

    // MARK: Power

    private func power(_ input: InputPlan, _ state: LinePicture) -> [CheckResult] {
        let (kind, label) = (kind(of: input), input.settings.name)
        guard kind == .mains || kind == .battery else { return [] }
        let name = "power.\(label)"
        guard let isActive = state.isActive else {
            return [
                .untested(
                    name, Message(HubPhrase.powerUnknown, label), advice: Message(HubPhrase.powerUnknownAdvice))
            ]
        }
        let isMains = kind == .mains
        guard isActive else {
            return [.pass(name, Message(isMains ? HubPhrase.mainsThere : .batteryGood, label))]
        }
        return [
            .fail(
                name, Message(isMains ? HubPhrase.mainsLost : .batteryLow, label),
                advice: Message(isMains ? HubPhrase.mainsLostAdvice : .batteryLowAdvice))
        ]
    }

    // MARK: Outputs

    /// Puts an output on for a moment and asks whoever is there; where nobody is, nothing sounds.
    func tryOut(
        _ output: OutputConfiguration, picture: LinesPicture?, hands: inout any LineHands,
        confirm: ((Message) -> Bool)?
    ) -> CheckResult {
        let name = "output.\(output.name).noticed"
        guard picture?.outputs.first(where: { $0.name == output.name })?.fault == nil else {
            return .untested(
                name, Message(DevicePhrase.outputUnconfirmed, output.name),
                advice: Message(HubPhrase.powerUnknownAdvice))
        }
        guard let confirm else {
            return .untested(
                name, Message(DevicePhrase.outputUnconfirmed, output.name),
                advice: Message(DevicePhrase.outputUnconfirmedAdvice))
        }
        if let refusal = hands.pulse(output.name) {
            return .untested(
                name, Message(DevicePhrase.outputInUse, output.name, refusal),
                advice: Message(DevicePhrase.outputInUseAdvice))
        }
        let question: DevicePhrase =
            switch output.kind {
            case .siren, .buzzer: .askHeard
            case .lamp: .askSeen
            case .relay: .askSwitched
            }
        return confirm(Message(question, output.name))
            ? .pass(name, Message(DevicePhrase.outputNoticed, output.name))
            : .fail(
                name, Message(DevicePhrase.outputUnnoticed, output.name),
                advice: Message(DevicePhrase.outputUnnoticedAdvice))
    }

    // MARK: Nothing to be had

    /// No daemon, and lines that are simulated.
    func unseen(config: String) -> [CheckResult] {
        [
            .untested(
                "line", Message(DevicePhrase.linesUnseen),
                advice: Message(DevicePhrase.linesUnseenAdvice, "`edge-agent run --config \(config)`"))
        ]
    }

    private var unanswered: [CheckResult] {
        [
            .untested(
                "line", Message(HubPhrase.storageUnasked, "lines"), advice: Message(HubPhrase.storageUnaskedAdvice))
        ]
    }
}

extension InputKind {
    /// Active only when something has happened: a line of these that is active during an installation is wrong.
    fileprivate var mustRest: Bool {
        switch self {
        case .smoke, .panic, .leak, .tamper, .service, .ok: true
        case .motion, .door, .visit, .away, .pulse, .mains, .battery: false
        }
    }
}
