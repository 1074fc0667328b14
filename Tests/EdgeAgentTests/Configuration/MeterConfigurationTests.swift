// What meters and profiles may say, what becomes of it, and that it survives being written out.

import Drivers
import LocalRules
import TestPeers
import Testing

@testable import EdgeAgent

/// Every key that a meter with registers of its own can have.
private let everything =
    homeHead + """
        [[bus]]
        name = "server"
        kind = "rtu-over-tcp"
        address = "10.0.0.1:8899"
        [[bus]]
        name = "rs485"
        kind = "rtu"
        port = "/dev/ttyAMA0"
        rs485 = true
        [[meter]]
        name = "main"
        bus = "server"
        unit = 3
        poll = "5s"
        retries = 4
        pause = "150ms"
        max-registers = 24
        max-gap = 0
        [[meter.register]]
        signal = "energy"
        quantity = "energy"
        table = "input"
        address = 10
        type = "u32"
        unit = "Wh"
        poll = "10min"
        no-value = [0xFFFFFFFF, 0x80000000]
        scale-from = { address = 12, type = "i16", order = "BADC", as = "exponent" }
        [[meter.register]]
        signal = "power"
        quantity = "power"
        address = 14
        type = "sm32"
        order = "CDAB"
        unit = "W"
        scale-from = { table = "input", address = 13, type = "u16", as = "multiplier" }
        [[meter.register]]
        signal = "temperature"
        quantity = "temperature"
        address = 16
        type = "u16"
        bits = "4-7"
        unit = "degC"
        [[meter.register]]
        signal = "humidity"
        quantity = "humidity"
        address = 16
        type = "u64"
        bits = "63"
        no-value = [-1]
        unit = "%"
        poll = "2s"
        [[meter.register]]
        signal = "volume"
        quantity = "volume"
        address = 16
        type = "bcd8"
        scale = "0.1"
        unit = "m3"
        [[meter.forbidden]]
        table = "holding"
        first = 20
        last = 29
        [[meter.forbidden]]
        table = "input"
        first = 0
        last = 0
        """

private let mainMeter = MeterPlan(
    name: "main", unit: 3, pollMilliseconds: 5000, savingPollMilliseconds: 30_000, retries: 4, pauseMilliseconds: 150,
    limits: RequestLimits(
        mostRegisters: 24, mostGap: 0,
        forbidden: [
            RegisterRange(table: .holding, first: 20, last: 29), RegisterRange(table: .input, first: 0, last: 0),
        ]),
    registers: [
        RegisterPlan(
            channel: Channel(0), table: .input, address: 10, type: .u32, order: .ABCD,
            noValue: [0xFFFF_FFFF, 0x8000_0000],
            scaleFrom: ScaleRegister(table: .input, address: 12, type: .i16, order: .BADC, role: .exponent),
            pollMilliseconds: 600_000),
        RegisterPlan(
            channel: Channel(1), table: .holding, address: 14, type: .sm32, order: .CDAB,
            scaleFrom: ScaleRegister(table: .input, address: 13, type: .u16, role: .multiplier)),
        RegisterPlan(
            channel: Channel(2), table: .holding, address: 16, type: .u16, order: .ABCD,
            bits: BitField(low: 4, high: 7)),
        RegisterPlan(
            channel: Channel(3), table: .holding, address: 16, type: .u64, order: .ABCD,
            bits: BitField(low: 63, high: 63), noValue: [.max]),
        RegisterPlan(channel: Channel(4), table: .holding, address: 16, type: .bcd8, order: .ABCD),
    ])

