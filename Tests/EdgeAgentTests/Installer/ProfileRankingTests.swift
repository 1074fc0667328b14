// What speaks for a profile and what against it.

import Drivers
import LocalRules
import Testing

@testable import EdgeAgent

private func register(
    _ signal: String, _ quantity: Quantity, _ address: UInt16, _ type: RegisterType = .u16, scale: Int64 = 100,
    order: WordOrder = .ABCD
) -> RegisterDescription {
    RegisterDescription(
        signal: signal, quantity: quantity, table: .holding, address: address, type: type, order: order, noValue: [],
        scale: Scale(numerator: scale, denominator: 1), unit: MeasurementUnit.all(of: quantity)[0])
}

private func profile(
    _ name: String, _ registers: [RegisterDescription], identify: [IdentifyingRegister] = [],
    serial: SerialSettings = SerialSettings()
) -> MeterProfile {
    MeterProfile(
        name: name, quirks: [], serial: serial, identify: identify, limits: RequestLimits(), registers: registers)
}

/// Volts and amperes in tenths and hundredths, watts, hertz in hundredths.
private let electricity = [
    register("voltage", .voltage, 0), register("current", .current, 1, scale: 10),
    register("power", .power, 2, scale: 1000), register("frequency", .frequency, 3, scale: 10),
]

private func image(_ words: [UInt16], from first: Int = 0) -> RegisterImage {
    var image = RegisterImage()
    image.take(
        .success(.words(words)), to: RegisterSpan(table: .holding, first: first, count: words.count))
    return image
}

private func points(_ profile: MeterProfile, _ image: RegisterImage) -> Int? {
    ProfileRanking(profiles: [profile]).candidates(for: image, unit: 1, on: serial(9600)).first?.points
}

@Suite struct ProfileRankingTests {
    private let meter = profile("meter", electricity)
    /// 230.5 V, 1.25 A, 287 W, 49.98 Hz.
    private let sound: [UInt16] = [2305, 125, 287, 4998]

