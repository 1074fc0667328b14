// What an agent that is cut off now and then has to say, by what one said that never was.
//
//     in the home without cuts           with them
//     ────────────────────────────────   ────────────────────────────────────────────────────────────────────────────
//     nothing                            nothing
//     raised, or worse                   the same, never before, and at most one poll later …
//     … while the agent is gone          … than it is back
//     … and worse before it is back      … raised at once as bad as it is by then
//     … by a window, a silence or a use  … than if that had begun at the first reading behind the cut: later by at most
//     that begins in a cut in which a    the cut's length. That the register rose in the cut is known, not when
//     register rose
//     … and over before that             … or not at all: it is not so any more when it can be told
//
// Either wait may end while the agent is gone again, or in a window that begins in yet another cut.

@testable import LocalRules

/// When the agent is not there, and how much it had not written down before.
struct Outage {
    var saved: Instant
    var begin: Instant
    /// It runs again, and reads lines at once and meters when their minute comes.
    var end: Instant
}

struct CutOracle {
    /// Nothing can be told from `begin` to `end`.
    private struct Blind {
        var begin: Instant
        var end: Instant
    }

    private let model: HomeModel
    private let outages: [Outage]
    /// Of each cut in which it rose: a register, its last reading before and its first behind.
    private let rises: [Rise]

    private struct Rise {
        var signal: SignalID
        var before: Instant
        var behind: Instant
    }

    init(_ lived: LivedHome, _ readings: [Reading], _ outages: [Outage]) {
        model = lived.model
        self.outages = outages
        var rises: [Rise] = []
        for meter in lived.meters where lived.model.signals[meter.index].source.isRegister {
            let own = readings.filter { $0.signal == meter }
            for outage in outages {
                guard let before = own.last(where: { $0.time <= outage.saved }),
                    let behind = own.first(where: { $0.time > outage.end }), behind.value > before.value
                else { continue }
                rises.append(Rise(signal: meter, before: before.time, behind: behind.time))
            }
        }
        self.rises = rises
    }

    /// Why `said` is not what has to be said where `whole` is said without cuts, of one rule; nil: it is.
    func complaint(_ rule: RuleModel, whole: [Said], said: [Said]) -> String? {
        let calls = whole.filter(\.isCall)
        var rest = said.filter(\.isCall)[...]
        var isMerged = false
        for (index, call) in calls.enumerated() {
            let known = known(call, rule)
            let next = calls.indices.contains(index + 1) ? calls[index + 1] : nil
            // Of two that could be told at once only the later one is still so.
            let isOver = known > call.time && isFine(whole, rule, from: call.time, by: known + LivedHome.poll)
            let isAgain = isOver && next.map { $0.event == .raised && $0.time <= known } ?? false
            let event = isMerged ? AlertEvent.raised : call.event
            if !isAgain, let answer = rest.first, answer.event == event, answer.severity == call.severity,
                call.time <= answer.time, answer.time <= known + LivedHome.poll
            {
                rest = rest.dropFirst()
                isMerged = false
                continue
            }
            let isWorse = next.map { $0.event == .escalated && $0.time <= known + LivedHome.poll } ?? false
            isMerged = known > call.time && isWorse
            if !isMerged, !isOver { return "not said by \(clock(known)): \(call)" }
        }
        return rest.first.map { "said without cause: \($0)" }
    }

    private func isFine(_ whole: [Said], _ rule: RuleModel, from begin: Instant, by end: Instant) -> Bool {
        whole.contains { $0.event == .cleared && begin <= $0.time && $0.time - rule.clearAfter <= end }
    }

    /// The first moment in which it can be told what is so when `call` is due.
    private func known(_ call: Said, _ rule: RuleModel) -> Instant {
        let own = rule.registers(model)
        var blind = outages.map { Blind(begin: $0.saved, end: $0.end) }
        var known = call.time
        switch rule.kind {
        case .lowUse(_, let window, _), .highUse(_, let window, _):
            // The window goes on with the time.
            blind += rises.filter { own.contains($0.signal) }.map {
                Blind(begin: $0.before + window, end: $0.behind + window)
            }
        case .continuousUse(_, _, let span, _), .noActivity(_, .lasting(let span)):
            // It counts from one moment on.
            let counted = rule.rises.first { $0.severity == call.severity }?.after ?? span
            let rise = rises.first {
                own.contains($0.signal) && $0.before + counted < known && known <= $0.behind + counted
            }
            if let rise { known = rise.behind + counted }
        default: break
        }
        while let wait = blind.first(where: { $0.begin <= known && known < $0.end }) { known = wait.end }
        return known
    }
}

extension Said {
    /// Somebody is called: it is raised, or has become worse.
    var isCall: Bool { event == .raised || event == .escalated }
}

extension SignalModel.Source {
    fileprivate var isRegister: Bool { if case .meter(let quantity) = self { quantity.isCumulative } else { false } }
}

extension RuleModel {
    /// Whose rise decides: the rule's own, and of a silence every meter that can show that somebody has come back.
    fileprivate func registers(_ home: HomeModel) -> [SignalID] {
        guard case .noActivity = kind else { return kind.signals }
        return kind.signals + home.signals.indices.filter { home.signals[$0].isInside }.map(SignalID.init)
    }
}
