// The promise that counts: from the press of the panic button to the siren, to the disk, to the broker.
//
// The whole agent runs in this process on simulated lines, against a real mosquitto on loopback. Meanwhile one bus
// hangs in its time-out, and every thread of Swift's shared pool is blocked: nothing of the alarm's way may be there.

import Dispatch
import Drivers
import Foundation
import LocalRules
import Logging
import Synchronization
import TestPeers
import Testing
import Upstream

@testable import EdgeAgent

@Suite(.serialized, .enabled(if: Broker.isThere, "mosquitto is not installed"))
struct LatencyTests {
    private static let presses = 1000

    @Test func panicReachesSirenDiskAndBrokerInTime() throws {
        let home = try RunningHome()
        defer { home.stop() }
        let pool = BlockedPool()
        defer { pool.release() }
        var latencies: [Press] = []
        for _ in 0..<Self.presses { latencies.append(try home.press()) }
        #expect(pool.isBlocked, "the shared pool ran something meanwhile")
        let disk = try bareWritesAndSyncs(Self.presses, in: home.folder.path)

        let siren = Distribution(latencies.map(\.siren))
        let commit = Distribution(latencies.map(\.commit))
        let broker = Distribution(latencies.map(\.broker))
        print("panic edge to …, \(Self.presses) presses, one bus hanging, shared pool blocked (milliseconds):")
        for (name, one) in [("siren", siren), ("commit", commit), ("broker", broker), ("bare write+fsync", disk)] {
            print("  \(name.padding(toLength: 18, withPad: " ", startingAt: 0)) \(one)")
        }
        #expect(siren.p99 < 20)
        #expect(broker.p99 < 250)
        // A disk whose bare sync takes that long itself says nothing about us.
        if disk.p99 < 40 { #expect(commit.p99 < 50) }
    }

    @Test func sirenDoesNotWaitForTheDatabase() throws {
        let home = try RunningHome()
        defer { home.stop() }
        var sirens: [Double] = []
        for _ in 0..<5 {
            let isOver = DispatchSemaphore(value: 0)
            // The database's thread hangs for two seconds, as on a card that is dying.
            home.agent.hub.outbox.post(
                .perform {
                    _ = DispatchSemaphore(value: 0).wait(timeout: .now() + 2)
                    isOver.signal()
                })
            let press = try home.press(whileWaiting: { isOver.wait() })
            sirens.append(press.siren)
            #expect(press.commit > 1000, "the database did not hang: this shows nothing")
        }
        let siren = Distribution(sirens)
        print("panic edge to siren while the database hangs for 2 s (milliseconds): \(siren)")
        // A tenth of the hang; the first presses touch pages that a loaded machine has to fetch.
        #expect(siren.maximum < 200)
    }
}

/// From the edge, in milliseconds.
private struct Press {
    var siren: Double
    var commit: Double
    var broker: Double
}

private struct Distribution: CustomStringConvertible {
    private let sorted: [Double]
    init(_ values: [Double]) { sorted = values.sorted() }
    var maximum: Double { sorted.last ?? 0 }
    var p99: Double { at(0.99) }
    private func at(_ part: Double) -> Double { sorted[min(sorted.count - 1, Int(Double(sorted.count) * part))] }
    var description: String {
        func text(_ value: Double) -> String { String(format: "%7.2f", value) }
        return "p50 \(text(at(0.5)))  p90 \(text(at(0.9)))  p99 \(text(p99))  max \(text(maximum))"
    }
}

/// The whole agent, a broker, and somebody upstream who sees and accepts.
private final class RunningHome {
    let folder: ScratchFolder
    let agent: Agent
    private let broker: Broker
    private static let buttons = 4
    private var presses = 0
    private let board = SimulatedBoard(clock: AgentClock.boot)
    private let watch = StopWatch()
    private let upstream: Worker
    private let stopUpstream = Mailbox<Upstream>(limit: 10)
    private let deaf: Int32

    fileprivate enum Upstream: Sendable {
        case accept(String)
        case stop
    }

