// Durations, decimals, scales and limits: exact, or refused.

import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct ExactText {
    @Test(
        arguments: [
            ("30ms", 30), ("10s", 10_000), ("5m", 300_000), ("15min", 900_000), ("12h", 43_200_000),
            ("3d", 259_200_000), ("0s", 0),
        ] as [(String, Int64)])
    func durations(_ text: String, _ milliseconds: Int64) {
        #expect(Span.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: [
        "", "10", "s", "1.5h", "-1s", "10 s", "10S", "1h30m", "99999999999999999999s", "9223372036854775807d", "١٠s",
    ])
    func notDurations(_ text: String) {
        #expect(Span.parse(text) == nil)
    }

    @Test(arguments: [
        ("30ms", "30ms"), ("90s", "90s"), ("60s", "1min"), ("24h", "24h"), ("2d", "2d"), ("36h", "36h"), ("0ms", "0s"),
        ("1d", "24h"),
    ])
    func durationsPrintedBack(_ text: String, _ printed: String) {
        #expect(Span.parse(text)?.text() == printed)
    }

    @Test(
        arguments: [
            ("0.01 m3", Quantity.volume, 10_000), ("10 L", .volume, 10_000), ("0.5 L", .volume, 500),
            ("1 mL", .volume, 1),
            ("0.05 kWh", .energy, 50_000), ("500 Wh", .energy, 500_000), ("0.1 MWh", .energy, 100_000_000),
            ("2 kWh", .energy, 2_000_000),
        ] as [(String, Quantity, Int64)])
    func limits(_ text: String, _ quantity: Quantity, _ baseUnits: Int64) throws {
        let parts = text.split(separator: " ")
        let unit = try #require(MeasurementUnit.named(String(parts[1]), of: quantity))
        #expect(ExactDecimal.parse(String(parts[0]))?.baseUnits(of: unit) == baseUnits)
    }

    @Test(arguments: [
        "", ".", "1.", ".5", "1e3", "+1", "1,5", " 1", "0.0000000000000000001", "9223372036854775808", "--1", "NaN",
    ])
    func notDecimals(_ text: String) {
        #expect(ExactDecimal.parse(text) == nil)
    }

    @Test(
        arguments: [
            ("0.001", "m3", 1000, 1), ("1", "m3", 1_000_000, 1), ("0.1", "L", 100, 1), ("0.0001", "L", 1, 10),
            ("2.50", "mL", 5, 2),
        ] as [(String, String, Int64, Int64)])
    func scales(_ text: String, _ symbol: String, _ numerator: Int64, _ denominator: Int64) throws {
        let unit = try #require(MeasurementUnit.named(symbol, of: .volume))
        let scale = try #require(ExactDecimal.parse(text)?.scale(by: unit.factor))
        #expect(scale == Scale(numerator: numerator, denominator: denominator))
        let printed = try #require(ExactDecimal.parse(scale.text(in: unit)))
        #expect(printed == ExactDecimal.parse(text))
    }

    @Test func scaleTextSurvivesEveryUnitAndPlace() throws {
        for quantity in Quantity.allCases {
            for unit in MeasurementUnit.all(of: quantity) {
                for places in 0...9 {
                    for digits: Int64 in [1, 3, 7, 10, 25, 999] {
                        let decimal = try #require(
                            ExactDecimal.parse(ExactDecimal(digits: digits, places: places).written))
                        let scale = try #require(decimal.scale(by: unit.factor))
                        #expect(ExactDecimal.parse(scale.text(in: unit)) == decimal)
                    }
                }
            }
        }
    }

    @Test(
        arguments: [
            // raw, numerator, denominator, base units: rounds half away from zero
            (1_234_567, 1000, 1, 1_234_567_000), (5, 1, 10, 1), (4, 1, 10, 0), (-5, 1, 10, -1), (-4, 1, 10, 0),
            (15, 1, 10, 2),
            (Int64.max, 1, 1, .max), (Int64.min, 1, 1, .min), (Int64.max, 1000, 1, nil), (Int64.min, 2, 1, nil),
            (Int64.max, 1000, 1000, .max), (Int64.max, 3, 2, nil), (Int64.min, 1, 10, -922_337_203_685_477_581),
        ] as [(Int64, Int64, Int64, Int64?)])
    func scaling(_ raw: Int64, _ numerator: Int64, _ denominator: Int64, _ expected: Int64?) {
        #expect(Scale(numerator: numerator, denominator: denominator).baseUnits(raw) == expected)
    }

    @Test(
        arguments: [
            // scale, exponent, scale times ten to that power, irreducible
            (1000, 1, 0, 1000, 1), (1, 10, 1, 1, 1), (1, 10, 2, 10, 1), (1, 1000, 3, 1, 1), (3, 1000, 2, 3, 10),
            (1000, 1, -3, 1, 1), (1000, 1, -4, 1, 10), (5, 2, -1, 1, 4), (5, 2, 1, 25, 1), (7, 3, 1, 70, 3),
            (1_000_000, 1, 10, 10_000_000_000_000_000, 1), (1_000_000, 1, -10, 1, 10_000),
            (1, 1_000_000_000, -9, 1, 1_000_000_000_000_000_000),
        ] as [(Int64, Int64, Int, Int64, Int64)])
    func powersOfTen(_ numerator: Int64, _ denominator: Int64, _ exponent: Int, _ above: Int64, _ below: Int64) {
        let scale = Scale(numerator: numerator, denominator: denominator)
        #expect(scale.times(powerOfTen: exponent) == Scale(numerator: above, denominator: below))
    }

    @Test(
        arguments: [
            (1_000_000_000, 1, 10), (Int64.max, 1, 1), (1, 1_000_000_000, -10), (1, Int64.max, -1), (1, 1, 19),
            (1, 1, -19), (1, 1, .min), (1, 1, .max),
        ] as [(Int64, Int64, Int)])
    func powersOfTenBeyond64Bits(_ numerator: Int64, _ denominator: Int64, _ exponent: Int) {
        #expect(Scale(numerator: numerator, denominator: denominator).times(powerOfTen: exponent) == nil)
    }

    @Test func everyExponentIsUndoneByItsOpposite() throws {
        for exponent in -10...10 {
            for scale in [Scale(numerator: 1, denominator: 1), Scale(numerator: 1_000_000, denominator: 1)] {
                let moved = try #require(scale.times(powerOfTen: exponent))
                #expect(moved.times(powerOfTen: -exponent) == scale, "\(exponent)")
            }
        }
    }

    @Test func scalingOfFloatingPoint() {
        let kilowattHours = Scale(numerator: 1_000_000, denominator: 1)
        #expect(kilowattHours.baseUnits(Double(Float(0.01))) == 10_000)
        #expect(kilowattHours.baseUnits(1234.5) == 1_234_500_000)
        #expect(kilowattHours.baseUnits(Double.nan) == nil)
        #expect(kilowattHours.baseUnits(Double.infinity) == nil)
        #expect(kilowattHours.baseUnits(1e300) == nil)
    }
}

