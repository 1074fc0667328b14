// What survives a power cut, and what is said where something does not.

import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct PowerCutTestTests {
    private func alert(_ id: String) -> Alert {
        Alert(
            id: id, rule: "panic", kind: "input-active", severity: .red, signals: [], reasons: [], state: .raised,
            began: midnight, raised: midnight)
    }

    /// A home with an open alert that waits, a rule that can tell and a total.
    private func scripted() -> ScriptedHome {
        let scripted = ScriptedHome(script: Array(repeating: { _ in }, count: 200))
        scripted.status.starts = 3
        scripted.status.unixMilliseconds = midnight.milliseconds
        scripted.status.alerts = [alert("panic/1")]
        scripted.status.rules = [
            AgentStatus.Rule(name: "no-water", kind: "low-use", verdict: .fine, reason: ""),
            AgentStatus.Rule(name: "no-power", kind: "low-use", verdict: .cannotTell, reason: ""),
        ]
        scripted.status.signals = [
            AgentStatus.Signal(name: "water.volume", value: "412.316 m3", ageSeconds: 1, missing: false)
        ]
        scripted.records.waiting = [OutboxPicture.Waiting(id: "r1", alert: "panic/1")]
        return scripted
    }

    private func run(_ scripted: ScriptedHome, _ folder: HeldFolder) throws -> [String] {
        let test = PowerCutTest(
            home: try load(smallHome), daemon: scripted.daemon, file: folder.path + "/power-cut.json")
        return told(test.run(scripted.guide)).map { $0.replacing("power-cut.", with: "") }
    }

    /// The board has started again, a minute later.
    private func cut(_ scripted: ScriptedHome) {
        scripted.records.bootID += "'"
        scripted.records.nextSequence += 1000
        scripted.status.starts += 1
        scripted.status.unixMilliseconds += 60_000
    }

    @Test func whatIsNotedIsComparedAndForgotten() throws {
        let folder = try HeldFolder()
        let scripted = scripted()
        #expect(try run(scripted, folder) == ["untested restarted powerNoted → powerNotedAdvice"])
        #expect(try run(scripted, folder) == ["untested restarted powerNotCut → powerNotedAdvice"])
        cut(scripted)
        #expect(
            try run(scripted, folder) == [
                "pass restarted powerRestarted", "pass ids powerIDsKept", "pass windows powerWindowsKept",
                "pass alerts powerAlertsKept",
            ])
        #expect(try run(scripted, folder) == ["untested restarted powerNoted → powerNotedAdvice"])
    }

    @Test func eachThingThatIsForgottenIsFoundByItsOwnLine() throws {
        func found(_ forget: (ScriptedHome) -> Void) throws -> [String] {
            let (folder, scripted) = (try HeldFolder(), scripted())
            _ = try run(scripted, folder)
            cut(scripted)
            forget(scripted)
            return try run(scripted, folder).filter { !$0.hasPrefix("pass") }
        }
        #expect(try found { $0.status.starts = 1 } == ["fail restarted powerStarts → powerLostAdvice"])
        #expect(try found { $0.records.nextSequence = 99 } == ["fail ids powerNumbersBack → powerLostAdvice"])
        #expect(try found { $0.records.waiting = [] } == ["fail ids powerRecordsLost → powerLostAdvice"])
        #expect(
            try found { $0.status.rules[0].verdict = .cannotTell }
                == ["fail windows powerWindowsLost → powerWindowsLostAdvice"])
        #expect(
            try found { $0.status.signals[0].value = "412.315 m3" }
                == ["fail windows powerWindowsLost → powerWindowsLostAdvice"])
        #expect(try found { $0.status.alerts = [] } == ["fail alerts powerAlertsLost → powerLostAdvice"])
        // Its end was said: that is no loss.
        let ended = try found { home in
            home.status.steps = [AgentStatus.Step(event: .cleared, alert: home.status.alerts[0], at: midnight)]
            home.status.alerts = []
            home.records.waiting = []
        }
        #expect(ended.isEmpty)
    }

    @Test func readingsMayComeALittleLater() throws {
        let (folder, scripted) = (try HeldFolder(), scripted())
        _ = try run(scripted, folder)
        cut(scripted)
        scripted.status.signals[0].value = nil
        var waits = 0
        var guide = scripted.guide
        guide.wait = { _ in
            waits += 1
            if waits == 20 { scripted.status.signals[0].value = "412.400 m3" }
            return true
        }
        let test = PowerCutTest(
            home: try load(smallHome), daemon: scripted.daemon, file: folder.path + "/power-cut.json")
        #expect(test.run(guide).allSatisfy { $0.verdict == .pass })
        #expect(waits == 20)
    }

    @Test func anOldNoteIsVoidAndANoteThatCannotBeWrittenIsSaid() throws {
        let (folder, scripted) = (try HeldFolder(), scripted())
        _ = try run(scripted, folder)
        cut(scripted)
        scripted.status.unixMilliseconds += 86_400_000
        #expect(try run(scripted, folder) == ["untested restarted powerNoted → powerNotedAdvice"])
        let nowhere = PowerCutTest(
            home: try load(smallHome), daemon: scripted.daemon, file: folder.path + "/none/power-cut.json")
        #expect(
            told(nowhere.run(scripted.guide))
                == ["untested power-cut.restarted powerNoNote → storageRefusedAdvice"])
        scripted.isDaemonThere = false
        #expect(try run(scripted, folder) == ["untested restarted powerNoDaemon → powerNoDaemonAdvice"])
    }
}
