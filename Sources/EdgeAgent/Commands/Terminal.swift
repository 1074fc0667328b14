// What every command shares: complaining, colours, exit codes, loading a configuration.

import ArgumentParser
import Glibc
import LocalRules

/// Exit codes that installers' scripts depend on (design: the command line).
enum Exit {
    static let wrong = ExitCode(1)
    static let usage = ExitCode(2)
    /// Something was left untested.
    static let incomplete = ExitCode(3)
    static let couldNotRun = ExitCode(4)
}

/// One message on stderr, with what to do about it, in the reader's language.
func complain(_ message: String, advice: String? = nil, language: Language = .current) {
    say(complaint(message, advice: advice, language: language), to: STDERR_FILENO)
}

func complaint(_ message: String, advice: String?, language: Language) -> String {
    let lead = Message(HubPhrase.advice).text(in: language)
    return "edge-agent: \(translated(message, to: language))\n"
        + (advice.map { "  \(lead)\(translated($0, to: language))\n" } ?? "")
}

/// Text on stdout or stderr, behind whatever was printed before.
func say(_ text: String, to descriptor: Int32) {
    fflush(nil)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}

/// Parsed so that it is checked and stands in the help; read by `Language.asked`.
struct LanguageOption: ParsableArguments {
    @Option(help: "en or zh (default: as LC_ALL, LC_MESSAGES or LANG say).") var language: Language?
}

struct BoardConfigsOption: ParsableArguments {
    @Option(name: .customLong("board-configs"), help: "A folder with boards/ and meters/; may be given more than once.")
    var folders: [String] = []
}

/// Which daemon is asked.
struct DaemonOption: ParsableArguments {
    @Option(help: "The daemon's socket (default: $RUNTIME_DIRECTORY/control.sock, or /run/edge-agent/control.sock).")
    var socket: String?

    var path: String { socket ?? ControlSocket.defaultPath() }

    /// The running daemon's answer; complains where none comes.
    func ask(_ question: String) throws(ExitCode) -> [UInt8] {
        switch ControlSocket.ask(question, path: path) {
        case .success(let answer): return answer
        case .failure(let failure):
            let advice =
                failure.code == EACCES
                ? "run it as root, or as the user the daemon runs as"
                : "is it running? `systemctl status edge-agent`, or `edge-agent run --config FILE`"
            complain("no daemon answers at \(path): \(failure.text)", advice: advice)
            throw Exit.couldNotRun
        }
    }
}

/// Loads a home; complains about everything that is wrong with it at once. Sets the process's time zone.
func loadConfiguration(_ file: String, boardConfigs: [String], checksFiles: Bool) throws(ExitCode) -> HomeConfiguration
{
    let loader = ConfigurationLoader.standard(descriptionFolders: boardConfigs, checksFiles: checksFiles)
    var home: HomeConfiguration
    do {
        home = try loader.load(file)
    } catch {
        let report = CheckReport(file: file, result: .failure(error), language: .current)
        say(report.text + report.summary + "\n", to: STDERR_FILENO)
        throw ExitCode(report.exitCode)
    }
    home.useItsZone()
    return home
}

extension HomeConfiguration {
    /// This process tells the time as the home does, from now on.
    mutating func useItsZone() {
        if !LocalTime.use(zone: timezone) {
            complain("this system has no time zone \(timezone); UTC is used", advice: "install the package tzdata")
        }
        home.zone = LocalTime.zoneTable()
    }
}

enum Terminal {
    /// A line that somebody typed, without its end; nil: the input has ended. Swift's own asks again for ever at the end of the
    /// input if a call before it was interrupted, because it takes that call's `errno` for its own.
    static func line() -> String? {
        errno = 0
        return readLine(strippingNewline: true)
    }

    /// Colours and redrawing only where a person looks at it, and never with NO_COLOR (no-color.org).
    static var isInteractive: Bool { isatty(STDOUT_FILENO) == 1 }
    static var usesColour: Bool { isInteractive && getenv("NO_COLOR") == nil }

    static var width: Int { size.map { Int($0.ws_col) } ?? 100 }
    static var height: Int { size.map { Int($0.ws_row) } ?? 40 }

    private static var size: winsize? {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return size
    }
}
