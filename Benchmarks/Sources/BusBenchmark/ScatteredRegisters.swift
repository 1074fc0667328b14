// One meter with many quantities: as few requests as the plan allows, against one request a quantity.

import Drivers
import Glibc
import PlainModbus

/// Where 83 quantities of an Eastron SDM630 lie, each in two input registers (Eastron, SDM630-Modbus protocol;
/// the same addresses in volkszaehler/mbmd, meters/rs485/sdm.go).
private let addresses: [UInt16] =
    Array(stride(from: 0x00, through: 0x2A, by: 2)) + [0x2E, 0x30, 0x34, 0x38, 0x3C, 0x3E, 0x42]
    + Array(stride(from: 0x46, through: 0x56, by: 2)) + [0x64, 0x66, 0x68, 0x6A, 0xC8, 0xCA, 0xCC, 0xCE, 0xE0]
    + [0xEA, 0xEC, 0xEE, 0xF0, 0xF2, 0xF4, 0xF8, 0xFA] + Array(stride(from: 0x102, through: 0x10C, by: 2))
    + Array(stride(from: 0x14E, through: 0x178, by: 2))
/// That meter takes 40 quantities a request.
private let planned = RequestLimits(mostRegisters: 80)
private let oneByOne = RequestLimits(mostRegisters: 2, mostGap: 0)
private let unit: UInt8 = 1
private let baud = 9600
/// What a meter thinks before it answers. At 0 ms, which none does, only bytes count; 20 ms is a quick one: some
/// need 300 (libmodbus, issue 776), and openWB/core (pull request 2184) leaves 100 between questions to an SDM.
private let turnarounds = [0, 20]
private let mostRatio = 0.2

func scatteredRegisters() throws -> Bool {
    say("Scattered registers: \(addresses.count) quantities of two registers over \(addresses.last! + 2) addresses")
    var isGood = report(
        "over TCP, at most \(mostRatio) of the time", isMet: try overNetwork(rounds: 101) <= mostRatio)
    for turnaround in turnarounds {
        let ratio = try overLine(turnaroundMilliseconds: turnaround, rounds: 3)
        if turnaround > 0 {
            isGood = report("at \(baud) baud, at most \(mostRatio) of the time", isMet: ratio <= mostRatio) && isGood
        }
    }
    return isGood
}

private func overNetwork(rounds: Int) throws -> Double {
    let port = plain_server_start()
    guard port > 0 else { throw BrokenMeasurement(message: "the server does not start: errno \(errno)") }
    let settings = BusSettings(name: "net", transport: .tcp(host: "127.0.0.1", port: Int(port)))
    return try compare("Modbus TCP, libmodbus' own server", on: settings, rounds: rounds)
}

private func overLine(turnaroundMilliseconds: Int, rounds: Int) throws -> Double {
    let line = try Line(baud: baud)
    defer { line.end() }
    line.bank.set(unit: unit, table: .input, address: 0, words: [UInt16](repeating: 0, count: 512))
    if turnaroundMilliseconds > 0 { line.bank.set(unit: unit, fault: .late(milliseconds: turnaroundMilliseconds)) }
    return try compare(
        "\(baud) baud, 8N1, a meter that thinks for \(turnaroundMilliseconds) ms", on: line.settings, rounds: rounds)
}

private func compare(_ title: String, on settings: BusSettings, rounds: Int) throws -> Double {
    var together = Meter(planned, on: settings)
    var apart = Meter(oneByOne, on: settings)
    var times: (together: [Double], apart: [Double]) = ([], [])
    for _ in 0..<rounds {
        times.together.append(try together.read())
        times.apart.append(try apart.read())
    }
    let ratio = Spread(times.together).median / Spread(times.apart).median
    say("  \(title): all values in \(Spread(times.together).text(decimals: 2)) ms with \(together.requests) requests,")
    say(
        "    in \(Spread(times.apart).text(decimals: 2)) ms with \(apart.requests): \(ratio.formatted(decimals: 3))"
    )
    return ratio
}

/// The meter with a bus of its own.
private struct Meter: ~Copyable {
    private var master: BusMaster<StreamPort>
    private var time = BootTime(nanoseconds: 0)
    /// Of the last round.
    private(set) var requests = 0

    init(_ limits: RequestLimits, on settings: BusSettings) {
        let registers = addresses.enumerated().map {
            RegisterPlan(channel: Channel($0.offset), table: .input, address: $0.element, type: .u32, order: .ABCD)
        }
        let plan = MeterPlan(name: "meter", unit: unit, pollMilliseconds: 1000, limits: limits, registers: registers)
        master = BusMaster(settings: settings, port: StreamPort(settings: settings), meters: [plan], start: time)
    }

    /// One round over all registers; milliseconds.
    mutating func read() throws -> Double {
        // Opens the port, which is not what is measured, and lets go of it for the other one.
        _ = master.read(unit: unit, table: .input, address: 0, count: 1, timeoutMilliseconds: 1000)
        defer { master.release() }
        time = max(time, master.nextDue)
        var values = 0
        requests = 0
        let now = time
        let expense = Expense {
            repeat {
                let samples = master.step(clock: { now })
                values += samples.filter(\.hasValue).count
                requests += 1
            } while master.nextDue <= now
        }
        guard values == addresses.count else {
            throw BrokenMeasurement(message: "only \(values) of \(addresses.count) values came")
        }
        return Double(expense.elapsedNanoseconds) / 1e6
    }
}

extension Sample {
    fileprivate var hasValue: Bool { if case .value = outcome { true } else { false } }
}
