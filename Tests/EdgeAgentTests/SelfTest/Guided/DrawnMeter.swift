// A meter as it is, with other registers around its total, and looks at it while something is drawn.

import Drivers
import LocalRules
import Testing

@testable import EdgeAgent

/// "holding 16 u32 ABCD 0.001 m3": where a total stands and how it is read, be it the truth or what somebody wrote.
struct Setting: Sendable, CustomStringConvertible {
    var table: ModbusTable
    var address: Int
    var type: RegisterType
    var order: WordOrder
    var scaleText: String
    var unit: MeasurementUnit

    init(_ text: String, _ quantity: Quantity = .volume) throws {
        let parts = text.split(separator: " ").map(String.init)
        try #require(parts.count == 6, "\(text)")
        table = try #require(ModbusTable(rawValue: parts[0]))
        address = try #require(Int(parts[1]))
        type = try #require(RegisterType(rawValue: parts[2]))
        order = try #require(WordOrder(rawValue: parts[3]))
        scaleText = parts[4]
        unit = try #require(MeasurementUnit.named(parts[5], of: quantity))
    }

    var description: String {
        "\(table.rawValue) \(address) \(type.rawValue) \(order.rawValue) \(scaleText) \(unit.symbol)"
    }

    var scale: Scale {
        ExactDecimal.parse(scaleText)?.scale(by: unit.factor) ?? Scale(numerator: 1, denominator: 1)
    }

    /// Base units in a count.
    var count: Double { Double(scale.numerator) / Double(scale.denominator) }

    var plan: RegisterPlan {
        RegisterPlan(channel: Channel(0), table: table, address: UInt16(address), type: type, order: order)
    }

    func register(_ quantity: Quantity = .volume) -> ConfiguredRegister {
        ConfiguredRegister(name: "water.volume", quantity: quantity, plan: plan, scale: scale, unit: unit)
    }

    /// The words of a number of counts.
    func words(_ counts: Double) -> [UInt16] {
        var bits: UInt64
        switch type {
        case .f32: bits = UInt64(Float(counts).bitPattern)
        case .f64: bits = counts.bitPattern
        case .bcd4, .bcd8:
            var left = UInt64(counts) % (type == .bcd4 ? 10_000 : 100_000_000)
            bits = 0
            for place in 0..<type.words * 4 {
                bits |= (left % 10) << UInt64(place * 4)
                left /= 10
            }
        default: bits = UInt64(counts)
        }
        var words: [UInt16] = []
        for _ in 0..<type.words {
            words.insert(UInt16(truncatingIfNeeded: bits), at: 0)
            bits >>= 16
        }
        if order == .BADC || order == .DCBA { words = words.map(\.byteSwapped) }
        if order == .CDAB || order == .DCBA { words.reverse() }
        return words
    }
}

/// What else stands in a meter.
struct Neighbour: Sendable {
    enum Content: Sendable {
        /// A serial number, a status, a setting.
        case constant([UInt16])
        /// What flows now, as a u16.
        case flow(UInt16)
        case flowReal(Float, WordOrder)
        /// Wavers by one.
        case temperature(UInt16)
    }
    var table = ModbusTable.holding
    var address: Int
    var content: Content
}

struct DrawnMeter: Sendable {
    var truth: Setting
    /// In counts of the truth.
    var total: Double
    var neighbours: [Neighbour] = []
    /// Part of a step that was counted already.
    var phase = 0.0

    /// Looks before, while `drawn` base units run in so many equal parts, and two after.
    func looks(drawn: Double, parts: Int) -> WordSeries {
        var looks: [RegisterImage] = [image(counts: total, isFlowing: false, number: 0)]
        for part in 1...parts {
            looks.append(
                image(
                    counts: counts(after: drawn * Double(part) / Double(parts)), isFlowing: part < parts, number: part))
        }
        looks.append(image(counts: counts(after: drawn), isFlowing: false, number: parts + 1))
        return WordSeries(looks)
    }

    /// A counter shows whole steps; floats of meters have steps of a thousandth of their unit.
    func counts(after drawn: Double) -> Double {
        let step = truth.type.isReal ? 0.001 : 1
        let rise = drawn / truth.count
        return total + ((rise / step + phase).rounded(.down)) * step
    }

    private func image(counts: Double, isFlowing: Bool, number: Int) -> RegisterImage {
        var words: [ModbusTable: [Int: UInt16]] = [:]
        func put(_ table: ModbusTable, _ address: Int, _ content: [UInt16]) {
            for (offset, word) in content.enumerated() { words[table, default: [:]][address + offset] = word }
        }
        for table in [ModbusTable.holding, .input] { put(table, 0, Array(repeating: 0, count: 48)) }
        for neighbour in neighbours {
            switch neighbour.content {
            case .constant(let content): put(neighbour.table, neighbour.address, content)
            case .flow(let flow): put(neighbour.table, neighbour.address, [isFlowing ? flow &+ UInt16(number % 3) : 0])
            case .flowReal(let flow, let order):
                let bits = (isFlowing ? flow + Float(number % 3) / 100 : 0).bitPattern
                let high = UInt16(bits >> 16), low = UInt16(truncatingIfNeeded: bits)
                put(neighbour.table, neighbour.address, order == .CDAB ? [low, high] : [high, low])
            case .temperature(let degrees): put(neighbour.table, neighbour.address, [degrees + UInt16(number % 2)])
            }
        }
        put(truth.table, truth.address, truth.words(counts))
        var image = RegisterImage()
        for (table, content) in words {
            let last = content.keys.max() ?? 0
            let run = (0...last).map { content[$0] ?? 0 }
            image.take(.success(.words(run)), to: RegisterSpan(table: table, first: 0, count: run.count))
        }
        return image
    }
}
