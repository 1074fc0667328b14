// The thread that owns the GPIO lines: edges in, siren out. Nothing here waits for a disk, a bus or a network.

import Drivers
import Glibc
import LocalRules

enum LinesMessage: Sendable {
    case sound(SoundPattern)
    /// A step of escalation switches an output, by its name.
    case relay(String, isOn: Bool)
    /// Blink and beep for so long, so that somebody finds the box; 0 ends it.
    case locate(seconds: Int)
    /// Sound as in an alarm, for a moment.
    case rehearse
    /// How every line stands, for a self-test.
    case examine(answer: Mailbox<LinesPicture>)
    /// An output on for a moment; the answer says why not, or nothing.
    case pulse(output: String, answer: Mailbox<String>)
    case stop
}

/// Runs a line bank on the calling thread until told to stop; then everything is silent.
///
/// Lines live in real time also where the agent's clock is accelerated; samples leave with agent time.
struct LinesLoop<Port: LinePort & ~Copyable>: ~Copyable {
    private var bank: LineBank<Port>
    private let outputs: [OutputConfiguration]
    private let mailbox: Mailbox<LinesMessage>
    private let hub: Hub
    private var pattern = SoundPattern.silent
    private var began = BootTime(nanoseconds: 0)
    /// What the outputs do for a time while nothing sounds.
    private enum Interlude {
        /// Somebody looks for the box.
        case locating
        /// Somebody wants to hear what an alarm sounds like.
        case rehearsal
    }
    private var interlude: (what: Interlude, began: BootTime, end: BootTime)?
    /// Outputs that steps of escalation hold on.
    private var held: Set<String> = []
    /// One output on for a moment, and nothing sounds.
    private var pulsing: (output: Int, end: BootTime)?
    private let inputs: [InputPlan]
    private var reports: LineReports
    private var driven: [Bool]
    /// What was last said to be wrong with each output.
    private var faults: [LineError?]

    init(
        port: consuming Port, inputs: [InputPlan], outputs: [OutputConfiguration], mailbox: Mailbox<LinesMessage>,
        hub: Hub
    ) {
        bank = LineBank(port: port, inputs: inputs, outputs: outputs.map(\.settings))
        self.outputs = outputs
        self.inputs = inputs
        self.mailbox = mailbox
        self.hub = hub
        reports = LineReports(inputs: inputs)
        driven = outputs.map { _ in false }
        faults = outputs.map { _ in nil }
    }

    consuming func run() {
        var poller = Poller()
        hub.status.set(lines: reports.statuses)
        forward(bank.open(now: AgentClock.boot()))
        reportOutputs()
        var isStopping = false
        while !isStopping {
            hub.progress.beat(.lines)
            poller.watch(reading: [mailbox.descriptor] + bank.descriptors)
            let ready = poller.wait(milliseconds: waitMilliseconds())
            forward(bank.service(ready: ready.filter { $0 != mailbox.descriptor }, now: AgentClock.boot()))
            for message in mailbox.take() {
                switch message {
                case .sound(let wanted): change(to: wanted)
                case .relay(let name, true): held.insert(name)
                case .relay(let name, false): held.remove(name)
                case .locate(let seconds): begin(.locating, milliseconds: Int64(seconds) * 1000)
                case .rehearse: begin(.rehearsal, milliseconds: LinesLoop.rehearsalMilliseconds)
                case .examine(let answer): answer.post(picture)
                case .pulse(let output, let answer): answer.post(pulse(output))
                case .stop: isStopping = true
                }
            }
            driveOutputs()
            forward(bank.reread(now: AgentClock.boot()))
            reportOutputs()
            reportInputs()
        }
        change(to: .silent)
        held = []
        interlude = nil
        pulsing = nil
        driveOutputs()
    }

    private mutating func change(to wanted: SoundPattern) {
        guard wanted != pattern else { return }
        pattern = wanted
        began = AgentClock.boot()
        guard wanted != .silent else { return }
        interlude = nil
        pulsing = nil
    }

    /// As long as a test's alarm sounds.
    private static var rehearsalMilliseconds: Int64 { 3000 }

