// A conversation with one meter, as Tests/Meters/*.hex writes it down: questions, answers, and what they mean.
//
//     # constructed from …          or: # recorded, …; always the first line
//     > 01 04 00 00 00 02 71 CB     a question, as an RTU frame
//     < 01 04 04 43 66 33 34 1B 38  its answer
//     = voltage 230.2 V             what the profile must make of it
//
// An address that is answered otherwise than before begins another moment, of which the lines below it tell.
// Each moment is held against the profile on the real way: loader, bus master and its requests, interpreter.

import LocalRules

@testable import Drivers
@testable import EdgeAgent

/// What a file says; everything odd about it is collected in `problems`.
struct Conversation {
    struct Question {
        var line: Int
        var unit: UInt8
        var table: ModbusTable
        var address: Int
        var count: Int
    }
    struct Expectation {
        var line: Int
        var signal: String
        var value: String
        var unit: String
    }

    /// Content by table and address.
    typealias Image = [ModbusTable: [Int: UInt16]]

    /// Answers that agree with each other.
    struct Moment {
        /// What was answered, and where that leaves a hole, what was answered before or else later.
        var image: Image = [:]
        var expectations: [Expectation] = []
    }

    private(set) var moments = [Moment()]
    private(set) var unit: UInt8?
    private(set) var problems: [String] = []
    private var open: Question?

    init(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if !["# constructed", "# recorded, "].contains(where: text.hasPrefix) {
            problems.append("line 1: says neither \"# constructed …\" nor \"# recorded, …\"")
        }
        for (index, line) in lines.enumerated() { take(line.prefix { $0 != "#" }, index + 1) }
        if let open { complain(open.line, "has no answer") }
        if moments.allSatisfy(\.expectations.isEmpty) {
            problems.append("says nothing that the profile must make of it")
        }
        for index in moments.indices.dropFirst() { moments[index].fillHoles(from: moments[index - 1]) }
        for index in moments.indices.dropLast().reversed() { moments[index].fillHoles(from: moments[index + 1]) }
    }

    private mutating func complain(_ line: Int, _ text: String) { problems.append("line \(line): \(text)") }

    private mutating func take(_ line: Substring, _ number: Int) {
        let words = line.split(separator: " ")
        switch words.first {
        case nil: break
        case ">":
            if let open { complain(open.line, "has no answer") }
            open = bytes(words, number).flatMap { question($0, number) }
        case "<":
            if let open, let frame = bytes(words, number) { take(answer: frame, to: open, number) }
            open = nil
        case "=" where words.count == 4:
            moments[moments.count - 1].expectations.append(
                Expectation(
                    line: number, signal: String(words[1]), value: String(words[2]), unit: String(words[3])))
        default: complain(number, "is no line of a conversation")
        }
    }

    /// A frame without its CRC.
    private mutating func bytes(_ words: [Substring], _ line: Int) -> [UInt8]? {
        let bytes = words.dropFirst().compactMap { $0.utf8.count == 2 ? UInt8($0, radix: 16) : nil }
        guard bytes.count == words.count - 1, bytes.count >= 5 else {
            complain(line, "is no frame in bytes of two hexadecimal digits")
            return nil
        }
        let crc = modbusCRC(bytes.dropLast(2))
        guard bytes.suffix(2) == [UInt8(crc & 0xFF), UInt8(crc >> 8)] else {
            complain(line, "has a wrong CRC")
            return nil
        }
        return bytes.dropLast(2)
    }

    private mutating func question(_ frame: [UInt8], _ line: Int) -> Question? {
        let tables: [UInt8: ModbusTable] = [1: .coil, 2: .discrete, 3: .holding, 4: .input]
        guard let table = tables[frame[1]] else {
            complain(line, "asks for function \(frame[1]), which does not read")
            return nil
        }
        guard frame.count == 6 else {
            complain(line, "is \(frame.count + 2) bytes long, a read is 8")
            return nil
        }
        if (unit ?? frame[0]) != frame[0] { complain(line, "is for another unit than the others") }
        if !(1...247).contains(frame[0]) { complain(line, "is for unit \(frame[0])") }
        unit = frame[0]
        return Question(
            line: line, unit: frame[0], table: table, address: Int(frame[2]) << 8 | Int(frame[3]),
            count: Int(frame[4]) << 8 | Int(frame[5]))
    }

