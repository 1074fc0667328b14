import Testing

@testable import Drivers

/// What is asked of meters that are not as their manuals say. `r7+2` is a request, `!r7+2` a refused one.
struct MeterPollingTests {
    private func plan(
        _ addresses: [UInt16], polls: [UInt16: Int64] = [:], limits: RequestLimits = RequestLimits(mostGap: 5)
    ) -> MeterPlan {
        MeterPlan(
            name: "m", unit: 1, pollMilliseconds: 10_000, limits: limits,
            registers: addresses.map {
                RegisterPlan(
                    channel: Channel(Int($0)), table: .input, address: $0, type: .u16, order: .ABCD,
                    pollMilliseconds: polls[$0])
            })
    }

    /// One round; `refuses` judges each request. Returns what was asked, and the channels that got values.
    private func round(
        _ meter: inout MeterPolling, grids: [Int] = [0], refuses: (ModbusQuestion) -> Bool = { _ in false }
    ) -> (asked: [String], values: [Int]) {
        meter.begin(grids: grids)
        var asked: [String] = []
        var values: [Int] = []
        while let question = meter.question {
            let text = "r\(question.address)+\(question.count)"
            if refuses(question) {
                asked.append("!" + text)
                _ = meter.refused(ModbusException(code: 2), at: at(0))
            } else {
                asked.append(text)
                let words = (0..<question.count).map { question.address + UInt16($0) }
                for sample in meter.answered(words, at: at(0)) {
                    #expect(sample.integer == Int64(sample.channel.index), "each register gets its own words")
                    values.append(sample.channel.index)
                }
            }
        }
        return (asked, values)
    }

    @Test func registersAreAskedAtTheirOwnIntervals() {
        var meter = MeterPolling(plan([0, 1, 2], polls: [1: 60_000, 2: 1000]))
        #expect(meter.pollMilliseconds == [1000, 10_000, 60_000])
        #expect(round(&meter, grids: [0, 1, 2]).asked == ["r0+3"])
        #expect(round(&meter, grids: [0]).asked == ["r2+1"])
        // 1 is not due, but lies between.
        let both = round(&meter, grids: [0, 1])
        #expect(both.asked == ["r0+3"])
        #expect(both.values == [0, 2])
    }

    @Test func aMeterThatRefusesGapsIsAskedWithoutThem() {
        var meter = MeterPolling(plan([0, 1, 4]))
        let refuses = { (question: ModbusQuestion) in question.address < 4 && Int(question.address) + question.count > 2
        }
        #expect(round(&meter, refuses: refuses).asked == ["!r0+5", "r0+2", "r4+1"])
        #expect(round(&meter, refuses: refuses).asked == ["r0+2", "r4+1"])
    }

    @Test func aMeterThatTakesFewRegistersIsAskedForFew() {
        var meter = MeterPolling(plan((0..<16).map { $0 }))
        let refuses = { (question: ModbusQuestion) in question.count > 5 }
        #expect(
            round(&meter, refuses: refuses).asked == ["!r0+16", "!r0+8", "r0+4", "r4+4", "!r8+8", "r8+4", "r12+4"])
        #expect(round(&meter, refuses: refuses).asked == ["r0+4", "r4+4", "r8+4", "r12+4"])
    }

    @Test func oneMissingRegisterIsFoundAndAskedForEverMoreSeldom() {
        var meter = MeterPolling(plan([0, 1, 2, 3]))
        let refuses = { (question: ModbusQuestion) in
            question.address <= 2 && Int(question.address) + question.count > 2
        }
        let first = round(&meter, refuses: refuses)
        #expect(first.asked == ["!r0+4", "r0+2", "!r2+2", "!r2+1", "r3+1"])
        #expect(first.values == [0, 1, 3])
        var rounds: [[String]] = []
        for _ in 0..<6 { rounds.append(round(&meter, refuses: refuses).asked) }
        let without = ["r0+2", "r3+1"]
        // 1 round left out, then 3.
        #expect(rounds == [without, without + ["!r2+1"], without, without, without, without + ["!r2+1"]])
        // It is there after all: back in one request.
        for _ in 0..<8 { _ = round(&meter) }
        #expect(round(&meter).asked == ["r0+4"])
    }

    @Test func aShyMeterIsAskedInSmallRequests() {
        var meter = MeterPolling(plan([0, 1, 4]))
        let error = BusError(kind: .timedOut, message: "", advice: "")
        var asked: [String] = []
        // Silent when it is asked for a gap.
        for _ in 0..<7 {
            meter.begin(grids: [0])
            while let question = meter.question {
                asked.append("r\(question.address)+\(question.count)")
                if question.count == 5 {
                    #expect(meter.failed(error, at: at(0)).count == 3)
                } else {
                    _ = meter.answered(Array(repeating: 0, count: question.count), at: at(0))
                }
            }
            asked.append("|")
        }
        #expect(
            asked.joined(separator: " ")
                == "r0+5 | r0+2 r4+1 | r0+5 | r0+2 r4+1 | r0+2 r4+1 | r0+2 r4+1 | r0+2 r4+1 |")
    }

    @Test func aFailureThatPassesChangesNothing() {
        var meter = MeterPolling(plan([0, 1, 4]))
        meter.begin(grids: [0])
        _ = meter.failed(BusError(kind: .timedOut, message: "", advice: ""), at: at(0))
        #expect(round(&meter).asked == ["r0+2", "r4+1"])
        #expect(round(&meter).asked == ["r0+5"])
    }

    @Test func aScaleInAnotherRegisterIsReadWithIt() {
        var plan = plan([0])
        plan.registers[0].scaleFrom = ScaleRegister(table: .input, address: 40, type: .i16, role: .exponent)
        var meter = MeterPolling(plan)
        meter.begin(grids: [0])
        #expect(meter.question?.address == 0)
        #expect(meter.answered([2301], at: at(1)).isEmpty, "not before its scale is known")
        #expect(meter.question?.address == 40)
        let sample = meter.answered([0xFFFF], at: at(2)).first
        #expect(sample?.outcome == .value(.decimal(2301, exponent: -1)))
        #expect(sample?.time == at(2))
        #expect(!meter.isInRound)
    }

    @Test func aStateOfTheMeterIsNoReasonToCutRequests() {
        var meter = MeterPolling(plan([0, 1, 4]))
        meter.begin(grids: [0])
        let samples = meter.refused(ModbusException(code: 6), at: at(0))
        #expect(samples.map(\.outcome) == Array(repeating: .meterException(ModbusException(code: 6)), count: 3))
        #expect(round(&meter).asked == ["r0+5"])
    }
}
