// A register as a profile or a meter describes it, and a whole map of them.

import Drivers
import LocalRules

/// One register as a profile or a meter describes it, before it belongs to a meter.
struct RegisterDescription: Hashable, Sendable {
    var signal: String
    var quantity: Quantity
    var table: ModbusTable
    var address: UInt16
    var type: RegisterType
    var order: WordOrder
    var bits: BitField?
    var noValue: [UInt64]
    var scaleFrom: ScaleRegister?
    /// Base units in one count.
    var scale: Scale
    var unit: MeasurementUnit
    /// nil: as often as the meter.
    var poll: Span?
    /// The most that it can count in an hour, in base units; nil for what is no counter.
    var maxRate: Int64?
    /// Why nobody could be sure of it; profiles only.
    var unconfirmed: Located<String>?

    /// Whether one count is always the same amount.
    var hasFixedStep: Bool { !type.isReal && scaleFrom == nil }

    /// Every address that is read for it.
    var ranges: [RegisterRange] {
        let own = RegisterRange(table: table, first: address, words: type.words)
        return [own]
            + (scaleFrom.map { [RegisterRange(table: $0.table, first: $0.address, words: $0.type.words)] } ?? [])
    }

    func plan(channel: Channel, poll: Span?) -> RegisterPlan {
        RegisterPlan(
            channel: channel, table: table, address: address, type: type, order: order, bits: bits, noValue: noValue,
            scaleFrom: scaleFrom, pollMilliseconds: poll?.milliseconds)
    }
}

/// The registers of one meter or model, and what requests for them may look like.
struct RegisterMap: Hashable, Sendable {
    var limits: RequestLimits
    var registers: [RegisterDescription]
}

extension RegisterRange {
    /// The words must end within the table.
    init(table: ModbusTable, first: UInt16, words: Int) {
        self.init(table: table, first: first, last: first + UInt16(words - 1))
    }

    func overlaps(_ other: RegisterRange) -> Bool {
        table == other.table && first <= other.last && other.first <= last
    }
}
