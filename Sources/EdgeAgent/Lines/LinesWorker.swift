// The thread that owns the GPIO lines: edges in, siren out. Nothing here waits for a disk, a bus or a network.

import Drivers
import Glibc
import LocalRules

enum LinesMessage: Sendable {
    case sound(SoundPattern)
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
    private var driven: [Bool]
    /// What was last said to be wrong with each output.
    private var faults: [LineError?]

    init(
        port: consuming Port, inputs: [InputPlan], outputs: [OutputConfiguration], mailbox: Mailbox<LinesMessage>,
        hub: Hub
    ) {
        bank = LineBank(port: port, inputs: inputs, outputs: outputs.map(\.settings))
        self.outputs = outputs
        self.mailbox = mailbox
        self.hub = hub
        driven = outputs.map { _ in false }
        faults = outputs.map { _ in nil }
    }

    consuming func run() {
        var poller = Poller()
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
                case .stop: isStopping = true
                }
            }
            driveOutputs()
            forward(bank.reread(now: AgentClock.boot()))
            reportOutputs()
        }
        change(to: .silent)
        driveOutputs()
    }

    private mutating func change(to wanted: SoundPattern) {
        guard wanted != pattern else { return }
        pattern = wanted
        began = AgentClock.boot()
    }

    private func cadence(of output: Int) -> (isOn: Bool, holdsFor: Int64?) {
        let hasBuzzer = outputs.contains { $0.kind == .buzzer }
        return SoundCadence(pattern, on: outputs[output].kind, hasBuzzer: hasBuzzer)
            .level(elapsed: BootTime.milliseconds(from: began, to: AgentClock.boot()))
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

    /// A siren that cannot be driven is said before it is needed, and taken back once it can.
    private mutating func reportOutputs() {
        for index in outputs.indices {
            let fault = bank.fault(output: index)
            guard fault != faults[index] else { continue }
            faults[index] = fault
            hub.report(fault, ofOutput: outputs[index].name)
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
