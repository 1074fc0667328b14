// What holds where a configuration says nothing, with the reasons; docs/configuration.md repeats the values.

import Drivers
import LocalRules

enum ConfigurationDefaults {
    static let baud = 9600
    static let parity = BusSettings.Parity.none
    static let stopBits = 1
    static let modbusPort = 502
    static let poll = Span.seconds(10)
    /// libmodbus' own 500 ms loses 5 answers in 1,000.
    static let timeout = Span.seconds(1)
    static let retries = 1
    static let pause = Span.zero
    static let upstreamPort = (plain: 1883, tls: 8883)
    static let topicPrefix = "homes"
    static let heartbeat = Span.minutes(5)
    /// A long day out ends within it, and whoever left in the morning and lies somewhere is missed the same night.
    static let notReturned = Span.hours(16)
    /// A day, and nobody has looked: whoever fell behind the door is in danger.
    static let notReturnedRises = [Rise(after: .hours(24), severity: .orange)]
    /// A record costs 250 bytes before its first point (contract/README.md).
    static let readings = Span.hours(1)
    /// Home automation shows what is, not what was; its broker is usually in the same home.
    static let profileReadings = Span.minutes(1)
    /// 2,000 hubs that lose one broker come back at 50 a second: half of what it is to see, the other half is for hubs with
    /// an alarm (docs/decisions/0018-coming-back.md).
    static let upstreamSpread = Span.seconds(40)
    static let noActivityWarning = Span.minutes(10)

    /// Three missed polls are no accident; under five minutes a reboot of a gateway would count as silence.
    static func silentAfter(poll: Span) -> Span { max(poll * 3, .minutes(5)) }

    /// The same for one register that may be asked more seldom than its meter, of which `meter` is said.
    static func silentAfter(poll: Span, meter: Span) -> Span { max(meter, poll * 3) }

    /// The most that a home can draw in an hour. Volume: a DN20 meter (Q3 = 4 m3/h, ISO 4064-1) measures up to
    /// Q4 = 1.25 Q3 = 5 m3/h; a fifth on top. Energy: electricity meters without transformers end at 100 A,
    /// three phases of 230 V make 69 kW; a tenth on top.
    static func maxRate(of quantity: Quantity) -> Int64 { quantity == .volume ? 6_000_000 : 75_000_000 }

    /// Ten minutes to press OK, but never more than half of what is waited for.
    static func warnFor(silentFor: Span) -> Span {
        min(noActivityWarning, Span(milliseconds: silentFor.milliseconds / 2))
    }

    /// A leak, a tap left on: published rules say every half hour of a day.
    static let slot = Span.minutes(30)
    static let span = Span.hours(24)

    /// The least that counts as use: one count, but not what a dripping seal or a standby light takes.
    static func atLeast(of quantity: Quantity, step: Int64?) -> Int64 {
        max(step ?? 1, quantity == .volume ? 100 : 10_000)
    }

    /// One reading beyond a limit is a draught, a hand on the sensor, a motor that starts.
    static let beyondFor = Span.minutes(10)

    /// What a sensor wanders by in a steady room; of other quantities a fiftieth of the limit.
    static func hysteresis(of quantity: Quantity, limit: Int64) -> Int64 {
        switch quantity {
        case .temperature: 1000
        case .humidity: 3000
        default: Int64(clamping: limit.magnitude / 50)
        }
    }

    /// Hangzhou's rule: 35 degrees, and neither movement nor leaving for 8 h.
    static let heat: Int64 = 35_000
    static let stillFor = Span.hours(8)
    /// A forecast or a measurement of the weather that is older says nothing of the heat of the hour.
    static let weatherLasts = Span.hours(6)

    /// Somebody who came in by the door has been through the hall by then; smoke has reached the next room.
    static let confirmWithin = Span.minutes(10)

