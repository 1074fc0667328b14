// An outbox under load that says on standard output what it has committed, so that whoever kills it can look whether it
// is there in the next life. Usage: OutboxLoad FOLDER SEED
//
//   started             the database was opened; "damaged …" instead where it was set aside
//   has LANE SEQ ID     what it held, one line each; then "state N" and "ready"
//   gone SEQ            will be removed by the next commit
//   did LANE SEQ ID     is committed, together with state N (the number in the id)

import Glibc
import LocalRules
import Upstream

@main
struct OutboxLoad {
    static func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        guard write(STDOUT_FILENO, bytes, bytes.count) == bytes.count else { exit(1) }
    }

    static func main() throws {
        guard CommandLine.arguments.count == 3, let seed = UInt64(CommandLine.arguments[2]) else { exit(2) }
        // A floor of 1: no clock helps to keep numbers apart.
        var outbox = ResilientOutbox(
            directory: CommandLine.arguments[1], floor: 1, quotas: .init(readings: 100_000, events: 1 << 20))
        let events = outbox.takeEvents()
        say(events.isEmpty && !outbox.isDegraded ? "started" : "damaged \(events)")
        var waiting: [Int64] = []
        for lane in Lane.allCases {
            for record in outbox.records(in: lane, after: 0, limit: 100_000) {
                say("has \(lane.rawValue) \(record.sequence) \(record.draft.id)")
                if lane != .reading { waiting.append(record.sequence) }
            }
        }
        var number = outbox.state("number").flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
        say("state \(number)")
        say("ready")
        var random = seed
        func chance(_ range: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(random >> 33) % range
        }
        while true {
            number += 1
            let drafts = (0..<1 + chance(3)).map { part in
                let lane = Lane.allCases[chance(3)]
                return Draft(
                    id: "\(seed)-\(number)-\(part)", lane: lane, topic: "events", alert: nil,
                    body: [UInt8](repeating: UInt8(part), count: chance(1500)),
                    stamp: Stamp(wallMilliseconds: 1, bootMilliseconds: 1, bootID: "boot", trust: .none))
            }
            var gone: [Int64] = []
            while waiting.count > 150 || (!waiting.isEmpty && chance(2) == 0) {
                gone.append(waiting.removeFirst())
                say("gone \(gone[gone.count - 1])")
            }
            let state = ["number": Array("\(number)".utf8), "engine": [UInt8](repeating: 1, count: 1500)]
            for record in try outbox.commit(drafts, states: state, removing: gone) {
                say("did \(record.draft.lane.rawValue) \(record.sequence) \(record.draft.id)")
                if record.draft.lane != .reading { waiting.append(record.sequence) }
            }
            guard !outbox.isDegraded else {
                say("damaged \(outbox.takeEvents())")
                exit(1)
            }
        }
    }
}
