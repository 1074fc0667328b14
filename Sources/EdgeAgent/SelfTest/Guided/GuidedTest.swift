// Guided tests: somebody stands in the home and does what the terminal says, and the test looks what came of it.

import ArgumentParser

/// What a guided test says to the person at the terminal, and hears. The command makes one of a terminal, a test of a list.
struct Guide {
    /// A line that stays.
    var tell: (Message) -> Void
    /// What goes on just now; the next one takes its place.
    var show: (Message) -> Void
    /// Yes or no.
    var confirm: (Message) -> Bool
    /// Lets time pass. false: the person ended the test (Ctrl-C, or the end of the input).
    var wait: (_ milliseconds: Int) -> Bool
    /// Somebody can be asked; otherwise (`--yes`) what only a person can tell stays untested.
    var isAttended = true
}

/// One guided test. Its results are lines of the same list as a self-test's.
protocol GuidedTest {
    mutating func run(_ guide: Guide) -> [CheckResult]
}

/// Which one: at most one at a time, because each wants the person's whole attention.
enum GuidedKind: String, EnumerableFlag {
    case walk, offline, powerCut

    static func help(for value: GuidedKind) -> ArgumentHelp? {
        switch value {
        case .walk: "Walk through the home and set off every sensor; alerts are tests meanwhile, for 4 h at most."
        case .offline: "Pull the network cable: the home sounds by itself, and the alert arrives once it is back."
        case .powerCut: "Pull the plug, plug in and run it again: nothing was forgotten."
        }
    }

    /// Beside the daemon only: it has the lines, the connection or the memory that is tried.
    var needsDaemon: Bool {
        switch self {
        case .walk, .offline, .powerCut: true
        }
    }

    func test(of home: HomeConfiguration, at site: SelfTestSite) -> any GuidedTest {
        let daemon = DaemonSide(socket: site.socket)
        switch self {
        case .walk: return WalkTest(home: home, daemon: daemon)
        case .offline: return OfflineTest(home: home, daemon: daemon, answerSeconds: site.answerSeconds)
        case .powerCut: return PowerCutTest(home: home, daemon: daemon, file: site.stateDirectory + "/power-cut.json")
        }
    }
}