    private mutating func take(answer frame: [UInt8], to question: Question, _ line: Int) {
        let isBits = question.table == .coil || question.table == .discrete
        let length = isBits ? (question.count + 7) / 8 : question.count * 2
        guard frame[0] == question.unit, frame[1] == question.table.function, Int(frame[2]) == length else {
            return complain(line, "answers another question")
        }
        let data = Array(frame.dropFirst(3))
        guard data.count == length, question.count > 0 else { return complain(line, "is too short or too long") }
        let words = (0..<question.count).map { offset -> UInt16 in
            if isBits { return UInt16(data[offset / 8] >> UInt8(offset % 8) & 1) }
            return UInt16(data[offset * 2]) << 8 | UInt16(data[offset * 2 + 1])
        }
        let answered = Dictionary(uniqueKeysWithValues: zip(question.address..., words))
        let known = moments[moments.count - 1].image[question.table] ?? [:]
        if answered.contains(where: { (known[$0.key] ?? $0.value) != $0.value }) { moments.append(Moment()) }
        moments[moments.count - 1].image[question.table, default: [:]].merge(answered) { _, new in new }
    }
}

extension Conversation.Moment {
    fileprivate mutating func fillHoles(from other: Conversation.Moment) {
        for (table, words) in other.image { image[table, default: [:]].merge(words) { own, _ in own } }
    }

    /// The words of these addresses; nil unless an answer gave all of them.
    func words(_ range: RegisterRange) -> [UInt16]? {
        let words = (Int(range.first)...Int(range.last)).compactMap { image[range.table]?[$0] }
        return words.count == Int(range.last) - Int(range.first) + 1 ? words : nil
    }
}

extension Conversation {
    /// Everything in which the profile and this conversation do not agree; empty is good.
    func problems(with profile: MeterProfile, loader: ConfigurationLoader) -> [String] {
        guard problems.isEmpty, let unit else { return problems }
        do {
            let home = try home(of: profile, unit: unit, loader)
            return uncovered(by: profile) + moments.flatMap { $0.problems(in: home, profile) }
        } catch {
            return ["a home cannot use the profile: \(error.issues.map(\.text))"]
        }
    }

    private func home(
        of profile: MeterProfile, unit: UInt8, _ loader: ConfigurationLoader
    ) throws(ConfigurationErrors) -> HomeConfiguration {
        try load(
            homeHead + "[[bus]]\nname = \"b\"\nkind = \"rtu\"\nport = \"/dev/null\"\n"
                + "[[meter]]\nname = \"m\"\nbus = \"b\"\nunit = \(unit)\nprofile = \"\(profile.name)\"\n", with: loader)
    }

    private func uncovered(by profile: MeterProfile) -> [String] {
        var found: [String] = []
        let expectations = moments.flatMap(\.expectations)
        for register in profile.registers {
            for range in register.ranges where moments[0].words(range) == nil {
                found.append("no answer holds \(range.table.rawValue) \(range.first) of \(register.signal)")
            }
            if !expectations.contains(where: { $0.signal == register.signal }) {
                found.append("nothing is expected of \(register.signal)")
            }
        }
        for mark in profile.identify where moments[0].words(mark.range).map({ mark.matches($0) }) != true {
            found.append("\(mark.table.rawValue) \(mark.address) does not identify this model here")
        }
        return found
    }
}

