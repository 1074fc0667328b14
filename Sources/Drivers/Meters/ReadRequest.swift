// Which registers are read together. Pure.

/// A run of addresses that must be read in one piece.
package struct RegisterSpan: Hashable, Sendable {
    package let table: ModbusTable
    package let first: Int
    package let count: Int
    /// Behind the last address.
    package var end: Int { first + count }

    package init(table: ModbusTable, first: Int, count: Int) {
        self.table = table
        self.first = first
        self.count = count
    }

    package init(_ register: RegisterPlan) {
        self.init(table: register.table, first: Int(register.address), count: register.length)
    }

    init(_ scale: ScaleRegister) {
        self.init(table: scale.table, first: Int(scale.address), count: scale.type.words)
    }

    package func contains(_ other: RegisterSpan) -> Bool {
        table == other.table && first <= other.first && other.end <= end
    }
}

/// One request on the wire: `count` registers or bits from `first` on.
package typealias ReadRequest = RegisterSpan

extension RequestLimits {
    /// As few requests as these limits allow: every span lies whole in one of them, none touches a forbidden
    /// address that no span asked for itself, none reads over more than `mostGap` unwanted addresses at once.
    ///
    /// From the lowest address on, each request takes what it can. Nothing beats that: whatever part of a
    /// request is allowed by itself, so taking less now never saves a request later.
    package func requests(for spans: some Sequence<RegisterSpan>) -> [ReadRequest] {
        let ordered = spans.sorted {
            ($0.table.function, $0.first, $0.count) < ($1.table.function, $1.first, $1.count)
        }
        var requests: [ReadRequest] = []
        for span in ordered {
            if let last = requests.last, let longer = joined(last, span) {
                requests[requests.count - 1] = longer
            } else {
                requests.append(span)
            }
        }
        return requests
    }

    /// Both in one request, if that is allowed.
    private func joined(_ request: ReadRequest, _ span: RegisterSpan) -> ReadRequest? {
        guard request.table == span.table, span.first - request.end <= mostGap else { return nil }
        let joined = ReadRequest(
            table: request.table, first: request.first, count: max(request.end, span.end) - request.first)
        let gap = request.end..<max(request.end, span.first)
        let crosses =
            !gap.isEmpty
            && forbidden.contains {
                $0.table == request.table && Int($0.first) < gap.upperBound && Int($0.last) >= gap.lowerBound
            }
        return joined.count <= most(of: request.table) && !crosses ? joined : nil
    }

    private func most(of table: ModbusTable) -> Int {
        table.isBits ? ModbusLimit.bits : min(mostRegisters, ModbusLimit.registers)
    }
}
