// Recorded readings from a file, one row at a time: a year at 10 s is gigabytes and is never held whole.

import Glibc
import LocalRules

/// What is wrong with a recording, and where.
struct RecordingError: Error {
    /// Counted from 1; 0: the file itself cannot be read.
    var line: Int
    var message: String
    var advice: String
}

/// Reads `time,signal,value` after a header line, in the order of the file.
struct RecordedReadings: ~Copyable {
    /// A row is some 60 bytes. What has no line's end for longer is no recording, and is not gathered in memory.
    private static let longestRow = 4096

    // The next four never change; `var` because Swift 6.2 lets no mutating method run in `init` of a type with a `let`.
    private var descriptor: Int32
    private var signals: [[UInt8]: SignalID]
    private var names: [String]
    private var units: [MeasurementUnit?]
    private var buffer: [UInt8] = []
    private var position = 0
    private var line = 0
    private var previous = Int64.min

    /// `path` "-" is standard input. `configuration` names the signals and their units.
    init(path: String, configuration: HomeConfiguration) throws(RecordingError) {
        descriptor = path == "-" ? dup(0) : open(path, O_RDONLY | O_CLOEXEC)
        names = configuration.home.signals.map(\.name)
        signals = Dictionary(uniqueKeysWithValues: names.enumerated().map { (Array($1.utf8), SignalID($0)) })
        units = configuration.units
        guard descriptor >= 0 else { throw unreadable() }
        guard var header = try nextLine() else {
            throw RecordingError(line: 1, message: "the file is empty", advice: "the first line is: time,signal,value")
        }
        // Spreadsheets mark UTF-8 by these three bytes.
        if header.starts(with: [0xEF, 0xBB, 0xBF]) { header = header.dropFirst(3) }
        guard header == Array("time,signal,value".utf8)[...] else {
            throw RecordingError(
                line: 1, message: "the first line is \"\(text(header))\"",
                advice: "it must be the header: time,signal,value")
        }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The next row; nil at the end.
    mutating func next() throws(RecordingError) -> Reading? {
        while let row = try nextLine() {
            if row.isEmpty { continue }
            return try reading(from: row)
        }
        return nil
    }

    private mutating func reading(from row: ArraySlice<UInt8>) throws(RecordingError) -> Reading {
        let fields = row.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard fields.count == 3 else {
            throw fail("\(fields.count) fields instead of 3", "a row is: time,signal,value")
        }
        guard let written = TimeText(fields[0]) else {
            throw fail("\"\(text(fields[0]))\" is no time", "write 2026-01-31T07:00:00+08:00, or Unix seconds")
        }
        guard let signal = signals[Array(fields[1])] else {
            throw fail(
                "no signal is called \"\(text(fields[1]))\"", "the configuration has: \(names.joined(separator: ", "))")
        }
        let milliseconds = written.resolve(notBefore: previous)
        guard milliseconds >= previous else {
            throw fail("time goes back at \"\(text(fields[0]))\"", "sort the file by time")
        }
        previous = milliseconds
        let time = Instant(milliseconds: milliseconds)
        if fields[2].isEmpty { return .missing(signal, at: time) }
        guard let decimal = ExactDecimal.parse(text(fields[2])), let value = base(decimal, of: signal) else {
            throw fail("\"\(text(fields[2]))\" is no value", "write a decimal number, or 0 or 1 for an input")
        }
        return Reading(signal: signal, time: time, value: value)
    }

    private func base(_ decimal: ExactDecimal, of signal: SignalID) -> Int64? {
        guard let unit = units[signal.index] else {
            return decimal.places == 0 && (0...1).contains(decimal.digits) ? decimal.digits : nil
        }
        // More digits than the base unit has are rounded, as a register's would be.
        return decimal.scale(by: unit.factor)?.baseUnits(1 as Int64)
    }

    private func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private func fail(_ message: String, _ advice: String) -> RecordingError {
        RecordingError(line: line, message: message, advice: advice)
    }

    /// One line without its end; nil at the end of the file.
    private mutating func nextLine() throws(RecordingError) -> ArraySlice<UInt8>? {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                defer { position = end + 1 }
                line += 1
                return withoutReturn(buffer[position..<end])
            }
            searched = buffer.count - position
            buffer.removeFirst(position)
            position = 0
            guard buffer.count <= RecordedReadings.longestRow else {
                line += 1
                throw fail(
                    "the line is longer than \(RecordedReadings.longestRow) bytes", "is this a text file of such rows?")
            }
            guard try fill() else { break }
        }
        guard !buffer.isEmpty else { return nil }
        position = buffer.count
        line += 1
        return withoutReturn(buffer[...])
    }

    private func withoutReturn(_ row: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        row.last == UInt8(ascii: "\r") ? row.dropLast() : row
    }

    /// False at the end of the file. A read that fails is never taken for it: the rest would be missing unseen.
    private mutating func fill() throws(RecordingError) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        var count = read(descriptor, &chunk, chunk.count)
        while count < 0, errno == EINTR { count = read(descriptor, &chunk, chunk.count) }
        guard count >= 0 else { throw unreadable() }
        buffer += chunk.prefix(count)
        return count > 0
    }

    private func unreadable() -> RecordingError {
        RecordingError(
            line: 0, message: "cannot be read: \(String(cString: strerror(errno)))",
            advice: "name a file that can be read")
    }
}
