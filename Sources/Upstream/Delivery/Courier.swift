// Decides which record goes out when. It holds no record, only where it is in each lane and what waits for an
// answer; Dispatcher is its shell. Times are boot milliseconds.
//
// On each connection everything unsettled is sent again: all alarms, then all events, then all readings; in each lane
// what is new first, then what is late, from the oldest. A new alarm waits for nothing but what is already on its way,
// and of everything else only little may be: on a link of 1 kB/s it is out within seconds. Events and readings wait
// when too many are unanswered, and late ones leave no faster than a whole town's hubs may together.

/// Who says that a record has arrived for good.
package enum AcknowledgementMode: String, Sendable, Hashable, CaseIterable {
    case application  // whoever is behind the broker answers on `acks`
    case broker  // the PUBACK is enough: nothing behind the broker can answer
}

struct Courier: Sendable {
    /// Which records the courier wants to see next.
    struct Fetch: Hashable, Sendable {
        enum Kind: Hashable, Sendable {
            case live  // stored while this connection was up
            case late
            case again  // exactly the record after `after` by number, sent before
        }
        var kind: Kind
        var lane: Lane
        var after: Int64
        /// Only numbers below this one; nil: all.
        var before: Int64?
        var limit: Int
    }

    /// A record that was sent on this connection and is not settled.
    private struct Sent: Sendable {
        var sequence: Int64
        var id: String
        var alert: String?
        var sends: Int
        /// Of the last payload.
        var bytes: Int
        var sentAt: Int64
        /// When it is sent again; not while it is in flight.
        var dueAt: Int64
        var isInFlight: Bool
        /// Somebody has said that the alarm arrived, although nobody has taken it on.
        var isReceived: Bool
    }

    /// How far one of a lane's two passes has come.
    private struct Pass: Sendable {
        /// Everything up to here was sent on this connection.
        var cursor: Int64 = 0
        var mayHaveMore = false
    }

    private struct LaneState: Sendable {
        var late = Pass()
        var live = Pass()
        /// In order of sequence.
        var sent: [Sent] = []
    }

    let mode: AcknowledgementMode
    /// Of a second path: nothing leaves but alarms that it was asked for.
    private let sendsOnlyAsked: Bool
    private(set) var isUp = false
    private var lanes = Lane.allCases.map { _ in LaneState() }
    /// Records from this one on were stored while the present connection was up; nil: none yet.
    private var firstLive: Int64?
    /// Until when the late events and readings that were sent would have taken at the greatest rate.
    private var lateUntil: Int64 = 0

    init(mode: AcknowledgementMode, sendsOnlyAsked: Bool = false) {
        self.mode = mode
        self.sendsOnlyAsked = sendsOnlyAsked
    }

    // MARK: What happened

    /// A connection is up: everything that is stored now is history and has to be sent on it.
    mutating func linkUp() {
        isUp = true
        firstLive = nil
        for lane in lanes.indices { lanes[lane] = LaneState(late: Pass(mayHaveMore: !sendsOnlyAsked)) }
    }

    mutating func linkDown() {
        isUp = false
        for lane in lanes.indices { lanes[lane] = LaneState() }
    }

    mutating func stored(_ records: [Record]) {
        guard isUp else { return }
        for record in records {
            firstLive = firstLive ?? record.sequence
            if sendsOnlyAsked { continue }
            let lane = record.draft.lane.rawValue
            lanes[lane].live.cursor = max(lanes[lane].live.cursor, (firstLive ?? 1) - 1)
            lanes[lane].live.mayHaveMore = true
        }
    }

    /// Sends this alarm now, and from now on at the pace of a new one; nothing while the link is down.
    mutating func ask(_ sequence: Int64, id: String, alert: String?, at now: Int64) {
        guard isUp else { return }
        let alarm = Lane.alarm.rawValue
        if let index = lanes[alarm].sent.firstIndex(where: { $0.sequence == sequence }) {
            lanes[alarm].sent[index].sends = 0
            lanes[alarm].sent[index].dueAt = now
        } else if sendsOnlyAsked {
            let place = lanes[alarm].sent.firstIndex { $0.sequence > sequence } ?? lanes[alarm].sent.endIndex
            lanes[alarm].sent.insert(
                Sent(
                    sequence: sequence, id: id, alert: alert, sends: 0, bytes: 0, sentAt: now, dueAt: now,
                    isInFlight: false, isReceived: false),
                at: place)
        }
    }

    /// Nothing more of these is wanted.
    mutating func forget(_ sequences: [Int64]) {
        lanes[Lane.alarm.rawValue].sent.removeAll { sequences.contains($0.sequence) }
    }

    /// Stored before this connection came up.
    func isLate(_ record: Record) -> Bool { firstLive.map { record.sequence < $0 } ?? true }

