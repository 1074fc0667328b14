// What every outbox does, whatever is behind it. One suite; disk, memory, and both together.

import Foundation
import LocalRules
import TestPeers
import Testing

@testable import Upstream

let someStamp = Stamp(
    wallMilliseconds: 1_767_268_800_000, bootMilliseconds: 5000, bootID: "boot-1", trust: .synchronised)

func draft(_ id: String, _ lane: Lane = .event, alert: String? = nil, bytes: Int = 3) -> Draft {
    Draft(
        id: id, lane: lane, topic: ["alerts", "events", "readings"][lane.rawValue], alert: alert,
        body: [UInt8](repeating: 7, count: bytes), stamp: someStamp)
}

enum OutboxKind: CaseIterable { case memory, sqlite, resilient, resilientInMemory }

/// One thing that every outbox does.
protocol OutboxCheck {
    func run<Store: Outbox & ~Copyable>(_ outbox: inout Store) throws
}

extension OutboxCheck {
    func run(on kind: OutboxKind) throws {
        let folder = try ScratchFolder()
        switch kind {
        case .memory:
            var outbox = MemoryOutbox(floor: 100)
            try run(&outbox)
        case .sqlite:
            var outbox = try SQLiteOutbox(directory: folder.path, floor: 100)
            try run(&outbox)
        case .resilient:
            var outbox = ResilientOutbox(directory: folder.path, floor: 100)
            try run(&outbox)
            #expect(outbox.takeEvents() == [])
        case .resilientInMemory:
            var outbox = ResilientOutbox(directory: nil, floor: 100)
            try run(&outbox)
            #expect(outbox.takeEvents() == [])
        }
    }
}

@Suite struct OutboxConformance {
    @Test(arguments: OutboxKind.allCases) func numbersGrowFromTheFloor(_ kind: OutboxKind) throws {
        struct Check: OutboxCheck {
            func run<Store: Outbox & ~Copyable>(_ outbox: inout Store) throws {
                let first = try outbox.commit([draft("a"), draft("b", .alarm)], states: [:], removing: [])
                let second = try outbox.commit([draft("c", .reading)], states: [:], removing: [])
                #expect(first.map(\.sequence) == [100, 101])
                #expect(second.map(\.sequence) == [102])
                #expect(first.map(\.draft.id) == ["a", "b"])
            }
        }
        try Check().run(on: kind)
    }

    @Test(arguments: OutboxKind.allCases) func aRecordComesBackAsItWas(_ kind: OutboxKind) throws {
        struct Check: OutboxCheck {
            func run<Store: Outbox & ~Copyable>(_ outbox: inout Store) throws {
                var full = draft("a", .alarm, alert: "panic/2026-01-01T12:00:00Z")
                full.body = [0, 255, 1, 0]
                full.stamp.trust = .rtc
                var empty = draft("b", .alarm)
                empty.body = []
                let stored = try outbox.commit([full, empty], states: [:], removing: [])
                #expect(try outbox.records(in: .alarm, after: 0, limit: 10) == stored)
                #expect(stored.map(\.draft) == [full, empty])
            }
        }
        try Check().run(on: kind)
    }

    @Test(arguments: OutboxKind.allCases) func lanesAreReadApartAndInPages(_ kind: OutboxKind) throws {
        struct Check: OutboxCheck {
            func run<Store: Outbox & ~Copyable>(_ outbox: inout Store) throws {
                for number in 0..<6 {
                    _ = try outbox.commit(
                        [draft("e\(number)"), draft("r\(number)", .reading)], states: [:], removing: [])
                }
                let page = try outbox.records(in: .event, after: 0, limit: 4)
                #expect(page.map(\.draft.id) == ["e0", "e1", "e2", "e3"])
                let rest = try outbox.records(in: .event, after: page[3].sequence, limit: 4)
                #expect(rest.map(\.draft.id) == ["e4", "e5"])
                #expect(try outbox.records(in: .alarm, after: 0, limit: 4).isEmpty)
                #expect(try outbox.depths() == [.alarm: 0, .event: 6, .reading: 6])
            }
        }
        try Check().run(on: kind)
    }

    @Test(arguments: OutboxKind.allCases) func removedIsGoneAndItsNumberToo(_ kind: OutboxKind) throws {
        struct Check: OutboxCheck {
            func run<Store: Outbox & ~Copyable>(_ outbox: inout Store) throws {
                let stored = try outbox.commit([draft("a"), draft("b"), draft("c")], states: [:], removing: [])
                _ = try outbox.commit([], states: [:], removing: [stored[1].sequence, stored[2].sequence, 9999])
                #expect(try outbox.records(in: .event, after: 0, limit: 9).map(\.draft.id) == ["a"])
                let next = try outbox.commit([draft("d")], states: [:], removing: [stored[0].sequence])
                #expect(next[0].sequence > stored[2].sequence)
                #expect(try outbox.records(in: .event, after: 0, limit: 9) == next)
            }
        }
        try Check().run(on: kind)
    }

    @Test(arguments: OutboxKind.allCases) func statesAreReplacedByName(_ kind: OutboxKind) throws {
        struct Check: OutboxCheck {
            func run<Store: Outbox & ~Copyable>(_ outbox: inout Store) throws {
                #expect(try outbox.state("engine") == nil)
                _ = try outbox.commit([], states: ["engine": [1, 2], "clock": []], removing: [])
                _ = try outbox.commit([draft("a")], states: ["engine": [3]], removing: [])
                #expect(try outbox.state("engine") == [3])
                #expect(try outbox.state("clock") == [])
            }
        }
        try Check().run(on: kind)
    }
}
