// A home's configuration, validated and normalised: what the wiring takes.

import Drivers
import LocalRules
import Upstream

/// Everything one `home.toml` says, with board and meter descriptions resolved. Made by `ConfigurationLoader`.
struct HomeConfiguration: Sendable {
    var homeID: String
    /// An IANA name: "Asia/Shanghai".
    var timezone: String
    /// The board description's name.
    var board: String
    /// The HAT descriptions' names.
    var hats: [String] = []
    /// `board = "simulated"`: inputs and outputs are simulated lines.
    var hasSimulatedLines: Bool
    var buses: [BusConfiguration]
    var inputs: [InputPlan]
    var outputs: [OutputConfiguration]
    /// Signals and rules. A `Channel`'s index is its `SignalID`'s index.
    var home: HomeModel
    /// How a signal's raw register, or count of pulses, becomes base units; nil for inputs that are not counted. Same order as `home.signals`.
    var scales: [Scale?]
    /// The unit in which a signal's register counts, for recorded readings and for people; nil for inputs.
    /// Same order as `home.signals`.
    var units: [MeasurementUnit?]
    /// The most that a counter can count, in base units an hour; nil for what is no counter.
    /// Same order as `home.signals`.
    var maxRates: [Int64?]
    var upstream: UpstreamConfiguration?
    /// The second broker, for alarms; its heartbeat and readings are the first one's and mean nothing.
    var fallback: UpstreamConfiguration?
    /// Worth saying, not worth refusing (code, place, text, advice).
    var warnings: [ConfigurationIssue]
    /// Everything written out, defaults and implicit rules included: TOML that loads again to the same.
    var normalisedText: String
    /// FNV-1a 64 of the normalised text, hexadecimal; sent in heartbeats. It tells configurations apart, no more.
    var hash: String

    /// What is left of it in safe mode. Signals stay, so that the rules' windows go on from where they were:
    /// meters are silent meanwhile, which is said as of any silent meter.
    func reduced(to mode: RunMode) -> HomeConfiguration {
        var reduced = self
        if mode != .normal { reduced.buses = [] }
        if mode == .bare {
            reduced.home.rules.removeAll { rule in
                if case .inputActive = rule.kind { false } else { true }
            }
        }
        return reduced
    }

    /// Something is read, watched, driven or told. What the package installs is not: it runs, and guards nobody.
    var isCommissioned: Bool { !buses.isEmpty || !inputs.isEmpty || !outputs.isEmpty || upstream != nil }
}

struct BusConfiguration: Sendable {
    var settings: BusSettings
    var meters: [MeterPlan]
}

struct OutputConfiguration: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case siren, buzzer, lamp
        /// Switches something of another make for as long as an alarm stands: a light, a dialler, a door opener.
        case relay
    }
    var name: String
    var kind: Kind
    var settings: LineSettings
    /// A relay that a step of escalation names: those steps alone switch it.
    var followsSteps = false
}

/// raw × numerator ÷ denominator = base units, exactly, in integers; rounds half away from zero.
struct Scale: Sendable, Hashable {
    var numerator: Int64
    var denominator: Int64
}

struct UpstreamConfiguration: Sendable {
    var host: String
    var port: Int
    var usesTLS: Bool
    var topicPrefix: String
    var encoding: WireEncoding
    var heartbeat: Span
    /// How often a record of readings is made.
    var readings: Span
    /// A connection that nothing urgent waits for is made again after a wait by chance of up to this.
    var spread: Span
    var acknowledgement: AcknowledgementMode
    var caFile: String?
    var certificateFile: String?
    var keyFile: String?
    var user: String?
    /// Path of the file that holds the password; read when connecting.
    var passwordFile: String?
    /// Path of the file with the public key that commands must be signed for; nil: they need not be.
    var commandKeyFile: String?
    /// Which language is spoken.
    var profile = ProfileKind.native
}

/// Something wrong or odd in a configuration: where, what, and what to do.
struct ConfigurationIssue: Error, Sendable, Hashable {
    /// Stable, for scripts: "E103".
    var code: String
    var file: String
    var line: Int
    var column: Int
    /// "meter[0].poll"
    var key: String
    var message: String
    var advice: String
}

/// All errors of one configuration, at once.
struct ConfigurationErrors: Error, Sendable {
    /// By file and place; warnings and notes stand among the errors.
    var issues: [ConfigurationIssue]
    /// The file itself could not be read: exit code 4 rather than 1.
    var isUnreadable = false
}
