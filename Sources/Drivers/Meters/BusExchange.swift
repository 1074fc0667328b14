// One exchange after the other on one bus: silence, question, answer, silence. Knows time, not protocols.
//
// On a serial line a frame ends with the silence behind it, so an answer counts only after that silence, which the
// next question would have to keep anyway. What arrives unasked is thrown away before a question is sent.

private enum Silence {
    /// 3.5 characters between two frames, at least 1.75 ms (Modbus over Serial Line 1.02, section 2.5.1.1).
    static let shortestGapNanoseconds: Int64 = 1_750_000
    /// No frame pauses for longer in its middle: adapters hand bytes over in parcels, 16 ms apart by default.
    static let inFrameNanoseconds: Int64 = 40_000_000
    /// Instead of an errno: somebody talks and does not stop.
    static let never: Int32 = -1
}

/// What came of one question.
struct ExchangeResult<Answer: Sendable & Equatable>: Sendable {
    var outcome: Result<Answer, BusError>
    /// Everything that arrived, for those who look at frames.
    var received: [UInt8] = []
    /// How long the meter took, beyond what the frames took on the wire.
    var turnaroundNanoseconds: Int64 = 0
    /// From the question to the end of its answer.
    var roundTripNanoseconds: Int64 = 0
}

/// Owns a port and moves one question at a time over it. One thread.
struct BusExchange<Port: BusPort & ~Copyable>: ~Copyable {
    let settings: BusSettings
    /// Of one character on the wire, in nanoseconds; 0 where the wire is not ours.
    private let character: Int64
    /// Between two frames.
    private let gap: Int64
    /// A line, whose frames end with silence; else a TCP connection, which can be ended and made anew.
    private let isSerial: Bool
    var port: Port
    /// Nothing is sent before, on the port's clock.
    private var quietUntil: Int64 = 0
    private(set) var hasEcho = false
    /// Bytes that nobody had asked for.
    private(set) var strayBytes = 0

    init(settings: BusSettings, port: consuming Port) {
        self.settings = settings
        character = settings.characterNanoseconds
        gap = character > 0 ? max(character * 7 / 2, Silence.shortestGapNanoseconds) : 0
        if case .tcp = settings.transport { isSerial = false } else { isSerial = true }
        self.port = port
    }

    mutating func open() throws(BusError) { try port.open() }

    mutating func close() { port.close() }

    /// Asks. Blocks for the time-out and what the frames take on the wire; on a line where somebody talks, for
    /// one more time-out at most until it falls silent.
    mutating func ask<Question: BusQuestion>(
        _ asked: Question, who: String, timeoutMilliseconds: Int
    ) -> ExchangeResult<Question.Answer> {
        var question = asked
        let timeout = Int64(max(1, timeoutMilliseconds)) * 1_000_000
        do throws(BusError) {
            try port.open()
        } catch {
            return ExchangeResult(outcome: .failure(error))
        }
        var failure = settle(within: timeout)
        if failure != 0, !isSerial {
            // A gateway that closed an idle connection is no fault. Bytes that nobody asked for are the end of one.
            close()
            do throws(BusError) { try port.open() } catch { return ExchangeResult(outcome: .failure(error)) }
            failure = 0
        }
        var result = ExchangeResult<Question.Answer>(outcome: .failure(.silent(settings, who, timeoutMilliseconds)))
        if failure == Silence.never {
            result.outcome = .failure(.unusable(settings, who, "the line does not fall silent"))
            return result
        }
        if failure == 0 { failure = converse(&question, timeout: timeout, &result) }
        hasEcho = hasEcho || question.isEchoed
        conclude(question, who, failure, &result)
        return result
    }

