// What a day costs on the wire, as contract/README.md says: the real home core, batch, encoder and outbox, fed by the
// simulated person's day. Counted are the bytes of MQTT, the payload of TCP, in both directions; not counted are
// TLS records (22 bytes each), TCP and IP (40 to 52 bytes a packet).

import Drivers
import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

private let day: Int64 = 86_400_000
private let realStamp = Stamp(
    wallMilliseconds: midnight.milliseconds, bootMilliseconds: 5 * day,
    bootID: "7b0f3ab4-2d6c-4a39-9f51-6c1f0a3f2a11", trust: .synchronised)

@Suite struct WireBudgetTests {
    @Test func aDayOfATypicalHomeStaysUnder60kB() throws {
        var total = 0
        for dayOfStory in [3, 4, 5] {
            var meter = WireMeter()
            try play(dayOfStory, encoding: .protobuf, into: &meter)
            meter.connects()
            meter.pings(everySeconds: 60)
            print(meter.table(title: "day \(dayOfStory), seed 7"))
            #expect(meter.bytes < 60_000, "day \(dayOfStory)")
            total = max(total, meter.bytes)
        }
        // A day that costs nothing would say that nothing was sent.
        #expect(total > 20_000)
    }

    /// For people with `mosquitto_sub` at hand: what that costs.
    @Test func theSameDayInJSON() throws {
        var meter = WireMeter()
        try play(3, encoding: .json, into: &meter)
        print(meter.table(title: "day 3, seed 7, JSON, without connection and keep-alive"))
        #expect(meter.bytes > 60_000, "if JSON were that small, protobuf would not be needed")
    }

    /// What comes seldom, one of each.
    @Test(arguments: WireEncoding.allCases) func messagesThatComeSeldom(_ encoding: WireEncoding) throws {
        let encoder = WireEncoder(home: "zs-zhuyuan-0012")
        let topics = HomeTopics(prefix: "homes", home: "zs-zhuyuan-0012")
        let alert = Alert(
            id: "no-water/2026-01-01T09:12:00Z", rule: "no-water", kind: "low-use", severity: .orange,
            signals: ["water.volume"], reasons: ["0.004 m3 in 12 h, limit 0.01 m3"], state: .raised, began: midnight,
            raised: midnight + .hours(12))
        let note = Note(
            time: midnight, code: "counter-reset", signals: ["water.volume"],
            text: "water.volume began again at 0; what was used before is kept")
        let drafts = [
            ("alert", try encoder.draft(.raised, alert, at: midnight + .hours(12), stamp: realStamp)),
            ("event", try encoder.draft(note, stamp: realStamp)),
        ]
        var meter = WireMeter()
        for (kind, draft) in drafts {
            let record = Record(sequence: midnight.milliseconds, draft: draft)
            let payload = try encoder.payload(for: record, late: false, encoding: encoding)
            meter.publish("\(encoding) \(kind)", topics.named(draft.topic), payload.count)
        }
        let status = try encoder.status(
            .online, agentVersion: AgentVersion.text, configurationHash: "8a7adb7e1410c491", stamp: realStamp,
            encoding: encoding)
        meter.publish("\(encoding) status", topics.status, status.count)
        print(meter.table(title: "one of each, \(encoding)"))
        #expect(meter.bytes < 2000)
    }

