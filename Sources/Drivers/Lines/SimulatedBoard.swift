// A board without hardware: what is wired to its lines is moved from outside, by `simulate` and by tests.
//
// It behaves as a kernel does: one holder for a line, a queue of waiting edges that drops some when it is full, a
// descriptor that is readable while edges wait, handles that are dead once the chip has gone.

import Glibc
import Synchronization

/// Lines as wires with levels. Safe from any thread; SimulatedLines is the port to it.
package final class SimulatedBoard: Sendable {
    /// What the kernel does with more edges than it keeps for a line.
    package enum EdgeQueue: Sendable {
        /// As for libgpiod 1.x: the first sixteen stay, what comes later is dropped, edges have no numbers.
        case keepsOldest
        /// As for libgpiod 2.x: the last 256 stay, edges are numbered before any is dropped.
        case keepsNewest

        package var length: Int {
            switch self {
            case .keepsOldest: 16
            case .keepsNewest: 256
            }
        }
    }

    /// An output that was driven: what a siren would hear.
    package struct OutputChange: Hashable, Sendable {
        package var line: String
        /// The physical level, after active-low.
        package var level: Bool
        package var time: BootTime
    }

    private let clock: @Sendable () -> BootTime
    private let state: Mutex<State>

    /// - Parameters:
    ///   - lines: the names that exist; nil: every name does.
    ///   - queue: which libgpiod's manners it has.
    ///   - clock: stamps edges and outputs. CLOCK_BOOTTIME, or the agent's accelerated one.
    package init(
        lines: Set<String>? = nil, queue: EdgeQueue = .keepsOldest, clock: @escaping @Sendable () -> BootTime
    ) {
        self.clock = clock
        state = Mutex(State(names: lines, queue: queue))
    }

    // MARK: What is wired to the lines

    /// Puts a physical level on a line.
    package func set(line: String, level: Bool) {
        let time = clock()
        state.withLock { state in
            state.change(line, at: time) { $0.driven = level }
        }
    }

    /// Lets a line float: its bias decides.
    package func disconnect(line: String) {
        let time = clock()
        state.withLock { state in
            state.change(line, at: time) { $0.driven = nil }
        }
    }

    /// The physical level that an output was last driven to; nil if nobody has, or if the line is gone.
    /// As with most chips, a released output keeps its level.
    package func outputLevel(line: String) -> Bool? {
        state.withLock { $0.lines[line]?.output }
    }

    /// Calls `body` for every output that is driven to another level, on the thread that drives it.
    package func onOutputChange(_ body: @escaping @Sendable (OutputChange) -> Void) {
        state.withLock { $0.observers.append(body) }
    }

    // MARK: Faults

    /// The chip of this line goes away: whoever holds it holds a dead handle.
    package func vanish(line: String) {
        state.withLock { state in
            state.lines[line, default: Wire()].isGone = true
            state.lines[line]?.output = nil
            guard let number = state.lines[line]?.holder else { return }
            state.lines[line]?.holder = nil
            state.handles[number]?.isDead = true
            state.handles[number]?.wake()
        }
    }

    /// It comes back; it must be requested anew.
    package func restore(line: String) {
        state.withLock { $0.lines[line, default: Wire()].isGone = false }
    }

    /// The next edge of this line is lost, as when the kernel's queue is full.
    package func dropNextEdge(line: String) {
        state.withLock { $0.lines[line, default: Wire()].edgesToDrop += 1 }
    }

    /// The output stays as it is, and driving it fails, until it is freed.
    package func jam(line: String, _ isJammed: Bool = true) {
        state.withLock { $0.lines[line, default: Wire()].isJammed = isJammed }
    }

    // MARK: What SimulatedLines does. Errors are errnos, as from the kernel.

    struct Failure: Error { var errno: Int32 }

    func request(_ settings: LineSettings, wakes pipe: Int32) throws(Failure) -> Int {
        let time = clock()
        let (number, told) = try state.withLock { state throws(Failure) in
            guard state.exists(settings.line) else { throw Failure(errno: ENOENT) }
            guard state.lines[settings.line]?.holder == nil else { throw Failure(errno: EBUSY) }
            let number = state.nextNumber
            state.nextNumber += 1
            state.handles[number] = Handle(settings: settings, wakePipe: pipe)
            state.lines[settings.line, default: Wire()].holder = number
            guard settings.direction == .output else { return (number, nil as Telling?) }
            return (number, state.drive(settings.line, level: settings.activeLow, at: time))
        }
        told?.tell()
        return number
    }

    func release(_ number: Int) {
        state.withLock { state in
            guard let handle = state.handles.removeValue(forKey: number), !handle.isDead else { return }
            state.lines[handle.settings.line]?.holder = nil
        }
    }

    func takeEdges(_ number: Int) throws(Failure) -> [Edge] {
        try state.withLock { state throws(Failure) in
            _ = try state.live(number)
            defer { state.handles[number]?.waiting = [] }
            return state.handles[number]?.waiting ?? []
        }
    }

    func level(_ number: Int) throws(Failure) -> Bool {
        try state.withLock { state throws(Failure) in
            state.logicalLevel(of: try state.live(number).settings)
        }
    }

    func drive(_ number: Int, active: Bool) throws(Failure) {
        let time = clock()
        let told = try state.withLock { state throws(Failure) -> Telling? in
            let settings = try state.live(number).settings
            guard settings.direction == .output else { throw Failure(errno: EPERM) }
            if state.lines[settings.line]?.isJammed == true { throw Failure(errno: EIO) }
            return state.drive(settings.line, level: active != settings.activeLow, at: time)
        }
        told?.tell()
    }
}

