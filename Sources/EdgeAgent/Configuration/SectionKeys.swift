// Every key of every section: the parser can only ask for these, and everything else is a typing error.
// docs/configuration.md is held to this list by a test.

/// The keys of one section, as an enum whose raw values are the words in the file.
protocol SectionKey: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    /// As people call the section: "[[meter]]".
    static var section: String { get }
    /// Keys that design gives this section but this version does not have yet.
    static var later: [String] { get }
}

extension SectionKey {
    static var later: [String] { [] }
}

enum RootKey: String, SectionKey {
    case schema, home, bus, meter, input, output, rule, escalation, upstream
    case reTest = "re-test"
    static let section = "the file's top level"
    static let later = ["local-page"]
}

enum HomeKey: String, SectionKey {
    case id, timezone, board, hats, quiet
    static let section = "[home]"
}

enum BusKey: String, SectionKey {
    case name, kind, port, address, baud, parity, rs485
    case stopBits = "stop-bits"
    static let section = "[[bus]]"
}

/// A section that describes registers and the requests that may be made for them.
protocol RegisterOwnerKey: SectionKey {
    static var register: Self { get }
    static var forbidden: Self { get }
    static var maxRegisters: Self { get }
    static var maxGap: Self { get }
    /// Whether it describes a model; else it is one meter of one home.
    static var isModel: Bool { get }
}

enum MeterKey: String, RegisterOwnerKey {
    case name, bus, unit, profile, signals, register, forbidden, poll, timeout, retries, pause
    case silentAfter = "silent-after"
    case maxRegisters = "max-registers"
    case maxGap = "max-gap"
    static let section = "[[meter]]"
    static let isModel = false
}

enum RegisterKey: String, SectionKey {
    case signal, quantity, table, address, type, order, bits, scale, unit, poll, unconfirmed
    case noValue = "no-value"
    case scaleFrom = "scale-from"
    case maxRate = "max-rate"
    static let section = "[[meter.register]]"
}

enum ScaleKey: String, SectionKey {
    case table, address, type, order, `as`
    static let section = "scale-from"
}

enum ForbiddenKey: String, SectionKey {
    case table, first, last
    static let section = "[[forbidden]]"
}

enum ProfileKey: String, RegisterOwnerKey {
    case name, description, source, quirks, serial, forbidden, identify, register
    case maxRegisters = "max-registers"
    case maxGap = "max-gap"
    static let section = "the meter profile"
    static let isModel = true
}

enum SerialKey: String, SectionKey {
    case baud, parity, unit
    case stopBits = "stop-bits"
    static let section = "[serial]"
}

enum IdentifyKey: String, SectionKey {
    case table, address, type, order, equals
    static let section = "[[identify]]"
}

enum BoardKey: String, SectionKey {
    case name, description, source, compatible, simulated, lines, pins, power, serial, watchdog, rtc, leds, quirks
    case pullUps = "pull-ups"
    case startsHigh = "starts-high"
    static let section = "the board description"
}

enum PowerKey: String, SectionKey {
    case threeVolts = "3v3"
    case fiveVolts = "5v"
    case ground
    static let section = "[power]"
}

enum SerialPortKey: String, SectionKey {
    case port, transmit, receive, rts, console, enable
    static let section = "[[serial]]"
}

enum HatKey: String, SectionKey {
    case name, description, source, takes, shares, terminals, active, quirks
    static let section = "the HAT description"
}

enum InputKey: String, SectionKey {
    case name, kind, line, active, bias, debounce, request, quantity
    case perPulse = "per-pulse"
    case minimumWidth = "minimum-width"
    case silentAfter = "silent-after"
    case longPress = "long-press"
    case leadsOut = "leads-out"
    static let section = "[[input]]"
}

enum OutputKey: String, SectionKey {
    case name, kind, line, active, drive
    static let section = "[[output]]"
}

enum RuleKey: String, SectionKey {
    case name, kind, signal, signals, window, below, above, hysteresis, `for`, spread, slot, span, every, between
    case weekdays, carry, severity, rise, latched, after, away, confirm
    case silentFor = "silent-for"
    case stillFor = "still-for"
    case atLeast = "at-least"
    case warnFor = "warn-for"
    case clearAfter = "clear-after"
    case confirmWithin = "confirm-within"
    static let section = "[[rule]]"
    static let later = ["sensitivity", "learn-days"]
}

enum RiseKey: String, SectionKey {
    case yellow, orange, red
    static let section = "rise"
}

enum EscalationKey: String, SectionKey {
    case after, unless, `do`
    static let section = "[[escalation]]"
}

enum ReTestKey: String, SectionKey {
    case panic, whole
    static let section = "[re-test]"
}

/// The keys that every broker has.
protocol BrokerKey: SectionKey {
    static var broker: Self { get }
    static var encoding: Self { get }
    static var ack: Self { get }
    static var user: Self { get }
    static var topicPrefix: Self { get }
    static var caFile: Self { get }
    static var certificateFile: Self { get }
    static var keyFile: Self { get }
    static var passwordFile: Self { get }
}

enum UpstreamKey: String, BrokerKey {
    case broker, profile, encoding, heartbeat, readings, spread, ack, user, fallback
    case topicPrefix = "topic-prefix"
    case caFile = "ca-file"
    case certificateFile = "certificate-file"
    case keyFile = "key-file"
    case passwordFile = "password-file"
    case commandKey = "command-key"
    static let section = "[upstream]"
}

enum FallbackKey: String, BrokerKey {
    case broker, encoding, ack, user
    case topicPrefix = "topic-prefix"
    case caFile = "ca-file"
    case certificateFile = "certificate-file"
    case keyFile = "key-file"
    case passwordFile = "password-file"
    static let section = "[upstream.fallback]"
}
