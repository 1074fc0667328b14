// Which meter model answers like that? Every profile is held against what a unit said. Pure.
//
// Identifying registers decide. Otherwise points are added up: a content that physics allows speaks for a profile,
// the more so the rarer it is among all contents (mains voltage, the grid's frequency, power that fits voltage and
// current); a content that physics forbids speaks against it. So many plausible registers beat one plausible
// counter, and registers that are all zero prove nothing.

import Drivers
import LocalRules

struct ProfileRanking: Sendable {
    /// A single counter that looks like a total, on factory settings, is no proof yet.
    static let leastPoints = 6
    /// Several independent things that fit.
    static let likelyPoints = 12

    enum Certainty: String, Sendable, Codable {
        /// An identifying register says so.
        case certain
        case veryLikely = "very likely"
        case likely
        /// Less than what would happen by chance now and then.
        case weak
    }

    struct Candidate: Sendable {
        var profile: MeterProfile
        var points: Int
        var certainty: Certainty
        /// The weightiest first.
        var reasons: [String]
        var registers: [RegisterEvidence]
        /// Other models with the very same registers: nothing that they answer tells them apart.
        var twins: [String] = []

        var answered: Int { registers.count { $0.isAnswered } }
    }

    let profiles: [MeterProfile]

    /// The best first; those that identify themselves as something else are left out, and so is whatever answered
    /// nothing.
    /// - Parameter later: totals, read again after a moment.
    func candidates(
        for image: RegisterImage, later: RegisterImage? = nil, unit: UInt8, on line: SerialLine?
    ) -> [Candidate] {
        let all = profiles.compactMap { candidate($0, image, later, unit: unit, on: line) }
        let ranked = all.sorted {
            ($1.points, $1.answered, $0.profile.name) < ($0.points, $0.answered, $1.profile.name)
        }
        return ranked.map { candidate in
            var candidate = candidate
            candidate.twins = ranked.map(\.profile)
                .filter { $0.name != candidate.profile.name && $0.hasRegisters(of: candidate.profile) }.map(\.name)
            return candidate
        }
    }

    private func candidate(
        _ profile: MeterProfile, _ image: RegisterImage, _ later: RegisterImage?, unit: UInt8, on line: SerialLine?
    ) -> Candidate? {
        let identity = profile.identity(in: image)
        guard identity != .another else { return nil }
        let registers = profile.registers.map { RegisterEvidence($0, in: image) }
        guard registers.contains(where: \.isAnswered) else { return nil }
        var verdicts = ProfileRanking.contents(registers)
        verdicts += ProfileRanking.relations(registers)
        if let later { verdicts += ProfileRanking.movements(from: registers, to: later) }
        verdicts += ProfileRanking.settings(profile.serial, unit: unit, line)
        if registers.allSatisfy(\.isAnswered) { verdicts.append(Verdict(points: 1)) }
        if identity == .this {
            verdicts.append(Verdict(points: 100, reason: "its identifying registers say so"))
        }
        let points = verdicts.reduce(0) { $0 + $1.points }
        return Candidate(
            profile: profile, points: points,
            certainty: ProfileRanking.certainty(points, isIdentified: identity == .this),
            reasons: ProfileRanking.reasons(verdicts, registers), registers: registers)
    }

    private static func certainty(_ points: Int, isIdentified: Bool) -> Certainty {
        if isIdentified { return points >= 100 ? .certain : .weak }
        return points >= likelyPoints ? .veryLikely : points >= leastPoints ? .likely : .weak
    }

    private static func reasons(_ verdicts: [Verdict], _ registers: [RegisterEvidence]) -> [String] {
        let answered = registers.count { $0.isAnswered }
        let weighty = verdicts.sorted { $0.points.magnitude > $1.points.magnitude }.compactMap(\.reason)
        return ["\(answered) of \(registers.count) registers answer"] + weighty
    }
}

private typealias Verdict = RegisterEvidence.Verdict

// MARK: What registers say together

extension ProfileRanking {
    /// Each register by itself. Of several counters of one kind only the first speaks for the profile: any small
    /// numbers look like counters.
    fileprivate static func contents(_ registers: [RegisterEvidence]) -> [Verdict] {
        var counted: Set<Quantity> = []
        return registers.map { evidence in
            var verdict = evidence.verdict
            guard evidence.register.isTotal, verdict.points > 0 else { return verdict }
            if !counted.insert(evidence.register.quantity).inserted { verdict.points = 0 }
            return verdict
        }
    }

