import Testing

@testable import Drivers

struct ReadRequestTests {
    private func spans(_ text: String, _ limits: RequestLimits = RequestLimits()) -> String {
        requests(text, limits).map { "\($0.table.rawValue) \($0.first)+\($0.count)" }.joined(separator: ", ")
    }

    /// "input 2+2, coil 7+1"
    private func requests(_ text: String, _ limits: RequestLimits) -> [ReadRequest] {
        limits.requests(
            for: text.split(separator: ", ").map { part in
                let words = part.split { $0 == " " || $0 == "+" }
                return RegisterSpan(
                    table: ModbusTable(rawValue: String(words[0]))!, first: Int(words[1])!, count: Int(words[2])!)
            })
    }

    @Test func registersThatTouchAreReadTogether() {
        #expect(spans("input 2+2, input 0+2") == "input 0+4")
        #expect(spans("holding 0+1, input 1+1") == "holding 0+1, input 1+1")
    }

    @Test func gapsAreReadOverUpToALimit() {
        #expect(spans("input 0+2, input 12+1", RequestLimits(mostGap: 10)) == "input 0+13")
        #expect(spans("input 0+2, input 13+1", RequestLimits(mostGap: 10)) == "input 0+2, input 13+1")
        #expect(spans("input 0+2, input 3+1", RequestLimits(mostGap: 0)) == "input 0+2, input 3+1")
    }

    @Test func noRequestCrossesAForbiddenRange() {
        let limits = RequestLimits(forbidden: [RegisterRange(table: .input, first: 3, last: 3)])
        #expect(spans("input 0+3, input 4+1", limits) == "input 0+3, input 4+1")
        #expect(spans("input 0+2, input 5+1", limits) == "input 0+2, input 5+1")
        #expect(spans("holding 0+3, holding 4+1", limits) == "holding 0+5")
        #expect(spans("input 4+1, input 6+1", limits) == "input 4+3")
    }

    @Test func oneAnswerHoldsNoMoreThanItCan() {
        let words = (0..<70).map { "holding \($0 * 2)+2" }.joined(separator: ", ")
        #expect(spans(words) == "holding 0+124, holding 124+16")
        #expect(spans(words, RequestLimits(mostRegisters: 100)) == "holding 0+100, holding 100+40")
        #expect(spans((0..<300).map { "coil \($0)+1" }.joined(separator: ", ")) == "coil 0+300")
        // What is longer than allowed is still one number: it cannot be cut.
        #expect(spans("holding 0+4", RequestLimits(mostRegisters: 2)) == "holding 0+4")
    }

    @Test func whatOverlapsIsReadOnce() {
        #expect(spans("input 0+4, input 0+2, input 1+1, input 2+4") == "input 0+6")
    }

    /// Random meters: every register whole in one request, no limit broken, and never more requests than the
    /// fewest possible, found by trying every way to cut.
    @Test func neverMoreRequestsThanTheFewestPossible() {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("ReadRequestTests seed \(seed)")
        var random = SeededRandom(seed: seed)
        for round in 0..<3000 {
            let (wanted, limits) = randomMeter(&random)
            let requests = limits.requests(for: wanted)
            let context = Comment(rawValue: "seed \(seed) round \(round)")
            for span in wanted { #expect(requests.contains { $0.contains(span) }, context) }
            for request in requests { #expect(isAllowed(request, wanted, limits), context) }
            #expect(
                requests.count == fewest(wanted, limits),
                "\(context) \(wanted.map { "\($0.table) \($0.first)+\($0.count)" }) \(limits) \(requests.map { "\($0.table) \($0.first)+\($0.count)" })"
            )
        }
    }

    private func randomMeter(_ random: inout SeededRandom) -> ([RegisterSpan], RequestLimits) {
        let wanted = (0..<Int.random(in: 1...12, using: &random)).map { _ in
            RegisterSpan(
                table: Bool.random(using: &random) ? .holding : .input, first: Int.random(in: 0..<60, using: &random),
                count: [1, 1, 2, 2, 4].randomElement(using: &random)!)
        }
        let forbidden = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            let first = UInt16.random(in: 0..<60, using: &random)
            return RegisterRange(table: .input, first: first, last: first + UInt16.random(in: 0...3, using: &random))
        }
        return (
            wanted,
            RequestLimits(
                mostRegisters: Int.random(in: 4...30, using: &random), mostGap: Int.random(in: 0...12, using: &random),
                forbidden: forbidden)
        )
    }

    /// Judged address by address, so by other means than the planner's.
    private func isAllowed(_ request: ReadRequest, _ wanted: [RegisterSpan], _ limits: RequestLimits) -> Bool {
        let own = wanted.filter { request.contains($0) }
        let covered = Set(own.flatMap { Array($0.first..<$0.end) })
        guard covered.contains(request.first), covered.contains(request.end - 1) else { return false }
        guard request.count <= limits.mostRegisters || own.contains(where: { $0.count == request.count }) else {
            return false
        }
        var gap = 0
        for address in request.first..<request.end {
            gap = covered.contains(address) ? 0 : gap + 1
            let isForbidden = limits.forbidden.contains {
                $0.table == request.table && (Int($0.first)...Int($0.last)).contains(address)
            }
            if gap > limits.mostGap || (gap > 0 && isForbidden) { return false }
        }
        return true
    }

    /// The fewest runs, in order of address, into which the registers of each table can be cut.
    private func fewest(_ wanted: [RegisterSpan], _ limits: RequestLimits) -> Int {
        ModbusTable.allCases.reduce(0) { sum, table in
            let ordered = wanted.filter { $0.table == table }.sorted { ($0.first, $0.count) < ($1.first, $1.count) }
            var best = [0] + Array(repeating: Int.max, count: ordered.count)
            for end in 1...max(1, ordered.count) where !ordered.isEmpty {
                for start in 0..<end where best[start] < Int.max {
                    let run = ordered[start..<end]
                    let first = run.map(\.first).min()!
                    let request = ReadRequest(table: table, first: first, count: run.map(\.end).max()! - first)
                    if isAllowed(request, wanted, limits) { best[end] = min(best[end], best[start] + 1) }
                }
            }
            return sum + best[ordered.count]
        }
    }
}
