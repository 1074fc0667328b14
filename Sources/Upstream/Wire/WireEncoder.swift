// From the rules' values to the contract's messages. What is stored is binary protobuf without `sequence`
// and `late`, which are known only later; what is sent gets both, in the encoding that is configured.

import LocalRules
import SwiftProtobuf

/// What a heartbeat says beside rules and signals. Times in milliseconds.
package struct HeartbeatContent: Sendable {
    /// A signal, and what part of its expected readings came since the last heartbeat (nil: not known).
    package struct Signal: Sendable {
        package var report: SignalReport
        package var coveragePerMille: Int?
        package init(report: SignalReport, coveragePerMille: Int?) {
            self.report = report
            self.coveragePerMille = coveragePerMille
        }
    }

    package var rules: [RuleReport]
    package var signals: [Signal]
    /// The moment on the home's timeline from which signals' ages are counted.
    package var now: Instant
    /// nil: no alarm waits.
    package var oldestUnacceptedMilliseconds: Int64?
    package var depths: [Lane: Int]
    package var configurationHash: String
    package var flashBytesWritten: Int64?
    package var nextDueSeconds: Int64
    package var agentVersion: String
    package var uptimeMilliseconds: Int64
    /// Points and records given up for want of space.
    package var readingsDropped: Int64
    package var eventsDropped: Int64
    package var isSavingPower: Bool
    package var mode: HomeMode
    /// nil: without end.
    package var modeUntil: Instant?
    /// Alarms that the second broker has taken.
    package var sentByFallback: Int64
    /// Since the start.
    package var commandsRefused: Int64

    package init(
        rules: [RuleReport], signals: [Signal], now: Instant, oldestUnacceptedMilliseconds: Int64?,
        depths: [Lane: Int], configurationHash: String, flashBytesWritten: Int64?, nextDueSeconds: Int64,
        agentVersion: String, uptimeMilliseconds: Int64, readingsDropped: Int64,
        eventsDropped: Int64, isSavingPower: Bool = false, mode: HomeMode = .home, modeUntil: Instant? = nil,
        sentByFallback: Int64 = 0, commandsRefused: Int64 = 0
    ) {
        self.rules = rules
        self.signals = signals
        self.now = now
        self.oldestUnacceptedMilliseconds = oldestUnacceptedMilliseconds
        self.depths = depths
        self.configurationHash = configurationHash
        self.flashBytesWritten = flashBytesWritten
        self.nextDueSeconds = nextDueSeconds
        self.agentVersion = agentVersion
        self.uptimeMilliseconds = uptimeMilliseconds
        self.readingsDropped = readingsDropped
        self.eventsDropped = eventsDropped
        self.isSavingPower = isSavingPower
        self.mode = mode
        self.modeUntil = modeUntil
        self.sentByFallback = sentByFallback
        self.commandsRefused = commandsRefused
    }
}

/// What the retained status says about the hub.
package enum HubPresence: Sendable, Hashable, CaseIterable {
    case online  // birth
    case stopped  // planned stop
    case lost  // last will: the broker says it for us
}

