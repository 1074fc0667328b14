// Scans over lines full of meters: what is found, what it is taken for, and how long it takes.

import Drivers
import Foundation
import Testing

@testable import EdgeAgent

/// Thirty meters on six settings of one line, as after years of installers: most of them not set as they left
/// their makers, many with registers where other models have theirs.
private enum Street {
    static let lines = [
        serial(9600), serial(9600, .even), serial(2400), serial(4800), serial(19200), serial(19200, .even),
    ]

    static let known: [(profile: String, line: SerialLine, unit: UInt8)] = [
        ("eastron-sdm230", serial(9600), 1), ("eastron-sdm72d-m-v2", serial(9600), 2),
        ("eastron-sdm72d-m", serial(9600), 3), ("carlo-gavazzi-em540", serial(9600), 4),
        ("carlo-gavazzi-em111", serial(9600), 5), ("bernecker-mpm3pm", serial(9600), 6),
        ("hiking-dds238-2", serial(9600), 7), ("acrel-ddsd1352", serial(9600), 8),
        ("peacefair-pzem-016", serial(9600), 9), ("carlo-gavazzi-em24", serial(9600, .even), 1),
        ("chint-dtsu666-001", serial(9600, .even), 3), ("eltako-dsz15dzmod", serial(9600, .even), 4),
        ("eastron-sdm120", serial(2400), 1), ("chint-dtsu666", serial(2400), 2), ("xht-heat-meter", serial(2400), 3),
        ("zjsus-lcd", serial(4800), 1), ("sbc-ald1", serial(4800), 2), ("comwintop-cwt-slth", serial(4800), 3),
        ("carlo-gavazzi-em24-e1", serial(19200), 1), ("finder-7m-24", serial(19200), 2),
        ("finder-7m-38", serial(19200), 3), ("phoenix-contact-eem-350", serial(19200, .even), 1),
        ("schneider-iem3150", serial(19200, .even), 2), ("xintai-modbus-water", serial(19200, .even), 3),
        ("hager-ecr380d", serial(19200, .even), 4),
    ]

    /// No profile: an inverter with SunSpec's map, a motor drive, a relay board, a device that is zero all over,
    /// and a thermostat, whose numbers look like a room's climate.
    static let strangers: [ScannedMeter] = [
        ScannedMeter(
            serial(9600), 10,
            [
                .holding: words(
                    from: 40000, [0x5375, 0x6E53, 1, 66, 0x5378, 0x6F6E] + [UInt16](repeating: 0x3131, count: 60))
            ]),
        ScannedMeter(
            serial(2400), 4,
            [
                .holding: words(
                    from: 0,
                    [0, 1, 5000, 300, 100, 100, 50, 400, 0, 3, 1500, 22, 150, 0, 0, 7]
                        + [UInt16](repeating: 20, count: 84)
                )
                .merging(words(from: 0x2000, [1, 4998, 0, 312, 18, 540])) { own, _ in own }
            ]),
        ScannedMeter(
            serial(4800), 4,
            [.coil: words(from: 0, [1, 0, 0, 1, 0, 0, 0, 1]), .discrete: words(from: 0, [0, 0, 1, 1])]),
        ScannedMeter(
            serial(9600, .even), 5,
            [
                .holding: words(from: 0, [UInt16](repeating: 0, count: 1024)),
                .input: words(from: 0, [UInt16](repeating: 0, count: 1024)),
            ]),
        ScannedMeter(serial(19200), 4, [.holding: words(from: 0, [215, 228, 1, 0, 3, 5, 1, 2024, 11, 22])]),
    ]
}

private func right(_ profile: String?, _ found: FoundMeter?) -> Bool {
    guard let found else { return false }
    guard let profile else { return found.recognised == nil }
    return found.recognised?.profile.name == profile
}

@Suite struct ScanTests {
    private let profiles = sampleLoader.profiles().profiles

