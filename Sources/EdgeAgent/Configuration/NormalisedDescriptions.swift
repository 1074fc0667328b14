// Registers and meter profiles written out whole, to load again to the same. Boards: NormalisedBoards.swift.

import Drivers
import LocalRules

func normalised(_ profile: MeterProfile) -> PlainValue {
    var entries: PlainEntries = [("name", .string(profile.name))]
    if let description = profile.description { entries.append(("description", .string(description))) }
    if let source = profile.source { entries.append(("source", .string(source))) }
    if !profile.quirks.isEmpty { entries.append(("quirks", .list(profile.quirks.map(PlainValue.string)))) }
    let serial = normalised(profile.serial)
    if !serial.isEmpty { entries.append(("serial", .table(serial))) }
    if !profile.identify.isEmpty { entries.append(("identify", .list(profile.identify.map(normalised)))) }
    return .table(entries + normalised(RegisterMap(limits: profile.limits, registers: profile.registers)))
}

/// The keys with which a meter or a profile describes registers and requests.
func normalised(_ map: RegisterMap) -> PlainEntries {
    var entries: PlainEntries = [
        ("max-registers", .integer(Int64(map.limits.mostRegisters))), ("max-gap", .integer(Int64(map.limits.mostGap))),
    ]
    if !map.limits.forbidden.isEmpty { entries.append(("forbidden", .list(map.limits.forbidden.map(normalised)))) }
    return entries + [("register", .list(map.registers.map(normalised)))]
}

private func normalised(_ range: RegisterRange) -> PlainValue {
    .table([
        ("table", .string(range.table.rawValue)), ("first", .integer(Int64(range.first))),
        ("last", .integer(Int64(range.last))),
    ])
}

private func normalised(_ serial: SerialSettings) -> PlainEntries {
    let entries: [(key: String, value: PlainValue?)] = [
        ("baud", serial.baud.map { .integer(Int64($0)) }), ("parity", serial.parity.map { .string($0.rawValue) }),
        ("stop-bits", serial.stopBits.map { .integer(Int64($0)) }), ("unit", serial.unit.map { .integer(Int64($0)) }),
    ]
    return entries.compactMap { entry in entry.value.map { (entry.key, $0) } }
}

private func normalised(_ identify: IdentifyingRegister) -> PlainValue {
    .table(
        content(identify.table, identify.address, identify.type, identify.order) + [
            ("equals", .integer(Int64(bitPattern: identify.content)))
        ])
}

private func normalised(_ register: RegisterDescription) -> PlainValue {
    var entries: PlainEntries = [
        ("signal", .string(register.signal)), ("quantity", .string(register.quantity.rawValue)),
    ]
    entries += content(register.table, register.address, register.type, register.order)
    if let bits = register.bits {
        entries.append(("bits", .string(bits.low == bits.high ? "\(bits.low)" : "\(bits.low)-\(bits.high)")))
    }
    entries += [
        ("scale", .string(register.scale.text(in: register.unit))), ("unit", .string(register.unit.symbol)),
    ]
    if !register.noValue.isEmpty {
        entries.append(("no-value", .list(register.noValue.map { .integer(Int64(bitPattern: $0)) })))
    }
    if let rate = register.quantity.rate, let maxRate = register.maxRate {
        entries.append(("max-rate", .string(quantityText(maxRate, of: rate))))
    }
    if let poll = register.poll { entries.append(("poll", span(poll))) }
    if let why = register.unconfirmed { entries.append(("unconfirmed", .string(why.value))) }
    if let scale = register.scaleFrom {
        entries.append(
            (
                "scale-from",
                .table(
                    content(scale.table, scale.address, scale.type, scale.order) + [
                        ("as", .string(scale.role.rawValue))
                    ])
            ))
    }
    return .table(entries)
}

/// Where a value stands and how its words are put together.
private func content(
    _ table: ModbusTable, _ address: UInt16, _ type: RegisterType, _ order: WordOrder
) -> PlainEntries {
    [
        ("table", .string(table.rawValue)), ("address", .integer(Int64(address))), ("type", .string(type.rawValue)),
        ("order", .string(order.rawValue)),
    ]
}
