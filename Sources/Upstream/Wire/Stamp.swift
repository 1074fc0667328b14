// When something happened, on both clocks, and how far the wall clock can be trusted.

import LocalRules

/// One moment on both clocks.
package struct Stamp: Sendable, Hashable, Codable {
    /// Unix time in milliseconds, as far as `trust` says.
    package var wallMilliseconds: Int64
    /// CLOCK_BOOTTIME in milliseconds; comparable only within one `bootID`.
    package var bootMilliseconds: Int64
    /// /proc/sys/kernel/random/boot_id
    package var bootID: String
    package var trust: ClockTrust

    package init(wallMilliseconds: Int64, bootMilliseconds: Int64, bootID: String, trust: ClockTrust) {
        self.wallMilliseconds = wallMilliseconds
        self.bootMilliseconds = bootMilliseconds
        self.bootID = bootID
        self.trust = trust
    }
}
