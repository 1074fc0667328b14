// A line full of simulated meters, each set as its installer left it, and a scan over it on the wire's own time.

import Drivers
import Foundation
import LocalRules

@testable import EdgeAgent

/// One meter on the line.
struct ScannedMeter {
    typealias Image = [ModbusTable: [Int: UInt16]]

    /// The profile that is right; nil: there is none.
    var profile: String?
    var line: SerialLine
    var unit: UInt8
    /// Content by table and address.
    var image: Image

    /// A meter of a profile, which holds what its conversation says, and zeroes where its requests read over gaps.
    /// Conversations fill every word of a total, which takes more than a home uses: there it holds a home's.
    init(_ profile: MeterProfile, _ line: SerialLine, _ unit: UInt8) throws {
        let file = "\(repositoryFolder)/Tests/Meters/\(profile.name).hex"
        let conversation = Conversation(try String(contentsOfFile: file, encoding: .utf8))
        var image = conversation.moments[0].image
        let spans = profile.registers.flatMap { $0.plan(channel: Channel(0), poll: nil).spans }
        for request in profile.limits.requests(for: spans) {
            for address in request.first..<request.end where image[request.table]?[address] == nil {
                image[request.table, default: [:]][address] = 0
            }
        }
        for (number, register) in profile.registers.enumerated()
        where register.isTotal && register.scaleFrom == nil && !register.isPlausible(in: image) {
            // 3178.5 kWh or 317.85 m3, and a little more for each further total.
            let total: Int64 = register.quantity == .energy ? 3_178_500_000 : 317_850_000
            register.put(total + Int64(number) * 1_500_000, into: &image)
        }
        self.init(profile: profile.name, line, unit, image)
    }

    init(profile: String? = nil, _ line: SerialLine, _ unit: UInt8, _ image: Image) {
        self.profile = profile
        self.line = line
        self.unit = unit
        self.image = image
    }

    func put(into bank: MeterBank) {
        bank.set(unit: unit, on: line, fault: .none)
        for (table, words) in image {
            for (address, word) in words {
                bank.set(unit: unit, on: line, table: table, address: UInt16(address), words: [word])
            }
        }
    }
}

/// A bank and the bus to it, in the wire's own time.
struct SimulatedLine {
    let bank = MeterBank()
    let clock = SimulatedClock()
    let settings = BusSettings(
        name: "", transport: .rtu(port: "/dev/ttyUSB0", baud: 9600, parity: .none, stopBits: 1))

    /// - Parameter questions: Ctrl-C comes after so many.
    func scan(
        lines: [SerialLine], units: [UInt8], profiles: [MeterProfile], timeoutMilliseconds: Int = 200,
        endsAfter questions: Int = .max, observe: @escaping (ScanProgress) -> Void = { _ in }
    ) -> ScanResult {
        let (bank, clock) = (bank, clock)
        let access = FreeBus(settings) { settings in
            DirectReader(settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: clock))
        }
        let plan = ScanPlan(
            lines: lines, units: units, factory: profiles.map(\.serial), timeoutMilliseconds: timeoutMilliseconds)
        var asked = 0
        return Scanner(
            access: access, plan: plan, profiles: profiles, isThorough: false, clock: { clock.now },
            isInterrupted: { asked >= questions },
            observe: {
                asked += 1
                observe($0)
            }
        ).run()
    }
}

func serial(_ baud: Int, _ parity: BusSettings.Parity = .none) -> SerialLine {
    SerialLine(baud: baud, parity: parity, stopBits: 1)
}

/// Words of consecutive addresses.
func words(from address: Int, _ words: [UInt16]) -> [Int: UInt16] {
    Dictionary(uniqueKeysWithValues: words.enumerated().map { (address + $0.offset, $0.element) })
}

extension RegisterDescription {
    fileprivate func isPlausible(in image: ScannedMeter.Image) -> Bool {
        var known = RegisterImage()
        for (table, words) in image {
            for (address, word) in words {
                known.take(.success(.words([word])), to: RegisterSpan(table: table, first: address, count: 1))
            }
        }
        return RegisterEvidence(self, in: known).verdict.points > 0
    }

    /// Puts an amount in base units into its registers, as its type and order have it.
    func put(_ value: Int64, into image: inout ScannedMeter.Image) {
        let raw = Double(value) * Double(scale.denominator) / Double(scale.numerator)
        var bits: UInt64
        switch type {
        case .f32: bits = UInt64(Float(raw).bitPattern)
        case .f64: bits = raw.bitPattern
        case .bcd4, .bcd8: bits = UInt64(String(Int64(raw)), radix: 16) ?? 0
        default: bits = UInt64(bitPattern: Int64(raw))
        }
        var words: [UInt16] = []
        for _ in 0..<type.words {
            words.insert(UInt16(truncatingIfNeeded: bits), at: 0)
            bits >>= 16
        }
        if order == .BADC || order == .DCBA { words = words.map(\.byteSwapped) }
        if order == .CDAB || order == .DCBA { words.reverse() }
        for (offset, word) in words.enumerated() { image[table, default: [:]][Int(address) + offset] = word }
    }
}
