// One meter, read by hand: the requests that the daemon would make, and what came of each register.

import Drivers
import LocalRules

/// What `read` is to read.
struct ReadTarget: Sendable {
    struct Register: Sendable {
        /// "power.voltage"; of a bare table "holding 0x0010".
        var name: String
        /// nil: a bare number.
        var quantity: Quantity?
        var scale: Scale
        /// In which a configuration writes the scale; nil: it is of none.
        var unit: MeasurementUnit?
    }

    /// "power" or "unit 6".
    var title: String
    var settings: BusSettings
    var plan: MeterPlan
    /// One for each of the plan's registers.
    var registers: [Register]
}

extension ReadTarget {
    /// A configured meter with all its registers; nil: there is none of this name.
    init?(meter name: String, of home: HomeConfiguration) {
        for bus in home.buses {
            guard var plan = bus.meters.first(where: { $0.name == name }) else { continue }
            let registers = plan.registers.map { register in
                let signal = home.home.signals[register.channel.index]
                var quantity: Quantity?
                if case .meter(let kind) = signal.source { quantity = kind }
                return Register(
                    name: signal.name, quantity: quantity,
                    scale: home.scales[register.channel.index] ?? Scale(numerator: 1, denominator: 1),
                    unit: home.units[register.channel.index])
            }
            for index in plan.registers.indices { plan.registers[index].channel = Channel(index) }
            self.init(title: "meter \(name)", settings: bus.settings, plan: plan, registers: registers)
            return
        }
        return nil
    }
}

/// What came of one register.
struct RegisterResult: Sendable {
    enum Outcome: Sendable, Equatable {
        case value(String, base: Int64?)
        /// The meter is there and says that it has none.
        case noValue(reason: String)
        case refused(ModbusException)
        case failed(BusError)
    }
    var name: String
    var table: ModbusTable
    var address: UInt16
    /// Empty: none came.
    var words: [UInt16]
    var outcome: Outcome
    /// Of the request that brought it.
    var roundTripNanoseconds: Int64

    var isRead: Bool {
        switch outcome {
        case .value, .noValue: true
        case .refused, .failed: false
        }
    }
}

/// A frame that went over the wire.
struct TracedFrame: Sendable, Equatable {
    var isSent: Bool
    var sinceStartNanoseconds: Int64
    var bytes: [UInt8]
    /// What it is, in words.
    var meaning: String
}

/// Reads the registers of one target, round by round.
struct MeterReading {
    private let target: ReadTarget
    private let reader: () throws(BusError) -> any MeterReader
    /// Nanoseconds.
    private let clock: () -> Int64
    private let start: Int64
    private(set) var frames: [TracedFrame] = []
    /// Of every request that was answered.
    private(set) var roundTrips: [Int64] = []
    private(set) var requests = 0
    private(set) var failures = 0

    init(_ target: ReadTarget, clock: @escaping () -> Int64, reader: @escaping () throws(BusError) -> any MeterReader) {
        self.target = target
        self.reader = reader
        self.clock = clock
        start = clock()
    }

    /// One round over all registers, in the order of the plan.
    mutating func round() -> [RegisterResult] {
        var round = MeterRound(target.plan)
        var image = RegisterImage()
        var results: [Int: RegisterResult] = [:]
        while let question = round.question {
            let exchange = ask(question)
            image.take(exchange.reply, to: question.span)
            for sample in round.take(exchange.reply, at: BootTime(nanoseconds: clock())) {
                results[sample.channel.index] = result(sample, image, exchange.roundTripNanoseconds)
            }
        }
        return target.plan.registers.indices.compactMap { results[$0] }
    }

    /// Asks, and again as often as the daemon would.
    private mutating func ask(_ question: ModbusQuestion) -> ModbusExchange {
        var left = target.plan.retries
        while true {
            let exchange = askOnce(question)
            guard case .failure(let error) = exchange.reply, left > 0,
                error.kind == .timedOut || error.kind == .damaged
            else { return exchange }
            left -= 1
        }
    }