    /// Never over a real sound: whoever is at home must not learn to ignore one.
    private mutating func begin(_ what: Interlude, milliseconds: Int64) {
        guard pattern == .silent else { return }
        let now = AgentClock.boot()
        interlude = milliseconds > 0 ? (what, now, now.advanced(milliseconds: milliseconds)) : nil
    }

    private func cadence(of output: Int) -> (isOn: Bool, holdsFor: Int64?) {
        let isHeld = held.contains(outputs[output].name)
        let kind = outputs[output].kind
        let now = AgentClock.boot()
        if let pulsing, now < pulsing.end {
            return (output == pulsing.output || isHeld, BootTime.milliseconds(from: now, to: pulsing.end) + 1)
        }
        if outputs[output].followsSteps { return (isHeld, nil) }
        let hasBuzzer = outputs.contains { $0.kind == .buzzer }
        if let interlude, now < interlude.end {
            let hasGentle = outputs.contains { $0.kind == .buzzer || $0.kind == .lamp }
            let cadence =
                switch interlude.what {
                case .locating: SoundCadence(locatingOn: kind, hasGentle: hasGentle)
                case .rehearsal: SoundCadence(.testAlarm, on: kind, hasBuzzer: hasBuzzer)
                }
            let level = cadence.level(elapsed: BootTime.milliseconds(from: interlude.began, to: now))
            let rest = BootTime.milliseconds(from: now, to: interlude.end) + 1
            return (level.isOn, level.holdsFor.map { min($0, rest) })
        }
        return SoundCadence(pattern, on: kind, hasBuzzer: hasBuzzer)
            .level(elapsed: BootTime.milliseconds(from: began, to: now))
    }

    private mutating func driveOutputs() {
        for index in outputs.indices {
            let wanted = cadence(of: index).isOn
            guard wanted != driven[index] else { continue }
            driven[index] = wanted
            // A failure is remembered by the bank, which retries it with each re-read; reportOutputs says it.
            try? bank.set(output: index, active: wanted)
        }
    }

    /// Why an output is not put on for a moment; empty: it is.
    private mutating func pulse(_ name: String) -> String {
        guard let index = outputs.firstIndex(where: { $0.name == name }) else { return "there is no such output" }
        guard pattern == .silent else { return "the home sounds \(pattern.rawValue)" }
        if let fault = bank.fault(output: index) { return fault.message }
        pulsing = (index, AgentClock.boot().advanced(milliseconds: SelfTestDoor.pulseMilliseconds))
        return ""
    }

    private var picture: LinesPicture {
        var picture = LinesPicture()
        for (index, input) in inputs.enumerated() {
            picture.inputs.append(LinePicture(name: input.settings.name, bank.state(input: index)))
        }
        for (index, output) in outputs.enumerated() {
            picture.outputs.append(LinePicture(name: output.name, fault: bank.fault(output: index)))
        }
        return picture
    }

    /// A siren that cannot be driven is said before it is needed, and taken back once it can.
    private mutating func reportOutputs() {
        for index in outputs.indices {
            let fault = bank.fault(output: index)
            guard fault != faults[index] else { continue }
            faults[index] = fault
            hub.report(fault, ofOutput: outputs[index].name)
        }
    }

    /// Lost edges, lines that chatter or stick: once each, to the log, the status and upstream.
    private mutating func reportInputs() {
        for report in reports.take(bank.takeNotices(), now: AgentClock.boot()) {
            switch report {
            case .note(let code, let signal, let text):
                hub.home.post(.note(code: code, signals: [signal], text: text), always: true)
            case .fault(let text, let part): hub.status.set(fault: text, of: part)
            case .status(let line): hub.status.set(line: line)
            }
        }
    }

    /// Until the bank or a cadence has something to do; at most a second, to show the watchdog progress.
    private func waitMilliseconds() -> Int32 {
        let bankWait = BootTime.milliseconds(from: AgentClock.boot(), to: bank.nextDue)
        let cadenceWait = outputs.indices.compactMap { cadence(of: $0).holdsFor }.min() ?? 1000
        return Int32(clamping: max(0, min(bankWait + 1, cadenceWait, 1000)))
    }

    private func forward(_ samples: [Sample]) {
        guard !samples.isEmpty else { return }
        hub.take(
            samples.map { Sample(channel: $0.channel, time: hub.clock.agentTime($0.time), outcome: $0.outcome) },
            always: true)
    }
}
