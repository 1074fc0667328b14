// The time zone of a home as a plain table: whoever knows the zone's rules (EdgeAgent: the C library's zone data)
// writes down its changes for as many years as matter. New zone data or another zone is just another table.

/// Which offset from UTC holds when. Times are Unix milliseconds, offsets milliseconds east of UTC.
package struct ZoneTable: Hashable, Sendable {
    package struct Change: Hashable, Sendable {
        /// From this moment on …
        package var at: Int64
        /// … this holds.
        package var offset: Int64

        package init(at: Int64, offset: Int64) {
            self.at = at
            self.offset = offset
        }
    }

    /// Before the first change.
    private let first: Int64
    private let changes: [Change]

    /// - Parameter changes: in any order.
    package init(first: Int64, changes: [Change] = []) {
        self.first = first
        self.changes = changes.sorted { $0.at < $1.at }
    }

    package static let utc = ZoneTable(first: 0)

    package func offset(at unix: Int64) -> Int64 {
        let count = countOfChanges(upTo: unix)
        return count == 0 ? first : changes[count - 1].offset
    }

    /// The first moment at which clocks of this zone show `local` (as if it were UTC) or later. Of an hour that
    /// happens twice that is its first pass; of one that is skipped, the moment of the skip.
    func firstMoment(showing local: Int64) -> Int64 {
        // No zone is further from UTC than this, so nothing before can have shown it.
        var index = countOfChanges(upTo: local.clampedDifference(26 * 3_600_000))
        while true {
            let start = index == 0 ? Int64.min : changes[index - 1].at
            let offset = index == 0 ? first : changes[index - 1].offset
            let moment = max(start, local.clampedDifference(offset))
            if index == changes.count || moment < changes[index].at { return moment }
            index += 1
        }
    }

    /// How many changes have happened at `unix`: binary search, because it is asked for every sign of life.
    private func countOfChanges(upTo unix: Int64) -> Int {
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].at <= unix { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
