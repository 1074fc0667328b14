// A configuration from outside, as the home sees it: whether it may be tried out now, and whether it has proven itself.
// Files and restarts are `OfferStore`'s and the shell's. docs/decisions/0016-commands.md

import LocalRules
import Upstream

/// How this run stands to an offered configuration.
enum OfferStanding: Hashable, Sendable {
    case none
    /// This run tries it out.
    case probation(OfferRecord)
    /// An earlier run tried it out, and it was given back.
    case returned(OfferRecord)
}

/// What the check of an offer's text found.
enum OfferCheck: Hashable, Sendable {
    /// Its configuration's hash, as heartbeats will say it.
    case good(hash: String)
    case bad(String)
    /// This process has nowhere to keep it (a simulation), or was not started so that it can begin anew.
    case unavailable
}

extension HomeCore {
    /// Somebody in the home may need this hub, as it is, right now. Technical alerts do not count: what is wrong
    /// with a meter may be what the offer mends.
    private var isNeeded: Bool { engine.openAlerts.contains { $0.severity != .technical } }

    mutating func tryOut(
        _ offer: ConfigurationOffer, _ check: OfferCheck?, _ command: Command, _ work: inout CommandWork
    )
        -> CommandReply
    {
        if let alert = engine.openAlerts.first(where: { $0.severity != .technical }) {
            return .refused(command.id, .alertOpen, "\(alert.id) is open; offer it again when it is over")
        }
        if case .probation(let other)? = standing {
            return .refused(command.id, .tooMany, "the configuration of \(other.command) is being tried out")
        }
        switch check {
        case .bad(let problem): return .refused(command.id, .invalid, problem)
        case nil, .unavailable: return .refused(command.id, .notHere, "this agent cannot change its configuration")
        case .good(let hash):
            let record = OfferRecord(
                command: command.id, by: command.by, expires: command.expires, sha256: offer.sha256, hash: hash,
                probation: offer.probation, blindBefore: blindRules.sorted())
            work.orders = [.tryOut(offer, record)]
            return CommandReply(
                id: command.id, outcome: .begun, code: .begun,
                text: "configuration \(hash) is tried out for \(offer.probation.text)")
        }
    }

    /// What an earlier run left to be said, and the end of a probation.
    mutating func tendOffer(at now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        switch standing {
        case .returned(let record)?:
            standing = nil
            let why = record.why ?? "it did not prove itself"
            return settle(
                record, .failed, .returned, "configuration-returned", "returned to the one before: \(why)", stamp,
                at: now)
                + [.order(.told)]
        case .probation(let record)? where now >= probationEnd(record):
            let doubts = doubts(about: record)
            guard !doubts.isEmpty else {
                standing = nil
                return settle(
                    record, .done, .done, "configuration-accepted",
                    "configuration \(record.hash) has proven itself for \(record.probation.text) and stays", stamp,
                    at: now)
                    + [.order(.keep(record))]
            }
            // A restart takes the siren away for a second or two.
            guard !isNeeded else { return [] }
            standing = nil
            return [.order(.giveBack(record, why: doubts.joined(separator: "; ")))]
        case .probation?, OfferStanding.none?, nil: return []
        }
    }

    /// It was taken on, and could not even be begun.
    mutating func offerFailed(_ record: OfferRecord, why: String, at now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        settle(record, .failed, .returned, "configuration-returned", "it could not be kept: \(why)", stamp, at: now)
    }

    /// When `tendOffer` has something to do; nil: nothing is being tried out.
    var offerDeadline: Instant? {
        guard case .probation(let record)? = standing else { return nil }
        // While an alert holds it up, it is looked at whenever anything happens.
        return isNeeded ? nil : probationEnd(record)
    }

    private func probationEnd(_ record: OfferRecord) -> Instant { started + record.probation }

    /// Why it is not to be kept; empty: it is.
    private func doubts(about record: OfferRecord) -> [String] {
        let blind = blindRules.subtracting(record.blindBefore).sorted()
        return (hasConnected ? [] : ["the broker was not reached with it"])
            + (blind.isEmpty ? [] : ["blind with it, and not before: \(blind.joined(separator: ", "))"])
    }

    /// Rules that cannot tell because a signal of theirs is missing or has never been read.
    private var blindRules: Set<String> {
        let reports = engine.signalReports()
        let unseen = Set(
            reports.indices.filter { reports[$0].isMissing || reports[$0].value == nil }.map(SignalID.init)
        )
        .subtracting([configuration.toldTemperature].compactMap { $0 })
        let blind = zip(configuration.home.rules, engine.ruleReports()).filter { rule, report in
            report.verdict == .cannotTell && !unseen.isDisjoint(with: rule.kind.signals)
        }
        return Set(blind.map { $0.0.name })
    }

    private mutating func settle(
        _ record: OfferRecord, _ outcome: CommandReply.Outcome, _ code: CommandReply.Code, _ event: String,
        _ text: String, _ stamp: () -> Stamp, at now: Instant
    ) -> [HomeEffect] {
        settle(
            CommandReply(id: record.command, outcome: outcome, code: code, text: text), expires: record.expires,
            Note(time: now, code: event, signals: [], text: "offered by \(record.by): \(text)"), stamp, at: now)
    }

    /// The second answer to a command that was begun, with the event that records it.
    mutating func settle(_ reply: CommandReply, expires: Int64, _ note: Note, _ stamp: () -> Stamp, at now: Instant)
        -> [HomeEffect]
    {
        commands.memory.remember(reply, expires: expires, at: stamp())
        let effects = withCommands(carry([.note(note)], at: now, stamp: stamp))
        // After a restart the broker comes later.
        guard hasConnected else {
            waitingReplies.append(reply)
            return effects
        }
        return effects + [.reply(reply, nil)]
    }
}
