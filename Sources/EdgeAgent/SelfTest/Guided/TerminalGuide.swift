// The person at the terminal, as a guided test knows them. Ctrl-C, a hang-up or the end of the input ends a test in
// order: what was found so far is said, and nothing stays behind.

import Drivers
import Glibc

/// One thread. From the first on, SIGINT, SIGTERM and SIGHUP are asked for instead of ending the process.
final class TerminalGuide {
    /// How long a signal or the end of the input may go unnoticed.
    private static let sliceMilliseconds = 200

    private let language: Language
    private let isAttended: Bool
    private let progress = ProgressLine()
    private var ends = sigset_t()
    private var hasEnded = false
    private let isTerminal = isatty(STDERR_FILENO) == 1
    /// A script whose input has ended goes on; a person whose terminal is gone does not.
    private let isTyped = isatty(STDIN_FILENO) == 1
    private var shown: Message?

    init(language: Language, isAttended: Bool) {
        self.language = language
        self.isAttended = isAttended
        sigemptyset(&ends)
        for end in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&ends, end) }
        pthread_sigmask(SIG_BLOCK, &ends, nil)
    }

    var guide: Guide {
        Guide(tell: tell, show: show, confirm: confirm, wait: wait, isAttended: isAttended)
    }

    func clear() {
        progress.clear()
        shown = nil
    }

    private func tell(_ message: Message) {
        clear()
        say(message.text(in: language) + "\n", to: STDERR_FILENO)
    }

    private func show(_ message: Message) {
        let text = message.text(in: language)
        guard isTerminal else { return progress.show(text, news: 0, now: AgentClock.boot()) }
        guard message != shown else { return }
        shown = message
        var places = max(20, Terminal.width - 1)
        let fitting = text.prefix { letter in
            // A Chinese character takes two places.
            places -= letter.unicodeScalars.contains { $0.value > 0x2E80 } ? 2 : 1
            return places >= 0
        }
        say("\r\u{1B}[K\(fitting)", to: STDERR_FILENO)
    }

    private func wait(_ milliseconds: Int) -> Bool {
        var rest = milliseconds
        repeat {
            let slice = min(rest, TerminalGuide.sliceMilliseconds)
            listen(slice)
            rest -= slice
            // What is typed meanwhile is no answer to anything.
            if !hasEnded, isAttended, isTyped, input(withinMilliseconds: 0)?.isEmpty == true { hasEnded = true }
        } while rest > 0 && !hasEnded
        return !hasEnded
    }

    /// Until it is yes or no; once the person has ended the test it is no.
    private func confirm(_ question: Message) -> Bool {
        clear()
        guard isAttended else { return false }
        while !hasEnded {
            say(question.text(in: language) + Message(HubPhrase.yesOrNo).text(in: language), to: STDERR_FILENO)
            switch line().map(YesOrNo.init) {
            case .yes: return true
            case .no: return false
            case .neither: continue
            case nil: hasEnded = true
            }
        }
        return false
    }

    /// nil: the end of the input, or of the test.
    private func line() -> String? {
        var bytes: [UInt8] = []
        while !hasEnded {
            listen(0)
            guard let more = input(withinMilliseconds: Int32(TerminalGuide.sliceMilliseconds)) else { continue }
            if more.isEmpty { return nil }
            bytes += more
            if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
                return String(decoding: bytes[..<end], as: UTF8.self)
            }
        }
        return nil
    }

    /// Waits for a signal that ends the test.
    private func listen(_ milliseconds: Int) {
        var limit = timespec(tv_sec: milliseconds / 1000, tv_nsec: milliseconds % 1000 * 1_000_000)
        if sigtimedwait(&ends, nil, &limit) > 0 { hasEnded = true }
    }

    /// nil: nothing was typed; empty: the input is over.
    private func input(withinMilliseconds limit: Int32) -> [UInt8]? {
        var watched = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&watched, 1, limit) > 0 else { return nil }
        var typed = [UInt8](repeating: 0, count: 256)
        let count = read(STDIN_FILENO, &typed, typed.count)
        return Array(typed.prefix(max(0, count)))
    }
}

/// What somebody typed in answer to a question.
enum YesOrNo {
    case yes, no, neither

    init(_ text: String) {
        switch text.lowercased() {
        case "y", "yes", "j", "是", "有": self = .yes
        case "n", "no", "否", "没有": self = .no
        default: self = .neither
        }
    }
}
