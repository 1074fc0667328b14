// A way to the cloud that is slow, or shut for a month. Virtual time; the disk is real.

import Foundation
import LocalRules
import TestPeers
import Testing

@testable import Upstream

private let encoder = WireEncoder(home: "h1")

/// A large home: thirty signals with a point a minute, three records an hour.
private let signals = (1...30).map {
    SignalModel(name: "meter-\($0).energy", source: .meter(.energy), silentAfter: nil)
}

private func readings(hour: Int, part: Int) throws -> Draft {
    var readings: [Reading] = []
    for minute in 0..<20 {
        let time = Instant(milliseconds: Int64(hour * 60 + part * 20 + minute) * 60_000)
        for signal in signals.indices {
            readings.append(
                Reading(signal: SignalID(signal), time: time, value: Int64(hour * 9000 + minute * 100 + signal)))
        }
    }
    return try encoder.draft(readings, of: signals, stamp: someStamp)
}

private func alarm(_ name: String) throws -> Draft {
    let time = Instant(milliseconds: 0)
    let alert = Alert(
        id: "panic/\(name)", rule: "panic", kind: "input-active", severity: .red, signals: ["panic"],
        reasons: ["panic pressed"], state: .raised, began: time, raised: time)
    return try encoder.draft(.raised, alert, at: time, stamp: someStamp)
}

@Suite(.serialized) struct OfflineTests {
    /// `make offline` plays 30 days, `make test` 3.
    @Test func aMonthWithoutANetworkCostsReadingsOnly() throws {
        let days = ProcessInfo.processInfo.environment["EDGE_AGENT_DAYS"].flatMap { Int($0) } ?? 3
        let folder = try ScratchFolder()
        var dispatcher = Dispatcher(
            outbox: ResilientOutbox(directory: folder.path, floor: 100),
            topics: HomeTopics(prefix: "homes", home: "h1"),
            encoding: .protobuf, mode: .application)
        var alarms: [String] = []
        var residentAfterTwoDays = 0
        var state = [UInt8](repeating: 1, count: 1500)
        for hour in 0..<days * 24 {
            for minute in 0..<60 {
                let now = Int64(hour * 60 + minute) * 60_000
                state[minute] &+= 1
                var drafts = minute % 20 == 19 ? [try readings(hour: hour, part: minute / 20)] : []
                if minute == 30, hour % 2 == 0 {
                    drafts.append(try alarm("\(hour)"))
                    alarms.append(drafts[drafts.count - 1].id)
                }
                _ = try dispatcher.store(drafts, states: ["engine": state])
                #expect(dispatcher.due(at: now).isEmpty)
            }
            if hour == 47 { residentAfterTwoDays = try residentKilobytes() }
        }
        #expect(dispatcher.takeStorageEvents() == [])
        let bytes = try folder.files.reduce(0) { sum, file in
            var information = stat()
            guard stat(folder.path + "/" + file, &information) == 0 else { throw PeerError(message: file) }
            return sum + Int(information.st_blocks) * 512
        }
        let grown = try residentKilobytes() - residentAfterTwoDays
        print(
            "\(days) days offline, 30 signals: \(dispatcher.depths()[.reading] ?? 0) records of readings, "
                + "\(dispatcher.readingsDropped) of \(days * 24 * 1800) points given up, \(bytes / 1024) kB on disk, "
                + "\(grown) kB more memory than after two days")
        #expect(bytes <= Int(UpstreamLimits.databaseBytes + UpstreamLimits.logBytes) + 65_536)
        #expect(grown < 3000)
        #expect(dispatcher.eventsDropped == 0)
        #expect(days < 30 || dispatcher.readingsDropped > 0, "a month of a large home has to be thinned")

        // The network is back: alarms first and in order, then everything else, the oldest sparse.
        dispatcher.linkUp()
        var order: [String] = []
        var slots: [Int64] = []
        var now = Int64(days) * 86_400_000
        while dispatcher.depths().values.reduce(0, +) > 0 {
            let outgoing = dispatcher.due(at: now)
            for one in outgoing {
                let (_, message) = try WireDecoder.decode(topic: one.topic, payload: one.payload)
                if case .readings(let readings) = message {
                    slots.append(readings.thinnedToS)
                } else {
                    order.append(one.recordID)
                }
                if case .alert = message { #expect(slots.isEmpty) }
                dispatcher.pubacked(one.recordID, at: now)
                _ = dispatcher.acknowledged(
                    Acknowledgement(id: one.recordID, level: .accepted, by: "me", atMilliseconds: 0), at: now)
            }
            if outgoing.isEmpty { now = max(now + 1, min(dispatcher.nextDeadline ?? now + 1000, now + 60_000)) }
        }
        #expect(order == alarms)
        #expect(slots == slots.sorted(by: >), "the older, the sparser")
    }

    /// A link that carries 1 kB/s, a backlog of a week: how long a new alarm takes until its last byte is out.
    @Test(arguments: UInt64(1)...20) func aNewAlarmOvertakesABacklogOnASlowLink(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var dispatcher = Dispatcher(
            outbox: ResilientOutbox(directory: nil, floor: 100), topics: HomeTopics(prefix: "homes", home: "h1"),
            encoding: .protobuf, mode: .application)
        for hour in 0..<60 { _ = try dispatcher.store([try readings(hour: hour, part: 0)]) }
        for number in 0..<40 { _ = try dispatcher.store([try alarm("old-\(number)")]) }
        dispatcher.linkUp()
        let pressedAt = Int64.random(in: 1000...90_000, using: &random)
        var pressed: String?
        var pipe: [(id: String, bytes: Int, outAt: Int64)] = []
        var free: Int64 = 0  // when the link has carried everything so far
        var worst: Int64 = 0
        for now in stride(from: Int64(0), through: 120_000, by: 10) {
            if now >= pressedAt, pressed == nil {
                let draft = try alarm("new")
                pressed = draft.id
                _ = try dispatcher.store([draft])
            }
            for one in dispatcher.due(at: now) {
                let bytes = one.topic.utf8.count + one.payload.count + 7
                free = max(free, now) + Int64(bytes)  // 1 kB/s is a byte a millisecond
                pipe.append((one.recordID, bytes, free))
                if one.recordID == pressed { worst = max(worst, free - pressedAt) }
            }
            // The broker answers half a second after the last byte; the cloud accepts the old alarms.
            while let first = pipe.first, first.outAt + 500 <= now {
                pipe.removeFirst()
                dispatcher.pubacked(first.id, at: now)
                if first.id == pressed { break }
                _ = dispatcher.acknowledged(
                    Acknowledgement(id: first.id, level: .accepted, by: "me", atMilliseconds: 0), at: now)
            }
            if worst > 0 { break }
        }
        print("seed \(seed): pressed at \(pressedAt) ms, out \(worst) ms later")
        #expect(worst > 0 && worst < 6000, "seed \(seed)")
    }

    private func residentKilobytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * Int(getpagesize()) / 1024
    }
}
