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

    /// How long the rooms may still show that somebody has left: a hall's motion sensor holds for a minute, a cistern
    /// fills for two. A fall in this time right behind the door looks like having gone out.
    static let leaving = Span.minutes(3)

    /// The same from the away switch, which is pressed with the coat still to be put on.
    static let leavingAfterSwitch = Span.minutes(10)

    /// How long nothing must be seen inside before a door says that somebody has gone out. Far below any rule about
    /// absence, and longer than somebody awake sits without water, a step or a door.
    static let inferAfter = Span.hours(1)

    /// When somebody who has gone out is expected back, where nobody said: the longest ordinary day.
    static let awayExpires = Span.hours(12)

    /// Longer, an empty home is another case than an elder who lives in it.
    static let longestAway = Span.days(30)

    /// How long an installer usually works, and at most: maintenance that was forgotten blinds nobody overnight.
    static let maintenance = Span.hours(2)
    static let longestMaintenance = Span.hours(4)

    /// How long a siren sounds for an alert that an installer has set off: it must be heard in every room, and the
    /// next sensor's chirp must be heard after it.
    static let testSound = Span.seconds(3)

    /// Signs in a home that is said to be empty count as one within this …
    static let betweenSigns = Span.minutes(1)
    /// … and as coming from the same visitor within this.
    static let surprise = Span.minutes(30)

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
