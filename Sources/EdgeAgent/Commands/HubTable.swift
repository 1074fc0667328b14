// What `listen --table` knows of every hub that it has heard, and what it makes of it (contract/README.md, "When a hub is
// lost"). Times are the caller's milliseconds of one clock that never jumps.

import Upstream

struct HubTable {
    /// Worst first: so they are listed.
    enum State: String, CaseIterable {
        case overdue  // said when the next heartbeat would come, and it did not: nothing else counts
        case unreachable  // the broker lost it; within its heartbeat's time it may be back
        case stopped  // ended on purpose
        case waiting  // has said that it is there, and no heartbeat yet
        case alive
    }

    struct OpenAlert: Hashable {
        var severity: WireAlert.Severity
        var isAccepted = false
        var isTest = false
    }

    struct Hub {
        var status = WireStatus.State.notSaid
        var version = ""
        var heardAt: Int64?
        var dueSeconds: Int64 = 0
        var waiting = WireHeartbeat.Queues()
        var mode = WireHomeMode.modeNotSaid
        /// By alert id; those whose `raised` or a later step was heard.
        var alerts: [String: OpenAlert] = [:]
        fileprivate var told: State?
    }

    struct Change: Hashable {
        var home: String
        /// nil: it was not known.
        var before: State?
        var state: State
    }

    /// Whoever may publish can make up homes and alerts: memory must end somewhere. A broker has some thousands of hubs; a home has a
    /// dozen rules.
    static let mostHubs = 20_000
    static let mostAlerts = 50
    /// A heartbeat is not repeated, and networks are slow: half of its time is given in addition.
    static let patience = (times: Int64(3), of: Int64(2))

    private(set) var hubs: [String: Hub] = [:]
    /// There were more homes than fit.
    private(set) var isFull = false
    private var listeningSince: Int64?

    /// The connection to the broker is there, or gone. What came meanwhile nobody knows: no hub is blamed for it.
    mutating func link(isUp: Bool, at now: Int64) { listeningSince = isUp ? now : nil }

    mutating func take(_ message: WireMessage, of home: String, at now: Int64) {
        guard var hub = hubs[home] ?? (hubs.count < Self.mostHubs ? Hub() : nil) else {
            isFull = true
            return
        }
        switch message {
        case .status(let status):
            hub.status = status.state
            hub.version = status.agentVersion
        case .heartbeat(let heartbeat):
            hub.heardAt = now
            hub.dueSeconds = heartbeat.nextDueSeconds
            hub.waiting = heartbeat.queues
            hub.mode = heartbeat.mode
        case .alert(let alert): note(alert, in: &hub)
        case .readings, .event, .reply: break
        // From the other side: says nothing of the hub.
        case .ack, .command: return
        }
        hubs[home] = hub
    }

    private func note(_ alert: WireAlert, in hub: inout Hub) {
        switch alert.event {
        case .raised, .escalated:
            guard hub.alerts[alert.alertID] != nil || hub.alerts.count < Self.mostAlerts else { return }
            let isAccepted = hub.alerts[alert.alertID]?.isAccepted ?? false
            hub.alerts[alert.alertID] = OpenAlert(
                severity: alert.severity, isAccepted: isAccepted, isTest: alert.test)
        case .acknowledged: hub.alerts[alert.alertID]?.isAccepted = true
        case .cancelled, .cleared: hub.alerts[alert.alertID] = nil
        case .preAlarm, .notSaid, .UNRECOGNIZED: break
        }
    }

    /// nil: there is no connection, so nothing can be said of any hub.
    func state(of hub: Hub, at now: Int64) -> State? {
        guard let listeningSince else { return nil }
        if let heardAt = hub.heardAt, now > Self.deadline(from: max(heardAt, listeningSince), seconds: hub.dueSeconds) {
            return .overdue
        }
        switch hub.status {
        case .stopped: return .stopped
        case .lost: return .unreachable
        case .online, .notSaid, .UNRECOGNIZED: return hub.heardAt == nil ? .waiting : .alive
        }
    }

    private static func deadline(from start: Int64, seconds: Int64) -> Int64 {
        // A day is the longest that a hub may promise; what is more comes from somebody else.
        start + max(0, min(seconds, 86_400)) * 1000 * patience.times / patience.of
    }

    /// What has changed since this was asked last, worst first.
    mutating func changes(at now: Int64) -> [Change] {
        var changes: [Change] = []
        for (home, hub) in sorted(at: now) {
            guard let state = state(of: hub, at: now), state != hub.told else { continue }
            changes.append(Change(home: home, before: hub.told, state: state))
            hubs[home]?.told = state
        }
        return changes
    }

    /// Worst first, then those with open alerts, then by name.
    func sorted(at now: Int64) -> [(home: String, hub: Hub)] {
        let ranks = Dictionary(uniqueKeysWithValues: zip(State.allCases, 0...))
        let keyed = hubs.map { home, hub in
            let rank = state(of: hub, at: now).flatMap { ranks[$0] } ?? ranks.count
            return (key: (rank, hub.alerts.isEmpty ? 1 : 0, home), hub: hub)
        }
        return keyed.sorted { $0.key < $1.key }.map { (home: $0.key.2, hub: $0.hub) }
    }
}
