// Reads a second against a plain C loop over libmodbus: the same registers of the same server, which is libmodbus'
// own, round about.

import Drivers
import Glibc
import PlainModbus

/// Many short rounds, in turns: what else the machine does falls on all contestants alike.
private let rounds = 201
private let readsPerRound = 1000
private let registersPerRead = 10
private let unit: UInt8 = 1
/// A little is lost to values, plans and judgements of answers; more would be carelessness.
private let leastRatio = 0.9

func throughputAgainstC() throws -> Bool {
    let port = plain_server_start()
    guard port > 0 else { throw BrokenMeasurement(message: "the server does not start: errno \(errno)") }
    say(
        "Throughput: \(rounds) rounds of \(readsPerRound) reads of \(registersPerRead) registers, Modbus TCP over "
            + "loopback, libmodbus' own server; medians (and quartiles)")
    let plainLoop = try PlainLoop(port)
    var byHand = ByHand(port)
    var onSchedule = OnSchedule(port)
    var plain: [Expense] = []
    var read: [Expense] = []
    var polled: [Expense] = []
    for _ in 0..<rounds {
        plain.append(try plainLoop.round())
        read.append(try byHand.round())
        polled.append(try onSchedule.round())
    }
    tell("plain C, libmodbus", plain)
    let readRatio = compare("BusMaster.read", read, with: plain)
    let polledRatio = compare("BusMaster.step", polled, with: plain)
    return report(
        "reads a second at least \(leastRatio) of plain C's, by hand and on a schedule",
        isMet: readRatio >= leastRatio && polledRatio >= leastRatio)
}

// MARK: Contestants

private struct PlainLoop: ~Copyable {
    private let context: UnsafeMutableRawPointer

    init(_ port: Int32) throws {
        guard let context = plain_connect(port, Int32(unit)) else {
            throw BrokenMeasurement(message: "plain C cannot connect: errno \(errno)")
        }
        self.context = context
    }

    deinit { plain_close(context) }

    func round() throws -> Expense {
        var right: Int32 = 0
        let expense = Expense { right = plain_read(context, 0, Int32(registersPerRead), Int32(readsPerRound)) }
        try expect(Int(right), of: "plain C")
        return expense
    }
}

/// What `edge-agent read` does.
private struct ByHand: ~Copyable {
    private var master: BusMaster<StreamPort>
    private let words = (0..<UInt16(registersPerRead)).map { $0 }

    init(_ port: Int32) { master = bus(port, meters: []) }

    mutating func round() throws -> Expense {
        var right = 0
        let expense = Expense {
            for _ in 0..<readsPerRound {
                let answer = master.read(
                    unit: unit, table: .holding, address: 0, count: registersPerRead, timeoutMilliseconds: 1000)
                if case .success(.words(words)) = answer.reply { right += 1 }
            }
        }
        try expect(right, of: "BusMaster.read")
        return expense
    }
}

/// What the daemon does: schedule, plan, exchange, values.
private struct OnSchedule: ~Copyable {
    private var master: BusMaster<StreamPort>
    private var looks: Int64 = 0

    init(_ port: Int32) {
        let registers = (0..<registersPerRead).map {
            RegisterPlan(channel: Channel($0), table: .holding, address: UInt16($0), type: .u16, order: .ABCD)
        }
        master = bus(
            port, meters: [MeterPlan(name: "meter", unit: unit, pollMilliseconds: 1, registers: registers)])
    }

    mutating func round() throws -> Expense {
        var right = 0
        let expense = Expense {
            for _ in 0..<readsPerRound {
                // The clock runs so fast that the meter is always due.
                let samples = master.step(clock: {
                    looks += 1
                    return BootTime(nanoseconds: nanoseconds(of: CLOCK_BOOTTIME)).advanced(milliseconds: looks)
                })
                if samples.count == registersPerRead, samples.allSatisfy(\.isRight) { right += 1 }
            }
        }
        try expect(right, of: "BusMaster.step")
        return expense
    }
}

private func bus(_ port: Int32, meters: [MeterPlan]) -> BusMaster<StreamPort> {
    let settings = BusSettings(name: "net", transport: .tcp(host: "127.0.0.1", port: Int(port)))
    return BusMaster(
        settings: settings, port: StreamPort(settings: settings), meters: meters, start: BootTime(nanoseconds: 0))
}

extension Sample {
    /// The server's register n holds n.
    fileprivate var isRight: Bool { outcome == .value(.integer(Int64(channel.index))) }
}

private func expect(_ right: Int, of who: String) throws {
    guard right == readsPerRound else {
        throw BrokenMeasurement(message: "\(who): only \(right) of \(readsPerRound) reads were answered rightly")
    }
}

// MARK: Numbers

private func tell(_ who: String, _ expenses: [Expense]) {
    let reads = Spread(expenses.map { Double(readsPerRound) * 1e9 / Double($0.elapsedNanoseconds) })
    let computed = Spread(expenses.map { Double($0.computedNanoseconds) / Double(readsPerRound) / 1000 })
    say("  \(who): \(reads.text(decimals: 0)) reads/s, \(computed.text(decimals: 1)) µs of CPU a read")
}

/// The ratio of medians.
private func compare(_ who: String, _ ours: [Expense], with plain: [Expense]) -> Double {
    tell(who, ours)
    func ratio(_ expense: KeyPath<Expense, Int64>) -> Double {
        Spread(plain.map { Double($0[keyPath: expense]) }).median
            / Spread(ours.map { Double($0[keyPath: expense]) }).median
    }
    let rounds = Spread(zip(ours, plain).map { Double($1.elapsedNanoseconds) / Double($0.elapsedNanoseconds) })
    let reads = ratio(\.elapsedNanoseconds)
    say(
        "    against plain C: \(reads.formatted(decimals: 3)), round by round \(rounds.text(decimals: 3)); "
            + "by CPU \(ratio(\.computedNanoseconds).formatted(decimals: 3))")
    return reads
}
