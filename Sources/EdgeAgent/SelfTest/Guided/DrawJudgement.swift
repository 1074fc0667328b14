// What a meter showed while a known amount was drawn, made a verdict: right, or what is wrong and which key mends it. Pure.

import Drivers
import LocalRules

enum DrawVerdict: Sendable {
    /// The configured reading explains what happened, and no other does nearly as well.
    case right(RegisterExplanation)
    case wrong(RegisterExplanation)
    /// It moved by one count only, which is too little to name the scale.
    case tooFewCounts(RegisterExplanation)
    /// Several fit; the configured one, if it is among them, stands first.
    case uncertain([RegisterExplanation])
    /// Not a single register that was read has changed.
    case still
    /// Others changed, this one did not, and none of them as it should.
    case elsewhere([RegisterSpan])
    /// It rose and came back: a flow or another value of the moment.
    case momentary
    /// In base units.
    case fell(from: Int64, to: Int64)
    /// In base units; no scale, type or order makes the asked amount of it.
    case amount(rise: Int64)
    /// In base units; who drew says that it was another amount.
    case disputed(rise: Int64)
    /// Its words are no number, or more than is kept.
    case unreadable
}

struct DrawJudgement {
    /// An explanation that is so much weaker is none, in bits.
    private static let rivalry = 6.0
    /// Whether digits are decimal only time can tell; until then both readings stand.
    private static let digitRivalry = 14.0
    /// Of two wrong settings, the one with so much more evidence is named alone.
    private static let lead = 3.0
    /// Less evidence than this is found in any meter by chance.
    private static let leastPoints = -7.0
    /// Two levels prove less than a row of steps.
    private static let leastPointsOfLevel = 0.0
    private static let mostNamed = 3

    let register: ConfiguredRegister
    let facts: DrawFacts

    func verdict() -> DrawVerdict {
        let all = RegisterExplanations(register: register, facts: facts).all()
        if let own = all.first(where: { $0.changes.isEmpty }) { return verdict(on: own, among: all) }
        if isReversed { return movement() }
        let least = facts.effect == .total ? DrawJudgement.leastPoints : DrawJudgement.leastPointsOfLevel
        guard let best = all.first, best.points >= least else { return movement() }
        let near = distinct(all.filter { $0.points > best.points - DrawJudgement.lead })
        if best.isOneCount { return .tooFewCounts(best) }
        return near.count == 1 ? .wrong(best) : .uncertain(Array(near.prefix(DrawJudgement.mostNamed)))
    }

    private func verdict(on own: RegisterExplanation, among all: [RegisterExplanation]) -> DrawVerdict {
        // Power has no history that a wrong reading could share.
        guard facts.effect == .total else { return .right(own) }
        let rivals = distinct(
            all.filter { !$0.isSameNumber(as: own) && own.points - $0.points < margin(own, $0) })
        guard let best = rivals.first else { return .right(own) }
        if best.points >= own.points + DrawJudgement.rivalry { return .wrong(best) }
        return .uncertain([own] + rivals.prefix(DrawJudgement.mostNamed - 1))
    }

    private func margin(_ own: RegisterExplanation, _ rival: RegisterExplanation) -> Double {
        let isSamePlace = RegisterSpan(own.plan) == RegisterSpan(rival.plan)
        return isSamePlace && own.plan.type.isDecimal != rival.plan.type.isDecimal
            ? DrawJudgement.digitRivalry : DrawJudgement.rivalry
    }

    /// Of those that show the same numbers, the best.
    private func distinct(_ explanations: [RegisterExplanation]) -> [RegisterExplanation] {
        var kept: [RegisterExplanation] = []
        for explanation in explanations where !kept.contains(where: explanation.isSameNumber) {
            kept.append(explanation)
        }
        return kept
    }

    // MARK: Without an explanation

    /// A power that falls by as much as it should rise.
    private var isReversed: Bool {
        guard facts.effect != .total, case .amount(let rise) = movement() else { return false }
        return isReversed(rise)
    }

    private func isReversed(_ rise: Int64) -> Bool {
        facts.effect != .total && DrawFacts.tolerance.contains(-Double(rise) / Double(facts.asked))
    }

    private func movement() -> DrawVerdict {
        guard let numbers = facts.looks.numbers(of: register.plan) else { return .unreadable }
        let moved = facts.looks.moved
        if moved.isEmpty { return .still }
        let values = numbers.compactMap { register.scale.baseUnits(of: $0) }
        guard values.count == numbers.count, let first = values.first, let last = values.last, let peak = values.max()
        else { return .unreadable }
        if case .level(let looksAtRest) = facts.effect { return level(values, looksAtRest, moved) }
        if values.allSatisfy({ $0 == first }) { return .elsewhere(moved) }
        if hasComeBack(first: first, peak: peak, last: last) { return .momentary }
        for (before, after) in zip(values, values.dropFirst()) where after < before {
            return .fell(from: before, to: after)
        }
        return .amount(rise: last - first)
    }

