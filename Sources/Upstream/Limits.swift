// Every limit of this module, once, with its reason.

package enum UpstreamLimits {
    // MARK: Storage

    /// Space for readings. A minute's batch is under 1 kB, so this is over a month without the cloud.
    static let readingsQuotaBytes: Int64 = 32 << 20
    /// Batches that are thinned in one go when readings are over their quota: a few milliseconds' work.
    static let thinningBlock = 512
    /// What alarms and events have beyond the readings' quota, for about 40,000 alarms.
    static let reservedBytes: Int64 = 16 << 20
    /// Small pages: a commit rewrites whole pages, and the day's budget is 20 MB of device writes. A batch
    /// of readings a minute with its removal and a 1.5 kB state: 23 MB a day at 4096, 12 MB at 1024.
    static let pageBytes: Int64 = 1024
    /// Page cache in kB: a few hundred pages, against the 20 MB of the whole agent.
    static let cacheKilobytes = 256
    /// The log is copied back at this many pages (1 MB): rarely enough to merge many commits into one page.
    static let checkpointPages = 1000
    /// Sequence numbers are reserved in blocks, so that most commits need not write the counter's page.
    static let sequenceBlock: Int64 = 1000
    /// Damaged databases kept for whoever wants to look; older ones are deleted.
    static let damagedKept = 3
    /// Records kept in memory while there is no working disk. The whole agent has 20 MB.
    static let memoryBytes = 2 << 20
    /// How often a disk that failed is tried again: an alarm must not stay in memory for long.
    static let diskRetryMilliseconds: Int64 = 10_000
    /// Settled records leave the disk together with the next commit, or on their own after this long.
    /// Lost in a power cut, it costs a second delivery of what the cloud already knows.
    static let settleMilliseconds: Int64 = 60_000
    /// ... or when there are this many: a backlog that is being answered.
    static let settleCount = 256
    /// Records moved from memory to disk in one transaction.
    static let adoptBatch = 256

    // MARK: Delivery

    /// Published and not yet acknowledged by the broker: enough for throughput, little to repeat.
    static let inFlight = 10
    /// Unaccepted alarms whose resend times are kept; beyond, the one that is due last waits for the
    /// next connection. Alarms never wait for one another.
    static let trackedAlarms = 2048
    /// Events, and batches of readings, that may wait for the application: back-pressure for a slow cloud.
    static let window = 128
    /// Resend of an unaccepted alarm, counted from the send before; the last one repeats.
    static let alarmResendMilliseconds: [Int64] = [5000, 10_000, 30_000, 60_000]
    /// Resend of an event or a batch of readings doubles from the first to the second.
    static let resendMilliseconds: ClosedRange<Int64> = 60_000...3_600_000
    /// Alarm records read in one go while looking for one by its id.
    static let searchPage = 64

    // MARK: Link

    static let keepAliveSeconds: Int32 = 30
    /// From opening the socket to the broker's CONNACK, TLS included. Slow mobile links need seconds.
    static let connectMilliseconds: Int64 = 15_000
    /// A broker that leaves a publish unanswered for this long is given up, and the next connection tried.
    static let answerMilliseconds: Int64 = 30_000
    /// A farewell takes at most this long: the service has 2 s to stop.
    static let farewellMilliseconds: Int64 = 800
    /// The largest payload sent. A minute of a large home's readings is a few kilobytes.
    static let payloadBytes = 256 << 10
    /// The largest payload taken in: acknowledgements and commands are small.
    static let incomingBytes = 64 << 10
    /// Reconnecting: full jitter between zero and a bound that doubles within this range.
    static let backoffMilliseconds: ClosedRange<Int64> = 1000...60_000
    /// A connection that lasted this long starts the back-off afresh.
    static let stableMilliseconds: Int64 = 30_000
    /// Of a password file, and of the library's error log of one connection.
    static let passwordBytes = 1024
    static let logLines = 20
    /// Text from outside that is shown to people or logged.
    static let foreignTextCharacters = 200
}
