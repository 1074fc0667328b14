// A home whose truth is known at every moment, so that what one agent says can be held against what another one says
// that saw less of it: one rule of each kind, meters that are read each minute, lines that tell when they change.

@testable import LocalRules

/// How many homes are tried: `EDGE_AGENT_RULE_SEEDS`, one after the other from 1 on (`make rules-long`).
func propertySeeds(_ ordinarily: UInt64) -> ClosedRange<UInt64> {
    1...(setting("EDGE_AGENT_RULE_SEEDS").flatMap { UInt64($0) } ?? ordinarily)
}

struct LivedHome {
    static let poll = Span.minutes(1)
    static let length = Span.days(5)

    /// What is true from a moment on.
    struct Change: Equatable {
        var at: Instant
        var signal: SignalID
        /// A line's level, a temperature, or of a register millilitres or milliwatt-hours a minute.
        var value: Int64
    }

    let model: HomeModel
    /// In order of time.
    private(set) var changes: [Change] = []
    let meters: [SignalID]
    let lines: [SignalID]

    /// `byTheClock`: also the rules that ask for the time of day.
    init(seed: UInt64, byTheClock: Bool = true) {
        let signals = [
            SignalModel.water(silentAfter: .minutes(5), step: 1000), .power(silentAfter: .minutes(5)),
            .meter("living", .temperature, silentAfter: .minutes(5)), .input("motion", .motion),
            .input("door", .door), .input("smoke", .smoke), .input("leak", .leak), .input("mains", .mains),
            .input("visit", .visit),
        ]
        model = home(signals, LivedHome.durations + (byTheClock ? LivedHome.hours : []))
        meters = [0, 1, 2].map(SignalID.init)
        lines = (3..<signals.count).map(SignalID.init)
        var random = Random(seed: seed)
        live(&random)
    }

    private static var durations: [NamedRule] {
        [
            lowUse(window: .hours(6), below: 12_000, clearAfter: .minutes(5)),
            lowUse("no-power", of: "power.energy", window: .hours(4), below: 30_000),
            rule("flood") { .highUse(signal: $0("water.volume"), window: .hours(4), above: 60_000) },
            rule("tap", rises: [Rise(after: .hours(3), severity: .red)]) {
                .continuousUse(signal: $0("water.volume"), slot: .minutes(30), span: .minutes(100), atLeast: 1000)
            },
            noActivity(of: ["motion", "door", "water.volume"], silentFor: .hours(5), warnFor: .minutes(10)),
            silent(
                .lasting(.hours(7)), .yellow, called: "still", of: ["motion"],
                rises: [Rise(after: .hours(9), severity: .orange)]),
            rule("cold", rises: [Rise(after: .hours(2), severity: .red)]) {
                .beyond(
                    signal: $0("living"), limits: ValueLimits(above: nil, below: 14_000, hysteresis: 500),
                    holdFor: .minutes(20))
            },
            rule("heat", warnFor: .minutes(10)) {
                .heatAndStill(
                    temperatures: [$0("living")], activity: [$0("motion"), $0("door")],
                    terms: HeatTerms(above: 33_000, hysteresis: 1000, hotFor: .minutes(10), stillFor: .hours(2)))
            },
            active("smoke", latched: true), active("leak", holdFor: .minutes(3)),
            active("mains", .technical, holdFor: .minutes(30), clearAfter: .minutes(5)),
            active("door", .yellow, holdFor: .minutes(40), warnFor: .minutes(5)),
            rule("visit", .yellow) { .visitOverdue(signal: $0("visit"), every: .hours(30)) },
            notReturned(of: ["door"], after: .hours(14)), activeWhileAway(),
        ]
    }

    private static var hours: [NamedRule] {
        [
            silent(.through(LocalRulesTests.hours("07:00-08:30")), called: "morning", warnFor: .minutes(10)),
            silent(
                .within(LocalRulesTests.hours("06:00-21:00"), .hours(3), carries: false), .yellow, called: "by-day",
                of: ["motion", "door"]),
            silent(
                .within(LocalRulesTests.hours("06:00-21:00"), .hours(8), carries: true), .yellow, called: "waking",
                of: ["motion"]),
        ]
    }

