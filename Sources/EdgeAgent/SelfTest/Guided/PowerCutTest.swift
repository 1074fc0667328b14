// --power-cut: what must survive is noted, somebody pulls the plug, and the same command looks whether it is still there.
//
//     a note is there        it was made               this run
//     ────────────────────   ───────────────────────   ──────────────────────────────────────────
//     no, or older than a    –                         makes one and says what to do
//     day
//     yes                    before the board last     compares, and forgets it
//                            started
//     yes                    since then                makes a new one: the power was never away
//
// Whoever is at the terminal is thrown out with the power: the second run is a new one, hence the note.

import FoundationEssentials
import Glibc
import LocalRules
import Upstream

struct PowerCutTest: GuidedTest {
    /// A note of yesterday says nothing about the alerts of today.
    private static let longestMilliseconds: Int64 = 86_400_000
    private static let pollMilliseconds = 1000
    /// How long rules may wait for the first readings after the start.
    private static let settlingMilliseconds = 120_000

    let home: HomeConfiguration
    let daemon: DaemonSide
    /// Where the note is kept.
    let file: String

    /// What must survive.
    struct Note: Codable, Hashable {
        var bootID: String
        /// On the home's timeline, which goes on whatever the wall clock shows after the cut.
        var atMilliseconds: Int64
        var starts: Int64
        var nextSequence: Int64
        var waiting: [OutboxPicture.Waiting]
        /// Open alerts, by id.
        var alerts: [String]
        /// Rules that could tell.
        var rules: [String]
        /// Totals of meters, as `status` shows them.
        var totals: [String: String]
    }

    func run(_ guide: Guide) -> [CheckResult] {
        guard let status = daemon.status(), let records = daemon.records() else {
            return [restarted(.powerNoDaemon, advice: .powerNoDaemonAdvice)]
        }
        let note = read().flatMap {
            status.unixMilliseconds - $0.atMilliseconds > PowerCutTest.longestMilliseconds ? nil : $0
        }
        if let note, note.bootID != records.bootID { return compare(note, guide) }
        do throws(FileProblem) {
            try write(Note(status, records, home))
        } catch {
            return [
                .untested(
                    "power-cut.restarted", Message(GuidedPhrase.powerNoNote, file, error.message),
                    advice: Message(HubPhrase.storageRefusedAdvice))
            ]
        }
        guide.tell(Message(GuidedPhrase.powerPull))
        return [restarted(note == nil ? .powerNoted : .powerNotCut, advice: .powerNotedAdvice)]
    }

    // MARK: After the cut

    private func compare(_ note: Note, _ guide: Guide) -> [CheckResult] {
        var waited = 0
        var status = daemon.status()
        while waited < PowerCutTest.settlingMilliseconds, let now = status, !note.forgotten(in: now).isEmpty {
            guide.show(Message(GuidedPhrase.powerSettles, "\((PowerCutTest.settlingMilliseconds - waited) / 1000)"))
            guard guide.wait(PowerCutTest.pollMilliseconds) else { break }
            waited += PowerCutTest.pollMilliseconds
            status = daemon.status()
        }
        guard let status, let records = daemon.records() else {
            return [restarted(.powerNoDaemon, advice: .powerNoDaemonAdvice)]
        }
        unlink(file)
        let isAnswered = home.upstream?.acknowledgement != .broker
        return [
            judgeStart(note, status), note.judgeIDs(records, status, isAnswered: isAnswered),
            note.judgeWindows(status), note.judgeAlerts(status),
        ]
    }

    private func judgeStart(_ note: Note, _ status: AgentStatus) -> CheckResult {
        let name = "power-cut.restarted"
        guard status.starts > note.starts else {
            return .fail(name, Message(GuidedPhrase.powerStarts), advice: Message(GuidedPhrase.powerLostAdvice))
        }
        return .pass(name, Message(GuidedPhrase.powerRestarted))
    }

    private func restarted(_ reason: GuidedPhrase, advice: GuidedPhrase) -> CheckResult {
        .untested("power-cut.restarted", Message(reason), advice: Message(advice))
    }

    // MARK: The note

