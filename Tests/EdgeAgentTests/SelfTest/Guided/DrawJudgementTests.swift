// What `--tap` makes of meters that are set right, and of meters with one thing wrong.

import Drivers
import LocalRules
import Testing

@testable import EdgeAgent

/// A meter as it is, and as somebody configured it.
struct DrawCase: Sendable {
    var truth: String
    /// Counts of the truth's register.
    var total: Double
    /// nil: right as it is.
    var written: String?
    var code: String
    /// Stands in the advice.
    var keys: String
}

@Suite struct DrawJudgementTests {
    /// Flow and a temperature behind the total, a serial number and a status in front, as most meters have them.
    static func neighbours(_ truth: Setting) -> [Neighbour] {
        let other: ModbusTable = truth.table == .holding ? .input : .holding
        let end = truth.address + truth.type.words
        return [
            Neighbour(table: truth.table, address: 2, content: .constant([0x2024, 0x7F31])),
            Neighbour(table: truth.table, address: end + 2, content: .flow(612)),
            Neighbour(table: truth.table, address: end + 4, content: .flowReal(0.61, .ABCD)),
            Neighbour(table: truth.table, address: end + 8, content: .temperature(187)),
            Neighbour(table: other, address: 4, content: .constant([9600, 1, 0, 3])),
        ]
    }

    /// Draws what the test would ask for, and a little more or less.
    static func result(_ test: DrawCase, share: Double = 1.1, phase: Double = 0.3) throws -> (DrawVerdict, CheckResult)
    {
        let truth = try Setting(test.truth)
        let written = try test.written.map { try Setting($0) } ?? truth
        let meter = DrawnMeter(truth: truth, total: test.total, neighbours: neighbours(truth), phase: phase)
        let asked = try #require(DrawAmount.water(step: written.register().step(at: nil), wanted: 2000))
        let facts = DrawFacts(asked: asked, looks: meter.looks(drawn: Double(asked) * share, parts: 8))
        let judgement = DrawJudgement(register: written.register(), facts: facts)
        let verdict = judgement.verdict()
        return (verdict, judgement.result("meter.water.tap", of: verdict))
    }

    static let right: [DrawCase] = [
        ("holding 16 u32 ABCD 0.001 m3", 412_345), ("holding 16 u32 CDAB 0.001 m3", 412_345),
        ("holding 16 u32 BADC 0.001 m3", 412_345), ("holding 16 u32 DCBA 0.001 m3", 412_345),
        ("input 20 u32 ABCD 1 L", 7_655_321), ("holding 16 u32 ABCD 0.01 m3", 31_234),
        ("holding 16 u32 ABCD 10 L", 31_234), ("holding 16 u32 ABCD 0.0001 m3", 4_123_456),
        // The low word is about to overflow, in either order.
        ("holding 16 u32 ABCD 0.001 m3", 65_534), ("holding 16 u32 CDAB 0.001 m3", 131_071),
        ("holding 16 u32 ABCD 0.001 m3", 0), ("holding 16 u32 CDAB 0.1 L", 0),
        ("holding 16 u32 ABCD 0.001 m3", 65_000_000),
        ("holding 16 u16 ABCD 0.001 m3", 41_234), ("holding 16 u16 BADC 0.01 m3", 1_234),
        // A counter of 16 bits begins anew.
        ("holding 16 u16 ABCD 0.001 m3", 65_534),
        ("holding 16 i32 ABCD 0.001 m3", 412_345), ("input 16 i16 ABCD 0.01 m3", 2_345),
        ("holding 16 u64 ABCD 0.001 L", 412_345_678), ("holding 16 u64 DCBA 1 mL", 9_412_345_678),
        ("holding 16 f32 ABCD 1 m3", 412.345), ("holding 16 f32 CDAB 1 m3", 1_412.345),
        ("input 16 f32 DCBA 1 L", 41_234.5), ("holding 16 f64 ABCD 1 m3", 412.345),
        ("holding 16 f64 CDAB 1 m3", 5_412.345), ("holding 16 sm32 ABCD 0.001 m3", 412_345),
        ("holding 16 bcd8 ABCD 0.0001 m3", 4_123_489), ("holding 16 f32 ABCD 1 m3", 0),
    ].map { DrawCase(truth: $0.0, total: $0.1, written: nil, code: "drawRight", keys: "") }