    /// Polls every ten seconds, lines as they change and re-read every minute, heartbeats every five minutes.
    private func play(_ dayOfStory: Int, encoding: WireEncoding, into meter: inout WireMeter) throws {
        var home = try CorePlayer(tenSignals, at: midnight)
        let encoder = WireEncoder(home: home.configuration.homeID)
        let topics = HomeTopics(prefix: "homes", home: home.configuration.homeID)
        var world = SimulatedWorld(story: SimulatedLife.story(seed: 7, days: dayOfStory + 2))
        var random = SeededGenerator(seed: 7)
        var form = HeartbeatForm()
        let start = Int64(dayOfStory) * day
        _ = world.advance(to: start)
        var sequence: Int64 = 1_767_225_600_000
        for tick in 0..<day / 1000 {
            let now = midnight + .seconds(tick)
            var effects: [HomeEffect] = []
            func take(_ name: String, _ value: Int64) -> [HomeEffect] {
                let sample = Sample(
                    channel: home.channel(name), time: BootTime(nanoseconds: 0), outcome: .value(.integer(value)))
                return home.core.take([(sample, now)], stamp: { realStamp })
            }
            for (line, isActive) in world.advance(to: start + tick * 1000) where line != "panic" {
                effects += take(line, isActive ? 1 : 0)
            }
            if tick % 60 == 0 {
                for line in ["motion.bedroom", "motion.hall", "motion.kitchen", "door.front"] {
                    effects += take(line, world.lines[line] == true ? 1 : 0)
                }
            }
            if tick % 10 == 0 {
                for (name, value) in polled(world, tick, &random) {
                    // As a real bus does: so that heartbeats have a coverage to tell.
                    if Int.random(in: 0..<50, using: &random) == 0 { continue }
                    effects += take(name, value)
                }
            }
            effects += home.core.advance(to: now, stamp: { realStamp })
            for effect in effects {
                switch effect {
                case .store(let drafts, _):
                    for draft in drafts {
                        sequence += 1
                        let record = Record(sequence: sequence, draft: draft)
                        let payload = try encoder.payload(for: record, late: false, encoding: encoding)
                        meter.publish(draft.topic, topics.named(draft.topic), payload.count)
                        let topic = topics.named(draft.topic)
                        if case .readings(let readings) = try WireDecoder.decode(topic: topic, payload: payload).message
                        {
                            meter.points += readings.series.reduce(0) { $0 + 1 + $1.valueDeltas.count }
                        }
                        let answer = Acknowledgement(
                            id: draft.id, level: .received, by: "platform", atMilliseconds: now.milliseconds)
                        let ack = try WireEncoder.acknowledgement(answer, encoding: encoding)
                        meter.publish("acks", topics.acks, ack.count)
                    }
                case .heartbeat:
                    let content = home.core.heartbeat(at: now, upstream: AgentStatus.Upstream())
                    home.core.heartbeatSent(at: now)
                    var stamp = realStamp
                    stamp.wallMilliseconds = now.milliseconds
                    stamp.bootMilliseconds += tick * 1000
                    let payload = try encoder.heartbeat(content, stamp: stamp, encoding: encoding, form: &form)
                    let (_, message) = try WireDecoder.decode(topic: topics.heartbeat, payload: payload)
                    guard case .heartbeat(let heartbeat) = message else { continue }
                    meter.publish(
                        heartbeat.hasBrief ? "heartbeat, brief" : "heartbeat, spelled out", topics.heartbeat,
                        payload.count)
                default: break
                }
            }
        }
    }

    /// What the meters show, with the noise that such meters have.
    private func polled(
        _ world: SimulatedWorld, _ tick: Int64, _ random: inout SeededGenerator
    ) -> [(String, Int64)] {
        let hour = Double(tick) / 3600
        let warmth = Int64(1500 * (hour < 14 ? hour / 14 : (24 - hour) / 10))
        let voltage = 230_000 + Int64.random(in: -1800...1800, using: &random)
        return [
            ("water.volume", world.volume), ("power.energy", world.energy),
            ("power.power", world.power + Int64.random(in: -2000...2000, using: &random)),
            ("power.voltage", voltage),
            ("climate.temperature", 19_000 + warmth + Int64.random(in: -60...60, using: &random)),
            ("climate.humidity", 48_000 - 2 * warmth + Int64.random(in: -400...400, using: &random)),
        ]
    }
}

