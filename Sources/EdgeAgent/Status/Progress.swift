// Which loops are alive: what the watchdog is fed from.

import Drivers
import Synchronization

/// The loops that must make progress. The link to the broker is not one of them: the agent is well without it.
enum LoopName: Hashable, Sendable, CustomStringConvertible {
    case home, lines, outbox
    case bus(String)

    var description: String {
        switch self {
        case .home: "home"
        case .lines: "lines"
        case .outbox: "outbox"
        case .bus(let name): "bus \(name)"
        }
    }
}

/// When each loop last came round.
final class Progress: Sendable {
    private let beats: Mutex<[LoopName: BootTime]>

    /// The loops that every agent has count from its start: one that never came round at all is stuck, too.
    init() {
        let now = AgentClock.boot()
        beats = Mutex([.home: now, .lines: now, .outbox: now])
    }

    func beat(_ loop: LoopName) {
        let now = AgentClock.boot()
        beats.withLock { $0[loop] = now }
    }

    /// Loops that have not come round for longer than this.
    func stuck(forMilliseconds limit: Int64, now: BootTime) -> [LoopName] {
        beats.withLock { beats in
            beats.filter { BootTime.milliseconds(from: $0.value, to: now) > limit }.map(\.key)
        }
    }
}