    init() throws {
        folder = try ScratchFolder()
        broker = try Broker(in: folder, lines: ["allow_anonymous true"])
        // Takes connections and never answers: a meter gateway that hangs.
        let port: Int
        (deaf, port) = try Self.listener()
        let configuration = try ConfigurationLoader(checksFiles: false).load(
            text: Array(Self.text(meters: port, broker: broker.port).utf8), file: "latency.toml")
        let watch = watch
        board.onOutputChange { change in if change.line == "SIREN", change.level { watch.siren.stamp(change.time) } }
        let stopUpstream = stopUpstream
        let settings = LinkSettings(
            host: "127.0.0.1", port: broker.port, clientID: "upstream", subscriptions: ["homes/+/alerts"])
        upstream = Worker(name: "upstream") { answer(settings, mailbox: stopUpstream, watch: watch) }
        var log = Logger(label: "test")
        log.logLevel = .critical
        agent = Agent(
            configuration: configuration,
            options: AgentOptions(
                stateDirectory: folder.path, controlSocket: folder.path + "/control.sock", simulatedBoard: board,
                log: log,
                observer: { watch.see($0) }))
        try watch.connected.wait("the agent's connection")
        try watch.listening.wait("the upstream's connection")
    }

    func stop() {
        agent.stop()
        stopUpstream.post(.stop, always: true)
        _ = upstream.join(withinMilliseconds: 2000)
        close(deaf)
    }

    /// One press, accepted and over when this returns. `whileWaiting` runs once the siren sounds.
    func press(whileWaiting: () -> Void = {}) throws -> Press {
        for mark in [watch.siren, watch.commit, watch.broker, watch.cleared, watch.quiet] { mark.reset() }
        // In turn: one button that is pressed twenty times a second is taken for a loose wire, and no longer followed.
        presses += 1
        let line = "PANIC\(presses % Self.buttons)"
        let edge = AgentClock.boot()
        board.set(line: line, level: true)
        try watch.siren.wait("the siren")
        whileWaiting()
        try watch.commit.wait("the commit")
        let alert = try watch.broker.wait("the broker")
        board.set(line: line, level: false)
        stopUpstream.post(.accept(alert), always: true)
        try watch.cleared.wait("the end of the alert")
        try watch.quiet.wait("the siren's end")
        // Nobody's finger is quicker than the button's debounce of 20 ms; within it a press waits for its end.
        poll(nil, 0, 30)
        func since(_ mark: Mark) -> Double { Double(mark.time.nanoseconds - edge.nanoseconds) / 1e6 }
        return Press(siren: since(watch.siren), commit: since(watch.commit), broker: since(watch.broker))
    }

    private static func text(meters: Int, broker: Int) -> String {
        """
        schema = 1
        [home]
        id = "latency"
        timezone = "UTC"
        board = "simulated"
        [[bus]]
        name = "deaf"
        kind = "tcp"
        address = "127.0.0.1:\(meters)"
        [[meter]]
        name = "water"
        bus = "deaf"
        unit = 1
        poll = "1s"
        register = [{ signal = "volume", quantity = "volume", table = "holding", address = 0, type = "u32", order = "ABCD", scale = "0.001", unit = "m3" }]
        \((0..<buttons).map { "[[input]]\nname = \"panic.\($0)\"\nkind = \"panic\"\nline = \"PANIC\($0)\"" }.joined(separator: "\n"))
        [[output]]
        name = "siren"
        kind = "siren"
        line = "SIREN"
        [upstream]
        broker = "mqtt://127.0.0.1:\(broker)"
        spread = "0s"
        """
    }

