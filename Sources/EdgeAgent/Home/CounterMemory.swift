// What is remembered of counters: within a run, and across restarts together with the rules' memory.

import LocalRules

/// One counter's memory; a few numbers.
struct CounterMemory: Hashable, Codable, Sendable {
    /// Base units. What rules and cloud see.
    var total: Int64 = 0
    /// The total has begun.
    var hasTotal = false
    /// The register as it was last believed; nil: the next reading begins a line.
    var line: CounterLine?
    /// A reading that waits for the next one.
    var doubt: CounterDoubt?
    /// The register before the last reset or replacement, should it come back.
    var earlier: CounterEarlier?
    /// Not yet confirmed by a person.
    var replacement: CounterReplacement?
    /// Since the beginning.
    var glitches = 0
    /// When a remark was last made, by its code.
    var said: [String: Instant] = [:]

    /// A memory from damaged storage may say anything; what it says must at least be possible.
    var isSound: Bool {
        (line.map { $0.dip >= 0 } ?? true) && (doubt.map { $0.count >= 0 } ?? true) && glitches >= 0
            && (hasTotal || line == nil)
    }
}

struct CounterLine: Hashable, Codable, Sendable {
    var register: Int64
    var time: Instant
    /// When the register last moved.
    var changed: Instant
    /// How far it is below where it was highest, as far as that may be a bounce.
    var dip: Int64 = 0
    /// A second reading agreed.
    var isProven: Bool
    var isReversing = false

    init(register: Int64, time: Instant, isProven: Bool) {
        self.register = register
        self.time = time
        self.changed = time
        self.isProven = isProven
    }
}

struct CounterDoubt: Hashable, Codable, Sendable {
    /// nil: it was beyond 64 bits.
    var register: Int64?
    var time: Instant
    /// Doubtful readings in a row, this one included.
    var count: Int
}

struct CounterEarlier: Hashable, Codable, Sendable {
    var register: Int64
    var total: Int64
    var time: Instant
}

/// A meter that was replaced: the old one's last register and the new one's first, in base units.
struct CounterReplacement: Hashable, Codable, Sendable {
    var old: Int64
    var new: Int64
    var time: Instant
}

/// Something about a counter that is worth a record. Registers in base units.
enum CounterNotice: Hashable, Sendable {
    case rollOver(from: Int64, to: Int64)
    case reset(from: Int64, to: Int64)
    case replaced(CounterReplacement)
    /// The register that had seemed gone is back.
    case returned(from: Int64, to: Int64)
    /// `number`: how many so far.
    case glitch(read: Int64?, instead: Int64, number: Int)
    case reverseFlow(from: Int64, to: Int64)
    case erratic(read: Int64?)

    /// A stable word, as it goes upstream.
    var code: String {
        switch self {
        case .rollOver: "counter-roll-over"
        case .reset: "counter-reset"
        case .replaced: "meter-replaced"
        case .returned: "meter-returned"
        case .glitch: "counter-glitch"
        case .reverseFlow: "reverse-flow"
        case .erratic: "counter-erratic"
        }
    }

    /// One line for people: which meter, what was seen, what to do.
    func text(of signal: String, _ quantity: Quantity) -> String {
        func amount(_ register: Int64?) -> String {
            register.map { ValueText.text($0, of: quantity) } ?? "a number beyond all meters"
        }
        switch self {
        case .rollOver(let from, let to):
            return "\(signal): the register turned over, from \(amount(from)) to \(amount(to)); counted on"
        case .reset(let from, let to):
            return "\(signal): the register went from \(amount(from)) to zero and stands at \(amount(to)); counted on"
        case .replaced(let replacement):
            return replacement.text(of: signal, quantity)
        case .returned(let from, let to):
            return "\(signal): after \(amount(from)) the old register is back, at \(amount(to)); "
                + "check the meter's supply, and that no other meter has its unit id"
        case .glitch(let read, let instead, let number):
            return "\(signal): read \(amount(read)) once, between readings around \(amount(instead)); not counted "
                + "(\(number) so far); if it goes on, check cable, termination and word order"
        case .reverseFlow(let from, let to):
            return "\(signal): the register runs backwards, from \(amount(from)) to \(amount(to)); not counted; "
                + "check the check valve, and which way round the meter is mounted"
        case .erratic(let read):
            return erraticText(of: signal, quantity, read: read)
        }
    }
}

extension CounterReplacement {
    /// For the record.
    func text(of signal: String, _ quantity: Quantity) -> String {
        "\(signal): the meter seems to have been replaced, its register went from \(registers(quantity)); "
            + "confirm the new meter, or tell us it was not changed"
    }

    /// For whoever asks how the hub is: what to do comes first, because screens cut lines off.
    func question(of signal: String, _ quantity: Quantity) -> String {
        "confirm the new meter (edge-agent confirm-meter \(signal)), or tell us it was not changed (--not-changed): "
            + "\(signal) went from \(registers(quantity))"
    }

    func registers(_ quantity: Quantity) -> String {
        "\(ValueText.text(old, of: quantity)) to \(ValueText.text(new, of: quantity))"
    }
}

/// A fault that stands while readings contradict each other, and the remark when it begins.
func erraticText(of signal: String, _ quantity: Quantity, read: Int64?) -> String {
    let last = read.map { ValueText.text($0, of: quantity) } ?? "beyond all meters"
    return "\(signal): readings contradict each other, the last is \(last); none is judged by; "
        + "check cable, termination, word order, and that unit ids differ"
}
