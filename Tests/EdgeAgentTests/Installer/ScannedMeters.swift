// A line full of simulated meters, each set as its installer left it, and a scan over it on the wire's own time.

import Drivers
import Foundation

@testable import EdgeAgent

/// One meter on the line.
struct ScannedMeter {
    /// The profile that is right; nil: there is none.
    var profile: String?
    var line: SerialLine
    var unit: UInt8
    /// Content by table and address.
    var image: [ModbusTable: [Int: UInt16]]

    /// A meter of a profile, which holds what its conversation says, and zeroes where its requests read over gaps.
    init(_ profile: MeterProfile, _ line: SerialLine, unit: UInt8) throws {
        let file = "\(repositoryFolder)/Tests/Meters/\(profile.name).hex"
        let conversation = Conversation(try String(contentsOfFile: file, encoding: .utf8))
        var image = conversation.image
        let spans = profile.registers.flatMap { $0.plan(channel: Channel(0), poll: nil).spans }
        for request in profile.limits.requests(for: spans) {
            for address in request.first..<request.end where image[request.table]?[address] == nil {
                image[request.table, default: [:]][address] = 0
            }
        }
        self.init(profile: profile.name, line: line, unit: unit, image: image)
    }

    init(profile: String?, line: SerialLine, unit: UInt8, image: [ModbusTable: [Int: UInt16]]) {
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

/// Scans on simulated wire, in its own time.
func scan(
    _ meters: [ScannedMeter], lines: [SerialLine], units: [UInt8], profiles: [MeterProfile],
    timeoutMilliseconds: Int = 200,
    isThorough: Bool = false, endsAfter questions: Int = .max, observe: @escaping (ScanProgress) -> Void = { _ in }
) -> ScanResult {
    let bank = MeterBank()
    for meter in meters { meter.put(into: bank) }
    let clock = SimulatedClock()
    let settings = BusSettings(name: "", transport: .rtu(port: "/dev/ttyUSB0", baud: 9600, parity: .none, stopBits: 1))
    let access = FreeBus(settings) { settings in
        DirectReader(settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: clock))
    }
    let plan = ScanPlan(
        lines: lines, units: units, factory: profiles.map(\.serial), timeoutMilliseconds: timeoutMilliseconds)
    var asked = 0
    return Scanner(
        access: access, plan: plan, profiles: profiles, isThorough: isThorough, clock: { clock.now },
        isInterrupted: { asked >= questions },
        observe: {
            asked += 1
            observe($0)
        }
    ).run()
}

func line(_ baud: Int, _ parity: BusSettings.Parity = .none) -> SerialLine {
    SerialLine(baud: baud, parity: parity, stopBits: 1)
}
