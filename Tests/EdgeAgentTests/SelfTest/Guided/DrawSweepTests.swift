// Thousands of meters and settings by chance: a wrong setting is never called right.

import Drivers
import LocalRules
import Testing

@testable import EdgeAgent

private struct Tally {
    var counts: [String: Int] = [:]
    var examples: [String: [String]] = [:]

    mutating func add(_ what: String, _ example: @autoclosure () -> String) {
        counts[what, default: 0] += 1
        if examples[what, default: []].count < 8 {
            examples[what, default: []].append(example())
        }
    }
}

@Suite struct DrawSweepTests {
    private static let meters = 1000
    /// Never to happen, or seldom: shown whole.
    private static let shown = ["wrong: called right", "right: called wrong", "wrong: another cause named"]

    @Test(arguments: [20_260, 7] as [UInt64])
    func thousandsOfSettings(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var tally = Tally()
        for _ in 0..<DrawSweepTests.meters { try judgeOne(&random, &tally) }
        let counts = tally.counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        print("--tap, seed \(seed), \(DrawSweepTests.meters) meters: \(counts.joined(separator: ", "))")
        for example in DrawSweepTests.shown.flatMap({ tally.examples[$0, default: []] }) { print("  \(example)") }
        #expect(tally.counts["wrong: called right", default: 0] == 0, "seed \(seed)")
        #expect(tally.counts["right: called wrong", default: 0] == 0, "seed \(seed)")
        // One in a hundred of them: numbers that look like another reading's.
        #expect(tally.counts["wrong: another cause named", default: 0] <= DrawSweepTests.meters / 100, "seed \(seed)")
    }

    private func judgeOne(_ random: inout SeededGenerator, _ tally: inout Tally) throws {
        let truth = try DrawSweepTests.truth(&random)
        let total = DrawSweepTests.total(of: truth, &random)
        let isRight = Int.random(in: 0..<5, using: &random) < 2
        let neighbours = DrawSweepTests.neighbours(truth, &random)
        let written = isRight ? truth : try DrawSweepTests.mistaken(truth, neighbours, &random)
        let meter = DrawnMeter(
            truth: truth, total: total, neighbours: neighbours, phase: Double.random(in: 0..<1, using: &random))
        let first = meter.looks(drawn: 0, parts: 1).numbers(of: written.plan)?.first
        guard let asked = DrawAmount.water(step: written.register().step(at: first), wanted: 2000) else {
            return tally.add("too coarse to ask", "\(written)")
        }
        let drawn = Double(asked) * Double.random(in: 0.65...1.6, using: &random)
        let facts = DrawFacts(
            asked: asked, looks: meter.looks(drawn: drawn, parts: Int.random(in: 3...20, using: &random)))
        let judgement = DrawJudgement(register: written.register(), facts: facts)
        let verdict = judgement.verdict()
        let result = judgement.result("x", of: verdict)
        let example =
            "\(truth) at \(total), written \(written): \(result.reason.code) \(result.advice?.text(in: .en) ?? "")"
        let right = numbers(truth, facts)
        if isRight {
            switch verdict {
            case .right: tally.add("right: called right", "")
            case .uncertain: tally.add("right: uncertain", example)
            default: tally.add("right: called wrong", example)
            }
            return
        }
        switch verdict {
        case .right where numbers(written, facts) == right: tally.add("wrong: shows the same numbers", example)
        case .right: tally.add("wrong: called right", example)
        case .wrong(let best):
            let isCause = [best.before, best.after] == [right?.first, right?.last]
            tally.add(isCause ? "wrong: cause named" : "wrong: another cause named", example)
        case .uncertain(let several):
            let isAmong = several.contains { [$0.before, $0.after] == [right?.first, right?.last] }
            tally.add(isAmong ? "wrong: cause among several" : "wrong: several others", example)
        case .tooFewCounts: tally.add("wrong: one count, draw more", example)
        default: tally.add("wrong: movement only", example)
        }
    }

    private func numbers(_ setting: Setting, _ facts: DrawFacts) -> [Int64]? {
        facts.looks.numbers(of: setting.plan)?.compactMap { setting.scale.baseUnits(of: $0) }
    }

    // MARK: Meters

