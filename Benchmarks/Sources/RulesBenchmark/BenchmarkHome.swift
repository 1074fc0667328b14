// A home of 10 signals and 12 rules, and the readings of a life in it.

import LocalRules

enum BenchmarkHome {
    private static let signals = [
        meter("water.volume", .volume, step: 1_000), meter("power.energy", .energy, step: 1_000),
        meter("power.power", .power), meter("temperature.hall", .temperature),
        input("motion.bedroom", .motion), input("motion.kitchen", .motion), input("door.front", .door),
        input("smoke.kitchen", .smoke), input("panic", .panic), input("meals", .service),
    ]

    private static let (water, energy, power, hall) = (SignalID(0), SignalID(1), SignalID(2), SignalID(3))
    private static let (bedroom, kitchen, door) = (SignalID(4), SignalID(5), SignalID(6))

    static let model = HomeModel(signals: signals, rules: use + absence + inputs)

    private static let use = [
        rule("no-water", .lowUse(signal: water, window: .hours(12), below: 10_000)),
        rule("much-water", .highUse(signal: water, window: .hours(24), above: 2_000_000)),
        rule("running-water", .continuousUse(signal: water, slot: .minutes(30), span: .hours(48), atLeast: 1_000)),
        rule(
            "cold",
            .beyond(
                signal: hall, limits: ValueLimits(above: nil, below: 12_000, hysteresis: 1_000), holdFor: .minutes(10))),
        rule("stove", .continuousUse(signal: power, slot: .minutes(5), span: .hours(4), atLeast: 1_500_000)),
    ]

    private static let absence = [
        rule("no-sign-of-life", .noActivity(signals: [bedroom, kitchen, door, water], silence: .lasting(.hours(12)))),
        rule(
            "waking-hours",
            .noActivity(
                signals: [bedroom, kitchen, energy],
                silence: .within(DailyHours(from: 420, until: 1320), .hours(10), carries: true))),
        rule(
            "heat",
            .heatAndStill(
                temperatures: [hall], activity: [bedroom, kitchen],
                terms: HeatTerms(above: 35_000, hysteresis: 1_000, hotFor: .minutes(10), stillFor: .hours(8)))),
        rule("not-returned", .notReturned(signals: [door], after: .hours(16))),
    ]

    private static let inputs = [
        rule("smoke", .inputActive(signal: SignalID(7), holdFor: .zero, request: nil)),
        rule("panic", .inputActive(signal: SignalID(8), holdFor: .zero, request: nil)),
        rule("meals", .inputActive(signal: SignalID(9), holdFor: .zero, request: "meal")),
    ]

    private static func rule(_ name: String, _ kind: RuleModel.Kind) -> RuleModel {
        RuleModel(name: name, kind: kind, severity: .orange)
    }

    private static func meter(_ name: String, _ quantity: Quantity, step: Int64? = nil) -> SignalModel {
        SignalModel(name: name, source: .meter(quantity), silentAfter: .minutes(5), step: step)
    }

    private static func input(_ name: String, _ kind: InputKind) -> SignalModel {
        SignalModel(name: name, source: .input(kind), silentAfter: nil)
    }
}

/// What the signals of that home show every ten seconds: nights without use, meals, a kettle, a walk to the market.
struct BenchmarkLife {
    static let step = Span.seconds(10)
    static let begin = Instant(milliseconds: 1_767_225_600_000)

    private var now = BenchmarkLife.begin
    private var litres: Int64 = 100_000
    private var wattHours: Int64 = 4_000_000

    /// The next ten readings, one of each signal.
    mutating func next(_ readings: inout [Reading]) {
        now = now + BenchmarkLife.step
        let tick = (now - BenchmarkLife.begin).milliseconds / 10_000
        let (minute, second) = ((tick / 6) % 1_440, tick % 6)
        let isAwake = (420..<1_350).contains(minute)
        let isOut = (600..<660).contains(minute) && (tick / 8_640) % 3 == 0
        let isHome = isAwake && !isOut
        // Six litres in a minute, every 97 minutes; 50 W and a refrigerator every third hour, a kettle after meals.
        let kettle = isHome && minute % 240 < 4
        if isHome && minute % 97 == 0 { litres += 1 }
        if tick % 60 == 0 { wattHours += kettle ? 30 : 9 }
        let values: [Int64] = [
            litres * 1_000, wattHours * 1_000, kettle ? 2_000_000 : 50_000, 20_000 + (minute % 60) * 10,
            isHome && minute % 7 == 0 && second < 3 ? 1 : 0, isHome && minute % 11 == 0 && second < 2 ? 1 : 0,
            (minute == 600 || minute == 660) && second < 2 && (tick / 8_640) % 3 == 0 ? 1 : 0, 0, 0, 0,
        ]
        for index in readings.indices {
            readings[index] = Reading(signal: SignalID(index), time: now, value: values[index])
        }
    }
}
