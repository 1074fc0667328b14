// Which way of reading a meter's words explains what was drawn? The configured one, and every other that somebody may
// have meant: other scale, order, type, address or table. Pure.
//
// Hard facts exclude: content that is no number, a total that falls, that moves by another amount than was drawn, or
// that no home has. What is left is weighed in bits: rarer mistakes cost more; words that a reading accounts for, and
// steps as a counter makes them, speak for it.

import Drivers
import LocalRules

/// One way of reading that fits what happened.
struct RegisterExplanation: Sendable {
    enum Change: Hashable, Sendable, CaseIterable { case scale, order, type, half, address, table }

    /// How the words are read.
    let plan: RegisterPlan
    /// Base units in one count.
    let scale: Scale
    /// The power of ten between the configured scale and this one.
    let exponent: Int
    /// What differs from the configuration; empty: nothing.
    let changes: Set<Change>
    /// In base units: before, and after. Of a level: at rest, and while it was on.
    let before: Int64
    let after: Int64
    /// A single count: how much water makes one is anybody's guess.
    let isOneCount: Bool
    /// Evidence in bits; more is better.
    let points: Double

    /// Tells the same story: nothing that was seen can tell it apart.
    func isSameNumber(as other: RegisterExplanation) -> Bool { before == other.before && after == other.after }
}

/// What was done, and what was seen of the meter meanwhile.
struct DrawFacts: Sendable {
    enum Effect: Hashable, Sendable {
        /// A total rises by what was asked for.
        case total
        /// A power rises by it and stays there; the first so many looks are from before.
        case level(looksAtRest: Int)
    }

    var effect = Effect.total
    /// What was asked for, in base units.
    var asked: Int64
    var looks: WordSeries
    /// Nobody measures "about two litres" any better.
    static let tolerance = 0.5...2.0
    /// The same with a part of a step that the meter has not shown yet, or had nearly full before.
    static func tolerance(step share: Double) -> ClosedRange<Double> {
        let slack = min(share, 0.15)
        return tolerance.lowerBound - slack...tolerance.upperBound + slack
    }
}

/// The register in question, and what else is configured of its meter.
struct ConfiguredRegister: Sendable {
    var name: String
    var quantity: Quantity
    var plan: RegisterPlan
    var scale: Scale
    /// As it is written; nil: nobody knows.
    var unit: MeasurementUnit?
    /// The meter's other registers, which hold something else.
    var others: [RegisterSpan] = []
}

struct RegisterExplanations {
    private static let unsigned: [RegisterType] = [.u16, .u32, .u64, .f32, .f64, .bcd4, .bcd8]
    /// Base units in a count: from 10 millionths of a litre or watt-hour to 10 m3 and 10 MWh.
    private static let counts = 0.01...10_000_000_000.0

    let register: ConfiguredRegister
    let facts: DrawFacts

    /// The best first.
    func all() -> [RegisterExplanation] {
        var found: [RegisterExplanation] = []
        for plan in readings() { found += explain(plan) }
        return found.sorted { ($1.points, $0.changes.count) < ($0.points, $1.changes.count) }
    }

    /// The configured reading as it is, if it explains what happened.
    var configured: RegisterExplanation? { explain(register.plan).first { $0.changes.isEmpty } }

    // MARK: Readings

    /// The configured one first; then all that touch a register that moved.
    private func readings() -> [RegisterPlan] {
        let own = register.plan
        var plans = [own]
        var starts: [ModbusTable: Set<Int>] = [own.table: [Int(own.address)]]
        for moved in facts.looks.moved {
            for back in 0..<4 where moved.first >= back { starts[moved.table, default: []].insert(moved.first - back) }
        }
        let types = RegisterExplanations.unsigned + (RegisterExplanations.unsigned.contains(own.type) ? [] : [own.type])
        for (table, addresses) in starts {
            for address in addresses {
                for type in types where address + type.words <= 0x1_0000 {
                    let orders: [WordOrder] = type.words == 1 ? [.ABCD, .BADC] : WordOrder.allCases
                    for order in orders {
                        let plan = RegisterPlan(
                            channel: own.channel, table: table, address: UInt16(address), type: type, order: order)
                        if !isOwn(plan) { plans.append(plan) }
                    }
                }
            }
        }
        return plans
    }

    private func isOwn(_ plan: RegisterPlan) -> Bool {
        let own = register.plan
        return own.bits == nil && own.scaleFrom == nil && plan.table == own.table && plan.address == own.address
            && plan.type == own.type && isSameOrder(plan)
    }

    /// A single register knows no order of words.
    private func isSameOrder(_ plan: RegisterPlan) -> Bool {
        guard plan.type.words == 1 else { return plan.order == register.plan.order }
        let swaps: [WordOrder] = [.BADC, .DCBA]
        return swaps.contains(plan.order) == swaps.contains(register.plan.order)
    }

