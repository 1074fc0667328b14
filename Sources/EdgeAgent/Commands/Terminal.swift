// What every command shares: complaining, colours, exit codes, loading a configuration.

import ArgumentParser
import Glibc

/// Exit codes that installers' scripts depend on (design: the command line).
enum Exit {
    static let wrong = ExitCode(1)
    static let usage = ExitCode(2)
    static let couldNotRun = ExitCode(4)
}

/// One message on stderr, with what to do about it.
func complain(_ message: String, advice: String? = nil) {
    fputs("edge-agent: \(message)\n" + (advice.map { "  advice: \($0)\n" } ?? ""), stderr)
}

enum Terminal {
    /// Colours and redrawing only where a person looks at it, and never with NO_COLOR (no-color.org).
    static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }
    static var usesColour: Bool { isInteractive && getenv("NO_COLOR") == nil }

    static var width: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 100 }
        return Int(size.ws_col)
    }
}
