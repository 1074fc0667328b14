// Rounds over one meter for whoever asks it by hand: the same requests, and the same answers to refusals, as the
// daemon's own.

package struct MeterRound: Sendable {
    private var polling: MeterPolling

    package init(_ plan: MeterPlan) {
        polling = MeterPolling(plan)
        begin()
    }

    /// Begins (again) with all registers, however seldom the daemon asks for some of them.
    package mutating func begin() { polling.begin(grids: Array(polling.pollMilliseconds.indices)) }

    /// What to ask next; nil: the round is over.
    package var question: ModbusQuestion? { polling.question }

    /// What came of `question`: a sample for every register that is now known, or known to be unknown. A bus
    /// failure ends the round.
    package mutating func take(_ reply: Result<ModbusReply, BusError>, at time: BootTime) -> [Sample] {
        switch reply {
        case .success(.words(let words)): polling.answered(words, at: time)
        case .success(.exception(let exception)): polling.refused(exception, at: time)
        case .failure(let error): polling.failed(error, at: time)
        }
    }
}
