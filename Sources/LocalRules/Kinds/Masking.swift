// masked: a rule about absence that something keeps satisfied although nobody is there: a leak, a cistern, a
// refrigerator. It would stay fine over an empty flat for ever, so that is said by name: <rule>.masked, technical.
//
//     use in every slot, for 23 h    as much of it as the rule asks for    nothing subtracts it yet    verdict
//     ───────────────────────────    ──────────────────────────────────    ────────────────────────    ───────
//     no                             any                                   –                           fine
//     yes                            no                                    –                           fine
//     yes                            yes                                   yes                         wrong
//     yes                            yes                                   no (no-activity knows it)   fine
//
// People sleep, go out, or sit in a chair: no ordinary 23 h are without a pause as long as a slot. A slot holds one
// count of what the rule would miss, and two readings. Where that makes it longer than 3 h, as for 10 L in 12 h on a
// register of 10 L steps, a drip looks like a life of few words, and nobody could tell: there is no such alert.

extension HomeModel {
    /// The volumes of a rule about absence of which a drip could keep it satisfied without anybody hearing of it.
    package func unseenDrips(of rule: RuleModel) -> [SignalID] {
        var home = self
        home.rules = [rule]
        return rule.kind.signals.filter { id in
            let canMask =
                switch rule.kind {
                case .lowUse, .noActivity: signals[id.index].source == .meter(.volume)
                default: false
                }
            return canMask && Masking(rule: 0, signal: id, in: home) == nil
        }
    }
}

struct Masking: Sendable {
    /// Position of the rule it is about.
    let rule: Int
    let signal: SignalID
    /// Use of this much in this time satisfies the rule; nil: any use does.
    private let enough: (amount: Int64, window: Span)?
    /// Base units of one count, of which the use may be short.
    private let step: Int64
    private var flow: ContinuousUse

    private static let span = Span.hours(23)
    private static let longestSlot = Span.hours(3)

    /// nil: this signal cannot mask this rule, or it could not be told.
    init?(rule: Int, signal: SignalID, in home: HomeModel) {
        let source = home.signals[signal.index]
        guard case .meter(let quantity) = source.source, quantity.isCumulative else { return nil }
        let step = max(1, source.step ?? 1)
        // Refrigerators rest for up to an hour; supervision is three readings and five minutes at least.
        var slot = quantity == .energy ? Span.hours(2) : Span.minutes(30)
        let poll = Span(milliseconds: (source.silentAfter ?? .zero).milliseconds / 3)
        slot = max(slot, poll)
        var atLeast = step
        switch home.rules[rule].kind {
        case .lowUse(_, let window, let below):
            let countTime = step.clampedProduct(window.milliseconds) / below
            slot = max(slot, Span(milliseconds: countTime.clampedSum(countTime / 4)))
            atLeast = max(step, below.clampedProduct(slot.milliseconds) / window.milliseconds / step * step)
            enough = (below, window)
        case .noActivity where quantity == .volume:
            slot = max(slot, .minutes(90))
            enough = nil
        default: return nil
        }
        slot = slot + poll
        guard slot <= Masking.longestSlot else { return nil }
        self.rule = rule
        self.step = step
        self.signal = signal
        flow = ContinuousUse(
            signal: signal, slot: slot, span: Masking.span, atLeast: atLeast, rises: [], memory: nil)
    }

    mutating func take(_ observation: Observation, from signal: SignalState) { flow.take(observation, from: signal) }

    func judgement(at now: Instant, _ signals: [SignalState], _ bases: [BaseUse?]) -> Judgement {
        let judgement = flow.judgement(at: now, signals)
        guard judgement.verdict == .wrong else { return judgement }
        // no-activity no longer hears what is known to run by itself.
        let isSubtracted = enough == nil && (bases[signal.index]?.leastCounts(at: now) ?? 0) > 0
        return !isSubtracted && isEnough ? judgement : .fine
    }

    private var isEnough: Bool {
        guard let enough else { return true }
        guard let memory = flow.memory.continuousUse, let proven = memory.proven else { return false }
        let used = memory.value.clampedDifference(memory.provenValue).clampedSum(step)
        let time = (memory.counted - proven).milliseconds
        return used.clampedProduct(enough.window.milliseconds) >= enough.amount.clampedProduct(time)
    }

    func reasons(for rule: String, at now: Instant, _ signals: [SignalState]) -> [String] {
        ["\(rule) cannot speak: \(signals[signal.index].model.name) never stops"] + flow.reasons(at: now, signals)
    }

    var memory: ContinuousUse.Memory? {
        get { flow.memory.continuousUse }
        set { flow.restore(newValue) }
    }
}