    // MARK: One reading

    /// With every scale that fits: at most one, as the tolerance is less than a power of ten.
    private func explain(_ plan: RegisterPlan) -> [RegisterExplanation] {
        guard let numbers = facts.looks.numbers(of: plan), let rises = rises(of: numbers, plan.type) else { return [] }
        let base = baseScale(of: plan)
        for exponent in -9...9 {
            guard let scale = base.times(powerOfTen: exponent) else { continue }
            let count = Double(scale.numerator) / Double(scale.denominator)
            let share = rises.whole * count / Double(facts.asked)
            let step = (rises.steps.min() ?? 0) * count / Double(facts.asked)
            guard DrawFacts.tolerance(step: step).contains(share),
                plan.type.isReal || RegisterExplanations.counts.contains(count),
                let (before, after) = ends(of: numbers, scale)
            else { continue }
            let changes = changes(plan, scale)
            let points = evidence(plan, scale, rises.steps, after) - cost(changes, exponent, plan)
            return [
                RegisterExplanation(
                    plan: plan, scale: scale, exponent: exponent, changes: changes, before: before, after: after,
                    isOneCount: isOneCount(rises.whole, plan.type), points: points)
            ]
        }
        return []
    }

    /// One, wherever its byte stands.
    private func isOneCount(_ rise: Double, _ type: RegisterType) -> Bool {
        facts.effect == .total && !type.isReal && [1, 256, 65_536, 16_777_216].contains(rise)
    }

    /// Integers keep the configured factor, which may be no power of ten.
    private func baseScale(of plan: RegisterPlan) -> Scale {
        if plan.type.isReal == register.plan.type.isReal { return register.scale }
        return Scale(numerator: 1, denominator: 1)
    }

    /// In counts: by how much it rose, and in which steps; nil: it did not only rise, or not at all.
    private func rises(of numbers: [RawValue], _ type: RegisterType) -> (whole: Double, steps: [Double])? {
        switch facts.effect {
        case .total:
            var steps: [Double] = []
            for (before, after) in zip(numbers, numbers.dropFirst()) {
                var step = after.rise(from: before)
                // A counter at its end begins anew.
                if step < 0, let range = type.range, step + range <= range / 16 { step += range }
                guard step >= 0 else { return nil }
                if step > 0 { steps.append(step) }
            }
            return steps.isEmpty ? nil : (steps.reduce(0, +), steps)
        case .level(let looksAtRest):
            let rest = numbers.prefix(looksAtRest).map(\.approximate)
            let on = numbers.dropFirst(looksAtRest).map(\.approximate)
            guard let low = median(rest), let high = median(on), high > low else { return nil }
            // A kettle draws the same all the time; of what else is on, one look may have caught a start.
            let rise = high - low
            func isSteady(_ values: [Double], around level: Double) -> Bool {
                values.count { ($0 - level).magnitude >= rise / 4 } <= 1
            }
            return isSteady(rest, around: low) && isSteady(on, around: high) ? (rise, []) : nil
        }
    }

    /// In base units; nil: no home has that.
    private func ends(of numbers: [RawValue], _ scale: Scale) -> (before: Int64, after: Int64)? {
        switch facts.effect {
        case .total:
            guard let before = scale.baseUnits(of: numbers[0]),
                let after = scale.baseUnits(of: numbers[numbers.count - 1]),
                let most = HomeTotals.most(of: register.quantity), (0...most).contains(before),
                (0...most).contains(after)
            else { return nil }
            return (before, after)
        case .level(let looksAtRest):
            let count = Double(scale.numerator) / Double(scale.denominator)
            guard let low = median(numbers.prefix(looksAtRest).map(\.approximate)),
                let high = median(numbers.dropFirst(looksAtRest).map(\.approximate)),
                let before = Int64(exactly: (low * count).rounded()),
                let after = Int64(exactly: (high * count).rounded()),
                Plausible.power.contains(before), Plausible.power.contains(after)
            else { return nil }
            return (before, after)
        }
    }

    // MARK: Weights

    private func changes(_ plan: RegisterPlan, _ scale: Scale) -> Set<RegisterExplanation.Change> {
        let own = register.plan
        var changes: Set<RegisterExplanation.Change> = []
        if scale != register.scale { changes.insert(.scale) }
        if plan.table != own.table { changes.insert(.table) }
        let isHalf =
            plan.table == own.table && !plan.type.isReal && !own.type.isReal
            && plan.type.isDecimal == own.type.isDecimal && plan.type.words != own.type.words
            && RegisterSpan(plan).touches(RegisterSpan(own))
        if isHalf {
            changes.insert(.half)
        } else {
            if plan.type != own.type || own.bits != nil && plan.bits == nil { changes.insert(.type) }
            if plan.address != own.address { changes.insert(.address) }
        }
        if !isSameOrder(plan), !(isHalf && own.type.words == 1) { changes.insert(.order) }
        return changes
    }

