// Durations, decimals and quantities as people write them, to exact integers and back.

import LocalRules

extension Span {
    /// Longest first, so that printing takes the largest that divides.
    private static let unitsOfTime: [(name: String, milliseconds: Int64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("min", 60_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]

    /// "30ms", "10s", "15min" (or "15m"), "12h", "3d". Whole numbers only; nil for anything else or beyond 64 bits.
    static func parse(_ text: String) -> Span? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int64(digits) else { return nil }
        let name = text.dropFirst(digits.count)
        guard let unit = unitsOfTime.first(where: { $0.name == name }) else { return nil }
        let (product, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow ? nil : Span(milliseconds: product)
    }

    /// The same length as `parse` takes it: "12h". `separator` goes between number and unit.
    func text(separator: String = "") -> String {
        guard milliseconds != 0 else { return "0\(separator)s" }
        // People say 24 h for a day's window and count days only from two on.
        let unit = Span.unitsOfTime.first {
            milliseconds % $0.milliseconds == 0 && ($0.name != "d" || milliseconds >= 2 * $0.milliseconds)
        }
        guard let unit else { return "\(milliseconds)\(separator)ms" }
        return "\(milliseconds / unit.milliseconds)\(separator)\(unit.name)"
    }
}

/// A decimal number, exactly: digits × 10^−places.
struct ExactDecimal: Hashable, Sendable {
    var digits: Int64
    /// Digits behind the point, 0...18.
    var places: Int

    /// "0.001", "-12", "3.50". No exponent, no separators; nil for anything else or beyond 64 bits.
    static func parse(_ text: String) -> ExactDecimal? {
        let isNegative = text.hasPrefix("-")
        let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else {
            return nil
        }
        var fraction = parts.count == 2 ? parts[1] : ""
        while fraction.last == "0" { fraction.removeLast() }
        guard fraction.count <= 18, let digits = Int64((isNegative ? "-" : "") + parts[0] + fraction) else {
            return nil
        }
        return ExactDecimal(digits: digits, places: fraction.count)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

    /// This times `factor` as an irreducible fraction; nil beyond 64 bits.
    func scale(by factor: Int64) -> Scale? {
        let denominator = powerOfTen(places)
        // Reduced before multiplying, so that "0.001" of a cubic metre never comes near the limit.
        let common = greatestCommonDivisor(factor, denominator)
        let (numerator, overflow) = digits.multipliedReportingOverflow(by: factor / common)
        guard !overflow else { return nil }
        return Scale(reducing: numerator, over: denominator / common)
    }

    /// This many units of `factor` base units each, when that is a whole number of 64 bits.
    func baseUnits(of unit: MeasurementUnit) -> Int64? {
        guard let scale = scale(by: unit.factor), scale.denominator == 1 else { return nil }
        return scale.numerator
    }
}

extension Scale {
    /// `denominator` must be positive.
    init(reducing numerator: Int64, over denominator: Int64) {
        let common = max(1, greatestCommonDivisor(numerator, denominator))
        self.init(numerator: numerator / common, denominator: denominator / common)
    }

    /// This times 10^`exponent`, exactly; nil beyond 64 bits.
    func times(powerOfTen exponent: Int) -> Scale? {
        guard exponent.magnitude <= 18 else { return nil }
        let power = powerOfTen(Int(exponent.magnitude))
        // Reduced crosswise before multiplying, so that only what cannot be held overflows.
        let left = Scale(reducing: numerator, over: exponent < 0 ? power : 1)
        let right = Scale(reducing: exponent < 0 ? 1 : power, over: denominator)
        let (above, aboveOverflows) = left.numerator.multipliedReportingOverflow(by: right.numerator)
        let (below, belowOverflows) = left.denominator.multipliedReportingOverflow(by: right.denominator)
        return aboveOverflows || belowOverflows ? nil : Scale(numerator: above, denominator: below)
    }

    /// A raw register in base units, rounded half away from zero; nil when that is beyond 64 bits.
    func baseUnits(_ raw: Int64) -> Int64? {
        let product = raw.multipliedFullWidth(by: numerator)
        let isNegative = product.high < 0
        var magnitude = (high: UInt64(bitPattern: product.high), low: product.low)
        if isNegative {
            magnitude.low = ~magnitude.low &+ 1
            magnitude.high = ~magnitude.high &+ (magnitude.low == 0 ? 1 : 0)
        }
        let divisor = denominator.magnitude
        guard divisor > magnitude.high else { return nil }
        var (quotient, remainder) = divisor.dividingFullWidth(magnitude)
        if remainder >= divisor - remainder { quotient &+= 1 }
        if isNegative { return quotient <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- quotient) : nil }
        return Int64(exactly: quotient)
    }

    /// The same for a meter that sends floating point; nil for infinities, no-numbers and beyond 64 bits.
    func baseUnits(_ raw: Double) -> Int64? {
        let scaled = (raw * Double(numerator) / Double(denominator)).rounded(.toNearestOrAwayFromZero)
        return Int64(exactly: scaled)
    }

    /// The factor from raw counts to `unit`, as an exact decimal: "0.001".
    func text(in unit: MeasurementUnit) -> String {
        // raw × numerator ÷ (denominator × factor). The scale was made from a decimal, so that the fraction
        // ends; the two parts of the divisor stay apart, because their product may not fit.
        let common = greatestCommonDivisor(numerator, unit.factor)
        let rest = unit.factor / common
        for places in 0...18 {
            let tens = powerOfTen(places)
            guard tens % denominator == 0, tens / denominator % rest == 0 else { continue }
            let (digits, overflow) = (numerator / common).multipliedReportingOverflow(by: tens / denominator / rest)
            if !overflow { return decimalText(digits: digits, places: places) }
        }
        return "\(numerator)/\(denominator)"
    }
}

/// A unit in which a quantity may be written.
struct MeasurementUnit: Hashable, Sendable {
    /// "m3"
    var symbol: String
    /// Base units of the quantity in one of these.
    var factor: Int64

    /// Smallest first; the first is the base unit.
    static func all(of quantity: Quantity) -> [MeasurementUnit] {
        func units(_ pairs: (String, Int64)...) -> [MeasurementUnit] {
            pairs.map { MeasurementUnit(symbol: $0.0, factor: $0.1) }
        }
        return switch quantity {
        case .volume: units(("mL", 1), ("L", 1000), ("m3", 1_000_000))
        case .energy: units(("mWh", 1), ("Wh", 1000), ("kWh", 1_000_000), ("MWh", 1_000_000_000))
        case .power: units(("mW", 1), ("W", 1000), ("kW", 1_000_000))
        case .voltage: units(("mV", 1), ("V", 1000))
        case .current: units(("mA", 1), ("A", 1000))
        case .frequency: units(("mHz", 1), ("Hz", 1000))
        case .temperature: units(("mdegC", 1), ("degC", 1000))
        case .humidity: units(("m%", 1), ("%", 1000))
        case .flow: units(("mL/h", 1), ("L/h", 1000), ("L/min", 60_000), ("m3/h", 1_000_000))
        }
    }

    static func named(_ symbol: String, of quantity: Quantity) -> MeasurementUnit? {
        all(of: quantity).first { $0.symbol == symbol }
    }
}

/// Base units in the largest unit that takes no fraction: 10000 mL is "10 L".
func quantityText(_ value: Int64, of quantity: Quantity) -> String {
    let units = MeasurementUnit.all(of: quantity)
    let unit: MeasurementUnit = units.last { value % $0.factor == 0 } ?? units[0]
    return "\(value / unit.factor) \(unit.symbol)"
}

private func decimalText(digits: Int64, places: Int) -> String {
    guard places > 0 else { return "\(digits)" }
    let magnitude = String(digits.magnitude)
    let padded = String(repeating: "0", count: max(0, places + 1 - magnitude.count)) + magnitude
    return (digits < 0 ? "-" : "") + padded.dropLast(places) + "." + padded.suffix(places)
}

private func powerOfTen(_ exponent: Int) -> Int64 { (0..<exponent).reduce(1) { product, _ in product * 10 } }

private func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
    var (a, b) = (a.magnitude, b.magnitude)
    while b != 0 { (a, b) = (b, a % b) }
    return Int64(clamping: a)
}
