// What the dispatcher does beside the first broker: how far each alarm has come, and the second paths.

import LocalRules

/// A call that a second path is to make now.
package struct PathCall: Sendable, Hashable {
    package var path: PathName
    package var call: AlarmCall
}

/// An alert's call for help has come further than was known.
package struct LevelChange: Sendable, Hashable {
    package var alert: String
    package var level: DeliveryLevel
}

/// Whether anybody is behind the first broker; said when it changes.
package enum CloudChange: Sendable, Hashable {
    /// The broker takes everything, and nobody has answered for this long.
    case silent(forMilliseconds: Int64)
    case answers
}

extension Dispatcher {
    // MARK: In

    /// What a second path tells. An acceptance there is an acceptance.
    package mutating func take(_ event: PathEvent, from name: PathName, at now: Int64) -> [Upcall] {
        guard let path = paths.firstIndex(where: { $0.terms.name == name }) else { return [] }
        switch event {
        case .up:
            paths[path].courier.linkUp()
            let isDone = paths[path].terms.mode == .broker
            for entry in ledger.asked where !(isDone && entry.isTakenBySecond) { ask(entry, path, at: now) }
        case .down: paths[path].courier.linkDown()
        case .taken(let record, let isRefused): taken(record, isRefused: isRefused, by: path, at: now)
        case .answered(let answer): return acknowledged(answer, via: name, at: now)
        }
        return []
    }

    /// A step of escalation: the second paths tell this alert now.
    package mutating func fallback(alert: String, at now: Int64) {
        for entry in ledger.ask(alert: alert) {
            for path in paths.indices { ask(entry, path, at: now) }
        }
    }

    /// A step of escalation: it leaves by the first broker once more.
    package mutating func resend(alert: String, at now: Int64) {
        for sequence in ledger.sequences(of: alert) {
            courier.ask(sequence, id: "", alert: alert, at: now)
        }
    }

    // MARK: Out

    /// What the second paths have to tell now, in this order. Ask after `due`.
    package mutating func dueCalls(at now: Int64) -> [PathCall] {
        guard !paths.isEmpty else { return [] }
        for entry in ledger.takeDue(at: now, downSince: downSince) {
            for path in paths.indices { ask(entry, path, at: now) }
        }
        var calls: [PathCall] = []
        for path in paths.indices {
            while let fetch = paths[path].courier.nextFetch(at: now) {
                let sequence = fetch.after + 1
                guard settled[sequence] == nil,
                    let record = outbox.records(in: .alarm, after: fetch.after, limit: 1).first,
                    record.sequence == sequence
                else {
                    paths[path].courier.exhausted(fetch)
                    continue
                }
                let isLate = paths[path].courier.isLate(record)
                paths[path].courier.sends(record, bytes: record.draft.body.count, at: now)
                ledger.reached(record.draft.id, .sent)
                calls.append(
                    PathCall(path: paths[path].terms.name, call: AlarmCall(record: record, isLate: isLate)))
            }
        }
        return calls
    }

    /// Since this was last asked.
    package mutating func takeLevels() -> [LevelChange] {
        ledger.takeChanges().map { LevelChange(alert: $0.alert, level: $0.level) }
    }

    /// Since this was last asked. Ask after `due`.
    package mutating func takeCloudChange(at now: Int64) -> CloudChange? {
        defer { answerChange = nil }
        return switch answerChange {
        case .silent(let since): .silent(forMilliseconds: now - since)
        case .answers: .answers
        case nil: nil
        }
    }

    // MARK: Asked

    /// Records are kept in memory although there should be a disk.
    package var isDegraded: Bool { outbox.isDegraded }

    /// An alarm waits that nobody is known to have heard of: no time for waiting by chance.
    package var isUrgent: Bool { ledger.isUrgent }

    /// Alarms that a second path has taken since the start.
    package var sentByFallback: Int64 { ledger.takenBySecond }

    // MARK: Parts

    private mutating func taken(_ record: String, isRefused: Bool, by path: Int, at now: Int64) {
        let outcome = paths[path].courier.pubacked(id: record, isRefused: isRefused)
        if !isRefused { ledger.takenBySecond(record) }
        // Nobody can answer, there or at the first: this is all that will ever be known.
        if courier.mode == .broker, case .settled(let lane, let sequence) = outcome {
            settle([sequence], in: lane, at: now)
        }
    }

    var pathDeadlines: [Int64?] {
        guard !paths.isEmpty else { return [] }
        return paths.map(\.courier.nextDeadline) + [ledger.nextDeadline(downSince: downSince)]
    }

    mutating func noteBrokered(_ id: String, isRefused: Bool, at now: Int64) {
        guard !isRefused, courier.mode == .application else { return }
        let alarm = ledger.entry(id)
        // One that was received is sent again only because nobody has accepted it.
        if let level = alarm?.level, level >= .received { return }
        answers.brokered(id, in: alarm == nil ? .event : .alarm, at: now)
    }

    /// An answer to one record.
    mutating func heard(_ answer: Acknowledgement) {
        if answer.level < .accepted { ledger.reached(answer.id, answer.level.delivery) }
        for path in paths.indices { _ = paths[path].courier.acknowledged(id: answer.id, level: answer.level) }
    }

    /// Nobody needs to hear of these any more.
    mutating func end(_ sequences: [Int64]) {
        for id in ledger.settled(sequences) { answers.forget(id) }
        courier.forget(sequences)
        for path in paths.indices { paths[path].courier.forget(sequences) }
    }

    private mutating func ask(_ entry: AlarmLedger.Entry, _ path: Int, at now: Int64) {
        paths[path].courier.ask(entry.sequence, id: entry.id, alert: entry.alert, at: now)
    }
}

extension AlarmLedger {
    /// The alarms of earlier runs.
    mutating func read(_ outbox: inout ResilientOutbox) {
        var after: Int64 = 0
        while true {
            let page = outbox.records(in: .alarm, after: after, limit: UpstreamLimits.searchPage)
            for record in page { stored(record, at: nil) }
            guard let last = page.last, page.count == UpstreamLimits.searchPage else { return }
            after = last.sequence
        }
    }
}

extension AcknowledgementLevel {
    var delivery: DeliveryLevel {
        switch self {
        case .received: .received
        case .displayed: .displayed
        case .accepted: .accepted
        }
    }
}
