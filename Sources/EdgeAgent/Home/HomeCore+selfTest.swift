// The self-test that the cloud asks for: begun at once, answered a minute or two later, or after the restart that ended it.

import LocalRules
import Upstream

/// A command that was begun and waits for its second answer.
struct PendingCommand: Hashable, Codable, Sendable {
    var command: String
    var by: String
    var expires: Int64
}

/// What a self-test found, as it leaves the home.
struct SelfTestOutcome: Hashable, Sendable {
    /// "9 passed, 0 failed, 2 untested"
    var summary: String
    /// What `self-test --format json` prints, without paths and addresses.
    var bundle: String
}

extension HomeCore {
    /// One at a time: it asks every meter.
    mutating func beginSelfTest(_ command: Command, _ work: inout CommandWork) -> CommandReply {
        if let other = commands.selfTest {
            return .refused(command.id, .tooMany, "the self-test of \(other.command) is under way")
        }
        commands.selfTest = PendingCommand(command: command.id, by: command.by, expires: command.expires)
        isSelfTesting = true
        work.orders = [.selfTest]
        return CommandReply(
            id: command.id, outcome: .begun, code: .begun, text: "the self-test takes minutes; outputs stay silent")
    }

    /// - Parameter outcome: nil where this process has no way to test itself (a simulation).
    mutating func selfTestEnded(_ outcome: SelfTestOutcome?, at now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        guard let outcome else {
            return endSelfTest(.failed, .notHere, "this agent cannot test itself", at: now, stamp: stamp)
        }
        return endSelfTest(.done, .done, outcome.summary, bundle: outcome.bundle, at: now, stamp: stamp)
    }

    /// What an earlier run began and did not end.
    mutating func tendSelfTest(at now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        guard commands.selfTest != nil, !isSelfTesting else { return [] }
        return endSelfTest(.failed, .interrupted, "the agent ended during the self-test", at: now, stamp: stamp)
    }

    private mutating func endSelfTest(
        _ outcome: CommandReply.Outcome, _ code: CommandReply.Code, _ text: String, bundle: String = "",
        at now: Instant, stamp: () -> Stamp
    ) -> [HomeEffect] {
        guard let pending = commands.selfTest else { return [] }
        commands.selfTest = nil
        isSelfTesting = false
        var reply = CommandReply(id: pending.command, outcome: outcome, code: code, text: text)
        reply.bundle = bundle
        return settle(
            reply, expires: pending.expires, commandNote(reply, by: pending.by, at: now), stamp, at: now)
    }
}
