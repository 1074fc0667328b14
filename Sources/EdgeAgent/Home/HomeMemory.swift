// What must survive with every record: the rules' memory, the counters', and the readings gathered so far.

import FoundationEssentials
import LocalRules
import Upstream

/// Taken by the home's thread and encoded by the outbox's: the siren waits for neither.
struct HomeMemory: Sendable {
    static let rulesState = "engine"
    static let counterState = "counters"
    static let batchState = "readings"
    static let commandState = "commands"
    static let stateKeys = [rulesState, counterState, batchState, commandState]

    let rules: EngineSnapshot
    let counters: InterpreterMemory
    let points: [Reading]
    let signals: [SignalModel]
    let wire: WireEncoder
    /// Set where a command has changed it: it is large, and the card is not to be worn by it with every reading.
    var commands: CommandState?

    /// By name, as the outbox keeps them.
    var states: [String: [UInt8]] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // A snapshot is integers, strings and arrays of them: it always encodes.
        guard let rules = try? encoder.encode(rules), let counters = try? encoder.encode(counters),
            let readings = try? wire.openBatch(points, of: signals)
        else { return [:] }
        var states = [
            HomeMemory.rulesState: Array(rules), HomeMemory.counterState: Array(counters),
            HomeMemory.batchState: readings,
        ]
        if let commands, let encoded = try? encoder.encode(commands) {
            states[HomeMemory.commandState] = Array(encoded)
        }
        return states
    }

    /// A state that an earlier run committed; damaged state is as good as none.
    static func decode<State: Decodable>(_ key: String, of stored: [String: [UInt8]]) -> State? {
        stored[key].flatMap { try? JSONDecoder().decode(State.self, from: Data($0)) }
    }
}
