// What must survive with every record: the rules' memory, the counters', and the readings gathered so far.

import FoundationEssentials
import LocalRules
import Upstream

/// Taken by the home's thread and encoded by the outbox's: the siren waits for neither.
struct HomeMemory: Sendable {
    static let rulesState = "engine"
    static let counterState = "counters"
    static let batchState = "readings"
    static let stateKeys = [rulesState, counterState, batchState]

    let rules: EngineSnapshot
    let counters: InterpreterMemory
    let points: [Reading]
    let signals: [SignalModel]
    let wire: WireEncoder

    /// By name, as the outbox keeps them.
    var states: [String: [UInt8]] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // A snapshot is integers, strings and arrays of them: it always encodes.
        guard let rules = try? encoder.encode(rules), let counters = try? encoder.encode(counters),
            let readings = try? wire.openBatch(points, of: signals)
        else { return [:] }
        return [
            HomeMemory.rulesState: Array(rules), HomeMemory.counterState: Array(counters),
            HomeMemory.batchState: readings,
        ]
    }

    /// A state that an earlier run committed; damaged state is as good as none.
    static func decode<State: Decodable>(_ key: String, of stored: [String: [UInt8]]) -> State? {
        stored[key].flatMap { try? JSONDecoder().decode(State.self, from: Data($0)) }
    }
}
