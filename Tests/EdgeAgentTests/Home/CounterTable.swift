// Sequences of a counter's register, one line each: what was read when, what total and quality that gives, and
// what is noticed. Times in seconds ("2h", "30d", "1d+10"); `?` suspect, `!` missing; `x` is beyond 64 bits.

import Drivers
import LocalRules

@testable import EdgeAgent

/// The counters of the table, and the unit in which their lines are written.
enum TableCounter: String, Sendable {
    /// Litres in u32, u16, i16 and u64; counts of ten litres. All polled every 10 s, at most 6 m3/h.
    case litres, litres16, signed16, litres64, tens
    /// Litres in u32, polled once an hour; watt-hours in u64, once a day.
    case hourly, daily
    /// Watt-hours in u64, kilowatt-hours in f32 (written in watt-hours); every 10 s, at most 75 kW.
    case wattHours, float
    /// Milliwatt-hours in i64, where numbers end.
    case extreme

    var plan: CounterPlan {
        switch self {
        case .litres: water(.u32, 1000)
        case .litres16: water(.u16, 1000)
        case .signed16: water(.i16, 1000)
        case .litres64: water(.u64, 1000)
        case .tens: water(.u32, 10_000)
        case .hourly: water(.u32, 1000, poll: .hours(1))
        case .daily: energy(.u64, 1000, poll: .days(1))
        case .wattHours: energy(.u64, 1000)
        case .float: energy(.f32, 1_000_000)
        case .extreme: energy(.i64, 1)
        }
    }

    /// Base units in one of what the lines are written in.
    var unit: Int64 {
        switch self {
        case .tens: 10_000
        case .extreme: 1
        default: 1000
        }
    }

    private func water(_ type: RegisterType, _ scale: Int64, poll: Span = .seconds(10)) -> CounterPlan {
        CounterPlan(
            register(type), scale: Scale(numerator: scale, denominator: 1), quantity: .volume,
            maxRate: ConfigurationDefaults.maxRate(of: .volume), poll: poll)
    }

    private func energy(_ type: RegisterType, _ scale: Int64, poll: Span = .seconds(10)) -> CounterPlan {
        CounterPlan(
            register(type), scale: Scale(numerator: scale, denominator: 1), quantity: .energy,
            maxRate: ConfigurationDefaults.maxRate(of: .energy), poll: poll)
    }
}

struct CounterCase: Sendable {
    var name: String
    var counter: TableCounter
    var readings: String
    var totals: String
    var notices: String

    init(
        _ name: String, _ readings: String, _ totals: String, _ notices: String = "", of counter: TableCounter = .litres
    ) {
        self.name = name
        self.counter = counter
        self.readings = readings
        self.totals = totals
        self.notices = notices
    }
}