    private mutating func askOnce(_ question: ModbusQuestion) -> ModbusExchange {
        let exchange: ModbusExchange
        do throws(BusError) {
            exchange = try reader().read(question, timeoutMilliseconds: target.plan.timeoutMilliseconds)
        } catch {
            exchange = ModbusExchange(reply: .failure(error), sent: [], received: [], roundTripNanoseconds: 0)
        }
        requests += 1
        if case .failure = exchange.reply { failures += 1 } else { roundTrips.append(exchange.roundTripNanoseconds) }
        // There may have been a quarantine before the question.
        let began = clock() - start - exchange.roundTripNanoseconds
        frames += MeterReading.frames(of: exchange, to: question, began: began)
        return exchange
    }

    static func frames(of exchange: ModbusExchange, to question: ModbusQuestion, began: Int64) -> [TracedFrame] {
        var frames: [TracedFrame] = []
        if !exchange.sent.isEmpty {
            let asked = question.asked(in: exchange.sent)
            let what = asked.table == .coil || asked.table == .discrete ? "bits" : "registers"
            let meaning =
                "asks unit \(asked.unit) for \(asked.count) \(asked.table.rawValue) \(what) from 0x\(Hexadecimal.digits(asked.address, 4))"
            frames.append(
                TracedFrame(
                    isSent: true, sinceStartNanoseconds: began, bytes: exchange.sent,
                    meaning: asked == question ? meaning : "\(meaning), to see whether its answers are in order"))
        }
        let meaning =
            switch exchange.reply {
            case .success(.words(let words)): "answers with \(words.count)"
            case .success(.exception(let exception)): "refuses: \(exception.text)"
            case .failure(let error): error.message
            }
        let end = began + exchange.roundTripNanoseconds
        frames.append(
            TracedFrame(isSent: false, sinceStartNanoseconds: end, bytes: exchange.received, meaning: meaning))
        return frames
    }

    // MARK: Registers

    private func result(_ sample: Sample, _ image: RegisterImage, _ roundTrip: Int64) -> RegisterResult {
        let register = target.registers[sample.channel.index]
        let plan = target.plan.registers[sample.channel.index]
        var words: [UInt16] = []
        if case .words(let known) = image.content(of: RegisterSpan(plan)) { words = known }
        return RegisterResult(
            name: register.name, table: plan.table, address: plan.address, words: words,
            outcome: MeterReading.outcome(sample.outcome, register), roundTripNanoseconds: roundTrip)
    }

    private static func outcome(_ outcome: Sample.Outcome, _ register: ReadTarget.Register) -> RegisterResult.Outcome {
        switch outcome {
        case .value(let raw):
            guard let quantity = register.quantity else { return .value(text(raw), base: nil) }
            guard let value = register.scale.baseUnits(of: raw) else {
                return .noValue(reason: "is larger than anything that is kept")
            }
            return .value(ValueText.text(value, of: quantity), base: value)
        case .noValue(let reason): return .noValue(reason: reason)
        case .meterException(let exception): return .refused(exception)
        case .busFailure(let error): return .failed(error)
        case .absent(let error):
            return .failed(BusError(kind: .lost, message: error.message, advice: error.advice))
        }
    }

    private static func text(_ raw: RawValue) -> String {
        switch raw {
        case .integer(let value): "\(value)"
        case .real(let value): "\(value)"
        case .decimal(let digits, let exponent): "\(digits)e\(exponent)"
        }
    }

    /// Milliseconds; nil before the first answer.
    var roundTripMilliseconds: (p50: Int64, longest: Int64)? {
        let sorted = roundTrips.sorted()
        guard let longest = sorted.last else { return nil }
        return (sorted[sorted.count / 2] / 1_000_000, longest / 1_000_000)
    }
}

extension ModbusQuestion {
    /// What a frame really asked: this question, or the probe in front of it (docs/decisions/0007).
    fileprivate func asked(in frame: [UInt8]) -> ModbusQuestion {
        // RTU: unit, PDU, CRC. TCP: a header of six bytes, unit, PDU.
        let pdu = frame.count > 8 ? frame.dropFirst(7) : frame[1...]
        guard pdu.count >= 5 else { return self }
        let bytes = Array(pdu)
        var asked = self
        asked.address = UInt16(bytes[1]) << 8 | UInt16(bytes[2])
        asked.count = Int(bytes[3]) << 8 | Int(bytes[4])
        return asked
    }

    var span: RegisterSpan { RegisterSpan(table: table, first: Int(address), count: count) }
}
