// A home in virtual time: samples and moments in, effects out as lines of text.

import Drivers
import LocalRules
import Upstream

@testable import EdgeAgent

/// 2026-01-01T00:00:00Z
let midnight = Instant(milliseconds: 1_767_225_600_000)

/// A water meter polled every 10 s, a panic button, a motion sensor, a siren.
let smallHome =
    homeHead + waterMeter + """
        [[input]]
        name = "panic"
        kind = "panic"
        line = "GPIO24"
        [[input]]
        name = "motion.bedroom"
        kind = "motion"
        line = "GPIO17"
        [[output]]
        name = "siren"
        kind = "siren"
        line = "GPIO27"
        [[rule]]
        name = "no-water"
        kind = "low-use"
        signal = "water.volume"
        window = "12h"
        below = "0.01 m3"

        """

extension Stamp {
    static let test = Stamp(wallMilliseconds: 5, bootMilliseconds: 7, bootID: "boot-1", trust: .synchronised)
}

/// A `HomeCore` and what was last done to it.
struct CorePlayer {
    let configuration: HomeConfiguration
    var core: HomeCore

    init(_ text: String = smallHome, restoring stored: [String: [UInt8]] = [:], at start: Instant = midnight) throws {
        configuration = try load(text)
        core = HomeCore(configuration: configuration, restoring: stored, at: start)
    }

    func channel(_ name: String) -> Channel {
        Channel(configuration.home.signals.firstIndex { $0.name == name } ?? -1)
    }

    mutating func take(_ name: String, _ outcome: Sample.Outcome, at time: Instant) -> [HomeEffect] {
        let sample = Sample(channel: channel(name), time: BootTime(nanoseconds: 0), outcome: outcome)
        return core.take([(sample, time)], stamp: { .test })
    }

    mutating func take(_ name: String, _ value: Int64, at time: Instant) -> [HomeEffect] {
        take(name, .value(.integer(value)), at: time)
    }

    mutating func advance(to time: Instant) -> [HomeEffect] { core.advance(to: time, stamp: { .test }) }
}

extension HomeCore {
    /// As the outbox would keep it.
    var states: [String: [UInt8]] { memory.states }
}

extension [HomeEffect] {
    /// One line each; a record is told as `listen` would tell it.
    var lines: [String] {
        map { effect in
            switch effect {
            case .sound(let pattern): "sound \(pattern.rawValue)"
            case .relay(let name, let isOn): "relay \(name) \(isOn ? "on" : "off")"
            case .fallback(let alert): "fallback \(alert)"
            case .resend(let alert): "resend \(alert)"
            case .withdraw(let alert): "withdraw \(alert)"
            case .store(let drafts, let memory): "store \(drafts.map(\.text)) with \(memory.states.keys.sorted())"
            case .heartbeat: "heartbeat"
            case .savePower(let isSaving): "save power \(isSaving)"
            case .said(let event, let alert, _): "said \(event.rawValue) \(alert.rule)"
            case .fault(.began(let message, _)): "began: \(message)"
            case .fault(.ended(let message)): "ended: \(message)"
            case .note(let note): "note \(note.code)"
            case .reply(let reply, let bundle): "reply \(reply.line)\(bundle.map { " with \($0)" } ?? "")"
            case .order(let order): "order \(order)"
            }
        }
    }

    var drafts: [Draft] {
        flatMap { effect -> [Draft] in
            if case .store(let drafts, _) = effect { drafts } else { [] }
        }
    }

    /// The states of the only store.
    var states: [String: [UInt8]] {
        for case .store(_, let memory) in self { return memory.states }
        return [:]
    }

    /// The points of all batches of readings: "water.volume 60 s 5000".
    var points: [String] {
        drafts.flatMap { draft -> [String] in
            guard case .readings(let message)? = draft.message else { return [] }
            return message.series.flatMap { series in
                series.points.map { pointLine(series.signal, $0.time, $0.value) }
            }
        }
    }
}

private func pointLine(_ signal: String, _ milliseconds: Int64, _ value: Int64) -> String {
    "\(signal) \((milliseconds - midnight.milliseconds) / 1000) s \(value)"
}

extension Draft {
    fileprivate var message: WireMessage? {
        try? WireDecoder.decode(topic: "homes/h-1/\(topic)", payload: body).message
    }

    fileprivate var text: String {
        message.map { MessageText.line(home: "h-1", $0) } ?? "unreadable"
    }
}

extension CommandReply {
    /// "refused expired c-0000001: it expired …"
    var line: String { "\(outcome.rawValue) \(code.rawValue)\(isRepeated ? " again" : "") \(id): \(text)" }
}