@Suite struct MeterConfiguration {
    @Test func everyKeyArrives() throws {
        let home = try load(everything)
        #expect(
            home.buses.map(\.settings) == [
                BusSettings(name: "server", transport: .rtuOverTCP(host: "10.0.0.1", port: 8899)),
                BusSettings(
                    name: "rs485", transport: .rtu(port: "/dev/ttyAMA0", baud: 9600, parity: .none, stopBits: 1),
                    kernelDrivesDirection: true),
            ])
        #expect(home.buses[0].meters == [mainMeter])
    }

    @Test func everyKeySurvivesBeingWrittenOut() throws {
        let home = try load(everything)
        let again = try load(home.normalisedText)
        #expect(again.normalisedText == home.normalisedText)
        #expect(again.buses.map(\.settings) == home.buses.map(\.settings))
        #expect(again.buses.map(\.meters) == home.buses.map(\.meters))
        #expect(again.home == home.home)
        #expect(again.scales == home.scales)
    }

    @Test func whatIsAskedSeldomMayBeSilentLonger() throws {
        let home = try load(everything)
        // The poll that is shorter than the meter's own (2 s) makes nothing faster.
        #expect(
            home.home.signals.map(\.silentAfter) == [.minutes(30), .minutes(5), .minutes(5), .minutes(5), .minutes(5)])
        let written = try load(everything.replacing("retries = 4", with: "silent-after = \"6s\""))
        #expect(
            written.home.signals.map(\.silentAfter) == [
                .minutes(30), .seconds(6), .seconds(6), .seconds(6), .seconds(6),
            ])
        let again = try load(written.normalisedText)
        #expect(again.home == written.home)
    }

    @Test func whatIsAskedSeldomIsNotMissedInBetween() throws {
        let start = Instant(milliseconds: 0)
        var coverage = Coverage(configuration: try load(everything), since: start)
        for minutes: Int64 in [10, 20] {
            for signal in [0, 1] {
                coverage.count(Reading(signal: SignalID(signal), time: start + .minutes(minutes), value: 1))
            }
        }
        // Energy every 10 minutes, power every 5 seconds: 2 of 240.
        #expect(coverage.perMille(of: 0, at: start + .minutes(20)) == 1000)
        #expect(coverage.perMille(of: 1, at: start + .minutes(20)) == 8)
    }

    @Test func aWindowIsHeldToTheRegistersOwnPoll() {
        let rule =
            "[[rule]]\nname = \"r\"\nkind = \"low-use\"\nsignal = \"main.energy\"\nwindow = \"19min\"\nbelow = \"1 kWh\""
        #expect(issues(everything + "\n" + rule).filter(\.isError).map(\.code) == ["E409"])
        #expect(issues(everything + "\n" + rule.replacing("19min", with: "20min")).filter(\.isError).isEmpty)
    }

    @Test func aScaleRegisterHidesTheResolution() throws {
        // One count may be anything, so a limit below one count of the plain register is no contradiction.
        let rule = """

            [[rule]]
            name = "r"
            kind = "low-use"
            signal = "main.energy"
            window = "12h"
            below = "0.1 Wh"
            """
        let fixed = everything.replacing(
            "scale-from = { address = 12, type = \"i16\", order = \"BADC\", as = \"exponent\" }", with: "")
        #expect(issues(everything + rule).filter(\.isError).isEmpty)
        #expect(issues(fixed + rule).filter(\.isError).map(\.code) == ["E408"])
    }
}

/// A profile with every key that a profile can have, as `meters/model.toml`.
private let model = """
    name = "model"
    description = "A model"
    source = "its manual"
    quirks = ["It answers slowly.", "\(String(repeating: "It wants \\\"patience\\\". ", count: 20))"]
    max-registers = 50
    max-gap = 2
    [serial]
    baud = 19200
    parity = "even"
    stop-bits = 2
    unit = 7
    [[forbidden]]
    table = "holding"
    first = 100
    last = 119
    [[identify]]
    table = "input"
    address = 40
    type = "u32"
    order = "CDAB"
    equals = 0xABCD1234
    [[register]]
    signal = "energy"
    quantity = "energy"
    address = 0
    type = "u32"
    unit = "Wh"
    unconfirmed = "one source only"
    [[register]]
    signal = "power"
    quantity = "power"
    address = 2
    type = "i16"
    unit = "W"
    """

@Suite struct Profiles {
    private func modelAlone() throws -> MeterProfile {
        guard
            case .profile(let profile, _) = try ConfigurationLoader().check(text: Array(model.utf8), file: "model.toml")
        else { throw ScriptError.noProfile }
        return profile
    }

    private enum ScriptError: Error { case noProfile }

