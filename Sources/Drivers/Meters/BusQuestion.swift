// One question on a bus and what answers it, whatever the protocol: bytes in, a judgement out. Pure.

/// What the bytes so far amount to.
enum ReplyState<Answer: Sendable & Equatable>: Sendable, Equatable {
    case waiting
    /// The answer, if nothing follows it.
    case answered(Answer)
    /// This cannot become an answer any more; `reason` completes "unusable answer: …".
    case unusable(reason: String)
}

/// A question of one protocol. Its frames are its own affair; BusExchange moves the bytes and keeps the time.
protocol BusQuestion {
    associatedtype Answer: Sendable & Equatable

    /// What is sent.
    var frame: [UInt8] { get }
    /// The longest answer, in bytes: what the wire alone may take of the time.
    var longestReply: Int { get }
    var state: ReplyState<Answer> { get }

    /// Takes bytes as they come.
    mutating func take(_ bytes: ArraySlice<UInt8>)
    /// No byte came for longer than a frame can pause.
    mutating func silence()
    /// What is wrong with what arrived, when the time is over and there was no answer; nil: nothing arrived.
    var complaint: String? { get }
    /// The line repeated our question before the answer.
    var isEchoed: Bool { get }
}
