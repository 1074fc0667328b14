// `edge-agent status`: asks the running daemon.

import ArgumentParser

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask the running daemon how it and the home are.",
        discussion: """
            Exit code 0: all well; 1: an alert is open or something is broken; 3: the home is not yet commissioned, so \
            that nothing is guarded; 4: no daemon answers.
            """)

    @Flag(help: "One JSON object.") var json = false
    @OptionGroup var daemon: DaemonOption
    @OptionGroup var speech: LanguageOption

    func run() throws {
        let answer = try daemon.ask("status\n")
        guard let status = AgentStatus(answer: answer) else {
            complain(
                "the daemon at \(daemon.path) answers something else", advice: "is it of another version? restart it")
            throw Exit.couldNotRun
        }
        if json {
            print(String(decoding: answer, as: UTF8.self), terminator: "")
        } else {
            _ = LocalTime.use(zone: status.timezone)
            let picture = LivePicture(
                usesColour: Terminal.usesColour, width: Terminal.isInteractive ? Terminal.width : 200,
                language: .current, showsBuses: true)
            for line in picture.lines(status, title: "edge-agent \(status.version)") { print(line) }
        }
        if !status.isWell { throw Exit.wrong }
        if !status.isCommissioned { throw Exit.incomplete }
    }
}
