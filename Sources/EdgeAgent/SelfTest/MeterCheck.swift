// One meter: three rounds over all its registers, as the daemon reads them, and what is to be thought of them.

import Drivers
import LocalRules

/// What three rounds brought.
struct MeterFacts: Sendable {
    var rounds: [[RegisterResult]] = []
    /// Of all requests that were answered, nanoseconds.
    var roundTrips: [Int64] = []
    /// Where a meter that is silent here does answer; nil: nowhere, or nobody looked.
    var answersAt: SerialLine?
}

struct MeterCheck {
    static let rounds = 3
    /// Nearly all meters answer within it; the hunt asks at two dozen settings.
    private static let huntMilliseconds = 250

    let target: ReadTarget

    private var meter: String { target.plan.name }
    private var unit: String { "\(target.plan.unit)" }

    // MARK: Asking

    /// - Parameters:
    ///   - daemon: asks between its polls; nil: over `access`.
    ///   - access: the port itself, for other settings of the line.
    func run(
        daemon: (any MeterReader)?, access: any BusAccess, progress: (Message) -> Void = { _ in }
    ) -> [CheckResult] {
        var facts = MeterFacts()
        var reading = MeterReading(target, clock: { AgentClock.boot().nanoseconds }) { () throws(BusError) in
            if let daemon { return daemon }
            return try access.reader(on: target.settings.line)
        }
        for _ in 0..<MeterCheck.rounds {
            facts.rounds.append(reading.round())
            // Who does not answer at all is not asked for minutes.
            if facts.rounds.count == 1, reading.roundTrips.isEmpty { break }
        }
        facts.roundTrips = reading.roundTrips
        if facts.isSilent, let line = target.settings.line {
            facts.answersAt = hunt(beside: line, access, progress)
            // The daemon asks the next meter for us, and needs the port for it.
            access.giveBack()
        }
        return judge(facts)
    }

    /// Any sound frame from the unit at another setting of the line: somebody set one of them wrong.
    func hunt(beside line: SerialLine, _ access: any BusAccess, _ progress: (Message) -> Void) -> SerialLine? {
        let question = ModbusQuestion(unit: target.plan.unit, table: .holding, address: 0, count: 1)
        for other in ScanDefaults.lines(nil, nil, [line.stopBits], all: true, own: nil).compactMap({ $0 })
        where other != line {
            progress(Message(HubPhrase.doingHunt, meter, other.words))
            guard let reader = try? access.reader(on: other) else { return nil }
            switch reader.read(question, timeoutMilliseconds: MeterCheck.huntMilliseconds).reply {
            case .success(.exception(let exception)) where exception.isAboutTheWay: continue
            case .success: return other
            case .failure: continue
            }
        }
        return nil
    }

    // MARK: Judging

    func judge(_ facts: MeterFacts) -> [CheckResult] {
        let answers = judgeAnswers(facts)
        guard answers.verdict == .pass || !facts.roundTrips.isEmpty else { return [answers] }
        return [answers] + judgeValues(facts) + judgeTotals(facts)
    }

    /// Its port gave no way to it.
    var unreached: [CheckResult] {
        [
            .untested(
                "meter.\(meter).answers", Message(DevicePhrase.meterUnreached),
                advice: Message(DevicePhrase.meterUnreachedAdvice))
        ]
    }

    private func judgeAnswers(_ facts: MeterFacts) -> CheckResult {
        let name = "meter.\(meter).answers"
        let good = facts.rounds.count { round in
            !round.isEmpty && round.allSatisfy { if case .failed = $0.outcome { false } else { true } }
        }
        let milliseconds = percentile(facts.roundTrips, 0.95) / 1_000_000
        let measured = "\(good)/\(MeterCheck.rounds), p95 \(milliseconds) ms"
        if let (register, exception) = facts.refused {
            return .fail(
                name, measured, Message(DevicePhrase.meterRefuses, unit, register, exception.text),
                advice: Message(DevicePhrase.meterRefusesAdvice))
        }
        if good == MeterCheck.rounds { return .pass(name, measured, Message(DevicePhrase.meterAnswers, unit)) }
        if !facts.isSilent {
            return .fail(
                name, measured, Message(DevicePhrase.meterSometimes, unit, "\(good)", "\(MeterCheck.rounds)"),
                advice: Message(DevicePhrase.meterSometimesAdvice))
        }
        return silent(name, facts)
    }

