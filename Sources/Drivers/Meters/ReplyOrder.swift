// Whether the next answer of a unit on a serial line is the answer to the next question. Pure.
//
// An RTU answer carries neither an address nor a transaction id: a late one of the right length would pass for
// the answer to a later question. Two things stand against that.
//
// 1. Quarantine. After a failure the unit is asked nothing for one time-out (as configured, not as learned). What comes meanwhile is thrown
//    away, or, while another unit is asked, passed over for its unit id.
// 2. Probe. After any failure the unit is first asked for a number of registers for which no answer is outstanding,
//    so that no late answer can pass for the answer to the probe. A unit answers in the order in which it was
//    asked; so once the probe is answered, nothing older is under way, however late.
//
// What remains: a unit that answers out of order; one whose answers are later than the last `mostOutstanding`
// failures; and one that refuses the probe (an exception says not even a length): it is listened to for one
// time-out, and believed if it stays silent.

struct ReplyOrder: Hashable, Sendable {
    /// Failures whose answers are still reckoned with; each is at least a time-out later than the one before.
    static let mostOutstanding = 8

    private var outstanding: [ReplyShape] = []
    /// On the port's clock: nothing is asked before.
    private(set) var quarantineEnds: Int64 = 0

    /// Whether a probe has to come first.
    var isLost: Bool { !outstanding.isEmpty }

    /// A question that was not answered as it should have been.
    mutating func failed(_ question: ModbusQuestion, now: Int64, quarantineNanoseconds: Int64) {
        if outstanding.count == ReplyOrder.mostOutstanding { outstanding.removeFirst() }
        outstanding.append(question.shape)
        quarantineEnds = now + quarantineNanoseconds
    }

    mutating func restored() { outstanding = [] }

    /// What to ask first: a read at the same address, of another length than anything that may still arrive and
    /// than the question itself. Shorter ones first, which every meter has.
    func probe(for question: ModbusQuestion, limits: RequestLimits) -> ModbusQuestion {
        let step = question.table.isBits ? 8 : 1
        let lengths = (1...(ReplyOrder.mostOutstanding + 2)).map { question.table.isBits ? ($0 - 1) * step + 1 : $0 }
        let candidates = lengths.map { length in
            var probe = question
            probe.count = length
            // At the end of the address space: further down.
            probe.address = UInt16(min(Int(question.address), 0x1_0000 - length))
            return probe
        }
        let fresh = candidates.filter { $0.shape != question.shape && !outstanding.contains($0.shape) }
        return fresh.first { limits.allows($0) } ?? fresh[0]
    }
}

extension RequestLimits {
    fileprivate func allows(_ question: ModbusQuestion) -> Bool {
        let last = Int(question.address) + question.count - 1
        return (question.table.isBits || question.count <= mostRegisters)
            && !forbidden.contains {
                $0.table == question.table && Int($0.first) <= last && Int($0.last) >= Int(question.address)
            }
    }
}
