// Buses, meters and their registers.

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
    /// Base units in one count.
    var scale: Scale
    var unit: MeasurementUnit
    /// Base units an hour; nil for what is no counter.
    var maxRate: Int64?
}

private enum BusKind: String, CaseIterable { case rtu, tcp }

extension HomeInterpreter {
    // MARK: Buses

    mutating func readBuses(_ root: TableReader<RootKey>) {
        var places: [String] = []
        for reader in root.subtables(.bus, BusKey.self, atMost: ConfigurationLimits.buses) {
            reader.require(.name, advice: "such as \"rs485\"; meters refer to it")
            reader.require(.kind, advice: "\"rtu\" for a serial port, \"tcp\" for a gateway")
            let name = reader.name(.name)
            if let name { claim(name, in: &busNames, "bus", reader, .name) }
            guard let kind = reader.word(.kind, of: BusKind.self, later: ["rtu-over-tcp"]) else { continue }
            let transport = kind == .rtu ? rtu(reader) : tcp(reader)
            guard let name, let transport else { continue }
            let (place, key) = place(of: transport)
            if places.contains(place) {
                reader.report(
                    .portTaken, key, "another bus uses \(place) already",
                    advice: "one bus may have many meters: put them on it")
            }
            places.append(place)
            buses.append(BusConfiguration(settings: BusSettings(name: name, transport: transport), meters: []))
        }
    }

    private func place(of transport: BusSettings.Transport) -> (String, BusKey) {
        switch transport {
        case .rtu(let port, _, _, _): (port, .port)
        case .tcp(let host, let port): ("\(host):\(port)", .address)
        }
    }

    private func rtu(_ reader: TableReader<BusKey>) -> BusSettings.Transport? {
        refuse([.address], "an rtu bus", reader)
        reader.require(.port, advice: "such as \"/dev/ttyUSB0\", better \"/dev/serial/by-id/…\", which stays the same")
        let baud = reader.integer(.baud, in: 0...Int64(Int32.max), advice: bauds) ?? Int64(ConfigurationDefaults.baud)
        if !BusSettings.bauds.contains(Int(baud)) {
            reader.report(.unknownWord, .baud, "\(baud) baud is not possible", advice: bauds)
        }
        let parity = reader.word(.parity, of: BusSettings.Parity.self) ?? ConfigurationDefaults.parity
        let stopBits = reader.integer(.stopBits, in: 1...2, advice: "1 or 2") ?? Int64(ConfigurationDefaults.stopBits)
        guard let port = reader.text(.port) else { return nil }
        guard port.hasPrefix("/") else {
            reader.report(
                .badAddress, .port, "\"\(port)\" is no device path",
                advice: "an absolute path, such as \"/dev/ttyUSB0\"")
            return nil
        }
        return .rtu(port: port, baud: Int(baud), parity: parity, stopBits: Int(stopBits))
    }

    private var bauds: String { "allowed: \(BusSettings.bauds.map { "\($0)" }.joined(separator: ", "))" }

    private func tcp(_ reader: TableReader<BusKey>) -> BusSettings.Transport? {
        refuse([.port, .baud, .parity, .stopBits], "a tcp bus", reader)
        let advice = "an IPv4 address and a port, such as \"192.168.1.20:502\"; names are not resolved here"
        reader.require(.address, advice: advice)
        guard let text = reader.text(.address) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let port = parts.count == 2 ? portNumber(parts[1]) : ConfigurationDefaults.modbusPort
        guard parts.count <= 2, isIPv4(parts[0]), let port else {
            reader.report(.badAddress, .address, "\"\(text)\" is no address of a gateway", advice: advice)
            return nil
        }
        return .tcp(host: String(parts[0]), port: port)
    }

    private func refuse(_ keys: [BusKey], _ what: String, _ reader: TableReader<BusKey>) {
        for key in keys where reader.has(key) {
            reader.report(
                .keyDoesNotApply, key, "\(what) has no \"\(key.rawValue)\"",
                advice: "remove it, or change the bus' kind")
        }
    }

    // MARK: Meters

