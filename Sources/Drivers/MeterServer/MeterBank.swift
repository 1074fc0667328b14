// What simulated meters hold: registers by unit, and how each unit misbehaves.

import Synchronization

/// How a simulated meter misbehaves; the default is not at all.
package enum MeterFault: Hashable, Sendable {
    case none
    /// Unplugged: never answers.
    case silent
    /// Answers right, but late.
    case late(milliseconds: Int)
    /// RTU: a wrong CRC. TCP: another request's transaction id.
    case damaged
    /// Refuses every read with this code.
    case exception(code: UInt8)
    /// Answers under another unit's id.
    case otherUnit
    /// Stops so many bytes before the end.
    case truncated(bytes: Int)
    /// Sends its answer twice.
    case doubled
    /// Repeats the question in front of the answer, as an adapter does that hears itself.
    case echoed
    /// Sends so many bytes more than it says.
    case tooLong(bytes: Int)
    /// Answers to another function.
    case wrongFunction
    /// Answers to a longer question.
    case wrongByteCount
    /// One byte at a time, so far apart.
    case dripping(milliseconds: Int)
    /// Noise without a pause, for so long.
    case babbling(milliseconds: Int)
}

/// Registers of simulated meters, moved from outside while a ModbusServer answers from them. Any thread.
package final class MeterBank: Sendable {
    private struct Unit: Sendable {
        var words: [ModbusTable: [UInt16: UInt16]] = [:]
        var fault = MeterFault.none
    }

    /// A unit id on a line that is set so; nil: however it is set.
    private struct Place: Hashable, Sendable {
        var unit: UInt8
        var line: SerialLine?
    }

    private let units = Mutex<[Place: Unit]>([:])
    /// Whether a unit answers one question after the other, as meters do; false lets a late answer be overtaken.
    let answersInOrder: Bool

    package init(answersInOrder: Bool = true) { self.answersInOrder = answersInOrder }

    /// Gives a unit registers from `address` on (bits as 0 and 1). The unit exists from then on; with a `line` it
    /// answers only to masters whose line is set so, and another unit may have its id on another line.
    package func set(unit: UInt8, on line: SerialLine? = nil, table: ModbusTable, address: UInt16, words: [UInt16]) {
        units.withLock { units in
            for (offset, word) in words.enumerated() {
                guard let place = UInt16(exactly: Int(address) + offset) else { return }
                units[Place(unit: unit, line: line), default: Unit()].words[table, default: [:]][place] = word
            }
        }
    }

    package func set(unit: UInt8, on line: SerialLine? = nil, fault: MeterFault) {
        units.withLock { $0[Place(unit: unit, line: line), default: Unit()].fault = fault }
    }

    /// nil: no such unit on a line that is set so.
    func fault(of unit: UInt8, on line: SerialLine?) -> MeterFault? {
        units.withLock { MeterBank.unit(unit, on: line, in: $0)?.fault }
    }

    private static func unit(_ unit: UInt8, on line: SerialLine?, in units: [Place: Unit]) -> Unit? {
        units[Place(unit: unit, line: line)] ?? units[Place(unit: unit, line: nil)]
    }

    /// nil unless every one of them exists.
    func words(unit: UInt8, on line: SerialLine?, table: ModbusTable, address: UInt16, count: Int) -> [UInt16]? {
        units.withLock { units in
            guard let words = MeterBank.unit(unit, on: line, in: units)?.words[table] else { return nil }
            var found: [UInt16] = []
            for offset in 0..<count {
                guard let place = UInt16(exactly: Int(address) + offset), let word = words[place] else { return nil }
                found.append(word)
            }
            return found
        }
    }
}