    private func street() throws -> [ScannedMeter] {
        try Street.known.map { place in
            try ScannedMeter(try #require(profiles.first { $0.name == place.profile }), place.line, place.unit)
        } + Street.strangers
    }

    /// Whether another model has a register where this one has one.
    private func hasDecoy(_ name: String) -> Bool {
        func places(_ profile: MeterProfile) -> Set<RegisterSpan> {
            Set(profile.registers.map { RegisterSpan(table: $0.table, first: Int($0.address), count: 1) })
        }
        guard let own = profiles.first(where: { $0.name == name }).map(places) else { return false }
        return profiles.contains { $0.name != name && !places($0).isDisjoint(with: own) }
    }

    @Test func thirtyMetersWithMixedSettings() throws {
        let line = SimulatedLine()
        let meters = try street()
        for meter in meters { meter.put(into: line.bank) }
        let result = line.scan(lines: Street.lines, units: Array(1...12), profiles: profiles)
        var (known, strange) = (0, 0)
        for meter in meters {
            let found = result.meters.first { $0.line == meter.line && $0.unit == meter.unit }
            let isRight = right(meter.profile, found)
            if isRight { if meter.profile == nil { strange += 1 } else { known += 1 } }
            let best = found?.candidates.first
            let name = best.map { "\($0.profile.name), \($0.points) points, \($0.certainty.rawValue)" } ?? "nothing"
            let mark = isRight ? "right" : "WRONG"
            print("\(mark)  \(meter.line.words), unit \(meter.unit): \(meter.profile ?? "a stranger"): \(name)")
        }
        let seconds = result.nanoseconds / 1_000_000_000
        print(
            "\(known) of \(Street.known.count) known ones, \(strange) of \(Street.strangers.count) strangers; \(seconds) s on the wire"
        )
        #expect(meters.count == 30)
        #expect(Street.known.count { hasDecoy($0.profile) } >= 8)
        #expect(result.meters.count == 30)
        #expect(known >= 23)
        #expect(strange == 5)
        #expect(result.isComplete)
        let unknown = result.meters.filter { $0.recognised == nil }
        #expect(unknown.allSatisfy { !ScanReport.beginnings($0).isEmpty })
    }

    /// Every model that has a profile, one by one: what is not recognised has too little to say, and nothing is taken
    /// for another model with other registers.
    @Test func noModelIsTakenForAnother() throws {
        var recognised = 0
        for profile in profiles {
            let line = SimulatedLine()
            let setting = serial(profile.serial.baud ?? 9600, profile.serial.parity ?? .none)
            try ScannedMeter(profile, setting, 7).put(into: line.bank)
            let result = line.scan(lines: [setting], units: [7], profiles: profiles)
            let found = try #require(result.meters.first)
            guard let best = found.recognised else { continue }
            recognised += 1
            #expect(best.profile.name == profile.name || best.twins.contains(profile.name), "\(profile.name)")
        }
        print("\(recognised) of \(profiles.count) models recognised")
        #expect(recognised >= profiles.count * 4 / 5)
    }

    @Test func whatIsPrintedIsAConfiguration() throws {
        let line = SimulatedLine()
        for meter in try street() { meter.put(into: line.bank) }
        let result = line.scan(lines: [serial(9600), serial(4800)], units: Array(1...12), profiles: profiles)
        let report = ScanReport(result: result, settings: line.settings)
        let home = try load(homeHead + report.text)
        #expect(home.buses.map(\.settings.name) == ["rs485"])
        // Those at 4800 baud cannot be on the same bus: they are comments.
        #expect(home.buses[0].meters.map(\.unit) == Array(1...9))
        #expect(home.buses[0].meters.map(\.name).prefix(2) == ["power", "power-2"])
        #expect(report.text.contains("# profile = \"zjsus-lcd\""))
        #expect(report.text.contains("#   holding 0 to 9: exception 2 (illegal data address)"))
        #expect(report.exitCode == 1)
        let object = try JSONSerialization.jsonObject(with: Data(jsonText(report.json).utf8)) as? [String: Any]
        let list = try #require(object?["meters"] as? [[String: Any]])
        #expect(list.count == 14)
        #expect(list.first { $0["unit"] as? Int == 1 }?["profile"] as? String == "eastron-sdm230")
        #expect(object?["complete"] as? Bool == true)
    }

    @Test func whatIsConfiguredAlreadyIsNotOfferedAgain() throws {
        let line = SimulatedLine()
        try street()[0].put(into: line.bank)
        let result = line.scan(lines: [serial(9600)], units: [1], profiles: profiles)
        var settings = line.settings
        settings.name = "rs485"
        let text = ScanReport(result: result, settings: settings, configured: [1: "power"]).text
        #expect(text.contains("already configured: meter \"power\""))
        #expect(!text.contains("[["))
    }

    @Test func ctrlCKeepsWhatWasFound() throws {
        let line = SimulatedLine()
        for meter in try street() { meter.put(into: line.bank) }
        let whole = line.scan(lines: [serial(9600)], units: [1, 2, 30], profiles: profiles)
        let part = line.scan(lines: [serial(9600)], units: [1, 2, 30], profiles: profiles, endsAfter: 60)
        #expect(whole.isComplete)
        #expect(part.isInterrupted)
        #expect(!part.isComplete)
        #expect(part.asked < 3)
        #expect(part.meters.first?.recognised?.profile.name == "eastron-sdm230")
        #expect(ScanReport(result: part, settings: line.settings).exitCode == 3)
    }

    /// Some adapters do not look at parity: the meter answers to both, and is one all the same.
    @Test func aMeterAtTwoParitiesIsListedOnce() throws {
        let line = SimulatedLine()
        let profile = try #require(profiles.first { $0.name == "eastron-sdm230" })
        for parity in [BusSettings.Parity.none, .even] {
            try ScannedMeter(profile, serial(9600, parity), 3).put(into: line.bank)
            line.bank.set(unit: 4, on: serial(9600, parity), table: .holding, address: 0, words: [6, 0x4AB9])
        }
        // Two meters of one model with one unit id: their totals differ.
        try ScannedMeter(profile, serial(9600), 5).put(into: line.bank)
        try ScannedMeter(profile, serial(9600, .even), 5).put(into: line.bank)
        line.bank.set(unit: 5, on: serial(9600, .even), table: .input, address: 0x0048, words: [0x4500, 0])
        let result = line.scan(lines: [serial(9600), serial(9600, .even)], units: [3, 4, 5], profiles: profiles)
        #expect(result.meters.map(\.unit) == [3, 4, 5, 5])
        #expect(result.meters.map(\.alsoAt) == [[serial(9600, .even)], [serial(9600, .even)], [], []])
        let report = ScanReport(result: result, settings: line.settings)
        #expect(
            report.text.contains(
                "#   the same meter answers at 9600 baud, parity even, 1 stop bit, too: it is listed once"))
        #expect(jsonText(report.json).contains(#""alsoAt":[{"baud":9600,"parity":"even","stopBits":1}]"#))
    }

