// The thread that feeds systemd's watchdog: only while every loop makes progress, never from a free timer.

import Drivers
import LocalRules
import Logging

/// What one look at the loops leads to.
struct WatchdogJudge: Sendable {
    enum Verdict: Equatable {
        case feed
        /// Seen once: a board that just woke up, or a process that was stopped for a while, gets another look.
        case wait([LoopName])
        case restart([LoopName])
    }

    private var suspects: Set<LoopName> = []

    mutating func look(stuck: [LoopName]) -> Verdict {
        let confirmed = stuck.filter(suspects.contains)
        suspects = Set(stuck)
        if !confirmed.isEmpty { return .restart(confirmed) }
        return stuck.isEmpty ? .feed : .wait(stuck)
    }
}

/// Looks at the loops until `stop` becomes readable; also ends a safe mode that has lasted.
/// - Parameter noteHang: called before the service manager is asked to end a process that hangs.
func runWatchdog(hub: Hub, mode: RunMode, stop: Int32, noteHang: (@Sendable () -> Void)? = nil) {
    let start = hub.clock.now()
    let period = min(ServiceManager.watchdogMilliseconds ?? 5_000, 5_000)
    var judge = WatchdogJudge()
    var poller = Poller()
    poller.watch(reading: [stop])
    var hasStarted = false
    while poller.wait(milliseconds: Int32(clamping: period)).isEmpty {
        if !hasStarted { StartPages.release() }
        hasStarted = true
        let stuck = hub.progress.stuck(now: AgentClock.boot())
        let verdict = judge.look(stuck: stuck)
        if case .restart = verdict { noteHang?() }
        act(on: verdict, hub: hub)
        hub.status.set(fault: stuck.isEmpty ? nil : "no progress: \(names(stuck))", of: "loops")
        let lasted = BootTime.milliseconds(from: start, to: hub.clock.now())
        if mode != .normal, lasted >= CrashHistory.safeModeLasts.milliseconds,
            hub.status.current.alerts.allSatisfy({ $0.severity == .technical })
        {
            hub.log.notice("safe mode has lasted \(CrashHistory.safeModeLasts.text()): starting again as usual")
            hub.home.post(.note(code: "safe-mode-ended", text: "the agent starts again as usual"), always: true)
            ServiceManager.endThisProcess()
            return
        }
    }
}

private func act(on verdict: WatchdogJudge.Verdict, hub: Hub) {
    switch verdict {
    case .feed: if ServiceManager.watchdogMilliseconds != nil { ServiceManager.notify("WATCHDOG=1") }
    case .wait(let loops): hub.log.error("no progress: \(names(loops)); the watchdog is not fed")
    case .restart(let loops):
        hub.log.critical("still no progress: \(names(loops)); asking the service manager to start the agent again")
        // At once: until then nobody may be watching a button.
        ServiceManager.notify("WATCHDOG=trigger")
    }
}

private func names(_ loops: [LoopName]) -> String {
    loops.map { "\($0) for \(($0.longestSilence.milliseconds) / 1000) s" }.sorted().joined(separator: ", ")
}
