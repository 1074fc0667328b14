// What goes when a lane is over its quota. Readings grow sparse before they are gone: records are joined, of each
// quarter of an hour, later of each hour, the last point stays. Alarms never go: nothing else can take their space.

import LocalRules
import SwiftProtobuf

extension SQLiteOutbox {
    /// What a transaction will have changed once it is committed.
    struct Tally {
        var next: Int64
        var reserved: Int64
        var readingBytes: Int64
        var eventBytes: Int64
        /// Points of readings, and records of events, given up.
        var droppedReadings: Int64 = 0
        var droppedEvents: Int64 = 0

        mutating func add(_ bytes: Int64, to lane: Lane) {
            switch lane {
            case .alarm: break
            case .event: eventBytes += bytes
            case .reading: readingBytes += bytes
            }
        }
    }

    /// Within the quota, half is for readings as they were made, a quarter for one point in 15 minutes, a quarter for
    /// one an hour; the oldest of these go. One step frees the space of many commits and takes some milliseconds.
    func makeRoom(tally: inout Tally) throws(SQLiteFailure) {
        while tally.readingBytes > quotas.readings {
            let steps = [(slot: Int64(0), share: quotas.readings / 2), (slot: 900, share: quotas.readings / 4)]
            var isThinned = false
            for (step, next) in zip(steps, [Int64(900), 3600]) where !isThinned {
                let bytes = try connection.integer(
                    "SELECT ifnull(sum(length(body) + ?), 0) FROM reading WHERE slot = ?",
                    [.integer(UpstreamLimits.rowBytes), .integer(step.slot)])
                guard bytes > step.share else { continue }
                try thin(slot: step.slot, to: next, tally: &tally)
                isThinned = true
            }
            if !isThinned { try drop(oldest: 1, of: .reading, tally: &tally) }
        }
        while tally.eventBytes > quotas.events {
            try drop(oldest: UpstreamLimits.dropBlock, of: .event, tally: &tally)
        }
    }

    /// Joins the oldest records of one slot length into one of the next, which takes the last one's place in the order
    /// and an id of its own: what the cloud may have seen of it came under other ids.
    private func thin(slot: Int64, to next: Int64, tally: inout Tally) throws(SQLiteFailure) {
        var oldest: [Record] = []
        try connection.run(
            "SELECT \(Self.columns) FROM reading WHERE slot = ? ORDER BY sequence LIMIT ?",
            [.integer(slot), .integer(Int64(UpstreamLimits.thinningBlock))]
        ) { oldest.append(Self.record($0, lane: .reading)) }
        var messages: [WireReadings] = []
        var readable: [Record] = []
        for record in oldest {
            if let message = try? WireReadings(serializedBytes: record.draft.body), !message.series.isEmpty {
                messages.append(message)
                readable.append(record)
            } else {
                try delete([record.sequence], tally: &tally)
                tally.droppedReadings += 1
            }
        }
        var thinned = WireReadings.thinned(messages, toSeconds: next)
        while thinned.pointCount > UpstreamLimits.thinnedPoints, messages.count > 1 {
            messages.removeLast(messages.count / 2)
            thinned = WireReadings.thinned(messages, toSeconds: next)
        }
        readable.removeLast(readable.count - messages.count)
        guard let last = readable.last else { return }
        var draft = last.draft
        draft.id = WireEncoder.newID()
        thinned.header = messages.last?.header ?? WireHeader()
        thinned.header.id = draft.id
        guard let body: [UInt8] = try? thinned.serializedBytes() else { return }
        draft.body = body
        try delete(readable.map(\.sequence), tally: &tally)
        try insert(Record(sequence: last.sequence, draft: draft), slot: next, tally: &tally)
        tally.droppedReadings += Int64(messages.reduce(0) { $0 + $1.pointCount } - thinned.pointCount)
    }

    private func drop(oldest count: Int, of lane: Lane, tally: inout Tally) throws(SQLiteFailure) {
        var gone: [Record] = []
        try connection.run(
            "SELECT \(Self.columns) FROM \(lane.table) ORDER BY sequence LIMIT ?", [.integer(Int64(count))]
        ) { gone.append(Self.record($0, lane: lane)) }
        try delete(gone.map(\.sequence), tally: &tally)
        for record in gone {
            if lane == .reading { tally.droppedReadings += record.draft.pointCount } else { tally.droppedEvents += 1 }
        }
    }
}

extension Draft {
    /// Points of readings in it; 1 where it cannot be read.
    var pointCount: Int64 {
        guard let message = try? WireReadings(serializedBytes: body) else { return 1 }
        return Int64(max(1, message.pointCount))
    }
}
