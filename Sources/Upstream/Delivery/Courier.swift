// Decides which record goes out when. It holds no record, only where it is in each lane and what waits for an
// answer; Dispatcher is its shell. Times are boot milliseconds.
//
// On each connection everything unsettled is sent again from the oldest: all alarms, then all events, then all
// readings. Alarms never wait for answers; events and readings wait when too many are unanswered.

/// Who says that a record has arrived for good.
package enum AcknowledgementMode: String, Sendable, Hashable, CaseIterable {
    case application  // whoever is behind the broker answers on `acks`
    case broker  // the PUBACK is enough: nothing behind the broker can answer
}

struct Courier: Sendable {
    /// Which records the courier wants to see next.
    struct Fetch: Hashable, Sendable {
        var lane: Lane
        var after: Int64
        var limit: Int
        /// Exactly the record after `after` by number, sent before; otherwise whatever comes next.
        var isRepeat: Bool
    }

    /// A record that was sent on this connection and is not settled.
    private struct Sent: Sendable {
        var sequence: Int64
        var id: String
        var alert: String?
        var sends: Int
        var sentAt: Int64
        /// When it is sent again; not while it is in flight.
        var dueAt: Int64
        var isInFlight: Bool
        /// Somebody has said that the alarm arrived, although nobody has taken it on.
        var isReceived: Bool
    }

    private struct LaneState: Sendable {
        /// Everything up to here was sent on this connection.
        var cursor: Int64 = 0
        var mayHaveMore = false
        /// In order of sequence.
        var sent: [Sent] = []
    }

    let mode: AcknowledgementMode
    private(set) var isUp = false
    private var lanes = Lane.allCases.map { _ in LaneState() }
    /// Records from this one on were stored while the present connection was up; nil: none yet.
    private var firstLive: Int64?

    init(mode: AcknowledgementMode) { self.mode = mode }

    // MARK: What happened

    /// A connection is up: everything that is stored now is history and has to be sent on it.
    mutating func linkUp() {
        isUp = true
        firstLive = nil
        for lane in lanes.indices { lanes[lane] = LaneState(mayHaveMore: true) }
    }

    mutating func linkDown() {
        isUp = false
        for lane in lanes.indices { lanes[lane] = LaneState() }
    }

    mutating func stored(_ records: [Record]) {
        guard isUp else { return }
        for record in records {
            firstLive = firstLive ?? record.sequence
            lanes[record.draft.lane.rawValue].mayHaveMore = true
        }
    }

    /// The record goes out now. Returns whether it is late: stored before this connection came up.
    mutating func sends(_ record: Record, at now: Int64) -> Bool {
        let lane = record.draft.lane
        if let index = lanes[lane.rawValue].sent.firstIndex(where: { $0.sequence == record.sequence }) {
            var sent = lanes[lane.rawValue].sent[index]
            sent.sends += 1
            sent.sentAt = now
            sent.isInFlight = true
            sent.dueAt = now + Self.wait(lane, sends: sent.sends, isReceived: sent.isReceived)
            lanes[lane.rawValue].sent[index] = sent
        } else {
            if lane == .alarm { forgetOne(lane) }
            lanes[lane.rawValue].cursor = record.sequence
            lanes[lane.rawValue].sent.append(
                Sent(
                    sequence: record.sequence, id: record.draft.id, alert: record.draft.alert, sends: 1, sentAt: now,
                    dueAt: now + Self.wait(lane, sends: 1, isReceived: false), isInFlight: true, isReceived: false))
        }
        return firstLive.map { record.sequence < $0 } ?? true
    }

    /// A fetch found nothing (more): the end of the lane, or a record that was given up meanwhile.
    mutating func exhausted(_ fetch: Fetch) {
        if fetch.isRepeat {
            lanes[fetch.lane.rawValue].sent.removeAll { $0.sequence == fetch.after + 1 }
        } else {
            lanes[fetch.lane.rawValue].mayHaveMore = false
        }
    }

    /// A record is not sent at all (it cannot be read): go on behind it.
    mutating func skips(_ record: Record) {
        let lane = record.draft.lane.rawValue
        lanes[lane].cursor = max(lanes[lane].cursor, record.sequence)
        lanes[lane].sent.removeAll { $0.sequence == record.sequence }
    }

