// A meter model: what a profile file says, without a home around it.

import Drivers

/// One file of `meters/`. Made by `DescriptionInterpreter`.
struct MeterProfile: Hashable, Sendable {
    /// The file's own name, without .toml.
    var name: String
    var description: String?
    /// The manual or table behind the numbers.
    var source: String?
    /// What bites, for installers.
    var quirks: [String]
    var serial: SerialSettings
    /// Fixed content by which a meter of this model can be told from others; empty: there is none.
    var identify: [IdentifyingRegister]
    var limits: RequestLimits
    var registers: [RegisterDescription]
}

/// How a model leaves its factory; nil where nobody says.
struct SerialSettings: Hashable, Sendable {
    var baud: Int?
    var parity: BusSettings.Parity?
    var stopBits: Int?
    var unit: UInt8?
}

/// A register whose content is the same in every meter of a model.
struct IdentifyingRegister: Hashable, Sendable {
    var table: ModbusTable
    var address: UInt16
    var type: RegisterType
    var order: WordOrder
    /// Unsigned, as wide as the type.
    var content: UInt64

    /// The addresses to read.
    var range: RegisterRange { RegisterRange(table: table, first: address, words: type.words) }

    /// `words`: exactly those of `range`.
    func matches(_ words: some BidirectionalCollection<UInt16>) -> Bool {
        words.count == type.words && order.bits(words) == content
    }
}