extension Conversation.Moment {
    /// What the agent makes of the meter, where that is not as expected.
    fileprivate func problems(in home: HomeConfiguration, _ profile: MeterProfile) -> [String] {
        let plan = home.buses[0].meters[0]
        var found: [String] = []
        let readings = poll(home.buses[0].settings, plan, scales: home.scales, &found)
        for expectation in expectations {
            guard let index = profile.registers.firstIndex(where: { $0.signal == expectation.signal }) else {
                found.append("line \(expectation.line): the profile has no \(expectation.signal)")
                continue
            }
            guard let reading = readings[index] else { continue }
            let register = profile.registers[index]
            if let problem = expectation.problem(with: reading, of: register) {
                found.append("line \(expectation.line): \(expectation.signal) \(problem)")
            }
        }
        return found
    }

    /// One round of the real bus master over simulated wire; base units by channel.
    private func poll(
        _ settings: BusSettings, _ plan: MeterPlan, scales: [Scale?], _ found: inout [String]
    ) -> [Int: Int64] {
        let clock = SimulatedClock()
        var master = BusMaster(
            settings: settings, port: SimulatedPort(settings: settings, bank: bank(plan), clock: clock), meters: [plan],
            start: BootTime(nanoseconds: 0))
        let signals = plan.registers.map { SignalModel(name: "\($0.address)", source: .meter(.flow), silentAfter: nil) }
        var interpreter = Interpreter(signals: signals, scales: scales, plans: signals.map { _ in nil })
        var readings: [Int: Int64] = [:]
        // The next round begins with the meter's poll.
        while clock.now < plan.pollMilliseconds * 1_000_000, readings.count < plan.registers.count {
            for sample in master.step(clock: { BootTime(nanoseconds: clock.now) }) {
                guard let reading = interpreter.interpret(sample, at: Instant(milliseconds: 0))?.reading,
                    reading.quality == .good
                else {
                    found.append("register \(plan.registers[sample.channel.index].address): \(sample.outcome)")
                    continue
                }
                readings[sample.channel.index] = reading.value
            }
            clock.move(to: master.nextDue.nanoseconds)
        }
        if readings.count < plan.registers.count { found.append("not every register gave a value") }
        let planned = plan.limits.requests(for: plan.registers.flatMap(\.spans)).count
        let answers = master.report.meters[0].answers
        if answers != planned { found.append("\(planned) requests were planned, \(answers) were needed") }
        return readings
    }

    /// A meter that holds what the answers said, and zeroes where the profile says that a request may read over.
    private func bank(_ plan: MeterPlan) -> MeterBank {
        let bank = MeterBank()
        for (table, words) in image {
            var last: Int?
            for (address, word) in words.sorted(by: { $0.key < $1.key }) {
                if let last, address - last - 1 <= plan.limits.mostGap {
                    for hole in last + 1..<address { set(bank, plan, table, hole, 0) }
                }
                set(bank, plan, table, address, word)
                last = address
            }
        }
        return bank
    }

    /// Forbidden addresses do not exist, so that a request that touches one is refused.
    private func set(_ bank: MeterBank, _ plan: MeterPlan, _ table: ModbusTable, _ address: Int, _ word: UInt16) {
        guard let place = UInt16(exactly: address),
            !plan.limits.forbidden.contains(where: { $0.table == table && $0.first <= place && place <= $0.last })
        else { return }
        bank.set(unit: plan.unit, table: table, address: place, words: [word])
    }
}

extension Conversation.Expectation {
    /// Why `value` is not what was expected; nil if it is.
    fileprivate func problem(with value: Int64, of register: RegisterDescription) -> String? {
        guard unit == register.unit.symbol else { return "is in \(register.unit.symbol), not in \(unit)" }
        guard let wanted = ExactDecimal.parse(self.value)?.scale(by: register.unit.factor)?.baseUnits(1 as Int64) else {
            return "is expected as \"\(self.value)\", which is no decimal"
        }
        // A float holds what it holds; the last digit written may be a rounded one.
        let places = self.value.split(separator: ".").dropFirst().first?.utf8.count ?? 0
        let lastDigit = (0..<places).reduce(register.unit.factor) { amount, _ in amount / 10 }
        let tolerance = register.type.isReal ? max(1, lastDigit) : 0
        guard (value - wanted).magnitude > tolerance.magnitude else { return nil }
        return "is \(value) in base units, not \(wanted)"
    }
}
