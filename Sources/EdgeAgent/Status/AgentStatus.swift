// What the daemon says of itself: for `status`, the live picture and the control socket.

import Drivers
import LocalRules
import Synchronization
import Upstream

/// One picture of the whole agent.
struct AgentStatus: Codable, Sendable {
    struct Signal: Codable, Sendable {
        var name: String
        /// With its unit: "412.316 m3", "active"; nil: never read.
        var value: String?
        /// Age of that value when the picture was taken.
        var ageSeconds: Int64?
        var missing: Bool
    }
    struct Rule: Codable, Sendable {
        var name: String
        var kind: String
        var verdict: Verdict
        var reason: String
    }
    /// One step in an alert's life.
    struct Step: Codable, Sendable {
        var time: String
        var event: AlertEvent
        var alert: String
        var severity: Severity
        var reason: String
        /// true or absent: an installer set it off.
        var test: Bool?

        init(event: AlertEvent, alert: Alert, at time: Instant) {
            self.time = time.iso8601
            self.event = event
            self.alert = alert.id
            severity = alert.severity
            reason = alert.reasons.first ?? ""
            test = alert.isTest ? true : nil
        }
    }
    struct Bus: Codable, Sendable {
        var name: String
        /// "/dev/ttyUSB0" or "192.168.1.20:502".
        var port: String
        /// Somebody scans it: its meters are not asked meanwhile, which is no fault of theirs.
        var isLent: Bool
        /// The adapter hears what it sends.
        var hasEcho: Bool
        /// Bytes that came unasked: noise, late answers, a second master.
        var strayBytes: Int64
        /// With the time-out of each that was learned.
        var meters: [MeterReport]

        init(_ report: BusReport, at settings: BusSettings, isLent: Bool) {
            name = report.bus
            port = settings.place
            self.isLent = isLent
            hasEcho = report.hasEcho
            strayBytes = report.strayBytes
            meters = report.meters
        }
    }
    /// An input line.
    struct Line: Codable, Hashable, Sendable {
        var name: String
        /// "GPIO17".
        var line: String
        /// Changes that the kernel saw and dropped, because too many waited.
        var edgesLost: Int64 = 0
        /// False: there were at least so many (libgpiod 1.x does not say).
        var isExact = true
        /// It changes too often to be followed; its level is looked at once a second.
        var chatters = false
        /// It has been active for too long.
        var isStuck = false
    }
    struct Upstream: Codable, Sendable {
        /// "connected", "not configured", or why not.
        var link = "not connected yet"
        var isConnected = false
        /// Of the second broker, as `link`; nil: there is none.
        var fallback: String?
        var isFallbackConnected = false
        /// Alarms that it has taken since the start.
        var sentByFallback: Int64 = 0
        /// Records that wait, by lane.
        var waiting: [String: Int] = [:]
        var oldestUnacceptedSeconds: Int64?
        /// Points of readings, and events, given up for want of space.
        var readingsDropped: Int64 = 0
        var eventsDropped: Int64 = 0

        var depths: [Lane: Int] {
            get { Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, waiting["\($0)"] ?? 0) }) }
            set { waiting = Dictionary(uniqueKeysWithValues: newValue.map { ("\($0.key)", $0.value) }) }
        }
    }

    var home = ""
    /// False: the configuration describes nothing yet, so that nothing is guarded.
    var isCommissioned = true
    /// The home's, in which people there tell the time.
    var timezone = "UTC"
    var version = AgentVersion.text
    /// Where it does not simply run with the installed file: with what, and why.
    var configurationRemark: String?
    /// Of the configuration that runs, as `check-config` and heartbeats say it.
    var configurationHash = ""
    /// The home's timeline.
    var time = ""
    var unixMilliseconds: Int64 = 0
    var clockTrust = ClockTrust.none
    var sound = SoundPattern.silent
    var mode = HomeMode.home
    /// "away for 3 h (door.front, then nothing inside), expected back within 9 h"
    var modeText = "home"
    /// An installer walks through the home, alerts that begin are tests, and that lasts for so long at most; nil: nobody does.
    var walkSecondsLeft: Int64?
    /// Mains power is lost: meters are asked more seldom.
    var isSavingPower = false
    var signals: [Signal] = []
    var rules: [Rule] = []
    var alerts: [Alert] = []
    /// The last steps, newest last.
    var steps: [Step] = []
    /// By name; each is looked at every ten seconds.
    var buses: [Bus] = []
    /// In the order of the configuration.
    var lines: [Line] = []
    var upstream = Upstream()
    /// How often the agent has started on this storage (0: not known), and why the run before this one ended.
    var starts: Int64 = 0
    var lastEnd = ""
    /// Signals whose meter seems to have been replaced: a person is asked whether it was.
    var unconfirmedMeters: [String] = []
    /// What is wrong with the hub itself, each with what to do.
    var faults: [String] = []
    /// What to do about those faults whose text does not say it. nil: a daemon of an earlier version answered.
    var faultAdvice: [String: String]?

    /// Nothing open, nothing broken.
    var isWell: Bool { alerts.isEmpty && faults.isEmpty }
}