/// Bytes by kind of message.
private struct WireMeter {
    private var counts: [String: (messages: Int, bytes: Int)] = [:]
    /// Of readings: what a database of the cloud gets as rows.
    var points = 0
    var bytes: Int { counts.values.reduce(0) { $0 + $1.bytes } }

    /// PUBLISH, QoS 1, MQTT 5 without properties, and its PUBACK (MQTT 5.0, 3.3 and 3.4).
    mutating func publish(_ kind: String, _ topic: String, _ payload: Int) {
        let rest = 2 + topic.utf8.count + 2 + 1 + payload
        add(kind, 1 + (rest < 128 ? 1 : rest < 16_384 ? 2 : 3) + rest + 4)
    }

    /// One connection: CONNECT with user, password and last will, CONNACK, SUBSCRIBE, SUBACK, the birth.
    mutating func connects() { add("connection", 500) }

    /// PINGREQ and PINGRESP; as many as if nothing else were sent.
    mutating func pings(everySeconds: Int) { for _ in 0..<86_400 / everySeconds { add("keep-alive", 4) } }

    private mutating func add(_ kind: String, _ bytes: Int) {
        counts[kind, default: (0, 0)].messages += 1
        counts[kind, default: (0, 0)].bytes += bytes
    }

    func table(title: String) -> String {
        let rows = counts.sorted { $0.key < $1.key }.map { kind, count in
            "| \(kind) | \(count.messages) | \(count.bytes / count.messages) | \(count.bytes) |"
        }
        return "\(title)\n| kind | messages a day | bytes a message | bytes a day |\n"
            + rows.joined(separator: "\n") + "\n| all | | | \(bytes) |"
            + (points == 0 ? "" : "\n\(points) points of readings")
    }
}

/// Six meters' signals and four lines, with names and a home id of usual length, and five rules.
private let tenSignals = """
    schema = 1
    [home]
    id = "zs-zhuyuan-0012"
    timezone = "Asia/Shanghai"
    board = "simulated"
    [[bus]]
    name = "rs485"
    kind = "rtu"
    port = "/dev/ttyUSB0"
    \(["water", "power", "climate"].enumerated().map(meterText).joined())
    \(["motion.bedroom", "motion.hall", "motion.kitchen", "door.front"].map(inputText).joined())
    [upstream]
    broker = "mqtt://127.0.0.1"
    [[rule]]
    name = "no-water"
    kind = "low-use"
    signal = "water.volume"
    window = "24h"
    below = "0.01 m3"
    [[rule]]
    name = "no-water-at-all"
    kind = "low-use"
    signal = "water.volume"
    window = "48h"
    below = "0.01 m3"
    [[rule]]
    name = "no-power"
    kind = "low-use"
    signal = "power.energy"
    window = "24h"
    below = "0.1 kWh"
    [[rule]]
    name = "no-life"
    kind = "no-activity"
    signals = ["motion.bedroom", "motion.hall", "door.front"]
    silent-for = "12h"
    [[rule]]
    name = "kitchen-unused"
    kind = "no-activity"
    signals = ["motion.kitchen"]
    silent-for = "36h"

    """

private func inputText(_ name: String) -> String {
    "[[input]]\nname = \"\(name)\"\nkind = \"\(name.prefix { $0 != "." })\"\nline = \"L-\(name)\"\n"
}

private func meterText(_ number: Int, _ name: String) -> String {
    let registers: [(String, String)] =
        switch name {
        case "water": [("volume", "L")]
        case "power": [("energy", "Wh"), ("power", "W"), ("voltage", "V")]
        default: [("temperature", "degC"), ("humidity", "%")]
        }
    return "[[meter]]\nname = \"\(name)\"\nbus = \"rs485\"\nunit = \(number + 1)\n"
        + registers.enumerated().map { index, register in
            """
            [[meter.register]]
            signal = "\(register.0)"
            quantity = "\(register.0)"
            address = \(index * 4)
            type = "i64"
            scale = "0.001"
            unit = "\(register.1)"

            """
        }.joined()
}
