// What a home without any [[rule]] gets, by what is there.

import LocalRules
import Testing

@testable import EdgeAgent

private let bus = """
    [[bus]]
    name = "rs485"
    kind = "rtu"
    port = "/dev/ttyUSB0"

    """

private func meter(_ name: String, unit: Int, _ quantity: String, count: String, of base: String, poll: String = "10s")
    -> String
{
    """
    [[meter]]
    name = "\(name)"
    bus = "rs485"
    unit = \(unit)
    poll = "\(poll)"
    [[meter.register]]
    signal = "total"
    quantity = "\(quantity)"
    address = 0
    type = "u32"
    scale = "\(count)"
    unit = "\(base)"

    """
}

private func water(_ litres: String, poll: String = "10s") -> String {
    meter("water", unit: 1, "volume", count: litres, of: "L", poll: poll)
}

private func energy(_ wattHours: String) -> String { meter("power", unit: 2, "energy", count: wattHours, of: "Wh") }

private func input(_ name: String, _ kind: String) -> String {
    "[[input]]\nname = \"\(name)\"\nkind = \"\(kind)\"\nline = \"\(name)\"\n"
}

private let motion = input("motion", "motion"), door = input("door", "door")

@Suite struct RecommendedRulesTests {
    /// "no-sign-of-life: water.total 14h orange, 26h red", "running-water: water.total 30min 2d yellow".
    private func rules(_ home: HomeConfiguration) -> [String] {
        home.home.rules.map { rule in
            let signals = rule.kind.signals.map { home.home.signals[$0.index].name }.joined(separator: "+")
            switch rule.kind {
            case .noActivity(_, .lasting(let span)):
                let red = rule.rises.map { ", \($0.after.text()) \($0.severity.rawValue)" }.joined()
                return "\(rule.name): \(signals) \(span.text()) \(rule.severity.rawValue)\(red)"
            case .continuousUse(_, let slot, let span, _):
                return "\(rule.name): \(signals) \(slot.text()) \(span.text()) \(rule.severity.rawValue)"
            default: return "\(rule.name): \(signals) \(rule.severity.rawValue)"
            }
        }
    }

    @Test(arguments: [
        ("water", water("1"), ["water.total 14h orange, 26h red", "30min"]),
        ("water in steps of 0.1 L", water("0.1"), ["water.total 14h orange, 26h red", "30min"]),
        ("water in steps of 5 L", water("5"), ["water.total 16h orange, 26h red", "30min"]),
        ("water in steps of 10 L", water("10"), ["water.total 24h orange, 36h red", "30min"]),
        ("water once an hour", water("1", poll: "1h"), ["water.total 14h orange, 26h red", "2h"]),
        ("water every six hours", water("1", poll: "6h"), ["water.total 14h orange, 26h red"]),
        ("motion", motion, ["motion 12h orange, 24h red"]),
        ("energy", energy("10"), ["power.total 13h orange, 24h red"]),
        ("motion and coarse water", motion + water("10"), ["motion 12h orange, 24h red", "30min"]),
        (
            "motion, water, energy", motion + water("1") + energy("1"),
            ["motion+water.total 12h orange, 24h red", "30min"]
        ),
        (
            "the finest of two",
            meter("garden", unit: 3, "volume", count: "10", of: "L") + water("1"),
            ["water.total 14h orange, 26h red", "30min"]
        ),
    ])
    func byWhatIsThere(_ what: String, _ parts: String, _ expected: [String]) throws {
        let home = try load(homeHead + bus + parts)
        let wanted =
            ["no-sign-of-life: \(expected[0])"]
            + expected.dropFirst().map { "running-water: water.total \($0) 2d yellow" }
        #expect(rules(home) == wanted, "\(what)")
        #expect(home.home.rules[0].warnFor == .minutes(10))
        #expect(home.warnings.count { $0.code == "N101" } == wanted.count)
    }

    /// A door makes rules rest, so that somebody must hear of whoever does not come back.
    @Test func doorsListenWithTheMeter() throws {
        let home = try load(homeHead + bus + water("1") + door)
        #expect(
            rules(home) == [
                "no-sign-of-life: water.total+door 14h orange, 26h red", "running-water: water.total 30min 2d yellow",
                "not-returned: door yellow", "active-while-away: water.total yellow",
            ])
        #expect(!home.warnings.contains { $0.code == "W102" }, "the door is watched")
    }

    @Test func leakSensorsSpeak() throws {
        #expect(rules(try load(homeHead + input("leak.kitchen", "leak"))) == ["leak.kitchen: leak.kitchen orange"])
    }

    @Test(arguments: [
        ("steps of 100 L", water("100"), "W116"), ("read once a day", water("1", poll: "1d"), "W116"),
        ("a door alone", door, "W116"), ("steps of 1 kWh", energy("1000"), "W116"),
        ("a drip cannot be told", water("10"), "W116"), ("a refrigerator", energy("10"), "W110"),
    ])
    func saysWhatCannotBeTold(_ what: String, _ parts: String, _ expected: String) throws {
        let found = try load(homeHead + bus + parts).warnings.filter { ["W110", "W116"].contains($0.code) }
        #expect(found.map(\.code) == [expected], "\(what)")
    }

    @Test func anyRuleReplacesThem() throws {
        let own = "[[rule]]\nname = \"leak\"\nkind = \"continuous-use\"\nsignal = \"water.total\"\n"
        #expect(try load(homeHead + bus + water("1") + own).home.rules.map(\.name) == ["leak"])
        let none = try load("rule = []\n" + homeHead + bus + water("1") + motion)
        #expect(none.home.rules.isEmpty)
        #expect(!none.warnings.contains { $0.code == "N101" || $0.code == "W116" })
        // A rule with an error is one that somebody wrote.
        let broken =
            "[[rule]]\nname = \"no-sign-of-life\"\nkind = \"low-use\"\nsignal = \"water.total\"\nwindow = \"12h\"\n"
        #expect(issues(homeHead + bus + water("1") + broken).filter(\.isError).map(\.code) == ["E103"])
    }

    /// The city's rule on one line, as docs/configuration.md shows it.
    @Test func theCitysRuleIsOneLine() throws {
        let line =
            #"rule = [{ name = "no-water", kind = "low-use", signal = "water.total", window = "12h", below = "0.01 m3" }]"#
        let home = try load(line + "\n" + homeHead + bus + water("1"))
        #expect(home.home.rules.map(\.name) == ["no-water"])
        #expect(home.home.rules[0].severity == .orange)
    }

    @Test(arguments: [water("1") + door, motion, water("100"), energy("10"), input("panic", "panic")])
    func normalisedTextLoadsToTheSame(_ parts: String) throws {
        let home = try load(homeHead + bus + parts)
        let again = try load(home.normalisedText)
        #expect(again.hash == home.hash)
        #expect(again.home.rules == home.home.rules)
    }

    @Test func anInputMayNotTakeTheName() {
        #expect(issues(homeHead + motion + input("no-sign-of-life", "panic")).map(\.code).contains("E205"))
    }
}
