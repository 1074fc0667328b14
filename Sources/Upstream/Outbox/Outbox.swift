// The port to what is kept until the cloud has it. On disk: SQLiteOutbox. In memory, where there is no disk
// to write to: MemoryOutbox. Both together, which the agent uses: ResilientOutbox. All three pass
// Tests/UpstreamTests/OutboxConformance.swift.

/// What leaves first. Records keep their order within a lane.
package enum Lane: Int, Sendable, Hashable, Codable, CaseIterable {
    case alarm = 0
    case event = 1
    case reading = 2
}

/// Something to be kept, before it has a number. Its id is made here, before anything is written or sent.
package struct Draft: Sendable, Hashable {
    package var id: String
    package var lane: Lane
    /// The topic's last part: "alerts", "readings", "events".
    package var topic: String
    /// The alert this is a step of, for acknowledgements that name it.
    package var alert: String?
    /// The contract message in binary protobuf, without what is only known when it is sent (sequence, late).
    package var body: [UInt8]
    package var stamp: Stamp

    package init(id: String, lane: Lane, topic: String, alert: String?, body: [UInt8], stamp: Stamp) {
        self.id = id
        self.lane = lane
        self.topic = topic
        self.alert = alert
        self.body = body
        self.stamp = stamp
    }
}

/// What the outbox holds. `sequence` never repeats on one hub and grows with every record.
package struct Record: Sendable, Hashable {
    package var sequence: Int64
    package var draft: Draft

    package init(sequence: Int64, draft: Draft) {
        self.sequence = sequence
        self.draft = draft
    }
}

/// Why something could not be kept. Nothing that was committed before is lost by it.
package struct OutboxError: Error, Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable {
        case cannotOpen  // no folder, no right, another owner: retried
        case damaged  // the file is set aside and a fresh one started
        case full  // retried; meanwhile in memory
        case ioError  // retried; meanwhile in memory
    }
    package var kind: Kind
    package var message: String
    package var advice: String
    package init(kind: Kind, message: String, advice: String) {
        self.kind = kind
        self.message = message
        self.advice = advice
    }
}

/// Records and small named states, committed together or not at all. One owner thread.
package protocol Outbox: ~Copyable {
    /// Keeps drafts and states, and removes the records that the cloud has for good (unknown sequences are
    /// ignored), in one transaction; on disk when it returns. Returns the drafts as records, in order.
    /// An error leaves everything as it was.
    mutating func commit(
        _ drafts: [Draft], states: [String: [UInt8]], removing sequences: [Int64]
    ) throws(OutboxError) -> [Record]
    /// The oldest records of a lane with a sequence above `after`.
    mutating func records(in lane: Lane, after sequence: Int64, limit: Int) throws(OutboxError) -> [Record]
    mutating func state(_ name: String) throws(OutboxError) -> [UInt8]?
    /// Records waiting, by lane.
    mutating func depths() throws(OutboxError) -> [Lane: Int]
    /// Points of readings, and events, given up for want of space since this was opened.
    var droppedReadings: Int64 { get }
    var droppedEvents: Int64 { get }
}
