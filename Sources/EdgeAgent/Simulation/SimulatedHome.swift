// A small simulated home around the real agent: meters that speak real Modbus frames over a pseudo-terminal,
// lines that move, and the configuration that describes them.

import Drivers
import Glibc
import LocalRules

/// What surrounds the agent in a simulation. The agent itself is the same as in a home.
struct SimulatedHome {
    static let timezone = "Asia/Shanghai"
    static let waterUnit: UInt8 = 5
    static let powerUnit: UInt8 = 6

    /// Monday, 5 January 2026, six in the morning in that zone.
    static let start = Instant(milliseconds: 1_767_564_000_000)

    /// The home's configuration, as `check-config` and the daemon read it.
    static func configuration(serialPort: String, broker: String?) -> String {
        """
        schema = 1

        [home]
        id = "simulated"
        timezone = "\(timezone)"
        board = "simulated"

        [[bus]]
        name = "rs485"
        kind = "rtu"
        port = "\(serialPort)"
        baud = 115200
        parity = "none"
        stop-bits = 1

        [[meter]]
        name = "water"
        bus = "rs485"
        unit = \(waterUnit)
        poll = "30s"
        register = [{ signal = "volume", quantity = "volume", table = "holding", address = 0, type = "u32", order = "ABCD", scale = "0.001", unit = "m3" }]

        [[meter]]
        name = "power"
        bus = "rs485"
        unit = \(powerUnit)
        poll = "30s"
        register = [
            { signal = "energy", quantity = "energy", table = "input", address = 0, type = "u32", order = "CDAB", scale = "0.001", unit = "kWh" },
            { signal = "power", quantity = "power", table = "input", address = 2, type = "u32", order = "CDAB", scale = "0.1", unit = "W" },
        ]

        \(inputs.map { "[[input]]\nname = \"\($0.name)\"\nkind = \"\($0.kind)\"\nline = \"\($0.name)\"\nactive = \"high\"\nbias = \"pull-down\"\n" }.joined(separator: "\n"))
        [[output]]
        name = "siren"
        kind = "siren"
        line = "siren"

        [[output]]
        name = "buzzer"
        kind = "buzzer"
        line = "buzzer"

        [[output]]
        name = "lamp"
        kind = "lamp"
        line = "lamp"

        [[rule]]
        name = "panic"
        kind = "input-active"
        signal = "panic"

        [[rule]]
        name = "smoke"
        kind = "input-active"
        signal = "smoke.kitchen"

        [[rule]]
        name = "no-water"
        kind = "low-use"
        signal = "water.volume"
        window = "12h"
        below = "0.01 m3"

        [[rule]]
        name = "nobody-moves"
        kind = "no-activity"
        signals = ["motion.bedroom", "motion.hall", "motion.kitchen", "door.front", "water.volume"]
        silent-for = "12h"

        """ + (broker.map { "[upstream]\nbroker = \"\($0)\"\n" } ?? "")
    }

    private static let inputs = [
        (name: "motion.bedroom", kind: "motion"), (name: "motion.hall", kind: "motion"),
        (name: "motion.kitchen", kind: "motion"), (name: "door.front", kind: "door"),
        (name: "smoke.kitchen", kind: "smoke"), (name: "panic", kind: "panic"), (name: "ok", kind: "ok"),
        (name: "mains", kind: "mains"), (name: "battery", kind: "battery"),
    ]
}

/// Plays the story: moves lines and registers as the agent's clock goes on. Runs on a thread of its own.
struct SimulationLoop: ~Copyable {
    private var world: SimulatedWorld
    private let meters: MeterBank
    private let board: SimulatedBoard
    private let clock: AgentClock
    private let began: BootTime

    init(world: SimulatedWorld, meters: MeterBank, board: SimulatedBoard, clock: AgentClock) {
        self.world = world
        self.meters = meters
        self.board = board
        self.clock = clock
        began = clock.now()
        showRegisters()
    }

    /// Until `stop` becomes readable.
    consuming func run(stop: Int32) {
        var poller = Poller()
        poller.watch(reading: [stop])
        while poller.wait(milliseconds: untilNextChange()).isEmpty {
            for change in world.advance(to: BootTime.milliseconds(from: began, to: clock.now())) {
                board.set(line: change.line, level: change.isActive)
            }
            showRegisters()
        }
    }

    /// Registers follow at least every 50 ms, so that water runs while a tap is open.
    private func untilNextChange() -> Int32 {
        guard let next = world.nextChange else { return 50 }
        return min(50, clock.wait(until: began.advanced(milliseconds: next)))
    }

    /// Water: u32 in litres. Power: u32 in watt-hours and in tenths of a watt, low word first.
    private func showRegisters() {
        let litres = UInt32(truncatingIfNeeded: world.volume / 1000)
        meters.set(unit: SimulatedHome.waterUnit, table: .holding, address: 0, words: words(litres))
        let energy = words(UInt32(truncatingIfNeeded: world.energy / 1000))
        let power = words(UInt32(truncatingIfNeeded: world.power / 100))
        meters.set(
            unit: SimulatedHome.powerUnit, table: .input, address: 0,
            words: Array(energy.reversed()) + power.reversed())
    }

    private func words(_ value: UInt32) -> [UInt16] {
        [UInt16(value >> 16), UInt16(truncatingIfNeeded: value)]
    }
}
