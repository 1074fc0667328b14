// Crash loops as timelines: unplanned ends in, how much of the agent runs out.

import Drivers
import TestPeers
import Testing

@testable import EdgeAgent

struct CrashHistoryTests {
    private func minute(_ minute: Double) -> BootTime { BootTime(nanoseconds: Int64(minute * 60e9)) }

    /// Runs that begin at these minutes, each after the crash of the one before; how much of the agent each is.
    private func runs(at minutes: [Double], from history: CrashHistory = CrashHistory()) -> [RunMode] {
        var history = history
        return minutes.map { at in
            let mode = history.begin(at: minute(at))
            // Through its file, as in the field.
            history = CrashHistory(text: history.text)
            return mode
        }
    }

    @Test func fiveEndsWithinTenMinutesAreSafeMode() {
        #expect(runs(at: [0, 1, 2, 3, 4, 5]) == [.normal, .normal, .normal, .normal, .normal, .safe])
    }

    @Test func fiveEndsOverALongerTimeAreNot() {
        #expect(runs(at: [0, 3, 6, 9, 12, 15, 18]).allSatisfy { $0 == .normal })
    }

    /// A run of days that ends in a burst: the ends count, not the starts.
    @Test func theEndsCountNotTheStarts() {
        #expect(runs(at: [0, 5000, 5000.1, 5000.2, 5000.3, 5000.4]).last == .safe)
    }

    @Test func fiveEndsInSafeModeTooAreBare() {
        #expect(
            runs(at: [0, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2])
                == Array(repeating: .normal, count: 5) + Array(repeating: .safe, count: 5) + [.bare, .bare])
    }

    @Test func oneEndAfterALongSafeModeIsNotALoop() {
        #expect(runs(at: [0, 1, 2, 3, 4, 5, 50]).suffix(2) == [.safe, .normal])
    }

    /// A history of another boot, a file that somebody cut in half, nonsense: a normal run, and no trap.
    @Test(arguments: [
        "ended 999999999999 normal\n", "ended 1 norm", "running", "ended x y\nrunning safely\n", "\u{0}\u{0}",
        "ended -9223372036854775808 safe\n",
    ])
    func whatCannotBeReadIsLeftOut(text: String) {
        var history = CrashHistory(text: text)
        #expect(history.begin(at: minute(1)) == .normal)
    }

    @Test func theHistoryStaysShort() {
        var history = CrashHistory()
        for second in 0..<5000 { _ = history.begin(at: minute(Double(second) / 600)) }
        #expect(history.text.utf8.count < 1000)
    }

    @Test func oneLookIsNotEnoughToRestart() {
        var judge = WatchdogJudge()
        #expect(judge.look(stuck: []) == .feed)
        #expect(judge.look(stuck: [.lines]) == .wait([.lines]))
        #expect(judge.look(stuck: [.home]) == .wait([.home]))
        #expect(judge.look(stuck: [.home, .outbox]) == .restart([.home]))
        #expect(judge.look(stuck: []) == .feed)
    }

    /// "r2": a run in boot 2; "." it ends as asked, "w" the watchdog ends it, nothing: it just ends.
    @Test(arguments: [
        ("r1", "1 "), ("r1. r1", "2 stopped"), ("r1 r1", "2 crashed"), ("r1w r1", "2 watchdog"), ("r1 r2", "2 power"),
        ("r1. r2", "2 stopped"), ("r1w r2", "2 power"), ("r1 r1. r1 r3", "4 power"),
    ])
    func everyStartKnowsHowTheRunBeforeEnded(_ story: String, _ expected: String) {
        var record: RunRecord?
        var start = RunRecord.Start()
        var wasHung = false
        for word in story.split(separator: " ") {
            (record, start) = RunRecord.begin(
                after: record, bootID: String(word.dropFirst().prefix(1)), wasHung: wasHung)
            record?.isOver = word.hasSuffix(".")
            wasHung = word.hasSuffix("w")
        }
        #expect("\(start.starts) \(start.lastEnd)" == expected)
    }

    @Test func aHangIsRememberedOnce() throws {
        let folder = try ScratchFolder()
        let file = CrashFile(beside: folder.path + "/control.sock")
        #expect(!file.takeHang())
        file.noteHang()
        #expect(file.takeHang())
        #expect(!file.takeHang())
    }
}
