// When something happened, on both clocks, and how far the wall clock can be trusted.

/// How the wall clock got its time. Sent with every record.
package enum ClockTrust: String, Sendable, Hashable, Codable, CaseIterable {
    case none  // never set since boot: 1970 or the build date
    case rtc  // from a battery-backed clock
    case synchronised  // the kernel's STA_UNSYNC flag is clear (adjtimex)
}

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
