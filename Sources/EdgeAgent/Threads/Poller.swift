// Waiting on several descriptors at once: epoll behind a handle.

import CLinux
import Glibc

/// An epoll set, owned by one thread.
struct Poller: ~Copyable {
    /// All lines of a home and a mailbox: a panic edge never waits for the next call behind others.
    private static let most = ConfigurationLimits.inputs + 1
    private let epoll: Int32
    private var watched: Set<Int32> = []

    init() {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(epoll >= 0, "the kernel refused an epoll set: \(String(cString: strerror(errno)))")
    }

    deinit { close(epoll) }

    /// Makes the set exactly this: descriptors to read from, and those that wait to be written to.
    mutating func watch(reading: [Int32], writing: Set<Int32> = []) {
        for descriptor in watched where !reading.contains(descriptor) {
            // A descriptor that was closed meanwhile has left the set by itself: EBADF is good here.
            epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
            watched.remove(descriptor)
        }
        for descriptor in reading {
            add(descriptor, writing: writing.contains(descriptor))
            watched.insert(descriptor)
        }
    }

    /// One descriptor more in a set of thousands, or the same one for other events. One that is closed leaves the set
    /// by itself.
    func add(_ descriptor: Int32, writing: Bool) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (writing ? EPOLLOUT.rawValue : 0)
        event.data.fd = descriptor
        // A number can have been closed and opened again since the last call; then the kernel has forgotten
        // it, whatever we remember.
        if epoll_ctl(epoll, EPOLL_CTL_MOD, descriptor, &event) != 0 {
            epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
        }
    }

    /// Waits until a descriptor is ready or the time is over (-1: for ever); returns the ready ones.
    func wait(milliseconds: Int32) -> [Int32] {
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Poller.most) { events in
            let count = epoll_wait(epoll, events.baseAddress!, Int32(Poller.most), milliseconds)
            return count > 0 ? events.prefix(Int(count)).map(\.data.fd) : []
        }
    }
}
