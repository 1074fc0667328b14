// Threads of our own. Blocking calls (Modbus, SQLite, name look-ups, GPIO waits) never run on Swift's
// shared pool: two of them there on a dual-core board delay every timer by seconds.

import CLinux
import Glibc
import Synchronization

/// One named thread that runs a body to its end.
final class Worker: Sendable {
    private let finished: FinishedSignal

    /// Starts `body` on a new thread. The name shows in `top -H` (at most 15 bytes are kept).
    ///
    /// `isUrgent`: what lies between an edge and the siren goes before everything else on the board, where
    /// the kernel lets us (root, or LimitRTPRIO=); such a body must never compute for long.
    init(name: String, isUrgent: Bool = false, _ body: @escaping @Sendable () -> Void) {
        let finished = FinishedSignal()
        self.finished = finished
        let start = ThreadStart(name: Worker.kernelName(name), isUrgent: isUrgent, body: body, finished: finished)
        var thread = pthread_t()
        let failure = pthread_create(
            &thread, nil,
            { context in
                let start = Unmanaged<ThreadStart>.fromOpaque(context!).takeRetainedValue()
                edge_name_thread(start.name)
                if start.isUrgent {
                    // Refused without the right to it; then the ordinary scheduler has to do.
                    var priority = sched_param()
                    priority.sched_priority = 1
                    pthread_setschedparam(pthread_self(), SCHED_RR, &priority)
                }
                start.body()
                _ = eventfd_write(start.finished.descriptor, 1)
                return nil
            }, Unmanaged.passRetained(start).toOpaque())
        // Without threads there is no agent; the kernel refuses only when its limits are exhausted.
        precondition(failure == 0, "the kernel refused a thread for \(name): \(String(cString: strerror(failure)))")
        pthread_detach(thread)
    }

    /// The kernel refuses a longer name than 15 bytes as a whole, so it is cut between characters.
    private static func kernelName(_ name: String) -> String {
        var short = name
        while short.utf8.count > 15 { short.removeLast() }
        return short
    }

    /// Waits for the body to end; false if it had not by then (a thread stuck in a library's call).
    func join(withinMilliseconds limit: Int32) -> Bool {
        var watch = pollfd(fd: finished.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&watch, 1, limit) == 1
    }
}

/// Readable once the body has ended. Shared by both sides: a thread that outlives its `Worker` must not write
/// into whatever has been opened under this number since.
private final class FinishedSignal: Sendable {
    let descriptor: Int32

    init() {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC))
        precondition(descriptor >= 0, "the kernel refused an eventfd: \(String(cString: strerror(errno)))")
    }

    deinit { close(descriptor) }
}

private final class ThreadStart: Sendable {
    let name: String
    let isUrgent: Bool
    let body: @Sendable () -> Void
    let finished: FinishedSignal
    init(name: String, isUrgent: Bool, body: @escaping @Sendable () -> Void, finished: FinishedSignal) {
        self.name = name
        self.isUrgent = isUrgent
        self.body = body
        self.finished = finished
    }
}

/// Messages from any thread to the one that owns the mailbox. A descriptor says that some wait.
final class Mailbox<Message: Sendable>: Sendable {
    private let waiting = Mutex<[Message]>([])
    private let limit: Int
    /// Readable while messages wait.
    let descriptor: Int32

    init(limit: Int) {
        self.limit = limit
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(descriptor >= 0, "the kernel refused an eventfd: \(String(cString: strerror(errno)))")
    }

    deinit { close(descriptor) }

    /// Hands a message over. False: full, and the message was not taken (`always` is for what must not
    /// be lost: safety lines, alarms, the order to stop).
    @discardableResult
    func post(_ message: Message, always: Bool = false) -> Bool {
        let taken = waiting.withLock { messages in
            if messages.count >= limit && !always { return false }
            messages.append(message)
            return true
        }
        if taken { _ = eventfd_write(descriptor, 1) }
        return taken
    }

    /// All that waits, oldest first.
    func take() -> [Message] {
        var count: eventfd_t = 0
        _ = eventfd_read(descriptor, &count)
        return waiting.withLock { messages in
            defer { messages = [] }
            return messages
        }
    }
}
