// What a bank is told of an input, and what it remarks about one.

/// An input and the channel its samples carry.
package struct InputPlan: Hashable, Sendable {
    package var channel: Channel
    package var settings: LineSettings
    /// Smoke, panic: served before all others, and each re-read is said, because an edge can be lost.
    package var isSafety: Bool
    package var limits: InputLimits
    /// Counted instead of followed; samples are then pulses since the start of the process.
    package var pulses: PulsePlan?

    package init(
        channel: Channel, settings: LineSettings, isSafety: Bool, limits: InputLimits = InputLimits(),
        pulses: PulsePlan? = nil
    ) {
        self.channel = channel
        self.settings = settings
        self.isSafety = isSafety
        self.limits = limits
        self.pulses = pulses
    }
}

/// What is plausible for the thing on an input; beyond it the line is reported.
package struct InputLimits: Hashable, Sendable {
    /// More edges than this in 10 s, bounces included, and it is no longer followed; 0: any number.
    package var edgesInTenSeconds: Int
    /// Active for longer than this without a break, it is stuck; nil: it may be active for ever.
    package var stuckAfterMilliseconds: Int64?
    /// What to say while it chatters: false, its level, because it may call for help; true, that it is absent,
    /// because a random level would look like somebody who moves.
    package var isAbsentWhileChattering: Bool

    package init(
        edgesInTenSeconds: Int = 0, stuckAfterMilliseconds: Int64? = nil, isAbsentWhileChattering: Bool = false
    ) {
        self.edgesInTenSeconds = edgesInTenSeconds
        self.stuckAfterMilliseconds = stuckAfterMilliseconds
        self.isAbsentWhileChattering = isAbsentWhileChattering
    }
}

/// Something about an input line that is worth a record.
package struct LineNotice: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        /// Edges that the kernel dropped. `isExact`: it numbers them; else there were at least so many.
        case lost(edges: Int, isExact: Bool)
        /// It changes too often to be followed, and (false) it is followed again.
        case chatters(Bool)
        /// It has been active for too long, and (false) it has moved.
        case stuck(Bool)
    }
    package var channel: Channel
    package var time: BootTime
    package var event: Event

    package init(channel: Channel, time: BootTime, event: Event) {
        self.channel = channel
        self.time = time
        self.event = event
    }
}
