// The outbox that the agent uses: on disk while the disk works, in memory while it does not, and back on disk,
// in order, as soon as it does again. It never fails because of the disk; it tells instead.

/// What happened to storage; each said once when it begins and once when it ends.
package enum StorageEvent: Sendable, Hashable {
    /// The disk cannot be used: what comes from now on is kept in memory and lost in a power cut.
    case began(OutboxError)
    /// Everything is on disk again.
    case ended(message: String)
    /// A damaged database was set aside and a fresh one is in use: say so upstream.
    case replaced(OutboxError)
    /// The disk works, but the space that alarms will need could not be set aside on it.
    case unreserved(OutboxError)
    /// Now it could.
    case reserved
}

package struct ResilientOutbox: ~Copyable, Outbox {
    /// Never changes; `var` because Swift 6.2 lets no mutating method run in `init` of a type with a `let`.
    private var directory: String?
    private var floor: Int64
    private var quotas: SQLiteOutbox.Quotas
    private(set) var disk: SQLiteOutbox?
    private var memory: MemoryOutbox
    /// True while new records go to memory although there should be a disk.
    package private(set) var isDegraded = false
    /// Settled records that the disk could not yet forget.
    private var settled: Set<Int64> = []
    private var events: [StorageEvent] = []
    /// When the disk is tried again; nil: set by the next `tend`, or nothing to try.
    private var retryAt: Int64?
    private var rescued: [Draft] = []
    /// When it is looked at whether the file is still there.
    private var checkFileAt: Int64?
    /// The space that alarms will need is not set aside; when that is tried again.
    private var isUnreserved = false
    private var reserveAt: Int64?
    /// Of databases that are no longer open.
    private var droppedBefore: (readings: Int64, events: Int64) = (0, 0)

    /// - Parameters:
    ///   - directory: an existing folder; nil: memory only (a simulation), which is no fault.
    ///   - floor: sequences start here at the earliest; Unix milliseconds now.
    ///   - quotas: how much readings and events may take on disk.
    package init(directory: String?, floor: Int64, quotas: SQLiteOutbox.Quotas = .init()) {
        self.quotas = quotas
        self.directory = directory
        self.floor = floor
        disk = nil
        memory = MemoryOutbox(floor: floor)
        guard directory != nil else { return }
        do throws(OutboxError) {
            try open()
        } catch {
            degrade(error)
        }
    }

    // MARK: Outbox

    package mutating func commit(
        _ drafts: [Draft], states: [String: [UInt8]], removing sequences: [Int64]
    ) throws(OutboxError) -> [Record] {
        if disk != nil, !isDegraded {
            do throws(OutboxError) {
                return try disk!.commit(drafts, states: states, removing: sequences)
            } catch {
                failed(error)
            }
            // A damaged database has been replaced: the fresh one can take it.
            if !isDegraded {
                do throws(OutboxError) {
                    return try disk!.commit(drafts, states: states, removing: sequences)
                } catch {
                    degrade(error)
                }
            }
        }
        let records = try memory.commit(drafts, states: states, removing: sequences)
        if disk != nil { settled.formUnion(sequences) }
        return records
    }

    package mutating func records(in lane: Lane, after sequence: Int64, limit: Int) -> [Record] {
        var found: [Record] = []
        var last = sequence
        while disk != nil, found.count < limit {
            let wanted = limit - found.count
            var page: [Record] = []
            do throws(OutboxError) {
                page = try disk!.records(in: lane, after: last, limit: wanted)
            } catch {
                if !isDegraded { failed(error) }
            }
            found += page.filter { !settled.contains($0.sequence) }
            last = page.last?.sequence ?? last
            if page.count < wanted { break }
        }
        return found + memory.records(in: lane, after: sequence, limit: limit - found.count)
    }

    package mutating func state(_ name: String) -> [UInt8]? {
        if let value = memory.state(name) { return value }
        guard disk != nil else { return nil }
        do throws(OutboxError) {
            return try disk!.state(name)
        } catch {
            if !isDegraded { failed(error) }
            return nil
        }
    }

    package mutating func depths() -> [Lane: Int] {
        var depths = memory.depths()
        guard disk != nil, let onDisk = try? disk!.depths() else { return depths }
        for (lane, count) in onDisk { depths[lane, default: 0] += count }
        return depths
    }

    package var droppedReadings: Int64 { droppedBefore.readings + memory.droppedReadings + droppedOnDisk.readings }

    package var droppedEvents: Int64 { droppedBefore.events + memory.droppedEvents + droppedOnDisk.events }

    private var droppedOnDisk: (readings: Int64, events: Int64) {
        switch disk {
        case .some(let disk): (disk.droppedReadings, disk.droppedEvents)
        case .none: (0, 0)
        }
    }

    // MARK: Tending

    /// Tries the disk again when it is time to; call it often, it is free otherwise. `now` in boot milliseconds.
    package mutating func tend(at now: Int64) {
        guard isDegraded else { return lookAfterFile(at: now) }
        guard let due = retryAt else {
            retryAt = now + UpstreamLimits.diskRetryMilliseconds
            return
        }
        guard now >= due else { return }
        retryAt = now + UpstreamLimits.diskRetryMilliseconds
        do throws(OutboxError) {
            if disk == nil { try open() }
            try moveToDisk()
            isDegraded = false
            retryAt = nil
            events.append(.ended(message: "storage works again: everything is on disk"))
        } catch {
            // It was said when it began. A database found damaged now is replaced at the next try.
            if error.kind == .damaged { close() }
        }
    }

    /// When `tend` has something to do; nil: nothing is wrong, or it has not been told the time since.
    package var nextTend: Int64? { isDegraded ? retryAt : nil }

    /// What happened since this was last asked.
    package mutating func takeEvents() -> [StorageEvent] {
        defer { events = [] }
        return events
    }

    /// What a database still held when its file was taken away: to be stored again, with new numbers.
    package mutating func takeRescued() -> [Draft] {
        defer { rescued = [] }
        return rescued
    }

    // MARK: Disk

    /// A file that somebody deleted takes every commit without a word, and is gone with the next restart. What it
    /// holds can still be read through our connection: calls for help and events move to a fresh file.
    private mutating func lookAfterFile(at now: Int64) {
        guard let due = checkFileAt, now >= due else {
            checkFileAt = checkFileAt ?? now + UpstreamLimits.diskRetryMilliseconds
            return
        }
        checkFileAt = now + UpstreamLimits.diskRetryMilliseconds
        guard case .some(let taken) = disk?.whyTaken ?? nil else { return reserveAgain(at: now) }
        for lane in [Lane.alarm, .event] {
            rescued += records(in: lane, after: 0, limit: UpstreamLimits.trackedAlarms).map(\.draft)
        }
        failed(taken)
        if !isDegraded { events.append(.replaced(taken)) }
    }

    /// A disk that was full may have been cleared. Space is set aside while the file is closed.
    private mutating func reserveAgain(at now: Int64) {
        guard isUnreserved else { return }
        guard let due = reserveAt, now >= due else {
            reserveAt = reserveAt ?? now + UpstreamLimits.reserveRetryMilliseconds
            return
        }
        reserveAt = now + UpstreamLimits.reserveRetryMilliseconds
        close()
        do throws(OutboxError) {
            try open()
        } catch {
            degrade(error)
        }
    }

    private mutating func open() throws(OutboxError) {
        guard let directory else { return }
        let opened = try SQLiteOutbox(directory: directory, floor: floor, quotas: quotas)
        if let replaced = opened.replaced { events.append(.replaced(replaced)) }
        switch opened.unreserved {
        case .some(let error): if !isUnreserved { events.append(.unreserved(error)) }
        case .none: if isUnreserved { events.append(.reserved) }
        }
        isUnreserved = opened.unreserved != nil
        disk = consume opened
    }

    private mutating func close() {
        switch disk {
        case .some(let disk):
            floor = max(floor, disk.sequenceFloor)
            droppedBefore.readings += disk.droppedReadings
            droppedBefore.events += disk.droppedEvents
        case .none: return
        }
        memory.raise(floor: floor)
        disk = nil
    }

    /// A damaged database is replaced at once; anything else is waited for.
    private mutating func failed(_ error: OutboxError) {
        guard error.kind == .damaged else { return degrade(error) }
        close()
        do throws(OutboxError) {
            try open()
        } catch {
            degrade(error)
        }
    }

    private mutating func degrade(_ error: OutboxError) {
        memory.raise(floor: nextOnDisk)
        isDegraded = true
        retryAt = nil
        events.append(.began(error))
    }

    /// No record on disk was given this number yet.
    var nextSequence: Int64 { nextOnDisk }

    private var nextOnDisk: Int64 {
        switch disk {
        case .some(let disk): disk.sequenceFloor
        case .none: floor
        }
    }

    private mutating func moveToDisk() throws(OutboxError) {
        guard disk != nil else { return }
        while !memory.isEmpty {
            let batch = memory.oldest(limit: UpstreamLimits.adoptBatch)
            try disk!.adopt(batch, states: memory.allStates)
            memory.remove(batch.map(\.sequence))
            memory.forgetStates()
        }
        _ = try disk!.commit([], states: [:], removing: Array(settled))
        settled = []
        memory.raise(floor: nextOnDisk)
    }
}