    @Test func manyPlausibleRegistersBeatOnePlausibleCounter() {
        let counter = profile("counter", [register("volume", .volume, 0, .u32, scale: 1)])
        let ranked = ProfileRanking(profiles: [counter, meter]).candidates(for: image(sound), unit: 1, on: nil)
        #expect(ranked.map(\.profile.name) == ["meter", "counter"])
        #expect(ranked.map(\.certainty) == [.veryLikely, .weak])
        #expect(
            ranked[0].reasons == [
                "4 of 4 registers answer", "frequency 49.98 Hz is the grid's", "voltage 230.5 V is mains",
                "power fits voltage × current",
            ])
    }

    @Test func allZeroesProveNothing() throws {
        let ranked = ProfileRanking(profiles: [meter]).candidates(for: image([0, 0, 0, 0]), unit: 1, on: nil)
        #expect(ranked.first?.certainty == .weak)
        #expect(try #require(points(meter, image([0, 0, 0, 0]))) <= 1)
    }

    @Test(arguments: [
        [3999, 125, 287, 4998] as [UInt16],  // 399.9 V between phase and neutral
        [2305, 125, 287, 7777],  // no grid
        [2305, 12500, 287, 4998],  // 125 A
        [2305, 125, 400, 4998],  // more watts than volts × amperes
    ])
    func whatPhysicsForbidsSpeaksAgainst(_ words: [UInt16]) throws {
        #expect(try #require(points(meter, image(words))) <= points(meter, image(sound))! - 5)
    }

    @Test func otherMainsArePlausibleToo() throws {
        // 117 V at 60 Hz.
        #expect(try #require(points(meter, image([1170, 125, 140, 5999]))) >= ProfileRanking.likelyPoints)
    }

    @Test func identityDecides() {
        let mark = IdentifyingRegister(table: .holding, address: 9, type: .u16, order: .ABCD, content: 0x20)
        let marked = profile("marked", [register("voltage", .voltage, 0)], identify: [mark])
        func names(_ mark: [UInt16]?) -> [String] {
            var image = image(sound)
            if let mark { image.take(.success(.words(mark)), to: RegisterSpan(table: .holding, first: 9, count: 1)) }
            return ProfileRanking(profiles: [meter, marked]).candidates(for: image, unit: 1, on: nil).map {
                "\($0.profile.name) \($0.certainty.rawValue)"
            }
        }
        #expect(names([0x20]) == ["marked certain", "meter very likely"])
        #expect(names([0x21]) == ["meter very likely"])
        // Nobody has asked yet.
        #expect(names(nil) == ["meter very likely", "marked weak"])
    }

    @Test func anIdentityThatIsRefusedIsAnothers() {
        let mark = IdentifyingRegister(table: .holding, address: 9, type: .u16, order: .ABCD, content: 0x20)
        let marked = profile("marked", electricity, identify: [mark])
        var image = image(sound)
        image.take(.success(.exception(ModbusException(code: 2))), to: mark.span)
        #expect(ProfileRanking(profiles: [marked]).candidates(for: image, unit: 1, on: nil).isEmpty)
    }

    @Test func aTotalMayRiseButNotFall() throws {
        let counter = profile("counter", [register("energy", .energy, 0, .u32, scale: 10_000)])
        func points(later: [UInt16]) throws -> Int {
            let ranking = ProfileRanking(profiles: [counter])
            let now = image([0, 5000])
            return try #require(ranking.candidates(for: now, later: image(later), unit: 1, on: nil).first).points
        }
        let same = try points(later: [0, 5000])
        #expect(try points(later: [0, 5001]) == same + 2)
        #expect(try points(later: [0, 4999]) == same - 6)
    }

    /// Four counters of a concentrator, or four numbers of anything else.
    @Test func countersOfOneKindProveNothingTogether() {
        let concentrator = profile(
            "concentrator", (1...4).map { register("volume-\($0)", .volume, UInt16($0), scale: 1000) })
        let ranked = ProfileRanking(profiles: [concentrator]).candidates(
            for: image([1, 5000, 300, 100], from: 1), unit: 1, on: nil)
        #expect(ranked.first?.certainty == .weak)
    }

    @Test func swappedWordsAreMoreThanAHomeCanHaveUsed() {
        let right = profile("right", [register("energy", .energy, 0, .u32, scale: 10_000)])
        let swapped = profile("swapped", [register("energy", .energy, 0, .u32, scale: 10_000, order: .CDAB)])
        // 3178.50 kWh
        let ranked = ProfileRanking(profiles: [swapped, right]).candidates(for: image([4, 55_706]), unit: 1, on: nil)
        #expect(ranked.map(\.profile.name) == ["right", "swapped"])
        #expect(ranked[1].points < 0)
    }

    @Test func integersReadAsFloatsAreNoMeasurement() {
        let float = profile("float", [register("voltage", .voltage, 0, .f32, scale: 1000)])
        let ranked = ProfileRanking(profiles: [float]).candidates(for: image([0, 2305]), unit: 1, on: nil)
        #expect(ranked.first?.points == -3)
        #expect(ranked.first?.reasons.last?.hasSuffix("which is no measurement") == true)
    }

    @Test func phasesAddUp() throws {
        let phases = profile(
            "phases",
            [register("power", .power, 0, scale: 1000)]
                + (1...3).map { register("power-l\($0)", .power, UInt16($0), scale: 1000) })
        let good = try #require(points(phases, image([600, 100, 200, 300])))
        #expect(points(phases, image([600, 100, 200, 400])) == good - 6)
    }

    @Test func factorySettingsDecideBetweenTwins() {
        let usual = SerialSettings(baud: 9600, parity: BusSettings.Parity.none)
        let ranked = ProfileRanking(
            profiles: [meter, profile("twin", electricity, serial: usual)]
        ).candidates(for: image(sound), unit: 1, on: serial(9600))
        #expect(ranked.map(\.profile.name) == ["twin", "meter"])
        #expect(ranked.map(\.twins) == [["meter"], ["twin"]])
    }

    @Test func whoeverAnswersNothingIsNoCandidate() {
        var image = RegisterImage()
        image.take(
            .success(.exception(ModbusException(code: 1))), to: RegisterSpan(table: .holding, first: 0, count: 1))
        #expect(ProfileRanking(profiles: [meter]).candidates(for: image, unit: 1, on: nil).isEmpty)
    }

    @Test(arguments: [
        (Quantity.temperature, Int64(21_500), 2), (.temperature, -12_000, 1), (.temperature, 0, 0),
        (.temperature, 650_000, -4), (.humidity, 45_000, 2), (.humidity, 100_001, -4), (.volume, 412_000_000, 2),
        (.volume, -1, -4), (.volume, 4_294_967_294_000, -4), (.flow, 300_000, 1), (.flow, 225_000_000, -4),
        (.frequency, 50_000, 4), (.frequency, 60_100, 4), (.frequency, 52_000, 0), (.frequency, 6_000, -5),
        (.voltage, 2_000, 0), (.voltage, 48_000, -3), (.energy, 0, 0), (.power, -2_350_000, 1),
    ])
    func valuesByThemselves(_ quantity: Quantity, _ value: Int64, _ points: Int) {
        #expect(Plausible.verdict(of: value, quantity, named: "x").points == points)
    }
}

@Suite struct RegisterImageTests {
    private func span(_ first: Int, _ count: Int, _ table: ModbusTable = .holding) -> RegisterSpan {
        RegisterSpan(table: table, first: first, count: count)
    }
    private func refusal(_ code: Int) -> Result<ModbusReply, BusError> {
        .success(.exception(ModbusException(code: code)))
    }
    private let silence = Result<ModbusReply, BusError>.failure(
        BusError(kind: .timedOut, message: "no answer", advice: "check"))

    @Test func answersArePutTogether() {
        var image = RegisterImage()
        image.take(.success(.words([1, 2])), to: span(10, 2))
        image.take(.success(.words([3])), to: span(12, 1))
        #expect(image.content(of: span(11, 2)) == .words([2, 3]))
        #expect(image.content(of: span(12, 2)) == .unknown)
        #expect(image.content(of: span(11, 2, .input)) == .unknown)
    }

    @Test func whatContainsARefusedPieceIsRefused() {
        var image = RegisterImage()
        image.take(refusal(2), to: span(10, 2))
        #expect(image.content(of: span(8, 10)) == .refused(2))
        // A part may be answered.
        #expect(image.content(of: span(10, 1)) == .unknown)
        image.take(refusal(1), to: span(0, 1, .input))
        #expect(image.content(of: span(500, 2, .input)) == .refused(1))
    }

    @Test func aTableThatNeverAnswersIsSilent() {
        var image = RegisterImage()
        image.take(silence, to: span(10, 2))
        #expect(image.content(of: span(10, 2)) == .silent)
        #expect(image.content(of: span(20, 1)) == .unknown)
        image.take(silence, to: span(30, 2))
        #expect(image.content(of: span(20, 1)) == .silent)
        image.take(.success(.words([1])), to: span(40, 1))
        #expect(image.content(of: span(20, 1)) == .unknown)
    }
}