/// The version that heartbeats, `status` and `--version` say.
enum AgentVersion {
    static let text = "0.1.0"
}

/// The current picture, written by the threads that know, read by anybody.
final class StatusBoard: Sendable {
    /// Steps kept for people to look back on.
    private static let mostSteps = 20

    private struct State {
        var status = AgentStatus()
        var busFaults: [String] = []
        var otherFaults: [String: String] = [:]
        var stepCount = 0
    }
    private let state: Mutex<State>

    init(home: String, timezone: String = "UTC", isCommissioned: Bool = true) {
        var first = State()
        first.status.home = home
        first.status.isCommissioned = isCommissioned
        first.status.timezone = timezone
        state = Mutex(first)
    }

    var current: AgentStatus {
        state.withLock { state in
            var status = state.status
            status.faults = state.busFaults + state.otherFaults.sorted { $0.key < $1.key }.map(\.value)
            return status
        }
    }

    func add(_ step: AgentStatus.Step) {
        state.withLock { state in
            state.status.steps.append(step)
            state.stepCount += 1
            if state.status.steps.count > StatusBoard.mostSteps { state.status.steps.removeFirst() }
        }
    }

    /// How many steps there have been; only the last are kept.
    var stepCount: Int { state.withLock { $0.stepCount } }

    /// The kept steps of those that came after the first `count`.
    func steps(after count: Int) -> [AgentStatus.Step] {
        state.withLock { Array($0.status.steps.suffix(max(0, $0.stepCount - count))) }
    }

    /// A part of the hub that is broken, or (nil) well again.
    func set(fault: String?, of part: String) {
        state.withLock { $0.otherFaults[part] = fault }
    }

    func set(configurationHash: String) { state.withLock { $0.status.configurationHash = configurationHash } }

    /// What is broken of a part; nil: nothing.
    func fault(of part: String) -> String? { state.withLock { $0.otherFaults[part] } }

    func change(_ change: (inout AgentStatus.Upstream) -> Void) {
        state.withLock { change(&$0.status.upstream) }
    }

    /// How this run began.
    var start: RunRecord.Start {
        state.withLock { RunRecord.Start(starts: $0.status.starts, lastEnd: $0.status.lastEnd) }
    }

    func set(start: RunRecord.Start) {
        state.withLock { state in
            state.status.starts = start.starts
            state.status.lastEnd = start.lastEnd
        }
    }

    func set(bus: AgentStatus.Bus) {
        state.withLock { state in
            state.status.buses.removeAll { $0.name == bus.name }
            state.status.buses.append(bus)
            state.status.buses.sort { $0.name < $1.name }
        }
    }

    func set(configurationRemark remark: String?) { state.withLock { $0.status.configurationRemark = remark } }

    func set(lines: [AgentStatus.Line]) { state.withLock { $0.status.lines = lines } }

    func set(line: AgentStatus.Line) {
        state.withLock { state in
            guard let index = state.status.lines.firstIndex(where: { $0.name == line.name }) else { return }
            state.status.lines[index] = line
        }
    }

    func update(from core: HomeCore, at now: Instant) {
        let signals = zip(core.engine.home.signals, core.engine.signalReports()).map { model, report in
            AgentStatus.Signal(
                name: report.signal, value: report.value.map { ValueText.text($0, of: model) },
                ageSeconds: report.time.map { (now - $0).milliseconds / 1000 }, missing: report.isMissing)
        }
        let rules = core.engine.ruleReports().map {
            AgentStatus.Rule(name: $0.rule, kind: $0.kind, verdict: $0.verdict, reason: $0.reason)
        }
        let alerts = core.engine.openAlerts
        let sound = core.engine.sound
        let isSavingPower = core.isSavingPower
        let mode = core.engine.mode
        let walkSecondsLeft = core.engine.walkUntil.map { max(0, ($0 - now).milliseconds / 1000) }
        let faults = core.faults.standing + core.interpreter.faults
        let advice = core.faults.advice
        let unconfirmedMeters = core.interpreter.unconfirmedMeters
        let trust = WallClock.trust()
        state.withLock { state in
            state.status.time = now.iso8601
            state.status.unixMilliseconds = now.milliseconds
            state.status.clockTrust = trust
            state.status.signals = signals
            state.status.rules = rules
            state.status.alerts = alerts
            state.status.sound = sound
            state.status.isSavingPower = isSavingPower
            state.status.mode = mode.mode
            state.status.modeText = mode.text
            state.status.walkSecondsLeft = walkSecondsLeft
            state.status.unconfirmedMeters = unconfirmedMeters
            state.busFaults = faults
            state.status.faultAdvice = advice
        }
    }
}
