// The instance: all that is decided about one home. A pure value; EdgeAgent's HomeWorker is its shell.

/// Judges one home. Every method takes the time it needs and returns what is to be done, in order.
package struct RuleEngine: Sendable {
    package let home: HomeModel

    /// A fresh start at `now`; supervision deadlines count from there.
    package init(home: HomeModel, at now: Instant) {
        self.home = home
    }

    /// Continues where a snapshot ended. Rules and signals are matched by name and parameters; what the
    /// configuration no longer knows is dropped, its open alerts are cleared by the first `advance`.
    package init(home: HomeModel, restoring snapshot: EngineSnapshot, at now: Instant) {
        self.home = home
    }

    /// Takes one reading. Readings of one signal come in order of time; an older one is ignored.
    package mutating func observe(_ reading: Reading) -> [Directive] { [] }

    /// Lets time pass up to `now`: deadlines fire in order, each at its own moment.
    package mutating func advance(to now: Instant) -> [Directive] { [] }

    /// Somebody (a person or platform upstream) accepted an alert. Unknown ids are ignored.
    package mutating func accept(alert id: String, by: String, at now: Instant) -> [Directive] { [] }

    /// The next moment at which something happens without a reading; nil: never.
    package var nextDeadline: Instant? { nil }

    /// What must survive a restart; small (kilobytes), the same bytes for the same state.
    package var snapshot: EngineSnapshot { EngineSnapshot() }

    package var openAlerts: [Alert] { [] }
    package var sound: SoundPattern { .silent }
    package func ruleReports() -> [RuleReport] { [] }
    package func signalReports() -> [SignalReport] { [] }
}
