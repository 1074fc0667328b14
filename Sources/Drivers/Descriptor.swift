// A file descriptor with one owner, and the few system calls on it that several files here share.

import Glibc

/// Closed exactly once, when its owner lets it go.
struct Descriptor: ~Copyable, Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { Glibc.close(number) }

    /// A system call that failed.
    struct Failure: Error {
        var errno: Int32
    }

    /// Both ends of a pipe, non-blocking and closed on exec. (pipe2 is hidden by Glibc's module map.)
    static func pipe() throws(Failure) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        guard Glibc.pipe(&ends) == 0 else { throw Failure(errno: errno) }
        for end in ends { makeNonBlocking(end) }
        return (read: ends[0], write: ends[1])
    }

    static func makeNonBlocking(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }
}

/// The system's words for an errno: "No such device".
func errnoText(_ error: Int32) -> String { String(cString: strerror(error)) }

/// A clock of the kernel, in nanoseconds.
func nanoseconds(of clock: clockid_t) -> Int64 {
    var time = timespec()
    clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
