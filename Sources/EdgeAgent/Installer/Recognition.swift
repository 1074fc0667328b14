// Asks one unit what every profile would ask it, as few questions as possible: answers are shared among profiles, and
// a profile whose first register is refused is not asked for the rest.

import Drivers

struct Recognition {
    /// What came of a question; nil: no more questions, somebody pressed Ctrl-C or the port is gone.
    typealias Ask = (RegisterSpan) -> Result<ModbusReply, BusError>?

    /// A profile whose registers are refused so often is not this unit's.
    private static let mostRefusals = 3
    /// How many of the best are asked for their totals once more.
    private static let finalists = 3

    private let ranking: ProfileRanking
    private(set) var image: RegisterImage
    /// Totals, read again.
    private(set) var later: RegisterImage?
    private var isEnded = false

    /// - Parameter image: what is known already, from the first contact.
    init(_ ranking: ProfileRanking, image: RegisterImage) {
        self.ranking = ranking
        self.image = image
    }

    /// Asks everything; false: it was ended before.
    mutating func examine(unit: UInt8, on line: SerialLine?, _ ask: Ask) -> Bool {
        for profile in ranking.profiles.sorted(by: { order($0) < order($1) }) {
            examine(profile, ask)
            if isEnded { return false }
            if isSettled(by: profile, unit: unit, on: line) { break }
        }
        let candidates = ranking.candidates(for: image, unit: unit, on: line)
        readTotalsAgain(of: candidates, ask)
        if candidates.first.map({ $0.certainty == .weak }) ?? true { readBeginnings(ask) }
        return !isEnded
    }

    /// Those that can identify themselves first, then those with the most to say.
    private func order(_ profile: MeterProfile) -> (Int, Int, String) {
        (profile.identify.isEmpty ? 1 : 0, -profile.registers.count, profile.name)
    }

    /// An identified meter with everything in order needs no other profile.
    private func isSettled(by profile: MeterProfile, unit: UInt8, on line: SerialLine?) -> Bool {
        guard profile.identity(in: image) == .this else { return false }
        let best = ProfileRanking(profiles: [profile]).candidates(for: image, unit: unit, on: line).first
        return best?.certainty == .certain
    }

    private mutating func examine(_ profile: MeterProfile, _ ask: Ask) {
        for register in profile.identify {
            guard isKnown(register.span, ask) else { return }
        }
        if profile.identity(in: image) == .another { return }
        let spans = profile.registers.flatMap { $0.plan(channel: Channel(0), poll: nil).spans }
        guard let first = spans.first else { return }
        let planned = profile.limits.requests(for: spans)
        var gapless = profile.limits
        gapless.mostGap = 0
        // The request with the first register decides whether the rest is worth asking for.
        var refusals = 0
        for request in planned.sorted(by: { $0.contains(first) && !$1.contains(first) }) {
            if isKnown(request, ask) { continue }
            if isEnded { return }
            // Refused, maybe for a gap or for its length.
            let parts = gapless.requests(for: spans.filter(request.contains))
            for part in parts.sorted(by: { $0.contains(first) && !$1.contains(first) }) {
                if isKnown(part, ask) { continue }
                if isEnded { return }
                refusals += 1
                if part.contains(first), !isKnown(first, ask) { return }
                if refusals >= Recognition.mostRefusals { return }
                for span in spans.filter(part.contains) where !isEnded { _ = isKnown(span, ask) }
            }
        }
    }

    /// Whether the unit has content there; asks if nobody has yet.
    private mutating func isKnown(_ span: RegisterSpan, _ ask: Ask) -> Bool {
        if case .unknown = image.content(of: span) { put(span, ask) }
        if case .words = image.content(of: span) { return true }
        return false
    }

    private mutating func put(_ span: RegisterSpan, _ ask: Ask) {
        guard !isEnded else { return }
        guard var reply = ask(span) else {
            isEnded = true
            return
        }
        // One lost frame must not cost a meter its name.
        if case .failure = reply {
            guard let second = ask(span) else {
                isEnded = true
                return
            }
            reply = second
        }
        image.take(reply, to: span)
    }

    private mutating func readTotalsAgain(of candidates: [ProfileRanking.Candidate], _ ask: Ask) {
        var later = image
        var asked: Set<RegisterSpan> = []
        for candidate in candidates.prefix(Recognition.finalists) {
            for register in candidate.registers where register.register.isTotal && register.value != nil {
                for span in register.register.plan(channel: Channel(0), poll: nil).spans
                where asked.insert(span).inserted {
                    guard let reply = ask(span) else {
                        isEnded = true
                        return
                    }
                    if case .success(.words) = reply { later.take(reply, to: span) }
                }
            }
        }
        self.later = later
    }

    /// What somebody else needs to find out what it is: the first registers of both tables.
    private mutating func readBeginnings(_ ask: Ask) {
        for table in [ModbusTable.holding, .input] {
            let all = RegisterSpan(table: table, first: 0, count: FoundMeter.shownRegisters)
            if isKnown(all, ask) { continue }
            for address in 0..<all.count where !isEnded {
                _ = isKnown(RegisterSpan(table: table, first: address, count: 1), ask)
            }
        }
    }

    /// What it may be, the best first.
    func candidates(unit: UInt8, on line: SerialLine?) -> [ProfileRanking.Candidate] {
        ranking.candidates(for: image, later: later, unit: unit, on: line)
    }
}
