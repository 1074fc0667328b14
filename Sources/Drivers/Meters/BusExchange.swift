// One exchange after the other on one bus: silence, question, answer, silence. Knows time, not protocols.
//
// On a serial line a frame ends with the silence behind it, so an answer counts only after that silence, which the
// next question would have to keep anyway. What arrives unasked is thrown away before a question is sent, but not
// unseen: a protocol may read in it who speaks out of turn.

import Glibc

private enum Silence {
    /// 3.5 characters between two frames, at least 1.75 ms (Modbus over Serial Line 1.02, section 2.5.1.1).
    static let shortestGapNanoseconds: Int64 = 1_750_000
    /// No frame pauses for longer in its middle: adapters hand bytes over in parcels, 16 ms apart by default.
    static let inFrameNanoseconds: Int64 = 40_000_000
    /// A line is silent when nothing came for this long: a little more than between two parcels. An idle line that
    /// crackles more seldom can be used.
    static let beforeQuestionNanoseconds: Int64 = 20_000_000
    /// Somebody who talks is let finish the longest frame and a little more; then we speak all the same.
    static let patienceNanoseconds: Int64 = 50_000_000
    static let longestFrame: Int64 = 256
    /// Enough of what came unasked to find a frame in it.
    static let keptStrays = 1024
}

/// What came of one question.
struct ExchangeResult<Answer: Sendable & Equatable>: Sendable {
    var outcome: Result<Answer, BusError>
    var trace = BusTrace()
}

/// What went over the bus for one question.
struct BusTrace: Sendable {
    /// Whether the question went out at all: else nobody can be blamed for not answering.
    var wasSent = false
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
    /// Frames end with silence. Else they say their length, and a connection that went wrong is ended.
    private let endsFramesWithSilence: Bool
    /// A TCP connection: it may have been closed behind our back, and can be made anew at once.
    private let isConnection: Bool
    private var port: Port
    private var isOpen = false
    /// When the port was opened last, on its clock; nil: never.
    private(set) var openedAt: Int64?
    private(set) var hasEcho = false
    /// How many bytes came that nobody had asked for, and the last of them.
    private(set) var strayBytes: Int64 = 0
    private var strays: [UInt8] = []

    init(settings: BusSettings, port: consuming Port) {
        self.settings = settings
        character = settings.characterNanoseconds
        gap = character > 0 ? max(character * 7 / 2, Silence.shortestGapNanoseconds) : 0
        switch settings.transport {
        case .rtu: (endsFramesWithSilence, isConnection) = (true, false)
        case .rtuOverTCP: (endsFramesWithSilence, isConnection) = (true, true)
        case .tcp: (endsFramesWithSilence, isConnection) = (false, true)
        }
        self.port = port
    }

    /// On the port's clock.
    var now: Int64 { port.now }

    mutating func wait(until deadline: Int64) { port.wait(until: deadline) }

    mutating func open() throws(BusError) {
        guard !isOpen else { return }
        try port.open()
        isOpen = true
        openedAt = port.now
    }

    mutating func close() {
        isOpen = false
        port.close()
    }

    /// Listens for as long as a parcel may be late, and keeps what comes as strays.
    mutating func linger() {
        let deadline = port.now + Silence.inFrameNanoseconds
        var bytes: [UInt8] = []
        while port.now < deadline, port.receive(into: &bytes, until: deadline) == 0 {}
        note(strays: bytes)
    }

    /// What came unasked since the last call.
    mutating func takeStrays() -> [UInt8] {
        defer { strays = [] }
        return strays
    }

    /// Asks. Blocks for the time-out and what the frames take on the wire; on a line where somebody talks, also
    /// for what the longest frame takes. `who` names the meter in errors, and is made only for them: most questions
    /// are answered.
    mutating func ask<Question: BusQuestion>(
        _ question: Question, who: @autoclosure () -> String, timeoutMilliseconds: Int
    ) -> ExchangeResult<Question.Answer> {
        let isReused = isOpen
        let result = attempt(question, who, timeoutMilliseconds)
        // A gateway that closed an idle connection is no fault.
        guard isConnection, isReused, !isOpen, result.trace.received.isEmpty,
            case .failure(let error) = result.outcome, error.kind == .lost
        else { return result }
        return attempt(question, who, timeoutMilliseconds)
    }

