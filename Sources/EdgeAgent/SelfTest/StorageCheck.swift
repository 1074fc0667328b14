// Is what is written safe, and how long does that take: of the daemon's own database, or of a small file beside it.

import Drivers
import Glibc

/// What came of some writes.
enum StorageFacts: Hashable, Sendable {
    /// Each until it was on the disk.
    case microseconds([Int64])
    /// The system refused.
    case failed(errno: Int32)
    /// What the daemon says is wrong with its database.
    case broken(String)
    /// The daemon gave no answer.
    case unasked(String)
}

struct StorageCheck {
    private static let name = "storage.sync"
    private static let rounds = 5
    /// A card that takes longer loses an alarm to a power cut that a better one would have kept.
    private static let slowMilliseconds: Int64 = 1000
    private static let blockBytes = 4096
    /// Less than one record and its log need.
    private static let leastFreeBytes: UInt64 = 1 << 20

    let directory: String

    // MARK: Asking

    func ask(socket: String) -> StorageFacts {
        var times: [Int64] = []
        for _ in 0..<StorageCheck.rounds {
            switch DaemonAnswer.ask("sync", socket: socket, seconds: 30, as: SyncAnswer.self) {
            case .success(let answer):
                if let fault = answer.fault { return isFull ? .failed(errno: ENOSPC) : .broken(fault) }
                times.append(answer.microseconds)
            case .failure(let refusal): return .unasked(refusal.text)
            }
        }
        return .microseconds(times)
    }

    private var isFull: Bool {
        var facts = statvfs()
        guard statvfs(directory, &facts) == 0 else { return false }
        return UInt64(facts.f_bavail) * UInt64(facts.f_frsize) < StorageCheck.leastFreeBytes
    }

    /// Not into the database: whoever runs this may not be the daemon's user, who could not open it afterwards.
    func tryOut() -> StorageFacts {
        let path = "\(directory)/self-test.tmp"
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return .failed(errno: errno) }
        defer {
            close(descriptor)
            unlink(path)
        }
        let block = [UInt8](repeating: 0x5A, count: StorageCheck.blockBytes)
        var times: [Int64] = []
        for _ in 0..<StorageCheck.rounds {
            let began = AgentClock.boot()
            guard write(descriptor, block, block.count) == block.count else {
                return .failed(errno: errno == 0 ? ENOSPC : errno)
            }
            guard fsync(descriptor) == 0 else { return .failed(errno: errno) }
            times.append((AgentClock.boot().nanoseconds - began.nanoseconds) / 1000)
        }
        return .microseconds(times)
    }

    // MARK: Judging

    func judge(_ facts: StorageFacts) -> CheckResult {
        let name = StorageCheck.name
        switch facts {
        case .microseconds(let times):
            let slowest = percentile(times, 0.95)
            let measured = "p95 \(slowest / 1000).\(slowest % 1000 / 100) ms"
            guard slowest / 1000 >= StorageCheck.slowMilliseconds else {
                return .pass(name, measured, Message(HubPhrase.storageGood))
            }
            return .fail(
                name, measured, Message(HubPhrase.storageSlow, "\(slowest / 1000)"),
                advice: Message(HubPhrase.storageSlowAdvice))
        case .failed(ENOSPC), .failed(EDQUOT):
            return .fail(
                name, Message(HubPhrase.storageFull, directory), advice: Message(HubPhrase.storageFullAdvice, directory)
            )
        case .failed(let errno) where [EACCES, EPERM, EROFS, ENOENT, ENOTDIR].contains(errno):
            return .fail(
                name, Message(HubPhrase.storageRefused, directory, String(cString: strerror(errno))),
                advice: Message(HubPhrase.storageRefusedAdvice))
        case .failed(let errno): return broken(String(cString: strerror(errno)))
        case .broken(let text): return broken(text)
        case .unasked(let text):
            return .untested(
                name, Message(HubPhrase.storageUnasked, text), advice: Message(HubPhrase.storageUnaskedAdvice))
        }
    }

    private func broken(_ text: String) -> CheckResult {
        .fail(
            StorageCheck.name, Message(HubPhrase.storageFailed, text), advice: Message(HubPhrase.storageFailedAdvice))
    }
}
