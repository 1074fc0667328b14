// Every limit of the rules, with its reason. What a home may choose is configuration and not here.

enum Limits {
    /// A line that the driver cannot read is *missing* at once, but becomes an alert only after this:
    /// long enough for a driver to reopen a chip, far shorter than anybody's way to the hub.
    static let confirmMissing = Span.seconds(30)

    /// After a restart a line's level arrives within a second; one that stays away this long cannot be read.
    static let firstLevelAfterRestart = Span.seconds(30)

    /// How long a rule may be unable to tell for want of readings before somebody must hear of it.
    /// Shorter, and every meter that restarts is an alert; longer, and a window of 12 h is no longer covered.
    static let blindAfter = Span.hours(1)

    /// How long the home shows that somebody has accepted an alert: long enough to be seen by whoever lies on the
    /// floor and looks for the lamp, not so long that it is taken for the news of today.
    static let confirmation = Span.minutes(5)

    /// How long mains power must have been back before that is told. A grid that comes back often goes again within
    /// seconds; so a flickering one makes an event a minute at most.
    static let mainsSettled = Span.minutes(1)

    /// Steps of a register that one `low-use` rule keeps, at 24 bytes each. Ten litres in counts of ten
    /// millilitres fit; beyond it every second one is forgotten, which can delay an alert by the distance
    /// of two steps but never cause one.
    static let registerSteps = 1024

    /// A wall clock that differs by less is the same: reading two clocks one after the other takes time, and no
    /// rule speaks of hours to the second.
    static let wallClockTolerance = Span.seconds(1)

    /// How many days' hours a silence is counted through: as many as any rule may wait, with some to spare.
    static let hoursAhead = 400
}
