// The kinds of rules beyond the first three: what they take, what they refuse, and what they say of themselves.

import LocalRules
import Testing

@testable import EdgeAgent

/// Lines 6 to 45: water in steps of a litre, a power and a temperature, and inputs.
private let equipped =
    homeHead + waterMeter + """
        [[meter]]
        name = "power"
        bus = "rs485"
        unit = 6
        [[meter.register]]
        signal = "power"
        quantity = "power"
        address = 0
        type = "u32"
        unit = "W"
        [[meter.register]]
        signal = "living"
        quantity = "temperature"
        address = 2
        type = "i16"
        scale = "0.1"
        unit = "degC"
        [[input]]
        name = "motion"
        kind = "motion"
        line = "A"
        [[input]]
        name = "visit"
        kind = "visit"
        line = "B"

        """

private func rule(_ kind: String, _ keys: String) -> String {
    "[[rule]]\nname = \"r\"\nkind = \"\(kind)\"\n\(keys)\n"
}

@Suite struct RuleConfiguration {
    /// The rule, which must come back the same from its own normalised text, and its sentence.
    private func read(_ kind: String, _ keys: String, home head: String = equipped) throws
        -> (rule: RuleModel, home: HomeModel, sentence: String)
    {
        let home = try load(head + rule(kind, keys))
        let again = try load(home.normalisedText)
        #expect(again.home == home.home)
        #expect(again.normalisedText == home.normalisedText)
        let rule = try #require(home.home.rules.first)
        return (rule, home.home, sentence(of: rule, in: home.home))
    }

