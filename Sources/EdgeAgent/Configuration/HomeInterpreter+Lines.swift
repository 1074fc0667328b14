// Inputs and outputs: everything on a GPIO line.

import Drivers
import LocalRules

enum ActiveLevel: String, CaseIterable { case high, low }
private enum ServiceRequest: String, CaseIterable { case meal, cleaning, medical, other }

extension HomeInterpreter {
    mutating func readInputs(_ root: TableReader<RootKey>) -> [InputPlan] {
        root.subtables(.input, InputKey.self, atMost: ConfigurationLimits.inputs).compactMap { input($0) }
    }

    private mutating func input(_ reader: TableReader<InputKey>) -> InputPlan? {
        reader.require(.name, advice: "the signal's name, such as \"motion.bedroom\"")
        reader.require(.kind, advice: "one of \(InputKind.allCases.map(\.rawValue).joined(separator: ", "))")
        reader.require(.line, advice: "a line name such as \"GPIO17\", or \"chip-label:offset\"")
        let name = reader.name(.name)
        let kind = reader.word(.kind, of: InputKind.self)
        let line = reader.text(.line).flatMap { resolve($0, for: name, reader, .line) }
        let activeLow = reader.word(.active, of: ActiveLevel.self) == .low
        reportPullUp(line, activeLow: activeLow, reader)
        let bias = reader.word(.bias, of: Bias.self)
        let debounce = reader.span(.debounce, in: ConfigurationLimits.debounce)
        let silentAfter = reader.span(.silentAfter, in: ConfigurationLimits.silentAfter)
        if let kind, !kind.isSafety, let silentAfter, silentAfter <= ConfigurationLimits.lineReread {
            reader.report(
                .silentBeforePoll, .silentAfter,
                "\(silentAfter.text()) is over before the line is read again (every \(ConfigurationLimits.lineReread.text()))",
                advice: "choose 3min or more, or remove it")
        }
        let request = kind.flatMap { self.request($0, reader) }
        let longPress = kind.flatMap { self.longPress($0, reader) }
        if let kind { checkActiveLevel(kind, reader) }
        let pulses = kind.flatMap { reader.pulseMeter($0) }
        guard let name else { return nil }
        guard let kind, let line, pulses != nil || !(reader.has(.quantity) || reader.has(.perPulse)) else {
            brokenOwners.insert(name)
            return nil
        }
        let place = reader.place(of: .name) ?? Located(value: name, position: reader.table.position, key: reader.path)
        let channel = addSignal(
            SignalModel(
                name: name, source: pulses.map { .meter($0.quantity) } ?? .input(kind), silentAfter: silentAfter,
                longPress: longPress ?? SignalModel.longPress),
            detail: SignalDetail(
                poll: pulses.map { _ in ConfigurationLimits.lineReread }, step: pulses?.scale, request: request,
                place: place),
            scale: pulses?.scale, unit: pulses?.unit)
        let settings = LineSettings(
            name: name, line: line, direction: .input, activeLow: activeLow,
            bias: bias ?? ConfigurationDefaults.bias(kind, activeLow: activeLow),
            debounceMilliseconds: pulses == nil
                ? Int((debounce ?? ConfigurationDefaults.debounce(kind)).milliseconds) : 0)
        return InputPlan(
            channel: channel, settings: settings, isSafety: kind.isSafety,
            limits: ConfigurationDefaults.limits(kind, pulses: pulses?.plan), pulses: pulses?.plan)
    }

    /// How long a press of a panic button must last to call for help during a pre-alarm.
    private func longPress(_ kind: InputKind, _ reader: TableReader<InputKey>) -> Span? {
        if kind != .panic, reader.has(.longPress) {
            reader.report(
                .keyDoesNotApply, .longPress, "only a panic button tells a long press from a short one",
                advice: "remove it")
        }
        return reader.span(.longPress, in: ConfigurationLimits.longPress)
    }

    /// Boards differ in whether their line says that power is there or that it is lost; the wrong one means a hub
    /// that believes itself on battery for ever, or never.
    private func checkActiveLevel(_ kind: InputKind, _ reader: TableReader<InputKey>) {
        guard kind == .mains || kind == .battery, !reader.has(.active) else { return }
        let meaning = kind == .mains ? "power is lost" : "the battery is nearly empty"
        reader.report(
            .activeLevelUnsaid, .kind, "it is not said which level means that \(meaning): high is taken",
            advice: "write active = \"high\" or \"low\", pull the plug and look at edge-agent status")
    }

    /// What a service input asks for; "other" where it does not say.
    private func request(_ kind: InputKind, _ reader: TableReader<InputKey>) -> String? {
        guard kind == .service else {
            if reader.has(.request) {
                reader.report(
                    .keyDoesNotApply, .request, "a \(kind.rawValue) input asks for nothing",
                    advice: "remove it, or make the kind \"service\"")
            }
            return nil
        }
        return (reader.word(.request, of: ServiceRequest.self) ?? .other).rawValue
    }

    mutating func readOutputs(_ root: TableReader<RootKey>) -> [OutputConfiguration] {
        var names: [String] = []
        return root.subtables(.output, OutputKey.self, atMost: ConfigurationLimits.outputs).compactMap { reader in
            reader.require(.name, advice: "such as \"siren\"")
            reader.require(
                .kind, advice: "one of \(OutputConfiguration.Kind.allCases.map(\.rawValue).joined(separator: ", "))")
            reader.require(.line, advice: "a line name such as \"GPIO27\", or \"chip-label:offset\"")
            let name = reader.name(.name)
            if let name { reader.claim(name, in: &names, "output", .name) }
            let kind = reader.word(.kind, of: OutputConfiguration.Kind.self)
            let line = reader.text(.line).flatMap { resolve($0, for: name, reader, .line) }
            let activeLow = activeLow(reader)
            reportStart(line, activeLow: activeLow, reader)
            let drive = reader.word(.drive, of: Drive.self) ?? .pushPull
            guard let name, let kind, let line else { return nil }
            return OutputConfiguration(
                name: name, kind: kind,
                settings: LineSettings(
                    name: name, line: line, direction: .output, activeLow: activeLow, drive: drive))
        }
    }

    /// What the kernel is asked for; reports a line that two things want.
    private mutating func resolve<Key>(_ text: String, for name: String?, _ reader: TableReader<Key>, _ key: Key)
        -> String?
    {
        guard isLineReference(text) else {
            reader.report(
                .badLine, key, "\"\(text)\" is no line",
                advice:
                    "a line name such as \"GPIO17\", or \"chip-label:offset\" such as \"pinctrl-rp1:17\", never a chip number such as gpiochip0"
            )
            return nil
        }
        let text = terminals[text]?.line ?? text
        if let board, !board.lines.isEmpty, board.lines[text] == nil, !text.contains(":") {
            let known = board.lines.keys.sorted { ($0.utf8.count, $0) < ($1.utf8.count, $1) }
            reader.report(
                .unknownHeaderLine, key,
                "board \(board.name) has no line \"\(text)\"; the kernel's line of that name will be taken",
                advice: adviceOfWords(text, known: known, whatTheyAre: "its lines"))
        }
        let line = board?.lines[text] ?? text
        if let other = takenLines[line] ?? sharedLines[line] {
            let shown = board.flatMap { $0.lines[text] == nil ? nil : $0.place(of: text) } ?? "line \(line)"
            reader.report(
                .lineTaken, key, "\(shown) is used by \"\(other)\" already",
                advice: "one line, one thing: check the wiring")
        }
        takenLines[line] = name ?? "?"
        return line
    }
}
