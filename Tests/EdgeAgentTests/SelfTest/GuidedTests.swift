// Guided tests with a scripted person and a scripted daemon: what happens while time passes, and what is made of it.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Testing

@testable import EdgeAgent

/// A home in which things happen while the guide waits. One script line a wait: "panic on", "cut", "", …
private final class ScriptedHome {
    var status = AgentStatus()
    var picture = LinesPicture()
    var records = OutboxPicture(bootID: "boot-1", nextSequence: 100, waiting: [])
    var isDaemonThere = true
    var pulses: [String] = []
    var questions: [String] = []
    /// Answers to questions whose connection is held, in turn.
    var answers: [String?] = []
    /// What somebody says to a question.
    var hears = true
    var said: [String] = []
    private var isConnectionOver = false
    private var endings = 0
    private var script: [(ScriptedHome) -> Void]

    init(_ inputs: [String] = [], script: [(ScriptedHome) -> Void] = []) {
        self.script = script
        picture.inputs = inputs.map { LinePicture(name: $0, isActive: false) }
        picture.outputs = [LinePicture(name: "siren")]
        status.upstream.isConnected = true
        status.walkSecondsLeft = 14_400
    }

    func set(_ name: String, _ isActive: Bool) {
        guard let index = picture.inputs.firstIndex(where: { $0.name == name }) else { return }
        picture.inputs[index].isActive = isActive
        picture.inputs[index].edges += 1
    }

    func hangUp() { isConnectionOver = true }

    var heldConnections: Int { questions.count - endings }

    var daemon: DaemonSide {
        DaemonSide(
            status: { [self] in isDaemonThere ? status : nil }, lines: { [self] in isDaemonThere ? picture : nil },
            pulse: { [self] output in
                pulses.append(output)
                return nil
            },
            records: { [self] in isDaemonThere ? records : nil },
            hold: { [self] question in
                guard isDaemonThere else { return nil }
                questions.append(question)
                isConnectionOver = false
                return HeldQuestion(
                    answer: { [self] _ in answers.isEmpty ? nil : answers.removeFirst().map { Array($0.utf8) } },
                    isOver: { [self] in isConnectionOver }, end: { [self] in endings += 1 })
            })
    }

    /// A person who is gone once the script is over.
    var guide: Guide {
        Guide(
            tell: { [self] in said.append($0.code) }, show: { [self] in said.append("(\($0.code))") },
            confirm: { [self] question in
                said.append(question.code)
                return hears
            },
            wait: { [self] _ in
                guard !script.isEmpty else { return false }
                script.removeFirst()(self)
                return true
            })
    }
}

private func home(_ inputs: [(name: String, kind: String)], upstream: String = "") throws -> HomeConfiguration {
    let tables = inputs.enumerated().map { index, input in
        "[[input]]\nname = \"\(input.name)\"\nkind = \"\(input.kind)\"\nline = \"L\(index)\"\n"
    }
    return try load(
        homeHead + tables.joined() + "[[output]]\nname = \"siren\"\nkind = \"siren\"\nline = \"S\"\n" + upstream)
}

@Suite struct WalkTestTests {
    private let begun = "{\"walkMilliseconds\":14400000}"
    private let inputs = [("panic", "panic"), ("motion.hall", "motion"), ("door.front", "door"), ("mains", "mains")]
    private var names: [String] { inputs.map(\.0) }

    private func walk(_ scripted: ScriptedHome) throws -> [String] {
        var test = WalkTest(home: try home(inputs), daemon: scripted.daemon)
        let results = told(test.run(scripted.guide))
        #expect(scripted.heldConnections == 0)
        return results
    }