    static let wrong: [DrawCase] = [
        // Scale, by powers of ten.
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 16 u32 ABCD 0.01 m3", "drawScale", #"scale = "0.001""#),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 16 u32 ABCD 0.0001 m3", "drawScale", #"scale = "0.001""#),
        ("holding 16 u32 ABCD 0.0001 m3", 412_345, "holding 16 u32 ABCD 0.01 m3", "drawScale", #"scale = "0.0001""#),
        ("holding 16 u32 ABCD 0.001 m3", 65_534, "holding 16 u32 ABCD 0.01 m3", "drawScale", #"scale = "0.001""#),
        ("holding 16 u32 ABCD 0.001 m3", 0, "holding 16 u32 ABCD 0.01 m3", "drawScale", #"scale = "0.001""#),
        ("holding 16 u16 ABCD 0.001 m3", 1_234, "holding 16 u16 ABCD 0.01 m3", "drawScale", #"scale = "0.001""#),
        ("holding 16 u64 ABCD 0.001 L", 412_345_678, "holding 16 u64 ABCD 0.01 L", "drawScale", #"scale = "0.001""#),
        ("holding 16 f32 ABCD 1 m3", 412.345, "holding 16 f32 ABCD 0.1 m3", "drawScale", #"scale = "1""#),
        ("holding 16 f32 CDAB 1 m3", 412.345, "holding 16 f32 CDAB 10 m3", "drawScale", #"scale = "1""#),
        // Units.
        ("holding 16 u32 ABCD 1 L", 412_345, "holding 16 u32 ABCD 1 mL", "drawUnit", #"unit = "L""#),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 16 u32 ABCD 0.001 L", "drawUnit", #"unit = "m3""#),
        ("holding 16 f32 ABCD 1 m3", 412.345, "holding 16 f32 ABCD 1 L", "drawUnit", #"unit = "m3""#),
        ("holding 16 f32 ABCD 1 L", 41_234.5, "holding 16 f32 ABCD 1 m3", "drawUnit", #"unit = "L""#),
        ("input 16 f32 CDAB 1 m3", 12.5, "input 16 f32 CDAB 1 L", "drawUnit", #"unit = "m3""#),
        // Words and bytes.
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 16 u32 CDAB 0.001 m3", "drawOrder", #"order = "ABCD""#),
        ("holding 16 u32 CDAB 0.001 m3", 412_345, "holding 16 u32 ABCD 0.001 m3", "drawOrder", #"order = "CDAB""#),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 16 u32 BADC 0.001 m3", "drawOrder", #"order = "ABCD""#),
        ("holding 16 u32 BADC 0.001 m3", 412_345, "holding 16 u32 ABCD 0.001 m3", "drawOrder", #"order = "BADC""#),
        ("holding 16 u32 DCBA 0.001 m3", 412_345, "holding 16 u32 ABCD 0.001 m3", "drawOrder", #"order = "DCBA""#),
        ("holding 16 u32 ABCD 0.001 m3", 12, "holding 16 u32 CDAB 0.001 m3", "drawOrder", #"order = "ABCD""#),
        ("holding 16 u32 ABCD 0.0001 m3", 65_530, "holding 16 u32 CDAB 0.0001 m3", "drawOrder", #"order = "ABCD""#),
        ("holding 16 f32 ABCD 1 m3", 412.345, "holding 16 f32 CDAB 1 m3", "drawOrder", #"order = "ABCD""#),
        ("holding 16 f32 CDAB 1 m3", 412.345, "holding 16 f32 ABCD 1 m3", "drawOrder", #"order = "CDAB""#),
        ("holding 16 f32 DCBA 1 m3", 412.345, "holding 16 f32 ABCD 1 m3", "drawOrder", #"order = "DCBA""#),
        ("holding 16 f64 CDAB 1 m3", 412.345, "holding 16 f64 ABCD 1 m3", "drawOrder", #"order = "CDAB""#),
        ("holding 16 u64 ABCD 0.001 L", 412_345_678, "holding 16 u64 DCBA 0.001 L", "drawOrder", #"order = "ABCD""#),
        ("holding 16 u16 ABCD 0.001 m3", 41_234, "holding 16 u16 BADC 0.001 m3", "drawOrder", #"order = "ABCD""#),
        // Types.
        ("holding 16 f32 ABCD 1 m3", 412.345, "holding 16 u32 ABCD 0.001 m3", "drawType", #"type = "f32""#),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 16 f32 ABCD 1 m3", "drawType", #"type = "u32""#),
        ("holding 16 f64 ABCD 1 m3", 412.345, "holding 16 f32 ABCD 1 m3", "drawType", #"type = "f64""#),
        ("holding 16 f32 ABCD 1 m3", 412.345, "holding 16 f64 ABCD 1 m3", "drawType", #"type = "f32""#),
        ("holding 16 u16 ABCD 0.001 m3", 41_234, "holding 16 i16 ABCD 0.001 m3", "drawType", #"type = "u16""#),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 16 bcd8 ABCD 0.001 m3", "drawType", #"type = "u32""#),
        // Half of it; the display tells whether the other half is one.
        (
            "holding 16 u32 ABCD 0.001 m3", 412_345, "holding 17 u16 ABCD 0.001 m3", "drawUncertain",
            #"address = 16, type = "u32""#
        ),
        (
            "holding 16 u32 CDAB 0.001 m3", 412_345, "holding 16 u16 ABCD 0.001 m3", "drawUncertain",
            #"type = "u32", order = "CDAB""#
        ),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 16 u16 ABCD 0.001 m3", "drawHalf", #"type = "u32""#),
        ("holding 16 u16 ABCD 0.001 m3", 41_234, "holding 16 u32 ABCD 0.001 m3", "drawOrder", #"order = "CDAB""#),
        ("holding 16 bcd8 ABCD 0.0001 m3", 4_123_489, "holding 16 u32 ABCD 0.0001 m3", "drawType", #"type = "bcd8""#),
        // No digit carries meanwhile: only the display can tell.
        ("holding 16 bcd8 ABCD 0.001 m3", 412_341, "holding 16 u32 ABCD 0.001 m3", "drawUncertain", #"type = "bcd8""#),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 16 u32 ABCD 0.00001 m3", "drawScale", #"scale = "0.001""#),
        // Registers that are none of it, and the other table.
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 18 u32 ABCD 0.001 m3", "drawRegister", "address = 16"),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 17 u32 ABCD 0.001 m3", "drawSeveral", "address = 16"),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 15 u32 ABCD 0.001 m3", "drawRegister", "address = 16"),
        ("holding 16 f32 ABCD 1 m3", 412.345, "holding 17 f32 ABCD 1 m3", "drawRegister", "address = 16"),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 2 u32 ABCD 0.001 m3", "drawRegister", "address = 16"),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 20 u16 ABCD 0.001 m3", "drawMomentary", "address = 16"),
        ("holding 16 f32 ABCD 1 m3", 412.345, "holding 22 f32 ABCD 1 m3", "drawMomentary", "address = 16"),
        ("input 16 u32 ABCD 0.001 m3", 412_345, "holding 16 u32 ABCD 0.001 m3", "drawTable", #"table = "input""#),
        ("holding 16 f32 CDAB 1 m3", 412.345, "input 16 f32 CDAB 1 m3", "drawTable", #"table = "holding""#),
        // Two things at once.
        (
            "holding 16 u32 CDAB 0.001 m3", 412_345, "holding 16 u32 ABCD 0.01 m3", "drawOrder",
            #"order = "CDAB", scale = "0.001""#
        ),
        (
            "holding 16 f32 CDAB 1 m3", 412.345, "holding 16 u32 ABCD 0.001 m3", "drawType",
            #"type = "f32", order = "CDAB""#
        ),
        // Gallons: no setting of ours makes 2 L of them.
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 16 u32 ABCD 0.003785 m3", "drawMuch", "4.0"),
        ("holding 16 u32 ABCD 0.001 m3", 412_345, "holding 16 u32 ABCD 0.00029 m3", "drawLittle", "0."),
    ].map { DrawCase(truth: $0.0, total: $0.1, written: $0.2, code: $0.3, keys: $0.4) }

    /// In every language each verdict says what is filled in, and leaves no place empty.
    @Test func everyVerdictIsSaidWhole() throws {
        for test in DrawJudgementTests.right + DrawJudgementTests.wrong {
            let (_, result) = try DrawJudgementTests.result(test)
            for language in Language.allCases {
                for text in [result.reason.text(in: language), result.advice?.text(in: language) ?? ""] {
                    #expect(!text.contains("{"), "\(text)")
                }
            }
        }
    }

    /// One count of 10 L, or of 1 L? Nobody can know, and none is named.
    @Test func aSingleCountIsTooLittle() throws {
        let test = DrawCase(
            truth: "holding 16 u32 ABCD 0.01 m3", total: 31_234, written: "holding 16 u32 ABCD 0.0001 m3", code: "",
            keys: "")
        let (_, result) = try DrawJudgementTests.result(test, phase: 0.9)
        #expect(told([result]) == ["fail meter.water.tap drawFew → drawFewAdvice"])
        #expect(result.advice?.text(in: .en).hasSuffix("with about 20 L.") == true)
    }

    @Test func sixtySettingsAndMore() throws {
        var mistakes: [String] = []
        for test in DrawJudgementTests.right + DrawJudgementTests.wrong {
            let (_, result) = try DrawJudgementTests.result(test)
            let advice = result.advice?.text(in: .en) ?? ""
            guard result.reason.code == test.code, test.keys.isEmpty || advice.contains(test.keys) else {
                mistakes.append(
                    "\(test.truth) at \(test.total), written \(test.written ?? "so"): \(result.reason.code) \(advice), not \(test.code) \(test.keys)"
                )
                continue
            }
        }
        let (right, wrong) = (DrawJudgementTests.right.count, DrawJudgementTests.wrong.count)
        print("--tap: \(right) right and \(wrong) wrong settings judged, \(mistakes.count) without their cause")
        #expect(mistakes.isEmpty, "\(mistakes.joined(separator: "\n"))")
        #expect(right >= 20 && wrong >= 40 && right + wrong >= 60)
    }
}
