// `edge-agent status`: asks the running daemon.

import ArgumentParser
import FoundationEssentials
import Glibc

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask the running daemon how it and the home are.",
        discussion: "Exit code 0: all well; 1: an alert is open or something is broken; 4: no daemon answers.")

    @Flag(help: "One JSON object.") var json = false
    @Option(help: "The daemon's socket (default: $RUNTIME_DIRECTORY/control.sock, or /run/edge-agent/control.sock).")
    var socket: String?

    func run() throws {
        let path = socket ?? ControlSocket.defaultPath()
        let answer: [UInt8]
        switch ControlSocket.ask("status\n", path: path) {
        case .success(let bytes): answer = bytes
        case .failure(let failure):
            let advice =
                failure.code == EACCES
                ? "run it as root, or as the user the daemon runs as"
                : "is it running? `systemctl status edge-agent`, or `edge-agent run --config FILE`"
            complain("no daemon answers at \(path): \(failure.text)", advice: advice)
            throw Exit.couldNotRun
        }
        guard let status = try? JSONDecoder().decode(AgentStatus.self, from: Data(answer)) else {
            complain("the daemon at \(path) answers something else", advice: "is it of another version? restart it")
            throw Exit.couldNotRun
        }
        if json {
            print(String(decoding: answer, as: UTF8.self), terminator: "")
        } else {
            _ = LocalTime.use(zone: status.timezone)
            let picture = LivePicture(
                usesColour: Terminal.usesColour, width: Terminal.isInteractive ? Terminal.width : 200,
                showsBuses: true)
            for line in picture.lines(status, title: "edge-agent \(status.version)") { print(line) }
        }
        if !status.isWell { throw Exit.wrong }
    }
}
