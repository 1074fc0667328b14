// What a fleet's run measures, phase by phase. Pure: moments in, numbers out.

/// One phase's counts. Times are boot milliseconds.
struct FleetPhase {
    let name: String
    let begin: Int64
    var end: Int64
    /// Moments at which a hub's connection came up.
    private(set) var connects: [Int64] = []
    private(set) var messagesSent = 0
    private(set) var messagesHeard = 0
    /// Bytes of MQTT, both directions, by kind.
    private(set) var bytes: [String: Int] = [:]
    private(set) var alarmsRaised = 0
    /// From raising an alarm, or from when the broker was back, to its acceptance; milliseconds.
    private(set) var waits: [Int64] = []
    /// The broker was lost, and was back.
    private(set) var lostAt: Int64?
    private(set) var backAt: Int64?
    /// It ended before everything had happened that it waits for.
    var isCutShort = false
    /// The longest that this process was kept from running; what it would have done meanwhile came at once then.
    private(set) var longestStall: Int64 = 0

    init(_ name: String, at now: Int64) {
        self.name = name
        begin = now
        end = now
    }

    mutating func stalled(for milliseconds: Int64) { longestStall = max(longestStall, milliseconds) }
    mutating func connected(at now: Int64) { connects.append(now) }
    mutating func raised() { alarmsRaised += 1 }

    mutating func sent(_ kind: String, bytes count: Int) {
        messagesSent += 1
        bytes[kind, default: 0] += count
    }

    mutating func heard(bytes count: Int) {
        messagesHeard += 1
        bytes["answers", default: 0] += count
    }

    mutating func brokerLost(at now: Int64) {
        lostAt = now
        backAt = nil
    }

    /// Only the first one after a loss counts.
    mutating func brokerBack(at now: Int64) { if lostAt != nil, backAt == nil { backAt = now } }

    mutating func accepted(raisedAt: Int64, at now: Int64) {
        // While the broker is away nobody can accept anything.
        let since = backAt.map { max(raisedAt, $0) } ?? raisedAt
        waits.append(max(0, now - since))
    }

    var seconds: Double { Double(max(1, end - begin)) / 1000 }
    var messagesASecond: Double { Double(messagesSent + messagesHeard) / seconds }
    var byteCount: Int { bytes.values.reduce(0, +) }

    /// The most connections within any second, wherever it begins.
    var mostConnectsInASecond: Int { Self.most(connects, within: 1000) }

    static func most(_ moments: [Int64], within milliseconds: Int64) -> Int {
        let sorted = moments.sorted()
        var first = 0
        var most = 0
        for last in sorted.indices {
            while sorted[last] - sorted[first] >= milliseconds { first += 1 }
            most = max(most, last - first + 1)
        }
        return most
    }

    /// The wait that so many percent of the alarms do not exceed (nearest rank); nil: there were none.
    func wait(percent: Int) -> Int64? {
        guard !waits.isEmpty else { return nil }
        let rank = (waits.count * percent + 99) / 100
        return waits.sorted()[max(0, rank - 1)]
    }
}

/// A whole run, and whether it keeps what is promised of a broker's restart.
struct FleetReport {
    /// Of the fleet, in any second.
    static let mostReconnectsPercent = 5
    static let longestAcceptanceMilliseconds: Int64 = 5000
    /// A share of a small fleet says nothing: of 100 hubs, three may come in one second by chance.
    static let leastHubs = 1000

    let hubs: Int
    let speed: Int64
    var phases: [FleetPhase] = []

    /// Hubs that wait for a machine that is too busy come together when it goes on, as real ones would not.
    static let longestStallMilliseconds: Int64 = 300

    /// Why the run says little about limits, for people; nil: it was not disturbed.
    var disturbance: String? {
        let stall = phases.filter { $0.lostAt != nil }.map(\.longestStall).max() ?? 0
        guard stall > Self.longestStallMilliseconds else { return nil }
        return "this machine was too busy: the hubs stood still for \(Self.seconds(stall)) and then came together"
    }

