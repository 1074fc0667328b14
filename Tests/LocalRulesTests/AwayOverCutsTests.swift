// Going out and power cuts: what of an absence is known after a gap in which nobody listened.

import Testing

@testable import LocalRules

@Suite("Away over power cuts") struct AwayOverCutsTests {
    private let motion = SignalModel.input("motion", .motion)
    private let door = SignalModel.input("door.front", .door)

    /// Out half an hour after the last step, and then the power fails.
    private let goesOut = """
        0:10     water.volume +0
        1:00     motion on
        1:01     motion off
        1:30     door.front on
        1:31     door.front off
        1:40     water.volume +0
        1:45     restart after 160m
        4:25:01  motion off
        4:25:01  door.front off
        """

    private func flat() -> HomeModel {
        home(
            [motion, door, .water(silentAfter: .hours(8))],
            [silent(.lasting(.hours(3)), called: "still", of: ["motion"]), notReturned()])
    }

    @Test("Power fails behind her back: once everything inside was read again she is away, and nobody is called")
    func leavesBeforeTheCut() {
        expectTimeline(
            flat(),
            goesOut + """

                4:25:40  water.volume +0
                5:00     water.volume +0
                5:10     water.volume +10
                8:00     water.volume +0
                8:11     water.volume +0
                """,
            says: """
                4:25:40 note mode: away for 2 h 54 min (door.front, then nothing inside), expected back within 9 h 5 min
                5:10 note mode: home: water.volume after 3 h 29 min away
                8:10 raised still: no sign of life for 3 h (last: motion), limit 3 h
                """)
    }

    @Test("Water was used in the cut in which she would have been away: from there on silence counts")
    func backInTheCut() {
        expectTimeline(
            flat(),
            goesOut + """

                4:25:40  water.volume +10
                7:25     water.volume +0
                7:26     water.volume +0
                """,
            says: """
                7:25:40 raised still: no sign of life for 3 h (last: motion), limit 3 h
                """)
    }

    @Test("Due in the cut before she could be known to have left: raised, as without the cut")
    func dueBeforeTheAbsence() {
        expectTimeline(
            home([motion, door], [silent(.lasting(.hours(3)), called: "still", of: ["motion"])]),
            """
            1:00     motion on
            1:01     motion off
            3:10     door.front off
            3:20     door.front on
            3:30     restart after 160m
            6:10:01  motion off
            """,
            says: """
                6:10:01 raised still: no sign of life for 5 h 10 min (last: motion), limit 3 h
                6:10:01 note mode: away for 2 h 50 min (door.front, then nothing inside), expected back within 9 h 9 min
                """)
    }

    @Test("Nothing inside can be read after the cut: she is not taken for absent, and silence counts on")
    func cutAndBlind() {
        expectTimeline(
            home([motion, door], [silent(.lasting(.hours(3)), called: "still", of: ["motion", "door.front"])]),
            """
            1:00      motion on
            1:01      motion off
            1:30      door.front on
            1:31      door.front off
            1:45      restart after 160m
            4:25:01  door.front off
            5:00     end
            """,
            says: """
                4:26 raised silent-sensor: motion: no reading for 30 s
                4:31 raised still: no sign of life for 3 h (last: door.front), limit 3 h; motion: no reading for 5 min 30 s
                """)
    }
}
