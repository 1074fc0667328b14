// Rules as timelines: what happens in a home as lines of text, what the agent says as lines of text.
//
// What happens, one line each:
//     20:00          water.volume  +12 L                  a meter's reading, counted on from the last
//     20:00          water.volume  = 0 L                  a meter's reading as it stands on the meter
//     0:00..20:00    water.volume  +12 L every 1h         a reading at each step, both ends included
//     20:00          heat          is 35.5                 a value as it stands: degrees, watts, volts
//     8:15           motion.hall   on                     a line; also off, missing, suspect
//     8:16           accept panic                         somebody accepts the open alert of a rule
//     8:16           level panic received                 the call for help of a rule's alert has come so far
//     8:30           clock +3h                            somebody sets the wall clock; also -3h
//     8:30           clock unknown                        nobody knows whether it is right; also known
//     9:00           restart after 30m                    the agent is gone for half an hour
//     9:00           set away 48h                         somebody sets the home's mode; the time may be left out
//     9:00           walk 4h                              an installer walks through the home; also walk end
//     9:00           tested                               a self-test has found nothing wrong
//     48:00          end                                  time runs on to here
// What the agent says:
//     32:00          raised no-water: 0 m3 in 12 h, limit 0.01 m3
//     32:00          sound alarm
//     9:01           test raised panic: panic: help asked for
// Times count from midnight of 2026-01-01 UTC: h:mm or h:mm:ss, any number of hours.

import Testing

@testable import LocalRules

let midnight = Instant(milliseconds: 1_767_225_600_000)

/// Plays `happenings` in `home` and expects exactly `said`.
func expectTimeline(
    _ home: HomeModel, _ happenings: String, says said: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    var player = Player(home: home)
    player.play(happenings)
    let expected = said.split(separator: "\n").map(words).filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
    #expect(
        player.said.joined(separator: "\n") == expected.joined(separator: "\n"), sourceLocation: sourceLocation)
}

struct Player {
    var engine: RuleEngine
    private(set) var said: [String] = []
    private var registers: [String: Int64] = [:]

    init(home: HomeModel) { engine = RuleEngine(home: home, at: midnight) }

    mutating func play(_ text: String) {
        let actions = text.split(separator: "\n").map(words).filter { !$0.isEmpty }.flatMap(actions)
        // Stable: lines of one moment happen in the order in which they are written.
        for action in actions.enumerated().sorted(by: { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }) {
            perform(action.element)
        }
    }

    struct Action {
        var time: Instant
        var words: [String]
    }

    private func actions(_ line: [String]) -> [Action] {
        let ends = line[0].components(separatedBy: "..").map(instant)
        guard ends.count == 2 else { return [Action(time: ends[0], words: Array(line.dropFirst()))] }
        let step = span(line[line.count - 1])
        return stride(from: ends[0].milliseconds, through: ends[1].milliseconds, by: Int(step.milliseconds)).map {
            Action(time: Instant(milliseconds: $0), words: Array(line[1..<(line.count - 2)]))
        }
    }

    private mutating func perform(_ action: Action) {
        let (time, words) = (action.time, action.words)
        switch words[0] {
        case "end":
            hear(engine.advance(to: time))
        case "clock":
            hear(setClock(words[1], at: time))
        case "accept":
            guard let alert = engine.openAlerts.first(where: { $0.rule == words[1] }) else {
                Issue.record("\(clock(time)) no open alert of \(words[1])")
                return
            }
            hear(engine.accept(alert: alert.id, by: "Li", at: time))
        case "level":
            let alert = engine.openAlerts.first { $0.rule == words[1] }?.id ?? words[1]
            hear(engine.delivered(alert: alert, level: DeliveryLevel(rawValue: words[2])!, at: time))
        case "restart":
            hear(engine.advance(to: time))
            engine = RuleEngine(
                home: engine.home, restoring: encodedAndDecoded(engine.snapshot), at: time + span(words[2]))
            hear(engine.advance(to: time + span(words[2])))
        case "set":
            let until = words.count > 2 ? time + span(words[2]) : nil
            hear(engine.setMode(HomeMode(rawValue: words[1])!, until: until, by: "Li", at: time))
        case "walk" where words[1] == "end": hear(engine.endWalk(by: "Li", at: time))
        case "walk": hear(engine.beginWalk(until: time + span(words[1]), by: "Li", at: time))
        case "tested": hear(engine.recordTest(by: "Li", at: time))
        default:
            hear(engine.observe(reading(words, at: time)))
            hear(engine.advance(to: time))
        }
    }

