// Sample → Reading: what a driver got becomes what a signal was worth, in base units. Of a counter it becomes a
// total that only use can raise.

import Drivers
import LocalRules

/// Interprets the samples of one home.
struct Interpreter: Sendable {
    /// What a sample was worth, and what was noticed about its counter.
    struct Interpretation: Hashable, Sendable {
        var reading: Reading
        var notes: [Note] = []
    }

    private let scales: [Scale?]
    private let signals: [SignalModel]
    private var counters: [Counter?]
    private var pulses: [Int: PulseRegister] = [:]

    /// - Parameters:
    ///   - memory: of an earlier run; nil: there is none, or it is damaged.
    ///   - reports: what the rules remember of every signal: where `memory` knows nothing of a counter, its
    ///     total goes on from the last value that the rules saw.
    init(configuration: HomeConfiguration, memory: InterpreterMemory? = nil, reports: [SignalReport] = []) {
        self.init(
            signals: configuration.home.signals, scales: configuration.scales,
            plans: CounterPlan.plans(of: configuration), memory: memory, reports: reports)
        for input in configuration.inputs where input.pulses != nil {
            let index = input.channel.index
            guard let scale = scales[index] else { continue }
            let fresh = PulseRegister(scale: scale, memory: nil)
            let kept = memory?.pulses(of: signals[index], form: fresh.form)
            // Without a memory the total goes on from the last value that the rules saw.
            let seen = reports.indices.contains(index) ? reports[index].value : nil
            pulses[index] = PulseRegister(
                scale: scale, memory: kept ?? seen.map { PulseRegister.Memory(base: max(0, $0)) })
        }
    }

    /// `scales` and `plans` by channel: nil for inputs, and for what is no counter.
    init(
        signals: [SignalModel], scales: [Scale?], plans: [CounterPlan?], memory: InterpreterMemory? = nil,
        reports: [SignalReport] = []
    ) {
        self.signals = signals
        self.scales = scales
        counters = zip(signals, plans).enumerated().map { index, pair in
            guard let plan = pair.1 else { return nil }
            let report = reports.indices.contains(index) ? reports[index] : nil
            return Counter(plan: plan, memory: memory?.memory(of: pair.0, plan) ?? report?.counterMemory)
        }
    }

    /// nil for a channel that is not of this home.
    mutating func interpret(_ sample: Sample, at time: Instant) -> Interpretation? {
        let index = sample.channel.index
        guard signals.indices.contains(index) else { return nil }
        let signal = SignalID(index)
        guard case .value(let raw) = sample.outcome else {
            return Interpretation(reading: .missing(signal, at: time))
        }
        if case .integer(let count) = raw, let total = pulses[index]?.take(count: count) {
            return Interpretation(reading: Reading(signal: signal, time: time, value: total))
        }
        let value = (scales[index] ?? Scale(numerator: 1, denominator: 1)).baseUnits(of: raw)
        if counters[index] != nil { return count(value, of: signal, at: time) }
        guard let value else {
            // Beyond 64 bits: no instrument shows that.
            return Interpretation(reading: Reading(signal: signal, time: time, value: 0, quality: .suspect))
        }
        return Interpretation(reading: Reading(signal: signal, time: time, value: value))
    }

    /// The same for a recorded reading, whose value is a counter's register in base units.
    mutating func interpret(_ recorded: Reading) -> Interpretation {
        guard recorded.quality == .good, counters.indices.contains(recorded.signal.index),
            counters[recorded.signal.index] != nil
        else { return Interpretation(reading: recorded) }
        return count(recorded.value, of: recorded.signal, at: recorded.time)
    }

    private mutating func count(_ register: Int64?, of signal: SignalID, at time: Instant) -> Interpretation {
        guard let outcome = counters[signal.index]?.take(register, at: time) else {
            return Interpretation(reading: .missing(signal, at: time))
        }
        return Interpretation(
            reading: Reading(signal: signal, time: time, value: outcome.total, quality: outcome.quality),
            notes: outcome.notices.compactMap { note($0.code, signal, at: time, $0.text) })
    }

    private func note(
        _ code: String, _ signal: SignalID, at time: Instant, _ text: (String, Quantity) -> String
    ) -> Note? {
        guard case .meter(let quantity) = signals[signal.index].source else { return nil }
        let name = signals[signal.index].name
        return Note(time: time, code: code, signals: [name], text: text(name, quantity))
    }
}

extension Scale {
    /// A raw register in base units; nil beyond 64 bits.
    func baseUnits(of raw: RawValue) -> Int64? {
        switch raw {
        case .integer(let count): baseUnits(count)
        // A float register holds no more than its float: scaled once, rounded once, integer from here on.
        case .real(let value): baseUnits(value)
        case .decimal(let digits, let exponent): times(powerOfTen: exponent)?.baseUnits(digits)
        }
    }
}

