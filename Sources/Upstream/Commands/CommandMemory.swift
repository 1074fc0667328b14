// Once only: which commands were answered, and how. It is committed in one transaction with what a command did and
// its event, so that after a crash a command was either done and is remembered, or neither.
//
//     the command                                     clock         answer
//     ─────────────────────────────────────────────   ───────────   ─────────────────────────────────────────
//     an id that is remembered                        any           what was said then, as a repetition
//     expires before it was given, or > 7 days after  any           invalid
//     expires at or before the floor                  any           expired: it may be one that was forgotten
//     has expired                                     trusted       expired
//     given more than ten minutes ahead               trusted       not-yet
//     expires before a moment that is known to be     none          expired
//     past (when a command was last taken on)
//     anything else                                   any           it is done
//
// The memory is bounded. What leaves it early, because many come, leaves its expiry behind as the floor: nothing that
// expires before that is done any more, so that an id which is not remembered was never done.
//
// Without a trusted clock an unexpired life is all that can be asked: commands are not retained and sessions are clean,
// so that what arrives was sent just now, unless somebody held it back.

import LocalRules

package struct CommandMemory: Sendable, Hashable, Codable {
    package struct Entry: Sendable, Hashable, Codable {
        package var expires: Int64
        package var reply: CommandReply
    }

    package enum Verdict: Sendable, Hashable {
        case fresh
        case answered(CommandReply)
    }

    /// In the order in which they came.
    package private(set) var entries: [Entry] = []
    private var floor = Int64.min
    /// The latest trusted wall clock at which a command was remembered.
    private var knownPast = Int64.min

    package init() {}

    /// Whether it is to be done, by the wall clock of `stamp`.
    package func judge(_ command: Command, at stamp: Stamp) -> Verdict {
        if let entry = entries.first(where: { $0.reply.id == command.id }) {
            var reply = entry.reply
            reply.isRepeated = true
            return .answered(reply)
        }
        func refuse(_ code: CommandReply.Code, _ text: String) -> Verdict {
            .answered(.refused(command.id, code, text))
        }
        let life = Instant(milliseconds: command.expires) - Instant(milliseconds: command.given)
        guard command.given > 0, life > .zero, life <= UpstreamLimits.longestLife else {
            return refuse(.invalid, "expires_unix_ms lies behind given_unix_ms, by 7 days at most")
        }
        guard command.expires > floor else {
            return refuse(.expired, "it expires before commands that are already forgotten: send it anew")
        }
        guard stamp.trust != .none else {
            return command.expires > knownPast ? .fresh : refuse(.expired, "it expired before this hub's last command")
        }
        let wall = Instant(milliseconds: stamp.wallMilliseconds)
        let late = wall - Instant(milliseconds: command.expires)
        guard late < .zero else {
            return refuse(.expired, "it expired \(late.text) ago by this hub's clock")
        }
        let ahead = Instant(milliseconds: command.given) - wall
        guard ahead <= UpstreamLimits.commandAhead else {
            return refuse(.notYet, "it was given \(ahead.text) ahead of this hub's clock")
        }
        return .fresh
    }

    /// To be committed with what was done. An id that is remembered gets a new answer.
    package mutating func remember(_ reply: CommandReply, expires: Int64, at stamp: Stamp) {
        if stamp.trust != .none { knownPast = max(knownPast, stamp.wallMilliseconds) }
        var reply = reply
        reply.bundle = ""
        if let index = entries.firstIndex(where: { $0.reply.id == reply.id }) {
            entries[index].reply = reply
            return
        }
        entries.append(Entry(expires: expires, reply: reply))
        guard entries.count > UpstreamLimits.commandsRemembered,
            let first = entries.indices.min(by: { entries[$0].expires < entries[$1].expires })
        else { return }
        floor = max(floor, entries.remove(at: first).expires)
    }
}