    /// Question, answer, silence. 0, or the errno of a port that is gone.
    private mutating func converse<Question: BusQuestion>(
        _ question: inout Question, timeout: Int64, _ result: inout ExchangeResult<Question.Answer>
    ) -> Int32 {
        let frame = question.frame
        let start = port.now
        var failure = port.send(frame)
        if failure == 0 {
            let wire = character * Int64(frame.count + question.longestReply)
            failure = hear(&question, until: start + timeout + wire, into: &result.received)
        }
        result.roundTripNanoseconds = port.now - start
        result.turnaroundNanoseconds = max(
            0, result.roundTripNanoseconds - character * Int64(frame.count + result.received.count))
        if failure == 0 { failure = keepSilence(behind: &question, into: &result.received) }
        return failure
    }

    /// Throws away what comes; `strayBytes` counts it.
    mutating func listen(milliseconds: Int) {
        let deadline = port.now + Int64(milliseconds) * 1_000_000
        var bytes: [UInt8] = []
        while port.now < deadline, port.receive(into: &bytes, until: deadline) == 0 {
            strayBytes += bytes.count
            bytes.removeAll(keepingCapacity: true)
        }
    }

    // MARK: Hearing

    /// Takes bytes until the question has its answer, cannot have one any more, or the time is over.
    private mutating func hear<Question: BusQuestion>(
        _ question: inout Question, until deadline: Int64, into received: inout [UInt8]
    ) -> Int32 {
        while question.state == .waiting {
            let pause = received.isEmpty ? deadline : min(deadline, port.now + Silence.inFrameNanoseconds)
            let before = received.count
            let failure = port.receive(into: &received, until: pause)
            if failure != 0 { return failure }
            if received.count > before {
                question.take(received[before...])
            } else {
                question.silence()
                if port.now >= deadline { return 0 }
            }
        }
        return 0
    }

    /// The silence that ends a frame.
    private mutating func keepSilence<Question: BusQuestion>(
        behind question: inout Question, into received: inout [UInt8]
    ) -> Int32 {
        guard isSerial, case .answered = question.state else { return 0 }
        let before = received.count
        // Slept to the point: receive() counts milliseconds, and a quarter of this silence would be wasted.
        port.wait(until: port.now + gap)
        let failure = port.receive(into: &received, until: port.now)
        if failure == 0, received.count > before { question.take(received[before...]) }
        return failure
    }

    private mutating func conclude<Question: BusQuestion>(
        _ question: Question, _ who: String, _ failure: Int32, _ result: inout ExchangeResult<Question.Answer>
    ) {
        if failure != 0 {
            close()
            result.outcome = .failure(.lost(settings, who, errno: failure))
            return
        }
        switch question.state {
        case .answered(let answer):
            result.outcome = .success(answer)
            return
        case .unusable(let reason):
            result.outcome = .failure(.unusable(settings, who, reason))
        case .waiting:
            if let complaint = question.complaint { result.outcome = .failure(.unusable(settings, who, complaint)) }
        }
        // What is still under way on a stream ends with it.
        if !isSerial { close() }
        quietUntil = port.now + gap
    }

    // MARK: Silence before a question

    /// Waits until nothing may be under way, and throws away what is. 0, `Silence.never`, or the errno of a port
    /// that is gone.
    private mutating func settle(within timeout: Int64) -> Int32 {
        port.wait(until: quietUntil)
        guard isSerial else { return checkStream() }
        let deadline = port.now + timeout
        var bytes: [UInt8] = []
        var pause = port.now
        while true {
            bytes.removeAll(keepingCapacity: true)
            let failure = port.receive(into: &bytes, until: pause)
            if failure != 0 { return failure }
            if bytes.isEmpty { return 0 }
            strayBytes += bytes.count
            // Somebody talks: wait for the end of it, but not for ever.
            if port.now >= deadline { return Silence.never }
            pause = port.now + max(gap, Silence.inFrameNanoseconds)
        }
    }

    /// Whether a stream can be used: 0, an errno if the other side has closed it, or `Silence.never` if it sent
    /// what nobody asked for.
    private mutating func checkStream() -> Int32 {
        var bytes: [UInt8] = []
        let failure = port.receive(into: &bytes, until: port.now)
        strayBytes += bytes.count
        return failure == 0 && !bytes.isEmpty ? Silence.never : failure
    }
}