    static func debounce(_ kind: InputKind) -> Span {
        switch kind {
        case .panic, .service, .visit, .ok: .milliseconds(20)  // a button bounces 5 ms; the shortest press is 60 ms
        case .motion, .away, .tamper: .milliseconds(50)  // sensor relays and switches
        case .door: .milliseconds(50)  // reed contacts ring when the door falls shut
        case .smoke, .leak: .milliseconds(200)  // relays that stay; a glitch must not wake the house
        case .mains, .battery: .milliseconds(200)  // comparators that waver at their threshold
        case .pulse: .milliseconds(5)  // reed contacts of meters, up to some 20 Hz
        }
    }

    /// An S0 output's pulse lasts 30 ms and more, and so does the pause (IEC 62053-31, before it DIN 43864); a reed
    /// contact's, tens of milliseconds at full flow. Contacts bounce for 5 ms.
    static let pulseWidth = Span.milliseconds(20)

    /// What is plausible on a line of this kind. Edges include bounces, of which a contact makes a handful.
    static func limits(_ kind: InputKind, pulses: PulsePlan?) -> InputLimits {
        let edges =
            switch kind {
            // Twice what a pulse and a pause of the minimum width make.
            case .pulse: max(100, 20_000 / (pulses?.minimumWidthMilliseconds ?? 25))
            // A frightened hand presses five times a second.
            case .panic, .service, .visit, .ok: 200
            // Sensors' relays switch once a second at most; a door that falls shut rings twenty times.
            default: 100
            }
        let stuckAfter: Span? =
            switch kind {
            // Nobody holds a button for 5 min: something leans on it, or its cord is caught.
            case .panic, .service, .visit, .ok: .minutes(5)
            // Motion sensors hold for minutes after each movement, and somebody may well be up for hours; but not this.
            case .motion: .hours(12)
            // Doors stay open, the mains stays away, smoke hangs in a room, magnets stop at a reed contact.
            default: nil
            }
        return InputLimits(
            edgesInTenSeconds: edges, stuckAfterMilliseconds: stuckAfter?.milliseconds,
            isAbsentWhileChattering: !kind.isSafety && (kind.isSignOfLife || kind == .away))
    }

    static func severity(input kind: InputKind) -> Severity {
        switch kind {
        case .smoke, .panic: .red
        case .service: .yellow
        case .mains, .battery: .technical  // nobody in the home or the street can do anything about them
        default: .orange
        }
    }

    /// An open wire must read as inactive, so the bias pulls against the active level. Not so for mains: a false
    /// "power is lost" is looked into, a hidden one ends with the battery.
    static func bias(_ kind: InputKind, activeLow: Bool) -> Bias {
        activeLow == (kind == .mains) ? .pullDown : .pullUp
    }

    /// The rule of an input that somebody must hear of although nobody wrote one; nil: there is none for this kind.
    static func rule(of signal: SignalID, named name: String, _ kind: InputKind, request: String?) -> RuleModel? {
        var rule = RuleModel(
            name: name, kind: .inputActive(signal: signal, holdFor: .zero, request: request),
            severity: severity(input: kind), latched: kind.isLatched)
        switch kind {
        case .smoke, .panic, .service: break
        case .mains:
            // Most cuts are over within five minutes, and every hub of the town notices each in the same second.
            rule.kind = .inputActive(signal: signal, holdFor: .minutes(5), request: nil)
            rule.spread = .minutes(10)
            rule.clearAfter = .minutes(1)
        case .battery:
            // Said at once: there may be no later. Relieved of its load a battery looks full again for a while.
            rule.clearAfter = .minutes(10)
        case .motion, .door, .leak, .tamper, .visit, .away, .ok, .pulse: return nil
        }
        return rule
    }
}

extension InputKind {
    /// A press is over in a moment, what it asks for is not: it stands until somebody accepts it.
    var isLatched: Bool { isSafety || self == .service }

    /// Life-safety: the level is re-read, an alert is immediate, latched, and cannot be switched off.
    var isSafety: Bool { self == .smoke || self == .panic }

    /// Somebody did something: what a `no-activity` rule may listen to.
    var isSignOfLife: Bool {
        switch self {
        case .motion, .door, .panic, .service, .visit, .ok, .pulse: true
        case .smoke, .leak, .tamper, .mains, .battery, .away: false
        }
    }
}