    mutating func readMeters(_ root: TableReader<RootKey>) {
        var profiles: [String: [RegisterDescription]] = [:]
        var names: [String] = []
        var unitsTaken: [String: [Int64: String]] = [:]
        for reader in root.subtables(.meter, MeterKey.self, atMost: ConfigurationLimits.meters) {
            reader.require(.name, advice: "such as \"water\"; it begins the names of the meter's signals")
            reader.require(.bus, advice: "the name of a [[bus]]")
            reader.require(.unit, advice: "the unit id set in the meter, 1 to 247")
            let name = reader.name(.name, dots: false)
            if let name { claim(name, in: &names, "meter", reader, .name) }
            let bus = busReference(reader)
            let unit = reader.integer(
                .unit, in: ConfigurationLimits.unitID, advice: "0 is broadcast, 248 and above are reserved")
            if let bus, let unit {
                if let other = unitsTaken[bus]?[unit] {
                    reader.report(
                        .unitTaken, .unit, "unit \(unit) on bus \(bus) is the meter \"\(other)\" already",
                        advice: "two meters that answer to one unit id disturb each other: change one of them")
                }
                unitsTaken[bus, default: [:]][unit] = name ?? "?"
            }
            let timing = meterTiming(reader)
            let registers = registers(of: reader, profiles: &profiles)
            guard let name, let registers else {
                if let name { brokenOwners.insert(name) }
                continue
            }
            let plans = addSignals(of: name, registers, timing: timing, reader)
            guard let index = buses.firstIndex(where: { $0.settings.name == bus }), let unit else { continue }
            buses[index].meters.append(
                MeterPlan(
                    name: name, unit: UInt8(unit), pollMilliseconds: timing.poll.milliseconds,
                    timeoutMilliseconds: Int(timing.timeout.milliseconds), registers: plans))
        }
        reportIdleBuses(root)
    }

    private func busReference(_ reader: TableReader<MeterKey>) -> String? {
        guard let bus = reader.text(.bus) else { return nil }
        guard busNames.contains(bus) else {
            reader.report(
                .unknownBus, .bus, "no bus is called \"\(bus)\"",
                advice: adviceOfWords(bus, known: busNames, whatTheyAre: "buses"))
            return nil
        }
        return bus
    }

    private func reportIdleBuses(_ root: TableReader<RootKey>) {
        guard log.issues.allSatisfy({ !$0.isError }) else { return }
        for bus in buses where bus.meters.isEmpty {
            root.report(
                .idleBus, .bus, "bus \"\(bus.settings.name)\" has no meter", advice: "remove it, or add a [[meter]]")
        }
    }

    private typealias Timing = (poll: Span, timeout: Span, silentAfter: Span)

    private func meterTiming(_ reader: TableReader<MeterKey>) -> Timing {
        let poll = reader.span(.poll, in: ConfigurationLimits.poll) ?? ConfigurationDefaults.poll
        let timeout = reader.span(.timeout, in: ConfigurationLimits.timeout) ?? ConfigurationDefaults.timeout
        let silentAfter =
            reader.span(.silentAfter, in: ConfigurationLimits.silentAfter)
            ?? ConfigurationDefaults.silentAfter(poll: poll)
        if silentAfter <= poll {
            reader.report(
                .silentBeforePoll, .silentAfter, "\(silentAfter.text()) is over before the next poll (\(poll.text()))",
                advice: "choose three polls or more: \((poll * 3).text())")
        }
        return (poll, timeout, silentAfter)
    }

    private mutating func addSignals(
        of meter: String, _ registers: [RegisterDescription], timing: Timing, _ reader: TableReader<MeterKey>
    ) -> [RegisterPlan] {
        let place = reader.place(of: .name) ?? Located(value: meter, position: reader.table.position, key: reader.path)
        return registers.map { register in
            let isCount = register.type != .f32 && register.type != .f64
            let channel = addSignal(
                SignalModel(
                    name: "\(meter).\(register.signal)", source: .meter(register.quantity),
                    silentAfter: timing.silentAfter),
                detail: SignalDetail(
                    poll: timing.poll, step: isCount ? register.scale : nil, request: nil, place: place),
                scale: register.scale, unit: register.unit, maxRate: register.maxRate)
            return RegisterPlan(
                channel: channel, table: register.table, address: register.address, type: register.type,
                order: register.order)
        }
    }

    // MARK: Registers

    /// A meter's registers, from its profile or its own; nil when there is an error in them.
    private func registers(
        of reader: TableReader<MeterKey>, profiles: inout [String: [RegisterDescription]]
    ) -> [RegisterDescription]? {
        guard reader.has(.profile) != reader.has(.register) else {
            reader.reportTable(
                .registersUnclear,
                reader.has(.profile) ? "has both a profile and registers" : "has neither a profile nor registers",
                advice: "name a profile, or describe each register in a [[meter.register]]")
            return nil
        }
        if reader.has(.register) {
            return registerList(
                reader.subtables(.register, RegisterKey.self, atMost: ConfigurationLimits.registers), reader.reportTable
            )
        }
        guard let name = reader.name(.profile) else { return nil }
        if let known = profiles[name] { return known }
        switch descriptions.profiles[name] {
        case .found(let table, let profileFile):
            let profile = TableReader<ProfileKey>(table, file: profileFile, path: "", log: log)
            checkName(profile, .name, is: name)
            _ = profile.text(.description)
            _ = profile.text(.source)
            let list = registerList(
                profile.subtables(.register, RegisterKey.self, atMost: ConfigurationLimits.registers),
                profile.reportTable)
            profiles[name] = list
            return list
        case .missing(let searched):
            reportMissing(.unknownProfile, "meter profile", name, searched, reader, .profile)
        case .broken, nil:
            break
        }
        return nil
    }

