// masked: a rule about absence that something keeps satisfied although nobody is there: a leak, a cistern, a
// refrigerator. It would stay fine over an empty flat for ever, so that is said by name: <rule>.masked, technical.
//
//     use in every slot, for    as evenly as    as much of it as         nothing subtracts it yet    verdict
//                               what flows      the rule asks for
//     ──────────────────────    ────────────    ─────────────────────    ────────────────────────    ───────
//     less than 23 h            any             any                      –                           fine
//     23 h                      for 23 h        yes, in that time        yes                         wrong
//     23 h                      less long       yes                      yes                         fine
//     3 days                    any             yes                      yes                         wrong
//     23 h or more              any             no                       –                           fine
//     23 h or more              any             yes                      no (no-activity knows it)   fine
//
// People sleep, go out, or sit in a chair: hardly any 23 h of theirs are without a pause as long as a slot, and no three
// days. And they draw in lumps: what flows alone never makes more than twice its mean in one hour. So a drip is known a
// day after somebody was there last; beside somebody who uses water it needs three nights to be seen.
//
// A slot holds one count of what the rule would miss, and two readings. Where that makes it longer than 3 h, as for
// 10 L in 12 h on a register of 10 L steps, a drip looks like a life of few words, and nobody could tell: there is no
// such alert.

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
    private var evenness: Evenness?

    private static let span = Span.hours(23)
    /// What is drawn in lumps must go on for so long: three nights.
    private static let unevenSpan = Span.days(3)
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

    mutating func take(_ observation: Observation, from signal: SignalState) {
        flow.take(observation, from: signal)
        guard let proven = flow.proven else {
            evenness = nil
            return
        }
        var even = evenness ?? Evenness(flow: proven.since, observation)
        if even.flow != proven.since { even = Evenness(flow: proven.since, observation) }
        even.take(observation, step: step)
        if even.lasted >= Masking.span, isEnough(even.used, in: even.lasted) { even.wasEnough = true }
        evenness = even
    }

    func judgement(at now: Instant, _ signals: [SignalState], _ bases: [BaseUse?]) -> Judgement {
        let judgement = flow.judgement(at: now, signals)
        guard judgement.verdict == .wrong else { return judgement }
        guard let proven = flow.proven, proven.lasted >= limit else { return .fine }
        // no-activity no longer hears what is known to run by itself.
        let isSubtracted = enough == nil && (bases[signal.index]?.leastCounts(at: now) ?? 0) > 0
        return !isSubtracted && isEnough(proven.used, in: proven.counted) ? judgement : .fine
    }

    private var limit: Span { evenness?.wasEnough ?? false ? Masking.span : Masking.unevenSpan }

    /// Whether as much as the rule asks for, of which a count may not have shown yet.
    private func isEnough(_ used: Int64, in time: Span) -> Bool {
        guard let enough else { return true }
        return used.clampedSum(step).clampedProduct(enough.window.milliseconds)
            >= enough.amount.clampedProduct(time.milliseconds)
    }

    func reasons(for rule: String, at now: Instant, _ signals: [SignalState]) -> [String] {
        ["\(rule) cannot speak: \(signals[signal.index].model.name) never stops"]
            + flow.reasons(at: now, signals, limit: limit)
    }

    struct Memory {
        var flow: ContinuousUse.Memory?
        var evenness: Evenness?
    }

    var memory: Memory {
        get { Memory(flow: flow.memory.continuousUse, evenness: evenness) }
        set {
            flow.restore(newValue.flow)
            evenness = newValue.evenness
        }
    }

    /// How long the hours of a flow have been alike.
    struct Evenness: Hashable, Codable, Sendable {
        /// Which flow (`ContinuousUse.Proven.since`).
        let flow: Instant
        /// Since when they are.
        private var begin: Instant
        private var beginValue: Int64
        /// Where the present hour began.
        private var time: Instant
        private var value: Int64
        /// The most of any hour, in base units an hour, less one count.
        private var most: Int64 = 0
        /// They were for `span`, and made enough: what somebody draws later does not make it less of a leak.
        var wasEnough = false

        init(flow: Instant, _ observation: Observation) {
            self.flow = flow
            (begin, beginValue) = (observation.time, observation.value)
            (time, value) = (observation.time, observation.value)
        }

        var lasted: Span { time - begin }
        var used: Int64 { value.clampedDifference(beginValue) }

        mutating func take(_ observation: Observation, step: Int64) {
            let length = observation.time - time
            guard length >= .hours(1) else { return }
            let drawn = observation.value.clampedDifference(value).clampedDifference(step)
            most = max(most, Evenness.hourly(drawn, length))
            (time, value) = (observation.time, observation.value)
            guard most > Evenness.hourly(used, lasted).clampedProduct(2) else { return }
            (begin, beginValue, most) = (time, value, 0)
        }

        private static func hourly(_ amount: Int64, _ time: Span) -> Int64 {
            amount.clampedProduct(Span.hours(1).milliseconds) / max(1, time.milliseconds)
        }
    }
}