    @Test func itEndsWhenAllWereSeenAndNothingWouldCall() throws {
        let scripted = ScriptedHome(
            names,
            script: [
                { $0.set("motion.hall", true) }, { $0.set("door.front", true) }, { $0.set("panic", true) },
                { $0.set("door.front", false) }, { _ in }, { $0.set("panic", false) }, { _ in },
            ])
        scripted.answers = [begun]
        #expect(
            try walk(scripted) == [
                "pass walk.panic walkWasSeen", "pass walk.motion.hall walkWasSeen", "pass walk.door.front walkWasSeen",
            ])
        #expect(scripted.questions == ["walk begin"])
        // Each chirps once.
        #expect(scripted.pulses == ["siren", "siren", "siren"])
        #expect(scripted.said.filter { !$0.hasPrefix("(") } == ["walkBegins", "walkTodo", "walkSeen", "walkSeen", "walkSeen"])
        #expect(scripted.said.contains("(walkStillActive)"))
    }

    @Test func whatWasNotSeenIsUntestedAndSaysWhy() throws {
        let scripted = ScriptedHome(
            names,
            script: [
                { $0.set("door.front", true) }, { $0.picture.inputs[0] = LinePicture(name: "panic", fault: .ofOthers) },
            ])
        scripted.answers = [begun]
        #expect(
            try walk(scripted) == [
                "untested walk.panic walkFault → walkFaultAdvice",
                "untested walk.motion.hall walkUnseen → walkUnseenAdvice",
                "untested walk.door.front walkHalf → walkHalfAdvice",
            ])
    }

    /// That it was active before somebody came proves nothing: it may be stuck.
    @Test func aLineThatWasActiveBeforeMustBecomeSoAgain() throws {
        let scripted = ScriptedHome(names, script: [{ _ in }, { $0.set("motion.hall", false) }, { _ in }])
        scripted.picture.inputs[1].isActive = true
        scripted.picture.inputs[1].edges = 17
        scripted.answers = [begun]
        #expect(try walk(scripted)[1] == "untested walk.motion.hall walkUnseen → walkUnseenAdvice")
        let again = ScriptedHome(
            names, script: [{ $0.set("motion.hall", false) }, { $0.set("motion.hall", true) }, { _ in }])
        again.picture.inputs[1].isActive = true
        again.answers = [begun]
        #expect(try walk(again)[1] == "pass walk.motion.hall walkWasSeen")
    }

    @Test func aDaemonThatIsStartedAgainGoesOnAndCountsFromZero() throws {
        let scripted = ScriptedHome(
            names,
            script: [
                { $0.set("panic", true) }, { $0.set("panic", false) },
                { home in
                    home.isDaemonThere = false
                    home.hangUp()
                }, { _ in },
                { home in
                    home.isDaemonThere = true
                    home.picture.inputs[1] = LinePicture(name: "motion.hall", isActive: true, edges: 1)
                    home.answers = ["{\"walkMilliseconds\":60000}"]
                }, { _ in },
            ])
        scripted.picture.inputs[1].edges = 40
        scripted.answers = [begun]
        let results = try walk(scripted)
        #expect(results.prefix(2) == ["pass walk.panic walkWasSeen", "pass walk.motion.hall walkWasSeen"])
        #expect(scripted.questions == ["walk begin", "walk begin"])
        #expect(scripted.said.contains("(walkDaemonAway)"))
    }

    @Test func itsTimeIsOver() throws {
        let scripted = ScriptedHome(
            names,
            script: [
                { home in
                    home.status.walkSecondsLeft = nil
                    home.hangUp()
                }, { _ in },
            ])
        scripted.answers = [begun]
        #expect(try walk(scripted).allSatisfy { $0.hasPrefix("untested") })
        #expect(scripted.said.last == "walkOver")
    }

    @Test func whatCannotBegin() throws {
        let busy = ScriptedHome(names)
        busy.answers = ["{\"error\":\"somebody else walks through the home already\"}"]
        #expect(try walk(busy) == ["untested walk walkRefused → walkRefusedAdvice"])
        let nothing = ScriptedHome()
        var test = WalkTest(home: try home([("mains", "mains")]), daemon: nothing.daemon)
        #expect(told(test.run(nothing.guide)) == ["untested walk walkNothing → walkNothingAdvice"])
        #expect(nothing.questions.isEmpty)
    }

    @Test func howLongAWalkMayBe() {
        func seconds(_ text: String) -> Int64? { SelfTestDoor.walkSeconds(text.split(separator: " ").map(String.init)) }
        #expect(seconds("walk begin") == 14_400)
        #expect(seconds("walk begin 60") == 60)
        for wrong in ["walk begin 0", "walk begin 14401", "walk begin -5", "walk begin x", "walk begin 5 5"] {
            #expect(seconds(wrong) == nil)
        }
    }
}

extension LineError {
    fileprivate static var ofOthers: LineError {
        LineError(kind: .busy, message: "in use by hostapd", advice: "")
    }
}

@Suite struct OfflineTestTests {
    private let broker = "[upstream]\nbroker = \"mqtts://broker.example:8883\"\n"
    private let cut: (ScriptedHome) -> Void = { $0.status.upstream.isConnected = false }
    private let plug: (ScriptedHome) -> Void = { $0.status.upstream.isConnected = true }

