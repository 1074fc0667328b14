// Looks at one meter again and again: at its configured registers and at what stands around one of them, so that a
// wrong address can be found.

import Drivers
import LocalRules

struct MeterWatch {
    /// Registers on either side; manuals count from 1 or by another table's start.
    private static let surroundings = 16
    /// Questions to find out what may be read; a meter that refuses that often keeps its secrets.
    private static let mostQuestions = 40
    /// Some meters say nothing to an address that they do not have.
    private static let mostSilences = 2
    private static let shortest = 2

    private let meter: WatchedMeter
    private let own: RegisterSpan
    /// What is read at every look.
    private var spans: [RegisterSpan] = []
    private var questions = 0
    private var silences = 0
    /// Why the last look brought nothing.
    private(set) var problem: String?

    /// - Parameter register: of the target's plan, the one that is tested.
    init(_ meter: WatchedMeter, register: Int) {
        self.meter = meter
        own = RegisterSpan(meter.target.plan.registers[register])
    }

    /// Finds out what can be read; takes seconds with a meter that refuses much.
    mutating func explore() {
        let plan = meter.target.plan
        for request in plan.limits.requests(for: plan.registers.flatMap(\.spans)) { explore(request) }
        for table in [own.table, own.table == .holding ? ModbusTable.input : .holding] {
            let addresses =
                max(0, own.first - MeterWatch.surroundings)..<min(0x1_0000, own.end + MeterWatch.surroundings)
            let free = addresses.map { RegisterSpan(table: table, first: $0, count: 1) }.filter { single in
                !spans.contains { $0.contains(single) } && !isForbidden(single)
            }
            for request in plan.limits.requests(for: free) { explore(request) }
        }
    }

    private func isForbidden(_ span: RegisterSpan) -> Bool {
        meter.target.plan.limits.forbidden.contains {
            $0.table == span.table && Int($0.first) < span.end && span.first <= Int($0.last)
        }
    }

    /// Refused: maybe half of it is not.
    private mutating func explore(_ span: RegisterSpan) {
        guard questions < MeterWatch.mostQuestions, silences < MeterWatch.mostSilences else { return }
        questions += 1
        switch ask(span) {
        case .success(.words): spans.append(span)
        case .success(.exception(let exception)):
            if span.contains(own) { problem = exception.text }
            guard (1...3).contains(exception.code), exception.code != 1, span.count > MeterWatch.shortest else {
                return
            }
            // Values of two registers are asked for whole.
            let half = (span.count / 2 + 1) / 2 * 2
            explore(RegisterSpan(table: span.table, first: span.first, count: half))
            explore(RegisterSpan(table: span.table, first: span.first + half, count: span.count - half))
        case .failure(let error):
            silences += 1
            problem = error.message
        }
    }

    /// nil: the tested register was not read, and `problem` may say why.
    mutating func look() -> RegisterImage? {
        var image = RegisterImage()
        for span in spans {
            var reply = ask(span)
            // One lost frame is no lost look.
            if case .failure = reply { reply = ask(span) }
            if case .failure(let error) = reply {
                problem = error.message
                if span.contains(own) { return nil }
            }
            image.take(reply, to: span)
        }
        if case .words = image.content(of: own) { return image }
        return nil
    }

    private func ask(_ span: RegisterSpan) -> Result<ModbusReply, BusError> {
        do throws(BusError) {
            let plan = meter.target.plan
            return try meter.reader().read(
                ModbusQuestion(unit: plan.unit, span), timeoutMilliseconds: plan.timeoutMilliseconds
            ).reply
        } catch {
            return .failure(error)
        }
    }
}

extension ReadTarget {
    /// The first register of a quantity that counts or shows it; nil: there is none.
    func index(of quantity: Quantity) -> Int? { registers.firstIndex { $0.quantity == quantity } }

    /// The register as judgements need it.
    func configured(_ index: Int) -> ConfiguredRegister? {
        guard registers.indices.contains(index), let quantity = registers[index].quantity else { return nil }
        let others = plan.registers.indices.filter { $0 != index }.map { RegisterSpan(plan.registers[$0]) }
        return ConfiguredRegister(
            name: registers[index].name, quantity: quantity, plan: plan.registers[index], scale: registers[index].scale,
            unit: registers[index].unit, others: others)
    }
}
