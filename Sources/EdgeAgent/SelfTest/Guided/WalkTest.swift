// --walk: somebody walks through the home and sets off every sensor once. Meanwhile alerts are tests.
//
//     input               seen once
//     ─────────────────   ─────────────────────────────────────────────
//     door                it has been both open and closed since it first changed
//     any other           it has become active
//
// The daemon keeps the walk (docs/control-socket.md): it ends with this connection, after four hours, or when it is
// told to. Whether a line is good is judged by its changes since the walk began, never by how it stands.

import Drivers
import FoundationEssentials
import LocalRules

struct WalkTest: GuidedTest {
    private static let pollMilliseconds = 300
    private static let answerMilliseconds: Int32 = 5000
    /// What fits into a line of the terminal.
    private static let mostShown = 6

    let daemon: DaemonSide
    /// Where each input that can be set off by hand stands.
    private var stations: [Station]
    /// What chirps: the gentlest that can be heard.
    private let chirper: String?
    /// How long this test has waited; a walk's longest time, should the daemon not come back.
    private var waited = 0

    /// One input on the way.
    struct Station {
        let name: String
        let kind: InputKind
        /// A rule calls while it is active.
        let calls: Bool
        /// Changes at the walk's beginning; nil: not asked yet.
        var first: Int64?
        /// What a door was, after it had changed.
        var wasActive = false
        var wasIdle = false
        var fault: String?
        var isSeen = false
        /// As the line stood last.
        var isActive = false

        /// If the walk ended now, an alert of this one would begin, and be real.
        var wouldCall: Bool { isActive && calls }
    }

    init(home: HomeConfiguration, daemon: DaemonSide) {
        self.daemon = daemon
        let calling = home.home.rules.compactMap {
            if case .inputActive(let signal, _, _) = $0.kind { signal.index } else { nil }
        }
        stations = home.inputs.compactMap { input in
            let signal = home.home.signals[input.channel.index]
            // Mains and battery are no errand; what is counted is a meter.
            guard case .input(let kind) = signal.source, kind != .mains, kind != .battery else { return nil }
            return Station(name: signal.name, kind: kind, calls: calling.contains(input.channel.index))
        }
        let ranks: [OutputConfiguration.Kind] = [.buzzer, .siren]
        chirper = ranks.lazy.compactMap { kind in home.outputs.first { $0.kind == kind }?.name }.first
    }

    mutating func run(_ guide: Guide) -> [CheckResult] {
        guard !stations.isEmpty else {
            return [
                .untested("walk", Message(GuidedPhrase.walkNothing), advice: Message(GuidedPhrase.walkNothingAdvice))
            ]
        }
        var held: HeldQuestion
        switch begin() {
        case .success(let question): held = question
        case .failure(let result): return [result]
        }
        defer { held.end() }
        // Before anybody moves.
        if let picture = daemon.lines() { look(at: picture, guide) }
        guide.tell(Message(GuidedPhrase.walkBegins, "\(stations.count)"))
        guide.tell(Message(GuidedPhrase.walkTodo))
        while true {
            if let picture = daemon.lines() { look(at: picture, guide) }
            let missing = stations.filter { !$0.isSeen }.map(\.name)
            let active = stations.filter(\.wouldCall).map(\.name)
            if missing.isEmpty, active.isEmpty { break }
            guide.show(
                missing.isEmpty
                    ? Message(GuidedPhrase.walkStillActive, shortened(active))
                    : Message(GuidedPhrase.walkMissing, "\(missing.count)", shortened(missing)))
            waited += WalkTest.pollMilliseconds
            guard guide.wait(WalkTest.pollMilliseconds) else { break }
            guard !isOver(held) || rejoin(&held, guide) else { break }
        }
        let active = stations.filter(\.wouldCall).map(\.name)
        if !active.isEmpty { guide.tell(Message(GuidedPhrase.walkCallsNow, shortened(active))) }
        return stations.map(result)
    }

    // MARK: The walk

    private func begin() -> Result<HeldQuestion, CheckResult> {
        func refused(_ why: String) -> Result<HeldQuestion, CheckResult> {
            .failure(
                .untested(
                    "walk", Message(GuidedPhrase.walkRefused, why), advice: Message(GuidedPhrase.walkRefusedAdvice)))
        }
        guard let held = daemon.hold("walk begin"), let answer = held.answer(WalkTest.answerMilliseconds) else {
            return refused("-")
        }
        if let refusal = HeldQuestion.refusal(in: answer) {
            held.end()
            return refused(refusal)
        }
        return .success(held)
    }

    private func isOver(_ held: HeldQuestion) -> Bool {
        _ = held.answer(0)
        return held.isOver()
    }

    /// The connection has ended: the daemon has, and its walk goes on, or the walk has. false: it is over.
    private mutating func rejoin(_ held: inout HeldQuestion, _ guide: Guide) -> Bool {
        guard let status = daemon.status() else {
            guide.show(Message(GuidedPhrase.walkDaemonAway))
            return waited < Int(HomeMode.maintenance.longest?.milliseconds ?? 0)
        }
        guard status.walkSecondsLeft != nil, case .success(let again) = begin() else {
            guide.tell(Message(GuidedPhrase.walkOver))
            return false
        }
        held.end()
        held = again
        return true
    }

    // MARK: The lines

    private mutating func look(at picture: LinesPicture, _ guide: Guide) {
        for index in stations.indices {
            guard let line = picture.inputs.first(where: { $0.name == stations[index].name }) else { continue }
            let wasSeen = stations[index].isSeen
            stations[index].take(line)
            guard stations[index].isSeen, !wasSeen else { continue }
            // Refused while the home sounds, which is heard as well.
            if let chirper { _ = daemon.pulse(chirper) }
            // All of them: the live line shows only what fits into it.
            let left = stations.filter { !$0.isSeen }.map(\.name).joined(separator: ", ")
            guide.tell(Message(GuidedPhrase.walkSeen, stations[index].name, left.isEmpty ? "–" : left))
        }
    }

    private func shortened(_ names: [String]) -> String {
        names.prefix(WalkTest.mostShown).joined(separator: ", ") + (names.count > WalkTest.mostShown ? " …" : "")
    }

    private func result(_ station: Station) -> CheckResult {
        let name = "walk.\(station.name)"
        if station.isSeen { return .pass(name, Message(GuidedPhrase.walkWasSeen, station.name)) }
        if let fault = station.fault {
            return .untested(
                name, Message(GuidedPhrase.walkFault, station.name, fault),
                advice: Message(GuidedPhrase.walkFaultAdvice))
        }
        if station.kind == .door, station.wasActive || station.wasIdle {
            return .untested(
                name, Message(GuidedPhrase.walkHalf, station.name), advice: Message(GuidedPhrase.walkHalfAdvice))
        }
        return .untested(
            name, Message(GuidedPhrase.walkUnseen, station.name), advice: Message(GuidedPhrase.walkUnseenAdvice))
    }
}

extension WalkTest.Station {
    /// How the line stands now.
    mutating func take(_ line: LinePicture) {
        fault = line.fault
        isActive = line.isActive == true
        guard fault == nil else { return }
        // A daemon that was started again counts anew.
        var begin = first ?? line.edges
        if line.edges < begin { begin = 0 }
        first = begin
        let changes = line.edges - begin
        guard changes > 0 else { return }
        if line.isActive == true { wasActive = true } else { wasIdle = true }
        switch kind {
        case .door: isSeen = wasActive && wasIdle
        default: isSeen = wasActive || changes > 1
        }
    }
}
