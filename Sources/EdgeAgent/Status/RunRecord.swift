// How often the agent has started, and why the run before this one ended. Kept in the database: what lies beside the
// control socket (`CrashHistory`) does not survive a power cut, which is what this tells apart.

/// What is kept of the run that is under way.
struct RunRecord: Codable, Equatable {
    /// The outbox's state with this content.
    static let state = "run"

    /// Starts on this storage, this one included.
    var starts: Int64
    var bootID: String
    /// It ended as asked.
    var isOver = false

    /// What birth and last will say of this start.
    struct Start: Equatable, Sendable {
        /// 0: not known.
        var starts: Int64 = 0
        /// `stopped`, `power`, `crashed` or `watchdog`; empty: not known, or there was no run before.
        var lastEnd = ""
    }

    /// A run begins after `before` (nil: none that is known of).
    /// - Parameter wasHung: the watchdog had asked for the end of the run before.
    static func begin(after before: RunRecord?, bootID: String, wasHung: Bool) -> (record: RunRecord, start: Start) {
        let record = RunRecord(starts: (before?.starts ?? 0) + 1, bootID: bootID)
        guard let before else { return (record, Start(starts: record.starts)) }
        let lastEnd =
            if before.isOver { "stopped" } else if before.bootID != bootID { "power" } else if wasHung {
                "watchdog"
            } else {
                "crashed"
            }
        return (record, Start(starts: record.starts, lastEnd: lastEnd))
    }
}