    private mutating func attempt<Question: BusQuestion>(
        _ asked: Question, _ who: () -> String, _ timeoutMilliseconds: Int
    ) -> ExchangeResult<Question.Answer> {
        var question = asked
        do throws(BusError) {
            try open()
        } catch {
            return ExchangeResult(outcome: .failure(error))
        }
        var trace = BusTrace()
        var failure = endsFramesWithSilence ? settle() : checkStream()
        if failure == 0 {
            failure = converse(&question, timeout: Int64(max(1, timeoutMilliseconds)) * 1_000_000, &trace)
        }
        hasEcho = hasEcho || question.isEchoed
        if let answer = conclude(question, failure) { return ExchangeResult(outcome: .success(answer), trace: trace) }
        let error = error(of: question, failure, who(), timeoutMilliseconds)
        return ExchangeResult(outcome: .failure(error), trace: trace)
    }

    /// Question, answer, silence. 0, or the errno of a port that is gone.
    private mutating func converse<Question: BusQuestion>(
        _ question: inout Question, timeout: Int64, _ trace: inout BusTrace
    ) -> Int32 {
        let frame = question.frame
        let start = port.now
        var failure = port.send(frame)
        trace.wasSent = failure == 0
        if failure == 0 {
            let wire = character * Int64(frame.count + question.longestReply)
            failure = hear(&question, until: start + timeout + wire, into: &trace.received)
        }
        trace.roundTripNanoseconds = port.now - start
        trace.turnaroundNanoseconds = max(
            0, trace.roundTripNanoseconds - character * Int64(frame.count + trace.received.count))
        if failure == 0, endsFramesWithSilence { failure = keepSilence(behind: &question, into: &trace.received) }
        return failure
    }

    /// The answer, if there is one; else the port is left as the next question can use it.
    private mutating func conclude<Question: BusQuestion>(_ question: Question, _ failure: Int32) -> Question.Answer? {
        if failure == 0, case .answered(let answer) = question.state { return answer }
        // What is still under way on a stream ends with it.
        if failure != 0 || !endsFramesWithSilence { close() }
        return nil
    }

    /// Why there is no answer.
    private func error<Question: BusQuestion>(
        of question: Question, _ failure: Int32, _ who: String, _ timeoutMilliseconds: Int
    ) -> BusError {
        if failure != 0 { return .lost(settings, who, errno: failure) }
        if case .unusable(let reason) = question.state { return .unusable(settings, who, reason) }
        if let complaint = question.complaint { return .unusable(settings, who, complaint) }
        return .silent(settings, who, timeoutMilliseconds)
    }

    // MARK: Hearing

    /// Takes bytes until the question has its answer, cannot have one any more, or the time is over.
    private mutating func hear<Question: BusQuestion>(
        _ question: inout Question, until deadline: Int64, into received: inout [UInt8]
    ) -> Int32 {
        while case .waiting = question.state {
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

    /// The silence that ends a frame; the next one is not sent before.
    private mutating func keepSilence<Question: BusQuestion>(
        behind question: inout Question, into received: inout [UInt8]
    ) -> Int32 {
        // Slept to the point: receive() counts milliseconds, and a quarter of this silence would be wasted.
        port.wait(until: port.now + gap)
        guard case .answered = question.state else { return 0 }
        let before = received.count
        let failure = port.receive(into: &received, until: port.now)
        if failure == 0, received.count > before { question.take(received[before...]) }
        return failure
    }

    // MARK: Before a question

    /// Throws away what came since the last frame, and waits for whoever talks. 0, or the errno of a port that is
    /// gone.
    private mutating func settle() -> Int32 {
        let deadline = port.now + character * Silence.longestFrame + Silence.patienceNanoseconds
        var bytes: [UInt8] = []
        var pause = port.now
        while true {
            bytes.removeAll(keepingCapacity: true)
            let failure = port.receive(into: &bytes, until: pause)
            if failure != 0 { return failure }
            if bytes.isEmpty { return 0 }
            note(strays: bytes)
            if port.now >= deadline { return 0 }
            pause = min(deadline, port.now + max(gap, Silence.beforeQuestionNanoseconds))
        }
    }

    /// Whether a connection can be used: 0, or an errno if the other side has closed it or sent what nobody asked
    /// for: then the beginning of the next frame could not be found.
    private mutating func checkStream() -> Int32 {
        var bytes: [UInt8] = []
        let failure = port.receive(into: &bytes, until: port.now)
        note(strays: bytes)
        return failure == 0 && !bytes.isEmpty ? ECONNRESET : failure
    }

    private mutating func note(strays bytes: [UInt8]) {
        strayBytes &+= Int64(bytes.count)
        strays += bytes
        if strays.count > Silence.keptStrays { strays.removeFirst(strays.count - Silence.keptStrays) }
    }
}
