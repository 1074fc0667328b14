// Modbus on one bus: framing, the order of answers, and how long each unit is waited for.

/// One question and what came of it, with the frames, for those who look at them.
package struct ModbusExchange: Sendable {
    package var reply: Result<ModbusReply, BusError>
    /// The whole frame; empty where nothing could be sent.
    package var sent: [UInt8] = []
    /// Everything that arrived.
    package var received: [UInt8] = []
    package var roundTripNanoseconds: Int64 = 0

    package init(
        reply: Result<ModbusReply, BusError>, sent: [UInt8] = [], received: [UInt8] = [],
        roundTripNanoseconds: Int64 = 0
    ) {
        self.reply = reply
        self.sent = sent
        self.received = received
        self.roundTripNanoseconds = roundTripNanoseconds
    }

    /// Units of which a sound serial frame arrived, whoever was asked: an answer may come too late for its own
    /// question.
    package var heardUnits: Set<UInt8> { Set(ModbusFraming.units(answeringIn: received)) }
}

/// Owns the exchanges of one bus and what is known of each unit on it. One thread.
struct ModbusLink<Port: BusPort & ~Copyable>: ~Copyable {
    private struct Unit: Sendable {
        var order = ReplyOrder()
        var turnaround = Turnaround()
        var answers = 0
        var failures = 0
        /// Questions that it has answered, of different lengths: probes that it will answer.
        var known: [ModbusQuestion] = []
        var last: (question: ModbusQuestion, received: [UInt8])?
        /// It was heard when nobody had asked it: late, or there are two of it.
        var speaksUnasked = false
    }

    /// What came of wanting to ask.
    enum Asked: Sendable {
        case done(ModbusExchange)
        /// Not yet; ask again after so many milliseconds.
        case later(milliseconds: Int64)
    }

    /// Nobody answers any more: perhaps another program has set the line to another speed. To open it anew sets it.
    private static var mostFailuresInARow: Int { 10 }
    /// Different lengths that are remembered of a unit.
    private static var mostKnown: Int { 4 }

    private var exchange: BusExchange<Port>
    private let framing: ModbusFraming
    private var units: [UInt8: Unit] = [:]
    private var transaction: UInt16 = 0
    /// Exchanges without a usable answer, with units that have given some.
    private var failuresInARow = 0
    /// When the port was opened, as far as it was noticed here.
    private var seenOpening: Int64?

    init(exchange: consuming BusExchange<Port>) {
        if case .tcp = exchange.settings.transport { framing = .tcp } else { framing = .rtu }
        self.exchange = exchange
    }

    var hasEcho: Bool { exchange.hasEcho }
    var strayBytes: Int64 { exchange.strayBytes }

    mutating func open() throws(BusError) { try exchange.open() }

    mutating func close() { exchange.close() }

    /// Makes one exchange, if the unit may be asked now: the question, or the probe that must come before it.
    mutating func ask(_ question: ModbusQuestion, of plan: MeterPlan) -> Asked {
        do throws(BusError) {
            try exchange.open()
        } catch {
            return .done(ModbusExchange(reply: .failure(error)))
        }
        let timeout = Int64(plan.timeoutMilliseconds) * 1_000_000
        quarantineAfterOpening(timeout)
        var unit = units[question.unit] ?? Unit()
        let next = unit.order.next(
            for: question, known: unit.known, limits: plan.limits, now: exchange.now, quarantineNanoseconds: timeout)
        units[question.unit] = unit
        switch next {
        case .question: return .done(converse(question, plan, isProbe: false))
        case .wait: return .later(milliseconds: wait(for: question.unit))
        case .probe(let probe):
            let probed = converse(probe, plan, isProbe: true)
            if case .failure = probed.reply { return .done(probed) }
            return .later(milliseconds: wait(for: question.unit))
        }
    }

    private func wait(for unit: UInt8) -> Int64 {
        max(0, ((units[unit]?.order.notBefore ?? 0) - exchange.now + 999_999) / 1_000_000)
    }

    /// Somebody may have asked just before we opened the line; his answer must not be ours. Connections are also
    /// made anew in between, when nobody else was on the line.
    private mutating func quarantineAfterOpening(_ timeout: Int64) {
        guard framing == .rtu, seenOpening != exchange.openedAt, let openedAt = exchange.openedAt else { return }
        if case .rtuOverTCP = exchange.settings.transport, seenOpening != nil { return }
        seenOpening = openedAt
        exchange.wait(until: openedAt + timeout)
    }

    /// Waits, asks, and asks again until there is something to say. Blocks; what it waits is bounded.
    mutating func insist(_ question: ModbusQuestion, of plan: MeterPlan, patienceMilliseconds: Int) -> ModbusExchange {
        let deadline = exchange.now + Int64(patienceMilliseconds) * 1_000_000
        while true {
            switch ask(question, of: plan) {
            case .done(let exchange): return exchange
            case .later(let milliseconds):
                let moment = exchange.now + max(1, milliseconds) * 1_000_000
                guard moment <= deadline else {
                    return ModbusExchange(reply: .failure(.leftAlone(exchange.settings, question.unit, milliseconds)))
                }
                exchange.wait(until: moment)
            }
        }
    }

    // MARK: One exchange

    private mutating func converse(_ question: ModbusQuestion, _ plan: MeterPlan, isProbe: Bool) -> ModbusExchange {
        let timeout = (units[question.unit]?.turnaround ?? Turnaround()).timeoutMilliseconds(
            atMost: plan.timeoutMilliseconds)
        switch framing {
        case .rtu:
            let asked = ModbusSerialQuestion(question)
            let result = exchange.ask(asked, who: plan.who, timeoutMilliseconds: timeout)
            return note(question, plan, isProbe, sent: asked.frame, result)
        case .tcp:
            transaction &+= 1
            let asked = ModbusStreamQuestion(question, transaction: transaction)
            let result = exchange.ask(asked, who: plan.who, timeoutMilliseconds: timeout)
            return note(question, plan, isProbe, sent: asked.frame, result)
        }
    }

