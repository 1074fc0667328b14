// Every limit of this module, once, with its reason.

import LocalRules

package enum UpstreamLimits {
    // MARK: Storage

    /// The database's whole file, set aside on disk when it is made, so that nobody else can take the space.
    static let databaseBytes: Int64 = 8 << 20
    /// The log beside it, set aside as well: `checkpointPages` and the largest transaction fit in.
    static let logBytes: Int64 = 2 << 20
    /// Space for readings: a home with 10 signals makes 20 kB a day, so this is two months without the cloud before
    /// anything is thinned, and a year before anything is gone.
    package static let readingsQuotaBytes: Int64 = 3 << 20
    /// Space for events: over 2,000.
    package static let eventsQuotaBytes: Int64 = 1 << 20
    /// What a row costs beside its body, counted against the quotas: ids, stamps, unused ends of pages.
    static let rowBytes: Int64 = 256
    /// Records of readings that are joined in one go when readings are over their quota, and the most points that a
    /// joined one may have: an alarm may have to wait for one that is on its way.
    static let thinningBlock = 24
    static let thinnedPoints = 600
    /// Events that are dropped in one go.
    static let dropBlock = 16
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
    /// How often space that could not be set aside for alarms is asked for again.
    static let reserveRetryMilliseconds: Int64 = 600_000
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
    /// Bytes on their way beyond which only new alarms are sent: on a link of 1 kB/s an alarm is out within 2 s and the
    /// record that was sent last.
    static let bytesInFlight = 2048
    /// Late events and readings leave no faster: when a town is back, its brokers shall not drown.
    static let lateBytesPerSecond: Int64 = 8192
    /// Unaccepted alarms whose resend times are kept; beyond, the one that is due last waits for the
    /// next connection. Alarms never wait for one another.
    static let trackedAlarms = 2048
    /// Events, and batches of readings, that may wait for the application: back-pressure for a slow cloud.
    static let window = 128
    /// Resend of an unaccepted alarm, counted from the send before; the last one repeats.
    static let alarmResendMilliseconds: [Int64] = [5000, 10_000, 30_000, 60_000]
    /// ... and as long as the broker says that nobody has subscribed: after its restart, whoever accepts alarms comes
    /// back within seconds. So often at most; then as above.
    static let noSubscriberMilliseconds: Int64 = 1000
    static let noSubscriberResends = 10
    /// Resend of an event or a batch of readings doubles from the first to the second.
    static let resendMilliseconds: ClosedRange<Int64> = 60_000...3_600_000
    /// A broker that is away for longer than a reconnect takes is not waited for: the second paths tell alarms at once.
    static let brokerAwayMilliseconds: Int64 = 10_000
    /// A cloud stores an alarm within a second. After this long without its word the second paths tell it, and it is
    /// said that the broker's other side is silent; of other records later, for there a restart of the cloud is no harm.
    static let unheardMilliseconds: Int64 = 60_000
    static let unheardOrdinaryMilliseconds: Int64 = 900_000
    /// Records whose answers are waited for to tell whether anybody is there: both windows.
    static let watchedAnswers = 2 * window
    /// Ids of ended alarms that are still known, so that a second acceptance is not taken for a mistake.
    static let endedAlarms = 64
    /// Alarm records read in one go while looking for one by its id.
    static let searchPage = 64

    /// A heartbeat is spelled out this often, for whoever began to listen meanwhile.
    static let spelledOutMilliseconds: Int64 = 12 * 3_600_000

    // MARK: Commands

    /// Any command but an offered configuration: ids, names and a signature in base64 are a few hundred bytes.
    static let commandBytes = 4096
    /// A configuration's text. The largest of board-configs/homes has 6 kB; signed and in JSON it still fits
    /// `incomingBytes`.
    package static let offerBytes = 24 << 10
    /// Made by the sender: long enough to be unique, short enough to be remembered.
    static let commandIDBytes: ClosedRange<Int> = 8...64
    /// A command may wait so long for a hub to come back; what is older was meant for another day.
    static let longestLife = Span.days(7)
    /// A sender's clock may be ahead of a trusted one of ours by this much.
    static let commandAhead = Span.minutes(10)
    /// Ids that are remembered with what was answered, about 150 bytes each: they are written with each command, and
    /// the card's budget is 20 MB a day. What must be forgotten early raises the floor (`CommandMemory`).
    static let commandsRemembered = 128
    /// Of a reply's text.
    static let replyCharacters = 200
    /// Commands: a person trying things out may send thirty at once; one a minute for ever wears the card by 25 MB a day.
    static let commandBurst = 30
    static let commandPeriodMilliseconds: Int64 = 60_000
    /// `too-many` is answered so often only: whoever floods the hub shall not make it flood the broker.
    static let tooManyPeriodMilliseconds: Int64 = 10_000
    /// Refusals of what is no proper command that become an event each, and then one each period: anybody who may
    /// write to the topic could wear out the card with them. All are counted in heartbeats.
    package static let refusalNotes = 10
    package static let refusalNotePeriodMilliseconds: Int64 = 600_000
    /// What a reply brings along: a home of thirty signals is 9 kB.
    package static let bundleBytes = 24 << 10
    /// Outside temperatures that were ever measured on Earth (WMO: -89.2, 56.7), with some room.
    static let outsideTemperatures: ClosedRange<Int64> = -95_000...65_000
    static let weatherLasts = Span.hours(6)
    package static let heartbeatPeriods: ClosedRange<Span> = .seconds(60)...(.days(1))
    static let probations: ClosedRange<Span> = .seconds(60)...(.days(1))
    static let probation = Span.minutes(10)

    // MARK: Link

    /// A ping and its answer are 4 bytes of MQTT and 160 of TCP and IP: every 30 s that would be 460 kB a day. The broker
    /// misses a hub after one and a half times this; that a hub works, heartbeats say.
    package static let keepAliveSeconds: Int32 = 60
    /// To the second broker, which is hardly ever needed: below the five minutes after which many routers forget.
    package static let fallbackKeepAliveSeconds: Int32 = 240
    /// From opening the socket to the broker's CONNACK, TLS included. Slow mobile links need seconds.
    static let connectMilliseconds: Int64 = 15_000
    /// A broker that leaves a publish unanswered for this long is given up, and the next connection tried.
    static let answerMilliseconds: Int64 = 30_000
    /// A farewell takes at most this long: the service has 2 s to stop.
    static let farewellMilliseconds: Int64 = 800
    /// The largest payload sent. A minute of a large home's readings is a few kilobytes.
    static let payloadBytes = 256 << 10
    /// The largest payload taken in: an offered configuration, signed and as JSON.
    static let incomingBytes = 64 << 10
    /// A hub that had no connection since it started: between zero and a bound that doubles within this range.
    static let backoffMilliseconds: ClosedRange<Int64> = 1000...60_000
    /// The same while an alarm waits; 1,800 attempts are an hour.
    static let urgentBackoffMilliseconds: ClosedRange<Int64> = 2000...4000
    static let urgentAttempts = 1800
    /// A board that came up less than this ago came up with its town: its first connection is spread, too.
    static let justBootedMilliseconds: Int64 = 90_000
    /// A connection that lasted this long starts the back-off afresh.
    static let stableMilliseconds: Int64 = 30_000
    /// Of a password file, and of the library's error log of one connection.
    static let passwordBytes = 1024
    static let logLines = 20
    /// A command that a profile makes of somebody's request is done at once or not at all.
    static let profileCommandMilliseconds: Int64 = 60_000
    /// Text from outside that is shown to people or logged.
    package static let foreignTextCharacters = 200
}