    private func level(_ values: [Int64], _ looksAtRest: Int, _ moved: [RegisterSpan]) -> DrawVerdict {
        let rest = values.prefix(looksAtRest).sorted()
        let on = values.dropFirst(looksAtRest).sorted()
        guard !rest.isEmpty, !on.isEmpty else { return .still }
        let rise = on[on.count / 2] &- rest[rest.count / 2]
        // A lamp or a fridge, not a kettle.
        if rise.magnitude < facts.asked.magnitude / 20 { return .elsewhere(moved) }
        return .amount(rise: rise)
    }

    private func hasComeBack(first: Int64, peak: Int64, last: Int64) -> Bool {
        peak > first && last - first <= (peak - first) / 4
    }

    /// Whether the configured register showed a value of the moment, whatever else explains what was drawn.
    var isMomentary: Bool {
        let values = facts.looks.numbers(of: register.plan)?.compactMap { register.scale.baseUnits(of: $0) } ?? []
        guard facts.effect == .total, let first = values.first, let last = values.last, let peak = values.max() else {
            return false
        }
        return hasComeBack(first: first, peak: peak, last: last)
    }
}

// MARK: In words

extension DrawJudgement {
    /// One line of the checklist, called so.
    func result(_ name: String, of verdict: DrawVerdict) -> CheckResult {
        let asked = text(facts.asked)
        switch verdict {
        case .right(let own):
            let now = text(own.after)
            return facts.effect == .total
                ? .pass(name, rise(own), Message(DrawPhrase.drawRight, register.name, rise(own), asked, now))
                : .pass(name, rise(own), Message(DrawPhrase.loadRight, register.name, rise(own), asked))
        case .wrong(let best): return wrong(name, best)
        case .tooFewCounts(let best):
            let more = Message(DrawPhrase.drawFewAdvice, text(facts.asked * 10))
            return .fail(
                name, shown, Message(DrawPhrase.drawFew, register.name, shown, asked, rise(best)), advice: more)
        case .uncertain(let several): return uncertain(name, several)
        case .still:
            return .fail(name, Message(DrawPhrase.drawStill, asked), advice: advice(ofStill: nil))
        case .elsewhere(let moved):
            let places = moved.prefix(6).map { "\($0.table.rawValue) \($0.first)" }.joined(separator: ", ")
            return .fail(
                name, Message(DrawPhrase.drawElsewhere, register.name, asked), advice: advice(ofStill: places))
        case .momentary:
            return .fail(
                name, Message(DrawPhrase.drawMomentary, register.name),
                advice: Message(DrawPhrase.drawMomentaryAdvice))
        case .fell(let before, let after):
            return .fail(
                name, text(after), Message(DrawPhrase.drawFell, register.name, text(before), text(after)),
                advice: Message(DrawPhrase.drawFellAdvice))
        case .amount(let rise): return amount(name, rise)
        case .disputed(let rise):
            return .fail(
                name, text(rise), Message(DrawPhrase.drawDisputed, register.name, text(rise)),
                advice: Message(DrawPhrase.drawDisputedAdvice))
        case .unreadable:
            return .fail(
                name, Message(DrawPhrase.drawUnreadable, register.name),
                advice: Message(DrawPhrase.drawUnreadableAdvice))
        }
    }

    private func text(_ value: Int64) -> String { DrawText.amount(value, register.quantity) }

    private func rise(_ explanation: RegisterExplanation) -> String { text(explanation.after - explanation.before) }

    private func wrong(_ name: String, _ best: RegisterExplanation) -> CheckResult {
        .fail(
            name, shown, Message(phrase(best), register.name, shown, text(facts.asked)),
            advice: Message(DrawPhrase.drawKeysAdvice, keys(of: best), rise(best), text(best.after)))
    }

    /// What the register said it was: "0.2 L".
    private var shown: String {
        guard let numbers = facts.looks.numbers(of: register.plan) else { return "–" }
        if case .level(let looksAtRest) = facts.effect {
            let low = median(numbers.prefix(looksAtRest).map(\.approximate)) ?? 0
            let high = median(numbers.dropFirst(looksAtRest).map(\.approximate)) ?? 0
            return register.scale.baseUnits(of: .real(high - low)).map(text) ?? "–"
        }
        guard let first = register.scale.baseUnits(of: numbers[0]),
            let last = register.scale.baseUnits(of: numbers[numbers.count - 1])
        else { return "–" }
        let (rise, overflow) = last.subtractingReportingOverflow(first)
        return overflow ? "–" : text(rise)
    }

    private func phrase(_ best: RegisterExplanation) -> DrawPhrase {
        let changes = best.changes
        if changes == [.scale] { return unit(for: best) == nil ? .drawScale : .drawUnit }
        if changes.contains(.address) { return isMomentary ? .drawMomentary : .drawRegister }
        if changes.contains(.table) { return .drawTable }
        if changes.contains(.half) { return .drawHalf }
        return changes.contains(.type) ? .drawType : .drawOrder
    }