    /// Power against voltage × current, and the total against its phases.
    fileprivate static func relations(_ registers: [RegisterEvidence]) -> [Verdict] {
        func value(_ signal: String) -> Int64? { registers.first { $0.register.signal == signal }?.value }
        var verdicts: [Verdict] = []
        for phase in ["", "-l1", "-l2", "-l3"] {
            guard let voltage = value("voltage" + phase), let current = value("current" + phase),
                let power = value("power" + phase), voltage != 0, power != 0
            else { continue }
            verdicts.append(apparent(voltage: voltage, current: current, power: power, phase: phase))
        }
        let phases = ["power-l1", "power-l2", "power-l3"].compactMap(value)
        if let total = value("power"), phases.count == 3, total != 0 || phases.contains(where: { $0 != 0 }) {
            let gap = (phases.reduce(0) { $0 &+ $1 } &- total).magnitude
            // Read at different moments: 10 %, and what a lamp takes.
            let isSum = gap <= total.magnitude / 10 + 20_000
            verdicts.append(
                isSum
                    ? Verdict(points: 3, reason: "the phases add up to the power")
                    : Verdict(points: -3, reason: "the phases do not add up to the power"))
        }
        return verdicts
    }

    /// Watts within what voltage × current allows.
    private static func apparent(voltage: Int64, current: Int64, power: Int64, phase: String) -> Verdict {
        // mV × mA = µW; doubles, as this is no accounting.
        let apparent = Double(voltage.magnitude) * Double(current.magnitude) / 1000
        let active = Double(power.magnitude)
        // Rounded registers, and a moment between them: a tenth, and 5 W.
        if active > apparent * 1.1 + 5000 {
            return Verdict(points: -4, reason: "power\(phase) is more than voltage × current")
        }
        guard current != 0, active >= apparent * 0.2 else { return Verdict(points: 0) }
        return Verdict(points: 3, reason: "power\(phase) fits voltage × current")
    }

    /// A total may stand still or rise.
    fileprivate static func movements(from registers: [RegisterEvidence], to later: RegisterImage) -> [Verdict] {
        registers.compactMap { before in
            guard before.register.isTotal, let first = before.value,
                let second = RegisterEvidence(before.register, in: later).value
            else { return nil }
            if second < first { return Verdict(points: -6, reason: "\(before.register.signal) falls") }
            return Verdict(
                points: second > first ? 2 : 0, reason: second > first ? "\(before.register.signal) rises" : nil)
        }
    }

    /// Found as it leaves its factory: most meters are never set otherwise.
    fileprivate static func settings(_ serial: SerialSettings, unit: UInt8, _ line: SerialLine?) -> [Verdict] {
        var verdicts: [Verdict] = []
        if let line, serial.baud != nil || serial.parity != nil {
            let fits =
                (serial.baud ?? line.baud) == line.baud && (serial.parity ?? line.parity) == line.parity
                && (serial.stopBits ?? line.stopBits) == line.stopBits
            if fits { verdicts.append(Verdict(points: 1, reason: "the line is set as its maker does")) }
        }
        // Nearly everything is unit 1: that says nothing.
        if let usual = serial.unit, usual == unit, usual != 1 {
            verdicts.append(Verdict(points: 1, reason: "unit \(unit) is its maker's"))
        }
        return verdicts
    }
}

// MARK: Profiles

extension MeterProfile {
    enum Identity { case this, another, unknown }

    /// What its identifying registers say; all of them must be as they should.
    func identity(in image: RegisterImage) -> Identity {
        guard !identify.isEmpty else { return .unknown }
        for register in identify {
            switch image.content(of: register.span) {
            case .words(let words): if !register.matches(words) { return .another }
            case .refused, .silent: return .another
            case .unknown: return .unknown
            }
        }
        return .this
    }

    /// Reads the same addresses in the same way.
    fileprivate func hasRegisters(of other: MeterProfile) -> Bool {
        func keys(_ profile: MeterProfile) -> Set<RegisterPlan> {
            Set(profile.registers.map { $0.plan(channel: Channel(0), poll: nil) })
        }
        return keys(self) == keys(other) && identify.isEmpty && other.identify.isEmpty
    }
}

extension IdentifyingRegister {
    var span: RegisterSpan { RegisterSpan(table: table, first: Int(address), count: type.words) }
}

extension RegisterDescription {
    /// A meter's counter, which never goes back.
    var isTotal: Bool { quantity == .energy || quantity == .volume }
}
