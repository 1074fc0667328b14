// continuous-use: something was used in every slot (30 min) of a span (24 h): a leak, a tap or a hot plate left on.
//
// A count: a register went up by `atLeast` since the last count; a power was at `atLeast` or above. From one
// count to the next no more than a slot may pass, else nothing was used for a while and the span begins anew.
//
//     since the last count                      the readings say                          the span
//     ───────────────────────────────────────   ───────────────────────────────────────   ────────────────────────
//     a count within the slot                   used                                      goes on
//     no count for a slot, seen by readings     not used                                  broken: begins at the next
//                                                                                         count
//     a gap over the slot's end, and the        used as steadily as before, or more       goes on
//     register rose by as many counts as slots
//     a gap over the slot's end, less use       either                                    goes on, but is not proven
//
//     signal   unbroken for, proven      for, not proven       verdict
//     ──────   ───────────────────────   ───────────────────   ───────────────────────────
//     missing  any                       any                   cannot tell
//     seen     the span                  any                   wrong
//     seen     less                      less                  fine
//     seen     less                      the span              cannot tell
//
// What was before the first reading is not known: until the first break, or a whole span, it cannot tell.

struct ContinuousUse: Judge {
    let signals: [SignalID]
    let slot: Span
    let span: Span
    /// Base units of a register or of a power; more than zero.
    let atLeast: Int64
    let rises: [Span]
    private var state: Memory?

    struct Memory: Hashable, Codable, Sendable {
        /// The last count, and what the register showed then.
        var counted: Instant
        var value: Int64
        var newest: Instant
        /// Since when use is proven in every slot, and what the register showed then; nil: not since the last slot.
        var proven: Instant?
        var provenValue: Int64 = 0
        /// Since when it is possible; nil: not since the last slot.
        var possible: Instant?
        /// It was possible before the first reading already.
        var isOpenEnded = true
    }

    init(signal: SignalID, slot: Span, span: Span, atLeast: Int64, rises: [Span], memory: Memory?) {
        signals = [signal]
        self.slot = slot
        self.span = span
        self.atLeast = atLeast
        self.rises = rises
        state = memory
    }

    mutating func restore(_ memory: Memory?) { state = memory }

    /// Use in every slot, up to the newest reading.
    struct Proven {
        var since: Instant
        var lasted: Span
        /// Up to the last count.
        var used: Int64
        var counted: Span
    }

    /// nil: not since the last slot.
    var proven: Proven? {
        guard let state, let since = state.proven else { return nil }
        return Proven(
            since: since, lasted: state.newest - since, used: state.value.clampedDifference(state.provenValue),
            counted: state.counted - since)
    }

    mutating func take(_ observation: Observation, from signal: SignalState) {
        let isRegister = signal.quantity?.isCumulative ?? false
        let isCount = !isRegister && observation.value >= atLeast
        guard var state, !(isRegister && observation.isFall) else {
            let start = isRegister || isCount ? observation.time : nil
            state = Memory(
                counted: observation.time, value: observation.value, newest: observation.time, proven: start,
                provenValue: observation.value, possible: start)
            return
        }
        defer { self.state = state }
        let (time, seen) = (observation.time, state.newest)
        state.newest = time
        // Nothing was counted up to the reading before: that slot is over.
        if seen - state.counted >= slot { state.pause() }
        let counts = isRegister ? observation.value.clampedDifference(state.value) / atLeast : isCount ? 1 : 0
        guard counts >= 1 else {
            if time - state.counted >= slot { state.pause() }
            return
        }
        let slots = (time - state.counted).milliseconds.clampedSum(slot.milliseconds - 1) / slot.milliseconds
        if state.proven == nil || slots > counts {
            state.proven = time
            state.provenValue = observation.value
        }
        if state.possible == nil { state.possible = time }
        state.counted = time
        state.value = observation.value
    }

    func judgement(at now: Instant, _ signals: [SignalState]) -> Judgement {
        guard let state, !signals[self.signals[0].index].isMissing else { return .cannotTell }
        if let proven = state.proven, state.newest - proven >= span {
            return .wrong(asOf: state.newest, rises) { proven + $0 }
        }
        let isPossible = state.possible.map { state.isOpenEnded || state.newest - $0 >= span } ?? false
        return isPossible ? .cannotTell : .fine
    }

    func reasons(at now: Instant, _ signals: [SignalState]) -> [String] { reasons(at: now, signals, limit: span) }

    func reasons(at now: Instant, _ signals: [SignalState], limit span: Span) -> [String] {
        let signal = signals[self.signals[0].index]
        if signal.isMissing { return [signal.silenceText(at: now)] }
        guard let state, let quantity = signal.quantity else { return ["\(signal.model.name): no reading yet"] }
        let limit = "limit \(span.text)"
        guard let proven = state.proven else {
            return ["nothing used for \((state.newest - state.counted).text), \(limit) with use in every \(slot.text)"]
        }
        let lasted = (state.newest - proven).text
        let much =
            quantity.isCumulative
            ? "\(quantity.text(state.value.clampedDifference(state.provenValue))) used, some in every \(slot.text)"
            : "\(quantity.text(atLeast)) or more in every \(slot.text)"
        return ["\(much), for \(lasted), \(limit)"]
    }

    var memory: JudgeMemory { JudgeMemory(continuousUse: state) }
}

extension ContinuousUse.Memory {
    fileprivate mutating func pause() {
        proven = nil
        possible = nil
        isOpenEnded = false
    }
}