    private static func listener() throws -> (Int32, Int) {
        let port = try Broker.freePort()
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        try #require(isBound && listen(descriptor, 64) == 0)
        return (descriptor, port)
    }
}

/// Sees alerts arrive, and accepts them when told to.
private func answer(_ settings: LinkSettings, mailbox: Mailbox<RunningHome.Upstream>, watch: StopWatch) {
    var loop = LinkLoop(settings: settings, lastWill: nil)
    while true {
        for event in loop.turn(extra: mailbox.descriptor, longestMilliseconds: 1000) {
            if case .connected = event { watch.listening.stamp(AgentClock.boot()) }
            guard case .message(let topic, let payload) = event else { continue }
            let now = AgentClock.boot()
            guard case (_, .alert(let alert))? = try? WireDecoder.decode(topic: topic, payload: payload) else {
                continue
            }
            if alert.event == .raised { watch.broker.stamp(now, text: alert.alertID) }
        }
        for message in mailbox.take() {
            guard case .accept(let alert) = message else { return }
            let ack = Acknowledgement(id: alert, level: .accepted, by: "test", atMilliseconds: 0)
            guard let payload = try? WireEncoder.acknowledgement(ack, encoding: .protobuf) else { return }
            try? loop.publish(topic: "homes/latency/acks", payload: payload, tag: nil)
        }
    }
}

/// A moment that one thread stamps and another waits for.
private final class Mark: Sendable {
    private let state = Mutex<(time: BootTime, text: String)?>(nil)
    private let arrived = DispatchSemaphore(value: 0)

    func reset() {
        state.withLock { $0 = nil }
        while arrived.wait(timeout: .now()) == .success {}
    }

    /// The first stamp counts.
    func stamp(_ time: BootTime, text: String = "") {
        let isFirst = state.withLock { state in
            defer { state = state ?? (time, text) }
            return state == nil
        }
        if isFirst { arrived.signal() }
    }

    @discardableResult
    func wait(_ what: String) throws -> String {
        guard arrived.wait(timeout: .now() + 20) == .success else {
            throw PeerError(message: "waited 20 s in vain for \(what)")
        }
        return state.withLock { $0?.text ?? "" }
    }

    var time: BootTime { state.withLock { $0?.time } ?? BootTime(nanoseconds: .max) }
}

private final class StopWatch: Sendable {
    let connected = Mark(), listening = Mark()
    let siren = Mark(), commit = Mark(), broker = Mark(), cleared = Mark(), quiet = Mark()

    func see(_ event: AgentEvent) {
        let now = AgentClock.boot()
        switch event {
        case .link(isUp: true): connected.stamp(now)
        case .stored(let records): if records.contains(where: { $0.draft.lane == .alarm }) { commit.stamp(now) }
        case .alert(.cleared, _, _): cleared.stamp(now)
        case .sound(.accepted): quiet.stamp(now)
        case .link, .alert, .sound, .accepted: break
        }
    }
}

/// Occupies every thread of Swift's shared pool until released.
private final class BlockedPool: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    private let canary = Mutex(false)
    private let count = ProcessInfo.processInfo.activeProcessorCount * 4

    init() {
        let inside = DispatchSemaphore(value: 0)
        for _ in 0..<count {
            Task.detached { [gate] in
                inside.signal()
                block(gate)
            }
        }
        // As many as the pool has threads get in; this test may hold one of them itself.
        for _ in 1..<ProcessInfo.processInfo.activeProcessorCount { _ = inside.wait(timeout: .now() + 5) }
        Task.detached { [self] in canary.withLock { $0 = true } }
    }

    var isBlocked: Bool { canary.withLock { !$0 } }

    func release() { for _ in 0..<count { gate.signal() } }
}

private func block(_ gate: DispatchSemaphore) { gate.wait() }

/// What the same disk does without us.
private func bareWritesAndSyncs(_ count: Int, in folder: String) throws -> Distribution {
    let file = open(folder + "/bare", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    try #require(file >= 0)
    defer { close(file) }
    let page = [UInt8](repeating: 1, count: 4096)
    var times: [Double] = []
    for _ in 0..<count {
        let start = AgentClock.boot()
        #expect(write(file, page, page.count) == page.count)
        #expect(fsync(file) == 0)
        times.append(Double(AgentClock.boot().nanoseconds - start.nanoseconds) / 1e6)
    }
    return Distribution(times)
}
