// Buses: where meters are, and how one talks to them.

import Drivers
import LocalRules

private enum BusKind: String, CaseIterable {
    case rtu, tcp
    case rtuOverTCP = "rtu-over-tcp"
}

extension HomeInterpreter {
    // MARK: Buses

    mutating func readBuses(_ root: TableReader<RootKey>) {
        var places: [String] = []
        for reader in root.subtables(.bus, BusKey.self, atMost: ConfigurationLimits.buses) {
            reader.require(.name, advice: "such as \"rs485\"; meters refer to it")
            reader.require(
                .kind,
                advice: "\"rtu\" for a serial port, \"tcp\" for a gateway, \"rtu-over-tcp\" for a serial server")
            let name = reader.name(.name)
            if let name { reader.claim(name, in: &busNames, "bus", .name) }
            guard let kind = reader.word(.kind, of: BusKind.self) else { continue }
            let transport = kind == .rtu ? rtu(reader) : overNetwork(reader, kind)
            let kernelDrivesDirection = reader.boolean(.rs485) ?? false
            guard let name, let transport else { continue }
            let (place, key) = place(of: transport)
            if places.contains(place) {
                reader.report(
                    .portTaken, key, "another bus uses \(place) already",
                    advice: "one bus may have many meters: put them on it")
            }
            places.append(place)
            if kind == .rtu {
                takePort(place, switchesDirection: kernelDrivesDirection, bus: name, reader)
            }
            let settings = BusSettings(
                name: name, transport: transport, kernelDrivesDirection: kernelDrivesDirection)
            buses.append(BusConfiguration(settings: settings, meters: []))
        }
    }

    private func place(of transport: BusSettings.Transport) -> (String, BusKey) {
        switch transport {
        case .rtu(let port, _, _, _): (port, .port)
        case .tcp(let host, let port), .rtuOverTCP(let host, let port): ("\(host):\(port)", .address)
        }
    }

    private func rtu(_ reader: TableReader<BusKey>) -> BusSettings.Transport? {
        refuse([.address], "an rtu bus", reader)
        reader.require(.port, advice: "such as \"/dev/ttyUSB0\", better \"/dev/serial/by-id/…\", which stays the same")
        let baud = reader.baud(.baud) ?? ConfigurationDefaults.baud
        let parity = reader.word(.parity, of: BusSettings.Parity.self) ?? ConfigurationDefaults.parity
        let stopBits = reader.stopBits(.stopBits) ?? ConfigurationDefaults.stopBits
        guard let port = reader.text(.port) else { return nil }
        guard port.hasPrefix("/") else {
            reader.report(
                .badAddress, .port, "\"\(port)\" is no device path",
                advice: "an absolute path, such as \"/dev/ttyUSB0\"")
            return nil
        }
        return .rtu(port: port, baud: baud, parity: parity, stopBits: stopBits)
    }

    private func overNetwork(_ reader: TableReader<BusKey>, _ kind: BusKind) -> BusSettings.Transport? {
        refuse([.port, .baud, .parity, .stopBits, .rs485], "a \(kind.rawValue) bus", reader)
        let advice = "an IPv4 address and a port, such as \"192.168.1.20:502\"; names are not resolved here"
        reader.require(.address, advice: advice)
        guard let text = reader.text(.address) else { return nil }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let port = parts.count == 2 ? portNumber(parts[1]) : ConfigurationDefaults.modbusPort
        guard parts.count <= 2, isIPv4(parts[0]), let port else {
            reader.report(.badAddress, .address, "\"\(text)\" is no address of a gateway", advice: advice)
            return nil
        }
        let host = String(parts[0])
        return kind == .tcp ? .tcp(host: host, port: port) : .rtuOverTCP(host: host, port: port)
    }

    private func refuse(_ keys: [BusKey], _ what: String, _ reader: TableReader<BusKey>) {
        for key in keys where reader.has(key) {
            reader.report(
                .keyDoesNotApply, key, "\(what) has no \"\(key.rawValue)\"",
                advice: "remove it, or change the bus' kind")
        }
    }
}

extension TableReader {
    /// One of the rates that a serial port can do.
    func baud(_ key: Key) -> Int? {
        let advice = "allowed: \(BusSettings.bauds.map { "\($0)" }.joined(separator: ", "))"
        guard let baud = integer(key, in: 0...Int64(Int32.max), advice: advice) else { return nil }
        guard BusSettings.bauds.contains(Int(baud)) else {
            report(.unknownWord, key, "\(baud) baud is not possible", advice: advice)
            return nil
        }
        return Int(baud)
    }

    func stopBits(_ key: Key) -> Int? { integer(key, in: 1...2, advice: "1 or 2").map { Int($0) } }
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
