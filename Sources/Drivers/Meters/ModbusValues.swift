// The words of the Modbus data model (Modbus Application Protocol 1.1b3, section 4.3).

/// The four tables of the Modbus data model.
package enum ModbusTable: String, Hashable, Sendable, CaseIterable {
    case holding, input, coil, discrete

    var isBits: Bool { self == .coil || self == .discrete }

    /// The function that reads it. There is none here that writes: metering is read-only by construction.
    var function: UInt8 {
        switch self {
        case .coil: 1
        case .discrete: 2
        case .holding: 3
        case .input: 4
        }
    }
}

/// Exception codes of the Modbus Application Protocol 1.1b3, section 7.
package struct ModbusException: Error, Hashable, Sendable {
    package var code: Int
    package init(code: Int) { self.code = code }

    /// Illegal function, address or value: other questions may be answered. The rest are about the meter's state.
    var isAboutTheQuestion: Bool { (1...3).contains(code) }
    /// A gateway's word for a meter that is not there (codes 10 and 11).
    package var isAboutTheWay: Bool { code == 10 || code == 11 }
}

/// What one answer can hold (Modbus Application Protocol 1.1b3, section 6).
enum ModbusLimit {
    static let registers = 125
    static let bits = 2000
}
