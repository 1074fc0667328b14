// How far each call for help has come, whichever way it went, and which of them the second paths must tell.
//
//     the second paths tell an alarm                      because
//     ─────────────────────────────────────────────────   ────────────────────────────────────────────────────────
//     at once, if the first broker has been away for 10 s nothing can be expected from it; 10 s are a reconnect
//     60 s after it was stored, not received              stalled, deaf, or a broker that throws away: the reason is all one
//     when a step of escalation says so                   nobody has accepted it
//
// A test is none of their business: whoever tries the home out does not wake the second path's people. `received` is the broker's word in `ack = "broker"`, where nobody behind it can answer. Once told, it is told again
// at the courier's pace until somebody accepts it: two who come are better than nobody. A value; Dispatcher is its shell.

import LocalRules

struct AlarmLedger: Sendable {
    struct Entry: Sendable, Hashable {
        var sequence: Int64
        var id: String
        var alert: String?
        /// Boot milliseconds; nil: before the start.
        var storedAt: Int64?
        /// nil: not on disk, as far as is known.
        var level: DeliveryLevel?
        /// Somebody tries the home out.
        var isTest = false
        /// The second paths were asked to tell it.
        var isAsked = false
        /// One of them has said that it took it.
        var isTakenBySecond = false
    }

    /// An alert's call for help has come further.
    struct Change: Hashable, Sendable {
        var alert: String
        var level: DeliveryLevel
    }

    /// From which level on the first broker has done its part.
    let isEnough: DeliveryLevel
    /// In order of sequence; the newest, if there are very many.
    private(set) var entries: [Entry] = []
    private var ids: Set<String> = []
    private var changes: [Change] = []
    /// Of alarms that were ended lately: who else accepts one is no stranger.
    private var ended: [String] = []
    private(set) var takenBySecond: Int64 = 0

    init(mode: AcknowledgementMode) { isEnough = mode == .application ? .received : .brokered }

    // MARK: What happened

    /// - Parameter now: nil: it was there at the start.
    mutating func stored(_ record: Record, at now: Int64?) {
        let draft = record.draft
        // A database that was replaced gives the same record another number.
        let known = ids.contains(draft.id) ? remove(where: { $0.id == draft.id }).first : nil
        var entry =
            known
            ?? Entry(
                sequence: 0, id: draft.id, alert: draft.alert, storedAt: now, isTest: WireEncoder.isTest(draft))
        entry.sequence = record.sequence
        if entries.count >= UpstreamLimits.trackedAlarms { forgetOne() }
        entries.append(entry)
        ids.insert(draft.id)
    }

    /// Everything is on disk.
    mutating func kept() {
        for index in entries.indices where entries[index].level == nil { raise(index, to: .stored) }
    }

    mutating func reached(_ id: String, _ level: DeliveryLevel) {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        raise(index, to: level)
    }

    mutating func reached(alert: String, _ level: DeliveryLevel) {
        for index in entries.indices where entries[index].alert == alert { raise(index, to: level) }
    }

    /// A second path has it.
    mutating func takenBySecond(_ id: String) {
        guard let index = entries.firstIndex(where: { $0.id == id }) else { return }
        if !entries[index].isTakenBySecond { takenBySecond += 1 }
        entries[index].isTakenBySecond = true
        raise(index, to: .brokered)
    }

    /// Returns their ids.
    mutating func settled(_ sequences: [Int64]) -> [String] {
        let ids = remove { sequences.contains($0.sequence) }.map(\.id)
        ended = (ended + ids).suffix(UpstreamLimits.endedAlarms)
        return ids
    }

    // MARK: Asked

    func sequences(of alert: String) -> [Int64] { entries.filter { $0.alert == alert }.map(\.sequence) }

    func entry(_ id: String) -> Entry? { ids.contains(id) ? entries.first { $0.id == id } : nil }

    /// It waits, or was ended lately.
    func knows(_ id: String) -> Bool { ids.contains(id) || ended.contains(id) }

    /// Somebody should hear of one of them as soon as may be.
    var isUrgent: Bool { entries.contains(where: isShort) }

    var asked: [Entry] { entries.filter(\.isAsked) }

    mutating func takeChanges() -> [Change] {
        defer { changes = [] }
        return changes
    }

    // MARK: Second paths

    /// A step of escalation: returns what is to be told now, again if it was told before.
    mutating func ask(alert: String) -> [Entry] {
        for index in entries.indices where entries[index].alert == alert { entries[index].isAsked = true }
        return entries.filter { $0.alert == alert }
    }

    /// What is to be told by now for other reasons, each once.
    /// - Parameter downSince: since when the first broker has been away; nil: it is there.
    mutating func takeDue(at now: Int64, downSince: Int64?) -> [Entry] {
        var due: [Entry] = []
        for index in entries.indices {
            if entries[index].storedAt == nil { entries[index].storedAt = now }
            guard let time = dueAt(entries[index], downSince: downSince), time <= now else { continue }
            entries[index].isAsked = true
            due.append(entries[index])
        }
        return due
    }

    func nextDeadline(downSince: Int64?) -> Int64? {
        entries.lazy.compactMap { dueAt($0, downSince: downSince) }.min()
    }

    private func dueAt(_ entry: Entry, downSince: Int64?) -> Int64? {
        guard !entry.isAsked, !entry.isTest, isShort(entry), let stored = entry.storedAt else { return nil }
        let byTime = stored + UpstreamLimits.unheardMilliseconds
        guard let downSince else { return byTime }
        return min(byTime, max(stored, downSince + UpstreamLimits.brokerAwayMilliseconds))
    }

    private func isShort(_ entry: Entry) -> Bool { entry.level.map { $0 < isEnough } ?? true }

    // MARK: Parts

    private mutating func raise(_ index: Int, to level: DeliveryLevel) {
        guard entries[index].level.map({ level > $0 }) ?? true else { return }
        entries[index].level = level
        if let alert = entries[index].alert { changes.append(Change(alert: alert, level: level)) }
    }

    private mutating func remove(where isWanted: (Entry) -> Bool) -> [Entry] {
        let removed = entries.filter(isWanted)
        guard !removed.isEmpty else { return [] }
        entries.removeAll(where: isWanted)
        for entry in removed { ids.remove(entry.id) }
        return removed
    }

    /// Room for one more: what somebody has received already, or else the oldest, is no longer watched. It stays stored and is
    /// sent as ever.
    private mutating func forgetOne() {
        let index = entries.firstIndex { !isShort($0) } ?? entries.startIndex
        ids.remove(entries[index].id)
        entries.remove(at: index)
    }
}
