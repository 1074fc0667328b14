// Where a scan looks, in which order, and how long that takes. Pure.

import Drivers

struct ScanPlan: Sendable {
    /// One setting of the line (nil: over TCP) and the units that are asked on it.
    struct Leg: Hashable, Sendable {
        var line: SerialLine?
        var units: [UInt8]
    }

    let legs: [Leg]
    let timeoutMilliseconds: Int

    /// - Parameter factory: how the known models leave their makers. What several of them have comes first: the
    ///   factory units on every line, then all other units.
    init(lines: [SerialLine?], units: [UInt8], factory: [SerialSettings], timeoutMilliseconds: Int) {
        self.timeoutMilliseconds = timeoutMilliseconds
        let usual = Set(factory.compactMap(\.unit) + [1])
        let ordered = lines.enumerated().sorted { first, second in
            let votes = (ScanPlan.votes(first.element, factory), ScanPlan.votes(second.element, factory))
            return votes.0 != votes.1 ? votes.0 > votes.1 : first.offset < second.offset
        }
        .map(\.element)
        let first = units.filter(usual.contains)
        let rest = units.filter { !usual.contains($0) }
        let passes = [first, rest].filter { !$0.isEmpty }
        legs = passes.flatMap { units in ordered.map { Leg(line: $0, units: units) } }
    }

    private static func votes(_ line: SerialLine?, _ factory: [SerialSettings]) -> Int {
        guard let line else { return 0 }
        return factory.count {
            $0.baud == line.baud && ($0.parity ?? line.parity) == line.parity
                && ($0.stopBits ?? line.stopBits) == line.stopBits
        }
    }

    var questions: Int { legs.reduce(0) { $0 + $1.units.count } }
    var lines: Int { Set(legs.map(\.line)).count }

    /// What a question costs to which nobody answers.
    func silenceNanoseconds(on line: SerialLine?) -> Int64 {
        /// A question of 8 characters, room for an answer of 7, and the silence between frames.
        let characters: Int64 = 8 + 7 + 4
        let character = line.map {
            BusSettings(
                name: "", transport: .rtu(port: "", baud: $0.baud, parity: $0.parity, stopBits: $0.stopBits)
            ).characterNanoseconds
        }
        return Int64(timeoutMilliseconds) * 1_000_000 + characters * (character ?? 0)
    }

    /// A line that was just opened is listened to for one time-out first: somebody may have asked just before.
    func openingNanoseconds(on line: SerialLine?) -> Int64 {
        line == nil ? 0 : Int64(timeoutMilliseconds) * 1_000_000
    }

    /// If nobody answers at all: every meter makes it longer, by what it takes to find out its model.
    var silentNanoseconds: Int64 { nanoseconds(from: 0) }

    /// The same for what is left after so many questions.
    func nanoseconds(from asked: Int) -> Int64 {
        var skipped = asked
        return legs.reduce(0) { total, leg in
            let left = max(0, leg.units.count - skipped)
            skipped = max(0, skipped - leg.units.count)
            let opening = left == leg.units.count ? openingNanoseconds(on: leg.line) : 0
            return total + opening + Int64(left) * silenceNanoseconds(on: leg.line)
        }
    }
}
