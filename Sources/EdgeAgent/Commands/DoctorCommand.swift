// `edge-agent doctor`: what is most likely wrong, and what support needs to know.

import ArgumentParser
import Glibc
import LocalRules

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what is most likely wrong, and gather what support needs.",
        discussion: """
            Looks at configuration, daemon, service, ports, lines, storage, clock, board and the way to the broker, \
            without moving, sounding or sending anything, and lists the ten most likely faults, the worst first. \
            `edge-agent self-test` tries everything out.

            --output writes a bundle for support: the faults, all checks, status, configuration and the last lines of \
            the log. Passwords, keys, names, addresses, serial numbers and the home's id are left out. Read it before \
            you send it; this command sends nothing.

            Exit codes: 0 nothing found, 1 something is wrong, 2 wrong usage, 3 something could not be looked at, 4 the \
            bundle cannot be written.
            """)

    @Option(help: "The home's configuration.") var config = ConfigurationLoader.standardFile
    @OptionGroup var boards: BoardConfigsOption
    @OptionGroup var daemon: DaemonOption
    @Option(help: "Write the bundle for support to this file.", completion: .file()) var output: String?
    @Flag(help: "Print the bundle, one JSON object, instead of the list.") var json = false
    @Option(help: "The daemon's state folder (default: $STATE_DIRECTORY, or /var/lib/edge-agent).") var state: String?
    @Option(help: "en or zh (default: as LC_ALL, LC_MESSAGES or LANG say).") var language: Language?

    func run() throws {
        let language = language ?? .ofEnvironment()
        let progress = ProgressLine()
        let isTerminal = isatty(STDERR_FILENO) == 1
        var steps = 0
        var site = DoctorSite(
            file: config, loader: .standard(descriptionFolders: boards.folders), socket: daemon.path,
            stateDirectory: state ?? AgentOptions.defaultStateDirectory())
        site.progress = { message in
            if isTerminal { steps += 1 }
            progress.show(message.text(in: language), news: steps, now: AgentClock.boot())
        }
        var doctor = Doctor(site)
        let findings = doctor.run()
        progress.clear()
        if !json { list(findings, language) }
        if json || output != nil {
            let scrubber = Scrubber(secrets: SupportSecrets.gathered(findings))
            let bundle = SupportBundle(findings: findings, log: site.agentLog(), scrubber: scrubber)
            let text = bundle.json(madeAt: Instant(milliseconds: AgentClock.wallMilliseconds())) + "\n"
            if json { say(text, to: STDOUT_FILENO) }
            if let output { try write(text, to: output, language) }
        }
        if findings.exitCode != 0 { throw ExitCode(findings.exitCode) }
    }

    private func list(_ findings: DoctorFindings, _ language: Language) {
        let picture = FindingsPicture(
            usesColour: Terminal.usesColour, width: Terminal.isInteractive ? Terminal.width : 200, language: language)
        say(picture.lines(findings).map { $0 + "\n" }.joined(), to: STDOUT_FILENO)
        if output == nil, findings.exitCode != 0 {
            say("edge-agent: " + Message(SupportPhrase.bundleHint).text(in: language) + "\n", to: STDERR_FILENO)
        }
    }

    /// For its owner's eyes: who may read it is who sends it.
    private func write(_ text: String, to path: String, _ language: Language) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        let bytes = Array(text.utf8)
        var rest = bytes[...]
        while descriptor >= 0, !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            rest = rest.dropFirst(count)
        }
        guard descriptor >= 0, rest.isEmpty, close(descriptor) == 0 else {
            let why = String(cString: strerror(errno))
            complain(
                Message(SupportPhrase.bundleFailed, path, why).text(in: language),
                advice: Message(SupportPhrase.bundleFailedAdvice).text(in: language))
            throw Exit.couldNotRun
        }
        say(
            "edge-agent: " + Message(SupportPhrase.bundleWritten, path, "\(bytes.count)").text(in: language) + "\n",
            to: STDERR_FILENO)
    }
}

/// The list of faults, for people.
struct FindingsPicture: TerminalPicture {
    var usesColour: Bool
    var width: Int
    let language: Language

    func lines(_ findings: DoctorFindings) -> [String] {
        let ranked = findings.ranked
        let good = findings.checks.count { $0.verdict == .pass }
        var lines = ranked.enumerated().flatMap { index, result in
            let reason = result.reason.text(in: language)
            // What the sentence says already need not stand behind it.
            let measured = result.measured.map { reason.contains($0) ? "" : " (\($0))" } ?? ""
            let number = pad("\(index + 1).", 4)
            let isGrave = Diagnosis.weight(result) >= 9
            return hung(
                "\(result.name): \(reason)\(measured)", behind: number,
                isGrave ? .red : .yellow)
                + (result.advice.map {
                    hung(Message(HubPhrase.advice).text(in: language) + $0.text(in: language), behind: "    ")
                } ?? [])
        }
        let rest = findings.checks.count { $0.verdict == .fail } - ranked.count { $0.verdict == .fail }
        if rest > 0 { lines.append(Message(SupportPhrase.moreFindings, "\(rest)").text(in: language)) }
        let summary =
            ranked.isEmpty
            ? Message(SupportPhrase.nothingFound, "\(good)") : Message(SupportPhrase.somethingFound, "\(good)")
        return lines + [paint(summary.text(in: language), ranked.isEmpty ? .green : .plain)]
    }
}
