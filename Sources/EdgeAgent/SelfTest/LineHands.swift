// Whose lines a self-test looks at: the daemon's, or those that it asks the kernel for itself.

import Drivers
import FoundationEssentials
import Glibc

protocol LineHands {
    /// nil: nobody answers.
    mutating func picture() -> LinesPicture?
    /// An output on for `SelfTestDoor.pulseMilliseconds`; why not, or nil.
    mutating func pulse(_ output: String) -> String?
}

/// What the daemon says to a question of a self-test.
enum DaemonAnswer {
    /// nil: none runs. A failure: one does and cannot be asked, so that it has all ports and lines.
    static func status(socket: String) -> Result<AgentStatus?, CheckResult> {
        let name = "daemon"
        switch ControlSocket.ask("status\n", path: socket) {
        case .success(let bytes):
            if let status = try? JSONDecoder().decode(AgentStatus.self, from: Data(bytes)) { return .success(status) }
            return .failure(
                .fail(
                    name, Message(HubPhrase.daemonMute, "\(bytes.count) bytes"),
                    advice: Message(HubPhrase.daemonMuteAdvice)))
        // Never started, or killed.
        case .failure(let failure) where [ENOENT, ENOTDIR, ECONNREFUSED, ENAMETOOLONG].contains(failure.code):
            return .success(nil)
        case .failure(let failure) where failure.code == EACCES || failure.code == EPERM:
            return .failure(
                .fail(
                    name, Message(HubPhrase.daemonDenied, failure.text), advice: Message(HubPhrase.daemonDeniedAdvice)))
        case .failure(let failure):
            return .failure(
                .fail(name, Message(HubPhrase.daemonMute, failure.text), advice: Message(HubPhrase.daemonMuteAdvice)))
        }
    }

    static func ask<Answer: Decodable>(
        _ question: String, socket: String, seconds: Int, as type: Answer.Type
    ) -> Result<Answer, DaemonRefusal> {
        switch ControlSocket.ask(question + "\n", path: socket, seconds: seconds) {
        case .failure(let failure): return .failure(DaemonRefusal(text: failure.text))
        case .success(let bytes):
            let data = Data(bytes)
            if let refusal = try? JSONDecoder().decode([String: String].self, from: data)["error"] {
                return .failure(DaemonRefusal(text: refusal))
            }
            guard let answer = try? JSONDecoder().decode(type, from: data) else {
                return .failure(DaemonRefusal(text: "another version's answer"))
            }
            return .success(answer)
        }
    }
}

/// Why it does not do what it is asked.
struct DaemonRefusal: Error {
    var text: String
}

struct DaemonLines: LineHands {
    private static let seconds = 10
    let socket: String

    func picture() -> LinesPicture? {
        try? DaemonAnswer.ask("lines", socket: socket, seconds: DaemonLines.seconds, as: LinesPicture.self).get()
    }

    func pulse(_ output: String) -> String? {
        let answer = DaemonAnswer.ask(
            "pulse \(output)", socket: socket, seconds: DaemonLines.seconds, as: [String: String].self)
        switch answer {
        case .success: return nil
        case .failure(let refusal): return refusal.text
        }
    }
}

/// Asks the kernel for each line, for a moment. Without a daemon nobody else wants them.
struct OwnLines: LineHands {
    /// Long enough to see a line that chatters.
    private static let lookMilliseconds: Int32 = 1000
    let home: HomeConfiguration

    func picture() -> LinesPicture? { OwnLines.picture(of: home, through: GpiodLines()) }

    /// The same through any port.
    static func picture(of home: HomeConfiguration, through port: consuming some LinePort & ~Copyable) -> LinesPicture {
        var bank = LineBank(port: port, inputs: home.inputs, outputs: home.outputs.map(\.settings))
        _ = bank.open(now: AgentClock.boot())
        let end = AgentClock.boot().advanced(milliseconds: Int64(lookMilliseconds))
        var rest = Int64(lookMilliseconds)
        while rest > 0 {
            var watched = bank.descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            poll(&watched, nfds_t(watched.count), Int32(clamping: rest))
            _ = bank.service(ready: watched.filter { $0.revents != 0 }.map(\.fd), now: AgentClock.boot())
            rest = BootTime.milliseconds(from: AgentClock.boot(), to: end)
        }
        var picture = LinesPicture()
        for (index, input) in home.inputs.enumerated() {
            picture.inputs.append(LinePicture(name: input.settings.name, bank.state(input: index)))
        }
        for (index, output) in home.outputs.enumerated() {
            picture.outputs.append(LinePicture(name: output.name, fault: bank.fault(output: index)))
        }
        return picture
    }

    func pulse(_ output: String) -> String? {
        guard let settings = home.outputs.first(where: { $0.name == output })?.settings else { return output }
        var port = GpiodLines()
        do throws(LineError) {
            let line = try port.request(settings)
            try port.set(line, active: true)
            poll(nil, 0, Int32(SelfTestDoor.pulseMilliseconds))
            try port.set(line, active: false)
            return nil
        } catch {
            return error.message
        }
    }
}