    /// A single counter is no proof of a model; what its installer does next is said.
    @Test func anUnknownCounterSaysWhatToDoNext() {
        let line = SimulatedLine()
        line.bank.set(unit: 5, table: .holding, address: 0, words: [6, 0x4AB9])
        let result = line.scan(lines: [serial(9600)], units: [5], profiles: profiles)
        for (language, part) in [(Language.en, "next: look for"), (.zh, "下一步")] {
            let text = ScanReport(result: result, settings: line.settings, language: language).text
            #expect(text.contains(part))
            #expect(
                text.contains(
                    "`edge-agent read --port /dev/ttyUSB0 --baud 9600 --parity none --stop-bits 1 --unit 5 --table holding --address 0 --count 2 --raw`"
                ), "\(text)")
            #expect(text.contains("`edge-agent self-test --tap`"))
        }
        let known = ScanReport(result: result, settings: line.settings, configured: [5: "water"])
        #expect(!known.text.contains("next:"))
    }

    @Test func aBusThatFailsIsSaidToProgramsToo() {
        var result = ScanResult()
        result.error = BusError(kind: .cannotOpen, message: "bus: busy", advice: "stop it")
        let text = jsonText(ScanReport(result: result, settings: SimulatedLine().settings).json)
        #expect(text.hasPrefix(#"{"error":"bus: busy","advice":"stop it","complete":false"#))
    }

    @Test func aGatewaysWordIsNoMeter() {
        let line = SimulatedLine()
        line.bank.set(unit: 3, fault: .exception(code: 11))
        line.bank.set(unit: 4, fault: .exception(code: 6))
        let result = line.scan(lines: [serial(9600)], units: Array(1...5), profiles: profiles)
        #expect(result.meters.map(\.unit) == [4])
    }

    /// A meter that thinks longer than the scan waits is heard while the next one is asked.
    @Test func aMeterThatAnswersTooLateIsAskedAgain() throws {
        let line = SimulatedLine()
        let profile = try #require(profiles.first { $0.name == "eastron-sdm230" })
        try ScannedMeter(profile, serial(9600), 3).put(into: line.bank)
        line.bank.set(unit: 3, on: serial(9600), fault: .late(milliseconds: 300))
        let result = line.scan(lines: [serial(9600)], units: Array(1...6), profiles: profiles)
        #expect(result.meters.map(\.unit) == [3])
        #expect(result.meters.first?.recognised?.profile.name == "eastron-sdm230")
    }

    /// Many a meter with a network socket of its own does not look at the unit id.
    @Test func aDeviceThatAnswersToEveryUnitIdIsSaidToDoSo() throws {
        let bank = MeterBank()
        let profile = try #require(profiles.first { $0.name == "eastron-sdm230" })
        let image = try ScannedMeter(profile, serial(9600), 1).image
        for unit in 1...20 as ClosedRange<UInt8> {
            for (table, words) in image {
                for (address, word) in words {
                    bank.set(unit: unit, table: table, address: UInt16(address), words: [word])
                }
            }
        }
        let clock = SimulatedClock()
        let settings = BusSettings(name: "", transport: .tcp(host: "192.168.1.20", port: 502))
        let result = Scanner(
            access: FreeBus(settings) {
                DirectReader(settings: $0, port: SimulatedPort(settings: $0, bank: bank, clock: clock))
            },
            plan: ScanPlan(lines: [nil], units: Array(1...20), factory: [], timeoutMilliseconds: 200),
            profiles: [profile], isThorough: false, clock: { clock.now }, isInterrupted: { false }, observe: { _ in }
        ).run()
        #expect(result.meters.map(\.unit) == [1, 2, 3])
        #expect(result.isComplete)
        let text = ScanReport(result: result, settings: settings).text
        #expect(text.contains("address = \"192.168.1.20:502\""))
        #expect(text.contains("this device answers to every unit id"))
    }

    @Test func unsoundAnswersAreSaidAndNotTakenForAMeter() {
        let line = SimulatedLine()
        for unit in [2, 3, 5] as [UInt8] { line.bank.set(unit: unit, fault: .damaged) }
        let result = line.scan(lines: [serial(9600)], units: Array(1...5), profiles: profiles)
        #expect(result.meters.isEmpty)
        let report = ScanReport(result: result, settings: line.settings)
        #expect(report.text.hasPrefix("# Unit 2-3, 5 at 9600 baud, parity none, 1 stop bit: something answers"))
        #expect(report.exitCode == 1)
    }

    @Test func theEstimateIsHonest() {
        let line = SimulatedLine()
        let lines = [serial(9600), serial(2400, .even)]
        var rests: [(asked: Int, rest: Int64, elapsed: Int64)] = []
        let result = line.scan(lines: lines, units: Array(1...40), profiles: []) { progress in
            if let rest = progress.restNanoseconds { rests.append((progress.asked, rest, progress.elapsedNanoseconds)) }
        }
        let plan = ScanPlan(lines: lines, units: Array(1...40), factory: [], timeoutMilliseconds: 200)
        func isNear(_ a: Int64, _ b: Int64) -> Bool { (a - b).magnitude < b.magnitude / 20 + 200_000_000 }
        #expect(isNear(plan.silentNanoseconds, result.nanoseconds))
        #expect(rests.count > 70)
        #expect(rests.allSatisfy { isNear($0.elapsed + $0.rest, result.nanoseconds) })
    }

    /// On a real line the port's own settings decide who hears the question.
    @Test func overARealPortWithThreeMetersOfOneUnitId() throws {
        let bank = MeterBank()
        let places = [
            ("eastron-sdm230", serial(9600)), ("eastron-sdm120", serial(2400)), ("hager-ecr380d", serial(19200, .even)),
        ]
        for (name, line) in places {
            try ScannedMeter(try #require(profiles.first { $0.name == name }), line, 1).put(into: bank)
        }
        let server = try ModbusServer(serial: bank)
        let stop = try StopSignal()
        let thread = Worker(name: "meters") { server.serve(until: stop) }
        defer {
            stop.stop()
            #expect(thread.join(withinMilliseconds: patienceMilliseconds))
        }
        let wanted = places.map(\.0)
        let lines = [
            serial(9600), serial(9600, .even), serial(2400), serial(19200), serial(19200, .even), serial(19200, .odd),
        ]
        let plan = ScanPlan(lines: lines, units: [1, 2], factory: [], timeoutMilliseconds: 100)
        let result = Scanner(
            access: FreeBus(BusSettings(name: "", transport: server.transport)), plan: plan,
            profiles: profiles.filter { wanted.contains($0.name) }, isThorough: false,
            clock: { AgentClock.boot().nanoseconds }, isInterrupted: { false }, observe: { _ in }
        ).run()
        #expect(result.meters.map { $0.recognised?.profile.name } == wanted)
        #expect(result.meters.map(\.line) == places.map(\.1))
    }
}

