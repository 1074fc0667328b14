// Guided tests with a scripted person and a scripted daemon: what happens while time passes, and what is made of it.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules
import Testing

@testable import EdgeAgent

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
        #expect(
            scripted.said.filter { !$0.hasPrefix("(") } == [
                "walkBegins", "walkTodo", "walkSeen", "walkSeen", "walkSeen",
            ])
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

    @Test func whoEndsItWhileAButtonIsHeldIsToldThatItCalls() throws {
        let scripted = ScriptedHome(names, script: [{ $0.set("panic", true) }, { _ in }])
        scripted.answers = [begun]
        _ = try walk(scripted)
        #expect(scripted.said.last == "walkCallsNow")
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
