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
    /// A record costs 250 bytes before its first point (contract/README.md).
    static let readings = Span.hours(1)
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

    static func debounce(_ kind: InputKind) -> Span {
        switch kind {
        case .panic, .service, .visit: .milliseconds(20)  // a button bounces 5 ms; the shortest press is 60 ms
        case .motion, .away, .tamper: .milliseconds(50)  // sensor relays and switches
        case .door: .milliseconds(50)  // reed contacts ring when the door falls shut
        case .smoke, .leak, .mains: .milliseconds(200)  // relays that stay; a glitch must not wake the house
        case .pulse: .milliseconds(5)  // reed contacts of meters, up to some 20 Hz
        }
    }

    static func severity(input kind: InputKind) -> Severity {
        switch kind {
        case .smoke, .panic: .red
        case .service: .yellow
        default: .orange
        }
    }

    /// An open wire must read as inactive, so the bias pulls against the active level.
    static func bias(activeLow: Bool) -> Bias { activeLow ? .pullUp : .pullDown }
}

extension InputKind {
    /// A press is over in a moment, what it asks for is not: it stands until somebody accepts it.
    var isLatched: Bool { isSafety || self == .service }

    /// Life-safety: the level is re-read, an alert is immediate, latched, and cannot be switched off.
    var isSafety: Bool { self == .smoke || self == .panic }

    /// Somebody did something: what a `no-activity` rule may listen to.
    var isSignOfLife: Bool {
        switch self {
        case .motion, .door, .panic, .service, .visit, .pulse: true
        case .smoke, .leak, .tamper, .mains, .away: false
        }
    }
}
