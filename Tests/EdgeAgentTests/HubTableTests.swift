// What `listen --table` makes of what hubs say, as timelines: seconds on the left.

import Testing
import Upstream

@testable import EdgeAgent

private func second(_ seconds: Int64) -> Int64 { seconds * 1000 }

private func beat(everySeconds seconds: Int64) -> WireMessage {
    var heartbeat = WireHeartbeat()
    heartbeat.nextDueSeconds = seconds
    return .heartbeat(heartbeat)
}

private func status(_ state: WireStatus.State) -> WireMessage {
    var status = WireStatus()
    status.state = state
    return .status(status)
}

private func alert(_ event: WireAlert.Event, _ id: String = "panic/1", _ severity: WireAlert.Severity = .red)
    -> WireMessage
{
    var alert = WireAlert()
    alert.event = event
    alert.alertID = id
    alert.severity = severity
    return .alert(alert)
}

/// A table that listens since second 0.
private func listening() -> HubTable {
    var table = HubTable()
    table.link(isUp: true, at: 0)
    return table
}

extension HubTable {
    fileprivate func state(_ home: String, at seconds: Int64) -> State? {
        hubs[home].flatMap { state(of: $0, at: second(seconds)) }
    }
}

@Suite struct HubTableTests {
    @Test func aHeartbeatThatDoesNotComeMakesAHubOverdue() {
        var table = listening()
        table.take(status(.online), of: "a", at: second(1))
        #expect(table.state("a", at: 1) == .waiting)
        table.take(beat(everySeconds: 60), of: "a", at: second(10))
        #expect(table.state("a", at: 10) == .alive)
        #expect(table.state("a", at: 100) == .alive, "half of its time in addition")
        #expect(table.state("a", at: 101) == .overdue)
        table.take(beat(everySeconds: 60), of: "a", at: second(200))
        #expect(table.state("a", at: 201) == .alive)
    }

    @Test func whatTheBrokerSaysCountsUntilTheHeartbeatIsDue() {
        var table = listening()
        table.take(beat(everySeconds: 60), of: "a", at: 0)
        table.take(status(.lost), of: "a", at: second(20))
        #expect(table.state("a", at: 21) == .unreachable)
        table.take(status(.online), of: "a", at: second(30))
        #expect(table.state("a", at: 31) == .alive)
        table.take(status(.stopped), of: "a", at: second(40))
        #expect(table.state("a", at: 41) == .stopped)
        #expect(table.state("a", at: 91) == .overdue, "stopped and not back: nobody is guarded")
    }

    @Test func noHubIsBlamedForOurOwnOutage() {
        var table = listening()
        table.take(beat(everySeconds: 60), of: "a", at: 0)
        table.link(isUp: false, at: second(30))
        #expect(table.state("a", at: 500) == nil)
        let picture = HubPicture(usesColour: false, width: 100, height: 40)
        #expect(
            picture.lines(table, title: "", at: second(500))[1] == "not connected: nothing is known of any hub")
        table.link(isUp: true, at: second(500))
        #expect(table.state("a", at: 589) == .alive)
        #expect(table.state("a", at: 591) == .overdue)
    }

    @Test func onlyChangesAreTold() {
        var table = listening()
        table.take(beat(everySeconds: 60), of: "b", at: 0)
        table.take(beat(everySeconds: 10), of: "a", at: 0)
        #expect(table.changes(at: 0).map(\.home) == ["a", "b"])
        #expect(table.changes(at: second(1)) == [])
        #expect(table.changes(at: second(16)) == [HubTable.Change(home: "a", before: .alive, state: .overdue)])
        table.link(isUp: false, at: second(17))
        #expect(table.changes(at: second(18)) == [])
    }

    @Test func alertsStandUntilTheyEnd() {
        var table = listening()
        table.take(alert(.preAlarm), of: "a", at: 0)
        #expect(table.hubs["a"]?.alerts.isEmpty == true)
        table.take(alert(.raised), of: "a", at: 0)
        table.take(alert(.acknowledged), of: "a", at: 0)
        table.take(alert(.raised), of: "a", at: 0)  // once more, late
        #expect(table.hubs["a"]?.alerts["panic/1"]?.isAccepted == true)
        table.take(alert(.cleared), of: "a", at: 0)
        #expect(table.hubs["a"]?.alerts.isEmpty == true)
    }

    @Test func whoeverMakesUpHomesAndAlertsFindsAnEnd() {
        var table = listening()
        for number in 0..<HubTable.mostHubs + 5 { table.take(status(.online), of: "h\(number)", at: 0) }
        #expect(table.hubs.count == HubTable.mostHubs && table.isFull)
        for number in 0..<HubTable.mostAlerts + 5 { table.take(alert(.raised, "x/\(number)"), of: "h1", at: 0) }
        #expect(table.hubs["h1"]?.alerts.count == HubTable.mostAlerts)
        table.take(beat(everySeconds: .max), of: "h2", at: .max / 2)
        #expect(table.state("h2", at: .max / 2 / 1000) == .alive)
    }

    @Test func theWorstStandsFirst() {
        var table = listening()
        table.take(beat(everySeconds: 300), of: "calm", at: 0)
        table.take(beat(everySeconds: 300), of: "zs-7\u{1B}[2J", at: 0)
        table.take(alert(.raised), of: "zs-7\u{1B}[2J", at: 0)
        table.take(beat(everySeconds: 60), of: "gone", at: 0)
        table.take(status(.lost), of: "unplugged", at: 0)
        let picture = HubPicture(usesColour: false, width: 100, height: 40)
        #expect(
            picture.lines(table, title: "hubs", at: second(95)) == [
                "hubs",
                "1 overdue, 1 unreachable, 2 alive",
                "",
                "home        state        heartbeat                       unaccepted  alerts",
                "gone        overdue      1 min 35 s ago, every 1 min     0           ",
                "unplugged   unreachable  none                            -           ",
                "zs-7?[2J    alive        1 min 35 s ago, every 5 min     0           red panic/1",
                "calm        alive        1 min 35 s ago, every 5 min     0           ",
            ])
        let small = HubPicture(usesColour: false, width: 30, height: 7).lines(table, title: "hubs", at: second(95))
        #expect(small.count == 7 && small.last == "... and 2 more")
        #expect(small.allSatisfy { $0.count <= 30 })
    }
}
