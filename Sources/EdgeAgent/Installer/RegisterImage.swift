// What one unit has said about its registers, whoever's questions it were.

import Drivers

/// Answers of one unit, put together. Pure.
struct RegisterImage: Sendable {
    enum Content: Hashable, Sendable {
        case words([UInt16])
        /// With this exception code.
        case refused(Int)
        case silent
        /// Not asked yet, at least not so.
        case unknown
    }

    /// After so many silences and no answer at all a table is taken for one that this unit does not know.
    private static let silencesOfTable = 2

    private var words: [ModbusTable: [Int: UInt16]] = [:]
    private var refusals: [(span: RegisterSpan, code: Int)] = []
    private var silences: [RegisterSpan] = []

    /// Exceptions that it answered with, by code.
    var exceptionCodes: Set<Int> { Set(refusals.map(\.code)) }

    mutating func take(_ reply: Result<ModbusReply, BusError>, to span: RegisterSpan) {
        switch reply {
        case .success(.words(let new)):
            for (offset, word) in new.enumerated() { words[span.table, default: [:]][span.first + offset] = word }
        case .success(.exception(let exception)): refusals.append((span, exception.code))
        case .failure: silences.append(span)
        }
    }

    /// What is known of these addresses, as one piece.
    func content(of span: RegisterSpan) -> Content {
        if let known = words[span.table] {
            let found = (span.first..<span.end).compactMap { known[$0] }
            if found.count == span.count { return .words(found) }
        }
        // Illegal function: the whole table. Otherwise whatever contains a refused piece is refused, too.
        if let refusal = refusals.first(where: {
            span.contains($0.span) || $0.code == 1 && $0.span.table == span.table
        }) {
            return .refused(refusal.code)
        }
        return silences.contains(where: span.contains) || isSilent(span.table) ? .silent : .unknown
    }

    /// Whether it has never said a word about this table.
    private func isSilent(_ table: ModbusTable) -> Bool {
        words[table] == nil && !refusals.contains { $0.span.table == table }
            && silences.count { $0.table == table } >= RegisterImage.silencesOfTable
    }

    /// Runs of known addresses with their words, for whoever looks at them.
    func runs(of table: ModbusTable) -> [(first: Int, words: [UInt16])] {
        var runs: [(first: Int, words: [UInt16])] = []
        for (address, word) in (words[table] ?? [:]).sorted(by: { $0.key < $1.key }) {
            if let last = runs.last, last.first + last.words.count == address {
                runs[runs.count - 1].words.append(word)
            } else {
                runs.append((address, [word]))
            }
        }
        return runs
    }
}
