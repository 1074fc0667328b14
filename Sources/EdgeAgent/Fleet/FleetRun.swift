// Drives thousands of hubs on one thread: one poll set for all of them, and a moment for each at which it is looked at
// although nothing was heard.

import Glibc
import LocalRules
import Synchronization
import Upstream

/// What a run is asked for.
struct FleetOptions: Sendable {
    var hubs: Int
    var broker: BrokerAddress
    var topicPrefix: String
    var caFile: String?
    var certificateFile: String?
    var keyFile: String?
    var user: String?
    var passwordFile: String?
    var spreadSeconds: Int64
    var steadySeconds: Int64
    var speed: Int64
    /// Of the hubs, in each phase.
    var alarmsPercent: Int
    var accepts: Bool
    /// Ends the broker and starts it again; may take its time, on a thread of its own.
    var restart: (@Sendable () -> Void)?
    var cutsPower: Bool
    var seed: UInt64
    /// Alarms are raised over this time from a broker's end, or a power cut, on.
    var alarmsMilliseconds: Int64 = 60_000
    /// Over which hubs come back.
    var spreadMilliseconds = ConfigurationDefaults.upstreamSpread.milliseconds

    func settings(clientID: String, subscriptions: [String]) -> LinkSettings {
        let tls =
            broker.usesTLS
            ? LinkSettings.TLS(authorityFile: caFile, certificateFile: certificateFile, keyFile: keyFile) : nil
        return LinkSettings(
            host: broker.host, port: broker.port, tls: tls, user: user, passwordFile: passwordFile,
            clientID: clientID, subscriptions: subscriptions)
    }
}

final class FleetRun {
    /// How long a phase waits for what has not come back.
    private static let patienceMilliseconds: Int64 = 180_000
    private static let narrationMilliseconds: Int64 = 10_000

    /// What the poll set knows of a link.
    private struct Watched: Equatable {
        var descriptor: Int32
        var isWriting: Bool
        var attempts: Int
    }

    private let options: FleetOptions
    private let hubs: [FleetHub]
    private let cloud: FleetCloud?
    private var poller = Poller()
    /// One more than there are hubs: the last is the cloud's.
    private var watched: [Watched?]
    private var dueAt: [Int64]
    private var owner: [Int32: Int] = [:]
    private var raisedAt: [String: Int64] = [:]
    /// Alarms to come, the next one last.
    private var alarms: [(at: Int64, hub: Int)] = []
    private var random: SeededGenerator
    private var phase: FleetPhase
    private var narrateAt: Int64 = 0
    private let isStopped: () -> Bool

    /// - Parameter isStopped: asked often; true ends the run, with what was measured so far.
    init(_ options: FleetOptions, isStopped: @escaping () -> Bool) {
        self.options = options
        self.isStopped = isStopped
        let now = LinkLoop.now()
        var random = SeededGenerator(seed: options.seed)
        hubs = (0..<options.hubs).map { number in
            let firstAt = now + Int64.random(in: 0...options.spreadSeconds * 1000, using: &random)
            return FleetHub(number, options: options, firstAt: firstAt, at: now)
        }
        cloud = options.accepts ? FleetCloud(options: options, at: now) : nil
        watched = Array(repeating: nil, count: options.hubs + 1)
        dueAt = Array(repeating: now, count: options.hubs + 1)
        self.random = random
        phase = FleetPhase("connects", at: now)
    }

    func run() -> FleetReport {
        var report = FleetReport(hubs: options.hubs, speed: options.speed)
        func finish() {
            phase.end = LinkLoop.now()
            report.phases.append(phase)
        }
        waitForAll(atLeast: 0, patience: options.spreadSeconds * 1000 + Self.patienceMilliseconds)
        finish()
        if phase.isCutShort || isStopped() { return report }

        begin("steady", alarmsOver: options.steadySeconds * 1000)
        turn(until: phase.begin + options.steadySeconds * 1000) { false }
        waitForAll(atLeast: 0, patience: Self.patienceMilliseconds)
        finish()

        if let restart = options.restart, !isStopped() {
            begin("broker restart", alarmsOver: options.alarmsMilliseconds)
            let shell = Worker(name: "restart") { restart() }
            turn(until: phase.begin + Self.patienceMilliseconds) { self.phase.lostAt != nil }
            if phase.lostAt == nil { phase.isCutShort = true }
            waitForAll(atLeast: options.alarmsMilliseconds, patience: Self.patienceMilliseconds)
            _ = shell.join(withinMilliseconds: 1000)
            finish()
        }
        if options.cutsPower, !isStopped() {
            begin(
                "power cut", alarmsOver: options.alarmsMilliseconds, after: outageMilliseconds + bootMilliseconds)
            for index in hubs.indices {
                let boot = Int64.random(in: 0...bootMilliseconds, using: &random)
                hubs[index].cutPower(until: phase.begin + outageMilliseconds + boot)
                dueAt[index] = phase.begin
            }
            waitForAll(atLeast: options.alarmsMilliseconds, patience: Self.patienceMilliseconds)
            finish()
        }
        return report
    }

