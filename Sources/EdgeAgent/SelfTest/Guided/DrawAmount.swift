// How much must be drawn so that a meter can show it. Pure.

import Drivers

enum DrawAmount {
    /// A rise of fewer steps says little about the scale.
    static let leastSteps: Int64 = 4
    /// Ten buckets; nobody draws more for a test.
    static let mostWater: Int64 = 100_000
    /// A kettle boils within it, and switches itself off.
    static let mostSeconds: Int64 = 300
    /// What the meter's own inertia and the person's finger need.
    private static let leastSeconds: Int64 = 60
    /// Where nobody knows the step: some 0.1 kWh of a kettle.
    private static let usualSeconds: Int64 = 180

    /// Millilitres to ask for, whole litres if more than was wanted; nil: more than a person can draw.
    static func water(step: Int64?, wanted: Int64) -> Int64? {
        let needed = leastSteps.multipliedReportingOverflow(by: step ?? 0)
        guard !needed.overflow, needed.partialValue <= mostWater else { return nil }
        return needed.partialValue <= wanted ? wanted : (needed.partialValue + 999) / 1000 * 1000
    }

    /// Seconds that a load must be on; nil: longer than a kettle can.
    /// - Parameter step: milliwatt-hours.
    static func seconds(step: Int64?, watts: Int64) -> Int64? {
        guard let step else { return usualSeconds }
        let needed = leastSteps.multipliedReportingOverflow(by: step)
        guard !needed.overflow, needed.partialValue < Int64.max / 3600 else { return nil }
        // 1 mWh is 3.6 J.
        let seconds = needed.partialValue * 36 / (10 * max(1, watts)) + 1
        return seconds <= mostSeconds ? max(seconds, leastSeconds) : nil
    }
}

extension ConfiguredRegister {
    /// Base units in one count, or in the smallest difference that a float of this size can show; nil: nobody knows.
    func step(at number: RawValue?) -> Int64? {
        let size: Double
        switch (plan.type, number) {
        case (.f32, .real(let value)): size = Double(Float(value).ulp)
        case (.f64, _), (.f32, _): return nil
        default:
            guard plan.scaleFrom == nil else { return nil }
            size = 1
        }
        let step = size * Double(scale.numerator) / Double(scale.denominator)
        return Int64(exactly: step.rounded(.up))
    }
}
