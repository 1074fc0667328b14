// How much of a serial line's time is frames, when one question follows the other.

import Drivers
import Glibc

private let baud = 9600
private let unit: UInt8 = 1
/// Long enough that a scheduler's hiccup does not show.
private let seconds = 20
private let lengths = [2, 10, 60, 125]
/// With the longest answers; with short ones the standard's own silences take more.
private let leastShare = 0.95

/// A start bit, eight data bits, a stop bit.
private let characterSeconds = 10 / Double(baud)
/// Between question and answer, and between answer and the next question (Modbus over Serial Line 1.02, 2.5.1.1).
private let silentCharacters = 2 * 3.5

func pacedLine() throws -> Bool {
    say("Paced line: \(baud) baud, 8N1, one question after the other for \(seconds) s, a meter that thinks for 0 ms")
    let line = try Line(baud: baud)
    defer { line.end() }
    line.bank.set(unit: unit, table: .holding, address: 0, words: [UInt16](repeating: 0xA55A, count: 125))
    var share = 0.0
    for length in lengths {
        // unit, function, address, count, CRC; unit, function, byte count, data, CRC
        let characters = Double(8 + 5 + 2 * length)
        let ceiling = characters / (characters + silentCharacters)
        let (reads, elapsed) = try readBackToBack(line, length)
        share = Double(reads) * characters * characterSeconds / elapsed
        say(
            "  \(length) registers a read: \((Double(reads) / elapsed).formatted(decimals: 1)) reads/s, "
                + "frames fill \((share * 100).formatted(decimals: 1)) % of the time; the silences alone leave "
                + "\((ceiling * 100).formatted(decimals: 1)) %")
    }
    return report(
        "with \(lengths.last!) registers a read, at least \((leastShare * 100).formatted(decimals: 0)) %",
        isMet: share >= leastShare)
}

private func readBackToBack(_ line: borrowing Line, _ length: Int) throws -> (reads: Int, elapsedSeconds: Double) {
    var master = BusMaster(
        settings: line.settings, port: StreamPort(settings: line.settings), meters: [],
        start: BootTime(nanoseconds: 0))
    var reads = 0
    let start = nanoseconds(of: CLOCK_MONOTONIC)
    var elapsed: Int64 = 0
    while elapsed < Int64(seconds) * 1_000_000_000 {
        let answer = master.read(unit: unit, table: .holding, address: 0, count: length, timeoutMilliseconds: 1000)
        guard case .success(.words) = answer.reply else {
            throw BrokenMeasurement(message: "a read of \(length) registers failed: \(answer.reply)")
        }
        reads += 1
        elapsed = nanoseconds(of: CLOCK_MONOTONIC) - start
    }
    return (reads, Double(elapsed) / 1e9)
}
