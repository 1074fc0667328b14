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
    static let section = "the file's top level"
    static let later = ["local-page"]
}

enum HomeKey: String, SectionKey {
    case id, timezone, board
    static let section = "[home]"
}

enum BusKey: String, SectionKey {
    case name, kind, port, address, baud, parity
    case stopBits = "stop-bits"
    static let section = "[[bus]]"
}

enum MeterKey: String, SectionKey {
    case name, bus, unit, profile, register, poll, timeout
    case silentAfter = "silent-after"
    static let section = "[[meter]]"
}

enum RegisterKey: String, SectionKey {
    case signal, quantity, table, address, type, order, scale, unit
    case maxRate = "max-rate"
    static let section = "[[meter.register]]"
}

enum ProfileKey: String, SectionKey {
    case name, description, source, register
    static let section = "the meter profile"
}

enum BoardKey: String, SectionKey {
    case name, description, source, simulated, lines
    static let section = "the board description"
}

enum InputKey: String, SectionKey {
    case name, kind, line, active, bias, debounce, request
    case silentAfter = "silent-after"
    static let section = "[[input]]"
}

enum OutputKey: String, SectionKey {
    case name, kind, line, active
    static let section = "[[output]]"
}

enum RuleKey: String, SectionKey {
    case name, kind, signal, signals, window, below, `for`, severity, latched
    case silentFor = "silent-for"
    case warnFor = "warn-for"
    case clearAfter = "clear-after"
    static let section = "[[rule]]"
    static let later = [
        "between", "weekdays", "above", "hysteresis", "slot", "span", "at-least", "still-for", "every", "after",
        "sensitivity", "learn-days", "away",
    ]
}

enum EscalationKey: String, SectionKey {
    case after, `do`
    static let section = "[[escalation]]"
}

enum UpstreamKey: String, SectionKey {
    case broker, encoding, heartbeat, ack, user
    case topicPrefix = "topic-prefix"
    case caFile = "ca-file"
    case certificateFile = "certificate-file"
    case keyFile = "key-file"
    case passwordFile = "password-file"
    static let section = "[upstream]"
    static let later = ["fallback"]
}