    // MARK: The life

    private mutating func live(_ random: inout Random) {
        func chance(_ part: Int64, of whole: Int64) -> Bool { random.chance(part, of: whole) }
        var time = midnight + .minutes(1)
        while time < midnight + LivedHome.length {
            // Busy for a while, then nothing for a while.
            time = time + (chance(1, of: 6) ? .minutes(random.number(600)) : .minutes(1 + random.number(40)))
            time = time + .milliseconds(random.number(60_000))
            switch random.number(13) {
            case 0...3: pulse("motion", from: time, for: .seconds(5 + random.number(60)))
            case 4: pulse("door", from: time, for: .seconds(10 + random.number(chance(1, of: 5) ? 5000 : 60)))
            case 5...7: flow(0, 500 + random.number(4000), from: time, for: .minutes(1 + random.number(6)))
            case 8:
                flow(0, 100 + random.number(300), from: time, for: .minutes(100 + random.number(300)))
            case 9: flow(1, 200 + random.number(900), from: time, for: .minutes(10 + random.number(300)))
            case 10: changes.append(Change(at: time, signal: SignalID(2), value: 10_000 + random.number(26_000)))
            case 11: pulse(["smoke", "leak"][Int(random.number(2))], from: time, for: .minutes(1 + random.number(9)))
            default:
                pulse(["mains", "visit"][Int(random.number(2))], from: time, for: .minutes(random.number(80)))
            }
        }
        changes = changes.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
    }

    private mutating func pulse(_ name: String, from start: Instant, for span: Span) {
        let signal = SignalID(model.signals.firstIndex { $0.name == name } ?? 0)
        changes.append(Change(at: start, signal: signal, value: 1))
        changes.append(Change(at: start + span, signal: signal, value: -1))
    }

    private mutating func flow(_ meter: Int, _ rate: Int64, from start: Instant, for span: Span) {
        changes.append(Change(at: start, signal: SignalID(meter), value: rate))
        changes.append(Change(at: start + span, signal: SignalID(meter), value: -rate))
    }

    /// Everything that can be read, in order of time: lines when they change, meters each minute.
    func readings(until end: Span = length) -> [Reading] {
        var readings = lines.map { Reading(signal: $0, time: midnight, value: 0) }
        var levels = [Int64](repeating: 0, count: model.signals.count)
        var rates = levels
        var totals: [Int64] = [5_000_000, 7_000_000, 20_000]
        var next = 0
        for minute in 0..<(end.milliseconds / LivedHome.poll.milliseconds) {
            let now = midnight + LivedHome.poll * minute
            while next < changes.count, changes[next].at <= now {
                let change = changes[next]
                next += 1
                let index = change.signal.index
                guard lines.contains(change.signal) else {
                    if index == 2 { totals[2] = change.value } else { rates[index] += change.value }
                    continue
                }
                let before = levels[index]
                levels[index] += change.value
                if (before > 0) != (levels[index] > 0) {
                    readings.append(Reading(signal: change.signal, time: change.at, value: levels[index] > 0 ? 1 : 0))
                }
            }
            for meter in meters {
                totals[meter.index] += rates[meter.index]
                let value = meter.index == 0 ? totals[0] / 1000 * 1000 : totals[meter.index]
                readings.append(Reading(signal: meter, time: now, value: value))
            }
        }
        return readings
    }
}

/// One step of an alert, without its words.
struct Said: Equatable, CustomStringConvertible {
    var rule: String
    var event: AlertEvent
    var severity: Severity
    var time: Instant
    var description: String { "\(clock(time)) \(event.rawValue) \(rule) \(severity.rawValue)" }
}

extension [Directive] {
    var steps: [Said] {
        compactMap {
            guard case .alert(let event, let alert, let time) = $0 else { return nil }
            return Said(rule: alert.rule, event: event, severity: alert.severity, time: time)
        }
    }
}
