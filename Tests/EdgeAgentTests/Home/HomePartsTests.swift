// The parts that HomeCore is made of, each by itself.

import Drivers
import LocalRules
import Testing

@testable import EdgeAgent

private let water = SignalModel(name: "water.volume", source: .meter(.volume), silentAfter: nil)
private let door = SignalModel(name: "door", source: .input(.door), silentAfter: nil)
private let motion = SignalModel(name: "motion", source: .input(.motion), silentAfter: nil)

@Suite struct ReadingBatchTests {
    /// Adds "second value" pairs of one signal; returns the seconds that were kept.
    private func kept(_ signal: SignalModel, _ readings: [(second: Int64, value: Int64?)]) -> [Int64] {
        var batch = ReadingBatch(signals: [signal])
        for (second, value) in readings {
            let time = midnight + .seconds(second)
            batch.add(
                value.map { Reading(signal: SignalID(0), time: time, value: $0) } ?? .missing(SignalID(0), at: time))
        }
        return batch.take().map { ($0.time - midnight).milliseconds / 1000 }
    }

    @Test func everyChangeOfAnInputIsKept() {
        #expect(kept(door, [(0, 0), (1, 1), (2, 1), (3, 0), (4, 0), (5, 1)]) == [0, 1, 3, 5])
    }

    /// Every movement begins at once; that it ends is said a minute later at the earliest, by a re-read of the line.
    @Test func motionIsKeptAsSpellsOfAMinuteAtLeast() {
        #expect(
            kept(motion, [(0, 0), (1, 1), (2, 0), (3, 1), (4, 0), (59, 0), (61, 0), (62, 1), (119, 0)]) == [
                0, 1, 61, 62,
            ])
    }

    @Test func aMeterIsKeptOnceAMinuteWhileItChanges() {
        #expect(kept(water, (0...18).map { ($0 * 10, $0 * 1000) }) == [0, 60, 120, 180])
        // What it came to is not lost: the last value follows once its minute is over.
        #expect(kept(water, [(0, 1), (10, 2000), (20, 2000), (50, 2000), (60, 2000), (70, 2000)]) == [0, 60])
    }

    @Test func lessThanTheDeadBandIsNoNewsButTheQuarterHourSaysIt() {
        #expect(
            kept(water, [(0, 5000), (60, 5999), (120, 4001), (180, 6000), (240, 6900), (1080, 6900)]) == [0, 180, 1080])
        // The farthest that two values can be apart.
        #expect(kept(water, [(0, .min), (60, .max)]) == [0, 60])
    }

    @Test func metersStandOnWholeSecondsAndInputsDoNot() {
        var batch = ReadingBatch(signals: [water, door])
        for signal in [0, 1] {
            batch.add(Reading(signal: SignalID(signal), time: midnight + .milliseconds(1234), value: 1))
        }
        #expect(batch.take().map { ($0.time - midnight).milliseconds } == [1000, 1234])
    }

    @Test func whatAnEarlierRunGatheredIsNeitherLostNorSaidTwice() {
        let reading = Reading(signal: SignalID(0), time: midnight, value: 7)
        var batch = ReadingBatch(signals: [water], restoring: [reading])
        #expect(batch.hasNews == false)
        batch.add(Reading(signal: SignalID(0), time: midnight + .seconds(10), value: 7))
        #expect(batch.hasNews == false)
        #expect(batch.take() == [reading])
    }

    @Test func whatDoesNotChangeIsKeptEveryQuarterOfAnHour() {
        #expect(kept(water, (0...186).map { ($0 * 10, 7) }) == [0, 900, 1800])
        #expect(kept(motion, (0...31).map { ($0 * 60, 0) }) == [0, 900, 1800])
    }

    @Test func aChangeOfQualityIsKeptAtOnce() {
        #expect(kept(water, [(0, 7), (10, nil), (20, nil), (30, 7), (40, 7)]) == [0, 10, 30])
    }

    @Test func takingEmptiesItButItRemembersWhatWasReported() {
        var batch = ReadingBatch(signals: [water])
        let reading = Reading(signal: SignalID(0), time: midnight, value: 1)
        batch.add(reading)
        #expect(batch.take() == [reading])
        batch.add(Reading(signal: SignalID(0), time: midnight + .seconds(10), value: 1))
        #expect(batch.take().isEmpty)
    }
}

@Suite struct FaultBookTests {
    private func sample(_ channel: Int, _ outcome: Sample.Outcome) -> Sample {
        Sample(channel: Channel(channel), time: BootTime(nanoseconds: 0), outcome: outcome)
    }
    private let gone = BusError(kind: .lost, message: "bus a is gone", advice: "plug it in")

    @Test func channelsShareAFaultThatEndsWithTheLastOfThem() {
        var book = FaultBook(names: ["a", "b"])
        #expect(book.observe(sample(0, .busFailure(gone))) == [.began(message: "bus a is gone", advice: "plug it in")])
        #expect(book.observe(sample(1, .busFailure(gone))).isEmpty)
        #expect(book.observe(sample(0, .value(.integer(1)))).isEmpty)
        #expect(book.standing == ["bus a is gone"])
        #expect(book.observe(sample(1, .value(.integer(1)))) == [.ended(message: "bus a is gone")])
        #expect(book.standing.isEmpty)
    }

