// Which loops are alive: what the watchdog is fed from.

import Drivers
import LocalRules
import Synchronization
import Upstream

/// The loops that must make progress. That a broker is connected is not asked: the agent is well without it. A thread
/// that hangs in a library's call is another matter: no alarm leaves by it any more, and only a restart mends it.
enum LoopName: Hashable, Sendable, CustomStringConvertible {
    case home, lines, outbox
    case bus(String)
    case link(PathName)

    /// How long it may stay away. `lines` and `home` are what lies between a button and the siren, and wait for
    /// nothing. A bus waits for time-outs of up to 10 s, and a read by an installer for five of them; a worn card
    /// can take long over a commit, and restarting does not make it faster. A link waits for name servers: minutes,
    /// where several do not answer.
    var longestSilence: Span {
        switch self {
        case .home, .lines: .seconds(10)
        case .outbox, .bus: .seconds(60)
        case .link: .minutes(15)
        }
    }

    var description: String {
        switch self {
        case .home: "home"
        case .lines: "lines"
        case .outbox: "outbox"
        case .bus(let name): "bus \(name)"
        case .link(.broker): "link to the broker"
        case .link(.fallback): "link to the second broker"
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

    /// Loops that have stayed away for longer than they may.
    func stuck(now: BootTime) -> [LoopName] {
        beats.withLock { beats in
            beats.filter { BootTime.milliseconds(from: $0.value, to: now) > $0.key.longestSilence.milliseconds }
                .map(\.key)
        }
    }
}
