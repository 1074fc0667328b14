// What the files in boards/ and hats/ say: where the lines of a header are, and what else uses them.

/// One board.
struct BoardDescription: Hashable, Sendable {
    /// A UART on the header. Which lines it uses matters where a bus has its port.
    struct SerialPort: Hashable, Sendable {
        /// As the kernel calls it: "/dev/ttyAMA0".
        var port: String
        /// Header names.
        var transmit: String
        var receive: String
        /// The line by which the kernel can switch an RS-485 transceiver; nil where it has none.
        var rts: String?
        /// The kernel prints its messages here unless it is told otherwise.
        var isConsole: Bool
        /// What to do before it is there, in words; nil where it always is.
        var enable: String?
    }

    /// Pins that carry no line.
    struct Power: Hashable, Sendable {
        var threeVolts: [Int] = []
        var fiveVolts: [Int] = []
        var ground: [Int] = []
    }

    var name: String
    var description: String?
    var source: String?
    /// By which the device tree tells this board (/proc/device-tree/compatible); any of them.
    var compatible: [String] = []
    /// Lines of this board are simulated.
    var isSimulated: Bool
    /// From the name on the header ("GPIO17") to what the kernel is asked for ("pinctrl-rp1:17").
    var lines: [String: String]
    /// From the name on the header to the number of its pin.
    var pins: [String: Int] = [:]
    var power = Power()
    /// Header names of lines with a resistor to 3.3 V that nothing can switch off.
    var pullUps: [String] = []
    /// Header names of lines that the processor pulls up from power-on until somebody asks for another bias.
    var startsHigh: [String] = []
    var serial: [SerialPort] = []
    /// What the watchdog's driver calls itself (/sys/class/watchdog/watchdog0/identity).
    var watchdog: String?
    /// The clock that runs while the board has no power, in words; nil where there is none.
    var rtc: String?
    /// Names of its lights in /sys/class/leds.
    var leds: [String] = []
    /// Sentences for whoever installs one.
    var quirks: [String] = []

    /// Known without a file: it needs no hardware, so it should need no installation either.
    static let simulated = BoardDescription(name: "simulated", isSimulated: true, lines: [:])

    /// The line on this pin of the header, by its header name.
    func line(onPin pin: Int) -> String? { pins.first { $0.value == pin }?.key }

    /// "GPIO17 (pin 11)", to find it with a finger.
    func place(of line: String) -> String { pins[line].map { "\(line) (pin \($0))" } ?? line }

    /// Whether this is the machine whose device tree says `compatible`.
    func matches(_ compatible: [String]) -> Bool { self.compatible.contains { compatible.contains($0) } }
}

/// An add-on board. It knows pins, not lines: the same HAT fits on boards whose lines have other names.
struct HatDescription: Hashable, Sendable {
    var name: String
    var description: String?
    var source: String?
    /// Pins that only it may use.
    var takes: [Int]
    /// Pins of a bus (I2C) that it shares with other HATs; not for inputs and outputs of the home.
    var shares: [Int]
    /// What a home may connect to, by the name at the terminal ("RELAY1"), and its pin.
    var terminals: [String: Int]
    /// A low level switches its terminals on.
    var activeLow: Bool
    var quirks: [String]
}
