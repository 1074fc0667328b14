// How often the agent has ended without being asked to, and what the next run leaves out because of it.
//
//     ends within ten minutes            the next run
//     ────────────────────────────────   ─────────────────────────────────────────────────────────────────
//     fewer than five                    normal
//     five or more                       safe: lines, rules, siren, outbox; no meter is read
//     five or more of runs in safe mode  bare: besides, the rules' memory is put aside, and only rules about
//                                        one input (smoke, panic, a leak) are judged
//
// The history lies beside the control socket, in memory: it costs no write to the card, and a board that was
// switched off and on starts as new. A planned end forgets it.

import Drivers
import FoundationEssentials
import Glibc
import LocalRules

/// How much of the agent runs.
enum RunMode: String, Sendable {
    case normal
    case safe
    case bare

    /// For people: what is left out, and what to do about it. nil: nothing.
    var warning: String? {
        let cause =
            "the agent ended \(CrashHistory.mostEnds) times within "
            + "\(CrashHistory.span.text()) without being asked to"
        let advice =
            "look for the reason with `journalctl -u edge-agent`; the agent tries again by itself after an hour"
        switch self {
        case .normal: return nil
        case .safe: return "safe mode: no meter is read, because \(cause); \(advice)"
        case .bare:
            return "safe mode, bare: no meter is read, only smoke, panic and other single inputs are judged, and what "
                + "the rules remembered is put aside, because in safe mode, too, \(cause); \(advice)"
        }
    }
}

/// The unplanned ends of earlier runs. A value; `CrashFile` keeps it.
struct CrashHistory: Equatable {
    static let mostEnds = 5
    static let span = Span.minutes(10)
    /// Enough to tell safe from bare; more is never looked at.
    private static let mostKept = 4 * mostEnds
    /// After this long without another end, the agent runs as usual again.
    static let safeModeLasts = Span.hours(1)

    private struct End: Equatable {
        /// On the boot clock; of the restart after it, which is when it is noticed.
        var milliseconds: Int64
        var mode: RunMode
    }

    private var ends: [End] = []
    /// The run that is under way, or that ended without a word.
    private var running: RunMode?

    init() {}

    /// As `text` wrote it; what cannot be read is left out.
    init(text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == "running" { running = RunMode(rawValue: String(words[1])) }
            if words.count == 3, words[0] == "ended", let time = Int64(words[1]), time >= 0,
                let mode = RunMode(rawValue: String(words[2]))
            {
                ends.append(End(milliseconds: time, mode: mode))
            }
        }
    }

    var text: String {
        ends.map { "ended \($0.milliseconds) \($0.mode.rawValue)\n" }.joined()
            + (running.map { "running \($0.rawValue)\n" } ?? "")
    }

    /// A run begins: says how much of it.
    mutating func begin(at now: BootTime) -> RunMode {
        let now = now.nanoseconds / 1_000_000
        if let running { ends.append(End(milliseconds: now, mode: running)) }
        // A time after now is of another boot; times before its start are not read.
        ends.removeAll { $0.milliseconds > now || now - $0.milliseconds > CrashHistory.span.milliseconds }
        ends = ends.suffix(CrashHistory.mostKept)
        let mode: RunMode =
            ends.count(where: { $0.mode != .normal }) >= CrashHistory.mostEnds
            ? .bare : ends.count >= CrashHistory.mostEnds ? .safe : .normal
        running = mode
        return mode
    }
}

/// The history's file. Where it cannot be written there is no safe mode, and nothing else suffers.
struct CrashFile {
    let path: String
    private let hangPath: String

    /// - Parameter controlSocket: the file lies beside it, in the service's runtime directory.
    init(beside controlSocket: String) {
        let folder = controlSocket.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
        path = folder + "/ends"
        hangPath = folder + "/hung"
    }

    /// The watchdog is about to end this run.
    func noteHang() { try? "".write(toFile: hangPath, atomically: false, encoding: .utf8) }

    /// Whether the watchdog ended the run before; asked once in each run.
    func takeHang() -> Bool { unlink(hangPath) == 0 }

    /// A run begins: notes it, and says how much of the agent it may be.
    func begin(at now: BootTime) -> RunMode {
        var history =
            (try? String(contentsOfFile: path, encoding: .utf8)).map(CrashHistory.init(text:)) ?? CrashHistory()
        let mode = history.begin(at: now)
        try? history.text.write(toFile: path, atomically: true, encoding: .utf8)
        return mode
    }

    /// A planned end: the next run is a normal one.
    func forget() { unlink(path) }
}