    private func silent(_ name: String, _ facts: MeterFacts) -> CheckResult {
        let line = target.settings.line?.words ?? target.settings.place
        if let other = facts.answersAt?.words {
            return .fail(
                name, other, Message(DevicePhrase.meterElsewhere, unit, other, line),
                advice: Message(DevicePhrase.meterElsewhereAdvice, other, line))
        }
        guard let error = facts.error else { return unreached[0] }
        switch error.kind {
        case .damaged:
            return .fail(
                name, Message(DevicePhrase.meterDamaged, unit, error.message),
                advice: Message(DevicePhrase.meterDamagedAdvice))
        case .cannotOpen, .lost: return PortCheck(settings: target.settings, daemon: nil).failure(error.message)
        case .timedOut:
            return .fail(
                name, "0/\(MeterCheck.rounds)", Message(DevicePhrase.meterSilent, unit),
                advice: Message(DevicePhrase.meterSilentAdvice, line))
        }
    }

    /// Empty where not a single register has been read.
    private func judgeValues(_ facts: MeterFacts) -> [CheckResult] {
        let name = "meter.\(meter).values"
        guard let results = facts.rounds.last(where: { $0.contains(where: \.isRead) }) else { return [] }
        for (register, result) in zip(target.registers, results) {
            switch result.outcome {
            case .noValue(let reason):
                return [
                    .fail(
                        name, Message(DevicePhrase.valueNone, register.name, reason),
                        advice: otherOrder(result) ?? Message(DevicePhrase.valueNoneAdvice, meter))
                ]
            case .value(let text, let base?):
                guard let quantity = register.quantity,
                    Plausible.verdict(of: base, quantity, named: register.name).points < 0
                else { continue }
                return [
                    .fail(
                        name, text, Message(DevicePhrase.valueImplausible, register.name, text),
                        advice: otherOrder(result) ?? Message(DevicePhrase.valueImplausibleAdvice, register.name))
                ]
            case .value(_, nil), .refused, .failed: continue
            }
        }
        let shown = results.compactMap { result -> String? in
            if case .value(let text, _) = result.outcome { text } else { nil }
        }
        return [.pass(name, shown.prefix(4).joined(separator: ", "), Message(DevicePhrase.valuesPlausible))]
    }

    /// The commonest mistake: the same words in another order make sense.
    private func otherOrder(_ result: RegisterResult) -> Message? {
        guard let index = target.registers.firstIndex(where: { $0.name == result.name }), result.words.count > 1,
            let quantity = target.registers[index].quantity
        else { return nil }
        var plan = target.plan.registers[index]
        guard plan.scaleFrom == nil else { return nil }
        for order in WordOrder.allCases where order != plan.order {
            plan.order = order
            guard let raw = try? plan.decode(result.words),
                let value = target.registers[index].scale.baseUnits(of: raw),
                Plausible.verdict(of: value, quantity, named: result.name).points > 0
            else { continue }
            return Message(DevicePhrase.valueOrderAdvice, order.rawValue, ValueText.text(value, of: quantity))
        }
        return nil
    }

    private func judgeTotals(_ facts: MeterFacts) -> [CheckResult] {
        let name = "meter.\(meter).total"
        let totals = target.registers.filter { $0.quantity?.isCumulative == true }
        guard !totals.isEmpty else { return [] }
        for register in totals {
            guard let quantity = register.quantity else { continue }
            let values = facts.values(of: register.name)
            for (before, after) in zip(values, values.dropFirst()) where after < before {
                let (old, new) = (ValueText.text(before, of: quantity), ValueText.text(after, of: quantity))
                return [
                    .fail(
                        name, new, Message(DevicePhrase.totalFell, register.name, old, new),
                        advice: Message(DevicePhrase.totalFellAdvice))
                ]
            }
        }
        let isKnown = totals.contains { !facts.values(of: $0.name).isEmpty }
        return isKnown ? [.pass(name, Message(DevicePhrase.totalSteady))] : []
    }
}

extension MeterFacts {
    /// Not a single register in any round.
    var isSilent: Bool { roundTrips.isEmpty }

    /// What the first round failed with.
    var error: BusError? {
        for case .failed(let error) in (rounds.first ?? []).map(\.outcome) { return error }
        return nil
    }

    fileprivate var refused: (register: String, exception: ModbusException)? {
        for result in rounds.joined() {
            if case .refused(let exception) = result.outcome { return (result.name, exception) }
        }
        return nil
    }

    /// In base units, in order of time.
    fileprivate func values(of register: String) -> [Int64] {
        rounds.joined().compactMap { result in
            guard result.name == register, case .value(_, let base) = result.outcome else { return nil }
            return base
        }
    }
}
