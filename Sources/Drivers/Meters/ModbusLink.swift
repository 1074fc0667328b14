// Modbus on one bus: framing, the order of answers, and how long each unit is waited for.

/// One question and what came of it, with the frames, for those who look at them.
package struct ModbusExchange: Sendable {
    package var reply: Result<ModbusReply, BusError>
    package var sent: [UInt8]
    package var received: [UInt8]
    package var roundTripNanoseconds: Int64
    /// How long this unit is asked nothing now.
    var quarantineMilliseconds: Int64 = 0

    package init(
        reply: Result<ModbusReply, BusError>, sent: [UInt8], received: [UInt8], roundTripNanoseconds: Int64
    ) {
        self.reply = reply
        self.sent = sent
        self.received = received
        self.roundTripNanoseconds = roundTripNanoseconds
    }
}

extension ModbusExchange {
    /// Units of which a sound serial frame arrived, whoever was asked: an answer may come too late for its own
    /// question.
    package var heardUnits: Set<UInt8> {
        var units: Set<UInt8> = []
        var rest = received[...]
        while rest.count >= 5 {
            let start = rest.startIndex
            let length = rest[start + 1] & 0x80 != 0 ? 5 : 5 + Int(rest[start + 2])
            let frame = rest.prefix(length)
            let crc = modbusCRC(frame.dropLast(2))
            guard frame.count == length, frame.suffix(2).elementsEqual([UInt8(crc & 0xFF), UInt8(crc >> 8)]) else {
                rest = rest.dropFirst()
                continue
            }
            units.insert(rest[start])
            rest = rest.dropFirst(length)
        }
        return units
    }
}

/// How one meter does.
package struct MeterReport: Hashable, Sendable, Codable {
    package var meter: String
    package var unit: Int
    /// It does not answer, and is asked ever more seldom.
    package var isFailing: Bool
    package var answers: Int
    package var failures: Int
    /// How long it takes beyond what the frames take on the wire; nil before the first answer.
    package var turnaroundP50Milliseconds: Double?
    package var turnaroundP99Milliseconds: Double?
    /// How long it is waited for now: learned, twice the 99th percentile, or as configured.
    package var timeoutMilliseconds: Int
}

/// How one bus does.
package struct BusReport: Hashable, Sendable, Codable {
    package var bus: String
    /// The adapter hears what it sends.
    package var hasEcho: Bool
    /// Bytes that came unasked: noise, late answers, a second master.
    package var strayBytes: Int
    package var meters: [MeterReport]
}

/// Owns the exchanges of one bus and what is known of each unit on it. One thread.
struct ModbusLink<Port: BusPort & ~Copyable>: ~Copyable {
    private struct Unit: Sendable {
        var order = ReplyOrder()
        var turnaround = Turnaround()
        var answers = 0
        var failures = 0
    }

    private var exchange: BusExchange<Port>
    private let framing: ModbusFraming
    private var units: [UInt8: Unit] = [:]
    private var transaction: UInt16 = 0

    init(exchange: consuming BusExchange<Port>) {
        if case .tcp = exchange.settings.transport { framing = .tcp } else { framing = .rtu }
        self.exchange = exchange
    }

    var hasEcho: Bool { exchange.hasEcho }
    var strayBytes: Int { exchange.strayBytes }

    mutating func open() throws(BusError) { try exchange.open() }

    mutating func close() { exchange.close() }

    /// Asks a unit, after a probe if the order of its answers is in doubt.
    mutating func ask(_ question: ModbusQuestion, of plan: MeterPlan) -> ModbusExchange {
        let order = units[question.unit]?.order ?? ReplyOrder()
        if framing == .rtu, order.isLost {
            exchange.port.wait(until: order.quarantineEnds)
            let probe = order.probe(for: question, limits: plan.limits)
            let probed = converse(probe, plan)
            switch probed.reply {
            case .success(.words): units[question.unit]?.order.restored()
            case .success(.exception):
                if let failed = listen(after: probe, plan) { return failed }
                units[question.unit]?.order.restored()
            case .failure: return probed
            }
        }
        return converse(question, plan)
    }

    /// A refused probe proves little: whatever follows within a time-out proves the contrary.
    private mutating func listen(after probe: ModbusQuestion, _ plan: MeterPlan) -> ModbusExchange? {
        let stray = exchange.strayBytes
        exchange.listen(milliseconds: plan.timeoutMilliseconds)
        guard exchange.strayBytes > stray else { return nil }
        units[probe.unit]?.order.failed(probe, now: exchange.port.now, quarantineNanoseconds: 0)
        return ModbusExchange(
            reply: .failure(.unusable(exchange.settings, "unit \(probe.unit)", "late answers")), sent: [], received: [],
            roundTripNanoseconds: 0)
    }

    private mutating func converse(_ question: ModbusQuestion, _ plan: MeterPlan) -> ModbusExchange {
        let timeout = (units[question.unit]?.turnaround ?? Turnaround()).timeoutMilliseconds(
            atMost: plan.timeoutMilliseconds)
        let who = plan.name.isEmpty ? "unit \(question.unit)" : "meter \(plan.name) (unit \(question.unit))"
        switch framing {
        case .rtu:
            let asked = ModbusSerialQuestion(question)
            let result = exchange.ask(asked, who: who, timeoutMilliseconds: timeout)
            return note(question, plan, sent: asked.frame, result)
        case .tcp:
            transaction &+= 1
            let asked = ModbusStreamQuestion(question, transaction: transaction)
            let result = exchange.ask(asked, who: who, timeoutMilliseconds: timeout)
            return note(question, plan, sent: asked.frame, result)
        }
    }

    private mutating func note(
        _ question: ModbusQuestion, _ plan: MeterPlan, sent: [UInt8], _ result: ExchangeResult<ModbusReply>
    ) -> ModbusExchange {
        var quarantine: Int64 = 0
        switch result.outcome {
        case .success:
            units[question.unit, default: Unit()].answers += 1
            units[question.unit]?.turnaround.answered(nanoseconds: result.turnaroundNanoseconds)
        case .failure:
            units[question.unit, default: Unit()].failures += 1
            units[question.unit]?.turnaround.failed()
            if framing == .rtu {
                quarantine = Int64(plan.timeoutMilliseconds)
                units[question.unit]?.order.failed(
                    question, now: exchange.port.now, quarantineNanoseconds: quarantine * 1_000_000)
            }
        }
        var exchange = ModbusExchange(
            reply: result.outcome, sent: sent, received: result.received,
            roundTripNanoseconds: result.roundTripNanoseconds)
        exchange.quarantineMilliseconds = quarantine
        return exchange
    }

    func report(of plan: MeterPlan, isFailing: Bool) -> MeterReport {
        let unit = units[plan.unit] ?? Unit()
        return MeterReport(
            meter: plan.name, unit: Int(plan.unit), isFailing: isFailing, answers: unit.answers,
            failures: unit.failures, turnaroundP50Milliseconds: unit.turnaround.percentile(50),
            turnaroundP99Milliseconds: unit.turnaround.percentile(99),
            timeoutMilliseconds: unit.turnaround.timeoutMilliseconds(atMost: plan.timeoutMilliseconds))
    }
}
