// One meter, read by hand: what is asked, what is made of the answers, and what is said about it.

import Drivers
import Foundation
import LocalRules
import Testing

@testable import EdgeAgent

@Suite struct MeterReadingTests {
    private let line = SimulatedLine()

    /// Volts and watts, a total that the meter may not have, and a temperature that may have no value.
    private var target: ReadTarget {
        func plan(_ index: Int, _ address: UInt16, _ type: RegisterType = .u16, noValue: [UInt64] = []) -> RegisterPlan
        {
            RegisterPlan(
                channel: Channel(index), table: .holding, address: address, type: type, order: .ABCD, noValue: noValue)
        }
        func register(_ name: String, _ quantity: Quantity, _ scale: Int64) -> ReadTarget.Register {
            ReadTarget.Register(name: name, quantity: quantity, scale: Scale(numerator: scale, denominator: 1))
        }
        return ReadTarget(
            title: "meter power", settings: line.settings,
            plan: MeterPlan(
                name: "power", unit: 6, pollMilliseconds: 10_000, timeoutMilliseconds: 300,
                registers: [plan(0, 0), plan(1, 2), plan(2, 40, .u32), plan(3, 3, noValue: [0x8000])]),
            registers: [
                register("power.voltage", .voltage, 100), register("power.power", .power, 1000),
                register("power.energy", .energy, 10_000), register("power.temperature", .temperature, 100),
            ])
    }

    private func reading() -> MeterReading {
        let port = SimulatedPort(settings: line.settings, bank: line.bank, clock: line.clock)
        let reader = DirectReader(settings: line.settings, port: port)
        let clock = line.clock
        return MeterReading(target, clock: { clock.now }, reader: { reader })
    }

    @Test func valuesAndReasonsWhyThereAreNone() {
        line.bank.set(unit: 6, table: .holding, address: 0, words: [2305, 9, 287, 0x8000])
        var reading = reading()
        let results = reading.round()
        #expect(results.map(\.name) == ["power.voltage", "power.power", "power.energy", "power.temperature"])
        #expect(results.map(\.words) == [[2305], [287], [], [0x8000]])
        #expect(results[0].outcome == .value("230.5 V", base: 230_500))
        #expect(results[1].outcome == .value("287.0 W", base: 287_000))
        #expect(results[2].outcome == .refused(ModbusException(code: 2)))
        guard case .noValue = results[3].outcome else {
            Issue.record("0x8000 is a value")
            return
        }
        #expect(results.map(\.isRead) == [true, true, false, true])
        // One request over the gap, and one for the far register.
        #expect(reading.requests == 2)
        #expect(reading.failures == 0)
        let text = ReadReport(target: target).lines(results)
        #expect(
            text[0].hasPrefix("power.voltage      holding 0x0000   0x0901  230.5 V             "), "\(text[0])")
        #expect(text[2].contains("refused: exception 2 (illegal data address)"))
        // 8 and 13 characters at 9600 baud, and the silence of 3.5 between them.
        #expect(
            ReadReport(target: target).summary(reading, results)
                == "meter power: 3 of 4 registers read; round trip 25 ms (median), 25 ms at most; 2 requests, 0 without an answer"
        )
    }

    @Test func everyFrameIsExplained() throws {
        line.bank.set(unit: 6, table: .holding, address: 0, words: [2305, 9, 287, 0x8000])
        var reading = reading()
        let results = reading.round()
        let lines = reading.frames.map { ReadReport.line($0) }
        #expect(lines[0] == "0.303 s > 06 03 00 00 00 04 45 BE   asks unit 6 for 4 holding registers from 0x0000")
        #expect(lines[1].hasPrefix("0.32"))
        #expect(lines[1].contains(" s < 06 03 08 09 01 00 09 01 1F 80 00 "))
        #expect(lines[1].hasSuffix("answers with 4"))
        #expect(lines[3].hasSuffix("refuses: exception 2 (illegal data address)"))
        let json = jsonText(ReadReport(target: target).json(reading, results, withFrames: true))
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect((object?["frames"] as? [Any])?.count == 4)
        let registers = try #require(object?["registers"] as? [[String: Any]])
        #expect(registers[0]["baseUnits"] as? Int == 230_500)
        #expect(registers[2]["exception"] as? Int == 2)
        #expect(registers[3]["noValue"] != nil)
    }

    @Test func aSilentMeterIsAskedAgainAndThenGivenUp() {
        line.bank.set(unit: 6, fault: .silent)
        var reading = reading()
        let results = reading.round()
        #expect(results.count == 4)
        #expect(results.allSatisfy { !$0.isRead })
        #expect(reading.requests == 2)
        #expect(reading.failures == 2)
        #expect(reading.roundTripMilliseconds == nil)
        #expect(
            reading.frames.last.map { ReadReport.line($0) }?.contains(
                "< (nothing)   bus /dev/ttyUSB0, unit 6: no answer") == true)
    }

    @Test func aBusThatCannotBeUsedIsSaidForEveryRegister() {
        let error = BusError(kind: .cannotOpen, message: "bus rs485: busy", advice: "stop the other program")
        let clock = line.clock
        var reading = MeterReading(target, clock: { clock.now }) { () throws(BusError) in throw error }
        #expect(reading.round().map(\.outcome) == Array(repeating: .failed(error), count: 4))
    }

    /// Numbers of a manual, and what they are on the wire.
    @Test(arguments: [
        ("40001", "holding", 0), ("30001", "input", 0), ("40343", "holding", 342), ("400001", "holding", 0),
        ("365536", "input", 65_535),
    ])
    func numbersOfManuals(_ text: String, _ table: String, _ address: Int) throws {
        let manual = try #require(ManualAddress(text))
        #expect(manual.table == table && manual.address == address)
        #expect(manual.advice.text(in: .en).contains("write --table \(table) --address \(address)."))
    }

    @Test(arguments: ["0", "342", "0x9C41", "30000", "40000", "50001", "500001", "", "x"])
    func ordinaryAddresses(_ text: String) { #expect(ManualAddress(text) == nil) }

    /// A bare number has no unit, so that a program gets a number.
    @Test func bareNumbersAreNumbersInJSON() throws {
        func value(_ text: String, _ base: Int64?) throws -> Any? {
            var reading = reading()
            _ = reading.round()
            let result = RegisterResult(
                name: "holding 0", table: .holding, address: 0, words: [1], outcome: .value(text, base: base),
                roundTripNanoseconds: 0)
            let json = jsonText(ReadReport(target: target).json(reading, [result], withFrames: false))
            let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
            return (object?["registers"] as? [[String: Any]])?.first?["value"]
        }
        #expect(try value("412345", nil) as? Int == 412_345)
        #expect(try value("-0.25", nil) as? Double == -0.25)
        #expect(try value("3178e-2", nil) as? Double == 31.78)
        #expect(try value("1e-05", nil) as? Double == 0.00001)
        #expect(try value("230.5 V", 230_500) as? String == "230.5 V")
    }

    @Test func addressesMayBeHexadecimal() {
        #expect(integer("0x0156") as UInt16? == 342)
        #expect(integer("342") as UInt16? == 342)
        #expect(integer("0x10000") as UInt16? == nil)
        #expect(integer("x") as UInt16? == nil)
    }
}