    private static func truth(_ random: inout SeededGenerator) throws -> Setting {
        let types = ["u32", "u32", "u32", "u16", "i32", "u64", "f32", "f32", "f64", "bcd8"]
        let type = types.randomElement(using: &random) ?? "u32"
        let order = WordOrder.allCases.randomElement(using: &random) ?? .ABCD
        let table = Bool.random(using: &random) ? "holding" : "input"
        let scales =
            type.hasPrefix("f")
            ? ["1 m3", "1 L"] : ["0.001 m3", "1 L", "0.01 m3", "0.0001 m3", "0.1 L", "1 mL", "0.001 L"]
        return try Setting(
            "\(table) \(Int.random(in: 8...24, using: &random)) \(type) \(order.rawValue) \(scales.randomElement(using: &random) ?? "1 L")"
        )
    }

    /// From new to thirty years old; what the type can hold.
    private static func total(of truth: Setting, _ random: inout SeededGenerator) -> Double {
        let litres =
            Bool.random(using: &random)
            ? Double.random(in: 0...5_000_000, using: &random)
            : Double([0, 1, 10, 100, 1000, 60_000].randomElement(using: &random) ?? 0)
                * Double.random(in: 0...1.2, using: &random)
        let counts = litres * 1000 / truth.count
        switch truth.type {
        case .u16: return counts.truncatingRemainder(dividingBy: 65_536).rounded(.down)
        case .bcd8: return counts.truncatingRemainder(dividingBy: 99_000_000).rounded(.down)
        case .f32: return Double(Float(counts))
        case .f64: return counts
        default: return counts.truncatingRemainder(dividingBy: 2_000_000_000).rounded(.down)
        }
    }

    private static func neighbours(_ truth: Setting, _ random: inout SeededGenerator) -> [Neighbour] {
        let end = truth.address + truth.type.words
        var found: [Neighbour] = []
        var address = end + Int.random(in: 0...3, using: &random)
        let word = { (random: inout SeededGenerator) in UInt16.random(in: 0...0xFFFF, using: &random) }
        for _ in 0..<4 {
            let content: Neighbour.Content =
                switch Int.random(in: 0..<5, using: &random) {
                case 0: .flow(UInt16.random(in: 5...900, using: &random))
                case 1:
                    .flowReal(Float.random(in: 0.2...12, using: &random), Bool.random(using: &random) ? .ABCD : .CDAB)
                case 2: .temperature(UInt16.random(in: 50...300, using: &random))
                case 3: .constant([word(&random), word(&random)])
                default: .constant([0, 0])
                }
            found.append(Neighbour(table: truth.table, address: address, content: content))
            address += 2 + Int.random(in: 0...2, using: &random)
        }
        // In front, where there is room: a serial number.
        if truth.address >= 4, Bool.random(using: &random) {
            let content = Neighbour.Content.constant([word(&random), word(&random)])
            found.append(
                Neighbour(
                    table: truth.table, address: truth.address - 2 - Int.random(in: 0...2, using: &random),
                    content: content))
        }
        return found
    }

    // MARK: Mistakes

    private static func mistaken(
        _ truth: Setting, _ neighbours: [Neighbour], _ random: inout SeededGenerator
    ) throws -> Setting {
        var written = truth
        for _ in 0..<(Int.random(in: 0..<6, using: &random) == 0 ? 2 : 1) {
            try mistake(&written, neighbours, &random)
        }
        // Two mistakes may undo each other.
        if written.description == truth.description { try mistake(&written, neighbours, &random) }
        return written.description == truth.description
            ? try Setting("\(truth)".replacing("\(truth.address)", with: "40")) : written
    }

    private static func mistake(
        _ written: inout Setting, _ neighbours: [Neighbour], _ random: inout SeededGenerator
    ) throws {
        switch Int.random(in: 0..<7, using: &random) {
        case 0:
            let exponent = [-3, -2, -1, 1, 2, 3].randomElement(using: &random) ?? 1
            let bare = MeasurementUnit(symbol: "", factor: 1)
            let scale = ExactDecimal.parse(written.scaleText)?.scale(by: 1)?.times(powerOfTen: exponent)
            written.scaleText = scale?.text(in: bare) ?? written.scaleText
        case 1:
            written.unit =
                MeasurementUnit.all(of: .volume).filter { $0 != written.unit }.randomElement(using: &random)
                ?? written.unit
        case 2:
            written.order = WordOrder.allCases.filter { $0 != written.order }.randomElement(using: &random) ?? .ABCD
        case 3:
            let types: [RegisterType] = [.u16, .i16, .u32, .i32, .u64, .f32, .f64, .bcd8]
            written.type = types.filter { $0 != written.type }.randomElement(using: &random) ?? .u32
        case 4: written.address += [-2, -1, 1, 2].randomElement(using: &random) ?? 1
        case 5: written.address = neighbours.randomElement(using: &random)?.address ?? 0
        default: written.table = written.table == .holding ? .input : .holding
        }
    }
}
