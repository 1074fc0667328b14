// A snapshot may hold any number: the disk was damaged, or another version wrote it. Nothing may trap.

import Foundation
import Testing

@testable import LocalRules

@Suite("Damaged snapshots") struct DamagedSnapshotTests {
    @Test(
        "Absurd moments in every place, one after the other and all at once",
        arguments: [Int64.min, .min + 1, -1, 0, .max / 2, .max - 1, .max])
    func absurd(number: Int64) throws {
        var world = World(seed: 7)
        var engine = RuleEngine(home: world.home, at: midnight)
        for _ in 0..<400 { _ = engine.observe(world.next()) }
        let good = try encoded(engine.snapshot)
        let tree = try JSONSerialization.jsonObject(with: good)
        // The moments of this world are numbers of this size; spans and registers are smaller.
        var places = 0
        _ = replacing(tree, number, only: nil, &places)
        let step = max(1, places / 40)
        for place in Array(stride(from: 0, to: places, by: step)) + [-1] {
            var count = 0
            let damaged = replacing(tree, number, only: place < 0 ? nil : place, &count)
            let data = try JSONSerialization.data(withJSONObject: damaged)
            guard let snapshot = try? JSONDecoder().decode(EngineSnapshot.self, from: data) else { continue }
            var engine = RuleEngine(home: world.home, restoring: snapshot, at: world.time)
            _ = engine.advance(to: world.time + .hours(1))
            _ = engine.observe(Reading(signal: SignalID(0), time: world.time + .hours(2), value: 5))
            _ = engine.setWallClock(offset: .days(3), trust: .synchronised, at: world.time + .hours(2))
            _ = engine.advance(to: world.time + .hours(3))
            _ = engine.ruleReports().map(\.reason)
            _ = try encoded(engine.snapshot)
        }
    }

    /// Every number (or the `only`-th) in a JSON tree made `number`.
    private func replacing(_ tree: Any, _ number: Int64, only place: Int?, _ count: inout Int) -> Any {
        switch tree {
        case let dictionary as [String: Any]:
            var copy = dictionary
            for key in dictionary.keys.sorted() where key != "version" {
                copy[key] = replacing(dictionary[key] ?? 0, number, only: place, &count)
            }
            return copy
        case let array as [Any]: return array.map { replacing($0, number, only: place, &count) }
        case let value as NSNumber where !isBoolean(value):
            defer { count += 1 }
            return place == nil || place == count ? NSNumber(value: number) : value
        default: return tree
        }
    }

    /// JSONSerialization gives true and false as numbers, too.
    private func isBoolean(_ value: NSNumber) -> Bool { String(cString: value.objCType) == "c" }

    @Test("Sums and differences end where 64 bits end")
    func clamped() {
        let (first, last) = (Instant(milliseconds: .min), Instant(milliseconds: .max))
        #expect(last + .days(1) == last && first - .days(1) == first)
        #expect(last - first == Span(milliseconds: .max) && first - last == Span(milliseconds: .min))
        #expect(Span(milliseconds: .max) * 3 == Span(milliseconds: .max))
        #expect(Span(milliseconds: .min) * 3 == Span(milliseconds: .min))
        #expect(Span(milliseconds: .max) * -3 == Span(milliseconds: .min))
    }
}
