// Walks over a bus: settings × units, and finds out what every unit is that answers.

import Drivers

/// A unit that answered.
struct FoundMeter: Sendable {
    /// Of each table, for support, where no profile fits.
    static let shownRegisters = 10

    var line: SerialLine?
    var unit: UInt8
    var image: RegisterImage
    /// The best first.
    var candidates: [ProfileRanking.Candidate]
    /// Everything was asked.
    var isComplete: Bool
    /// Other settings of the line at which the same meter answers; some adapters and meters do not look at parity.
    var alsoAt: [SerialLine] = []

    /// What it is; nil: no profile fits well enough.
    var recognised: ProfileRanking.Candidate? { candidates.first.flatMap { $0.certainty == .weak ? nil : $0 } }
}

extension FoundMeter {
    /// Between two looks of one scan a meter counts no more: 0.1 kWh, 100 L.
    private static let mostCounted: Int64 = 100_000

    /// Whether `later` is this meter once more, at another parity: it has this one's totals, or its very words.
    fileprivate func isSameDevice(as later: FoundMeter) -> Bool {
        guard unit == later.unit, line?.baud == later.line?.baud else { return false }
        guard let mine = recognised else { return later.recognised == nil && hasWords(of: later) }
        // By this one's profile: the line's setting may have made the other look like another model.
        let totals = mine.registers.filter(\.register.isTotal).map { total in
            (total.value, RegisterEvidence(total.register, in: later.image).value)
        }
        guard totals.contains(where: { $0.0 ?? 0 > 0 }) else { return hasWords(of: later) }
        return totals.allSatisfy { before, now in
            guard let before, let now else { return before == nil && now == nil }
            return (0...FoundMeter.mostCounted).contains(now &- before)
        }
    }

    /// Nine of ten, and one of them other than zero.
    private func hasWords(of other: FoundMeter) -> Bool {
        var (same, known, telling) = (0, 0, 0)
        for table in [ModbusTable.holding, .input] {
            for run in image.runs(of: table) {
                for (offset, word) in run.words.enumerated() {
                    let span = RegisterSpan(table: table, first: run.first + offset, count: 1)
                    guard case .words(let words) = other.image.content(of: span) else { continue }
                    known += 1
                    guard words == [word] else { continue }
                    same += 1
                    if word != 0 { telling += 1 }
                }
            }
        }
        return telling > 0 && same * 10 >= known * 9
    }
}

/// What a scan found.
struct ScanResult: Sendable {
    var meters: [FoundMeter] = []
    /// Units that sent something, and never a sound frame.
    var disturbed: [(line: SerialLine?, unit: UInt8)] = []
    var asked = 0
    /// Why it ended before its time; nil: it did not, or somebody ended it.
    var error: BusError?
    var isInterrupted = false
    var nanoseconds: Int64 = 0

    /// So many units with the same totals are one device that does not look at unit ids.
    private static let alikeUnits = 3

    /// A device on a network that answers to every unit id; it is asked for a few of them only.
    var isOneForAll: Bool {
        let alike = meters.suffix(ScanResult.alikeUnits)
        guard alike.count == ScanResult.alikeUnits, alike.allSatisfy({ $0.line == nil }) else { return false }
        let totals = alike.map { meter in
            meter.recognised?.registers.filter(\.register.isTotal).map(\.value) ?? []
        }
        return totals[0].contains { ($0 ?? 0) != 0 } && totals.allSatisfy { $0 == totals[0] }
    }

    var isComplete: Bool { error == nil && !isInterrupted && meters.allSatisfy(\.isComplete) }
}

/// How far a scan is.
struct ScanProgress: Sendable {
    var line: SerialLine?
    var unit: UInt8
    var asked: Int
    var found: Int
    var elapsedNanoseconds: Int64
    /// At the pace of the questions so far; nil: too early to tell.
    var restNanoseconds: Int64?
    /// Being found out, not being looked for.
    var isRecognising: Bool
}

final class Scanner {
    /// A meter that thinks long about long answers is not to be lost for it.
    private static let recognitionTimeouts = 2
    /// Questions after which the pace is known.
    private static let leastQuestions = 3
    /// Of a meter that was heard too late.
    private static let lateTimeouts = 4

    private let access: any BusAccess
    private let plan: ScanPlan
    private let ranking: ProfileRanking
    /// Asks a silent unit for its input registers, too.
    private let isThorough: Bool
    /// Nanoseconds, on the clock that the bus lives by.
    private let clock: () -> Int64
    private let isInterrupted: () -> Bool
    private let observe: (ScanProgress) -> Void

    private var result = ScanResult()
    private var began: Int64 = 0
    /// Units whose answers came too late on the line as it is set now.
    private var late: Set<UInt8> = []
    /// How it was set for the question before; .some(nil): over TCP.
    private var walkedLine: SerialLine??
    /// Spent on questions of the walk, and what they would have cost in theory.
    private var walked: (real: Int64, planned: Int64) = (0, 0)

    init(
        access: any BusAccess, plan: ScanPlan, profiles: [MeterProfile], isThorough: Bool, clock: @escaping () -> Int64,
        isInterrupted: @escaping () -> Bool, observe: @escaping (ScanProgress) -> Void
    ) {
        self.access = access
        self.plan = plan
        ranking = ProfileRanking(profiles: profiles)
        self.isThorough = isThorough
        self.clock = clock
        self.isInterrupted = isInterrupted
        self.observe = observe
    }

