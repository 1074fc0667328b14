// What `read` prints.

import Drivers

struct ReadReport {
    let target: ReadTarget
    var usesColour = false
    var language = Language.en

    /// A line a register: name, place, raw words, value or why there is none, round trip.
    func lines(_ results: [RegisterResult]) -> [String] {
        let width = results.map(\.name.count).max() ?? 0
        let wordWidth = results.map { max(6, $0.words.count * 7 - 1) }.max() ?? 6
        return results.map { result in
            let place = pad("\(result.table.rawValue) 0x\(Hexadecimal.digits(result.address, 4))", 15)
            let words = pad(Hexadecimal.words(result.words), wordWidth)
            let value = pad(text(result), 18)
            let tint = result.isRead ? value : usesColour ? "\u{1B}[33m\(value)\u{1B}[0m" : value
            return
                "\(pad(result.name, width))  \(place)  \(words)  \(tint)  \(result.roundTripNanoseconds / 1_000_000) ms"
        }
    }

    private func text(_ result: RegisterResult) -> String {
        switch result.outcome {
        case .value(let text, _): text
        case .noValue(let reason): translated("no value: \(reason)", to: language)
        case .refused(let exception): translated("refused: \(exception.text)", to: language)
        case .failed(let error): translated("not read: \(error.message)", to: language)
        }
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.columns))
    }

    static func line(_ frame: TracedFrame, in language: Language = .en) -> String {
        let milliseconds = frame.sinceStartNanoseconds / 1_000_000
        let seconds =
            "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - String(milliseconds % 1000).count))\(milliseconds % 1000)"
        let bytes = frame.bytes.isEmpty ? translated("(nothing)", to: language) : Hexadecimal.text(frame.bytes)
        return "\(seconds) s \(frame.isSent ? ">" : "<") \(bytes)   \(translated(frame.meaning, to: language))"
    }

    func summary(_ reading: MeterReading, _ results: [RegisterResult]) -> String {
        let read = results.count { $0.isRead }
        var parts = ["\(target.title): \(read) of \(results.count) registers read"]
        if let trip = reading.roundTripMilliseconds {
            parts.append("round trip \(trip.p50) ms (median), \(trip.longest) ms at most")
        }
        parts.append("\(reading.requests) requests, \(reading.failures) without an answer")
        return translated(parts.joined(separator: "; "), to: language)
    }

    /// One JSON object.
    func json(_ reading: MeterReading, _ results: [RegisterResult], withFrames: Bool) -> PlainValue {
        var entries: PlainEntries = [
            ("meter", .string(target.plan.name.isEmpty ? target.title : target.plan.name)),
            ("bus", .string(target.settings.name)),
            ("port", .string(target.settings.place)), ("unit", .integer(Int64(target.plan.unit))),
            ("registers", .list(results.map(json))), ("requests", .integer(Int64(reading.requests))),
            ("failures", .integer(Int64(reading.failures))),
        ]
        if let trip = reading.roundTripMilliseconds {
            entries.append(("roundTripP50Milliseconds", .integer(trip.p50)))
            entries.append(("roundTripMaxMilliseconds", .integer(trip.longest)))
        }
        if withFrames { entries.append(("frames", .list(reading.frames.map(json)))) }
        return .table(entries)
    }

    private func json(_ result: RegisterResult) -> PlainValue {
        var entries: PlainEntries = [
            ("name", .string(result.name)), ("table", .string(result.table.rawValue)),
            ("address", .integer(Int64(result.address))), ("words", .list(result.words.map { .integer(Int64($0)) })),
            ("roundTripMicroseconds", .integer(result.roundTripNanoseconds / 1000)),
        ]
        switch result.outcome {
        case .value(let text, let base?):
            entries += [("value", .string(text)), ("baseUnits", .integer(base))]
        // A bare number has no unit.
        case .value(let text, nil): entries.append(("value", .number(text)))
        case .noValue(let reason): entries.append(("noValue", .string(reason)))
        case .refused(let exception): entries.append(("exception", .integer(Int64(exception.code))))
        case .failed(let error):
            entries += [("error", .string(error.message)), ("advice", .string(error.advice))]
        }
        return .table(entries)
    }

    private func json(_ frame: TracedFrame) -> PlainValue {
        .table([
            ("direction", .string(frame.isSent ? "sent" : "received")),
            ("microseconds", .integer(frame.sinceStartNanoseconds / 1000)),
            ("bytes", .string(Hexadecimal.text(frame.bytes))), ("meaning", .string(frame.meaning)),
        ])
    }
}