    private func uncertain(_ name: String, _ several: [RegisterExplanation]) -> CheckResult {
        let choices = several.map { choice in
            "\(text(choice.after)): \(choice.changes.isEmpty ? "=" : keys(of: choice))"
        }
        let list = choices.joined(separator: "; ")
        let isOwnAmongThem = several.contains { $0.changes.isEmpty }
        if isOwnAmongThem {
            return .untested(
                name, Message(DrawPhrase.drawUncertain, register.name),
                advice: Message(DrawPhrase.drawUncertainAdvice, list))
        }
        let reason = isMomentary ? DrawPhrase.drawMomentary : .drawSeveral
        return .fail(
            name, shown, Message(reason, register.name, shown, text(facts.asked)),
            advice: Message(DrawPhrase.drawUncertainAdvice, list))
    }

    private func amount(_ name: String, _ rise: Int64) -> CheckResult {
        let asked = text(facts.asked)
        if isReversed(rise) {
            return .fail(
                name, text(rise), Message(DrawPhrase.loadReversed, register.name, text(rise)),
                advice: Message(DrawPhrase.loadReversedAdvice))
        }
        let times = Double(rise) / Double(facts.asked)
        let phrase: DrawPhrase = times > 1 ? .drawMuch : .drawLittle
        return .fail(
            name, text(rise), Message(phrase, register.name, text(rise), asked),
            advice: Message(
                facts.effect == .total ? DrawPhrase.drawAmountAdvice : .loadAmountAdvice, DrawText.times(times)))
    }

    private func advice(ofStill others: String?) -> Message {
        if register.quantity != .volume { return Message(DrawPhrase.loadStillAdvice) }
        guard let others else { return Message(DrawPhrase.drawStillAdvice) }
        return Message(DrawPhrase.drawElsewhereAdvice, others)
    }

    // MARK: Keys

    /// The unit that makes the scale right, as somebody wrote the wrong one.
    private func unit(for explanation: RegisterExplanation) -> MeasurementUnit? {
        guard let unit = register.unit else { return nil }
        return MeasurementUnit.all(of: register.quantity).first { other in
            other != unit && other.factor > 1
                && Scale(reducing: register.scale.numerator, over: register.scale.denominator).isTimes(
                    other.factor, over: unit.factor, explanation.scale)
        }
    }

    /// What to write, as it stands in a configuration: `order = "CDAB", scale = "0.01"`.
    func keys(of explanation: RegisterExplanation) -> String {
        let (plan, changes) = (explanation.plan, explanation.changes)
        var keys: [String] = []
        if changes.contains(.table) { keys.append("table = \"\(plan.table.rawValue)\"") }
        if plan.address != register.plan.address { keys.append("address = \(plan.address)") }
        if plan.type != register.plan.type { keys.append("type = \"\(plan.type.rawValue)\"") }
        // A register that was one alone had no order.
        if changes.contains(.order) || plan.type.words > 1 && plan.order != register.plan.order {
            keys.append("order = \"\(plan.order.rawValue)\"")
        }
        if changes.contains(.scale) { keys.append(scaleKeys(explanation)) }
        return keys.joined(separator: ", ")
    }

    private func scaleKeys(_ explanation: RegisterExplanation) -> String {
        if explanation.changes == [.scale], let unit = unit(for: explanation) { return "unit = \"\(unit.symbol)\"" }
        let units = MeasurementUnit.all(of: register.quantity).reversed()
        if let whole = units.first(where: { Scale(numerator: $0.factor, denominator: 1) == explanation.scale }),
            explanation.plan.type.isReal
        {
            return "scale = \"1\", unit = \"\(whole.symbol)\""
        }
        let unit = register.unit ?? units.last ?? MeasurementUnit(symbol: "", factor: 1)
        return "scale = \"\(explanation.scale.text(in: unit))\", unit = \"\(unit.symbol)\""
    }
}

extension Scale {
    /// Whether this times `factor` ÷ `divisor` is `other`.
    fileprivate func isTimes(_ factor: Int64, over divisor: Int64, _ other: Scale) -> Bool {
        let above = numerator.multipliedFullWidth(by: factor)
        guard above.high == 0, let numerator = Int64(exactly: above.low) else { return false }
        let (below, overflow) = denominator.multipliedReportingOverflow(by: divisor)
        return !overflow
            && Scale(reducing: numerator, over: below) == Scale(reducing: other.numerator, over: other.denominator)
    }
}

/// Amounts as a person draws them: "2.1 L" rather than "0.002 m3".
enum DrawText {
    static func amount(_ value: Int64, _ quantity: Quantity) -> String {
        let size = value.magnitude
        switch quantity {
        case .volume where size < 1_000_000: return decimal(value, 1000) + " L"
        case .energy where size < 1_000_000: return decimal(value, 1000) + " Wh"
        default: return ValueText.text(value, of: quantity)
        }
    }

    /// "3.8"
    static func times(_ share: Double) -> String {
        guard share.magnitude < 1_000_000 else { return "1000000" }
        return decimal(Int64((share * 1000).rounded()), 1000)
    }

    /// At most three places, no zeroes behind.
    private static func decimal(_ value: Int64, _ unit: Int64) -> String {
        let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: UInt64(unit))
        var digits = String(rest + UInt64(unit)).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return (value < 0 ? "-" : "") + "\(whole)" + (digits.isEmpty ? "" : ".\(digits)")
    }
}
