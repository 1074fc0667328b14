// A terminal that a command has for itself for a while: its other screen, no cursor, keys as they are pressed.

import Glibc
import Synchronization

/// Somebody asked for the end (SIGINT, SIGTERM, SIGHUP, SIGQUIT).
private let isEnding = Atomic(false)

/// Takes the terminal in `init` and gives it back in `end`, which a second call does not repeat.
final class LiveScreen {
    enum Key: Equatable {
        case end, up, down, pageUp, pageDown
    }

    private let hasKeys = isatty(STDIN_FILENO) == 1
    private var saved = termios()
    private var isOpen = true

    init() {
        LiveScreen.catchEnds()
        // A stopped command would leave its screen on the terminal; the change of its size only has to wake us.
        signal(SIGTSTP, SIG_IGN)
        signal(SIGWINCH) { _ in }
        if hasKeys, tcgetattr(STDIN_FILENO, &saved) == 0 {
            var raw = saved
            raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
            tcsetattr(STDIN_FILENO, TCSANOW, &raw)
        }
        say("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J", to: STDOUT_FILENO)
    }

    deinit { end() }

    func end() {
        guard isOpen else { return }
        isOpen = false
        say("\u{1B}[?25h\u{1B}[?1049l", to: STDOUT_FILENO)
        if hasKeys { tcsetattr(STDIN_FILENO, TCSANOW, &saved) }
    }

    /// Ctrl-C and its like end a loop that asks `isEnded`, not the process.
    static func catchEnds() {
        for end in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] {
            signal(end) { _ in isEnding.store(true, ordering: .relaxed) }
        }
    }

    static var isEnded: Bool { isEnding.load(ordering: .relaxed) }

    func draw(_ lines: [String]) {
        let text = lines.joined(separator: "\u{1B}[K\n")
        say("\u{1B}[H" + text + "\u{1B}[K\u{1B}[J", to: STDOUT_FILENO)
    }

    /// The keys pressed within the time; comes back at once when one is, or when the size changes.
    func keys(withinMilliseconds limit: Int32) -> [Key] {
        guard hasKeys else {
            poll(nil, 0, limit)
            return LiveScreen.isEnded ? [.end] : []
        }
        var watched = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        let ready = poll(&watched, 1, limit)
        if LiveScreen.isEnded { return [.end] }
        guard ready == 1 else { return [] }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        // The terminal is gone.
        guard count > 0 else { return [.end] }
        return LiveScreen.keys(in: bytes.prefix(count))
    }

    /// What a terminal sends (ECMA-48, as xterm does); everything else is no key of ours.
    static func keys(in bytes: some Collection<UInt8>) -> [Key] {
        var keys: [Key] = []
        var rest = Array(bytes)[...]
        let sequences: [([UInt8], Key)] = [
            ([0x1B, 0x5B, 0x41], .up), ([0x1B, 0x5B, 0x42], .down),  // ESC [ A, ESC [ B
            ([0x1B, 0x4F, 0x41], .up), ([0x1B, 0x4F, 0x42], .down),  // ESC O A, ESC O B
            ([0x1B, 0x5B, 0x35, 0x7E], .pageUp), ([0x1B, 0x5B, 0x36, 0x7E], .pageDown),  // ESC [ 5 ~, ESC [ 6 ~
            ([UInt8(ascii: "q")], .end), ([UInt8(ascii: "Q")], .end), ([0x03], .end), ([0x04], .end),
            ([UInt8(ascii: "k")], .up), ([UInt8(ascii: "j")], .down), ([UInt8(ascii: " ")], .pageDown),
            ([UInt8(ascii: "b")], .pageUp),
        ]
        while !rest.isEmpty {
            guard let (sequence, key) = sequences.first(where: { rest.starts(with: $0.0) }) else {
                rest = rest.dropFirst()
                continue
            }
            keys.append(key)
            rest = rest.dropFirst(sequence.count)
        }
        return keys
    }
}