    func run() -> ScanResult {
        began = clock()
        for leg in plan.legs {
            for unit in leg.units where !isEnded {
                visit(unit, on: leg.line, plan.timeoutMilliseconds)
                if !isEnded { result.asked += 1 }
            }
            visitLateOnes(on: leg.line)
        }
        let found = Set(result.meters.map(\.unit))
        result.disturbed.removeAll { found.contains($0.unit) }
        result.nanoseconds = clock() - began
        return result
    }

    private var isEnded: Bool { result.isInterrupted || result.error != nil }

    /// With one stop bit or two: the same meter answers to both.
    private func isFoundAlready(_ unit: UInt8, on line: SerialLine?) -> Bool {
        result.meters.contains { meter in
            meter.unit == unit && meter.line?.baud == line?.baud && meter.line?.parity == line?.parity
        }
    }

    // MARK: First contact

    private func visitLateOnes(on line: SerialLine?) {
        for unit in late.sorted() where !result.meters.contains(where: { $0.unit == unit && $0.line == line }) {
            visit(unit, on: line, plan.timeoutMilliseconds * Scanner.lateTimeouts)
        }
        late = []
    }

    private func visit(_ unit: UInt8, on line: SerialLine?, _ timeoutMilliseconds: Int) {
        result.isInterrupted = isInterrupted()
        guard !isEnded, !isFoundAlready(unit, on: line), !result.isOneForAll else { return }
        show(unit, on: line)
        let start = clock()
        let opening = line == walkedLine ? 0 : plan.openingNanoseconds(on: line)
        walkedLine = line
        var image = RegisterImage()
        let isThere = contact(unit, on: line, timeoutMilliseconds, &image)
        if !isThere {
            walked.real += clock() - start
            walked.planned += plan.silenceNanoseconds(on: line) + opening
        }
        guard isThere, !isEnded else { return }
        result.disturbed.removeAll { $0.unit == unit && $0.line == line }
        recognise(unit, on: line, image, timeoutMilliseconds * Scanner.recognitionTimeouts)
    }

    /// Any sound frame will do, a refusal too; but not a gateway's word that nobody is there.
    private func contact(
        _ unit: UInt8, on line: SerialLine?, _ timeoutMilliseconds: Int, _ image: inout RegisterImage
    ) -> Bool {
        let tables: [ModbusTable] = isThorough ? [.holding, .input] : [.holding]
        for table in tables {
            let span = RegisterSpan(table: table, first: 0, count: 1)
            guard let reply = ask(ModbusQuestion(unit: unit, span), on: line, timeoutMilliseconds) else {
                return false
            }
            switch reply {
            case .success(.exception(let exception)) where exception.isAboutTheWay: return false
            case .success:
                image.take(reply, to: span)
                return true
            case .failure(let error):
                if error.kind == .damaged { result.disturbed.append((line, unit)) }
            }
        }
        return false
    }

    /// nil: the scan is over.
    private func ask(
        _ question: ModbusQuestion, on line: SerialLine?, _ timeoutMilliseconds: Int
    ) -> Result<ModbusReply, BusError>? {
        do throws(BusError) {
            let reader = try access.reader(on: line)
            let exchange = reader.read(question, timeoutMilliseconds: timeoutMilliseconds)
            late.formUnion(exchange.heardUnits.subtracting([question.unit]))
            let reply = exchange.reply
            guard case .failure(let error) = reply, error.kind == .cannotOpen || error.kind == .lost else {
                return reply
            }
            result.error = error
        } catch {
            result.error = error
        }
        return nil
    }

    // MARK: Recognition

    private func recognise(
        _ unit: UInt8, on line: SerialLine?, _ image: RegisterImage, _ timeoutMilliseconds: Int
    ) {
        var recognition = Recognition(ranking, image: image)
        let isComplete = recognition.examine(unit: unit, on: line) { span in
            result.isInterrupted = isInterrupted()
            guard !isEnded else { return nil }
            show(unit, on: line, isRecognising: true)
            return ask(ModbusQuestion(unit: unit, span), on: line, timeoutMilliseconds)
        }
        let found = FoundMeter(
            line: line, unit: unit, image: recognition.image,
            candidates: recognition.candidates(unit: unit, on: line), isComplete: isComplete)
        if let line, let index = result.meters.firstIndex(where: { $0.isSameDevice(as: found) }) {
            result.meters[index].alsoAt.append(line)
        } else {
            result.meters.append(found)
        }
    }

    private func show(_ unit: UInt8, on line: SerialLine?, isRecognising: Bool = false) {
        var rest: Int64?
        if result.asked >= Scanner.leastQuestions, walked.planned > 0 {
            rest = Int64(
                Double(plan.nanoseconds(from: result.asked)) * Double(walked.real) / Double(walked.planned))
        }
        observe(
            ScanProgress(
                line: line, unit: unit, asked: result.asked, found: result.meters.count,
                elapsedNanoseconds: clock() - began, restNanoseconds: rest, isRecognising: isRecognising))
    }
}