// MARK: - What a person is asked

extension Interpreter {
    /// Signals whose meter seems to have been replaced, while nobody has confirmed it.
    var unconfirmedMeters: [String] {
        zip(signals, counters).compactMap { $1?.replacement == nil ? nil : $0.name }
    }

    /// What a person should do about counters, one line each.
    var faults: [String] {
        zip(signals, counters).flatMap { signal, counter -> [String] in
            guard let counter, case .meter(let quantity) = signal.source else { return [] }
            let question = counter.replacement.map { $0.question(of: signal.name, quantity) }
            let fault = counter.isErratic ? erraticText(of: signal.name, quantity, read: counter.doubtful) : nil
            return [question, fault].compactMap { $0 }
        }
    }

    /// A person says that a meter was replaced, or was not; nil: nobody had asked.
    mutating func confirmReplacement(signal name: String, wasReplaced: Bool, at time: Instant) -> Note? {
        guard let index = signals.firstIndex(where: { $0.name == name }),
            let replacement = counters[index]?.confirmReplacement()
        else { return nil }
        return note(wasReplaced ? "replacement-confirmed" : "replacement-denied", SignalID(index), at: time) {
            "\($0): " + (wasReplaced ? "a new meter, confirmed" : "not a new meter, says whoever looked")
                + "; the register went from \(replacement.registers($1))"
        }
    }
}

// MARK: - Memory

/// The counters' memory as it is kept across restarts, by name.
struct InterpreterMemory: Hashable, Codable, Sendable {
    /// What this code writes and reads.
    static let currentVersion = 1

    struct Entry: Hashable, Codable, Sendable {
        var signal: String
        /// What it measures; what now measures something else starts afresh.
        var quantity: Quantity
        /// Of the register. In another form the same meter shows other numbers: only the total goes on.
        var form: String
        var counter: CounterMemory
    }

    struct PulseEntry: Hashable, Codable, Sendable {
        var signal: String
        var quantity: Quantity
        /// What a pulse was worth.
        var form: String
        /// At that time, in base units.
        var total: Int64
        var register: PulseRegister.Memory
    }

    var version = currentVersion
    var counters: [Entry] = []
    /// nil in a memory from before pulses were counted.
    var pulses: [PulseEntry]?

    /// Where a pulse is worth something else now, only the total goes on.
    fileprivate func pulses(of signal: SignalModel, form: String) -> PulseRegister.Memory? {
        guard version == InterpreterMemory.currentVersion, case .meter(let quantity) = signal.source,
            let entry = pulses?.first(where: { $0.signal == signal.name && $0.quantity == quantity }),
            entry.register.isSound, entry.total >= 0
        else { return nil }
        return entry.form == form ? entry.register : PulseRegister.Memory(base: entry.total)
    }

    fileprivate func memory(of signal: SignalModel, _ plan: CounterPlan) -> CounterMemory? {
        guard version == InterpreterMemory.currentVersion, case .meter(let quantity) = signal.source,
            let entry = counters.first(where: { $0.signal == signal.name && $0.quantity == quantity }),
            entry.counter.isSound
        else { return nil }
        guard entry.form != plan.form else { return entry.counter }
        return CounterMemory(total: entry.counter.total, hasTotal: entry.counter.hasTotal)
    }
}

extension Interpreter {
    var memory: InterpreterMemory {
        var memory = InterpreterMemory()
        for (signal, counter) in zip(signals, counters) {
            guard let counter, case .meter(let quantity) = signal.source else { continue }
            memory.counters.append(
                InterpreterMemory.Entry(
                    signal: signal.name, quantity: quantity, form: counter.plan.form, counter: counter.memory))
        }
        var registers: [InterpreterMemory.PulseEntry] = []
        for (index, register) in pulses.sorted(by: { $0.key < $1.key }) {
            guard case .meter(let quantity) = signals[index].source else { continue }
            registers.append(
                InterpreterMemory.PulseEntry(
                    signal: signals[index].name, quantity: quantity, form: register.form, total: register.total,
                    register: register.memory))
        }
        memory.pulses = registers
        return memory
    }

    /// All pulses so far, of every input: where this has grown there is something to keep.
    var pulseCount: Int64 { pulses.values.reduce(0) { $0 &+ $1.memory.pulses } }
}

extension SignalReport {
    /// As if the last value that the rules saw had been the register: it was, before totals were kept.
    fileprivate var counterMemory: CounterMemory? {
        guard let value, let time else { return nil }
        return CounterMemory(
            total: value, hasTotal: true, line: CounterLine(register: value, time: time, isProven: true))
    }
}
