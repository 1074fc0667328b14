// A bus without hardware and with a clock of its own, so that an hour on a wire is over in a moment.

import Glibc
import Synchronization

/// The clock of a simulated bus: it stands still until somebody waits.
package final class SimulatedClock: Sendable {
    private let time = Mutex<Int64>(0)

    package init() {}

    /// Nanoseconds.
    package var now: Int64 { time.withLock { $0 } }

    package func move(to moment: Int64) { time.withLock { $0 = max($0, moment) } }
}

/// Meters behind real frames, in memory.
package struct SimulatedPort: BusPort, ~Copyable {
    private let clock: SimulatedClock
    private let settings: BusSettings
    private let bank: MeterBank
    private var frames: MeterFrames
    private var isOpen = false
    /// What is under way to the master, the next byte first.
    private var waiting: [(due: Int64, bytes: [UInt8])] = []

    package init(settings: BusSettings, bank: MeterBank, clock: SimulatedClock) {
        self.settings = settings
        self.bank = bank
        self.clock = clock
        frames = SimulatedPort.frames(settings, bank)
    }

    private static func frames(_ settings: BusSettings, _ bank: MeterBank) -> MeterFrames {
        if case .tcp = settings.transport { return MeterFrames(framing: .tcp, bank: bank) }
        return MeterFrames(framing: .rtu, bank: bank, line: settings.line)
    }

    package var now: Int64 { clock.now }

    package mutating func open() throws(BusError) { isOpen = true }

    package mutating func close() {
        isOpen = false
        waiting = []
        frames = SimulatedPort.frames(settings, bank)
    }

    package mutating func send(_ bytes: [UInt8]) -> Int32 {
        guard isOpen else { return ENOTCONN }
        let character = settings.characterNanoseconds
        let heard = now + character * Int64(bytes.count) + character * 7 / 2
        for answer in frames.take(bytes) {
            let start = frames.start(of: answer, heard: heard, character: character)
            // Byte by byte, as a UART hands them over.
            waiting += answer.bytes.enumerated().map { (start + character * Int64($0.offset + 1), [$0.element]) }
        }
        waiting.sort { $0.due < $1.due }
        // What is no whole frame is dropped, as by a meter that hears the silence behind it.
        frames.silence()
        return frames.isBroken ? ECONNRESET : 0
    }

    package mutating func receive(into bytes: inout [UInt8], until deadline: Int64) -> Int32 {
        guard isOpen else { return ENOTCONN }
        if let next = waiting.first?.due, next <= deadline { clock.move(to: next) } else { clock.move(to: deadline) }
        while let next = waiting.first, next.due <= now {
            bytes += next.bytes
            waiting.removeFirst()
        }
        return 0
    }

    package mutating func wait(until deadline: Int64) { clock.move(to: deadline) }
}