    /// What an answer did.
    enum Outcome: Hashable, Sendable {
        case settled(Lane, Int64)
        case noted  // heard; the record stays
        case unknown  // nothing that was sent on this connection
    }

    /// The broker has answered the publish: it has the record, or it refuses it (no right, a quota), which
    /// is tried again like an answer that does not come.
    mutating func pubacked(id: String, isRefused: Bool) -> Outcome {
        guard let (lane, index) = find(id: id) else { return .unknown }
        if mode == .broker, !isRefused {
            return .settled(Lane.allCases[lane], lanes[lane].sent.remove(at: index).sequence)
        }
        lanes[lane].sent[index].isInFlight = false
        return .noted
    }

    /// Somebody behind the broker answers a record.
    mutating func acknowledged(id: String, level: AcknowledgementLevel) -> Outcome {
        guard let (lane, index) = find(id: id) else { return .unknown }
        if lane != Lane.alarm.rawValue || level == .accepted {
            return .settled(Lane.allCases[lane], lanes[lane].sent.remove(at: index).sequence)
        }
        // It has arrived: no more need for haste, but a person still has to take it on.
        let slowest = UpstreamLimits.alarmResendMilliseconds.last ?? 0
        lanes[lane].sent[index].isReceived = true
        lanes[lane].sent[index].dueAt = lanes[lane].sent[index].sentAt + slowest
        return .noted
    }

    /// Somebody takes on an alert as a whole: settles its steps that were sent. Returns their sequences.
    mutating func accepted(alert: String) -> [Int64] {
        let alarm = Lane.alarm.rawValue
        let settled = lanes[alarm].sent.filter { $0.alert == alert }.map(\.sequence)
        lanes[alarm].sent.removeAll { $0.alert == alert }
        return settled
    }

    // MARK: What to do

    /// What to send next; nil: nothing now. Ask again after `sends`, `skips` or `exhausted`.
    func nextFetch(at now: Int64) -> Fetch? {
        let room = UpstreamLimits.inFlight - inFlight
        guard isUp, room > 0 else { return nil }
        for lane in Lane.allCases {
            let state = lanes[lane.rawValue]
            let window = lane == .alarm ? room : min(room, UpstreamLimits.window - state.sent.count)
            if state.mayHaveMore, window > 0 {
                return Fetch(lane: lane, after: state.cursor, limit: window, isRepeat: false)
            }
            if let due = state.sent.first(where: { !$0.isInFlight && $0.dueAt <= now }) {
                return Fetch(lane: lane, after: due.sequence - 1, limit: 1, isRepeat: true)
            }
        }
        return nil
    }

    /// When `nextFetch` will say something else; nil: only after something happens.
    var nextDeadline: Int64? {
        guard isUp, inFlight < UpstreamLimits.inFlight else { return nil }
        return lanes.lazy.flatMap(\.sent).filter { !$0.isInFlight }.map(\.dueAt).min()
    }

    // MARK: Parts

    private var inFlight: Int {
        lanes.reduce(0) { total, lane in total + lane.sent.count(where: \.isInFlight) }
    }

    private func find(id: String) -> (lane: Int, index: Int)? {
        for lane in lanes.indices {
            if let index = lanes[lane].sent.firstIndex(where: { $0.id == id }) { return (lane, index) }
        }
        return nil
    }

    /// Makes room for one more: the one that is due last waits for the next connection.
    private mutating func forgetOne(_ lane: Lane) {
        let sent = lanes[lane.rawValue].sent
        guard sent.count >= UpstreamLimits.trackedAlarms else { return }
        let last = sent.indices.filter { !sent[$0].isInFlight }.max { sent[$0].dueAt < sent[$1].dueAt }
        if let last { lanes[lane.rawValue].sent.remove(at: last) }
    }

    /// From a send to the next one.
    private static func wait(_ lane: Lane, sends: Int, isReceived: Bool) -> Int64 {
        guard lane == .alarm else {
            let limits = UpstreamLimits.resendMilliseconds
            return min(limits.lowerBound << Int64(min(sends - 1, 16)), limits.upperBound)
        }
        let steps = UpstreamLimits.alarmResendMilliseconds
        return isReceived ? steps[steps.count - 1] : steps[min(sends - 1, steps.count - 1)]
    }
}
