// The time of day in the home, made from the timeline: wall = instant + offset, local = wall + the zone's offset.

/// How the wall clock got its time. Sent with every record.
package enum ClockTrust: String, Sendable, Hashable, Codable, CaseIterable {
    case none  // never set since boot: 1970 or the build date
    case rtc  // from a battery-backed clock
    case synchronised  // the kernel's STA_UNSYNC flag is clear (adjtimex)
}

/// The wall clock as the rules see it: how it stands to the timeline, which never jumps.
struct HomeClock: Hashable, Sendable {
    var zone: ZoneTable
    /// Wall clock minus timeline. Zero until somebody says otherwise: the timeline begins as Unix time.
    var offset = Span.zero
    var trust = ClockTrust.synchronised

    /// Whether rules may act on the time of day. A battery-backed clock is off by seconds a week: good enough.
    var isTrusted: Bool { trust != .none }

    /// What the home's clocks show, in milliseconds as if it were UTC.
    func local(_ instant: Instant) -> Int64 {
        let wall = (instant + offset).milliseconds
        return wall.clampedSum(zone.offset(at: wall))
    }

    /// The first moment at which they show `local` or later.
    func instant(showing local: Int64) -> Instant {
        Instant(milliseconds: zone.firstMoment(showing: local)) - offset
    }
}