    private func read() -> Note? {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // A hundred waiting alarms and as many rules are some 20 kB.
        var bytes = [UInt8](repeating: 0, count: 1 << 18)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        return try? JSONDecoder().decode(Note.self, from: Data(bytes.prefix(max(0, count))))
    }

    private func write(_ note: Note) throws(FileProblem) {
        guard let bytes = try? JSONEncoder().encode(note) else { return }
        try replaceFile(file, with: Array(bytes))
    }
}

extension PowerCutTest.Note {
    init(_ status: AgentStatus, _ records: OutboxPicture, _ home: HomeConfiguration) {
        bootID = records.bootID
        atMilliseconds = status.unixMilliseconds
        starts = status.starts
        nextSequence = records.nextSequence
        waiting = records.waiting
        alerts = status.alerts.map(\.id)
        rules = status.rules.filter { $0.verdict != .cannotTell }.map(\.name)
        let totals = home.home.signals.filter {
            if case .meter(let quantity) = $0.source { quantity.isCumulative } else { false }
        }.map(\.name)
        self.totals = [:]
        for signal in status.signals where totals.contains(signal.name) { self.totals[signal.name] = signal.value }
    }

    /// Rules that could tell and cannot, and totals that have gone back or are not known.
    func forgotten(in status: AgentStatus) -> [String] {
        let blind = rules.filter { name in
            status.rules.first { $0.name == name }?.verdict ?? .cannotTell == .cannotTell
        }
        let fallen = totals.filter { name, before in
            let now = status.signals.first { $0.name == name }?.value
            guard let before = PowerCutTest.Note.number(before) else { return false }
            return now.flatMap(PowerCutTest.Note.number).map { $0 < before } ?? true
        }
        return blind + fallen.map(\.key).sorted()
    }

    /// Of "412.316 m3".
    private static func number(_ text: String) -> Double? {
        text.split(separator: " ").first.flatMap { Double(String($0)) }
    }

    func judgeIDs(_ records: OutboxPicture, _ status: AgentStatus, isAnswered: Bool) -> CheckResult {
        let name = "power-cut.ids"
        guard records.nextSequence >= nextSequence else {
            return .fail(
                name, "\(nextSequence) > \(records.nextSequence)", Message(GuidedPhrase.powerNumbersBack),
                advice: Message(GuidedPhrase.powerLostAdvice))
        }
        // What nobody has accepted must still ask for somebody. Without anybody to answer, the broker's receipt ends it.
        let raised = status.alerts.filter { $0.state == .raised }.map(\.id)
        let lost = waiting.filter { noted in
            isAnswered && raised.contains(noted.alert) && !records.waiting.contains { $0.id == noted.id }
        }
        guard lost.isEmpty else {
            return .fail(
                name, Message(GuidedPhrase.powerRecordsLost, lost.map(\.alert).joined(separator: ", ")),
                advice: Message(GuidedPhrase.powerLostAdvice))
        }
        return .pass(name, "\(waiting.count)", Message(GuidedPhrase.powerIDsKept))
    }

    func judgeWindows(_ status: AgentStatus) -> CheckResult {
        let lost = forgotten(in: status)
        guard lost.isEmpty else {
            return .fail(
                "power-cut.windows", Message(GuidedPhrase.powerWindowsLost, lost.joined(separator: ", ")),
                advice: Message(GuidedPhrase.powerWindowsLostAdvice))
        }
        return .pass("power-cut.windows", "\(rules.count)", Message(GuidedPhrase.powerWindowsKept))
    }

    /// Each goes on, or its end was said since the start.
    func judgeAlerts(_ status: AgentStatus) -> CheckResult {
        let ended = status.steps.filter { $0.event == .cleared || $0.event == .cancelled }.map(\.alert)
        let open = status.alerts.map(\.id)
        let lost = alerts.filter { !open.contains($0) && !ended.contains($0) }
        guard lost.isEmpty else {
            return .fail(
                "power-cut.alerts", Message(GuidedPhrase.powerAlertsLost, lost.joined(separator: ", ")),
                advice: Message(GuidedPhrase.powerLostAdvice))
        }
        return .pass("power-cut.alerts", "\(alerts.count)", Message(GuidedPhrase.powerAlertsKept))
    }
}