    @Test func highUse() throws {
        let (rule, home, sentence) = try read(
            "high-use", "signal = \"water.volume\"\nwindow = \"24h\"\nabove = \"2 m3\"")
        #expect(
            rule
                == RuleModel(
                    name: "r", kind: .highUse(signal: SignalID(0), window: .hours(24), above: 2_000_000),
                    severity: .orange))
        #expect(home.signals[0].step == 1000)
        #expect(
            sentence
                == "speaks (orange) when more than 2 m3 went through water.volume in any 24 h; cannot tell while the meter is silent for more than 5 min"
        )
    }

    @Test func continuousUse() throws {
        let water = try read("continuous-use", "signal = \"water.volume\"")
        #expect(
            water.rule.kind
                == .continuousUse(signal: SignalID(0), slot: .minutes(30), span: .hours(24), atLeast: 1000))
        #expect(
            water.sentence.hasPrefix(
                "speaks (orange) when 1 L or more went through water.volume in every 30 min of 24 h"))
        let plate = try read(
            "continuous-use",
            "signal = \"power.power\"\nslot = \"10min\"\nspan = \"2h\"\nat-least = \"1 kW\"\nrise = { red = \"4h\" }")
        #expect(
            plate.rule.kind
                == .continuousUse(signal: SignalID(1), slot: .minutes(10), span: .hours(2), atLeast: 1_000_000))
        #expect(plate.rule.rises == [Rise(after: .hours(4), severity: .red)])
        #expect(plate.sentence.contains("; becomes red after 4 h; "))
    }

    @Test func noActivityByTheTimeOfDay() throws {
        let morning = try read(
            "no-activity", "signals = [\"motion\"]\nbetween = [\"07:00\", \"10:00\"]\nweekdays = [\"mon\", \"sun\"]")
        let hours = DailyHours(from: 420, until: 600, weekdays: [Weekdays(day: 0), Weekdays(day: 1)])
        #expect(morning.rule.kind == .noActivity(signals: [SignalID(3)], silence: .through(hours)))
        #expect(morning.rule.warnFor == .minutes(10))
        #expect(
            morning.sentence
                == "speaks (orange) when motion gave no sign of life from 07:00–10:00 (sun, mon), not once; warns in the home for the last 10 min before; rests while nobody is in; cannot tell while it is missing; while the clock is not set, speaks after 27 h of silence"
        )
        let waking = try read(
            "no-activity",
            "signals = [\"motion\"]\nsilent-for = \"20h\"\nbetween = [\"07:00\", \"22:00\"]\ncarry = true\nseverity = \"yellow\"\nrise = { orange = \"25h\", red = \"30h\" }",
            home: equipped.replacing("board =", with: "quiet = [\"22:00\", \"07:00\"]\nboard ="))
        #expect(
            waking.rule.kind
                == .noActivity(
                    signals: [SignalID(3)],
                    silence: .within(DailyHours(from: 420, until: 1320), .hours(20), carries: true)))
        #expect(
            waking.rule.rises == [Rise(after: .hours(25), severity: .orange), Rise(after: .hours(30), severity: .red)])
        #expect(waking.home.quiet == DailyHours(from: 1320, until: 420))
        #expect(waking.sentence.contains("carried over from one day to the next; becomes orange after 25 h;"))
        #expect(waking.sentence.contains("waits from 22:00–07:00 for the morning, while it is yellow"))
    }

    @Test func beyond() throws {
        let (rule, _, sentence) = try read(
            "beyond", "signal = \"power.living\"\nbelow = \"-5 degC\"\nabove = \"35 degC\"")
        #expect(
            rule.kind
                == .beyond(
                    signal: SignalID(2), limits: ValueLimits(above: 35_000, below: -5000, hysteresis: 1000),
                    holdFor: .minutes(10)))
        #expect(rule.severity == .yellow)
        #expect(sentence.hasPrefix("speaks (yellow) when power.living is below -5 degC or above 35 degC for 10 min"))
    }

    @Test func heatAndStill() throws {
        let (rule, home, sentence) = try read(
            "heat-and-still", "signals = [\"power.living\", \"temperature.outside\", \"motion\"]")
        // The outside temperature is there because the rule names it, behind all other signals.
        #expect(
            home.signals.last
                == SignalModel(name: "temperature.outside", source: .meter(.temperature), silentAfter: .hours(6)))
        #expect(
            rule.kind
                == .heatAndStill(
                    temperatures: [SignalID(2), SignalID(5)], activity: [SignalID(3)],
                    terms: HeatTerms(
                        above: 35_000, hysteresis: 1000, hotFor: .minutes(10), stillFor: .hours(8))))
        #expect(rule.warnFor == .minutes(10))
        #expect(
            sentence
                == "speaks (orange) when power.living or temperature.outside has been at 35 degC or more for 10 min and motion gave no sign of life for 8 h; warns in the home for the last 10 min before; rests while nobody is in; cannot tell while all temperatures are missing, or all signs of life are"
        )
        #expect(try load(equipped).home.signals.count == 5)
    }

    @Test func groups() throws {
        let (rule, _, sentence) = try read(
            "input-active",
            "signal = \"visit\"\nseverity = \"red\"\nconfirm = [\"motion\", \"water.volume\"]\nconfirm-within = \"5min\""
        )
        #expect(rule.confirmation == Confirmation(signals: [SignalID(3), SignalID(0)], within: .minutes(5)))
        #expect(
            sentence.hasPrefix(
                "speaks (orange) as soon as visit is active; becomes red once motion or water.volume agrees within 5 min, or none of them can be read"
            ))
        let standard = try read("input-active", "signal = \"visit\"\nseverity = \"red\"\nconfirm = [\"motion\"]")
        #expect(standard.rule.confirmation?.within == .minutes(10))
    }

    @Test func smokeInAGroupIsSaid() {
        let home =
            equipped.replacing("kind = \"visit\"", with: "kind = \"smoke\"")
            + rule("input-active", "signal = \"visit\"\nconfirm = [\"motion\"]")
        #expect(issues(home).contains { $0.code == "W108" && $0.line == 50 })
        #expect(errors(home).isEmpty)
    }

    @Test func visitOverdue() throws {
        let (rule, _, _) = try read("visit-overdue", "signal = \"visit\"\nevery = \"7d\"\nrise = { orange = \"10d\" }")
        #expect(rule.kind == .visitOverdue(signal: SignalID(4), every: .days(7)))
        #expect(rule.severity == .yellow)
    }

    @Test(arguments: [
        ("high-use", "signal = \"water.volume\"\nwindow = \"24h\"", ["E103@46"]),
        ("high-use", "signal = \"water.volume\"\nwindow = \"24h\"\nabove = \"100 mL\"", ["E408@51"]),
        ("high-use", "signal = \"water.volume\"\nwindow = \"24h\"\nabove = \"2 m3\"\nwarn-for = \"5min\"", ["E404@52"]),
        ("continuous-use", "signal = \"power.power\"", ["E103@46"]),
        ("continuous-use", "signal = \"motion\"", ["E413@49"]),
        ("continuous-use", "signal = \"water.volume\"\nat-least = \"10 mL\"", ["E408@50"]),
        ("continuous-use", "signal = \"water.volume\"\nslot = \"2h\"\nspan = \"1h\"", ["E304@50"]),
        ("no-activity", "signals = [\"motion\"]", ["E103@46"]),
        ("no-activity", "signals = [\"motion\"]\nsilent-for = \"3h\"\nweekdays = [\"mon\"]", ["E404@51"]),
        ("no-activity", "signals = [\"motion\"]\nbetween = [\"07:00\", \"10:00\"]\ncarry = true", ["E404@51"]),
        ("no-activity", "signals = [\"motion\"]\nbetween = [\"7:00\", \"10:00\"]", ["E303@50"]),
        ("no-activity", "signals = [\"motion\"]\nbetween = [\"07:00\", \"07:00\"]", ["E304@50"]),
        ("no-activity", "signals = [\"motion\"]\nbetween = [\"07:00\", \"10:00\", \"11:00\"]", ["E304@50"]),
        (
            "no-activity", "signals = [\"motion\"]\nbetween = [\"07:00\", \"10:00\"]\nweekdays = [\"monday\"]",
            ["E301@51"]
        ),
        ("no-activity", "signals = [\"motion\"]\nsilent-for = \"4h\"\nbetween = [\"07:00\", \"10:00\"]", ["E418@50"]),
        ("no-activity", "signals = [\"motion\"]\nsilent-for = \"12h\"\nrise = { red = \"12h\" }", ["E419@51"]),
        (
            "no-activity", "signals = [\"motion\"]\nsilent-for = \"12h\"\nrise = { orange = \"20h\" }",
            ["E419@51"]
        ),
        (
            "no-activity",
            "signals = [\"motion\"]\nsilent-for = \"12h\"\nseverity = \"yellow\"\nrise = { orange = \"20h\", red = \"18h\" }",
            ["E419@52"]
        ),
        ("no-activity", "signals = [\"motion\"]\nsilent-for = \"12h\"\nrise = { purple = \"20h\" }", ["E102@51"]),
        ("beyond", "signal = \"power.living\"", ["E103@46"]),
        ("beyond", "signal = \"water.volume\"\nabove = \"3 m3\"", ["E413@49"]),
        ("beyond", "signal = \"power.living\"\nabove = \"20 degC\"\nbelow = \"19 degC\"", ["E304@50"]),
        ("heat-and-still", "signals = [\"motion\"]", ["E413@49"]),
        ("heat-and-still", "signals = [\"temperature.outside\"]", ["E413@49"]),
        ("visit-overdue", "signal = \"motion\"\nevery = \"7d\"", ["E413@49"]),
        ("visit-overdue", "signal = \"visit\"", ["E103@46"]),
        ("input-active", "signal = \"visit\"\nconfirm = [\"motion\"]", ["E404@50"]),
        ("input-active", "signal = \"visit\"\nseverity = \"red\"\nconfirm-within = \"5min\"", ["E404@51"]),
        ("input-active", "signal = \"visit\"\nseverity = \"red\"\nconfirm = [\"visit\"]", ["E413@51"]),
        ("input-active", "signal = \"visit\"\nseverity = \"red\"\nconfirm = [\"power.living\"]", ["E413@51"]),
        (
            "input-active", "signal = \"visit\"\nseverity = \"red\"\nconfirm = [\"motion\", \"motion\"]",
            ["E205@51"]
        ),
        (
            "input-active",
            "signal = \"visit\"\nseverity = \"red\"\nconfirm = [\"motion\"]\nconfirm-within = \"2h\"",
            ["E304@52"]
        ),
        ("no-activity", "signals = [\"motion\"]\nsilent-for = \"12h\"\nconfirm = [\"visit\"]", ["E404@51"]),
    ])
    func refused(_ kind: String, _ keys: String, _ expected: [String]) {
        #expect(errors(equipped + rule(kind, keys)) == expected)
    }

    @Test func quietHoursAreTwoTimes() {
        #expect(errors(equipped.replacing("board =", with: "quiet = [\"22:00\"]\nboard =")) == ["E304@5"])
    }
}