    private mutating func setClock(_ word: String, at time: Instant) -> [Directive] {
        let (offset, trust) = (engine.clock.offset, engine.clock.trust)
        switch word {
        case "unknown": return engine.setWallClock(offset: offset, trust: .none, at: time)
        case "known": return engine.setWallClock(offset: offset, trust: .synchronised, at: time)
        default:
            let step = span(String(word.dropFirst()))
            return engine.setWallClock(
                offset: word.first == "-" ? offset - step : offset + step, trust: trust, at: time)
        }
    }

    private mutating func reading(_ words: [String], at time: Instant) -> Reading {
        guard let index = engine.home.signals.firstIndex(where: { $0.name == words[0] }) else {
            preconditionFailure("no signal \(words[0]) in this home")
        }
        let signal = SignalID(index)
        switch words[1] {
        case "on": return Reading(signal: signal, time: time, value: 1)
        case "off": return Reading(signal: signal, time: time, value: 0)
        case "missing": return .missing(signal, at: time)
        case "suspect": return Reading(signal: signal, time: time, value: 0, quality: .suspect)
        case "is": return Reading(signal: signal, time: time, value: millis(words[2]))
        case "=": registers[words[0]] = millis(words[2])
        default: registers[words[0], default: 5_000_000] += millis(String(words[1].dropFirst()))
        }
        return Reading(signal: signal, time: time, value: registers[words[0]] ?? 0)
    }

    mutating func hear(_ directives: [Directive]) {
        said += directives.map(line)
    }
}

/// One directive as a line of a timeline.
func line(_ directive: Directive) -> String {
    switch directive {
    case .sound(let pattern): "sound \(pattern.rawValue)"
    case .alert(let event, let alert, let time):
        "\(clock(time)) \(alert.isTest ? "test " : "")\(event.rawValue) \(alert.rule): \(alert.reasons.joined(separator: "; "))"
    case .fallback(let alert, let time): "\(clock(time)) fallback \(alert)"
    case .resend(let alert, let time): "\(clock(time)) resend \(alert)"
    case .relay(let name, let isOn): "relay \(name) \(isOn ? "on" : "off")"
    case .note(let note): "\(clock(note.time)) note \(note.code): \(note.text)"
    }
}

// MARK: - Words

private func words(_ line: Substring) -> [String] { line.split(separator: " ").map(String.init) }

/// "20:00" or "20:00:05" after midnight of the first day.
func instant(_ text: String) -> Instant {
    let parts = text.split(separator: ":").map { Int64($0)! }
    return midnight + .hours(parts[0]) + .minutes(parts[1]) + .seconds(parts.count > 2 ? parts[2] : 0)
}

func clock(_ time: Instant) -> String {
    let seconds = (time - midnight).milliseconds / 1000
    func two(_ n: Int64) -> String { n < 10 ? "0\(n)" : "\(n)" }
    let text = "\(seconds / 3600):\(two(seconds / 60 % 60))"
    return seconds % 60 == 0 ? text : text + ":" + two(seconds % 60)
}

/// "10s", "30m", "1h"
private func span(_ text: String) -> Span {
    let count = Int64(text.dropLast())!
    switch text.last {
    case "s": return .seconds(count)
    case "m": return .minutes(count)
    default: return .hours(count)
    }
}

/// Litres or watt-hours with up to three decimals, in base units.
private func millis(_ text: String) -> Int64 {
    let parts = text.split(separator: ".")
    let fraction = parts.count > 1 ? (parts[1] + "000").prefix(3) : "0"
    return Int64(parts[0])! * 1000 + Int64(fraction)!
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [String] {
        split(separator: separator).map(String.init)
    }
}
