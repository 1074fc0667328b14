// What an installer who stands in the home asks of the rules. None of it can be asked from far away.

import LocalRules
import Upstream

extension HomeCore {
    /// A walk through the home begins: until it ends, alerts that begin are tests. nil: it ends.
    mutating func walk(lasting: Span?, by: String, at now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        let directives =
            lasting.map { engine.beginWalk(until: now + $0, by: by, at: now) } ?? engine.endWalk(by: by, at: now)
        return carry(directives, at: now, stamp: stamp)
    }

    /// A test of the whole installation has found nothing wrong.
    mutating func tested(by: String, at now: Instant, stamp: () -> Stamp) -> [HomeEffect] {
        carry(engine.recordTest(by: by, at: now), at: now, stamp: stamp)
    }
}
