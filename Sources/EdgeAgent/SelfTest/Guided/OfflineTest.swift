// --offline: without the network the home still sounds, and what was stored meanwhile arrives, marked as late.

import FoundationEssentials
import LocalRules

struct OfflineTest: GuidedTest {
    private static let pollMilliseconds = 500
    /// How long somebody may look for the cable, and a connection may take to come back.
    private static let stepMilliseconds = 600_000

    let home: HomeConfiguration
    let daemon: DaemonSide
    /// How long somebody has to accept the alert once the connection is back.
    let answerSeconds: Int

    /// What ended a wait.
    private enum Wait {
        case reached(milliseconds: Int)
        case timedOut
        /// By the person.
        case ended
    }

    func run(_ guide: Guide) -> [CheckResult] {
        guard home.upstream != nil else { return all(.offlineNoUpstream, advice: .offlineNoUpstreamAdvice) }
        guard daemon.status()?.upstream.isConnected == true else {
            return all(.offlineNotConnected, advice: .offlineNotConnectedAdvice)
        }
        guide.tell(Message(GuidedPhrase.offlinePull))
        let noticed: CheckResult
        switch wait(guide, showing: .offlineWaitsForLoss, until: { daemon.status()?.upstream.isConnected == false }) {
        case .reached(let milliseconds):
            noticed = .pass(
                "offline.noticed", "\(milliseconds / 1000) s", Message(GuidedPhrase.offlineNoticed))
        case .timedOut, .ended: return all(.offlineStillConnected, advice: .offlineStillConnectedAdvice)
        }
        guard let held = daemon.hold("test-alert \(SelfTestDoor.longestSoundingTestSeconds) sound") else {
            return [noticed] + [sound, arrived].map { untested($0, .offlineNoDaemon, .offlineNoDaemonAdvice) }
        }
        // Whatever ends this test ends the alert.
        defer { held.end() }
        // A refusal comes at once.
        if let answer = held.answer(1000), let refusal = HeldQuestion.refusal(in: answer) {
            return [noticed]
                + [sound, arrived].map {
                    .untested(
                        $0, Message(GuidedPhrase.offlineRefused, refusal),
                        advice: Message(GuidedPhrase.offlineRefusedAdvice))
                }
        }
        return [noticed, judgeSound(guide), judgeArrival(guide, held)]
    }

    // MARK: The sound

    private func judgeSound(_ guide: Guide) -> CheckResult {
        guard home.outputs.contains(where: { $0.kind == .siren || $0.kind == .buzzer }) else {
            return untested(sound, .offlineNoSiren, .offlineNoSirenAdvice)
        }
        guard guide.isAttended else { return untested(sound, .offlineNobody, .offlineNobodyAdvice) }
        if let now = daemon.status()?.sound, now != .silent {
            return .untested(
                sound, Message(GuidedPhrase.offlineSounds, now.rawValue),
                advice: Message(GuidedPhrase.offlineSoundsAdvice))
        }
        guard guide.confirm(Message(GuidedPhrase.offlineHeard)) else {
            return .fail(
                sound, Message(GuidedPhrase.offlineNotHeard), advice: Message(GuidedPhrase.offlineNotHeardAdvice))
        }
        return .pass(sound, Message(GuidedPhrase.offlineWasHeard))
    }

    // MARK: The way back

    private func judgeArrival(_ guide: Guide, _ held: HeldQuestion) -> CheckResult {
        guide.tell(Message(GuidedPhrase.offlinePlugIn))
        switch wait(guide, showing: .offlineWaitsForLink, until: { daemon.status()?.upstream.isConnected == true }) {
        case .reached: break
        case .ended: return untested(arrived, .offlineEnded, .offlineEndedAdvice)
        case .timedOut:
            return .fail(
                arrived, Message(GuidedPhrase.offlineNotBack), advice: Message(GuidedPhrase.offlineNotBackAdvice))
        }
        var answer: [UInt8]?
        let waited = wait(
            guide, showing: .offlineWaitsForAnswer, atMost: answerSeconds * 1000,
            until: {
                answer = held.answer(0)
                return answer != nil
            })
        if case .ended = waited { return untested(arrived, .offlineEnded, .offlineEndedAdvice) }
        let found = answer.flatMap { try? JSONDecoder().decode(TestAlertAnswer.self, from: Data($0)) }
        guard let found, found.by != nil || found.isTaken else {
            return .fail(
                arrived, Message(GuidedPhrase.offlineUnanswered, "\(answerSeconds)"),
                advice: Message(GuidedPhrase.offlineUnansweredAdvice))
        }
        guard found.isLate == true else {
            return .fail(
                arrived, Message(GuidedPhrase.offlineNotLate), advice: Message(GuidedPhrase.offlineNotLateAdvice))
        }
        let phrase: GuidedPhrase = found.by == nil ? .offlineTaken : .offlineArrived
        return .pass(arrived, found.by == nil ? Message(phrase) : Message(phrase, found.by ?? ""))
    }

    // MARK: Parts

    private let sound = "offline.sound"
    private let arrived = "offline.arrived"

    private func wait(
        _ guide: Guide, showing phrase: GuidedPhrase, atMost most: Int = stepMilliseconds, until isReached: () -> Bool
    ) -> Wait {
        var waited = 0
        while !isReached() {
            guard waited < most else { return .timedOut }
            guide.show(Message(phrase, "\((most - waited) / 1000)"))
            guard guide.wait(OfflineTest.pollMilliseconds) else { return .ended }
            waited += OfflineTest.pollMilliseconds
        }
        return .reached(milliseconds: waited)
    }

    private func untested(_ name: String, _ reason: GuidedPhrase, _ advice: GuidedPhrase) -> CheckResult {
        .untested(name, Message(reason), advice: Message(advice))
    }

    private func all(_ reason: GuidedPhrase, advice: GuidedPhrase) -> [CheckResult] {
        ["offline.noticed", sound, arrived].map { untested($0, reason, advice) }
    }
}
