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
