// The board's own lines, through libgpiod (1.x or 2.x behind one C shim).
//
// A line is found by its name or by chip label and offset, never by the number of a chip: on a Raspberry
// Pi 5 the header has been gpiochip4, then 0, then 11.

import CGpiod
import Glibc

/// Lines of real GPIO chips. Everything is given back when this goes away.
package struct GpiodLines: LinePort, ~Copyable {
    /// What other programs see as the holder of our lines.
    static let consumer = "edge-agent"
    /// Edges taken in one go; libgpiod 1.x gives sixteen at most.
    private static let batch = 64
    /// Batches for one call, which empty the queue of 2.x: a level that is read behind half of it would contradict
    /// it. A line that chatters faster than we read must not hold up the others; what is left keeps the descriptor
    /// readable.
    private static let batchesPerCall = 4

    private struct Held {
        var handle: OpaquePointer
        var settings: LineSettings
    }

    private var held: [Int: Held] = [:]
    private var nextNumber = 0

    package init() {}

    deinit {
        for line in held.values { edge_gpio_release(line.handle) }
    }

    /// The version of the library in use: "1.6.3".
    package static var libraryVersion: String { String(cString: edge_gpio_version()) }

    package mutating func request(_ settings: LineSettings) throws(LineError) -> Int {
        var handle: OpaquePointer?
        var holder = ""
        let result = settings.line.withCString { line in
            GpiodLines.consumer.withCString { consumer in
                var wanted = edge_gpio_settings()
                wanted.line = line
                wanted.consumer = consumer
                wanted.is_output = settings.direction == .output ? 1 : 0
                wanted.active_low = settings.activeLow ? 1 : 0
                wanted.bias = settings.bias.code
                wanted.drive = settings.drive.code
                return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(EDGE_GPIO_NAME_SIZE)) { name in
                    let result = edge_gpio_request(&wanted, &handle, name.baseAddress!)
                    holder = String(cString: name.baseAddress!)
                    return result
                }
            }
        }
        guard result == 0, let handle else { throw .requesting(settings, errno: -result, holder: holder) }
        defer { nextNumber += 1 }
        held[nextNumber] = Held(handle: handle, settings: settings)
        return nextNumber
    }

    package mutating func release(_ line: Int) {
        guard let gone = held.removeValue(forKey: line) else { return }
        edge_gpio_release(gone.handle)
    }

    package func descriptor(_ line: Int) -> Int32? {
        guard let line = held[line], line.settings.direction == .input else { return nil }
        return edge_gpio_descriptor(line.handle)
    }

    package mutating func takeEdges(_ line: Int) throws(LineError) -> [Edge] {
        let held = try find(line)
        // Sampled once for the batch: the two clocks part only while the board sleeps.
        let sinceBoot = nanoseconds(of: CLOCK_BOOTTIME) - nanoseconds(of: CLOCK_MONOTONIC)
        var edges: [Edge] = []
        var failure: Int32 = 0
        withUnsafeTemporaryAllocation(of: edge_gpio_edge.self, capacity: GpiodLines.batch) { buffer in
            for _ in 0..<GpiodLines.batchesPerCall {
                let count = edge_gpio_read_edges(held.handle, buffer.baseAddress!, Int32(buffer.count))
                if count < 0 { failure = -count }
                guard count > 0 else { return }
                for edge in buffer.prefix(Int(count)) {
                    let time = BootTime(nanoseconds: edge.monotonic_nanoseconds + sinceBoot)
                    let sequence = edge.sequence == 0 ? nil : edge.sequence
                    edges.append(Edge(time: time, isActive: edge.is_active != 0, sequence: sequence))
                }
            }
        }
        // Edges that came before the failure are true; the failure will be met again at the next call.
        if failure != 0 && edges.isEmpty { throw .using(held.settings, doing: "read its edges", errno: failure) }
        return edges
    }

    package mutating func level(_ line: Int) throws(LineError) -> Bool {
        let held = try find(line)
        let level = edge_gpio_get(held.handle)
        guard level >= 0 else { throw .using(held.settings, doing: "read its level", errno: -level) }
        return level != 0
    }

    package mutating func set(_ line: Int, active: Bool) throws(LineError) {
        let held = try find(line)
        let result = edge_gpio_set(held.handle, active ? 1 : 0)
        guard result == 0 else { throw .using(held.settings, doing: "drive it", errno: -result) }
    }

    private func find(_ line: Int) throws(LineError) -> Held {
        guard let found = held[line] else { throw .unknown(line) }
        return found
    }
}

extension Drive {
    fileprivate var code: Int32 {
        switch self {
        case .pushPull: Int32(EDGE_GPIO_DRIVE_PUSH_PULL)
        case .openDrain: Int32(EDGE_GPIO_DRIVE_OPEN_DRAIN)
        case .openSource: Int32(EDGE_GPIO_DRIVE_OPEN_SOURCE)
        }
    }
}

extension Bias {
    fileprivate var code: Int32 {
        switch self {
        case .asIs: Int32(EDGE_GPIO_BIAS_AS_IS)
        case .disabled: Int32(EDGE_GPIO_BIAS_DISABLED)
        case .pullUp: Int32(EDGE_GPIO_BIAS_PULL_UP)
        case .pullDown: Int32(EDGE_GPIO_BIAS_PULL_DOWN)
        }
    }
}
