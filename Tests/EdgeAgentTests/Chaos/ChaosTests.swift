// Storms between agent and broker. `make chaos` has 1,000 of them, `make test` a few.

import Foundation
import Synchronization
import TestPeers
import Testing

@testable import EdgeAgent

@Suite(.enabled(if: Broker.isThere, "mosquitto is not installed"))
struct ChaosTests {
    /// Whatever happens on the wire and to the broker: every alarm is accepted, counted once, none lost, order kept
    /// within a lane on each connection; and the same of everything else.
    @Test func everyAlarmIsAcceptedOnce() throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["EDGE_AGENT_CHAOS"].flatMap { UInt64($0) } ?? 4
        let only = environment["EDGE_AGENT_SEED"].flatMap { UInt64($0) }
        let first = only ?? UInt64.random(in: 1...1_000_000)
        let last = only ?? first + count - 1
        print("seeds \(first) to \(last); EDGE_AGENT_SEED repeats one")
        let next = Mutex(first)
        let reports = Mutex<[ChaosReport]>([])
        // Each waits most of the time.
        let workers = (0..<min(24, Int(last - first) + 1)).map { number in
            Worker(name: "chaos \(number)") {
                while true {
                    let seed = next.withLock { next in
                        defer { next += 1 }
                        return next
                    }
                    guard seed <= last else { return }
                    let report: ChaosReport
                    do {
                        report = try ChaosWorld(seed: seed).run()
                    } catch {
                        report = ChaosReport(seed: seed, complaints: ["\(error)"])
                    }
                    reports.withLock { $0.append(report) }
                }
            }
        }
        for worker in workers { #expect(worker.join(withinMilliseconds: 3_600_000)) }
        let all = reports.withLock { $0 }
        #expect(all.count == Int(last - first) + 1)
        for report in all where !report.complaints.isEmpty {
            Issue.record("EDGE_AGENT_SEED=\(report.seed): \(report.complaints.joined(separator: "; "))")
        }
        func sum(_ part: (ChaosReport) -> Int) -> Int { all.reduce(0) { $0 + part($1) } }
        print(
            "\(all.count) storms: \(sum(\.alarms)) alarms, \(sum(\.records)) records, \(sum(\.publishes)) publishes, "
                + "\(sum(\.repeats)) arrived again, \(sum(\.connections)) connections, \(sum(\.brokerKills)) brokers killed"
        )
        #expect(sum(\.alarms) > 0 && sum(\.connections) > all.count)
    }
}
