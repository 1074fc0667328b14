// Buttons, mains and battery: what a configuration makes of them.

import Drivers
import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct ResidentConfiguration {
    private func input(_ kind: String, _ more: String = "") -> String {
        "[[input]]\nname = \"\(kind)\"\nkind = \"\(kind)\"\nline = \"\(kind)\"\n\(more)\n"
    }

    private func rule(_ text: String, _ name: String) throws -> RuleModel? {
        let home = try load(text)
        #expect(try load(home.normalisedText).home == home.home)
        return home.home.rules.first { $0.name == name }
    }

    @Test func powerLinesHaveRulesThatNobodyWrote() throws {
        let text = homeHead + input("mains", "active = \"high\"") + input("battery", "active = \"low\"")
        #expect(
            try rule(text, "mains")
                == RuleModel(
                    name: "mains", kind: .inputActive(signal: SignalID(0), holdFor: .minutes(5), request: nil),
                    severity: .technical, clearAfter: .minutes(1), spread: .minutes(10)))
        #expect(
            try rule(text, "battery")
                == RuleModel(
                    name: "battery", kind: .inputActive(signal: SignalID(1), holdFor: .zero, request: nil),
                    severity: .technical, clearAfter: .minutes(10)))
        #expect(issues(text).map(\.code).filter { $0 != "W103" && $0 != "W106" } == ["N101", "N101"])
    }

    @Test func aWrittenRuleIsTakenAsItIsWritten() throws {
        let text =
            homeHead + input("mains", "active = \"high\"") + """
                [[rule]]
                name = "power"
                kind = "input-active"
                signal = "mains"
                for = "1min"
                spread = "3min"
                severity = "yellow"
                """
        #expect(
            try rule(text, "power")
                == RuleModel(
                    name: "power", kind: .inputActive(signal: SignalID(0), holdFor: .minutes(1), request: nil),
                    severity: .yellow, spread: .minutes(3)))
        #expect(try load(text).home.rules.count == 1)
    }

    @Test func whichLevelMeansTroubleMustBeSaid() {
        for kind in ["mains", "battery"] {
            #expect(issues(homeHead + input(kind)).contains { $0.code == "W115" })
            #expect(!issues(homeHead + input(kind, "active = \"high\"")).contains { $0.code == "W115" })
        }
        #expect(!issues(homeHead + input("smoke")).contains { $0.code == "W115" })
    }

    @Test(arguments: [
        ("mains", "high", Bias.pullUp), ("mains", "low", .pullDown), ("battery", "high", .pullDown),
        ("battery", "low", .pullUp), ("panic", "high", .pullDown), ("ok", "low", .pullUp),
    ])
    func onlyABrokenMainsWireReadsAsTrouble(_ kind: String, _ active: String, _ bias: Bias) throws {
        let home = try load(homeHead + input(kind, "active = \"\(active)\""))
        #expect(home.inputs[0].settings.bias == bias)
    }

    @Test func buttonsAndPowerLinesAreDebouncedByKind() throws {
        let home = try load(homeHead + input("ok") + input("mains") + input("battery"))
        #expect(home.inputs.map(\.settings.debounceMilliseconds) == [20, 200, 200])
        #expect(home.inputs.allSatisfy { !$0.isSafety })
    }

    @Test func anOKButtonNeedsNoRuleAndMayBeNamed() throws {
        let text = homeHead + input("ok")
        #expect(try load(text).home.rules.isEmpty)
        #expect(!issues(text).contains { $0.code == "W102" })
        let named =
            text + "[[rule]]\nname = \"r\"\nkind = \"no-activity\"\nsignals = [\"ok\"]\nsilent-for = \"24h\""
        #expect(try load(named).home.rules.count == 1)
    }

    @Test func aLongPressIsThreeSecondsOrWhatIsWritten() throws {
        #expect(try load(homeHead + input("panic")).home.signals[0].longPress == .seconds(3))
        let home = try load(homeHead + input("panic", "long-press = \"5s\""))
        #expect(home.home.signals[0].longPress == .seconds(5))
        #expect(try load(home.normalisedText).home == home.home)
    }

    @Test(arguments: [("siren", true), ("buzzer", true), ("lamp", false)])
    func aPressAnswersOnlyWhereAPreAlarmIsHeard(_ kind: String, _ hasSounder: Bool) throws {
        let home = try load(homeHead + "[[output]]\nname = \"o\"\nkind = \"\(kind)\"\nline = \"O\"")
        #expect(home.home.hasSounder == hasSounder)
    }

    @Test func eachHomeHasItsOwnChance() throws {
        let other = homeHead.replacing("h-1", with: "h-2")
        #expect(try load(homeHead).home.seed != load(other).home.seed)
        #expect(try load(homeHead).home.seed == load(homeHead).home.seed)
    }

    @Test func sentencesSayWhatWillHappen() throws {
        let home = try load(
            homeHead + input("mains") + input("battery") + input("panic") + input("motion")
                + "[[output]]\nname = \"o\"\nkind = \"buzzer\"\nline = \"O\"\n"
                + "[[rule]]\nname = \"r\"\nkind = \"no-activity\"\nsignals = [\"motion\"]\nsilent-for = \"12h\"")
        let said = Dictionary(uniqueKeysWithValues: home.home.rules.map { ($0.name, sentence(of: $0, in: home.home)) })
        #expect(
            said["mains"]
                == """
                speaks (technical) once mains has said for 5 min and, by chance, up to 10 min more that mains power is lost; \
                ends once all has been well for 1 min; cannot tell while the line cannot be read
                """)
        #expect(
            said["battery"]
                == """
                speaks (technical) as soon as battery says that the battery is nearly empty; \
                ends once all has been well for 10 min; cannot tell while the line cannot be read
                """)
        #expect(
            said["panic"]
                == """
                speaks (red) as soon as panic is active; stays until somebody accepts it and the cause is gone; \
                a press that answers a pre-alarm calls only if it is held for 3 s; \
                cannot tell while the line cannot be read
                """)
    }

    // MARK: How seldom a meter is asked on battery

    private func savingSeconds(_ meter: String, _ rules: String = "") throws -> Int64 {
        let home = try load((homeHead + waterMeter).replacing("unit = 5", with: "unit = 5\n" + meter) + rules)
        return home.buses[0].meters[0].savingPollMilliseconds / 1000
    }

    @Test func sixTimesLessOften() throws { #expect(try savingSeconds("") == 60) }

    @Test func neverSoSeldomThatItFallsSilent() throws {
        #expect(try savingSeconds("poll = \"30s\"") == 100)
        #expect(try savingSeconds("poll = \"1h\"") == 3600)
        #expect(try savingSeconds("silent-after = \"45s\"") == 15)
        #expect(try savingSeconds("silent-after = \"11s\"") == 10)
    }

    @Test func neverSoSeldomThatARuleHasFewerThanTenReadings() throws {
        let rule = "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"water.volume\"\nbelow = \"10 L\"\n"
        #expect(try savingSeconds("", rule + "window = \"5min\"") == 30)
        #expect(try savingSeconds("", rule + "window = \"12h\"") == 60)
    }
}
