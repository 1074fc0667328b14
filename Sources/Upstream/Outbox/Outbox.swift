// The port to what is kept until the cloud has it. Real: SQLiteOutbox. In memory, where there is no disk
// to write to: MemoryOutbox. Both pass Tests/UpstreamTests/OutboxConformance.swift.

/// What leaves first. Records keep their order within a lane.
package enum Lane: Int, Sendable, Hashable, Codable, CaseIterable {
    case alarm = 0, event = 1, reading = 2
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
    package enum Kind: String, Sendable, Hashable { case cannotOpen, damaged, full, ioError }
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
    /// Keeps drafts and states in one transaction; on disk when it returns.
    mutating func commit(_ drafts: [Draft], states: [String: [UInt8]]) throws(OutboxError) -> [Record]
    /// The oldest records of a lane with a sequence above `after`.
    mutating func records(in lane: Lane, after sequence: Int64, limit: Int) throws(OutboxError) -> [Record]
    /// The cloud has these for good.
    mutating func remove(sequences: [Int64]) throws(OutboxError)
    mutating func state(_ name: String) throws(OutboxError) -> [UInt8]?
    /// Records waiting, by lane.
    mutating func depths() throws(OutboxError) -> [Lane: Int]
}