    private func registerList(
        _ readers: [TableReader<RegisterKey>], _ reportTable: (IssueCode, String, String) -> Void
    ) -> [RegisterDescription]? {
        guard !readers.isEmpty else {
            reportTable(.empty, "describes no register", "add a [[register]] (in a meter: [[meter.register]])")
            return nil
        }
        var names: [String] = []
        let registers = readers.map { reader in
            let register = self.register(reader)
            if let name = register?.signal { claim(name, in: &names, "signal of this meter", reader, .signal) }
            return register
        }
        let whole = registers.compactMap { $0 }
        return whole.count == registers.count ? whole : nil
    }

    private func register(_ reader: TableReader<RegisterKey>) -> RegisterDescription? {
        reader.require(.signal, advice: "such as \"volume\": a meter \"water\" then gives water.volume")
        reader.require(
            .quantity, advice: "what it measures: \(Quantity.allCases.map(\.rawValue).joined(separator: ", "))")
        reader.require(
            .address, advice: "as sent on the wire, from 0: 30001 in a manual is address 0 of table \"input\"")
        reader.require(
            .type, advice: "what the words hold: \(RegisterType.allCases.map(\.rawValue).joined(separator: ", "))")
        reader.require(.unit, advice: "the unit of the register times its scale, such as \"m3\"")
        let signal = reader.name(.signal, dots: false)
        let quantity = reader.word(.quantity, of: Quantity.self)
        let table = self.table(reader)
        let address = reader.integer(.address, in: 0...0xFFFF, advice: "as sent on the wire, from 0")
        let type = reader.word(.type, of: RegisterType.self, later: ["bcd4", "bcd8", "bcd12"])
        let order = reader.word(.order, of: WordOrder.self) ?? .ABCD
        if let address, let type, address + Int64(type.words) > 0x1_0000 {
            reader.report(
                .outOfRange, .address, "a \(type.rawValue) at \(address) ends behind the last register, 65535",
                advice: "check address and type")
        }
        let unit = quantity.flatMap { self.unit(reader, of: $0) }
        let maxRate = quantity.flatMap { self.maxRate(reader, of: $0) }
        guard let signal, let quantity, let table, let address, let type, let unit, let scale = scale(reader, unit)
        else { return nil }
        return RegisterDescription(
            signal: signal, quantity: quantity, table: table, address: UInt16(address), type: type, order: order,
            scale: scale, unit: unit, maxRate: maxRate)
    }

    private func table(_ reader: TableReader<RegisterKey>) -> ModbusTable? {
        guard reader.has(.table) else { return .holding }
        guard let table = reader.word(.table, of: ModbusTable.self) else { return nil }
        guard table == .holding || table == .input else {
            reader.report(
                .notInThisVersion, .table,
                "single bits (\(table.rawValue)) are known, but this version does not have them yet",
                advice: "this version has: holding, input")
            return nil
        }
        return table
    }

    private func unit(_ reader: TableReader<RegisterKey>, of quantity: Quantity) -> MeasurementUnit? {
        guard let symbol = reader.text(.unit) else { return nil }
        if let unit = MeasurementUnit.named(symbol, of: quantity) { return unit }
        reader.report(
            .badQuantity, .unit, "\"\(symbol)\" is no unit of \(quantity.rawValue)",
            advice: adviceOfWords(
                symbol, known: MeasurementUnit.all(of: quantity).map(\.symbol), whatTheyAre: "its units"))
        return nil
    }

    private func scale(_ reader: TableReader<RegisterKey>, _ unit: MeasurementUnit) -> Scale? {
        guard reader.has(.scale) else { return Scale(numerator: unit.factor, denominator: 1) }
        guard let decimal = reader.positiveDecimal(.scale) else { return nil }
        guard decimal.places <= 9, let scale = decimal.scale(by: unit.factor) else {
            reader.report(
                .tooManyDigits, .scale, "has more digits than can be exact",
                advice: "at most 9 behind the point, or choose another unit")
            return nil
        }
        return scale
    }
}

/// 1...65535
func portNumber(_ text: Substring) -> Int? {
    guard let number = UInt16(text), number > 0, !text.hasPrefix("+") else { return nil }
    return Int(number)
}

func isIPv4(_ text: Substring) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts.allSatisfy { part in UInt8(part).map { "\($0)" == part } ?? false }
}
