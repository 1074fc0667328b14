// The courses of `--tap` and `--power`, from the first look to the verdict, with a person who does what they are told.

import Drivers
import LocalRules
import Testing

@testable import EdgeAgent

/// Somebody at the terminal, and at the tap: does things after so many seconds of waiting.
private final class Person {
    let line = SimulatedLine()
    /// What happens, by the second since the person was told to begin.
    var deeds: [Int: (SimulatedLine) -> Void] = [:]
    /// What happens at every wait, told or not.
    var beforeWait: ((SimulatedLine) -> Void)?
    /// Answers to questions, in order; afterwards no.
    var answers: [Bool] = []
    private(set) var told: [String] = []
    private(set) var asked: [String] = []
    private var seconds = 0
    private var isTold = false
    /// Ends the test after so many seconds.
    var patience = Int.max

    var milliseconds: () -> Int64 {
        let clock = line.clock
        return { clock.now / 1_000_000 }
    }

    var guide: Guide {
        Guide(
            tell: { message in
                self.told.append(message.code)
                self.isTold = true
            },
            show: { _ in },
            confirm: { question in
                self.asked.append(question.text(in: .en))
                return self.answers.isEmpty ? false : self.answers.removeFirst()
            },
            wait: { milliseconds in
                let clock = self.line.clock
                clock.move(to: clock.now + Int64(milliseconds) * 1_000_000)
                self.beforeWait?(self.line)
                if self.isTold {
                    self.seconds += 1
                    self.deeds[self.seconds]?(self.line)
                }
                return self.seconds < self.patience
            })
    }

    func meters(_ text: String) throws -> [WatchedMeter] {
        let home = try load(text)
        return try home.buses[0].meters.map { plan in
            let target = try #require(ReadTarget(meter: plan.name, of: home))
            let port = SimulatedPort(settings: target.settings, bank: line.bank, clock: line.clock)
            let reader = DirectReader(settings: target.settings, port: port)
            return WatchedMeter(target: target) { () throws(BusError) in reader }
        }
    }

    func tap(_ text: String = homeHead + waterMeter, litres: Int64 = 2) throws -> [CheckResult] {
        TapTest(meters: try meters(text), wanted: litres * 1000, clock: milliseconds).run(guide)
    }

    func kettle(_ text: String, watts: Int64 = 2000) throws -> [CheckResult] {
        KettleTest(meters: try meters(text), watts: watts, clock: milliseconds).run(guide)
    }
}

@Suite struct TapCourseTests {
    private let person = Person()

    private func put(_ litres: UInt32, at address: UInt16 = 0, isSwapped: Bool = false) {
        let words = [UInt16(litres >> 16), UInt16(truncatingIfNeeded: litres)]
        person.line.bank.set(
            unit: 5, table: .holding, address: address, words: isSwapped ? words.reversed() : words)
    }

    /// A litre every two seconds, from the tenth on.
    private func draws(_ litres: UInt32, from total: UInt32, at address: UInt16 = 0, isSwapped: Bool = false) {
        for litre in 1...litres {
            person.deeds[10 + Int(litre) * 2] = { [self] _ in put(total + litre, at: address, isSwapped: isSwapped) }
        }
    }

