// The outbox where there is no disk. Bounded: the oldest readings go first, then the oldest events; an alarm
// is never given up, but one more may be refused when only alarms are left.

package struct MemoryOutbox: ~Copyable, Outbox {
    private var lanes: [[Record]] = Lane.allCases.map { _ in [] }
    private var states: [String: [UInt8]] = [:]
    private var nextSequence: Int64
    private var bytes = 0
    private let maximumBytes: Int
    package private(set) var droppedReadings: Int64 = 0
    package private(set) var droppedEvents: Int64 = 0

    /// - Parameter floor: the first record's sequence.
    package init(floor: Int64, maximumBytes: Int = UpstreamLimits.memoryBytes) {
        nextSequence = floor
        self.maximumBytes = maximumBytes
    }

    package mutating func commit(
        _ drafts: [Draft], states: [String: [UInt8]], removing sequences: [Int64]
    ) throws(OutboxError) -> [Record] {
        let needed = drafts.reduce(0) { $0 + Self.cost($1) }
        let alarmBytes = lanes[Lane.alarm.rawValue].reduce(0) { $0 + Self.cost($1.draft) }
        guard alarmBytes + needed <= maximumBytes else {
            throw OutboxError(
                kind: .full,
                message: "memory outbox: \(lanes[Lane.alarm.rawValue].count) alarms fill its \(maximumBytes >> 10) kB",
                advice: "Repair the hub's storage, or the way to the cloud, so that alarms can leave.")
        }
        remove(sequences)
        makeRoom(for: needed)
        bytes += needed
        for (name, value) in states { self.states[name] = value }
        var records: [Record] = []
        for draft in drafts {
            let record = Record(sequence: nextSequence, draft: draft)
            nextSequence += 1
            lanes[draft.lane.rawValue].append(record)
            records.append(record)
        }
        return records
    }

    package func records(in lane: Lane, after sequence: Int64, limit: Int) -> [Record] {
        let all = lanes[lane.rawValue]
        guard let start = all.firstIndex(where: { $0.sequence > sequence }) else { return [] }
        return Array(all[start...].prefix(limit))
    }

    package func state(_ name: String) -> [UInt8]? { states[name] }

    package func depths() -> [Lane: Int] {
        Dictionary(uniqueKeysWithValues: Lane.allCases.map { ($0, lanes[$0.rawValue].count) })
    }

    // MARK: For ResilientOutbox

    var isEmpty: Bool { lanes.allSatisfy(\.isEmpty) && states.isEmpty }

    /// Numbers start here at the earliest from now on.
    mutating func raise(floor: Int64) { nextSequence = max(nextSequence, floor) }

    /// The oldest records of all lanes together, in order.
    func oldest(limit: Int) -> [Record] {
        Array(lanes.joined().sorted { $0.sequence < $1.sequence }.prefix(limit))
    }

    mutating func remove(_ sequences: [Int64]) {
        guard !sequences.isEmpty else { return }
        let gone = Set(sequences)
        for lane in lanes.indices {
            lanes[lane].removeAll { record in
                guard gone.contains(record.sequence) else { return false }
                bytes -= Self.cost(record.draft)
                return true
            }
        }
    }

    var allStates: [String: [UInt8]] { states }

    mutating func forgetStates() { states = [:] }

    // MARK: Space

    private mutating func makeRoom(for needed: Int) {
        for lane in [Lane.reading, .event] {
            while bytes + needed > maximumBytes, !lanes[lane.rawValue].isEmpty {
                let gone = lanes[lane.rawValue].removeFirst().draft
                bytes -= Self.cost(gone)
                if lane == .reading { droppedReadings += gone.pointCount } else { droppedEvents += 1 }
            }
        }
    }

    /// The body, and what the record itself takes.
    private static func cost(_ draft: Draft) -> Int { draft.body.count + 256 }
}