extension ExactDecimal {
    /// Plain digits with a point, for the test above only.
    fileprivate var written: String {
        var digits = String(digits)
        guard places > 0 else { return digits }
        digits = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return digits.dropLast(places) + "." + digits.suffix(places)
    }
}

@Suite struct TomlTexts {
    @Test func everythingHasItsPlace() throws {
        let root = try TomlDocument(parsing: Array("b = 1\n[t]\n  x = [ 'é',\n true ]\na.c = 2".utf8)).root
        #expect(root.entries.map(\.key) == ["b", "t"])
        guard case .table(let table)? = root["t"]?.value.content, case .array(let list)? = table["x"]?.value.content
        else {
            Issue.record("no table t with an array x")
            return
        }
        #expect(table["x"]?.keyPosition == TomlPosition(line: 3, column: 3))
        #expect(list.map(\.position) == [TomlPosition(line: 3, column: 9), TomlPosition(line: 4, column: 2)])
        guard case .string(let text) = list[0].content else {
            Issue.record("no string")
            return
        }
        #expect(text == "é")
    }

    @Test func limits() {
        let beyond = [
            "nested arrays": "a = " + String(repeating: "[", count: 400) + String(repeating: "]", count: 400),
            "deep tables": "[" + Array(repeating: "a", count: 400).joined(separator: ".") + "]",
            "a long line": "a = \"" + String(repeating: "x", count: 2000) + "\"",
            "a large file": String(repeating: "# x\n", count: 300_000),
            "no UTF-8 scalar": "a = \"\\uD800\"",
            "an integer beyond 64 bits": "a = 99999999999999999999",
        ]
        for (name, text) in beyond {
            #expect(throws: TomlSyntaxError.self, "\(name)") { _ = try TomlDocument(parsing: Array(text.utf8)).root }
        }
    }

    @Test func anythingAtAllIsAnErrorAndNoCrash() {
        let seed: UInt64 = 20_260_301
        print("seed \(seed)")
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let good = Array((homeHead + waterMeter).utf8)
        for _ in 0..<2000 {
            var bytes = good
            for _ in 0...next(4) { bytes[next(bytes.count)] = UInt8(next(256)) }
            _ = try? sampleLoader.load(text: bytes, file: "home.toml")
        }
        #expect(throws: TomlSyntaxError.self) { _ = try TomlDocument(parsing: [0xFF, 0x00]).root }
        #expect((try? TomlDocument(parsing: []).root.entries.isEmpty) == true)
    }
}
