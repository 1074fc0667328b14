// Tests/faults.tsv: those that no test machine can have, each in the facts of one check. The others are broken beside real
// peers (Tests/Integration/tests_installing.py).

import Drivers
import Foundation
import Glibc
import LocalRules
import Testing
import Upstream

@testable import EdgeAgent

private struct Row: Sendable, CustomTestStringConvertible {
    var fault, place, check, code, word: String
    var testDescription: String { fault }
}

private let rows: [Row] = {
    let text = (try? String(contentsOfFile: "\(repositoryFolder)/Tests/faults.tsv", encoding: .utf8)) ?? ""
    return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
        let cells = line.split(separator: "\t").map { String($0) }
        return Row(fault: cells[0], place: cells[1], check: cells[2], code: cells[3], word: cells[4])
    }
}()

@Suite struct FaultTests {
    @Test func thereAreMoreThanThirty() {
        #expect(rows.count >= 30)
        #expect(Set(rows.map(\.fault)).count == rows.count)
        #expect(Set(rows.map(\.place)) == ["machine", "installed"])
        print("faults: \(rows.count), \(rows.count { $0.place == "machine" }) of them here")
    }

    @Test(arguments: rows.filter { $0.place == "machine" })
    fileprivate func eachIsFoundByItsCheckAndTheAdviceNamesTheCause(_ row: Row) throws {
        let failed = try results(of: row.fault).filter { $0.verdict == .fail }
        #expect(failed.map { "\($0.name) \($0.reason.code)" } == ["\(row.check) \(row.code)"])
        let advice = failed.first?.advice
        #expect(advice?.text(in: .en).lowercased().contains(row.word.lowercased()) == true, "\(row.word)")
        #expect(advice?.text(in: .zh).isEmpty == false)
    }

    private func results(of fault: String) throws -> [CheckResult] {
        if let facts = meters[fault] { return try judge(facts) }
        if let change = lines[fault] { return try judge(change) }
        if let facts = disks[fault] { return [StorageCheck(directory: "/var/lib/edge-agent").judge(facts)] }
        if let properties = services[fault] { return judge(properties) }
        let now: Int64 = 1_767_225_600_000
        switch fault {
        case "clock in 1970":
            return ClockFacts(wallMilliseconds: 12_000, trust: .rtc, hasZones: true).judge(timezone: "Asia/Shanghai")
        case "clock that nobody vouches for":
            return ClockFacts(wallMilliseconds: now, trust: .none, hasZones: true).judge(timezone: "Asia/Shanghai")
        case "no time zones":
            return ClockFacts(wallMilliseconds: now, trust: .rtc, hasZones: false).judge(timezone: "Asia/Shanghai")
        case "port without permission":
            let transport = BusSettings.Transport.rtu(port: "/dev/ttyUSB0", baud: 9600, parity: .none, stopBits: 1)
            let check = PortCheck(settings: BusSettings(name: "rs485", transport: transport), daemon: nil)
            return [check.problem(ofDevice: "/dev/ttyUSB0", errno: EACCES)].compactMap { $0 }
        case "good certificate, clock in 1970": return try judgeCertificate()
        default:
            Issue.record("nobody breaks \(fault)")
            return []
        }
    }

    // MARK: A meter, unit 5 at 9600 baud without parity

    private var meters: [String: MeterFacts] {
        let silent = MeterFacts(rounds: [[read(nil)]])
        var elsewhere = silent
        elsewhere.answersAt = SerialLine(baud: 9600, parity: .even, stopBits: 1)
        return [
            "wrong parity": elsewhere, "meter without power": silent,
            "loose wire": answering([1000, nil, 1000]),
            "two devices that answer in turn": answering([412_345_000, 12_000, 412_345_000]),
        ]
    }

    private func answering(_ values: [Int64?]) -> MeterFacts {
        MeterFacts(rounds: values.map { [read($0)] }, roundTrips: values.compactMap { $0 == nil ? nil : 20_000_000 })
    }

    private func read(_ value: Int64?) -> RegisterResult {
        let silence = BusError(kind: .timedOut, message: "no answer", advice: "")
        return RegisterResult(
            name: "water.volume", table: .holding, address: 0, words: [],
            outcome: value.map { .value(ValueText.text($0, of: .volume), base: $0) } ?? .failed(silence),
            roundTripNanoseconds: 20_000_000)
    }

    private func judge(_ facts: MeterFacts) throws -> [CheckResult] {
        let target = try #require(ReadTarget(meter: "water", of: try load(homeHead + waterMeter)))
        return MeterCheck(target: target).judge(facts)
    }

    // MARK: A panic button and a siren

    private typealias Change = (inout LinesPicture, inout AgentStatus.Line) -> Void

    private var lines: [String: Change] {
        func fault(_ kind: LineError.Kind) -> LineError { LineError(kind: kind, message: "in use", advice: "") }
        return [
            "stuck sensor": { $1.isStuck = true }, "contact that bounces edges away": { $1.edgesLost = 3 },
            "line in use by another program": { picture, _ in
                picture.inputs[0] = LinePicture(name: "panic", fault: fault(.busy))
            },
            "line that is not there": { picture, _ in
                picture.inputs[0] = LinePicture(name: "panic", fault: fault(.notFound))
            },
            "line without permission": { picture, _ in
                picture.inputs[0] = LinePicture(name: "panic", fault: fault(.denied))
            },
            "siren's line in use": { picture, _ in
                picture.outputs[0] = LinePicture(name: "siren", fault: fault(.busy))
            },
        ]
    }

    private func judge(_ change: Change) throws -> [CheckResult] {
        let home = try load(
            homeHead + "[[input]]\nname = \"panic\"\nkind = \"panic\"\nline = \"GPIO24\"\n"
                + "[[output]]\nname = \"siren\"\nkind = \"siren\"\nline = \"GPIO27\"\n")
        var picture = LinesPicture(
            inputs: [LinePicture(name: "panic", isActive: false)], outputs: [LinePicture(name: "siren")])
        var remark = AgentStatus.Line(name: "panic", line: "GPIO24")
        change(&picture, &remark)
        return LineCheck(home: home, remarks: [remark]).judge(picture)
    }

    // MARK: The hub

    private let disks: [String: StorageFacts] = [
        "read-only disk": .failed(errno: EROFS), "worn card": .microseconds([4000, 2_500_000]),
        "damaged card": .failed(errno: EIO),
    ]

    private let services: [String: [String: String]] = [
        "service not installed": ["LoadState": "not-found"], "service failed": ["ActiveState": "failed"],
        "service that crashes": ["NRestarts": "4"], "service not enabled": ["UnitFileState": "disabled"],
        "watchdog switched off": ["WatchdogUSec": "0"],
    ]

    private func judge(_ changes: [String: String]) -> [CheckResult] {
        let good = [
            "LoadState": "loaded", "ActiveState": "active", "UnitFileState": "enabled", "NRestarts": "0",
            "Restart": "always", "WatchdogUSec": "30s",
        ]
        let text = good.merging(changes) { _, new in new }.map { "\($0)=\($1)\n" }.joined()
        return ServiceFacts.judge(ServiceFacts(text))
    }

    private func judgeCertificate() throws -> [CheckResult] {
        let home = try load(homeHead + "[upstream]\nbroker = \"mqtts://broker.example\"\n")
        let check = BrokerCheck(upstream: try #require(home.upstream), home: home.homeID)
        let fault = LinkFault(kind: .untrusted, message: "not yet valid", advice: "", certificate: .untrusted)
        return check.judge(BrokerFacts(linkFault: fault), clockIsWrong: true)
    }
}
