import Glibc
import Synchronization
import Testing

@testable import Drivers

/// One press of a button: the times before its first edge and after its last.
struct Press: Sendable {
    var began: BootTime
    var ended: BootTime
}

/// Presses a button of a real chip from a thread of its own; its contacts bounce at both ends.
final class Finger: Sendable {
    /// Of a hand that is in a hurry; longer than any debounce of a button.
    private static let restMilliseconds: Int32 = 60

    private let line: String
    private let chip: SimulatedChip
    private let holdMilliseconds: Int32
    private let times: Int
    private let made = Mutex<[Press]>([])

    init(on line: String, of chip: SimulatedChip, holds milliseconds: Int32, times: Int) {
        self.line = line
        self.chip = chip
        holdMilliseconds = milliseconds
        self.times = times
    }

    func begin() { _ = Worker { for _ in 0..<self.times { self.press() } } }

    var presses: [Press] { made.withLock { $0 } }
    var isDone: Bool { made.withLock { $0.count } == times }

    private func press() {
        let began = bootNow()
        move(to: true)
        pass(holdMilliseconds)
        move(to: false)
        let ended = bootNow()
        pass(Finger.restMilliseconds)
        made.withLock { $0.append(Press(began: began, ended: ended)) }
    }

    private func move(to level: Bool) {
        chip.pull(line, level)
        pass(1)
        chip.pull(line, !level)
        pass(1)
        chip.pull(line, level)
    }

    /// How long a finger rests is the experiment; nobody waits for it to be over.
    private func pass(_ milliseconds: Int32) { poll(nil, 0, milliseconds) }
}

/// Lines that hum, each with 100 edges a second like a loose wire beside the mains, until it is ended.
final class Chatter: Sendable {
    private let files: [String]
    private let isWanted = Atomic(true)
    private let edges = Atomic(0)
    private let hum = Mutex<Worker?>(nil)

    init(on lines: [String], of chip: SimulatedChip) { files = lines.map { chip.pullFile(of: $0) } }

    func begin() { hum.withLock { $0 = Worker { self.run() } } }

    private func run() {
        let descriptors = files.map { open($0, O_WRONLY | O_CLOEXEC) }
        var level = false
        while isWanted.load(ordering: .relaxed) {
            level.toggle()
            let pull = level ? "pull-up" : "pull-down"
            for descriptor in descriptors where pwrite(descriptor, pull, pull.utf8.count, 0) > 0 {
                edges.add(1, ordering: .relaxed)
            }
            poll(nil, 0, 10)
        }
        for descriptor in descriptors { close(descriptor) }
    }

    /// How many edges there were.
    func end() -> Int {
        isWanted.store(false, ordering: .relaxed)
        #expect(hum.withLock { $0 }?.join() == true)
        return edges.load(ordering: .relaxed)
    }
}

/// What a bank said of buttons, beside what fingers did.
struct SeenPresses {
    private var level: [Channel: Int64] = [:]
    private var starts: [Channel: [BootTime]] = [:]
    private var ends: [Channel: [BootTime]] = [:]
    private(set) var delays = Delays()

    init(at levels: [Sample]) {
        for sample in levels { level[sample.channel] = sample.integer }
    }

    mutating func note(_ sample: Sample) {
        // A level that was said before is a re-read's sign of life.
        guard let now = sample.integer, now != level[sample.channel] else { return }
        level[sample.channel] = now
        if now == 1 {
            starts[sample.channel, default: []].append(sample.time)
            delays.add(from: sample.time, to: bootNow())
        } else {
            ends[sample.channel, default: []].append(sample.time)
        }
    }

    /// Each press once, within its time, and released.
    func expect(_ presses: [Press], channel: Int) {
        let starts = starts[Channel(channel)] ?? []
        for press in presses {
            let near = starts.map { ($0.nanoseconds - press.began.nanoseconds) / 1000 }.filter { abs($0) < 150_000 }
            let began = press.began.advanced(milliseconds: -SeenPresses.turnMilliseconds)
            #expect(
                starts.count { began <= $0 && $0 <= press.ended } == 1,
                "samples \(near) µs after a press of \(BootTime.milliseconds(from: press.began, to: press.ended)) ms")
        }
        #expect(starts.count == presses.count)
        #expect(ends[Channel(channel)]?.count == presses.count)
    }

    /// A level that a re-read found has the time at which the loop's turn began, which may be before the press: as
    /// long as a turn may take while all lines bounce, and far less than the rest between two presses.
    private static let turnMilliseconds: Int64 = 10
}

/// Times from an edge to its sample, in milliseconds.
struct Delays: CustomStringConvertible {
    private var all: [Double] = []

    mutating func add(from edge: BootTime, to seen: BootTime) {
        all.append(Double(seen.nanoseconds - edge.nanoseconds) / 1e6)
    }

    var median: Double { quantile(0.5) }

    func quantile(_ part: Double) -> Double {
        let sorted = all.sorted()
        return sorted.isEmpty ? .infinity : sorted[Int(Double(sorted.count - 1) * part)]
    }

    var description: String {
        let figures = [("median", 0.5), ("p99", 0.99), ("most", 1)].map { name, part in
            "\(name) \((quantile(part) * 100).rounded() / 100) ms"
        }
        return figures.joined(separator: ", ")
    }
}