    private func answer(by: String?, isTaken: Bool = false, isLate: Bool = true) -> String {
        let answer = TestAlertAnswer(alert: "self-test/x", by: by, milliseconds: 1, isTaken: isTaken, isLate: isLate)
        return String(decoding: (try? JSONEncoder().encode(answer)) ?? Data(), as: UTF8.self)
    }

    private func run(_ scripted: ScriptedHome, attended: Bool = true) throws -> [String] {
        var guide = scripted.guide
        guide.isAttended = attended
        let test = OfflineTest(
            home: try home([("panic", "panic")], upstream: broker), daemon: scripted.daemon, answerSeconds: 2)
        let results = told(test.run(guide))
        #expect(scripted.heldConnections == 0)
        return results.map { $0.replacing("offline.", with: "") }
    }

    @Test func theWholeWay() throws {
        let scripted = ScriptedHome(script: [{ _ in }, cut, { _ in }, plug, { _ in }])
        scripted.answers = [nil, nil, answer(by: "Li")]
        #expect(
            try run(scripted) == [
                "pass noticed offlineNoticed", "pass sound offlineWasHeard", "pass arrived offlineArrived",
            ])
        #expect(scripted.questions == ["test-alert 1320 sound"])
        #expect(
            scripted.said.filter { !$0.hasPrefix("(") } == ["offlinePull", "offlineHeard", "offlinePlugIn"])
    }

    @Test func whatCanGoWrong() throws {
        let deaf = ScriptedHome(script: [cut, plug, { _ in }, { _ in }])
        deaf.hears = false
        deaf.answers = [nil, answer(by: nil, isTaken: true)]
        #expect(
            try run(deaf) == [
                "pass noticed offlineNoticed", "fail sound offlineNotHeard → offlineNotHeardAdvice",
                "pass arrived offlineTaken",
            ])
        let early = ScriptedHome(script: [cut, plug])
        early.answers = [nil, answer(by: "Li", isLate: false)]
        #expect(try run(early).last == "fail arrived offlineNotLate → offlineNotLateAdvice")
        let unanswered = ScriptedHome(script: [cut, plug] + Array(repeating: { _ in }, count: 9))
        #expect(try run(unanswered).last == "fail arrived offlineUnanswered → offlineUnansweredAdvice")
        let refused = ScriptedHome(script: [cut])
        refused.answers = ["{\"error\":\"another test alert is under way\"}"]
        #expect(
            try run(refused) == [
                "pass noticed offlineNoticed", "untested sound offlineRefused → offlineRefusedAdvice",
                "untested arrived offlineRefused → offlineRefusedAdvice",
            ])
    }

    @Test func timeLimitsAndPeopleWhoEndIt() throws {
        let never = ScriptedHome(script: Array(repeating: { _ in }, count: 2000))
        #expect(
            try run(never).first == "untested noticed offlineStillConnected → offlineStillConnectedAdvice")
        let left = ScriptedHome(script: [cut])
        #expect(try run(left).last == "untested arrived offlineEnded → offlineEndedAdvice")
        let away = ScriptedHome(script: [cut] + Array(repeating: { _ in }, count: 2000))
        #expect(try run(away).last == "fail arrived offlineNotBack → offlineNotBackAdvice")
    }

    @Test func whoIsNotThereOrCannotHear() throws {
        let nobody = ScriptedHome(script: [cut, plug])
        nobody.answers = [nil, answer(by: "Li")]
        #expect(
            try run(nobody, attended: false)[1] == "untested sound offlineNobody → offlineNobodyAdvice")
        let loud = ScriptedHome(script: [cut, plug])
        loud.status.sound = .alarm
        loud.answers = [nil, answer(by: "Li")]
        #expect(try run(loud)[1] == "untested sound offlineSounds → offlineSoundsAdvice")
        let unconnected = ScriptedHome()
        unconnected.status.upstream.isConnected = false
        #expect(
            try run(unconnected).allSatisfy { $0.hasSuffix("offlineNotConnected → offlineNotConnectedAdvice") })
        let test = OfflineTest(home: try home([("panic", "panic")]), daemon: unconnected.daemon, answerSeconds: 2)
        #expect(told(test.run(unconnected.guide)).allSatisfy { $0.contains("offlineNoUpstream ") })
    }
}

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
