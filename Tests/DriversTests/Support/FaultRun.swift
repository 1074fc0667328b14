import Glibc
import Testing

@testable import Drivers

/// Exchanges with meters that misbehave at random, all of it from one seed.
///
/// Every word says where it is and when it was asked for: 7 bits of address, 1 of table, 2 of unit, 6 of the
/// exchange's number. Whatever is answered must be this exchange's words to the last bit; an old answer, another
/// unit's or another address' cannot pass.
struct FaultRun<Port: BusPort & ~Copyable>: ~Copyable {
    /// Where meters answer in order they may be later than any quarantine, and nothing tells a late answer under
    /// another's id from an answer of that other: there, `otherUnit` names units that nobody asks.
    private let units: [UInt8]
    let bank: MeterBank
    let timeoutMilliseconds: Int
    private var master: BusMaster<WatchedPort<Port>>
    private let log: SilenceLog
    private var random: SeededRandom
    private(set) var tally = FaultTally()

    init(settings: BusSettings, port: consuming Port, bank: MeterBank, timeoutMilliseconds: Int, seed: UInt64) {
        let log = SilenceLog()
        self.log = log
        self.bank = bank
        units = bank.answersInOrder ? [5, 7, 9] : [5, 6, 7]
        self.timeoutMilliseconds = timeoutMilliseconds
        random = SeededRandom(seed: seed)
        master = BusMaster(
            settings: settings, port: WatchedPort(port: port, log: log), meters: [], start: BootTime(nanoseconds: 0))
    }

    /// - Parameter faults: what may happen, beside nothing at all.
    mutating func run(exchanges: Int, faults: (Int) -> [MeterFault]) {
        var drought = 0
        for number in 0..<exchanges {
            let unit = units.randomElement(using: &random)!
            let isSound = Int.random(in: 0..<100, using: &random) < 55
            let fault = isSound ? .none : faults(timeoutMilliseconds).randomElement(using: &random)!
            let table = [ModbusTable.holding, .input].randomElement(using: &random)!
            let address = UInt16.random(in: 0..<100, using: &random)
            let count = Int.random(in: 1...6, using: &random)
            // As far as a probe may read.
            let words = (0..<12).map { word(unit, table, address + UInt16($0), number) }
            bank.set(unit: unit, table: table, address: address, words: words)
            bank.set(unit: unit, fault: fault)
            // As long as it takes: refusals to ask would prove nothing.
            let reply = master.get(
                unit: unit, table: table, address: address, count: count, timeout: timeoutMilliseconds,
                patience: 100 * timeoutMilliseconds)
            tally.exchanges += 1
            switch reply {
            case .success(.words(let found)):
                tally.values += 1
                if found != Array(words.prefix(count)) {
                    tally.wrong.append(
                        "exchange \(number), unit \(unit), \(fault): \(found), not \(words.prefix(count))")
                }
            case .success(.exception): tally.exceptions += 1
            case .failure: tally.failures += 1
            }
            drought = fault == .none && reply.words == nil ? drought + 1 : 0
            tally.longestDrought = max(tally.longestDrought, drought)
        }
        tally.longestSilenceMilliseconds = Double(log.longest) / 1e6
    }

    private func word(_ unit: UInt8, _ table: ModbusTable, _ address: UInt16, _ exchange: Int) -> UInt16 {
        (address & 0x7F) << 9 | (table == .input ? 0x100 : 0) | UInt16(units.firstIndex(of: unit)!) << 6
            | UInt16(exchange & 0x3F)
    }
}

/// What came of it.
struct FaultTally: CustomStringConvertible {
    var exchanges = 0
    var values = 0
    var exceptions = 0
    var failures = 0
    var wrong: [String] = []
    /// Sound exchanges that failed for what came before them, in a row.
    var longestDrought = 0
    var longestSilenceMilliseconds = 0.0

    var description: String {
        "\(exchanges) exchanges: \(values) values, \(exceptions) exceptions, \(failures) failures, "
            + "\(wrong.count) wrong; longest silence on the bus \(longestSilenceMilliseconds.rounded()) ms, "
            + "longest row of failures of a sound meter \(longestDrought)"
    }
}

/// Everything a line may bring, in sizes that fit a time-out.
func everyFault(timeoutMilliseconds: Int) -> [MeterFault] {
    [
        .silent, .damaged, .exception(code: 2), .exception(code: 6), .otherUnit, .truncated(bytes: 1),
        .truncated(bytes: 4),
        .doubled, .echoed, .tooLong(bytes: 1), .tooLong(bytes: 40), .wrongFunction, .wrongByteCount,
        .late(milliseconds: timeoutMilliseconds / 2), .late(milliseconds: timeoutMilliseconds * 5 / 4),
        .late(milliseconds: timeoutMilliseconds * 7 / 4), .late(milliseconds: timeoutMilliseconds * 3),
        // Slower than a frame can be; 400 ms apart is the same with a time-out of a second.
        .dripping(milliseconds: max(50, timeoutMilliseconds * 2 / 5)), .babbling(milliseconds: timeoutMilliseconds / 2),
        .babbling(milliseconds: timeoutMilliseconds * 2),
    ]
}

/// How long nothing was on the wire.
final class SilenceLog: @unchecked Sendable {
    private var last: Int64?
    private(set) var longest: Int64 = 0

    func heard(at now: Int64) {
        if let last { longest = max(longest, now - last) }
        last = now
    }
}

/// A port whose traffic is logged.
struct WatchedPort<Port: BusPort & ~Copyable>: BusPort, ~Copyable {
    private var port: Port
    private let log: SilenceLog

    init(port: consuming Port, log: SilenceLog) {
        self.port = port
        self.log = log
    }

    var now: Int64 { port.now }
    mutating func open() throws(BusError) { try port.open() }
    mutating func send(_ bytes: [UInt8]) -> Int32 {
        log.heard(at: port.now)
        return port.send(bytes)
    }
    mutating func receive(into bytes: inout [UInt8], until deadline: Int64) -> Int32 {
        let before = bytes.count
        let failure = port.receive(into: &bytes, until: deadline)
        if bytes.count > before { log.heard(at: port.now) }
        return failure
    }
    mutating func wait(until deadline: Int64) { port.wait(until: deadline) }
    mutating func close() { port.close() }
}
