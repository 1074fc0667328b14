// One counter's register read again and again, and what of it was use. The total that rules and cloud see never
// falls and never jumps: it only grows by what was used. Pure: time is an argument.
//
// An ordinary reading is taken at once. Anything else is held back as suspect, with the total as it was, until the
// next reading says which it was; that reading lies nearer to the old register or nearer to the doubtful one,
// and of two explanations that are both possible the nearer one is the one with less use.
//
//     the register …                              next reading   it was         total grows by      notice
//     ──────────────────────────────────────────  ─────────────  ─────────────  ──────────────────  ─────────────
//     is the first ever                           –              the beginning  (starts with it)    –
//     rises as much as can run in 3 polls         –              use            the rise            –
//     falls by 2 counts, or by the play           –              a bounce       nothing, nor later  –
//                                                                               by coming back
//     falls on, once it is known to run backwards –              reverse flow   nothing             –
//     rises by more                               agrees with    a glitch       what the next one   glitch
//     falls by more                               the old one    a glitch       shows               glitch
//     rises by what can have run since the last   agrees         use            the rise            –
//       reading, or in an hour of standing still
//     falls, and turned over that is possible     agrees         a roll-over    the turned-over     roll-over
//       use, and little of the display                                          rise
//     falls to what can have run from zero,       agrees         a reset        nothing             reset
//       within 5 min
//     falls by what can have flowed back          agrees         reverse flow   nothing             reverse flow
//     does anything else                          agrees         another meter  nothing             replaced; open
//                                                                                                   until confirmed
//     is where it was before a reset or           agrees         never gone     what the old        returned
//       replacement of less than a day ago                                      register shows
//     contradicts the first reading ever          agrees         a bad first    nothing             glitch
//     contradicts all others, three times         –              broken         nothing; *missing*  erratic
//
// What ran between the last reading of an old register and the first of a new one is not known and not counted:
// an unknown must not pass for use while somebody lies on the floor.

import LocalRules

/// Interprets one cumulative register.
struct Counter: Sendable {
    /// What one reading came to.
    struct Outcome: Hashable, Sendable {
        var total: Int64
        var quality: Reading.Quality
        var notices: [CounterNotice] = []
    }

    let plan: CounterPlan
    private(set) var memory: CounterMemory

    /// - Parameter memory: of an earlier run; nil: the first reading begins the total.
    init(plan: CounterPlan, memory: CounterMemory? = nil) {
        self.plan = plan
        self.memory = memory ?? CounterMemory()
    }

    /// A replacement that nobody has confirmed yet.
    var replacement: CounterReplacement? { memory.replacement }

    /// Its readings contradict each other, so that nothing can be judged by them.
    var isErratic: Bool { (memory.doubt?.count ?? 0) >= CounterLimits.readingsInDoubt }

    /// What the last doubtful reading showed; nil: there is no doubt, or it was no number.
    var doubtful: Int64? { memory.doubt?.register }

    /// A person said what happened to the meter. nil: nothing was open.
    mutating func confirmReplacement() -> CounterReplacement? {
        defer {
            memory.replacement = nil
            memory.earlier = nil
        }
        return memory.replacement
    }

    /// Takes one reading in base units, in order of time; nil: beyond 64 bits.
    mutating func take(_ register: Int64?, at time: Instant) -> Outcome {
        var notices: [CounterNotice] = []
        var isConfirmed = false
        guard memory.line != nil else { return begin(register, at: time) }
        if let doubt = memory.doubt {
            switch verdict(register, at: time, on: doubt) {
            case .denied: notices += deny(doubt, at: time)
            case .confirmed:
                notices += settle(doubt)
                isConfirmed = true
            case .open: return hold(register, at: time, count: min(doubt.count, CounterLimits.readingsInDoubt) + 1)
            }
            memory.doubt = nil
        }
        guard let register,
            let move = ordinaryMove(to: register, at: time)
                ?? (isConfirmed ? onwardMove(to: register, at: time) : nil)
        else {
            var outcome = hold(register, at: time, count: 1)
            outcome.notices = notices + outcome.notices
            return outcome
        }
        advance(by: move, to: register, at: time)
        return Outcome(total: memory.total, quality: .good, notices: notices)
    }

    /// The first reading of a line. A total that an earlier register has left goes on.
    private mutating func begin(_ register: Int64?, at time: Instant) -> Outcome {
        guard let register else { return hold(nil, at: time, count: (memory.doubt?.count ?? 0) + 1) }
        memory.total = memory.hasTotal ? memory.total : register
        memory.hasTotal = true
        memory.line = CounterLine(register: register, time: time, isProven: false)
        memory.doubt = nil
        return Outcome(total: memory.total, quality: .good)
    }

    private mutating func hold(_ register: Int64?, at time: Instant, count: Int) -> Outcome {
        memory.doubt = CounterDoubt(register: register, time: time, count: count)
        guard isErratic else { return Outcome(total: memory.total, quality: .suspect) }
        return Outcome(total: memory.total, quality: .missing, notices: say(.erratic(read: register), at: time))
    }

    /// The register moved by `move`, which may be backwards. What it fell before, it must climb again first:
    /// a bounce is no use, however often it comes.
    mutating func advance(by move: Int128, to register: Int64, at time: Instant) {
        guard var line = memory.line else { return }
        let dip = Int128(line.dip) - move
        if dip < 0 {
            memory.total = Int64(clamping: Int128(memory.total) - dip)
            line.isReversing = false
        }
        line.dip = Int64(clamping: min(max(0, dip), plan.tolerance(at: register)))
        if move != 0 { line.changed = time }
        line.register = register
        line.time = time
        line.isProven = true
        memory.line = line
    }

    /// A remark, unless the same was made about this counter a short while ago.
    mutating func say(_ notice: CounterNotice, at time: Instant) -> [CounterNotice] {
        let pause = Int128(CounterLimits.sayAgainAfter(notice).milliseconds)
        if let last = memory.said[notice.code], milliseconds(from: last, to: time) < pause { return [] }
        memory.said[notice.code] = time
        return [notice]
    }

    mutating func change(_ body: (inout CounterMemory) -> Void) { body(&memory) }
}

/// Never negative, and never out of range: a damaged memory may hold any number.
func milliseconds(from earlier: Instant, to later: Instant) -> Int128 {
    max(0, Int128(later.milliseconds) - Int128(earlier.milliseconds))
}
