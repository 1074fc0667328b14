// How much the agent has written to storage, for heartbeats: memory cards wear out.

import Glibc

package enum FlashWear {
    /// Bytes this process has caused to be sent to storage since it started (`write_bytes` of
    /// /proc/self/io, proc(5)); nil where the kernel does not say. It counts the outbox and everything
    /// else the agent writes, but not the file system's own journal.
    package static func bytesWritten() -> Int64? { bytesWritten(by: "self") }

    /// `task` is a folder of /proc: "self", or "thread-self" for what this thread alone wrote.
    static func bytesWritten(by task: String) -> Int64? {
        let descriptor = open("/proc/\(task)/io", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1024)
        let count = read(descriptor, &buffer, buffer.count)
        guard count > 0 else { return nil }
        let line = String(decoding: buffer.prefix(count), as: UTF8.self)
            .split(separator: "\n").first { $0.hasPrefix("write_bytes:") }
        return line?.split(separator: " ").last.flatMap { Int64($0) }
    }
}