/// 10 s at 6 m3/h are 16.7 L; with a count at each end, 18 L are believed at once, and 52 L after a silence.
let counterCases: [CounterCase] = [
    // Use
    CounterCase("the first reading is taken", "0 412316", "412316"),
    CounterCase("a tap runs", "0 100, 10 101, 20 101, 30 118", "100 101 101 118"),
    CounterCase("nothing runs for days", "0 100, 10 100, 3d 100", "100 100 100"),
    CounterCase("the most that can run at once", "0 100, 10 118", "100 118"),
    CounterCase("a litre more waits", "0 100, 10 100, 20 119", "100 100 100?"),
    CounterCase("and is use when the next reading agrees", "0 100, 10 100, 20 119, 30 120", "100 100 100? 120"),
    CounterCase(
        "a head that is renewed once an hour", "0 100, 10 100, 1h 100, 1h+10 400, 1h+20 400", "100 100 100 100? 400"),
    CounterCase("two polls lost while a bath runs", "0 100, 10 115, 40 160, 50 170", "100 115 160 170"),
    CounterCase("a shower while the agent was off", "0 100, 10 100, 4h 140", "100 100 140"),
    CounterCase(
        "a day's use while the agent was off", "0 100, 10 100, 1d 280, 1d+10 281", "100 100 100? 281"),
    CounterCase("a month's use", "0 100, 10 100, 30d 9000, 30d+10 9000", "100 100 100? 9000"),
    CounterCase("counts of ten litres", "0 50, 10 51, 20 54, 30 54", "50 51 54 54", of: .tens),
    CounterCase("an hour's use in hourly readings", "0 100, 1h 385, 2h 390", "100 385 390", of: .hourly),
    CounterCase(
        "a garden hose in hourly readings", "0 100, 1h 2100, 2h 4100, 3h 6100, 4h 6100",
        "100 100? 4100 4100? 6100", of: .hourly),
    CounterCase(
        "a day's energy in daily readings", "0 100000, 1d 125000, 2d 160000", "100000 125000 160000", of: .daily),
    CounterCase("a clock that goes back", "10 100, 5 101", "100 101"),
    CounterCase("a kettle", "0 500000, 10 500006, 20 500012", "500000 500006 500012", of: .wattHours),

    // Glitches
    CounterCase("a peak", "0 100, 10 100, 20 10100, 30 100", "100 100 100? 100", "counter-glitch"),
    CounterCase("a peak while a tap runs", "0 100, 10 100, 20 10100, 30 112", "100 100 100? 112", "counter-glitch"),
    CounterCase("a zero", "0 5000, 10 5000, 20 0, 30 5001", "5000 5000 5000? 5001", "counter-glitch"),
    CounterCase(
        "two peaks, not alike", "0 5000, 10 5000, 20 90000, 30 20, 40 5002", "5000 5000 5000? 5000? 5002",
        "counter-glitch"),
    CounterCase(
        "two in a minute are said once", "0 5000, 10 5000, 20 0, 30 5000, 40 0, 50 5000",
        "5000 5000 5000? 5000 5000? 5000", "counter-glitch"),
    CounterCase(
        "the next day's is said again", "0 5000, 10 5000, 20 0, 30 5000, 2d 0, 2d+10 5000",
        "5000 5000 5000? 5000 5000? 5000", "counter-glitch counter-glitch"),
    CounterCase(
        "high and low word of different moments", "0 65530, 10 65535, 20 131071, 30 65537", "65530 65535 65535? 65537",
        "counter-glitch"),
    CounterCase("all ones", "0 100, 10 100, 20 4294967295, 30 100", "100 100 100? 100", "counter-glitch"),
    CounterCase("a number beyond 64 bits", "0 100, 10 100, 20 x, 30 101", "100 100 100? 101", "counter-glitch"),
    CounterCase(
        "a peak, then silence", "0 100, 10 100, 20 10100, 4h 130", "100 100 100? 130", "counter-glitch"),
    CounterCase(
        "a zero, then a silence in which everything can have run", "0 5000, 10 5000, 20 0, 2h 5010",
        "5000 5000 5000? 5010", "counter-glitch"),
    CounterCase(
        "a peak as the first reading after a month", "0 100, 10 100, 30d 9000, 30d+10 105", "100 100 100? 105",
        "counter-glitch"),
    CounterCase("a bad first reading", "0 9, 10 412316, 20 412317", "9 9? 10", "counter-glitch"),
    CounterCase("a bad second reading", "0 412316, 10 9, 20 412317", "412316 412316? 412317", "counter-glitch"),
    CounterCase(
        "two meters that answer in turn", "0 100, 10 100, 20 7000, 30 100, 40 7000, 50 101",
        "100 100 100? 100 100? 101", "counter-glitch"),

    // Broken
    CounterCase(
        "readings that contradict each other", "0 100, 10 100, 20 9000, 30 70000, 40 5, 50 300000",
        "100 100 100? 100? 100! 100!", "counter-erratic"),
    CounterCase(
        "and come to reason", "0 100, 10 100, 20 9000, 30 70000, 40 5, 50 101", "100 100 100? 100? 100! 101",
        "counter-erratic counter-glitch"),
    CounterCase("nothing but nonsense from the first", "0 x, 10 x, 20 x, 30 7", "0? 0? 0! 7", "counter-erratic"),

    // Roll-over
    CounterCase(
        "16 bits", "0 65530, 10 65533, 20 4, 30 5", "65530 65533 65533? 65541", "counter-roll-over", of: .litres16),
    CounterCase(
        "32 bits", "0 4294967290, 10 4294967295, 20 3, 30 3", "4294967290 4294967295 4294967295? 4294967299",
        "counter-roll-over"),
    CounterCase("five digits", "0 99990, 10 99998, 20 7, 30 8", "99990 99998 99998? 100008", "counter-roll-over"),
    CounterCase(
        "four digits in 16 bits", "0 9990, 10 9999, 20 3, 30 3", "9990 9999 9999? 10003", "counter-roll-over",
        of: .litres16),
    CounterCase(
        "16 bits with a sign", "0 32765, 10 32767, 20 -32766, 30 -32765", "32765 32767 32767? 32771",
        "counter-roll-over", of: .signed16),
    CounterCase(
        "while the agent was off", "0 99900, 10 99900, 4h 50, 4h+10 50", "99900 99900 99900? 100050",
        "counter-roll-over"),
    CounterCase(
        "a month apart, twice", "0 9999, 10 9999, 20 2, 30 2, 30d 9995, 30d+10 9999, 30d+20 4, 30d+30 4",
        "9999 9999 9999? 10002 10002? 19999 19999? 20004", "counter-roll-over counter-roll-over", of: .litres16),
    CounterCase("denied", "0 99990, 10 99998, 20 3, 30 99999", "99990 99998 99998? 99999", "counter-glitch"),
    CounterCase(
        "more than can have run", "0 99900, 10 99900, 20 90, 30 90", "99900 99900 99900? 99900", "meter-replaced"),
    CounterCase(
        "64 bits do not turn over", "0 99998, 10 99999, 20 4, 30 4", "99998 99999 99999? 99999", "counter-reset",
        of: .litres64),
    CounterCase(
        "backwards through zero by a litre", "0 0, 10 65535, 20 0, 30 1", "0 0 0? 1", "counter-roll-over", of: .litres16
    ),

    // Reset
    CounterCase("to zero", "0 5000, 10 5000, 20 0, 30 0, 40 6", "5000 5000 5000? 5000 5006", "counter-reset"),
    CounterCase("while a tap runs", "0 5000, 10 5000, 20 3, 30 9", "5000 5000 5000? 5006", "counter-reset"),
    CounterCase("of a young meter", "0 7, 10 7, 20 0, 30 0", "7 7 7? 7", "counter-reset"),
    CounterCase(
        "a meter that browns out for half a minute", "0 5000, 10 5000, 20 0, 30 0, 40 0, 50 5001, 60 5001",
        "5000 5000 5000? 5000 5000 5000? 5001", "counter-reset meter-returned"),
    CounterCase(
        "never two registers' worth: zero, back, zero", "0 5000, 10 5000, 20 0, 30 0, 40 5000, 50 5000, 60 0, 70 0",
        "5000 5000 5000? 5000 5000? 5000 5000? 5000", "counter-reset meter-returned"),

    CounterCase(
        "of a young meter, which comes by where it stood", "0 30, 10 30, 20 0, 30 0, 40 6, 1h 69, 1h+10 69",
        "30 30 30? 30 36 36? 99", "counter-reset"),

    // Another meter
    CounterCase(
        "not near enough to its end to have turned over", "0 8000, 10 8000, 4h 0, 4h+10 0", "8000 8000 8000? 8000",
        "meter-replaced", of: .litres16),
    CounterCase(
        "the old one after two days, which is a third",
        "0 412316, 10 412316, 1h 40, 1h+10 40, 2d 41, 2d+10 412330, 2d+20 412330",
        "412316 412316 412316? 412316 412317 412317? 412317", "meter-replaced meter-replaced"),
    CounterCase(
        "a new one", "0 412316, 10 412316, 1h 40, 1h+10 40, 1h+20 43", "412316 412316 412316? 412316 412319",
        "meter-replaced"),
    CounterCase(
        "a used one that shows more", "0 1000, 10 1000, 1h 412316, 1h+10 412317", "1000 1000 1000? 1001",
        "meter-replaced"),
    CounterCase(
        "more than an hour of standing still explains", "0 100, 10 100, 2h 100, 2h+10 6500, 2h+20 6500",
        "100 100 100 100? 100", "meter-replaced"),
    CounterCase("zero after two hours", "0 5000, 10 5000, 2h 0, 2h+10 0", "5000 5000 5000? 5000", "meter-replaced"),
    CounterCase(
        "the old one after all", "0 412316, 10 412316, 1h 40, 1h+10 40, 2h 412330, 2h+10 412330",
        "412316 412316 412316? 412316 412316? 412330", "meter-replaced meter-returned"),
    CounterCase(
        "only one reading of it", "0 412316, 10 412316, 1h 40, 1h+10 412320", "412316 412316 412316? 412320",
        "counter-glitch"),

    // Backwards
    CounterCase("a check valve", "0 100, 10 99, 20 100, 30 98, 40 100, 50 101", "100 100 100 100 100 101"),
    CounterCase("a boiler heats up", "0 100, 1h 98, 2h 100, 3h 103", "100 100 100 103"),
    CounterCase("one litre more, once", "0 100, 10 100, 20 97, 30 99, 40 101", "100 100 100? 100 101"),
    CounterCase(
        "on and on, then forwards", "0 100, 10 98, 20 95, 30 92, 40 89, 50 91, 60 95", "100 100 100? 100 100 100 104",
        "reverse-flow"),
    CounterCase(
        "forwards, then a fall that is none", "0 100, 10 98, 20 95, 30 92, 40 97, 50 92, 60 97",
        "100 100 100? 100 103 103? 103", "reverse-flow"),
    CounterCase("a young meter's, short of zero", "0 12, 10 12, 20 5, 30 5", "12 12 12? 12", "reverse-flow"),
    CounterCase(
        "mounted the wrong way round", "0 5, 10 3, 20 0, 30 4294967290, 40 4294967280", "5 5 5? 5? 5", "reverse-flow"),
    CounterCase(
        "the last digit of a float", "0 16777216000, 10 16777214000, 20 16777218000",
        "16777216000 16777216000 16777218000", of: .float),
    CounterCase(
        "a hundredth of a kilowatt-hour", "0 500000, 10 499990, 20 500000, 30 500001",
        "500000 500000 500000 500001", of: .wattHours),
    CounterCase(
        "the sun on a net meter", "0 500000, 10 499950, 20 499900, 30 499850", "500000 500000? 500000 500000",
        "reverse-flow", of: .wattHours),

    // Where numbers end
    CounterCase(
        "the largest", "0 9223372036854775806, 10 9223372036854775807, 20 9223372036854775807",
        "9223372036854775806 9223372036854775807 9223372036854775807", of: .extreme),
    CounterCase(
        "from the largest to the smallest",
        "0 9223372036854775807, 10 9223372036854775807, 20 -9223372036854775808, 30 -9223372036854775807",
        "9223372036854775807 9223372036854775807 9223372036854775807? 9223372036854775807", "meter-replaced",
        of: .extreme),
    CounterCase(
        "from the smallest to the largest",
        "0 -9223372036854775808, 10 -9223372036854775808, 30d 9223372036854775807, 30d+10 9223372036854775807",
        "-9223372036854775808 -9223372036854775808 -9223372036854775808? -9223372036854775808", "meter-replaced",
        of: .extreme),
]

/// A register of this type, wherever it stands.
func register(
    _ type: RegisterType, bits: BitField? = nil, scaleFrom: ScaleRegister? = nil
) -> RegisterPlan {
    RegisterPlan(
        channel: Channel(0), table: .holding, address: 0, type: type, order: .ABCD, bits: bits, scaleFrom: scaleFrom)
}
