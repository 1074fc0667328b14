import Foundation
import Testing

@testable import Drivers

/// The fault server: thousands of exchanges, most of what can go wrong on a bus, and never a wrong value.
/// `make faults` runs 100,000 over real descriptors; a seed in EDGE_AGENT_SEED repeats a run.
struct FaultRunTests {
    private let seed: UInt64
    private let exchanges: Int

    init() {
        let environment = ProcessInfo.processInfo.environment
        seed = environment["EDGE_AGENT_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...UInt64.max)
        exchanges = environment["EDGE_AGENT_EXCHANGES"].flatMap { Int($0) } ?? 300
    }

    /// Nothing wrong; nothing on the wire for no longer than a time-out, the quarantine behind it and, where no
    /// probe can be had, the watch (each as long), with what frames and their silences take; and a sound meter is
    /// soon believed again.
    private func judge(_ tally: FaultTally, _ title: String, timeout: Int, slack: Double) {
        print("\(title), seed \(seed): \(tally)")
        #expect(tally.wrong.isEmpty, "seed \(seed): \(tally.wrong.prefix(3))")
        #expect(tally.longestSilenceMilliseconds <= Double(3 * timeout) + slack)
        #expect(tally.longestDrought <= 12)
        #expect(tally.values > tally.exchanges / 5)
    }

    @Test(arguments: [false, true]) func onASimulatedLine(inOrder: Bool) {
        let settings = BusSettings(
            name: "rs485", transport: .rtu(port: "/dev/null", baud: 9600, parity: .none, stopBits: 1))
        let bank = MeterBank(answersInOrder: inOrder)
        var run = FaultRun(
            settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: SimulatedClock()),
            bank: bank, timeoutMilliseconds: 100, seed: seed)
        run.run(exchanges: 8000) { timeout in
            // Out of order, only the quarantine helps: lateness stays within it.
            everyFault(timeoutMilliseconds: timeout).filter { inOrder || $0 != .late(milliseconds: timeout * 3) }
        }
        judge(run.tally, "simulated line", timeout: 100, slack: 100)
    }

    @Test func overSimulatedTCP() {
        let settings = BusSettings(name: "net", transport: .tcp(host: "127.0.0.1", port: 1502))
        let bank = MeterBank(answersInOrder: false)
        var run = FaultRun(
            settings: settings, port: SimulatedPort(settings: settings, bank: bank, clock: SimulatedClock()),
            bank: bank, timeoutMilliseconds: 100, seed: seed)
        run.run(exchanges: 20_000, faults: everyFault)
        judge(run.tally, "simulated TCP", timeout: 100, slack: 0)
    }

    /// Real descriptors, real time: as many exchanges as EDGE_AGENT_EXCHANGES says, over both.
    @Test func overAPseudoTerminal() throws {
        let meters = try SerialMeters()
        try overReal(meters.settings(), meters.bank, "pseudo-terminal")
    }

    @Test func overTCP() throws {
        let meters = try NetworkMeters()
        try overReal(meters.settings, meters.bank, "TCP")
    }

    @Test func overSerialFramesInTCP() throws {
        let meters = try NetworkMeters(serialFrames: true)
        try overReal(meters.settings, meters.bank, "RTU over TCP")
    }

    private func overReal(_ settings: BusSettings, _ bank: MeterBank, _ title: String) throws {
        let timeout = 20
        var run = FaultRun(
            settings: settings, port: StreamPort(settings: settings), bank: bank, timeoutMilliseconds: timeout,
            seed: seed)
        run.run(exchanges: exchanges, faults: everyFault)
        print("\(title), seed \(seed): \(run.tally)")
        #expect(run.tally.wrong.isEmpty, "seed \(seed): \(run.tally.wrong.prefix(3))")
        // This machine's scheduler has a part in every wait.
        #expect(run.tally.longestSilenceMilliseconds <= Double(3 * timeout) + 500)
        #expect(run.tally.values > run.tally.exchanges / 5)
        #expect(run.tally.longestDrought <= 25)
    }
}
