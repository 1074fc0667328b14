// SIGKILL at random moments while an outbox works (Tests/OutboxLoad). `make kill-test` kills 1,000 times, `make test` 25.

import Foundation
import TestPeers
import Testing

@Suite struct KillTests {
    @Test func whatWasCommittedIsThereAfterAKill() throws {
        let environment = ProcessInfo.processInfo.environment
        let kills = environment["EDGE_AGENT_KILLS"].flatMap { Int($0) } ?? 25
        let seed = environment["EDGE_AGENT_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...1_000_000)
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let folder = try ScratchFolder()
        var book = Book()
        for life in 1...kills {
            try live(in: folder, life: life, book: &book, random: &random)
            guard book.complaints.isEmpty else { break }
        }
        #expect(book.complaints == [], "seed \(seed)")
        print("\(kills) kills, \(book.commits) records committed, \(book.present.count) waiting at the end")
        #expect(book.commits > kills)
    }

    private func live(
        in folder: ScratchFolder, life: Int, book: inout Book, random: inout SeededGenerator
    ) throws {
        let child = Process()
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        child.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(
            "OutboxLoad")
        child.arguments = [folder.path, "\(life)"]
        let pipe = Pipe()
        child.standardOutput = pipe
        try child.run()
        let lines = 20 + Int.random(in: 0..<400, using: &random)
        var text: [UInt8] = []
        while text.count(where: { $0 == 0x0A }) < lines {
            let more = pipe.fileHandleForReading.availableData
            if more.isEmpty { break }
            text += more
        }
        // Anywhere in what it does next, not always right behind a line.
        let until = ContinuousClock.now + .microseconds(Int.random(in: 0..<3000, using: &random))
        while ContinuousClock.now < until {}
        kill(child.processIdentifier, SIGKILL)
        text += pipe.fileHandleForReading.readDataToEndOfFile()
        child.waitUntilExit()
        book.read(String(decoding: text, as: UTF8.self), life: life)
    }
}

/// What the lives said, held against each other.
private struct Book {
    /// Alarms and events that must be there, by number.
    private(set) var present: [Int64: String] = [:]
    /// To be removed by a commit that may not have happened.
    private var leaving: Set<Int64> = []
    private var ids: Set<String> = []
    private var highest: Int64 = 0
    private var state = 0
    private(set) var commits = 0
    private(set) var complaints: [String] = []

    mutating func read(_ text: String, life: Int) {
        var found: [Int64: String] = [:]
        // The last line may be cut.
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let words = line.split(separator: " ")
            switch words.first {
            case "started": found = [:]
            case "has": if words[1] != "2" { found[Int64(words[2]) ?? 0] = String(words[3]) }
            case "state": reopened(found, state: Int(words[1]) ?? -1, life: life)
            case "ready": break
            case "gone": leaving.insert(Int64(words[1]) ?? 0)
            case "did": committed(lane: words[1], sequence: Int64(words[2]) ?? 0, id: String(words[3]), life: life)
            default: complaints.append("life \(life): \(line)")
            }
        }
    }

    private mutating func reopened(_ found: [Int64: String], state: Int, life: Int) {
        for (sequence, id) in present where found[sequence] != id && !leaving.contains(sequence) {
            complaints.append("life \(life): \(id) is lost")
        }
        for (sequence, id) in found where present[sequence] == nil {
            // Committed, and killed before it was said; or removed, and the removal not committed.
            if sequence <= highest, !leaving.contains(sequence), !ids.insert(id).inserted {
                complaints.append("life \(life): \(id) came back")
            }
            ids.insert(id)
            highest = max(highest, sequence)
        }
        if state < self.state { complaints.append("life \(life): state \(state) is older than \(self.state)") }
        self.state = state
        present = found
        leaving = []
    }

    private mutating func committed(lane: Substring, sequence: Int64, id: String, life: Int) {
        commits += 1
        if sequence <= highest { complaints.append("life \(life): number \(sequence) again") }
        highest = sequence
        if !ids.insert(id).inserted { complaints.append("life \(life): id \(id) again") }
        state = max(state, Int(id.split(separator: "-")[1]) ?? 0)
        for gone in leaving { present[gone] = nil }
        leaving = []
        if lane != "2" { present[sequence] = id }
    }
}