    // MARK: Phases

    /// A power cut: how long it lasts, and how much longer one board takes to boot than another.
    private var outageMilliseconds: Int64 { options.spreadMilliseconds / 8 }
    private var bootMilliseconds: Int64 { options.spreadMilliseconds / 4 }

    /// - Parameter wait: before the first of its alarms.
    private func begin(_ name: String, alarmsOver span: Int64, after wait: Int64 = 0) {
        let now = LinkLoop.now()
        phase = FleetPhase(name, at: now)
        narrateAt = now
        let count = (options.hubs * options.alarmsPercent + 99) / 100
        alarms = (0..<count).map { _ in
            let at = now + Int64.random(in: wait...max(wait + 1, span), using: &random)
            return (at: at, hub: Int.random(in: 0..<options.hubs, using: &random))
        }.sorted { $0.at > $1.at }
    }

    /// Until every hub is connected and no alarm waits any more, and `atLeast` of the phase is over.
    private func waitForAll(atLeast: Int64, patience: Int64) {
        let earliest = phase.begin + atLeast
        let latest = LinkLoop.now() + max(atLeast, 0) + patience
        var asked: Int64 = 0
        turn(until: latest) {
            let now = LinkLoop.now()
            // Asking thousands of hubs after each message would cost more than the messages.
            guard now >= earliest, now - asked >= 100 else { return false }
            asked = now
            return alarms.isEmpty && hubs.allSatisfy { $0.isConnected && !$0.hasAlarms }
        }
        if LinkLoop.now() >= latest { phase.isCutShort = true }
    }

    // MARK: Turning

    private func turn(until end: Int64, _ isOver: () -> Bool) {
        while !isStopped(), !isOver() {
            let now = LinkLoop.now()
            guard now < end else { return }
            narrate(at: now)
            raiseAlarms(at: now)
            let next = min(end, dueAt.min() ?? end, alarms.last?.at ?? end, now + 100)
            let ready = poller.wait(milliseconds: Int32(clamping: max(0, next - now)))
            phase.stalled(for: LinkLoop.now() - max(now, next))
            for descriptor in ready {
                if let index = owner[descriptor] { serve(index) }
            }
            let later = LinkLoop.now()
            for index in dueAt.indices where dueAt[index] <= later { serve(index) }
        }
    }

    private func raiseAlarms(at now: Int64) {
        while let next = alarms.last, next.at <= now {
            alarms.removeLast()
            hubs[next.hub].raise(at: now) { self.note($0, at: now) }
            dueAt[next.hub] = now
        }
    }

    private func serve(_ index: Int) {
        let now = LinkLoop.now()
        guard index < hubs.count else { return serveCloud(at: now) }
        let hub = hubs[index]
        hub.turn(at: now) { self.note($0, at: now) }
        dueAt[index] = hub.nextDue(at: now)
        watch(index, hub.descriptor, hub.wantsWrite, hub.attempts)
    }

    private func serveCloud(at now: Int64) {
        guard let cloud else {
            dueAt[hubs.count] = .max
            return
        }
        cloud.turn(at: now) { news in
            switch news {
            case .connected: phase.brokerBack(at: now)
            case .lost: phase.brokerLost(at: now)
            default: break
            }
        }
        dueAt[hubs.count] = cloud.nextDue(at: now)
        watch(hubs.count, cloud.descriptor, cloud.wantsWrite, cloud.attempts)
    }

    /// Tells the poll set what has changed.
    private func watch(_ index: Int, _ descriptor: Int32?, _ isWriting: Bool, _ attempts: Int) {
        let now = descriptor.map { Watched(descriptor: $0, isWriting: isWriting, attempts: attempts) }
        guard now != watched[index] else { return }
        if let before = watched[index]?.descriptor, owner[before] == index { owner[before] = nil }
        watched[index] = now
        guard let now else { return }
        poller.add(now.descriptor, writing: now.isWriting)
        owner[now.descriptor] = index
    }

    private func note(_ news: FleetNews, at now: Int64) {
        switch news {
        case .connected:
            phase.connected(at: now)
            // Where somebody else accepts, the first hub that comes back has found the broker.
            if cloud == nil { phase.brokerBack(at: now) }
        case .lost: if cloud == nil, phase.lostAt == nil { phase.brokerLost(at: now) }
        case .sent(let kind, let bytes): phase.sent(kind, bytes: bytes)
        case .heard(let bytes): phase.heard(bytes: bytes)
        case .raised(let alert):
            raisedAt[alert] = now
            phase.raised()
        case .accepted(let alert):
            guard let raised = raisedAt.removeValue(forKey: alert) else { return }
            phase.accepted(raisedAt: raised, at: now)
        }
    }

    private func narrate(at now: Int64) {
        guard now >= narrateAt else { return }
        narrateAt = now + Self.narrationMilliseconds
        let connected = hubs.count(where: \.isConnected)
        complain(
            "\(phase.name), \((now - phase.begin) / 1000) s: \(connected) of \(hubs.count) connected, \(raisedAt.count) alarms wait"
        )
    }
}
