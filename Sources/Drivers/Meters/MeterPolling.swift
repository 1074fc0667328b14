// What is asked of one meter, in which requests, and what its answers are worth. Pure; BusMaster asks.

/// One meter's registers, read in rounds: each round takes what is due, in as few requests as the meter bears.
///
/// Meters differ in what they bear, and their manuals do not always say so. A request that is refused is asked again
/// without its gaps, then in halves, until the culprit stands alone; a register that is refused alone is asked for
/// ever more seldom. A meter that stays silent is asked, every other time, in small requests without gaps; if only
/// those are answered, so it stays.
struct MeterPolling: Sendable {
    /// Rounds that a refused register is left out, at most.
    private static let longestSkip = 63
    /// What even a shy meter answers.
    private static let cautiousRegisters = 16
    /// After so many proofs that only small requests are answered, no others are sent.
    private static let proofsOfShyness = 2

    private enum Manner: Sendable { case full, cautious }

    private struct Refusal: Sendable {
        /// Rounds to leave the register out after this refusal, and how many of them are left.
        var skip: Int
        var left: Int
    }

    private struct Round: Sendable {
        var waiting: [ReadRequest]
        /// Registers that still want an answer, by their position in the plan.
        var open: [Int]
        var answers: [(request: ReadRequest, words: [UInt16])] = []
        var hasRefusedGap = false
        /// The shortest request of several registers that was refused.
        var refusedCount: Int?
        /// A register was refused alone: neither gaps nor length were the cause.
        var hasCulprit = false
    }

    let plan: MeterPlan
    /// The intervals at which something of this meter is wanted, the shortest first.
    let pollMilliseconds: [Int64]
    private var limits: RequestLimits
    private var manner = Manner.full
    private var proofs = 0
    private var refusals: [Int: Refusal] = [:]
    private var round: Round?
    /// What was planned for these registers, while limits, manner and refusals stay as they are.
    private var planned: [[Int]: [ReadRequest]] = [:]

    init(_ plan: MeterPlan) {
        self.plan = plan
        limits = plan.limits
        let polls = Set(plan.registers.indices.map { plan.poll(of: $0) })
        pollMilliseconds = polls.isEmpty ? [plan.pollMilliseconds] : polls.sorted()
    }

    /// Whether a round has begun and is not over.
    var isInRound: Bool { round != nil }

    /// Begins a round over the registers of these intervals.
    mutating func begin(grids: [Int]) {
        let polls = grids.map { pollMilliseconds[$0] }
        let due = plan.registers.indices.filter { polls.contains(plan.poll(of: $0)) }
        let welcome = due.filter { refusals[$0] == nil }
        let alone = due.filter { refusals[$0]?.left == 0 }
        for index in due where !alone.contains(index) { refusals[index]?.left -= 1 }
        let waiting = requests(for: welcome) + alone.flatMap { plan.registers[$0].spans }.uniqued()
        round = Round(waiting: waiting, open: (welcome + alone).sorted())
        endIfDone()
    }

    /// What to ask next in this round.
    var question: ModbusQuestion? { round?.waiting.first.map { ModbusQuestion(unit: plan.unit, $0) } }

    // MARK: Answers

    /// The answer to `question`: samples of all registers that are now known.
    mutating func answered(_ words: [UInt16], at time: BootTime) -> [Sample] {
        guard let request = round?.waiting.first else { return [] }
        round?.waiting.removeFirst()
        round?.answers.append((request, words))
        let answers = round?.answers ?? []
        let samples = close(at: time) { register in
            register.spans.allSatisfy { span in answers.contains { $0.request.contains(span) } }
        }
        endIfDone()
        return samples
    }

    /// The meter refuses `question`.
    mutating func refused(_ exception: ModbusException, at time: BootTime) -> [Sample] {
        guard let request = round?.waiting.first else { return [] }
        round?.waiting.removeFirst()
        let wanted = spans(in: request)
        if exception.isAboutTheQuestion, wanted.count > 1 {
            let parts = smaller(request, wanted)
            round?.waiting.insert(contentsOf: parts, at: 0)
            return []
        }
        if exception.isAboutTheQuestion { note(culprit: request) }
        let samples = close(at: time, as: .meterException(exception)) { $0.spans.contains(where: request.contains) }
        endIfDone()
        return samples
    }

    /// The round is given up: the same failure for every register that still wants an answer.
    mutating func failed(_ error: BusError, at time: BootTime) -> [Sample] {
        let samples = close(at: time, as: .busFailure(error)) { _ in true }
        round = nil
        planned = [:]
        let isShy = proofs >= MeterPolling.proofsOfShyness
        manner = isShy || manner == .full ? .cautious : .full
        return samples
    }