    @Test func aRightMeter() throws {
        person.line.bank.set(unit: 5, table: .holding, address: 0, words: Array(repeating: 0, count: 40))
        put(412_345)
        draws(4, from: 412_345)
        let results = try person.tap()
        #expect(told(results) == ["pass meter.water.tap drawRight"])
        // A register that counts litres shows two of them in two steps: twice as much is asked for.
        #expect(person.told == ["tapNow"])
        #expect(results[0].measured == "4 L")
        #expect(
            results[0].reason.text(in: .en)
                == "water.volume rose by 4 L while about 4 L were used; the meter's display must show 412.349 m3 now")
    }

    @Test func swappedWords() throws {
        put(412_345, isSwapped: true)
        draws(4, from: 412_345, isSwapped: true)
        let results = try person.tap()
        #expect(told(results) == ["fail meter.water.tap drawOrder → drawKeysAdvice"])
        #expect(results[0].advice?.text(in: .zh).contains("order = \"CDAB\"") == true)
    }

    /// With a scale ten times too large forty litres are asked for. Whoever draws two all the same sees twenty counted: half of
    /// what was asked, ten times what was drawn.
    @Test func onlyWhoDrewKnowsHowMuch() throws {
        put(412_345)
        draws(2, from: 412_345)
        let results = try person.tap(homeHead + waterMeter.replacing("\"0.001\"", with: "\"0.01\""))
        #expect(told(results) == ["fail meter.water.tap drawDisputed → drawDisputedAdvice"])
        #expect(person.asked == ["It counted 20 L. Is that about what you drew?"])
    }

    @Test func aMeterOfTenLitresThatIsRight() throws {
        person.answers = [true]
        put(412_345)
        draws(2, from: 412_345)
        let results = try person.tap(homeHead + waterMeter.replacing("\"0.001\"", with: "\"0.01\""))
        #expect(told(results) == ["pass meter.water.tap drawRight"])
    }

    @Test func aScaleThatIsWrongByTen() throws {
        put(412_345)
        draws(40, from: 412_345)
        let results = try person.tap(homeHead + waterMeter.replacing("\"0.001\"", with: "\"0.01\""))
        #expect(told(results) == ["fail meter.water.tap drawScale → drawKeysAdvice"])
        #expect(results[0].advice?.text(in: .en).contains(#"Write scale = "0.001""#) == true)
    }

    /// The total stands elsewhere; the meter refuses addresses beyond its own, so that it must be looked for in pieces.
    @Test func theWrongRegister() throws {
        person.line.bank.set(unit: 5, table: .holding, address: 0, words: Array(repeating: 0, count: 14))
        put(412_345, at: 12)
        draws(4, from: 412_345, at: 12)
        let results = try person.tap()
        #expect(told(results) == ["fail meter.water.tap drawRegister → drawKeysAdvice"])
        #expect(results[0].advice?.text(in: .en).contains("Write address = 12 ") == true)
    }

    /// Whoever opens the tap at once is not waited for in vain.
    @Test func aTapThatRunsAlready() throws {
        // More ran than was asked for.
        person.answers = [true]
        put(412_345)
        var litre: UInt32 = 0
        person.beforeWait = { [self] _ in
            litre += 1
            if litre <= 6 { put(412_345 + litre) }
        }
        let start = person.milliseconds()
        #expect(told(try person.tap()) == ["pass meter.water.tap drawRight"])
        #expect((person.milliseconds() - start) / 1000 < 60)
    }

    /// Nobody drew anything, or from another meter: it ends by itself.
    @Test func nothingMoves() throws {
        put(412_345)
        let start = person.milliseconds()
        #expect(told(try person.tap()) == ["fail meter.water.tap drawStill → drawStillAdvice"])
        let seconds = (person.milliseconds() - start) / 1000
        #expect((300...320).contains(seconds), "\(seconds) s")
    }

    @Test func aCoarseMeterIsUntested() throws {
        put(412)
        let results = try person.tap(homeHead + waterMeter.replacing("\"0.001\"", with: "\"1\""))
        #expect(told(results) == ["untested meter.water.tap tapCoarse → tapCoarseAdvice"])
        #expect(person.told.isEmpty)
    }

    @Test func whoEndsItHasSeenNothing() throws {
        put(412_345)
        person.patience = 5
        #expect(told(try person.tap()) == ["untested meter.water.tap drawEnded → drawEndedAdvice"])
    }

    @Test func aRegisterThatIsRefused() throws {
        person.line.bank.set(unit: 5, table: .holding, address: 100, words: [1, 2])
        let results = try person.tap()
        #expect(told(results) == ["fail meter.water.tap drawLost → drawLostAdvice"])
        #expect(results[0].reason.text(in: .en).hasSuffix(": exception 2 (illegal data address)"))
    }

    @Test func aMeterThatIsNotThere() throws {
        #expect(told(try person.tap()) == ["fail meter.water.tap drawLost → drawLostAdvice"])
        #expect(
            told(TapTest(meters: [], wanted: 2000, clock: { 0 }).run(person.guide)) == [
                "untested tap drawNoMeter → drawNoMeterAdvice"
            ])
    }

    /// 16 bits of 32: the display decides, and the person reads it.
    @Test(arguments: [
        (true, "pass meter.water.tap drawRight"), (false, "fail meter.water.tap drawHalf → drawKeysAdvice"),
    ])
    func theDisplayDecides(_ isAsConfigured: Bool, _ expected: String) throws {
        person.line.bank.set(unit: 5, table: .holding, address: 0, words: Array(repeating: 0, count: 40))
        put(412_345, at: 8)
        draws(4, from: 412_345, at: 8)
        person.answers = [isAsConfigured, true]
        let text = waterMeter.replacing("address = 0", with: "address = 9").replacing("u32", with: "u16")
        #expect(told(try person.tap(homeHead + text)) == [expected])
        #expect(person.asked.first == "Does the meter's display show about 19.133 m3?")
    }

    /// A room that gets warmer is no water.
    @Test func aTemperatureDoesNotEndIt() throws {
        person.line.bank.set(unit: 5, table: .holding, address: 0, words: Array(repeating: 0, count: 40))
        put(412_345)
        for second in [4, 30, 70] {
            person.deeds[second] = { $0.bank.set(unit: 5, table: .holding, address: 20, words: [UInt16(180 + second)]) }
        }
        for litre in 1...4 as ClosedRange<UInt32> {
            person.deeds[80 + Int(litre)] = { [self] _ in put(412_345 + litre) }
        }
        #expect(told(try person.tap()) == ["pass meter.water.tap drawRight"])
    }
}

