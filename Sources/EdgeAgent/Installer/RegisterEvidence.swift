// What one register's content says for or against the belief that it is what a profile says it is. Pure.

import Drivers
import LocalRules

/// A register of a profile with what a unit has there.
struct RegisterEvidence: Sendable {
    enum Finding: Sendable, Hashable {
        /// In base units of the quantity.
        case value(Int64)
        case noValue
        /// Words that are no content of such a register.
        case senseless(String)
        case refused(Int)
        case silent
        case unknown
    }

    let register: RegisterDescription
    let finding: Finding
    /// In base units; nil: there is none.
    let value: Int64?

    init(_ register: RegisterDescription, in image: RegisterImage) {
        self.register = register
        let finding = RegisterEvidence.finding(register, image)
        self.finding = finding
        if case .value(let value) = finding { self.value = value } else { value = nil }
    }

    private static func finding(_ register: RegisterDescription, _ image: RegisterImage) -> Finding {
        let plan = register.plan(channel: Channel(0), poll: nil)
        var words: [[UInt16]] = []
        for span in plan.spans {
            switch image.content(of: span) {
            case .words(let found): words.append(found)
            case .refused(let code): return .refused(code)
            case .silent: return .silent
            case .unknown: return .unknown
            }
        }
        do throws(UnusableValue) {
            let raw = try plan.decode(words[0], scale: words.count > 1 ? words[1][...] : [])
            if case .real(let number) = raw, let oddity = Plausible.oddity(of: number) { return .senseless(oddity) }
            guard let value = register.scale.baseUnits(of: raw) else { return .senseless("is beyond any number") }
            return .value(value)
        } catch {
            switch error {
            case .noValue: return .noValue
            case .senseless(let reason): return .senseless(reason)
            }
        }
    }

    /// The unit gave content there, whatever it is worth.
    var isAnswered: Bool {
        switch finding {
        case .value, .noValue, .senseless: true
        case .refused, .silent, .unknown: false
        }
    }

    /// Points for (or against) by itself, and why if it is worth saying.
    var verdict: Verdict {
        switch finding {
        case .value(let value): verdict(of: value)
        case .noValue: Verdict(points: 0)
        case .senseless(let reason): Verdict(points: -4, reason: "\(register.signal) \(reason)")
        case .refused(let code): Verdict(points: -2, reason: "\(register.signal) is refused (exception \(code))")
        case .silent: Verdict(points: -2, reason: "\(register.signal) is not answered")
        case .unknown: Verdict(points: 0)
        }
    }

    /// Other content read as a float is next to never a number of a home: one that is was no accident.
    private func verdict(of value: Int64) -> Verdict {
        var verdict = Plausible.verdict(of: value, register.quantity, named: register.signal)
        if register.type.isReal, verdict.points > 0 { verdict.points += 1 }
        return verdict
    }

    struct Verdict: Hashable, Sendable {
        var points: Int
        var reason: String?
    }
}

/// What meters of a home can show.
enum Plausible {
    typealias Verdict = RegisterEvidence.Verdict

    /// Mains, with the tolerance of EN 50160 (±10 %): 230 V, and 115 V.
    private static let mains: [ClosedRange<Int64>] = [207_000...253_000, 104_000...127_000]
    /// The grids of the world, 50 and 60 Hz; outside of these bands they disconnect.
    private static let grids: [ClosedRange<Int64>] = [49_500...50_500, 59_500...60_500]
    /// A generator, or a grid in trouble.
    private static let frequency: ClosedRange<Int64> = 45_000...65_000
    /// The largest service of a home.
    static let current: ClosedRange<Int64> = -100_000...100_000
    /// Three phases of that.
    static let power: ClosedRange<Int64> = -75_000_000...75_000_000
    /// Twenty years of 60 kWh a day.
    private static let energy: ClosedRange<Int64> = 0...500_000_000_000
    /// Twenty years of a whole house's water, in millilitres: 100,000 m3.
    private static let volume: ClosedRange<Int64> = 0...100_000_000_000
    /// What such sensors can measure; heat meters go to 150 °C, but not in a home.
    private static let temperature: ClosedRange<Int64> = -40_000...110_000
    private static let roomTemperature: ClosedRange<Int64> = 5_000...40_000
    private static let humidity: ClosedRange<Int64> = 0...100_000
    private static let roomHumidity: ClosedRange<Int64> = 15_000...95_000
    /// 10 m3/h is more than a home's pipe lets through.
    private static let flow: ClosedRange<Int64> = -10_000_000...10_000_000

    /// Floats that nobody measures: denormal or tiny ones are integers read as floats, huge ones swapped words.
    static func oddity(of number: Double) -> String? {
        let size = number.magnitude
        if size != 0, size < 1e-9 { return "would be \(number), which is no measurement" }
        return size > 1e12 ? "would be \(number), which is no measurement" : nil
    }

    /// Zero proves nothing: empty registers hold it everywhere.
    static func verdict(of value: Int64, _ quantity: Quantity, named signal: String) -> Verdict {
        switch quantity {
        case .voltage: voltage(value, signal)
        case .frequency: frequency(value, signal)
        case .current: inside(value, current, signal, quantity, worth: 1)
        case .power: inside(value, power, signal, quantity, worth: 1)
        case .energy: inside(value, energy, signal, quantity, worth: 2)
        case .volume: inside(value, volume, signal, quantity, worth: 2)
        case .flow: inside(value, flow, signal, quantity, worth: 1)
        case .temperature: climate(value, temperature, roomTemperature, signal, quantity)
        case .humidity: climate(value, humidity, roomHumidity, signal, quantity)
        }
    }

    private static func inside(
        _ value: Int64, _ range: ClosedRange<Int64>, _ signal: String, _ quantity: Quantity, worth points: Int
    ) -> Verdict {
        let text = "\(signal) \(ValueText.text(value, of: quantity))"
        guard range.contains(value) else { return Verdict(points: -4, reason: "\(text) is impossible in a home") }
        return Verdict(points: value == 0 ? 0 : points)
    }

    private static func voltage(_ value: Int64, _ signal: String) -> Verdict {
        let text = "\(signal) \(ValueText.text(value, of: .voltage))"
        if mains.contains(where: { $0.contains(value) }) { return Verdict(points: 3, reason: "\(text) is mains") }
        // A phase that is not connected shows next to nothing.
        if (0...5_000).contains(value) { return Verdict(points: 0) }
        return Verdict(points: -3, reason: "\(text) is no mains voltage")
    }

    private static func frequency(_ value: Int64, _ signal: String) -> Verdict {
        let text = "\(signal) \(ValueText.text(value, of: .frequency))"
        if grids.contains(where: { $0.contains(value) }) { return Verdict(points: 4, reason: "\(text) is the grid's") }
        if value == 0 || frequency.contains(value) { return Verdict(points: 0) }
        return Verdict(points: -5, reason: "\(text) is no grid's frequency")
    }

    private static func climate(
        _ value: Int64, _ range: ClosedRange<Int64>, _ room: ClosedRange<Int64>, _ signal: String, _ quantity: Quantity
    ) -> Verdict {
        let text = "\(signal) \(ValueText.text(value, of: quantity))"
        guard range.contains(value) else { return Verdict(points: -4, reason: "\(text) is impossible") }
        if room.contains(value) { return Verdict(points: 2, reason: "\(text) is a room's") }
        return Verdict(points: value == 0 ? 0 : 1)
    }
}
