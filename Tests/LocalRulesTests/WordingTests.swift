// Numbers and times as people read them.

import Testing

@testable import LocalRules

@Suite("Wording") struct WordingTests {
    @Test(
        "Moments in ISO 8601",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_767_225_600_000, "2026-01-01T00:00:00Z"),
            (1_767_225_600_123, "2026-01-01T00:00:00.123Z"), (1_767_225_600_007, "2026-01-01T00:00:00.007Z"),
            (1_709_164_800_000, "2024-02-29T00:00:00Z"), (4_107_542_399_000, "2100-02-28T23:59:59Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00Z"), (951_782_400_000, "2000-02-29T00:00:00Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func moments(milliseconds: Int64, text: String) {
        #expect(Instant(milliseconds: milliseconds).iso8601 == text)
    }

    @Test(
        "Lengths of time in at most two units",
        arguments: [
            (.zero, "0 s"), (.milliseconds(999), "0 s"), (.seconds(45), "45 s"), (.seconds(60), "1 min"),
            (.seconds(90), "1 min 30 s"), (.minutes(200), "3 h 20 min"), (.hours(12), "12 h"), (.hours(24), "24 h"),
            (.hours(47), "47 h"), (.hours(48), "2 d"), (.hours(76), "3 d 4 h"), (.milliseconds(-5), "0 s"),
        ] as [(Span, String)])
    func spans(span: Span, text: String) {
        #expect(span.text == text)
    }

    @Test(
        "Amounts, exactly",
        arguments: [
            (Quantity.volume, 4000, "0.004 m3"), (.volume, 10_000, "0.01 m3"), (.volume, 0, "0 m3"),
            (.volume, 23_456_789, "23.456789 m3"), (.volume, 1, "0.000001 m3"), (.energy, 1_500_000, "1.5 kWh"),
            (.volume, -2_500_000, "-2.5 m3"), (.volume, .min, "-9223372036854.775808 m3"),
        ] as [(Quantity, Int64, String)])
    func amounts(quantity: Quantity, amount: Int64, text: String) {
        #expect(quantity.text(amount) == text)
    }
}