@Suite struct KettleCourseTests {
    private let person = Person()

    private func home(
        power: String = #"type = "f32""#, scale: String = "1", unit: String = "W", energyScale: String = "0.01"
    ) -> String {
        homeHead + """
            [[bus]]
            name = "rs485"
            kind = "rtu"
            port = "/dev/ttyUSB0"
            [[meter]]
            name = "power"
            bus = "rs485"
            unit = 6
            [[meter.register]]
            signal = "power"
            quantity = "power"
            table = "input"
            address = 12
            \(power)
            scale = "\(scale)"
            unit = "\(unit)"
            [[meter.register]]
            signal = "energy"
            quantity = "energy"
            table = "input"
            address = 342
            type = "u32"
            scale = "\(energyScale)"
            unit = "kWh"
            """
    }

    private func put(watts: Float, order: WordOrder = .ABCD, at address: UInt16 = 12) {
        let high = UInt16(watts.bitPattern >> 16), low = UInt16(truncatingIfNeeded: watts.bitPattern)
        person.line.bank.set(
            unit: 6, table: .input, address: address, words: order == .CDAB ? [low, high] : [high, low])
    }

    /// 250 W all day; the kettle comes on with the question, and 10 Wh are counted every 16 s from then on.
    private func lives(kettle: Float, order: WordOrder = .ABCD, tenWattHours: UInt32 = 1) {
        person.line.bank.set(unit: 6, table: .input, address: 0, words: Array(repeating: 0, count: 30))
        put(watts: 250, order: order)
        energy(317_850)
        person.deeds[5] = { [self] _ in put(watts: 250 + kettle, order: order) }
        for count in 1...18 as ClosedRange<UInt32> {
            person.deeds[5 + Int(count) * 16] = { [self] _ in energy(317_850 + count * tenWattHours) }
        }
        person.answers = [true]
    }

    private func energy(_ counts: UInt32) {
        person.line.bank.set(
            unit: 6, table: .input, address: 342, words: [UInt16(counts >> 16), UInt16(truncatingIfNeeded: counts)])
    }

