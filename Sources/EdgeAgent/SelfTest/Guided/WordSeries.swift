// What one meter's registers held, look after look, and the numbers that one way of reading makes of them. Pure.

import Drivers

/// Words of one meter in order of time. Only addresses that every look brought.
struct WordSeries: Sendable {
    /// How many looks there are.
    let count: Int
    private var words: [ModbusTable: [Int: [UInt16]]] = [:]

    init(_ looks: [RegisterImage]) {
        count = looks.count
        guard let first = looks.first else { return }
        for table in [ModbusTable.holding, .input] {
            for run in first.runs(of: table) {
                for address in run.first..<run.first + run.words.count {
                    let span = RegisterSpan(table: table, first: address, count: 1)
                    let contents = looks.compactMap { look -> UInt16? in
                        if case .words(let known) = look.content(of: span) { known.first } else { nil }
                    }
                    if contents.count == looks.count { words[table, default: [:]][address] = contents }
                }
            }
        }
    }

    /// One register's content over time.
    func contents(_ table: ModbusTable, _ address: Int) -> [UInt16]? { words[table]?[address] }

    /// Registers whose content changed.
    var moved: [RegisterSpan] {
        words.flatMap { table, contents in
            contents.filter { hasMoved($0.value) }.map { RegisterSpan(table: table, first: $0.key, count: 1) }
        }
        .sorted { ($0.table.rawValue, $0.first) < ($1.table.rawValue, $1.first) }
    }

    private func hasMoved(_ contents: [UInt16]) -> Bool { contents.contains { $0 != contents[0] } }

    /// How many registers of a span moved, hold the same all the time, or hold zero.
    func share(of span: RegisterSpan) -> (moved: Int, constant: Int, zero: Int) {
        let contents = (span.first..<span.end).compactMap { self.contents(span.table, $0) }
        let moved = contents.count { hasMoved($0) }
        let constant = contents.count { !hasMoved($0) && $0[0] != 0 }
        return (moved, constant, contents.count - moved - constant)
    }

    /// What these registers hold, as one piece, look after look; nil: nobody has read all of them.
    func bits(of plan: RegisterPlan) -> [UInt64]? {
        let span = RegisterSpan(plan)
        let contents = (span.first..<span.end).compactMap { self.contents(span.table, $0) }
        guard contents.count == span.count, count > 0 else { return nil }
        return (0..<count).map { look in plan.order.bits(contents.map { $0[look] }) }
    }

    /// The raw numbers, look after look; nil: one of them is none.
    func numbers(of plan: RegisterPlan) -> [RawValue]? {
        let span = RegisterSpan(plan)
        let contents = (span.first..<span.end).compactMap { self.contents(span.table, $0) }
        let scale = plan.scaleFrom.map { RegisterSpan(table: $0.table, first: Int($0.address), count: $0.type.words) }
        let factors = scale.map { span in (span.first..<span.end).compactMap { self.contents(span.table, $0) } } ?? []
        guard contents.count == span.count, factors.count == scale?.count ?? 0, count > 0 else { return nil }
        var numbers: [RawValue] = []
        for look in 0..<count {
            guard let number = try? plan.decode(contents.map { $0[look] }, scale: factors.map { $0[look] }[...])
            else { return nil }
            if case .real(let value) = number, Plausible.oddity(of: value) != nil { return nil }
            numbers.append(number)
        }
        return numbers
    }
}

extension RawValue {
    var approximate: Double {
        switch self {
        case .integer(let value): Double(value)
        case .real(let value): value
        case .decimal(let digits, let exponent):
            (0..<exponent.magnitude).reduce(Double(digits)) { value, _ in exponent < 0 ? value / 10 : value * 10 }
        }
    }

    /// This minus an earlier number of the same register, exact where both are integers.
    func rise(from earlier: RawValue) -> Double {
        if case .integer(let now) = self, case .integer(let then) = earlier { return Double(now &- then) }
        return approximate - earlier.approximate
    }
}

extension RegisterType {
    /// Counts after which it begins anew; nil: it does not.
    var range: Double? {
        switch self {
        case .u16: 65_536
        case .u32: 4_294_967_296
        case .bcd4: 10_000
        case .bcd8: 100_000_000
        default: nil
        }
    }

    var isDecimal: Bool { self == .bcd4 || self == .bcd8 }
}
