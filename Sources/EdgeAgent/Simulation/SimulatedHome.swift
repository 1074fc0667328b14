// A small simulated home around the real agent: meters that speak real Modbus frames over a pseudo-terminal,
// lines that move, and the configuration that describes them.

import Drivers
import Glibc
import LocalRules

/// What surrounds the agent in a simulation. The agent itself is the same as in a home.
struct SimulatedHome {
    static let timezone = "Asia/Shanghai"
    private static let waterUnit: UInt8 = 5
    private static let powerUnit: UInt8 = 6

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
        baud = 9600
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

        \(inputs.map { "[[input]]\nname = \"\($0.name)\"\nkind = \"\($0.kind)\"\nline = \"\($0.name)\"\n" }.joined(separator: "\n"))
        [[output]]
        name = "siren"
        kind = "siren"
        line = "siren"

        [[output]]
        name = "buzzer"
        kind = "buzzer"
        line = "buzzer"

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
        (name: "smoke.kitchen", kind: "smoke"), (name: "panic", kind: "panic"),
    ]
}
