// What the outbox thread owns: the outbox, and the courier that decides what leaves it when. Nothing here
// waits for the network: records go in, publishes come out, answers go in.
//
// The thread's loop: store what rules made; tell of link and answers; then publish `due` and sleep until
// `nextDeadline` or until something is told again.

import LocalRules

/// Something to publish, QoS 1.
package struct Outgoing: Sendable, Hashable {
    package var topic: String
    package var payload: [UInt8]
    /// To be told back with `pubacked`.
    package var recordID: String
    /// As profiles for home automation want it; the native contract retains no record.
    package var retain = false
}

/// What an answer from the cloud means for the rules.
package enum Upcall: Sendable, Hashable {
    /// Somebody has taken this alert on.
    case accepted(alert: String, by: String)
}

package struct Dispatcher: ~Copyable {
    var outbox: ResilientOutbox
    var courier: Courier
    /// Beside the first broker; none, or the second one.
    var paths: [SecondPath]
    var ledger: AlarmLedger
    var answers = AnswerWatch()
    var answerChange: AnswerWatch.Change?
    /// Since when the first broker has been away, in boot milliseconds; nil: it is there, or nobody has looked yet.
    var downSince: Int64?
    private let encoder: WireEncoder
    private let topics: HomeTopics
    private let encoding: WireEncoding
    /// nil: the native contract.
    private var profile: (any WireProfile)?
    /// Settled, and not yet removed: removal rides with the next commit, because each commit wears the card.
    private(set) var settled: [Int64: Lane] = [:]
    private var settleBy: Int64?
    private var isUp = false
    /// Acknowledgements that named nothing that waits.
    package private(set) var strayAcknowledgements: Int64 = 0
    /// Records that could not be read any more and were left out.
    package private(set) var unreadableRecords: Int64 = 0

    package init(
        outbox: consuming ResilientOutbox, topics: HomeTopics, encoding: WireEncoding, mode: AcknowledgementMode,
        secondPaths: [SecondPathTerms] = [], profile: (any WireProfile)? = nil
    ) {
        var ledger = AlarmLedger(mode: mode)
        ledger.read(&outbox)
        self.outbox = outbox
        self.ledger = ledger
        paths = secondPaths.map(SecondPath.init)
        self.topics = topics
        self.encoding = encoding
        self.profile = profile
        encoder = WireEncoder(home: topics.home)
        courier = Courier(mode: mode)
    }

    // MARK: In

    /// Keeps drafts and states together; on disk when it returns, while the disk works. `due` has them next.
    /// Throws only when memory, too, is full of alarms.
    /// - Parameter now: boot milliseconds; nil: as of the next `due`.
    package mutating func store(
        _ drafts: [Draft], states: [String: [UInt8]] = [:], at now: Int64? = nil
    ) throws(OutboxError) -> [Record] {
        let records = try outbox.commit(drafts, states: states, removing: settled.keys.sorted())
        settled = [:]
        settleBy = nil
        courier.stored(records)
        for record in records where record.draft.lane == .alarm { ledger.stored(record, at: now) }
        for path in paths.indices { paths[path].courier.stored(records) }
        return records
    }

    package mutating func linkUp(at now: Int64 = 0) {
        courier.linkUp()
        answers.linkUp(at: now)
        isUp = true
        downSince = nil
    }

    package mutating func linkDown() {
        courier.linkDown()
        answers.linkDown()
        isUp = false
    }

    /// The broker has answered the publish of this record.
    package mutating func pubacked(_ recordID: String, isRefused: Bool = false, at now: Int64) {
        if !isRefused { ledger.reached(recordID, .brokered) }
        switch courier.pubacked(id: recordID, isRefused: isRefused) {
        case .settled(let lane, let sequence): settle([sequence], in: lane, at: now)
        case .noted: noteBrokered(recordID, isRefused: isRefused, at: now)
        case .unknown: break
        }
    }

    /// The broker had nobody to give this record to, although it answered the publish.
    package mutating func unheard(_ recordID: String, at now: Int64) { courier.unheard(id: recordID, at: now) }

    /// An answer on `acks`: to a record by its id, or, accepting, to an alert by its own.
    package mutating func acknowledged(
        _ answer: Acknowledgement, via path: PathName = .broker, at now: Int64
    ) -> [Upcall] {
        if path == .broker { answers.answered(answer.id, at: now) }
        if answer.id.contains("/") { return acceptedAlert(answer, at: now) }
        heard(answer)
        switch courier.acknowledged(id: answer.id, level: answer.level) {
        case .noted: return []
        case .settled(.alarm, let sequence):
            let record = outbox.records(in: .alarm, after: sequence - 1, limit: 1).first
            settle([sequence], in: .alarm, at: now)
            return upcalls(for: record, by: answer.by)
        case .settled(let lane, let sequence):
            settle([sequence], in: lane, at: now)
            return []
        case .unknown:
            // An alarm can be accepted long after the connection on which it was sent.
            guard answer.level == .accepted, let record = alarm(answer.id) else {
                if !ledger.knows(answer.id) { strayAcknowledgements += 1 }
                return []
            }
            settle([record.sequence], in: .alarm, at: now)
            return upcalls(for: record, by: answer.by)
        }
    }

    /// Nobody is asked to accept this alert any more: it was a test.
    package mutating func withdraw(alert: String, at now: Int64) {
        settle(courier.accepted(alert: alert) + ledger.sequences(of: alert), in: .alarm, at: now)
    }

    // MARK: Out

    /// What is to be published now, in this order. Also looks after storage.
    package mutating func due(at now: Int64) -> [Outgoing] {
        outbox.tend(at: now)
        let rescued = outbox.takeRescued()
        // Memory has room for them: they were few enough to be kept.
        if !rescued.isEmpty { _ = try? store(rescued) }
        if let settleBy, now >= settleBy { removeSettled() }
        if !outbox.isDegraded { ledger.kept() }
        if !isUp { downSince = downSince ?? now }
        if let change = answers.look(at: now) { answerChange = change }
        var outgoing: [Outgoing] = []
        while let fetch = courier.nextFetch(at: now) {
            let records = outbox.records(in: fetch.lane, after: fetch.after, limit: fetch.limit)
            let wanted = records.filter { record in
                fetch.kind == .again
                    ? record.sequence == fetch.after + 1 : record.sequence < fetch.before ?? .max
            }
            for record in wanted {
                if settled[record.sequence] == nil {
                    send(record, at: now, to: &outgoing)
                } else {
                    courier.skips(record)
                }
            }
            if wanted.count < fetch.limit, let id = courier.exhausted(fetch) { answers.forget(id) }
        }
        return outgoing
    }

    /// When `due` has something to do by itself, in boot milliseconds; nil: only after something is told.
    package var nextDeadline: Int64? {
        ([courier.nextDeadline, outbox.nextTend, settleBy, answers.nextDeadline] + pathDeadlines).compactMap { $0 }
            .min()
    }

    // MARK: Asked

    package mutating func state(_ name: String) -> [UInt8]? { outbox.state(name) }

    /// Records waiting, by lane.
    package mutating func depths() -> [Lane: Int] {
        var depths = outbox.depths()
        for lane in settled.values { depths[lane] = max(0, (depths[lane] ?? 0) - 1) }
        return depths
    }

    /// The oldest calls for help that nobody has accepted.
    package mutating func waitingAlarms(most: Int) -> [Draft] {
        let page = outbox.records(in: .alarm, after: 0, limit: settled.count + most)
        return Array(page.filter { settled[$0.sequence] == nil }.map(\.draft).prefix(most))
    }

    /// No record was given this number yet.
    package var nextSequence: Int64 { outbox.nextSequence }

    /// When the oldest alarm that nobody has accepted was stored.
    package mutating func oldestUnaccepted() -> Stamp? {
        outbox.records(in: .alarm, after: 0, limit: settled.count + 1)
            .first { settled[$0.sequence] == nil }?.draft.stamp
    }

    /// Points of readings, and events, given up for want of space since the start.
    package var readingsDropped: Int64 { outbox.droppedReadings }
    package var eventsDropped: Int64 { outbox.droppedEvents }

    /// What happened to storage since this was last asked.
    package mutating func takeStorageEvents() -> [StorageEvent] { outbox.takeEvents() }

    // MARK: Parts

    private mutating func send(_ record: Record, at now: Int64, to outgoing: inout [Outgoing]) {
        do throws(WireError) {
            let message = try publication(of: record, late: courier.isLate(record))
            courier.sends(record, bytes: message.payload.count, at: now)
            if record.draft.lane == .alarm { ledger.reached(record.draft.id, .sent) }
            outgoing.append(
                Outgoing(
                    topic: message.topic, payload: message.payload, recordID: record.draft.id, retain: message.retain))
        } catch {
            unreadableRecords += 1
            courier.skips(record)
            settle([record.sequence], in: record.draft.lane, at: now)
        }
    }

    private mutating func publication(of record: Record, late: Bool) throws(WireError) -> Publication {
        if profile != nil { return try profile!.publication(of: record, late: late) }
        let payload = try encoder.payload(for: record, late: late, encoding: encoding)
        return Publication(topic: topics.named(record.draft.topic), payload: payload)
    }

    private mutating func acceptedAlert(_ answer: Acknowledgement, at now: Int64) -> [Upcall] {
        guard answer.level == .accepted else {
            ledger.reached(alert: answer.id, answer.level.delivery)
            return []
        }
        // Those that this connection has not seen, too: it may have been heard of by another path.
        withdraw(alert: answer.id, at: now)
        // Whether there is such an alert, the rules know.
        return [.accepted(alert: answer.id, by: answer.by)]
    }

    /// Everything in the alarm lane calls for help on behalf of an alert.
    private func upcalls(for record: Record?, by name: String) -> [Upcall] {
        record?.draft.alert.map { [.accepted(alert: $0, by: name)] } ?? []
    }

    private mutating func alarm(_ id: String) -> Record? {
        var after: Int64 = 0
        while true {
            let page = outbox.records(in: .alarm, after: after, limit: UpstreamLimits.searchPage)
            if let record = page.first(where: { $0.draft.id == id }) {
                return settled[record.sequence] == nil ? record : nil
            }
            guard let last = page.last, page.count == UpstreamLimits.searchPage else { return nil }
            after = last.sequence
        }
    }

    mutating func settle(_ sequences: [Int64], in lane: Lane, at now: Int64) {
        guard !sequences.isEmpty else { return }
        for sequence in sequences { settled[sequence] = lane }
        if lane == .alarm { end(sequences) }
        let isMany = settled.count >= UpstreamLimits.settleCount
        settleBy = isMany ? now : settleBy ?? now + UpstreamLimits.settleMilliseconds
    }

    private mutating func removeSettled() {
        // Cannot fail: nothing is added. If the disk cannot forget now, the outbox remembers for it.
        _ = try? outbox.commit([], states: [:], removing: settled.keys.sorted())
        settled = [:]
        settleBy = nil
    }
}
