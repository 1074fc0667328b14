// A scripted person and a scripted daemon for guided tests.

import LocalRules

@testable import EdgeAgent

/// A home in which things happen while the guide waits. One script line a wait: "panic on", "cut", "", …
final class ScriptedHome {
    var status = AgentStatus()
    var picture = LinesPicture()
    var records = OutboxPicture(bootID: "boot-1", nextSequence: 100, waiting: [])
    var isDaemonThere = true
    var pulses: [String] = []
    var questions: [String] = []
    /// Answers to questions whose connection is held, in turn.
    var answers: [String?] = []
    /// What somebody says to a question.
    var hears = true
    var said: [String] = []
    private var isConnectionOver = false
    private var endings = 0
    private var script: [(ScriptedHome) -> Void]

    init(_ inputs: [String] = [], script: [(ScriptedHome) -> Void] = []) {
        self.script = script
        picture.inputs = inputs.map { LinePicture(name: $0, isActive: false) }
        picture.outputs = [LinePicture(name: "siren")]
        status.upstream.isConnected = true
        status.walkSecondsLeft = 14_400
    }

    func set(_ name: String, _ isActive: Bool) {
        guard let index = picture.inputs.firstIndex(where: { $0.name == name }) else { return }
        picture.inputs[index].isActive = isActive
        picture.inputs[index].edges += 1
    }

    func hangUp() { isConnectionOver = true }

    var heldConnections: Int { questions.count - endings }

    var daemon: DaemonSide {
        DaemonSide(
            status: { [self] in isDaemonThere ? status : nil }, lines: { [self] in isDaemonThere ? picture : nil },
            pulse: { [self] output in
                pulses.append(output)
                return nil
            },
            records: { [self] in isDaemonThere ? records : nil },
            hold: { [self] question in
                guard isDaemonThere else { return nil }
                questions.append(question)
                isConnectionOver = false
                return HeldQuestion(
                    answer: { [self] _ in
                        isConnectionOver || answers.isEmpty ? nil : answers.removeFirst().map { Array($0.utf8) }
                    },
                    isOver: { [self] in isConnectionOver }, end: { [self] in endings += 1 })
            })
    }

    /// A person who is gone once the script is over.
    var guide: Guide {
        Guide(
            tell: { [self] in said.append($0.code) }, show: { [self] in said.append("(\($0.code))") },
            confirm: { [self] question in
                said.append(question.code)
                return hears
            },
            wait: { [self] _ in
                guard !script.isEmpty else { return false }
                script.removeFirst()(self)
                return true
            })
    }
}
