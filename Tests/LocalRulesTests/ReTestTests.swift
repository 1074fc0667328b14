// What was not tried for too long.

import Testing

@testable import LocalRules

@Suite("Re-tests") struct ReTestTests {
    private func flat(_ terms: ReTestTerms = ReTestTerms(panic: .days(7), whole: .days(182))) -> HomeModel {
        var flat = home([.input("panic", .panic), .input("panic.bath", .panic), .water()], [active("panic")])
        flat.reTest = terms
        return flat
    }

    @Test("A button that nobody presses for a week is said; a press, also one for help, proves it")
    func panicButton() {
        expectTimeline(
            flat(ReTestTerms(panic: .days(7))),
            """
            0:00     panic off
            0:00     panic.bath off
            100:00   panic.bath on
            100:01   panic.bath off
            168:00   end
            200:00   panic on
            200:01   panic off
            """,
            says: """
                168:00 raised panic.re-test: panic: not tested for 7 d (never since the start), limit 7 d
                sound alarm
                200:00 raised panic: panic: help asked for
                200:00 cleared panic.re-test: panic: tested
                sound silent
                200:01 cleared panic: panic: not active
                """)
    }

    @Test("Half a year without a self-test; one that found nothing wrong is enough until the next")
    func whole() {
        expectTimeline(
            flat(ReTestTerms(whole: .days(182))),
            """
            100:00   tested
            4468:00  end
            4500:00  tested
            """,
            says: """
                100:00 note tested: the whole installation was tested by Li
                4468:00 raised whole.re-test: the whole installation: not tested for 182 d, limit 182 d
                4500:00 cleared whole.re-test: the whole installation: tested
                4500:00 note tested: the whole installation was tested by Li
                """)
    }

    @Test("What was tried is remembered over restarts, and a clock that is set makes nothing overdue")
    func restartsAndClocks() {
        expectTimeline(
            flat(),
            """
            1:00     panic off
            1:00     panic on
            1:01     panic off
            1:02     panic.bath on
            1:03     panic.bath off
            1:04     tested
            60:00    clock +9000h
            61:00    clock -20000h
            168:59   end
            169:00   restart after 0s
            169:00   end
            170:00   panic on
            """,
            says: """
                sound alarm
                1:00 raised panic: panic: help asked for
                sound silent
                1:01 cleared panic: panic: not active
                1:04 note tested: the whole installation was tested by Li
                169:00 raised panic.re-test: panic: not tested for 7 d, limit 7 d
                169:02 raised panic.bath.re-test: panic.bath: not tested for 7 d, limit 7 d
                sound alarm
                170:00 raised panic: panic: help asked for
                170:00 cleared panic.re-test: panic: tested
                """)
    }

    @Test("Nothing is asked where nothing is configured, and the snapshot says nothing of it")
    func notConfigured() throws {
        var player = Player(home: flat(ReTestTerms()))
        player.play("0:00 panic off\n9000:00 end")
        #expect(player.said == [])
        #expect(player.engine.snapshot.reTests == nil)
    }

    @Test("An alert of a test that the configuration does not ask for any more ends")
    func taken() {
        var player = Player(home: flat(ReTestTerms(whole: .days(1))))
        player.play("25:00 end")
        var engine = RuleEngine(
            home: flat(ReTestTerms(panic: .days(7))), restoring: encodedAndDecoded(player.engine.snapshot),
            at: instant("25:00"))
        #expect(
            engine.advance(to: instant("25:00")).map(line)
                == ["25:00 cleared whole.re-test: rule changed in configuration"])
        #expect(engine.nextDeadline == instant("25:00") + .days(7))
    }

    @Test("It is technical: nobody in the home hears of it, and it is there beside motion sensors that are watched")
    func besideMotion() {
        var flat = home(
            [.input("motion", .motion), .input("panic", .panic), .water()], [noActivity(), active("panic")])
        flat.reTest = ReTestTerms(panic: .hours(1), whole: .hours(2))
        var player = Player(home: flat)
        player.play("0:00 motion off\n0:00 panic off\n3:00 end")
        #expect(
            player.said.map { $0.prefix(29) }
                == ["1:00 raised panic.re-test: pan", "2:00 raised whole.re-test: the"].map { $0.prefix(29) })
        #expect(player.engine.openAlerts.allSatisfy { $0.severity == .technical && $0.kind == "re-test" })
        let restored = RuleEngine(
            home: flat, restoring: encodedAndDecoded(player.engine.snapshot), at: instant("3:00"))
        #expect(restored.snapshot == player.engine.snapshot)
    }
}