    /// The record goes out now, in a payload of so many bytes.
    mutating func sends(_ record: Record, bytes: Int, at now: Int64) {
        let lane = record.draft.lane
        if lane != .alarm, isLate(record) {
            lateUntil = max(lateUntil, now) + Int64(bytes) * 1000 / UpstreamLimits.lateBytesPerSecond
        }
        if let index = lanes[lane.rawValue].sent.firstIndex(where: { $0.sequence == record.sequence }) {
            var sent = lanes[lane.rawValue].sent[index]
            sent.sends += 1
            // Thinning may have put another one in its place.
            sent.id = record.draft.id
            sent.bytes = bytes
            sent.sentAt = now
            sent.isInFlight = true
            sent.dueAt = now + Self.wait(lane, sends: sent.sends, isReceived: sent.isReceived)
            lanes[lane.rawValue].sent[index] = sent
        } else {
            if lane == .alarm { forgetOne(lane) }
            passes(record)
            lanes[lane.rawValue].sent.append(
                Sent(
                    sequence: record.sequence, id: record.draft.id, alert: record.draft.alert, sends: 1, bytes: bytes,
                    sentAt: now, dueAt: now + Self.wait(lane, sends: 1, isReceived: false), isInFlight: true,
                    isReceived: false))
        }
    }

    private mutating func passes(_ record: Record) {
        let lane = record.draft.lane.rawValue
        if isLate(record) {
            lanes[lane].late.cursor = max(lanes[lane].late.cursor, record.sequence)
        } else {
            lanes[lane].live.cursor = max(lanes[lane].live.cursor, record.sequence)
        }
    }

    /// A fetch found nothing (more): the end of the lane, or a record that was given up meanwhile.
    /// Returns the id of that record.
    @discardableResult mutating func exhausted(_ fetch: Fetch) -> String? {
        switch fetch.kind {
        case .again:
            let lane = fetch.lane.rawValue
            guard let index = lanes[lane].sent.firstIndex(where: { $0.sequence == fetch.after + 1 }) else { break }
            return lanes[lane].sent.remove(at: index).id
        case .live: lanes[fetch.lane.rawValue].live.mayHaveMore = false
        case .late: lanes[fetch.lane.rawValue].late.mayHaveMore = false
        }
        return nil
    }

    /// A record is not sent at all (it cannot be read): go on behind it.
    mutating func skips(_ record: Record) {
        passes(record)
        lanes[record.draft.lane.rawValue].sent.removeAll { $0.sequence == record.sequence }
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

    /// The broker has nobody to give the record to. An alarm is tried again soon, for a while.
    mutating func unheard(id: String, at now: Int64) {
        guard let (lane, index) = find(id: id), lane == Lane.alarm.rawValue else { return }
        let sent = lanes[lane].sent[index]
        guard !sent.isInFlight, sent.sends <= UpstreamLimits.noSubscriberResends else { return }
        lanes[lane].sent[index].dueAt = min(sent.dueAt, now + UpstreamLimits.noSubscriberMilliseconds)
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
        // Whatever is on its way, a new alarm would have to wait for.
        let isFree = bytesInFlight < UpstreamLimits.bytesInFlight
        for lane in Lane.allCases {
            let state = lanes[lane.rawValue]
            if state.live.mayHaveMore, lane == .alarm || (isFree && hasWindow(lane)) {
                let limit = lane == .alarm ? room : 1
                return Fetch(kind: .live, lane: lane, after: state.live.cursor, before: nil, limit: limit)
            }
            guard isFree else { continue }
            if state.late.mayHaveMore, hasWindow(lane), lane == .alarm || now >= lateFrom {
                return Fetch(kind: .late, lane: lane, after: state.late.cursor, before: firstLive, limit: 1)
            }
            if let due = state.sent.first(where: { !$0.isInFlight && $0.dueAt <= now }) {
                return Fetch(kind: .again, lane: lane, after: due.sequence - 1, before: nil, limit: 1)
            }
        }
        return nil
    }

    /// When `nextFetch` will say something else; nil: only after something happens.
    var nextDeadline: Int64? {
        guard isUp, inFlight < UpstreamLimits.inFlight, bytesInFlight < UpstreamLimits.bytesInFlight else { return nil }
        let again = lanes.lazy.flatMap(\.sent).filter { !$0.isInFlight }.map(\.dueAt).min()
        let isHeldBack = [Lane.event, .reading].contains { lanes[$0.rawValue].late.mayHaveMore && hasWindow($0) }
        return [again, isHeldBack ? lateFrom : nil].compactMap { $0 }.min()
    }

    // MARK: Parts

    /// When the next late event or reading may leave: a second's worth may leave at once.
    private var lateFrom: Int64 { lateUntil - 1000 }

    /// Not too many of the lane are unanswered. Alarms never wait for answers.
    private func hasWindow(_ lane: Lane) -> Bool {
        lane == .alarm || lanes[lane.rawValue].sent.count < UpstreamLimits.window
    }

    private var bytesInFlight: Int {
        lanes.reduce(0) { $0 + $1.sent.reduce(0) { $0 + ($1.isInFlight ? $1.bytes : 0) } }
    }

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
