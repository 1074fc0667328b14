// Every limit on what a configuration may ask for, once, with its reason.

import LocalRules

enum ConfigurationLimits {
    /// Each bus is a thread. A home has one RS-485 line, at times a gateway or two.
    static let buses = 16
    /// Each meter costs a request every poll; RS-485 drives 32 nodes.
    static let meters = 64
    /// Registers of one meter: each is a signal that is kept and reported. Three-phase meters have some eighty.
    static let registers = 128
    /// Holes in the register map of one meter.
    static let forbiddenRanges = 32
    /// One or two registers tell a model; each costs a scan a request.
    static let identifyingRegisters = 8
    /// Contents that mean "no value": one for a type, at times several for several causes.
    static let noValues = 8
    /// Sentences that an installer is willing to read.
    static let quirks = 16
    /// Header pins are counted from 1; the longest headers in use (two of 46) stay below this.
    static let pins: ClosedRange<Int64> = 1...100
    /// HATs that fit on one another.
    static let hats = 4
    /// UARTs that a header carries.
    static let serialPorts = 8
    /// Names by which kernels know one board, and lights on it.
    static let boardNames = 8
    /// A 40-pin header has 26 usable lines; expanders add some.
    static let inputs = 64
    static let outputs = 16
    /// Each rule is evaluated on every reading of its signals.
    static let rules = 128
    static let escalationSteps = 8
    /// Names go into topics, alert ids and messages of one line.
    static let nameBytes = 64
    /// Longest path that Linux opens, and longest host name or URL worth the name.
    static let textBytes = 4096

    /// Below a second an RS-485 bus is never idle; above a day there is no supervision to speak of.
    static let poll = Span.seconds(1)...Span.days(1)
    /// Under 100 ms no meter answers; over 10 s one dead meter starves the others on its bus.
    static let timeout = Span.milliseconds(100)...Span.seconds(10)
    /// Each one costs the neighbours on the bus a whole time-out.
    static let retries: ClosedRange<Int64> = 0...5
    /// Meters that want more rest between two questions than this cannot be polled beside others.
    static let pause = Span.zero...Span.seconds(1)
    /// What one answer can hold (Modbus Application Protocol 1.1b3, section 6.3).
    static let maxRegisters: ClosedRange<Int64> = 1...125
    static let maxGap: ClosedRange<Int64> = 0...124
    /// A month without a reading is not supervision.
    static let silentAfter = Span.seconds(5)...Span.days(31)
    /// Lines other than smoke and panic say once a minute that they were re-read: that is their sign of life.
    static let lineReread = Span.minutes(1)
    /// Longer than 5 s, and a press of a button would not be seen at all.
    static let debounce = Span.zero...Span.seconds(5)
    /// Shorter pulses than 1 ms no output makes; a contact that stays for longer than 1 s is no pulse's end.
    static let pulseWidth = Span.milliseconds(1)...Span.seconds(1)
    /// Base units; large water meters pulse for each cubic metre, current-transformer meters for each 10 kWh.
    static func perPulse(of quantity: Quantity) -> Int64 { quantity == .volume ? 1_000_000 : 10_000_000 }
    /// Windows are kept as readings, which bounds memory.
    static let window = Span.minutes(1)...Span.days(31)
    /// Shorter slots than a minute no meter fills; longer than a day is a low-use rule the other way round.
    static let slot = Span.minutes(1)...Span.days(1)
    static let rise = Span.minutes(1)...Span.days(365)
    static let visits = Span.hours(1)...Span.days(365)
    /// How many days' hours a carried silence may take.
    static let carriedDays: Int64 = 31
    static let holdFor = Span.zero...Span.days(7)
    /// A second sensor that agrees an hour later tells of something else.
    static let confirmWithin = Span.seconds(10)...Span.hours(1)
    /// Sensors of one group: as many as a home has rooms and doors.
    static let confirming = 16
    /// A power cut is told within the hour.
    static let spread = Span.zero...Span.hours(1)
    /// Under 2 s an old hand's short press is a long one; over 10 s nobody holds a button who needs help.
    static let longPress = Span.seconds(2)...Span.seconds(10)
    /// On battery meters are asked this much less often; fewer readings save no more, and say too little.
    static let savingFactor: Int64 = 6
    static let warnFor = Span.zero...Span.hours(2)
    static let clearAfter = Span.zero...Span.days(7)
    /// Under three hours every walk to the market is an alert; over a month it is not about this week's danger.
    static let notReturned = Span.hours(3)...Span.days(31)
    /// More often than once a day nobody presses a button to try it; over a year it is no habit.
    static let reTest = Span.days(1)...Span.days(366)
    static let escalateAfter = Span.seconds(10)...Span.hours(24)
    /// Longer quiet hours than a long night hold back what should be seen the same day.
    static let quietNight = Span.hours(12)
    /// What a sleeper and a first quarter of an hour in bed take.
    static let nightsSleep = Span.hours(8)
    /// Twelve heartbeats of the standard: whoever watches hubs looks once an hour at the most.
    static let slowHeartbeat = Span.hours(1)
    /// Who lies on the floor is told within this that nobody has answered yet.
    static let slowestEscalation = Span.minutes(15)
    /// What one person who cooks and washes uses in a day at least: 20 L, 0.5 kWh.
    static func ordinaryDay(isVolume: Bool) -> Int64 { isVolume ? 20_000 : 500_000 }
    static let hottestRoom: Int64 = 60_000
    /// What a sensor in a home can show; nil: anything.
    static func possible(_ quantity: Quantity) -> ClosedRange<Int64>? {
        switch quantity {
        case .temperature: -40_000...85_000  // what room sensors are built for
        case .humidity: 0...100_000
        case .voltage, .current, .power, .frequency, .flow: nil
        case .volume, .energy: nil
        }
    }
    static let heartbeat = Span.minutes(1)...Span.hours(24)
    /// What is gathered must fit into one record's points, and into memory.
    static let readings = Span.minutes(1)...Span.hours(6)
    /// Nobody knows of a hub that is not connected; a town's worth of hubs fits into an hour on any broker.
    static let reconnectSpread = Span.zero...Span.hours(1)
    /// Somebody who presses or burns is not made to wait; a long press against mistakes is 2 to 5 s.
    static let safetyHoldFor = Span.seconds(10)
    /// Addresses on a serial line (Modbus over Serial Line 1.02, section 2.2); 0 is broadcast, 248... reserved.
    static let unitID: ClosedRange<Int64> = 1...247
    /// A home's connection. Below, a tap or a kettle would be called impossible; above, it is an industry's.
    static func maxRate(of quantity: Quantity) -> ClosedRange<Int64> {
        quantity == .volume ? 1_000_000...100_000_000 : 2_000_000...1_000_000_000
    }
    /// Fewer readings than two polls show no use at all.
    static let pollsInWindow: Int64 = 2
    /// One count may be at most this part of a limit before the limit is called coarse.
    static let countsInLimit: Int64 = 5
}
