// Who has a bus: its meters, or an installer who scans, for a while. Pure; BusLoop acts.

import Drivers

/// A port is lent whole, for a minute at most, and only when everything that was due has been asked: so supervision
/// never lapses, however long somebody scans.
struct BusLoan: Sendable {
    /// Longer than a scan's walk of 45 s, far shorter than the shortest time after which a meter counts as silent
    /// by default (5 minutes).
    static let longestMilliseconds: Int64 = 60_000
    /// On a bus that is never idle an installer would wait for ever; after this long he goes first.
    static let patienceMilliseconds: Int64 = 15_000

    enum Turn: Equatable, Sendable {
        case poll
        /// The port is somebody else's, for so long at most.
        case keepAway(milliseconds: Int64)
        /// From now on it is.
        case lend(to: Int)
    }

    private var borrower: (id: Int, until: BootTime)?
    private var waiting: (id: Int, since: BootTime)?

    var isLent: Bool { borrower != nil }
    /// Somebody waits for it: look again as soon as something has been polled.
    var isWanted: Bool { waiting != nil }

    /// Wants the port; false: somebody else has it or waits for it.
    mutating func ask(_ id: Int, now: BootTime) -> Bool {
        guard borrower == nil, waiting == nil else { return false }
        waiting = (id, now)
        return true
    }

    /// Does not want it any more.
    mutating func end(_ id: Int) {
        if borrower?.id == id { borrower = nil }
        if waiting?.id == id { waiting = nil }
    }

    /// What to do next. `isIdle`: no meter is due.
    mutating func turn(isIdle: Bool, now: BootTime) -> Turn {
        if let borrower {
            if now < borrower.until {
                return .keepAway(milliseconds: BootTime.milliseconds(from: now, to: borrower.until) + 1)
            }
            self.borrower = nil
        }
        if let waiting,
            isIdle || BootTime.milliseconds(from: waiting.since, to: now) >= BusLoan.patienceMilliseconds
        {
            self.waiting = nil
            borrower = (waiting.id, now.advanced(milliseconds: BusLoan.longestMilliseconds))
            return .lend(to: waiting.id)
        }
        return .poll
    }
}
