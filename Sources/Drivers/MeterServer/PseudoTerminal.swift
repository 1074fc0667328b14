// A serial line without hardware: what is written to one side is read from the other, with a device path.

import Glibc

/// Both ends of a pseudo-terminal in raw mode. When it goes, its path is gone, as when an adapter is unplugged.
struct PseudoTerminal: ~Copyable {
    /// The device that the bus opens: "/dev/pts/7".
    let path: String
    /// The meters' side.
    let master: Descriptor
    /// Kept open, so that the meters' side does not see a hang-up whenever the bus closes its port.
    private let slave: Descriptor

    init() throws(BusError) {
        var ends: (master: Int32, slave: Int32) = (-1, -1)
        var settings = termios()
        cfmakeraw(&settings)
        settings.c_cflag |= tcflag_t(CREAD)
        guard openpty(&ends.master, &ends.slave, nil, &settings, nil) == 0 else {
            throw .simulating("a pseudo-terminal", errno: errno)
        }
        let master = Descriptor(ends.master)
        let slave = Descriptor(ends.slave)
        Descriptor.makeNonBlocking(ends.master)
        guard let name = ttyname(ends.slave) else { throw .simulating("a pseudo-terminal", errno: errno) }
        path = String(cString: name)
        self.master = master
        self.slave = slave
    }
}

extension SerialLine {
    /// How the other end of a pseudo-terminal, given by its master, has been set; nil at a speed that no bus has.
    init?(setOn master: Int32) {
        var settings = termios()
        guard tcgetattr(master, &settings) == 0 else { return nil }
        let speeds: [Int32: Int] = [
            B1200: 1200, B2400: 2400, B4800: 4800, B9600: 9600, B19200: 19200, B38400: 38400, B57600: 57600,
            B115200: 115_200,
        ]
        guard let baud = speeds[Int32(truncatingIfNeeded: cfgetospeed(&settings))] else { return nil }
        // The kernel keeps PARENB off on a pseudo-terminal, which has no parity; the check of it, INPCK, stays.
        let hasParity = settings.c_iflag & tcflag_t(INPCK) != 0
        let isOdd = settings.c_cflag & tcflag_t(PARODD) != 0
        self.init(
            baud: baud, parity: hasParity ? (isOdd ? .odd : .even) : .none,
            stopBits: settings.c_cflag & tcflag_t(CSTOPB) != 0 ? 2 : 1)
    }
}