@Suite struct ScanPlanTests {
    private let factory = [
        SerialSettings(baud: 9600, parity: .even, unit: 1), SerialSettings(baud: 9600, parity: .even, unit: 40),
        SerialSettings(baud: 2400),
    ]

    @Test func factorySettingsComeFirst() {
        let plan = ScanPlan(
            lines: [serial(4800), serial(2400), serial(9600, .even)], units: [1, 2, 40], factory: factory,
            timeoutMilliseconds: 200)
        #expect(
            plan.legs == [
                ScanPlan.Leg(line: serial(9600, .even), units: [1, 40]),
                ScanPlan.Leg(line: serial(2400), units: [1, 40]),
                ScanPlan.Leg(line: serial(4800), units: [1, 40]), ScanPlan.Leg(line: serial(9600, .even), units: [2]),
                ScanPlan.Leg(line: serial(2400), units: [2]), ScanPlan.Leg(line: serial(4800), units: [2]),
            ])
        #expect(plan.questions == 9)
        #expect(plan.lines == 3)
    }

    @Test func whatIsLeftCostsLess() {
        let plan = ScanPlan(
            lines: [serial(9600), serial(1200)], units: [1, 2, 3], factory: [], timeoutMilliseconds: 100)
        let all = plan.silentNanoseconds
        #expect(plan.nanoseconds(from: 0) == all)
        #expect(plan.nanoseconds(from: plan.questions) == 0)
        #expect(plan.nanoseconds(from: 2) < plan.nanoseconds(from: 1))
        // 19 characters of 10 bits at 1200 baud take 158 ms longer than none.
        #expect(plan.silenceNanoseconds(on: serial(1200)) == 100_000_000 + 19 * 8_333_333)
        #expect(plan.silenceNanoseconds(on: nil) == 100_000_000)
    }

    @Test(arguments: [
        ("1-3", [1, 2, 3] as [UInt8]?), ("7", [7]), ("5,1-2,2", [1, 2, 5]), ("0", nil), ("1-248", nil), ("3-1", nil),
        ("a", nil), ("", nil), ("1,", [1]), ("1--2", nil),
    ])
    func unitsAreWrittenAsRanges(_ text: String, _ expected: [UInt8]?) {
        #expect((try? ScanDefaults.units(text, all: false, factory: [])) == expected)
    }

    @Test func whatIsScannedWithoutAWord() throws {
        #expect(try ScanDefaults.units(nil, all: false, factory: factory) == Array(1...32) + [40])
        #expect(try ScanDefaults.units(nil, all: true, factory: []).count == 247)
        #expect(ScanDefaults.lines(nil, nil, nil, all: false, own: nil).count == 8)
        #expect(ScanDefaults.lines(nil, nil, nil, all: true, own: nil).count == 48)
        #expect(ScanDefaults.lines(nil, nil, nil, all: false, own: serial(1200, .odd)) == [serial(1200, .odd)])
        #expect(ScanDefaults.lines([300], nil, nil, all: false, own: serial(1200, .odd)) == [serial(300, .odd)])
    }
}