    /// Takes the open registers that `isDone` names out of the round.
    private mutating func close(
        at time: BootTime, as outcome: Sample.Outcome? = nil, where isDone: (RegisterPlan) -> Bool
    ) -> [Sample] {
        let open = round?.open ?? []
        let done = open.filter { isDone(plan.registers[$0]) }
        round?.open = open.filter { !done.contains($0) }
        return done.map { index in
            if outcome == nil, refusals.removeValue(forKey: index) != nil { planned = [:] }
            return Sample(
                channel: plan.registers[index].channel, time: time, outcome: outcome ?? value(of: plan.registers[index])
            )
        }
    }

    private mutating func endIfDone() {
        guard let round, round.waiting.isEmpty else { return }
        self.round = nil
        if !round.hasCulprit {
            if round.hasRefusedGap { limits.mostGap = 0 }
            if let count = round.refusedCount { limits.mostRegisters = max(1, count / 2) }
        }
        if round.hasRefusedGap || round.refusedCount != nil { planned = [:] }
        learn()
    }

    /// A round went through.
    private mutating func learn() {
        guard manner == .cautious else { return proofs = 0 }
        guard proofs < MeterPolling.proofsOfShyness else { return }
        proofs += 1
        guard proofs < MeterPolling.proofsOfShyness else { return }
        manner = .full
        planned = [:]
    }

    // MARK: Requests

    private mutating func requests(for due: [Int]) -> [ReadRequest] {
        if let known = planned[due] { return known }
        var limits = limits
        limits.forbidden += refusals.keys.map { plan.registers[$0].range }
        if manner == .cautious {
            limits.mostGap = 0
            limits.mostRegisters = min(limits.mostRegisters, MeterPolling.cautiousRegisters)
        }
        let requests = limits.requests(for: due.flatMap { plan.registers[$0].spans })
        planned[due] = requests
        return requests
    }

    /// What a request was sent for, in order.
    private func spans(in request: ReadRequest) -> [RegisterSpan] {
        (round?.open ?? []).flatMap { plan.registers[$0].spans }.filter(request.contains).uniqued()
            .sorted { $0.first < $1.first }
    }

    /// The same registers in shorter requests: without gaps, else in halves.
    private mutating func smaller(_ request: ReadRequest, _ wanted: [RegisterSpan]) -> [ReadRequest] {
        var gapless = limits
        gapless.mostGap = 0
        let parts = gapless.requests(for: wanted)
        if parts.count > 1 {
            round?.hasRefusedGap = true
            return parts
        }
        let shortest = min(round?.refusedCount ?? request.count, request.count)
        round?.refusedCount = shortest
        let half = wanted.count / 2
        return gapless.requests(for: wanted[..<half]) + gapless.requests(for: wanted[half...])
    }

    private mutating func note(culprit request: ReadRequest) {
        round?.hasCulprit = true
        planned = [:]
        for index in round?.open ?? [] where plan.registers[index].spans.contains(where: request.contains) {
            let skip = min(MeterPolling.longestSkip, (refusals[index]?.skip ?? 0) * 2 + 1)
            refusals[index] = Refusal(skip: skip, left: skip)
        }
    }

    // MARK: Values

    private func words(of span: RegisterSpan) -> ArraySlice<UInt16>? {
        guard let answer = round?.answers.first(where: { $0.request.contains(span) }) else { return nil }
        return answer.words.dropFirst(span.first - answer.request.first).prefix(span.count)
    }

    private func value(of register: RegisterPlan) -> Sample.Outcome {
        let scale = register.scaleFrom.flatMap { words(of: RegisterSpan($0)) }
        do throws(UnusableValue) {
            return .value(try register.decode(words(of: RegisterSpan(register)) ?? [], scale: scale ?? []))
        } catch {
            let place =
                "meter \(plan.name) (unit \(plan.unit)), \(register.table.rawValue) register \(register.address)"
            switch error {
            case .noValue(let reason): return .noValue(reason: "\(place) \(reason)")
            case .senseless(let reason):
                // The meter is there and the frame was good; the value is as useless as a damaged one.
                return .busFailure(
                    BusError(
                        kind: .damaged, message: "\(place) \(reason)",
                        advice: "Check address, type and order of this register against the meter's datasheet."))
            }
        }
    }
}

extension MeterPlan {
    func poll(of register: Int) -> Int64 { registers[register].pollMilliseconds ?? pollMilliseconds }
}

extension RegisterPlan {
    /// What must have been read to know its value.
    package var spans: [RegisterSpan] { [RegisterSpan(self)] + (scaleFrom.map { [RegisterSpan($0)] } ?? []) }

    var range: RegisterRange { RegisterRange(table: table, first: address, last: address + UInt16(length - 1)) }
}

extension ModbusException {
    /// Illegal function, address or value: other questions may be answered. The rest are about the meter's state.
    var isAboutTheQuestion: Bool { (1...3).contains(code) }
    /// A gateway's word for a meter that is not there (codes 10 and 11).
    package var isAboutTheWay: Bool { code == 10 || code == 11 }
}

extension Array where Element: Hashable {
    /// Each element once, where it first stood.
    package func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