/// Makes the messages of one home.
package struct WireEncoder: Sendable {
    package let home: String

    package init(home: String) { self.home = home }

    // MARK: Records

    /// A step in an alert's life. Only a call for help goes into the alarm lane, which ends with somebody's
    /// `accepted`; that it ended, or that a meter is silent, is an event and must not be sent until a person answers.
    package func draft(
        _ event: AlertEvent, _ alert: Alert, at time: Instant, stamp: Stamp
    ) throws(WireError) -> Draft {
        let id = Self.newID()
        var message = WireAlert()
        message.header = header(id: id, stamp: stamp)
        message.event = event.wire
        message.alertID = alert.id
        message.rule = alert.rule
        message.kind = alert.kind
        message.severity = alert.severity.wire
        message.signals = alert.signals
        message.reasons = alert.reasons
        message.atUnixMs = time.milliseconds
        message.beganUnixMs = alert.began.milliseconds
        message.raisedUnixMs = alert.raised.milliseconds
        message.test = alert.isTest
        return Draft(
            id: id, lane: Self.callsForHelp(event, alert, at: time) ? .alarm : .event, topic: "alerts", alert: alert.id,
            body: try bytes(message), stamp: stamp)
    }

    /// Whether this draft of a call for help is a test's: nobody but the first broker has to hear of it.
    package static func isTest(_ draft: Draft) -> Bool { (try? WireAlert(serializedBytes: draft.body))?.test ?? false }

    /// A note, in the event lane.
    package func draft(_ note: Note, stamp: Stamp) throws(WireError) -> Draft {
        let id = Self.newID()
        var message = WireEvent()
        message.header = header(id: id, stamp: stamp)
        message.atUnixMs = note.time.milliseconds
        message.code = note.code
        message.signals = note.signals
        message.text = note.text
        return Draft(id: id, lane: .event, topic: "events", alert: nil, body: try bytes(message), stamp: stamp)
    }

    /// A batch of readings, in the reading lane. `signals` is the home's list, which the readings' ids index;
    /// readings of one signal are in order of time.
    package func draft(_ readings: [Reading], of signals: [SignalModel], stamp: Stamp) throws(WireError) -> Draft {
        let id = Self.newID()
        var message = WireReadings()
        message.header = header(id: id, stamp: stamp)
        message.series = Self.series(readings, of: signals)
        return Draft(id: id, lane: .reading, topic: "readings", alert: nil, body: try bytes(message), stamp: stamp)
    }

    /// What is published for a record: the stored message, now with its sequence and whether it is late.
    package func payload(for record: Record, late: Bool, encoding: WireEncoding) throws(WireError) -> [UInt8] {
        func finish(_ header: inout WireHeader) {
            header.sequence = record.sequence
            header.late = late
        }
        switch record.draft.topic {
        case "alerts":
            var message: WireAlert = try parse(record)
            finish(&message.header)
            return try bytes(message, encoding)
        case "readings":
            var message: WireReadings = try parse(record)
            finish(&message.header)
            return try bytes(message, encoding)
        case "events":
            var message: WireEvent = try parse(record)
            finish(&message.header)
            return try bytes(message, encoding)
        default:
            throw WireError(
                message: "record \(record.draft.id): unknown topic '\(record.draft.topic)'",
                advice: "It was stored by another version; it is left out.")
        }
    }

    /// Somebody has to take this on: a new alert, or one that has become worse since somebody accepted it.
    private static func callsForHelp(_ event: AlertEvent, _ alert: Alert, at time: Instant) -> Bool {
        (event == .raised || event == .escalated && alert.called == time) && alert.severity != .technical
    }

    // MARK: What is not stored

    /// `form` remembers what was spelled out on this connection. JSON is for people and always is.
    package func heartbeat(
        _ content: HeartbeatContent, stamp: Stamp, encoding: WireEncoding, form: inout HeartbeatForm
    ) throws(WireError) -> [UInt8] {
        guard encoding == .protobuf else { return try bytes(heartbeatMessage(content, number: 0, stamp: stamp), .json) }
        let message =
            switch form.choose(content, at: stamp.bootMilliseconds) {
            case .spelledOut(let number): heartbeatMessage(content, number: number, stamp: stamp)
            case .brief(let number): briefHeartbeat(content, number: number, stamp: stamp)
            }
        return try bytes(message)
    }

    /// The retained status: birth, farewell, and the last will that the broker keeps for us.
    /// - Parameters:
    ///   - starts: how often the agent has started; 0: not known.
    ///   - lastEnd: why the run before this one ended; empty: not known.
    package func status(
        _ presence: HubPresence, agentVersion: String, configurationHash: String, stamp: Stamp,
        encoding: WireEncoding, starts: Int64 = 0, lastEnd: String = ""
    ) throws(WireError) -> [UInt8] {
        var message = WireStatus()
        message.home = home
        switch presence {
        case .online: message.state = .online
        case .stopped: message.state = .stopped
        case .lost: message.state = .lost
        }
        message.bootID = stamp.bootID
        message.wallUnixMs = stamp.wallMilliseconds
        message.clockTrust = stamp.trust.wire
        message.agentVersion = agentVersion
        message.configurationHash = configurationHash
        message.starts = starts
        message.lastEnd = lastEnd
        return try bytes(message, encoding)
    }

    /// What came of a command.
    package func reply(_ reply: CommandReply, stamp: Stamp, encoding: WireEncoding) throws(WireError) -> [UInt8] {
        try bytes(message(reply, stamp: stamp), encoding)
    }

    /// The same as a message, for profiles.
    package func message(_ reply: CommandReply, stamp: Stamp) -> WireReply {
        var message = WireReply()
        message.commandID = reply.id
        switch reply.outcome {
        case .done: message.outcome = .done
        case .refused: message.outcome = .refused
        case .failed: message.outcome = .failed
        case .begun: message.outcome = .begun
        }
        message.code = reply.code.rawValue
        message.text = reply.text
        message.repeated = reply.isRepeated
        message.home = home
        message.atUnixMs = stamp.wallMilliseconds
        message.bundle = reply.bundle
        return message
    }

    /// The cloud's side: what `listen --acknowledge` answers.
    package static func acknowledgement(
        _ acknowledgement: Acknowledgement, encoding: WireEncoding
    ) throws(WireError) -> [UInt8] {
        var message = WireAck()
        message.id = acknowledgement.id
        message.level = WireAck.Level(rawValue: acknowledgement.level.rawValue) ?? .received
        message.by = acknowledgement.by
        message.atUnixMs = acknowledgement.atMilliseconds
        return try WireEncoder(home: "").bytes(message, encoding)
    }

    // MARK: Parts

    /// 128 random bits: two hubs, or one hub before and after losing its disk, never make the same one.
    static func newID() -> String {
        (0..<2).map { _ in
            let digits = String(UInt64.random(in: .min ... .max), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    private func header(id: String, stamp: Stamp) -> WireHeader {
        var header = WireHeader()
        header.id = id
        header.bootID = stamp.bootID
        header.bootMs = stamp.bootMilliseconds
        header.wallUnixMs = stamp.wallMilliseconds
        header.clockTrust = stamp.trust.wire
        header.home = home
        return header
    }

    private func parse<M: Message>(_ record: Record) throws(WireError) -> M {
        do {
            return try M(serializedBytes: record.draft.body)
        } catch {
            throw WireError(
                message: "record \(record.draft.id): its stored message cannot be read (\(error))",
                advice: "The storage changed it. Check the memory card; the record is left out.")
        }
    }

    func bytes<M: Message>(_ message: M, _ encoding: WireEncoding = .protobuf) throws(WireError) -> [UInt8] {
        do {
            switch encoding {
            case .protobuf: return try message.serializedBytes()
            case .json: return try message.jsonUTF8Bytes()
            }
        } catch {
            throw WireError(
                message: "\(M.protoMessageName) cannot be encoded: \(error)",
                advice: "This is a fault of the agent; please report it.")
        }
    }
}
