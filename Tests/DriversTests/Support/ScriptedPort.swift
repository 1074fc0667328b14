import Glibc

@testable import Drivers

/// A line on which the test says, for every request, what comes and when: byte by byte at 9600 baud.
struct ScriptedPort: BusPort, ~Copyable {
    final class Script {
        /// A request, and the moment it was heard, in milliseconds → what comes, so many milliseconds later.
        var answer: (_ unit: UInt8, _ address: Int, _ count: Int, _ now: Double) -> [(after: Double, bytes: [UInt8])] =
            {
                _, _, _, _ in []
            }
        /// "5:10+2", in order.
        var asked: [String] = []
        var isMissing = false
        fileprivate var waiting: [(due: Int64, byte: UInt8)] = []
        let clock = SimulatedClock()
        /// While nobody drives the line, it makes a byte so often.
        var crackleMilliseconds: Int64?
        fileprivate var drivenUntil: Int64 = 0

        /// Something on the line that nobody asked for, so many milliseconds from now.
        func say(_ bytes: [UInt8], after: Double) {
            let start = clock.now + Int64(after * 1e6)
            waiting += bytes.enumerated().map { (start + ScriptedPort.character * Int64($0.offset + 1), $0.element) }
            waiting.sort { $0.due < $1.due }
            drivenUntil = max(drivenUntil, waiting.last?.due ?? 0)
        }

        /// The next byte that an idle line makes.
        fileprivate var nextCrackle: Int64 {
            guard let crackleMilliseconds else { return .max }
            let period = crackleMilliseconds * 1_000_000
            return (max(clock.now, drivenUntil) / period + 1) * period
        }
    }

    static let character: Int64 = 1_041_666
    static let settings = BusSettings(
        name: "rs485", transport: .rtu(port: "/dev/null", baud: 9600, parity: .none, stopBits: 1))

    private let script: Script
    private var isOpen = false

    init(_ script: Script) { self.script = script }

    var now: Int64 { script.clock.now }

    mutating func open() throws(BusError) {
        if script.isMissing { throw BusError(kind: .cannotOpen, message: "missing", advice: "") }
        isOpen = true
    }

    mutating func send(_ bytes: [UInt8]) -> Int32 {
        guard isOpen else { return ENOTCONN }
        let address = Int(bytes[2]) << 8 | Int(bytes[3])
        let count = Int(bytes[4]) << 8 | Int(bytes[5])
        script.asked.append("\(bytes[0]):\(address)+\(count)")
        script.drivenUntil = now + ScriptedPort.character * Int64(bytes.count)
        let wire = Double(ScriptedPort.character) * Double(bytes.count) / 1e6
        for (after, bytes) in script.answer(bytes[0], address, count, Double(now) / 1e6 + wire) {
            script.say(bytes, after: wire + after)
        }
        return 0
    }

    mutating func receive(into bytes: inout [UInt8], until deadline: Int64) -> Int32 {
        guard isOpen else { return ENOTCONN }
        let crackle = script.nextCrackle
        let next = script.waiting.first?.due ?? .max
        script.clock.move(to: min(next, crackle, deadline))
        if crackle <= now { bytes.append(0xA5) }
        while let first = script.waiting.first, first.due <= now {
            bytes.append(first.byte)
            script.waiting.removeFirst()
        }
        return 0
    }

    mutating func wait(until deadline: Int64) { script.clock.move(to: deadline) }
    mutating func close() { isOpen = false }
}

/// A sound answer of a unit: `count` input or holding registers.
func reply(_ unit: UInt8, _ words: [UInt16], function: UInt8 = 3) -> [UInt8] {
    let data = words.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    return ModbusFraming.rtu.frame(unit: unit, pdu: [function, UInt8(data.count)] + data, transaction: 0)
}

/// A refusal of a unit.
func refusal(_ unit: UInt8, code: UInt8 = 2, function: UInt8 = 3) -> [UInt8] {
    ModbusFraming.rtu.frame(unit: unit, pdu: [function | 0x80, code], transaction: 0)
}
