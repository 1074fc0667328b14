// Polls the meters of one bus, each on its schedule; BusSchedule decides, this acts.

/// Owns a bus port and the schedule of its meters. One thread; `step` blocks while a meter is asked.
package struct BusMaster<Port: BusPort & ~Copyable>: ~Copyable {
    package init(settings: BusSettings, port: consuming Port, meters: [MeterPlan], start: BootTime) {
        fatalError("drivers")
    }

    /// Asks at most one meter (the one most overdue), if one is due, and returns what came of it: a sample for
    /// every register of that meter. `clock` is read again after each reply, to stamp it.
    package mutating func step(clock: () -> BootTime) -> [Sample] { [] }

    /// When `step` has something to do next.
    package var nextDue: BootTime { fatalError("drivers") }
}