    @Test func aRightMeter() throws {
        lives(kettle: 1950)
        let results = try person.kettle(home())
        #expect(told(results) == ["pass meter.power.power loadRight", "pass meter.power.energy drawRight"])
        #expect(results[0].measured == "1950.0 W")
        #expect(person.told == ["kettleReady"])
    }

    /// A fridge that started in one of the looks.
    @Test func oneLookThatIsAnother() throws {
        lives(kettle: 1950)
        var waits = 0
        person.beforeWait = { [self] _ in
            waits += 1
            if waits == 1 { put(watts: 1200) }
            if waits == 2 { put(watts: 250) }
        }
        #expect(told(try person.kettle(home(unit: "kW"))).first == "fail meter.power.power drawUnit → drawKeysAdvice")
    }

    @Test func aTransformerThatIsTurnedRound() throws {
        lives(kettle: -1950)
        #expect(told(try person.kettle(home())).first == "fail meter.power.power loadReversed → loadReversedAdvice")
    }

    @Test func aTransformerAroundAnotherConductor() throws {
        lives(kettle: 0, tenWattHours: 0)
        #expect(
            told(try person.kettle(home())) == [
                "fail meter.power.power drawStill → loadStillAdvice",
                "fail meter.power.energy drawStill → loadStillAdvice",
            ])
    }

    @Test func scalesAndUnits() throws {
        lives(kettle: 1950)
        let results = try person.kettle(home(unit: "kW", energyScale: "0.1"))
        #expect(told(results)[0] == "fail meter.power.power drawUnit → drawKeysAdvice")
        #expect(results[0].advice?.text(in: .en).contains(#"unit = "W""#) == true)
        // 0.1 kWh in a step are twelve minutes of a kettle.
        #expect(told(results)[1] == "untested meter.power.energy kettleCoarse → kettleCoarseAdvice")
    }

    @Test func aScaleTenTimesTooLarge() throws {
        lives(kettle: 1950)
        let results = try person.kettle(home(scale: "0.1", energyScale: "0.001"))
        #expect(told(results)[0] == "fail meter.power.power drawScale → drawKeysAdvice")
        #expect(told(results)[1] == "fail meter.power.energy drawScale → drawKeysAdvice")
    }

    @Test func swappedWords() throws {
        lives(kettle: 1950, order: .CDAB)
        let results = try person.kettle(home())
        #expect(told(results)[0] == "fail meter.power.power drawOrder → drawKeysAdvice")
        #expect(results[0].advice?.text(in: .en).contains(#"order = "CDAB""#) == true)
    }

    /// A ratio of 40 that nobody told the meter.
    @Test func aTransformersRatio() throws {
        lives(kettle: 62.5)
        #expect(
            told(try person.kettle(home(), watts: 2500)).first
                == "fail meter.power.power drawElsewhere → loadStillAdvice")
    }

    @Test func aQuarterOfWhatIsOn() throws {
        lives(kettle: 500)
        #expect(
            told(try person.kettle(home(), watts: 2000)).first == "fail meter.power.power drawLittle → loadAmountAdvice"
        )
    }

    /// Three phases, one of them without voltage.
    @Test func aPhaseThatIsMissing() throws {
        lives(kettle: 1950)
        let volts = (1...3).map { phase in
            """

            [[meter.register]]
            signal = "voltage-l\(phase)"
            quantity = "voltage"
            table = "input"
            address = \(phase)
            type = "u16"
            scale = "0.1"
            unit = "V"
            """
        }
        person.line.bank.set(unit: 6, table: .input, address: 1, words: [2305, 0, 2298])
        let results = try person.kettle(home() + volts.joined())
        #expect(
            told(results) == [
                "untested meter.power.voltage-l2 loadPhaseMissing → loadPhaseMissingAdvice",
                "pass meter.power.power loadRight", "pass meter.power.energy drawRight",
            ])
    }

    @Test func nobodySwitchesItOn() throws {
        lives(kettle: 1950)
        person.answers = []
        #expect(told(try person.kettle(home())) == ["untested meter.power.power drawEnded → drawEndedAdvice"])
    }
}