    private mutating func note(
        _ question: ModbusQuestion, _ plan: MeterPlan, _ isProbe: Bool, sent: [UInt8],
        _ result: ExchangeResult<ModbusReply>
    ) -> ModbusExchange {
        var made = ModbusExchange(
            reply: result.outcome, sent: result.trace.wasSent ? sent : [], received: result.trace.received,
            roundTripNanoseconds: result.trace.roundTripNanoseconds)
        let quarantine = Int64(plan.timeoutMilliseconds) * 1_000_000
        count(result.outcome, of: question.unit)
        let spokeBefore = hearOthers(result.trace.received, asked: question.unit, quarantine)
        guard result.trace.wasSent else { return made }
        // Taken out, not copied: it holds more than a hundred times of answers.
        var unit = units.removeValue(forKey: question.unit) ?? Unit()
        // A probe has a length of its own; any other answer may be the one before it.
        if case .success = result.outcome, spokeBefore && !isProbe || isOverlapped(&unit, question, result) {
            made.reply = .failure(.unusable(exchange.settings, "unit \(question.unit)", "it speaks out of turn"))
        }
        switch made.reply {
        case .success(let reply):
            unit.answers += 1
            unit.turnaround.answered(nanoseconds: result.trace.turnaroundNanoseconds)
            unit.last = (question, result.trace.received)
            succeed(&unit, question, reply, isProbe, quarantine)
            unit.order.pause(until: exchange.now + Int64(plan.pauseMilliseconds) * 1_000_000)
        case .failure:
            unit.failures += 1
            unit.turnaround.failed(timeoutMilliseconds: plan.timeoutMilliseconds)
            if isProbe {
                unit.order.probeFailed(question, now: exchange.now, quarantineNanoseconds: quarantine)
            } else {
                unit.order.failed(question, now: exchange.now, quarantineNanoseconds: quarantine)
            }
        }
        units[question.unit] = unit
        return made
    }

    private mutating func count(_ outcome: Result<ModbusReply, BusError>, of unit: UInt8) {
        if case .success = outcome { return failuresInARow = 0 }
        if (units[unit]?.answers ?? 0) > 0 { failuresInARow += 1 }
        guard failuresInARow >= ModbusLink.mostFailuresInARow, case .rtu = exchange.settings.transport else { return }
        failuresInARow = 0
        exchange.close()
    }

    private func succeed(
        _ unit: inout Unit, _ question: ModbusQuestion, _ reply: ModbusReply, _ isProbe: Bool, _ quarantine: Int64
    ) {
        if case .words = reply {
            if isProbe { unit.order.restored() }
            if unit.known.count < ModbusLink.mostKnown, !unit.known.contains(where: { $0.shape == question.shape }) {
                unit.known.append(question)
            }
        } else if isProbe {
            unit.order.watch(now: exchange.now, nanoseconds: quarantine)
        }
    }

    // MARK: Out of turn

    /// Sound answers of units that were not asked: what they say next cannot be trusted.
    /// - Returns: whether the asked unit had spoken since the last question on this bus.
    private mutating func hearOthers(_ received: [UInt8], asked: UInt8, _ quarantine: Int64) -> Bool {
        guard framing == .rtu else { return false }
        let others = ModbusFraming.units(answeringIn: received).filter { $0 != asked }
        let strays = ModbusFraming.units(answeringIn: exchange.takeStrays())
        for number in others + strays {
            units[number]?.speaksUnasked = true
            units[number]?.order.spokeUnasked(now: exchange.now, quarantineNanoseconds: quarantine)
        }
        return strays.contains(asked)
    }

    /// Whether this answer may be the copy of an older one: the same bytes to another question, or anything from
    /// a unit that was heard unasked before. Then the line is listened to for a moment, and it must stay silent.
    private mutating func isOverlapped(
        _ unit: inout Unit, _ question: ModbusQuestion, _ result: ExchangeResult<ModbusReply>
    ) -> Bool {
        // A refusal has no value that a copy could falsify.
        guard framing == .rtu, case .success(.words) = result.outcome else { return false }
        let received = result.trace.received
        let isCopy = unit.last.map { $0.received == received && $0.question != question } ?? false
        guard isCopy || unit.speaksUnasked else { return false }
        exchange.linger()
        let isOverlapped = ModbusFraming.units(answeringIn: exchange.takeStrays()).contains(question.unit)
        unit.speaksUnasked = unit.speaksUnasked || isOverlapped
        return isOverlapped
    }

    // MARK: For people

    func report(of plan: MeterPlan, isFailing: Bool) -> MeterReport {
        let unit = units[plan.unit] ?? Unit()
        return MeterReport(
            meter: plan.name, unit: Int(plan.unit), isFailing: isFailing, answers: unit.answers,
            failures: unit.failures, turnaroundP50Milliseconds: unit.turnaround.percentile(50),
            turnaroundP99Milliseconds: unit.turnaround.percentile(99),
            timeoutMilliseconds: unit.turnaround.timeoutMilliseconds(atMost: plan.timeoutMilliseconds))
    }
}

extension MeterPlan {
    /// "meter water (unit 5)"; without a name where somebody asks by hand.
    fileprivate var who: String { name.isEmpty ? "unit \(unit)" : "meter \(name) (unit \(unit))" }
}