    @Test func everyKeyArrives() throws {
        let profile = try modelAlone()
        #expect(profile.name == "model" && profile.description == "A model" && profile.source == "its manual")
        #expect(profile.quirks.first == "It answers slowly." && profile.quirks.count == 2)
        #expect(profile.serial == SerialSettings(baud: 19200, parity: .even, stopBits: 2, unit: 7))
        #expect(
            profile.limits
                == RequestLimits(
                    mostRegisters: 50, mostGap: 2, forbidden: [RegisterRange(table: .holding, first: 100, last: 119)]))
        #expect(profile.registers.map(\.signal) == ["energy", "power"])
        #expect(profile.registers.map { $0.unconfirmed?.value } == ["one source only", nil])
        let mark = try #require(profile.identify.first)
        #expect(mark.range == RegisterRange(table: .input, first: 40, last: 41))
        #expect(mark.matches([0x1234, 0xABCD]))
        #expect(!mark.matches([0xABCD, 0x1234]) && !mark.matches([0xABCD]))
    }

    @Test func everyKeySurvivesBeingWrittenOut() throws {
        let report = CheckReport(file: "model.toml", result: .success(.profile(try modelAlone(), warnings: [])))
        let checked = try ConfigurationLoader().check(text: Array(report.text.utf8), file: "model.toml")
        guard case .profile(var again, let warnings) = checked else { throw ScriptError.noProfile }
        #expect(warnings.map(\.code) == ["W111"])
        // Where the reason stands has moved; nothing else has.
        let first = try modelAlone()
        #expect(again.registers[0].unconfirmed?.value == "one source only")
        again.registers[0].unconfirmed = first.registers[0].unconfirmed
        #expect(again == first)
    }

    /// A home with a meter of that model.
    private func home(_ keys: String) -> String {
        homeHead + "[[bus]]\nname = \"b\"\nkind = \"tcp\"\naddress = \"10.0.0.1\"\n"
            + "[[meter]]\nname = \"m\"\nbus = \"b\"\nunit = 1\nprofile = \"model\"\n" + keys
    }

    private func withModel<Result>(_ body: (ConfigurationLoader) throws -> Result) throws -> Result {
        let folder = try ScratchFolder()
        try folder.write(model, to: "meters/model.toml")
        return try body(ConfigurationLoader(descriptionFolders: [folder.path]))
    }

    @Test func doubtIsSaidWhereTheRegisterIsUsed() throws {
        func doubts(_ keys: String) throws -> [String] {
            try withModel { issues(home(keys), with: $0) }.filter { $0.code == "W111" }.map {
                "\($0.line) \($0.key): \($0.message)"
            }
        }
        #expect(try doubts("") == ["14 meter[0].profile: \"energy\" of model is not confirmed: one source only"])
        #expect(try doubts("signals = [\"power\"]") == [])
    }

    @Test(
        arguments: [
            ("", ["m.energy", "m.power"], [0, 2]), ("signals = [\"power\"]", ["m.power"], [2]),
            ("signals = [\"power\", \"energy\"]", ["m.energy", "m.power"], [0, 2]),
        ] as [(String, [String], [UInt16])])
    func onlyTheChosenSignalsAreRead(_ keys: String, _ signals: [String], _ addresses: [UInt16]) throws {
        let chosen = try withModel { try load(home(keys), with: $0) }
        #expect(chosen.home.signals.map(\.name) == signals)
        #expect(chosen.buses[0].meters[0].registers.map(\.address) == addresses)
        #expect(chosen.buses[0].meters[0].limits == (try modelAlone()).limits)
        // Written out, it needs the profile no more.
        #expect(try load(chosen.normalisedText, with: ConfigurationLoader()).normalisedText == chosen.normalisedText)
    }

    @Test func aMisspelledSignalIsToldWithTheProfilesNames() throws {
        let found = try withModel { issues(home("signals = [\"powr\"]"), with: $0) }
        let issue = try #require(found.first { $0.code == "E204" })
        #expect(issue.key == "meter[0].signals[0]")
        #expect(issue.advice == "did you mean \"power\"? its signals: energy, power")
    }

    @Test func ofTwoFilesOfOneNameTheFirstFolderCounts() throws {
        let first = try ScratchFolder()
        let second = try ScratchFolder()
        try first.write(model, to: "meters/model.toml")
        try second.write(model.replacing("baud = 19200", with: "baud = 2400"), to: "meters/model.toml")
        try second.write(model.replacing("\"model\"", with: "\"other\""), to: "meters/other.toml")
        try second.write("name = ", to: "meters/broken.toml")
        try second.write("no profile", to: "meters/README")
        let found = ConfigurationLoader(descriptionFolders: [first.path, second.path, "/nowhere"]).profiles()
        #expect(found.profiles.map(\.name) == ["model", "other"])
        #expect(found.profiles.map(\.serial.baud) == [19200, 19200])
        #expect(found.issues.map { "\($0.code) \($0.file)" } == ["E101 \(second.path)/meters/broken.toml"])
    }

    /// Where it was looked for is said once and short: the file, then the folders.
    @Test func aMissingProfileNamesEachFolderOnce() throws {
        let text = homeHead + waterMeter.split(separator: "[[meter.register]]")[0] + "profile = \"no-such-meter\"\n"
        let issue = try #require(issues(text).first { $0.code == "E202" })
        let folder = "\(repositoryFolder)/board-configs"
        #expect(issue.advice.hasPrefix("no meters/no-such-meter.toml in \(folder), "), "\(issue.advice)")
        #expect(issue.advice.split(separator: "no-such-meter").count == 2)
        let folders = issue.advice.split(separator: ";")[0].split(separator: " in ")[1].split(separator: ", ")
        #expect(Set(folders).count == folders.count)
    }
}
