// Every transition of an alert's life, and what must not move it.

import Testing

@testable import LocalRules

@Suite("An alert's life") struct AlertLifeTests {
    private static let wrong = Judgement(verdict: .wrong)
    private static let fine = Judgement.fine
    private static let cannotTell = Judgement.cannotTell
    private static let waiting = Judgement.waiting
    /// Will be wrong in five minutes, of which the home is warned ten before.
    private static let approaching = Judgement(
        verdict: .fine, wrongAt: midnight + .minutes(5), recheckAt: midnight + .minutes(5))

    /// Letters say what the life has been through: p pre-alarm, r raised, a accepted, f fine since a moment.
    @Test(
        "What each state does with each judgement",
        arguments: [
            ("", fine, nil), ("", cannotTell, nil), ("", waiting, nil), ("", wrong, .raise),
            ("", approaching, .warn(raisedAt: midnight + .minutes(5))),
            ("p", fine, .cancel), ("p", cannotTell, .cancel), ("p", waiting, nil), ("p", wrong, .raise),
            ("p", approaching, nil),
            ("r", fine, .startClearing), ("r", cannotTell, nil), ("r", waiting, nil), ("r", wrong, nil),
            ("rf", fine, nil), ("rf", cannotTell, .resume), ("rf", wrong, .resume), ("rf", waiting, nil),
            ("ra", fine, .startClearing), ("ra", cannotTell, nil), ("ra", wrong, nil),
            ("raf", fine, nil), ("raf", wrong, .resume),
        ] as [(String, Judgement, AlertLife.Step?)])
    func transitions(history: String, judgement: Judgement, step: AlertLife.Step?) {
        let (life, _) = lived(history)
        #expect(life.nextStep(judgement, at: midnight, terms) == step)
    }

    @Test("Fine for the rule's time: cleared then, not a millisecond before")
    func clearing() {
        let (life, _) = lived("rf")
        #expect(life.deadline(.fine, terms, at: midnight) == midnight + .minutes(1))
        #expect(life.nextStep(.fine, at: midnight + .milliseconds(59_999), terms) == nil)
        #expect(life.nextStep(.fine, at: midnight + .minutes(1), terms) == .clear)
    }

    @Test("Latched: not cleared before it was accepted, however long it has been fine")
    func latched() {
        var latched = terms
        latched.latched = true
        #expect(lived("rf").life.nextStep(.fine, at: midnight + .days(9), latched) == nil)
        #expect(lived("rf").life.deadline(.fine, latched, at: midnight) == nil)
        #expect(lived("raf").life.nextStep(.fine, at: midnight + .minutes(1), latched) == .clear)
    }

    @Test("A new cause: taken up before it was accepted, a new alert after")
    func newCause() {
        let again = Judgement(verdict: .wrong, cause: midnight)
        #expect(lived("r").life.nextStep(again, at: midnight, terms) == .resume)
        #expect(lived("ra").life.nextStep(again, at: midnight, terms) == .supersede)
    }

    @Test("Only a raised alert can be accepted, and only once", arguments: ["", "p", "ra"])
    func cannotBeAccepted(history: String) {
        var (life, directives) = lived(history)
        let before = directives.count
        let changed = life.accept(by: "Li", at: midnight, into: &directives)
        #expect(!changed)
        #expect(directives.count == before)
    }

    @Test("Unaccepted: each escalation step is due at its time after the raising, and accepted: none")
    func escalation() {
        var escalating = terms
        escalating.escalation = EscalationStep.standard
        #expect(lived("r").life.deadline(.cannotTell, escalating, at: midnight) == midnight + .minutes(3))
        #expect(lived("r").life.nextStep(Self.wrong, at: midnight + .minutes(3), escalating) == .escalate)
        #expect(lived("r").life.nextStep(.waiting, at: midnight + .minutes(3), escalating) == .escalate)
        #expect(lived("ra").life.nextStep(Self.wrong, at: midnight + .minutes(3), escalating) == nil)
        #expect(lived("p").life.deadline(.cannotTell, escalating, at: midnight) == nil)
    }

    @Test("Through the engine: unknown ids and pre-alarms cannot be accepted")
    func acceptThroughTheEngine() {
        let warned = home([.input("motion", .motion)], [noActivity(warnFor: .minutes(10))])
        var engine = RuleEngine(home: warned, at: midnight)
        #expect(engine.accept(alert: "no-such/2026-01-01T00:00:00Z", by: "Li", at: midnight) == [])
        _ = engine.advance(to: instant("11:55"))
        let id = engine.openAlerts[0].id
        #expect(engine.accept(alert: id, by: "Li", at: instant("11:56")) == [])
        _ = engine.advance(to: instant("12:00"))
        #expect(
            engine.accept(alert: id, by: "Li", at: instant("12:01")).map(line)
                == ["sound accepted", "12:01 acknowledged nobody-moves: accepted by Li after 1 min"])
        #expect(engine.accept(alert: id, by: "Li", at: instant("12:02")) == [])
    }

    @Test("An alert keeps the reasons it was raised for; each step goes out with its own")
    func reasons() {
        let (life, directives) = lived("ra")
        #expect(life.alert?.reasons == ["a reason"])
        #expect(directives.map(line).last == "0:00 acknowledged no-water: accepted by Li after 0 s")
    }

    private let terms = AlertTerms(
        rule: "no-water", kind: "low-use", severity: .orange, signals: ["water.volume"], warnFor: .minutes(10),
        clearAfter: .minutes(1))

    private func lived(_ history: String) -> (life: AlertLife, directives: [Directive]) {
        var life = AlertLife()
        var identities = Identities()
        var directives: [Directive] = []
        func take(_ step: AlertLife.Step, _ judgement: Judgement) {
            life.take(
                step, judgement, at: midnight, terms, reasons: ["a reason"], isTest: false, identities: &identities,
                into: &directives)
        }
        for letter in history {
            switch letter {
            case "p": take(.warn(raisedAt: midnight + .minutes(5)), Self.approaching)
            case "r": take(.raise, Self.wrong)
            case "f": take(.startClearing, .fine)
            default: _ = life.accept(by: "Li", at: midnight, into: &directives)
            }
        }
        return (life, directives)
    }
}