// What the board knows, always under its lock.

/// One line as the world sees it.
private struct Wire: Sendable {
    /// What is put on it from outside; nil: nothing, it floats.
    var driven: Bool?
    /// What we drive it to.
    var output: Bool?
    var holder: Int?
    var isGone = false
    var isJammed = false
    var edgesToDrop = 0
}

/// One request.
private struct Handle: Sendable {
    var settings: LineSettings
    var wakePipe: Int32
    var waiting: [Edge] = []
    /// Edges so far, the dropped ones included.
    var edges: UInt32 = 0
    var isDead = false

    /// Makes the request's descriptor readable. A full pipe is readable already.
    func wake() {
        var byte: UInt8 = 1
        _ = write(wakePipe, &byte, 1)
    }
}

/// What is to be told once the lock is given back: an observer may ask the board something.
private struct Telling: Sendable {
    var change: SimulatedBoard.OutputChange
    var observers: [@Sendable (SimulatedBoard.OutputChange) -> Void]
    func tell() {
        for observer in observers { observer(change) }
    }
}

private struct State: Sendable {
    var names: Set<String>?
    let queue: SimulatedBoard.EdgeQueue
    var lines: [String: Wire] = [:]
    var handles: [Int: Handle] = [:]
    var nextNumber = 0
    var observers: [@Sendable (SimulatedBoard.OutputChange) -> Void] = []

    init(names: Set<String>?, queue: SimulatedBoard.EdgeQueue) {
        self.names = names
        self.queue = queue
    }

    func exists(_ line: String) -> Bool {
        (names?.contains(line) ?? true) && lines[line]?.isGone != true
    }

    func live(_ number: Int) throws(SimulatedBoard.Failure) -> Handle {
        guard let handle = handles[number] else { throw SimulatedBoard.Failure(errno: EBADF) }
        guard !handle.isDead else { throw SimulatedBoard.Failure(errno: ENODEV) }
        return handle
    }

    func logicalLevel(of settings: LineSettings) -> Bool {
        let wire = lines[settings.line]
        let physical =
            settings.direction == .output ? wire?.output ?? false : wire?.driven ?? (settings.bias == .pullUp)
        return physical != settings.activeLow
    }

    /// Changes what is wired to a line and queues the edge that this makes for its holder.
    mutating func change(_ line: String, at time: BootTime, _ body: (inout Wire) -> Void) {
        let settings = lines[line]?.holder.flatMap { handles[$0]?.settings }
        let before = settings.map(logicalLevel)
        body(&lines[line, default: Wire()])
        guard let number = lines[line]?.holder, let settings, settings.direction == .input else { return }
        let after = logicalLevel(of: settings)
        guard after != before else { return }
        if let toDrop = lines[line]?.edgesToDrop, toDrop > 0 {
            lines[line]?.edgesToDrop = toDrop - 1
            handles[number]?.edges &+= 1
            return
        }
        enqueue(Edge(time: time, isActive: after), for: number)
    }

    private mutating func enqueue(_ edge: Edge, for number: Int) {
        guard var handle = handles[number] else { return }
        // Taken out while it changes: a copy of the waiting edges for each edge would make a burst slow.
        handles[number] = nil
        defer { handles[number] = handle }
        handle.edges &+= 1
        var edge = edge
        if queue == .keepsNewest { edge.sequence = handle.edges }
        if handle.waiting.count == queue.length {
            guard queue == .keepsNewest else { return }
            handle.waiting.removeFirst()
        }
        handle.waiting.append(edge)
        if handle.waiting.count == 1 { handle.wake() }
    }

    mutating func drive(_ line: String, level: Bool, at time: BootTime) -> Telling? {
        guard lines[line]?.output != level else { return nil }
        lines[line, default: Wire()].output = level
        return Telling(
            change: SimulatedBoard.OutputChange(line: line, level: level, time: time), observers: observers)
    }
}
