// The engine's memory, in a form that a later version can read: everything by name, lists in the configured
// order, no dictionaries, so that the same state gives the same bytes.

/// Everything that must survive a restart. A fresh one remembers nothing.
package struct EngineSnapshot: Hashable, Codable, Sendable {
    /// What this code writes and reads. A later version that adds optional fields keeps the number.
    package static let currentVersion = 1

    package var version = currentVersion
    /// The newest time the engine had seen; nil: nothing is remembered.
    var time: Instant?
    var signals: [SignalMemory] = []
    var rules: [RuleMemory] = []
    var identities = Identities()
    var orphans: [Alert] = []
    /// How the wall clock stood to the timeline; nil: written by a version that did not ask.
    var wallOffset: Span?
    var wallTrust: ClockTrust?
    var confirmedUntil: Instant?
    /// nil: written by a version that knew no modes.
    var presence: Presence.Memory?
    /// nil: written by a version that believed every motion sensor.
    var motions: [MotionMemory]?
    /// nil: nothing is to be tried again.
    var reTests: [ReTestMemory]?

    package init() {}
}

/// One rule's state as it is kept across restarts.
struct RuleMemory: Hashable, Codable, Sendable {
    var name: String
    /// What `memory` depends on, as `RuleModel.parameters(in:)` writes it.
    var parameters: String
    var memory: JudgeMemory
    var life: AlertLife
    var blindness: AlertLife
    /// nil: from a version that did not look, or nothing can mask it.
    var masked: AlertLife?
    var masking: ContinuousUse.Memory?
    /// nil: nothing flows, or from a version that did not ask how evenly.
    var evenness: Masking.Evenness?
}
