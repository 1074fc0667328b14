// What is asked of one meter, in which requests, and what its answers are worth. Pure; BusMaster asks.

/// One meter's registers, read in rounds: each round takes what is due, in as few requests as the meter bears.
///
/// Meters differ in what they bear, and their manuals do not always say so. A request that is refused is asked again
/// without its gaps, then in halves, until the culprit stands alone; a register that is refused alone is asked for
/// ever more seldom. So is one to which a meter stays silent that answers everything else. A meter that answers
/// nothing is asked, every other time, in small requests without gaps; if only those are answered, so it stays, for
/// some hundred rounds.
struct MeterPolling: Sendable {
    /// Rounds that a refused register is left out, at most.
    private static let longestSkip = 63
    /// What even a shy meter answers.
    private static let cautiousRegisters = 16
    /// After so many proofs that only small requests are answered, no others are sent.
    private static let proofsOfShyness = 2
    /// A request that stays silent so often in a row while others are answered is as good as refused.
    private static let silencesOfRefusal = 2
    /// What was learned may have been an accident: forgotten after so many rounds, three quarters of an hour at ten
    /// seconds.
    private static let roundsRemembered = 256

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
        /// The meter has said something in this round.
        var isAlive = false
        var hasRefusedGap = false
        /// The shortest request of several registers that was refused.
        var refusedCount: Int?
        /// A register was refused alone: neither gaps nor length were the cause.
        var hasCulprit = false
        /// A meter that refuses everything must not be asked for ever.
        var requestsLeft: Int
    }

    let plan: MeterPlan
    /// The intervals at which something of this meter is wanted, the shortest first.
    let pollMilliseconds: [Int64]
    /// What must have been read to know each register, in the plan's order.
    private let spans: [[RegisterSpan]]
    private var limits: RequestLimits
    private var manner = Manner.full
    private var proofs = 0
    private var rounds = 0
    private var refusals: [Int: Refusal] = [:]
    /// How often in a row requests stayed silent while others were answered.
    private var silences: [ReadRequest: Int] = [:]
    private var round: Round?

    init(_ plan: MeterPlan) {
        self.plan = plan
        limits = plan.limits
        spans = plan.registers.map(\.spans)
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
        for index in refusals.keys where due.contains(index) && !alone.contains(index) { refusals[index]?.left -= 1 }
        forgetNowAndThen()
        let planned = requests(for: welcome) + alone.flatMap { spans[$0] }.uniqued()
        round = Round(
            // What may stay silent comes last: it must not hide the rest.
            waiting: planned.filter { silences[$0] == nil } + planned.filter { silences[$0] != nil },
            open: (welcome + alone).sorted(), requestsLeft: 4 * plan.registers.count + 16)
        if planned.isEmpty { round = nil }
    }

    /// What to ask next in this round.
    var question: ModbusQuestion? { round?.waiting.first.map { ModbusQuestion(unit: plan.unit, $0) } }

    // MARK: Answers

    /// The answer to `question`: samples of all registers that are now known.
    mutating func answered(_ words: [UInt16], at time: BootTime) -> [Sample] {
        guard let request = take() else { return [] }
        silences[request] = nil
        round?.isAlive = true
        round?.answers.append((request, words))
        let (spans, answers) = (spans, round?.answers ?? [])
        let samples = close(at: time) { register in
            spans[register].allSatisfy { span in answers.contains { $0.request.contains(span) } }
        }
        endIfDone()
        return samples
    }

    /// The meter refuses `question`.
    mutating func refused(_ exception: ModbusException, at time: BootTime) -> [Sample] {
        guard let request = take() else { return [] }
        silences[request] = nil
        round?.isAlive = true
        guard exception.isAboutTheQuestion, (round?.requestsLeft ?? 0) > 0 else {
            return finish(request, at: time, as: .meterException(exception))
        }
        return refuse(request, at: time, as: .meterException(exception))
    }

    /// No usable answer to `question`, retries and all. Where the meter has answered others, only this request's
    /// registers fail and the round goes on; else the round is over, and `isInRound` says so.
    mutating func failed(_ error: BusError, at time: BootTime) -> [Sample] {
        guard round?.isAlive == true, error.kind == .timedOut || error.kind == .damaged else {
            if error.kind == .timedOut { beMoreCautious() }
            let samples = close(at: time, as: .busFailure(error)) { _ in true }
            round = nil
            return samples
        }
        guard let request = take() else { return [] }
        silences[request, default: 0] += 1
        if silences[request, default: 0] >= MeterPolling.silencesOfRefusal, (round?.requestsLeft ?? 0) > 0 {
            return refuse(request, at: time, as: .busFailure(error))
        }
        return finish(request, at: time, as: .busFailure(error))
    }

    /// The same question will be asked again, some time after the answers that this round has. A value and its
    /// scale must be of one moment: what waits for a second answer is asked for anew.
    mutating func repeats() {
        guard let round, round.open.contains(where: { plan.registers[$0].scaleFrom != nil }) else { return }
        self.round?.answers = []
        self.round?.waiting = (round.waiting + round.answers.map(\.request)).uniqued()
    }

    private mutating func take() -> ReadRequest? {
        guard let request = round?.waiting.first else { return nil }
        round?.waiting.removeFirst()
        round?.requestsLeft -= 1
        return request
    }

    /// A request that cannot be had as it is: cut, or its culprit found.
    private mutating func refuse(_ request: ReadRequest, at time: BootTime, as outcome: Sample.Outcome) -> [Sample] {
        let wanted = spans(in: request)
        let rest = wanted.filter { $0 != request }
        // A register as long as the request cannot be had in a shorter one.
        guard rest.count == wanted.count, wanted.count > 1 else {
            note(culprit: request)
            let spans = spans
            let samples = close(at: time, as: outcome) { spans[$0].contains(request) }
            let parts = requests(gapless: rest)
            round?.waiting.insert(contentsOf: parts, at: 0)
            endIfDone()
            return samples
        }
        let parts = smaller(request, wanted)
        round?.waiting.insert(contentsOf: parts, at: 0)
        return []
    }

    /// Whatever this request was for has this outcome.
    private mutating func finish(_ request: ReadRequest, at time: BootTime, as outcome: Sample.Outcome) -> [Sample] {
        let spans = spans
        let samples = close(at: time, as: outcome) { spans[$0].contains(where: request.contains) }
        endIfDone()
        return samples
    }

    /// Takes the open registers that `isDone` names out of the round.
    private mutating func close(
        at time: BootTime, as outcome: Sample.Outcome? = nil, where isDone: (Int) -> Bool
    ) -> [Sample] {
        let open = round?.open ?? []
        let done = open.filter(isDone)
        round?.open = open.filter { !done.contains($0) }
        return done.map { index in
            if outcome == nil { refusals[index] = nil }
            return Sample(
                channel: plan.registers[index].channel, time: time, outcome: outcome ?? value(of: plan.registers[index])
            )
        }
    }

    // MARK: Learning

    private mutating func endIfDone() {
        guard let round, round.waiting.isEmpty || round.open.isEmpty else { return }
        self.round = nil
        if !round.hasCulprit {
            if round.hasRefusedGap { limits.mostGap = 0 }
            if let count = round.refusedCount { limits.mostRegisters = max(1, count / 2) }
        }
        guard round.isAlive else { return }
        guard manner == .cautious else { return proofs = 0 }
        guard proofs < MeterPolling.proofsOfShyness else { return }
        proofs += 1
        if proofs < MeterPolling.proofsOfShyness { manner = .full }
    }

    private mutating func beMoreCautious() {
        manner = proofs >= MeterPolling.proofsOfShyness || manner == .full ? .cautious : .full
    }

    private mutating func forgetNowAndThen() {
        rounds += 1
        guard rounds % MeterPolling.roundsRemembered == 0 else { return }
        limits = plan.limits
        manner = .full
        proofs = 0
    }

    private mutating func note(culprit request: ReadRequest) {
        round?.hasCulprit = true
        for index in round?.open ?? [] where spans[index].contains(request) {
            let skip = min(MeterPolling.longestSkip, (refusals[index]?.skip ?? 0) * 2 + 1)
            refusals[index] = Refusal(skip: skip, left: skip)
        }
    }

    // MARK: Requests

    private func requests(for due: [Int]) -> [ReadRequest] {
        var limits = limits
        limits.forbidden += refusals.keys.map { plan.registers[$0].range }
        if manner == .cautious {
            limits.mostGap = 0
            limits.mostRegisters = min(limits.mostRegisters, MeterPolling.cautiousRegisters)
        }
        return limits.requests(for: due.flatMap { spans[$0] })
    }

    private func requests(gapless spans: some Sequence<RegisterSpan>) -> [ReadRequest] {
        var gapless = limits
        gapless.mostGap = 0
        return gapless.requests(for: spans)
    }

    /// What a request was sent for, in order.
    private func spans(in request: ReadRequest) -> [RegisterSpan] {
        (round?.open ?? []).flatMap { spans[$0] }.filter(request.contains).uniqued()
            .sorted { $0.first < $1.first }
    }

    /// The same registers in shorter requests: without gaps, else in halves.
    private mutating func smaller(_ request: ReadRequest, _ wanted: [RegisterSpan]) -> [ReadRequest] {
        let parts = requests(gapless: wanted)
        if parts.count > 1 {
            round?.hasRefusedGap = true
            return parts
        }
        let shortest = min(round?.refusedCount ?? request.count, request.count)
        round?.refusedCount = shortest
        let half = wanted.count / 2
        return requests(gapless: wanted[..<half]) + requests(gapless: wanted[half...])
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

    var range: RegisterRange {
        RegisterRange(table: table, first: address, last: UInt16(clamping: Int(address) + length - 1))
    }
}

extension Array where Element: Hashable {
    /// Each element once, where it first stood.
    package func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
