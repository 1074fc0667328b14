// The engine's memory, in a form that a later version can read.

package struct EngineSnapshot: Hashable, Codable, Sendable {
    package var version = 1
    package init() {}
}