    @Test func anotherFaultOfAChannelTakesTheFirstOnesPlace() {
        var book = FaultBook(names: ["water.volume"])
        _ = book.observe(sample(0, .busFailure(gone)))
        let changes = book.observe(sample(0, .meterException(ModbusException(code: 2))))
        let refusal =
            "the meter refuses to be asked for water.volume: Modbus exception 2 (illegal data address)"
        #expect(
            changes == [
                .began(
                    message: refusal,
                    advice: "compare the profile's table, address and type with the meter's manual")
            ], "nothing was mended")
        #expect(book.standing == [refusal])
        #expect(book.observe(sample(0, .value(.integer(1)))) == [.ended(message: refusal)])
    }

    @Test func aValueThatCannotBeIsAFaultToo() {
        var book = FaultBook(names: ["water.volume"])
        let doubt = (message: "no home has used that", advice: "check the order")
        #expect(
            book.observe(sample(0, .value(.integer(1))), doubt: doubt) == [
                .began(message: doubt.message, advice: doubt.advice)
            ])
        #expect(book.observe(sample(0, .value(.integer(1))), doubt: doubt).isEmpty)
        #expect(book.observe(sample(0, .value(.integer(1)))) == [.ended(message: doubt.message)])
    }

    @Test func anAbsentLineIsAFault() {
        var book = FaultBook(names: ["panic"])
        let error = LineError(kind: .busy, message: "line 24 (panic): in use", advice: "stop the other program")
        #expect(book.observe(sample(0, .absent(error))) == [.began(message: error.message, advice: error.advice)])
    }

    @Test func unknownChannelsAndCodesAreNamedByNumber() {
        var book = FaultBook(names: [])
        _ = book.observe(sample(7, .meterException(ModbusException(code: 99))))
        #expect(
            book.standing == [
                "the meter refuses to be asked for channel 7: Modbus exception 99 (not in the standard)"
            ])
    }
}

@Suite struct CoverageTests {
    @Test func goodReadingsForEachThousandThatWereDue() throws {
        var coverage = Coverage(configuration: try load(smallHome), since: midnight)
        #expect(coverage.perMille(of: 0, at: midnight + .seconds(9)) == nil)
        #expect(coverage.perMille(of: 0, at: midnight + .seconds(10)) == 0)
        for second in [0, 10] as [Int64] {
            coverage.count(Reading(signal: SignalID(0), time: midnight + .seconds(second), value: 1))
        }
        coverage.count(.missing(SignalID(0), at: midnight + .seconds(20)))
        #expect(coverage.perMille(of: 0, at: midnight + .seconds(30)) == 666)
        // A poll that comes a moment early never makes more than all.
        #expect(coverage.perMille(of: 0, at: midnight + .seconds(10)) == 1000)
        #expect(coverage.perMille(of: 1, at: midnight + .seconds(30)) == nil)
        coverage.restart(at: midnight + .seconds(30))
        #expect(coverage.perMille(of: 0, at: midnight + .seconds(60)) == 0)
    }
}

@Suite struct InterpreterTests {
    private func reading(_ raw: RawValue, _ scale: Scale?) -> Reading? {
        interpret(.value(raw), scale)
    }

    /// Of a signal that is no counter: counters have tests of their own.
    private func interpret(_ outcome: Sample.Outcome, _ scale: Scale?, channel: Int = 0) -> Reading? {
        let power = SignalModel(name: "power", source: .meter(.power), silentAfter: nil)
        var interpreter = Interpreter(signals: [power], scales: [scale], plans: [nil])
        let sample = Sample(channel: Channel(channel), time: BootTime(nanoseconds: 0), outcome: outcome)
        return interpreter.interpret(sample, at: midnight)?.reading
    }

    @Test(arguments: [
        // 0.001 m3 a count is a litre: exact also where a Double has run out of digits.
        (Int64(9_007_199_254_740_993), Scale(numerator: 1000, denominator: 1), Int64(9_007_199_254_740_993_000)),
        // 1/3 and 2/3 of a base unit, and halves away from zero.
        (1, Scale(numerator: 1, denominator: 3), 0), (2, Scale(numerator: 1, denominator: 3), 1),
        (5, Scale(numerator: 1, denominator: 10), 1), (-5, Scale(numerator: 1, denominator: 10), -1),
        (4, Scale(numerator: 1, denominator: 10), 0), (.min, Scale(numerator: 1, denominator: 1), .min),
    ])
    func integersAreScaledExactly(_ raw: Int64, _ scale: Scale, _ value: Int64) {
        #expect(reading(.integer(raw), scale) == Reading(signal: SignalID(0), time: midnight, value: value))
    }

    @Test func inputsHaveNoScale() {
        #expect(reading(.integer(1), nil)?.value == 1)
    }

    @Test func floatsAreRoundedOnce() {
        let kilowattHour = Scale(numerator: 1_000_000, denominator: 1)
        #expect(reading(.real(1.5), kilowattHour)?.value == 1_500_000)
        #expect(reading(.real(0.0000005), kilowattHour)?.value == 1)
        #expect(reading(.real(-0.25), Scale(numerator: 2, denominator: 1))?.value == -1)
    }

    @Test(arguments: [
        RawValue.integer(.max), .integer(.min), .real(1e300), .real(.infinity), .real(.nan), .real(-1e19),
    ])
    func whatIsBeyond64BitsIsSuspect(_ raw: RawValue) {
        #expect(
            reading(raw, Scale(numerator: 1000, denominator: 1))
                == Reading(signal: SignalID(0), time: midnight, value: 0, quality: .suspect))
    }

    @Test func whatIsNoValueIsMissing() {
        let outcomes: [Sample.Outcome] = [
            .meterException(ModbusException(code: 2)), .busFailure(BusError(kind: .lost, message: "", advice: "")),
            .absent(LineError(kind: .denied, message: "", advice: "")),
        ]
        for outcome in outcomes {
            #expect(interpret(outcome, nil) == .missing(SignalID(0), at: midnight))
        }
    }

    @Test(arguments: [-1, 1, .max]) func aChannelOutOfRangeIsNobodys(_ channel: Int) {
        #expect(interpret(.value(.integer(1)), nil, channel: channel) == nil)
    }
}