    /// What is wrong, for people; empty: nothing.
    var complaints: [String] {
        phases.flatMap { phase -> [String] in
            var found: [String] = []
            if phase.isCutShort { found.append("\(phase.name): not everything came back in time") }
            guard phase.lostAt != nil else { return found }
            let most = phase.mostConnectsInASecond
            if hubs >= Self.leastHubs, most * 100 > hubs * Self.mostReconnectsPercent {
                found.append("\(phase.name): \(most) of \(hubs) hubs reconnected within a second, limit 5 %")
            }
            if let slow = phase.wait(percent: 99), slow > Self.longestAcceptanceMilliseconds {
                found.append("\(phase.name): alarms accepted with p99 \(Self.seconds(slow)), limit 5 s")
            }
            return found
        }
    }

    /// Bytes of MQTT that one hub would send and hear in a day like this phase.
    func bytesADay(_ phase: FleetPhase) -> Int {
        Int(Double(phase.byteCount) / Double(max(1, hubs)) / phase.seconds / Double(speed) * 86_400)
    }

    var text: String {
        var lines = ["phase               s  connects  most in 1 s  messages/s  alarms  accepted     p50     p99"]
        for phase in phases {
            let share = Double(phase.mostConnectsInASecond) * 100 / Double(max(1, hubs))
            lines.append(
                Self.left(phase.name, 15) + Self.right("\(Int(phase.seconds.rounded()))", 6)
                    + Self.right("\(phase.connects.count)", 10)
                    + Self.right("\(phase.mostConnectsInASecond) = \(Self.tenths(share)) %", 13)
                    + Self.right(Self.tenths(phase.messagesASecond), 12) + Self.right("\(phase.alarmsRaised)", 8)
                    + Self.right("\(phase.waits.count)", 10)
                    + Self.right(phase.wait(percent: 50).map(Self.seconds) ?? "-", 8)
                    + Self.right(phase.wait(percent: 99).map(Self.seconds) ?? "-", 8))
            if let lost = phase.lostAt, let back = phase.backAt {
                lines.append("                the broker was away for \(Self.seconds(back - lost))")
            }
        }
        if let steady = phases.first(where: { $0.name == "steady" }) {
            lines.append("bytes of MQTT a day and hub: \(bytesADay(steady)), keep-alive not counted")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    var json: PlainValue {
        .table([
            ("hubs", .integer(Int64(hubs))), ("speed", .integer(speed)),
            ("phases", .list(phases.map(json))), ("complaints", .list(complaints.map(PlainValue.string))),
        ])
    }

    private func json(_ phase: FleetPhase) -> PlainValue {
        var entries: PlainEntries = [
            ("name", .string(phase.name)), ("milliseconds", .integer(phase.end - phase.begin)),
            ("connects", .integer(Int64(phase.connects.count))),
            ("mostConnectsInASecond", .integer(Int64(phase.mostConnectsInASecond))),
            ("messagesSent", .integer(Int64(phase.messagesSent))),
            ("messagesHeard", .integer(Int64(phase.messagesHeard))),
            ("bytesADayAndHub", .integer(Int64(bytesADay(phase)))),
            ("alarmsRaised", .integer(Int64(phase.alarmsRaised))),
            ("alarmsAccepted", .integer(Int64(phase.waits.count))),
            ("longestStallMilliseconds", .integer(phase.longestStall)),
        ]
        if let half = phase.wait(percent: 50) { entries.append(("p50Milliseconds", .integer(half))) }
        if let slow = phase.wait(percent: 99) { entries.append(("p99Milliseconds", .integer(slow))) }
        if let lost = phase.lostAt, let back = phase.backAt {
            entries.append(("brokerAwayMilliseconds", .integer(back - lost)))
        }
        return .table(entries)
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }

    private static func tenths(_ value: Double) -> String {
        let tenths = Int64((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }

    private static func seconds(_ milliseconds: Int64) -> String { tenths(Double(milliseconds) / 1000) + " s" }
}
