// What is said when a bus cannot be opened or a meter not read. Pure: settings and errno in, words out.

import Glibc

extension BusSettings {
    /// "bus rs485 (/dev/ttyUSB0)"; without a name where somebody asks by hand.
    package var title: String { name.isEmpty ? "bus \(place)" : "bus \(name) (\(place))" }

    /// "/dev/ttyUSB0", "192.168.1.20:502"
    package var place: String {
        switch transport {
        case .rtu(let port, _, _, _): port
        case .tcp(let host, let port), .rtuOverTCP(let host, let port): "\(host):\(port)"
        }
    }
}

extension BusError {
    static func opening(_ settings: BusSettings, errno: Int32) -> BusError {
        BusError(
            kind: .cannotOpen, message: "\(settings.title): cannot open: \(errnoText(errno))",
            advice: advice(opening: settings.transport, errno: errno))
    }

    /// Settings that no retry will make right.
    static func wrong(_ settings: BusSettings, _ what: String, advice: String) -> BusError {
        BusError(kind: .cannotOpen, message: "\(settings.title): \(what)", advice: advice)
    }

    /// `who`: "unit 5". Nothing came at all.
    static func silent(_ settings: BusSettings, _ who: String, _ timeoutMilliseconds: Int) -> BusError {
        BusError(
            kind: .timedOut, message: "\(settings.title), \(who): no answer within \(timeoutMilliseconds) ms",
            advice: "Check that the meter has power, its unit id, the baud rate and parity, and that A and B "
                + "are not swapped.")
    }

    /// After failures, while a late answer of this unit could still be taken for another.
    static func leftAlone(_ settings: BusSettings, _ unit: UInt8, _ milliseconds: Int64) -> BusError {
        BusError(
            kind: .timedOut,
            message:
                "\(settings.title), unit \(unit): did not answer, and is left alone for \((milliseconds + 999) / 1000) s",
            advice: "Check that it has power and its unit id, and ask again then.")
    }

    static func unusable(_ settings: BusSettings, _ who: String, _ reason: String) -> BusError {
        BusError(
            kind: .damaged, message: "\(settings.title), \(who): unusable answer: \(reason)",
            advice: "Look for a second device with this unit id, missing termination, or a wrong parity.")
    }

    static func lost(_ settings: BusSettings, _ who: String, errno: Int32) -> BusError {
        BusError(
            kind: .lost, message: "\(settings.title), \(who): the connection is gone: \(errnoText(errno))",
            advice: "Check the adapter's plug or the network cable; the agent reopens it by itself.")
    }

    private static func advice(opening transport: BusSettings.Transport, errno: Int32) -> String {
        switch (transport, errno) {
        case (.rtu, ENOENT), (.rtu, ENXIO), (.rtu, ENODEV):
            "Plug the adapter in; name it by /dev/serial/by-id/… so that it keeps its name."
        case (.rtu, EACCES), (.rtu, EPERM):
            "Add the user that runs the agent to the group that owns the device (often `dialout`)."
        case (.rtu, EBUSY), (.rtu, EAGAIN):
            "Another program has the port: stop it (`fuser` tells which), or give each bus a port of its own."
        case (.rtu, ENOTTY):
            "This is not a serial port; name the adapter's device in `port`."
        case (.rtu, _):
            "Check the device and the settings of this [[bus]]."
        case (_, ECONNREFUSED):
            "The device is there but does not listen on this port; Modbus TCP is usually port 502."
        case (.tcp, _), (.rtuOverTCP, _):
            "Check the address, the cable and that the device has power."
        }
    }
}
