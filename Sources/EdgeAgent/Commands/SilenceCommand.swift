// `edge-agent silence`: outputs that an agent left on when it was killed become inactive.

import ArgumentParser
import Drivers
import Glibc

struct SilenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence",
        abstract: "Drive every configured output inactive, after an agent that crashed.",
        discussion: """
            A line keeps its level when the process that drove it is killed: a siren would sound on with nobody to \
            end it. The service runs this after every end (ExecStopPost=). An agent that starts again sounds again \
            what it remembers. Refused while an agent answers: it would drive its outputs as before.

            Exit code 0: all are inactive; 1: one could not be driven; 4: an agent answers, or the configuration \
            cannot be used.
            """)

    @Option(help: "The home's configuration.") var config = "/etc/edge-agent/home.toml"
    @OptionGroup var boards: BoardConfigsOption
    @OptionGroup var daemon: DaemonOption
    @OptionGroup var speech: LanguageOption

    func run() throws {
        if case .success = ControlSocket.ask("status\n", path: daemon.path) {
            complain(
                "an agent runs and answers at \(daemon.path)",
                advice: "it drives the outputs; stop it first (`systemctl stop edge-agent`)")
            throw Exit.couldNotRun
        }
        let home: HomeConfiguration
        do {
            // Credentials may be gone by now, and no output needs one.
            let loader = ConfigurationLoader.standard(descriptionFolders: boards.folders, checksFiles: false)
            let offers = OfferStore(
                folder: AgentOptions.defaultStateDirectory(), installed: config, loader: loader)
            home = try offers.inForce() ?? loader.load(config)
        } catch {
            // Its errors have been told by the agent that could not start, whose end is why this runs.
            complain(
                "\(config) cannot be used, so that nothing is silenced", advice: "`edge-agent check-config \(config)`")
            throw Exit.couldNotRun
        }
        guard !home.hasSimulatedLines else {
            return say(
                translated("simulated lines end with their agent: nothing to silence", to: .current) + "\n",
                to: STDERR_FILENO)
        }
        let faults = silence(home.outputs.map(\.settings), through: GpiodLines())
        for fault in faults { complain(fault.message, advice: fault.advice) }
        if !faults.isEmpty { throw Exit.wrong }
    }
}

/// An output is driven inactive from the moment it is requested; what could not be had comes back.
func silence(_ outputs: [LineSettings], through port: consuming some LinePort & ~Copyable) -> [LineError] {
    var port = port
    return outputs.compactMap { output in
        do throws(LineError) {
            _ = try port.request(output)
            return nil
        } catch {
            return error
        }
    }
}
