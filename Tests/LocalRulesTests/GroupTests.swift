// Groups: one sensor alone raises orange at once, and a second one makes it red.

import Testing

@testable import LocalRules

@Suite("Groups") struct GroupTests {
    private let signals: [SignalModel] = [
        .input("tamper", .tamper), .input("motion", .motion), .input("door", .door), .water(),
    ]

    private func guarded(
        holdFor: Span = .zero, by names: [String] = ["motion", "door"], escalation: [EscalationStep] = []
    ) -> HomeModel {
        home(
            signals,
            [
                { find in
                    RuleModel(
                        name: "break-in",
                        kind: .inputActive(signal: find("tamper"), holdFor: holdFor, request: nil), severity: .red,
                        confirmation: Confirmation(signals: names.map(find), within: .minutes(10)))
                }
            ], escalation: escalation)
    }

    @Test(
        "Alone it is orange, at once and without a sound; a second sensor within the time makes it red: the same alert")
    func rises() {
        var player = Player(home: guarded())
        player.play(
            """
            0:00  motion  off
            1:00  tamper  on
            1:07  motion  on
            """)
        #expect(
            player.said == [
                "1:00 raised break-in: tamper: opened or moved", "sound alarm",
                "1:07 escalated break-in: tamper: opened or moved; motion agrees; was orange",
            ])
        #expect(player.engine.openAlerts.map(\.severity) == [.red])
        #expect(player.engine.openAlerts.map(\.id) == ["break-in/2026-01-01T01:00:00Z"])
    }

    @Test("Who has accepted it while it was orange is called again when it is red")
    func accepted() {
        expectTimeline(
            guarded(),
            """
            0:00  motion  off
            1:00  tamper  on
            1:02  accept  break-in
            1:07  motion  on
            """,
            says: """
                1:00 raised break-in: tamper: opened or moved
                sound accepted
                1:02 acknowledged break-in: accepted by Li after 2 min
                sound alarm
                1:07 escalated break-in: tamper: opened or moved; motion agrees; was orange
                """)
    }

    @Test("One that agreed up to ten minutes before, or is still active, makes it red in the same moment")
    func before() {
        let red = """
            sound alarm
            1:00 raised break-in: tamper: opened or moved; WHO agrees
            """
        expectTimeline(
            guarded(),
            """
            0:00  door    off
            0:50  door    on
            1:00  tamper  on
            """, says: red.replacing("WHO", with: "door"))
        expectTimeline(
            guarded(),
            """
            0:10  motion  on
            1:00  tamper  on
            """, says: red.replacing("WHO", with: "motion"))
    }

    @Test("Eleven minutes before or after is another story; a door that merely stands open says nothing")
    func tooFar() {
        expectTimeline(
            guarded(),
            """
            0:00     door    off
            0:00     motion  off
            0:49     door    on
            1:00     tamper  on
            1:10:01  motion  on
            2:00     tamper  off
            """,
            says: """
                1:00 raised break-in: tamper: opened or moved
                2:00 cleared break-in: tamper: not active
                """)
    }

    @Test("The next cause needs a second sensor of its own")
    func nextCause() {
        expectTimeline(
            guarded(),
            """
            0:00  motion  off
            1:00  tamper  on
            1:01  motion  on
            1:02  motion  off
            1:03  tamper  off
            3:00  tamper  on
            """,
            says: """
                1:00 raised break-in: tamper: opened or moved
                sound alarm
                1:01 escalated break-in: tamper: opened or moved; motion agrees; was orange
                sound silent
                1:03 cleared break-in: tamper: not active
                3:00 raised break-in: tamper: opened or moved
                """)
    }

    @Test("With a wait of its own: the ten minutes run from its end; the water meter agrees when it rises")
    func held() {
        expectTimeline(
            guarded(holdFor: .minutes(5), by: ["water.volume"]),
            """
            0:00  water.volume  +0 L
            1:00  tamper        on
            1:15  water.volume  +8 L
            """,
            says: """
                1:05 raised break-in: tamper: opened or moved (5 min, limit 5 min)
                sound alarm
                1:15 escalated break-in: tamper: opened or moved (15 min, limit 5 min); water.volume agrees; was orange
                """)
    }

    @Test("Where none of the others can be read, nobody waits for them")
    func nobodyToAsk() {
        expectTimeline(
            guarded(by: ["motion"]),
            """
            0:59:50  motion  missing
            1:00     tamper  on
            """,
            says: """
                sound alarm
                1:00 raised break-in: tamper: opened or moved; nobody can be asked: motion: no reading for 10 s
                """)
        expectTimeline(
            guarded(by: ["motion"]),
            """
            0:59     motion  off
            1:00     tamper  on
            1:01     motion  missing
            """,
            says: """
                1:00 raised break-in: tamper: opened or moved
                sound alarm
                1:01 escalated break-in: tamper: opened or moved; nobody can be asked: motion: no reading for 0 s; was orange
                """)
    }

    @Test("A restart between the two changes nothing; without an answer the steps of escalation go on")
    func restart() {
        expectTimeline(
            guarded(escalation: EscalationStep.standard),
            """
            0:00  motion  off
            1:00  tamper  on
            1:01  restart after 0s
            1:02  motion  on
            1:06  end
            """,
            says: """
                1:00 raised break-in: tamper: opened or moved
                sound alarm
                1:02 escalated break-in: tamper: opened or moved; motion agrees; was orange
                sound not-reached
                1:03 escalated break-in: nobody accepted it for 3 min; tamper: opened or moved; motion agrees
                """)
    }
}
