// The port to a SimulatedBoard: what the agent holds of it.

import Glibc

/// Simulated lines with real descriptors. Everything is given back when this goes away.
package struct SimulatedLines: LinePort, ~Copyable {
    private struct Held {
        var settings: LineSettings
        /// Readable while edges wait; the board holds the other end.
        var readEnd: Int32
        var writeEnd: Int32
    }

    private let board: SimulatedBoard
    private var held: [Int: Held] = [:]

    package init(board: SimulatedBoard) { self.board = board }

    deinit {
        for (number, line) in held {
            board.release(number)
            close(line.readEnd)
            close(line.writeEnd)
        }
    }

    package mutating func request(_ settings: LineSettings) throws(LineError) -> Int {
        let ends: (read: Int32, write: Int32)
        do { ends = try Descriptor.pipe() } catch { throw .requesting(settings, errno: error.errno) }
        do {
            let number = try board.request(settings, wakes: ends.write)
            held[number] = Held(settings: settings, readEnd: ends.read, writeEnd: ends.write)
            return number
        } catch {
            close(ends.read)
            close(ends.write)
            throw .requesting(settings, errno: error.errno, holder: error.errno == EBUSY ? GpiodLines.consumer : "")
        }
    }

    package mutating func release(_ line: Int) {
        guard let gone = held.removeValue(forKey: line) else { return }
        board.release(line)
        close(gone.readEnd)
        close(gone.writeEnd)
    }

    package func descriptor(_ line: Int) -> Int32? {
        guard let line = held[line], line.settings.direction == .input else { return nil }
        return line.readEnd
    }

    package mutating func takeEdges(_ line: Int) throws(LineError) -> [Edge] {
        let held = try find(line)
        // First the wake-up, then the edges: an edge that comes between is taken now and leaves one vain wake-up.
        var bytes: (UInt64, UInt64) = (0, 0)
        _ = read(held.readEnd, &bytes, MemoryLayout.size(ofValue: bytes))
        do { return try board.takeEdges(line) } catch {
            throw .using(held.settings, doing: "read its edges", errno: error.errno)
        }
    }

    package mutating func level(_ line: Int) throws(LineError) -> Bool {
        let held = try find(line)
        do { return try board.level(line) } catch {
            throw .using(held.settings, doing: "read its level", errno: error.errno)
        }
    }

    package mutating func set(_ line: Int, active: Bool) throws(LineError) {
        let held = try find(line)
        do { try board.drive(line, active: active) } catch {
            throw .using(held.settings, doing: "drive it", errno: error.errno)
        }
    }

    private func find(_ line: Int) throws(LineError) -> Held {
        guard let found = held[line] else { throw .unknown(line) }
        return found
    }
}
