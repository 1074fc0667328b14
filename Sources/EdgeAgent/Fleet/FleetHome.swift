// What one home of a fleet has to say: as often and as much as a real one, without its meters and rules. The numbers
// are those of contract/README.md's table (WireBudgetTests): heartbeats every five minutes, a record of readings an hour.

import LocalRules
import Upstream

struct FleetHome {
    /// Meters and lines of a usual home.
    static let signals: [SignalModel] =
        [
            ("water.volume", .meter(.volume)), ("power.energy", .meter(.energy)), ("power.power", .meter(.power)),
            ("power.voltage", .meter(.voltage)), ("climate.temperature", .meter(.temperature)),
            ("climate.humidity", .meter(.humidity)), ("motion.bedroom", .input(.motion)),
            ("motion.hall", .input(.motion)), ("motion.kitchen", .input(.motion)), ("door.front", .input(.door)),
        ].map { SignalModel(name: $0, source: $1, silentAfter: .minutes(5)) }
    private static let rules = [
        ("no-water", "low-use"), ("no-power", "low-use"), ("no-motion", "no-activity"), ("door", "input-active"),
        ("panic", "input-active"),
    ]
    /// Points of readings in an hour: a usual day has 1,900 of them.
    private static let pointsAnHour = 80
    private static let heartbeat: Int64 = 300_000
    private static let report: Int64 = 3_600_000

    private var random: SeededGenerator
    private let speed: Int64
    private var values: [Int64]
    private var nextHeartbeat: Int64
    private var nextReport: Int64
    private var alarms = 0

    /// - Parameter speed: what the home has to say comes so many times as often. Times are real boot milliseconds.
    init(seed: UInt64, speed: Int64, at now: Int64) {
        var random = SeededGenerator(seed: seed)
        values = Self.signals.map { _ in Int64.random(in: 0...9_000_000, using: &random) }
        nextHeartbeat = now + Int64.random(in: 0...Self.heartbeat / speed, using: &random)
        nextReport = now + Int64.random(in: 0...Self.report / speed, using: &random)
        self.random = random
        self.speed = speed
    }

    var nextDue: Int64 { min(nextHeartbeat, nextReport) }

    /// The connection came up: the cloud hears at once how the home is.
    mutating func linkUp(at now: Int64) { nextHeartbeat = now }

    /// The last hour's readings, if they are due.
    mutating func readings(at now: Int64, stamp: Stamp) -> [Reading] {
        guard now >= nextReport else { return [] }
        nextReport = now + Self.report / speed
        let step = Self.report / Int64(Self.pointsAnHour)
        return (0..<Self.pointsAnHour).map { point in
            let signal = Int.random(in: 0..<Self.signals.count, using: &random)
            switch Self.signals[signal].source {
            case .meter(let quantity):
                values[signal] += Int64.random(in: quantity.isCumulative ? 0...900 : -900...900, using: &random)
            case .input: values[signal] = values[signal] == 0 ? 1 : 0
            }
            let time = stamp.wallMilliseconds - Self.report + Int64(point) * step
            return Reading(
                signal: SignalID(signal), time: Instant(milliseconds: time / 1000 * 1000), value: values[signal])
        }
    }

    /// A heartbeat, if one is due.
    mutating func heartbeat(at now: Int64, stamp: Stamp, depths: [Lane: Int]) -> HeartbeatContent? {
        guard now >= nextHeartbeat else { return nil }
        nextHeartbeat = now + Self.heartbeat / speed
        let moment = Instant(milliseconds: stamp.wallMilliseconds)
        func ago() -> Instant { moment - .seconds(Int64.random(in: 0...60, using: &random)) }
        return HeartbeatContent(
            rules: Self.rules.map {
                RuleReport(
                    rule: $0.0, kind: $0.1, verdict: .fine, reason: "23.4 L in 12 h, limit 10 L", evaluated: ago())
            },
            signals: Self.signals.enumerated().map { index, signal in
                HeartbeatContent.Signal(
                    report: SignalReport(signal: signal.name, value: values[index], time: ago(), isMissing: false),
                    coveragePerMille: Int.random(in: 980...1000, using: &random))
            },
            now: moment, oldestUnacceptedMilliseconds: nil, depths: depths, configurationHash: "8a7adb7e1410c491",
            flashBytesWritten: 4 << 20, nextDueSeconds: Self.heartbeat / 1000, agentVersion: AgentVersion.text,
            uptimeMilliseconds: stamp.bootMilliseconds, readingsDropped: 0, eventsDropped: 0)
    }

    /// Somebody presses the panic button.
    mutating func alarm(stamp: Stamp) -> Alert {
        alarms += 1
        let now = Instant(milliseconds: stamp.wallMilliseconds)
        return Alert(
            id: "panic/\(stamp.wallMilliseconds)-\(alarms)", rule: "panic", kind: "input-active", severity: .red,
            signals: ["panic"], reasons: ["the panic button was pressed (a load test)"], state: .raised, began: now,
            raised: now)
    }
}
