// Faults that stand, each said once when it begins and once when it has ended.

import Drivers

/// Keeps what is wrong with buses and lines now, by channel; several channels can share one fault.
struct FaultBook: Sendable {
    enum Change: Equatable, Sendable {
        case began(message: String, advice: String)
        case ended(message: String)
    }

    private let names: [String]
    private var byChannel: [Int: String] = [:]
    /// What to do about each fault that stands, by its message.
    private(set) var advice: [String: String] = [:]

    /// `names` of the signals, by channel.
    init(names: [String]) { self.names = names }

    /// Messages of the faults that stand, sorted.
    var standing: [String] { advice.keys.sorted() }

    /// - Parameter doubt: what is wrong with a value that came all the same.
    mutating func observe(_ sample: Sample, doubt: (message: String, advice: String)? = nil) -> [Change] {
        switch sample.outcome {
        case .value: settle(sample.channel.index, doubt)
        case .meterException(let exception):
            settle(sample.channel.index, (exception.message(for: name(of: sample.channel)), exception.advice))
        case .busFailure(let error): settle(sample.channel.index, (error.message, error.advice))
        case .noValue(let reason):
            settle(sample.channel.index, (reason, "Check the sensor behind this register; the meter itself answers."))
        // Of a line that chatters the lines thread itself says so, also while its level is still worth something.
        case .absent(let error) where error.kind == .unsteady: settle(sample.channel.index, nil)
        case .absent(let error): settle(sample.channel.index, (error.message, error.advice))
        }
    }

    private func name(of channel: Channel) -> String {
        names.indices.contains(channel.index) ? names[channel.index] : "channel \(channel.index)"
    }

    private mutating func settle(_ channel: Int, _ fault: (message: String, advice: String)?) -> [Change] {
        guard byChannel[channel] != fault?.message else { return [] }
        let before = byChannel[channel]
        byChannel[channel] = fault?.message
        var changes: [Change] = []
        if let fault, advice.updateValue(fault.advice, forKey: fault.message) == nil {
            changes.append(.began(message: fault.message, advice: fault.advice))
        }
        if let before, !byChannel.values.contains(before) {
            advice[before] = nil
            // One fault in place of another: nothing has been mended.
            if fault == nil { changes.append(.ended(message: before)) }
        }
        return changes
    }
}

extension ModbusException {
    /// "exception 2 (illegal data address)": names from the Modbus Application Protocol 1.1b3, section 7.
    var text: String {
        let names = [
            1: "illegal function", 2: "illegal data address", 3: "illegal data value", 4: "server device failure",
            5: "acknowledge", 6: "server device busy", 8: "memory parity error", 10: "gateway path unavailable",
            11: "gateway target device failed to respond",
        ]
        return "exception \(code) (\(names[code] ?? "not in the standard"))"
    }

    fileprivate func message(for signal: String) -> String {
        "the meter refuses to be asked for \(signal): Modbus \(text)"
    }
    fileprivate var advice: String { "compare the profile's table, address and type with the meter's manual" }
}