    /// How rare such a mistake is.
    private func cost(_ changes: Set<RegisterExplanation.Change>, _ exponent: Int, _ plan: RegisterPlan) -> Double {
        var cost = 0.0
        for change in changes {
            switch change {
            case .scale where plan.type.isReal: cost += isUnit(plan, exponent) ? 2 : 6
            case .scale: cost += exponent.magnitude <= 3 ? 3 : 8
            case .order, .table: cost += 3
            case .type where plan.type.differsInSignOnly(from: register.plan.type): cost += 2
            case .type, .half: cost += 4
            case .address: cost += 6
            }
        }
        if plan.type != register.plan.type { cost += plan.type.rarity }
        let span = RegisterSpan(plan)
        if register.others.contains(where: { $0.touches(span) }) { cost += 6 }
        return cost
    }

    /// Meters that send floating point send litres or m3, not tens of litres.
    private func isUnit(_ plan: RegisterPlan, _ exponent: Int) -> Bool {
        guard let scale = baseScale(of: plan).times(powerOfTen: exponent), scale.denominator == 1 else { return false }
        return MeasurementUnit.all(of: register.quantity).contains { $0.factor == scale.numerator && $0.factor > 1 }
    }

    private func evidence(_ plan: RegisterPlan, _ scale: Scale, _ steps: [Double], _ after: Int64) -> Double {
        let share = facts.looks.share(of: RegisterSpan(plan))
        var bits = 3 * Double(share.moved) + 4 * Double(share.constant)
        if plan.type.isReal {
            let size = facts.looks.numbers(of: plan)?.last?.approximate.magnitude ?? 0
            bits += (0.001...100_000_000).contains(size) ? 4 : -4
            bits -= stiffnessEvidence(plan, steps.count)
        } else if plan.type.isDecimal {
            bits += digitEvidence(plan) - 2
        } else {
            bits -= swapEvidence(steps)
        }
        bits -= 0.5 * Double(share.zero)
        // Some do have as much; who did not write so is not believed at once.
        if !isOwn(plan), let most = HomeTotals.most(of: register.quantity), after > most / 10 { bits -= 5 }
        return bits
    }

    /// Steps of 256 and 65,536 are those of a byte or word in the wrong place; no meter counts in them.
    private func swapEvidence(_ steps: [Double]) -> Double {
        guard !steps.isEmpty else { return 0 }
        func allDivide(by size: Double) -> Bool { steps.allSatisfy { $0.truncatingRemainder(dividingBy: size) == 0 } }
        if allDivide(by: 65_536) { return min(16 * Double(steps.count), 40) }
        return allDivide(by: 256) ? min(8 * Double(steps.count), 24) : 0
    }

    /// A float that moves moves in its last byte, unless its steps are so coarse that this is zero. What stands there
    /// without ever moving is another byte in its place.
    private func stiffnessEvidence(_ plan: RegisterPlan, _ steps: Int) -> Double {
        let ends = Set(facts.looks.bits(of: plan)?.map { $0 & 0xFF } ?? [])
        return ends.count == 1 && ends.first != 0 ? min(8 * Double(steps), 24) : 0
    }

    /// Of sixteen digits a decimal number uses ten, and skips the others when it carries.
    func digitEvidence(_ plan: RegisterPlan) -> Double {
        guard let contents = facts.looks.bits(of: plan), let first = contents.first else { return 0 }
        func digits(_ bits: UInt64) -> [UInt64] { (0..<plan.type.words * 4).map { bits >> UInt64($0 * 4) & 0xF } }
        var seen = Double((first.bitWidth - first.leadingZeroBitCount + 3) / 4)
        var before = digits(first)
        for content in contents.dropFirst() {
            let now = digits(content)
            seen += Double(zip(before, now).count { $0 != $1 })
            before = now
        }
        // log2(16 ÷ 10)
        return min(14, seen * 0.68)
    }
}

extension RegisterType {
    /// How much seldomer than u32 and f32 meters keep totals so, in bits.
    fileprivate var rarity: Double {
        switch self {
        case .u64, .i64: 3
        case .bcd8, .bcd4: 2
        case .f64, .u16, .i16, .sm16: 1
        case .u32, .i32, .f32, .sm32: 0
        }
    }

    fileprivate func differsInSignOnly(from other: RegisterType) -> Bool {
        words == other.words && !isReal && !other.isReal && !isDecimal && !other.isDecimal
    }
}

extension RegisterSpan {
    func touches(_ other: RegisterSpan) -> Bool { table == other.table && first < other.end && other.first < end }
}

/// nil for none.
func median(_ values: [Double]) -> Double? {
    let sorted = values.sorted()
    return sorted.isEmpty ? nil : sorted[sorted.count / 2]
}
