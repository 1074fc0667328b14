// Whether the next answer of a unit is the answer to the next question. Pure.
//
// A serial answer carries neither an address nor a transaction id: a late one of the right length would pass for
// the answer to a later question. On Modbus TCP the gateway in front of a serial line can make the same mistake, and
// puts the right transaction id on it. Three things stand against that.
//
// 1. Quarantine. After a failure the unit is asked nothing for one time-out (as configured, not as learned). What
//    comes meanwhile is thrown away, or, while another unit is asked, passed over for its unit id.
// 2. Probe. Then it is first asked for a number of registers for which no answer is outstanding, so that no late
//    answer can pass for the answer to the probe. A unit answers in the order in which it was asked; so once the
//    probe is answered, nothing older is under way, however late.
// 3. Where a probe cannot be had (the meter refuses it, or stays silent to it twice), the unit is watched for one more
//    time-out, and believed if it says nothing.
//
// What remains: a unit that answers out of order; one whose answers are later than its last `mostOutstanding`
// failures, or that has no probe and is later than two time-outs.

struct ReplyOrder: Hashable, Sendable {
    /// Failures whose answers are still reckoned with.
    static let mostOutstanding = 8
    /// A meter that stays silent to probes may be one that only answers what it knows.
    private static let mostSilentProbes = 2

    private enum State: Hashable, Sendable { case kept, lost, watched }

    private var state = State.kept
    private var outstanding: [ReplyShape] = []
    private var silentProbes = 0
    /// On the port's clock: nothing is asked before.
    private(set) var notBefore: Int64 = 0

    enum Next: Hashable, Sendable {
        case question
        case probe(ModbusQuestion)
        /// Nothing may be asked yet.
        case wait
    }

    /// What may be asked now, where `question` is wanted. `known` are questions that this unit has answered.
    mutating func next(
        for question: ModbusQuestion, known: [ModbusQuestion], limits: RequestLimits, now: Int64,
        quarantineNanoseconds: Int64
    ) -> Next {
        if now < notBefore { return .wait }
        switch state {
        case .kept: return .question
        case .watched:
            restored()
            return .question
        case .lost:
            if silentProbes < ReplyOrder.mostSilentProbes,
                let probe = probe(for: question, known: known, limits: limits)
            {
                return .probe(probe)
            }
            watch(now: now, nanoseconds: quarantineNanoseconds)
            return .wait
        }
    }

    /// A question that was sent and not answered as it should have been.
    mutating func failed(_ question: ModbusQuestion, now: Int64, quarantineNanoseconds: Int64) {
        if outstanding.count == ReplyOrder.mostOutstanding { outstanding.removeFirst() }
        outstanding.append(question.shape)
        state = .lost
        notBefore = now + quarantineNanoseconds
    }

    /// The probe was not answered: no question is to blame.
    mutating func probeFailed(_ probe: ModbusQuestion, now: Int64, quarantineNanoseconds: Int64) {
        silentProbes += 1
        failed(probe, now: now, quarantineNanoseconds: quarantineNanoseconds)
    }

    /// The probe was refused, which says not even a length.
    mutating func watch(now: Int64, nanoseconds: Int64) {
        state = .watched
        notBefore = now + nanoseconds
    }

    /// It spoke unasked.
    mutating func spokeUnasked(now: Int64, quarantineNanoseconds: Int64) {
        state = .lost
        notBefore = max(notBefore, now + quarantineNanoseconds)
    }

    mutating func restored() {
        state = .kept
        outstanding = []
        silentProbes = 0
    }

    /// For a meter that needs time between two questions.
    mutating func pause(until moment: Int64) { notBefore = max(notBefore, moment) }

    /// A read of another length than anything that may still arrive and than the question itself: one that this
    /// meter has answered before, else a short one at the same address.
    private func probe(
        for question: ModbusQuestion, known: [ModbusQuestion], limits: RequestLimits
    ) -> ModbusQuestion? {
        let short = (1...(ReplyOrder.mostOutstanding + 2)).map { number in
            var probe = question
            // Bits fill whole bytes.
            probe.count = question.table.isBits ? number * 8 - 7 : number
            // At the end of the address space: further down.
            probe.address = UInt16(min(Int(question.address), 0x1_0000 - probe.count))
            return probe
        }
        return (known + short).first {
            $0.shape != question.shape && !outstanding.contains($0.shape) && limits.allows($0)
        }
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
