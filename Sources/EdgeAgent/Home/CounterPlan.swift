// What a counter can do at all, from its register and its meter: where it turns over, how fine it counts,
// how fast it can run. Everything in base units.

import Drivers
import LocalRules

/// The physical facts by which one counter's readings are judged.
struct CounterPlan: Hashable, Sendable {
    /// Where the register may start from zero again, ascending; empty: nowhere within a meter's life.
    var moduli: [Int64]
    /// One count, at least 1.
    var step: Int64
    /// Digits of a floating-point register: its step grows with its value.
    var significandBits: Int?
    /// The most that can pass in an hour.
    var maxRate: Int64
    /// A register may go back by this much, or by two counts, without anything having flowed back.
    var play: Int64
    var poll: Span
    /// Type and scale of the register: another one means other numbers for the same meter.
    var form: String

    /// What one count is worth where the register stands at `value`.
    func resolution(at value: Int64) -> Int64 {
        guard let significandBits else { return step }
        return max(step, Int64(clamping: value.magnitude >> UInt64(significandBits)))
    }

    /// How far a register may go back from `value` and still say that nothing happened.
    func tolerance(at value: Int64) -> Int128 { max(2 * Int128(resolution(at: value)), Int128(play)) }

    /// The most that can have passed in `milliseconds`, as a register around `value` shows it: both readings
    /// may be off by a count.
    func bound(_ milliseconds: Int128, at value: Int64) -> Int128 {
        Int128(maxRate) * milliseconds / 3_600_000 + 2 * Int128(resolution(at: value))
    }
}

extension CounterPlan {
    /// Of all signals, by channel; nil for those that are no counters.
    static func plans(of configuration: HomeConfiguration) -> [CounterPlan?] {
        var plans = [CounterPlan?](repeating: nil, count: configuration.home.signals.count)
        for meter in configuration.buses.flatMap(\.meters) {
            for register in meter.registers {
                let index = register.channel.index
                guard case .meter(let quantity) = configuration.home.signals[index].source, quantity.isCumulative,
                    let scale = configuration.scales[index]
                else { continue }
                plans[index] = CounterPlan(
                    register, scale: scale, quantity: quantity,
                    maxRate: configuration.maxRates[index] ?? ConfigurationDefaults.maxRate(of: quantity),
                    poll: Span(milliseconds: register.pollMilliseconds ?? meter.pollMilliseconds))
            }
        }
        return plans
    }

    /// `scale` as in `HomeConfiguration.scales`, `maxRate` in base units an hour.
    init(_ register: RegisterPlan, scale: Scale, quantity: Quantity, maxRate: Int64, poll: Span) {
        let type = register.type
        // A scale that the meter may change at any time says nothing of where its register ends.
        let counts = register.scaleFrom == nil ? register.bits.map(\.moduli) ?? type.moduli : []
        moduli = counts.compactMap { scale.baseUnits($0) }.sorted()
        let count = scale.numerator.dividedReportingOverflow(by: max(1, scale.denominator)).partialValue
        step = max(1, scale.numerator > 0 && scale.numerator % max(1, scale.denominator) != 0 ? count + 1 : count)
        significandBits = type.significandBits
        self.maxRate = max(1, maxRate)
        play = CounterLimits.play(of: quantity)
        self.poll = poll
        let bits = register.bits.map { " \($0.low)-\($0.high)" } ?? ""
        form = "\(type.rawValue)\(bits) \(scale.numerator)/\(scale.denominator)"
    }
}

extension BitField {
    /// A field of 62 bits and more outlasts every meter.
    fileprivate var moduli: [Int64] { high - low < 62 ? [Int64(1) << Int64(high - low + 1)] : [] }
}

extension RegisterType {
    /// Counts after which a register of this type may start again: its own width, and the decimal displays
    /// that it may repeat. 64 bits and floating point outlast every meter.
    fileprivate var moduli: [Int64] {
        switch self {
        case .u16, .i16: [10_000, 1 << 16]
        case .u32, .i32: decimalDisplays + [1 << 32]
        case .bcd4: [10_000]
        case .bcd8: [10_000, 100_000, 1_000_000, 10_000_000, 100_000_000]
        case .sm16: [10_000, 1 << 15]
        case .sm32: decimalDisplays + [1 << 31]
        case .u64, .i64, .f32, .f64: []
        }
    }

    /// Four to nine digits. Four is what a household water meter's register has for whole cubic metres
    /// (OIML R 49-1: 9999 m3 up to Q3 = 6.3 m3/h); electricity meters show five to eight.
    private var decimalDisplays: [Int64] {
        [10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000]
    }

    /// IEEE 754, without the hidden bit: a value's last digit is at most this many bits below its first.
    fileprivate var significandBits: Int? {
        switch self {
        case .f32: 23
        case .f64: 52
        case .u16, .i16, .u32, .i32, .u64, .i64, .bcd4, .bcd8, .sm16, .sm32: nil
        }
    }
}

/// Every limit on what a counter is believed, once, with its reason.
enum CounterLimits {
    /// A rise is taken at once only for the time of so many polls: what came after a longer silence is worth
    /// one more reading.
    static let pollsAtOnce: Int64 = 3
    /// … and of no more than this at the full rate: hourly readings of real homes rise by less than 0.3 m3, and
    /// 6 m3/h make 1 m3. What flows back unseen in one silence is no more either.
    static let longestAtOnce = Span.minutes(10)
    /// Over polls of hours and days nobody draws more than this part of the full rate on average.
    static let partOfRate: Int128 = 6
    /// Heads on batteries and gateways that cache renew their registers this seldom: a confirmed jump can be
    /// the use of so long a time in which the register stood still.
    static let slowestRenewal = Span.hours(1)
    /// Nobody changes a meter faster: what starts from zero sooner was reset.
    static let fastestReplacement = Span.minutes(5)
    /// An old register that comes back within this time was never gone: a meter browned out, or two answered.
    static let longestAbsence = Span.days(1)
    /// So many readings in a row that contradict each other are no doubt but a fault; two are a glitch.
    static let readingsInDoubt = 3
    /// A turn-over is believed where it needs no more use than this part of the display: a reset so close to
    /// the end is as improbable.
    static let partOfDisplay: Int64 = 16
    /// A cable or a supply that flickers must not fill the outbox with one remark: once a day is enough. Where a
    /// register begins anew, people may have to act: once an hour.
    static func sayAgainAfter(_ notice: CounterNotice) -> Span {
        switch notice {
        case .rollOver, .glitch, .reverseFlow, .erratic: .days(1)
        case .reset, .replaced, .returned: .hours(1)
        }
    }

    /// Water in a 100 L boiler grows by 2 L from 10 to 70 °C and goes back through the meter. Electricity
    /// meters show, and many floating-point ones count, in 0.01 kWh.
    static func play(of quantity: Quantity) -> Int64 { quantity == .volume ? 2000 : 10_000 }
}
